"""Modules of racks and towers, which generators repeat by columns and levels.

`rack_upright` is one frame across the depth, `rack_beam` the beam along a level, `rack_slot` what
carries one slot; `tower_drawer` is one slot of a formation tower with electronics and contacts.
"""

from __future__ import annotations

from itertools import pairwise

from scenes.assets.cad.inline import rod
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import Part, bar, block, slab
from twin.plant.base import Vec3

NAMES = (
    "rack_beam", "rack_slot", "rack_upright", "soak_shell", "tower_cabinet", "tower_drawer",
    "tower_roof", "tower_side",
)  # fmt: skip
SIZES_M: dict[str, Vec3] = {
    "rack_beam": (6.0, 3.0, 0.08),
    "rack_slot": (1.0, 3.0, 0.1),
    "rack_upright": (0.12, 3.0, 11.0),
    "soak_shell": (1.6, 3.0, 11.0),
    "tower_cabinet": (1.0, 2.5, 0.6),
    "tower_drawer": (1.0, 2.5, 1.5),
    "tower_roof": (4.0, 2.5, 0.16),
    "tower_side": (0.04, 2.5, 8.84),
}


def model(name: str) -> Model:
    """Return a module."""
    made = Model(SIZES_M[name], over_m=0.45 if name == "soak_shell" else 0.0)
    {
        "rack_beam": _beam,
        "rack_slot": _slot,
        "rack_upright": _upright,
        "soak_shell": _shell,
        "tower_cabinet": _cabinet,
        "tower_drawer": _drawer,
        "tower_roof": _roof,
        "tower_side": _side,
    }[name](made)
    return made


def _upright(made: Model) -> None:
    """Fill a frame: two posts on foot plates, lattice between them, guards at the bottom."""
    thick, width, height = made.size_m
    reach = width / 2 - 0.05
    for y in (-reach, reach):
        made.add("rack", block((0.08, 0.1, height), (0, y, 0)))
        made.add("steel", block((thick, 0.1, 0.015), (0, y, 0)))
        made.add("safety", block((thick - 0.02, 0.1, 0.4), (0, y, 0.015)))
        made.add_coarse("rack", block((0.08, 0.1, height), (0, y, 0)))
    fields = 5
    heights = [0.25 + (height - 0.5) * k / fields for k in range(fields + 1)]
    for k, (low, high) in enumerate(pairwise(heights)):
        side = reach - 0.05 if k % 2 else 0.05 - reach
        made.add("rack", rod((0, -side, low), (0, side, high), 0.028, 4))
    for z in heights:
        made.add("rack", block((0.04, 2 * reach - 0.1, 0.04), (0, 0, z - 0.02)))


def _beam(made: Model) -> None:
    """Fill a level's beams at the front and the back."""
    length, width, height = made.size_m
    for y in (-1, 1):
        size = (length - 0.02, 0.05, height)
        made.add("accent", block(size, (0, y * (width / 2 - 0.06), 0)))
        made.add_coarse("accent", block(size, (0, y * (width / 2 - 0.06), 0)))


def _slot(made: Model) -> None:
    """Fill the two angle rails a tray slides on."""
    length, width, height = made.size_m
    for x in (-1, 1):
        spot = (x * length * 0.33, 0, height - 0.02)
        made.add("steel", block((0.07, width - 0.1, 0.02), spot))


def _drawer(made: Model) -> None:
    """Fill a channel drawer: electronics below, tray rails, contact plate pressed from above."""
    length, width, height = made.size_m
    middle, wide = height / 2, length - 0.14
    low = middle - 0.3
    made.add("panel", block((wide, width - 0.14, low - 0.12), (0, 0, 0.12)))
    for y in (-1, 1):
        face = y * (width / 2 - 0.055)
        made.add("dark", block((wide * 0.62, 0.03, low - 0.24), (-0.1 * length, face, 0.18)))
        made.add("accent", block((wide * 0.16, 0.03, low - 0.24), (0.33 * length, face, 0.18)))
        made.add("accent", block((length, 0.05, 0.08), (0, y * (width / 2 - 0.06), 0)))
        made.add("steel", block((0.06, width - 0.2, 0.05), (y * length * 0.33, 0, middle - 0.05)))
    made.add("copper", block((wide * 0.8, width * 0.5, 0.03), (0, 0, middle + 0.3)))
    made.add("dark", block((wide, width * 0.62, 0.16), (0, 0, middle + 0.33)))
    made.add("steel", block((0.3, 0.3, 0.08), (0, 0, middle + 0.49)))
    made.add("belt", block((0.08, width * 0.7, 0.2), (length * 0.4, 0, middle + 0.3)))
    made.add_coarse("panel", block((wide, width - 0.14, low - 0.12), (0, 0, 0.12)))
    made.add_coarse("dark", block((wide, width * 0.62, 0.2), (0, 0, middle + 0.3)))


