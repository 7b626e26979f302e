"""Modules of the safety fence: post, mesh panel, sliding gate and its frame, light curtain.

x runs along the fence; +y is the dangerous side. The gate is drawn closed, about its middle; its
frame carries the rail it slides on, which reaches as far to +x as the gate travels.
"""

from __future__ import annotations

from scenes.assets.cad.inline import rod
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import block, e_stop, hazard, put, sign, tilted
from scenes.assets.cad.solid import Solid
from twin.plant.base import Vec3

NAMES = ("fence_gate", "fence_gate_frame", "fence_panel", "fence_post", "light_curtain")
SIZES_M: dict[str, Vec3] = {
    "fence_gate": (1.0, 0.14, 1.95),
    "fence_gate_frame": (3.1, 0.4, 2.1),
    "fence_panel": (1.5, 0.06, 1.9),
    "fence_post": (0.12, 0.12, 2.0),
    "light_curtain": (0.2, 0.2, 2.0),
}
GAP_M = 0.15
"""Clear of the floor below a panel."""

PITCH_M = 0.06
"""Between upright wires; the sheet behind them stands for the ones that are left out."""

GATE_M = 1.0


def model(name: str) -> Model:
    """Return a module."""
    made = Model(SIZES_M[name], standing=name not in {"fence_gate_frame", "light_curtain"})
    {
        "fence_gate": _gate,
        "fence_gate_frame": _gate_frame,
        "fence_panel": _panel,
        "fence_post": _post,
        "light_curtain": _light_curtain,
    }[name](made)
    return made


def _wire(start_m: Vec3, end_m: Vec3) -> Solid:
    return rod(start_m, end_m, 0.004, 3)


def _mesh(made: Model, look: str, width: float, low: float, high: float) -> None:
    """Add a framed mesh: tubes all around, upright wires, some across, a fine sheet."""
    tube = 0.025
    for x in (-1, 1):
        side = block((tube, tube, high - low), (x * (width - tube) / 2, 0, low))
        made.add(look, side)
        made.add_coarse(look, side)
    for z in (low, high - tube):
        across = block((width - 2 * tube, tube, tube), (0, 0, z))
        made.add(look, across)
        made.add_coarse(look, across)
    wires = round(width / PITCH_M)
    for k in range(1, wires):
        along = width * (k / wires - 0.5)
        made.add("dark", _wire((along, 0, low + 0.01), (along, 0, high - 0.01)))
    for k in range(1, 6):
        z = low + (high - low) * k / 6
        made.add("dark", _wire((0.01 - width / 2, 0.006, z), (width / 2 - 0.01, 0.006, z)))
    sheet = block((width - 2 * tube, 0.004, high - low - 2 * tube), (0, 0.004, low + tube))
    made.add("fence", sheet)
    made.add_coarse("fence", sheet)


def _panel(made: Model) -> None:
    """Fill a panel between two posts, with the clamps that hold it."""
    length, _, height = made.size_m
    _mesh(made, "dark", length - 0.07, GAP_M, height)
    for x in (-1, 1):
        for z in (0.35, height - 0.25):
            made.add("steel", block((0.05, 0.05, 0.04), (x * (length / 2 - 0.025), 0, z)))


def _post(made: Model) -> None:
    """Fill a post: yellow tube with cap on a foot plate with anchors."""
    height = made.size_m[2]
    made.add("safety", block((0.05, 0.05, height - 0.022), (0, 0, 0.012), 0.006))
    made.add("dark", block((0.052, 0.052, 0.01), (0, 0, height - 0.01)))
    made.add("safety", block((0.12, 0.1, 0.012), (0, 0, 0), 0.015))
    for x in (-0.045, 0.045):
        made.add("steel", rod((x, 0, 0.01), (x, 0, 0.035), 0.01, 6))
    made.add_coarse("safety", block((0.05, 0.05, height), (0, 0, 0)))