def _cabinet(made: Model) -> None:
    """Fill the power cabinet below a column: doors on both sides, vents, isolator."""
    length, width, height = made.size_m
    made.add("base", block((length - 0.1, width - 0.1, 0.08)))
    made.add("body", block((length - 0.1, width - 0.06, height - 0.08), (0, 0, 0.08)))
    for y in (-1, 1):
        face = y * (width / 2 - 0.02)
        made.add("panel", block((length - 0.2, 0.02, height - 0.2), (0, face, 0.14)))
        made.add("dark", block((length * 0.4, 0.012, 0.12), (-0.1, y * (width / 2 - 0.006), 0.18)))
        made.add(
            "critical", block((0.05, 0.02, 0.05), (0.28, y * (width / 2 - 0.01), height - 0.18))
        )
    made.add_coarse("body", block((length - 0.1, width - 0.06, height)))


def _roof(made: Model) -> None:
    """Fill the roof: plate, exhaust duct along the tower, busbar trunking with its taps."""
    length, width, height = made.size_m
    made.add("body", block((length, width, 0.04)))
    made.add("foil", block((length, 0.5, height - 0.06), (0, -width * 0.2, 0.04)))
    flanges = [
        block((0.03, 0.54, height - 0.05), (x * length * 0.45, -width * 0.2, 0.04))
        for x in (-1, 0, 1)
    ]
    made.add("metal", *flanges)
    made.add("accent", block((length, 0.2, height - 0.08), (0, width * 0.28, 0.04)))
    taps = [
        block((0.14, 0.24, height - 0.06), (x * length * 0.34, width * 0.28, 0.04)) for x in (-1, 1)
    ]
    made.add("dark", *taps)
    made.add_coarse("body", block((length, width, height)))


def _side(made: Model) -> None:
    """Fill the closed side of a tower: a sheet with stiffening bands."""
    thick, width, height = made.size_m
    made.add("body", block((thick * 0.5, width - 0.02, height)))
    bands = [block((thick, width, 0.1), (0, 0, (height - 0.1) * k / 3)) for k in range(4)]
    made.add("panel", *bands)
    made.add_coarse("body", block((thick, width, height)))


def _shell(made: Model) -> None:
    """Fill the shell of a heated tower: walls, glazed fronts with bands, air handler, ducts."""
    length, width, height = made.size_m
    top = height - 0.1
    walls = _walls(length, width, top)
    for look, solids in walls.items():
        made.add(look, *solids)
        made.add_coarse(look, *solids[:2])
    made.add("body", slab((length, width, 0.1), (0, 0, top), 0.02))
    made.add("panel", slab((length * 0.8, width * 0.5, 0.38), (0, width * 0.12, height), 0.04))
    made.add("dark", bar((0, width * 0.12, height + 0.38), (0, width * 0.12, height + 0.42), 0.28))
    made.add("foil", block((0.3, width * 0.4, 0.26), (0, -width * 0.28, height)))
    made.add("foil", block((0.3, 0.16, top), (length * 0.2, 0.08 - width / 2, 0.1)))
    made.add("accent", block((0.34, 0.02, 0.5), (-length * 0.2, width / 2 - 0.012, 1.2)))
    made.add("screen", block((0.2, 0.024, 0.14), (-length * 0.2, width / 2 - 0.012, 1.45)))


def _walls(length_m: float, width_m: float, top_m: float) -> Part:
    """Return insulated end walls, glass at the front and the back, and the bands that hold it."""
    ends = [
        block((0.05, width_m - 0.1, top_m - 0.1), (x * (length_m / 2 - 0.025), 0, 0.1))
        for x in (-1, 1)
    ]
    panes = [
        block((length_m - 0.12, 0.012, top_m - 0.2), (0, y * (width_m / 2 - 0.03), 0.15))
        for y in (-1, 1)
    ]
    bands = [
        block(
            (length_m - 0.02, 0.03, 0.14),
            (0, y * (width_m / 2 - 0.02), 0.1 + (top_m - 0.24) * k / 5),
        )
        for y in (-1, 1)
        for k in range(6)
    ]
    return {"body": ends, "glass": panes, "panel": bands}