def _gate(made: Model) -> None:
    """Fill the gate: yellow frame, mesh, handle, actuator of the switch, sign, wheels."""
    width, _, height = made.size_m
    _mesh(made, "safety", width, GAP_M - 0.05, height - 0.1)
    made.add("safety", block((width, 0.03, 0.1), (0, 0, 0.95)))
    grip = -width / 2 + 0.09
    made.add("dark", block((0.1, 0.012, 0.24), (grip, -0.014, 0.98)))
    made.add("dark", block((0.03, 0.045, 0.2), (grip, -0.042, 1.0), 0.01))
    made.add("dark", block((0.03, 0.045, 0.2), (grip, 0.042, 1.0), 0.01))
    made.add("critical", block((0.06, 0.05, 0.05), (0.04 - width / 2, 0, 1.33)))
    put(made, sign(0.26), (0.1, -0.012, 1.32), 180)
    put(made, hazard(width - 0.06, 0.08), (0, -0.015, 0.96), 180)
    for x in (-0.36, 0.36):
        made.add("steel", block((0.05, 0.01, 0.1), (x, 0.012, height - 0.12)))
        made.add("dark", rod((x, 0.0, height - 0.035), (x, 0.024, height - 0.035), 0.03, 10))


def _gate_frame(made: Model) -> None:
    """Fill the frame: two posts, lintel with the rail of the gate, switch, buttons, lamp."""
    height, reach = made.size_m[2], GATE_M / 2
    for x in (-reach, reach):
        post = block((0.08, 0.06, height), (x, 0, 0), 0.008)
        made.add("safety", post, block((0.18, 0.12, 0.012), (x, 0, 0), 0.02))
        made.add_coarse("safety", block((0.08, 0.06, height), (x, 0, 0)))
    lintel = block((2 * reach, 0.06, 0.1), (0, 0, height - 0.1))
    made.add("safety", lintel)
    made.add_coarse("safety", lintel)
    rail = 2 * GATE_M + 0.1
    made.add("metal", block((rail, 0.05, 0.05), (GATE_M / 2, 0.065, height - 0.15)))
    for x in (-reach, reach, reach + GATE_M):
        made.add("steel", block((0.06, 0.035, 0.08), (x, 0.035, height - 0.15)))
    made.add("steel", block((0.05, 0.05, height - 0.15), (reach + GATE_M, 0.03, 0)))
    # The interlock on the post the gate closes against, with its cable.
    made.add("safety", block((0.06, 0.07, 0.2), (-reach - 0.005, 0.06, 1.26), 0.006))
    made.add("dark", rod((-reach, 0.06, 1.46), (-reach, 0.04, height - 0.05), 0.008, 5))
    box = -reach - 0.02
    made.add("panel", block((0.11, 0.06, 0.26), (box, -0.055, 1.0), 0.008))
    put(made, tilted(e_stop(), (90, 0, 0), (box, -0.07, 1.19)))
    for z, look in ((1.04, "escape"), (1.1, "mark")):
        made.add(look, rod((box, -0.08, z), (box, -0.1, z), 0.016, 8))
    made.add("steel", rod((-reach, 0, height - 0.01), (-reach, 0, height + 0.06), 0.015, 6))
    made.add("warning", rod((-reach, 0, height + 0.06), (-reach, 0, height + 0.15), 0.035, 10))


def _light_curtain(made: Model) -> None:
    """Fill a pillar of a light curtain that looks to +x: optics, mirror window, striped foot."""
    height = made.size_m[2]
    made.add("safety", block((0.1, 0.12, height - 0.04), (0, 0, 0.02), 0.012))
    made.add("screen", block((0.01, 0.05, height - 0.5), (0.048, 0, 0.35)))
    made.add("dark", block((0.104, 0.124, 0.025), (0, 0, height - 0.025)))
    made.add("safety", block((0.2, 0.2, 0.02), (0, 0, 0), 0.02))
    for k in range(4):
        made.add("dark", block((0.104, 0.124, 0.05), (0, 0, 0.06 + 0.1 * k)))
    for x in (-0.075, 0.075):
        for y in (-0.075, 0.075):
            made.add("steel", rod((x, y, 0.018), (x, y, 0.04), 0.01, 6))
    made.add("escape", block((0.012, 0.03, 0.03), (0.048, 0, height - 0.11)))
    made.add_coarse("safety", block((0.1, 0.12, height), (0, 0, 0)))
    made.add_coarse("dark", block((0.104, 0.124, 0.3), (0, 0, 0.06)))
