"""Tools at the flange: they reach from the origin along +x; y is to their side, z across.

The fingers of the finger gripper move, so a finger is an asset of its own, drawn from its foot.
"""

from __future__ import annotations

from itertools import product

from build123d import Box, Pos

from scenes.assets.cad.link import bolts, disc, hose, taper
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import Part, Solid, bar, joined, put
from scenes.assets.cad.solid import Spot

NAMES = ("tool_finger", "tool_finger_jaw", "tool_vacuum", "tool_vacuum_8")
LENGTH_M = 0.2
_PLATE_M = 0.124


def model(name: str) -> Model:
    """Return a tool, or one finger."""
    long = LENGTH_M / 2 if name.endswith("jaw") else LENGTH_M
    made = Model((long, 0.3, 0.2), standing=False, turn_rad=0.6)
    if name == "tool_finger":
        put(made, _gripper())
    elif name == "tool_finger_jaw":
        put(made, _jaw())
    elif name == "tool_vacuum":
        put(made, _suckers(0.13, 0.07, (-1.0, 1.0)))
    else:
        put(made, _suckers(0.34, 0.16, (-1.0, -1 / 3, 1 / 3, 1.0)))
    return made


def _cuboid(size_m: Spot, centre_m: Spot) -> Solid:
    return Pos(*centre_m) * Box(*size_m)


def _adapter(end_m: float) -> Part:
    """Return the changer at the flange and the neck below it."""
    return {
        "steel": [disc((0, 0, 0), (0.022, 0, 0), 0.045, 0.004)],
        "dark": [
            disc((0.022, 0, 0), (0.04, 0, 0), 0.05, 0.004),
            disc((0.04, 0, 0), (end_m, 0, 0), 0.034),
        ],
        "metal": bolts((0.04, 0, 0), (1, 0, 0), 0.042, 6, 0.005),
    }


def _suckers(wide_m: float, deep_m: float, rows: tuple[float, ...]) -> Part:
    """Return a frame of profiles with spring-loaded suction cups and their valve block."""
    plate = _PLATE_M
    spots = [(row * wide_m, z) for row, z in product(rows, (-deep_m, deep_m))]
    beam, across = (0.03, 2 * wide_m + 0.04, 0.04), (0.022, 0.03, 2 * deep_m + 0.03)
    frame = [_cuboid(beam, (plate, 0, 0))]
    frame += [_cuboid(across, (plate, row * wide_m, 0)) for row in rows]
    foot = LENGTH_M - 0.03
    made = joined(
        _adapter(plate - 0.01),
        {
            "metal": frame,
            "steel": [bar((plate - 0.03, y, z), (foot, y, z), 0.008) for y, z in spots],
            "dark": [taper((foot, y, z), (LENGTH_M, y, z), 0.014, 0.036) for y, z in spots],
            "accent": [_cuboid((0.05, 0.1, 0.05), (plate - 0.045, 0.03, 0.05))],
            "trim": [bar((plate + 0.014, y, z), (plate + 0.028, y, z), 0.015) for y, z in spots],
        },
    )
    top = plate - 0.028
    for y, z in spots:
        side = 1 if z > 0 else -1
        line = [(top, y, z), (top - 0.02, y, z - side * 0.03), (top, y * 0.3, side * 0.03)]
        made = joined(made, hose(line, 0.005))
    return made


def _gripper() -> Part:
    """Return the body of the finger gripper with its guide rail."""
    end = LENGTH_M / 2
    return joined(
        _adapter(0.05),
        {
            "metal": [_cuboid((0.046, 0.13, 0.075), (0.071, 0, 0))],
            "steel": [_cuboid((0.012, 0.19, 0.04), (end - 0.006, 0, 0))],
            "accent": [_cuboid((0.03, 0.132, 0.03), (0.071, 0, 0.026))],
            "dark": [bar((0.07, s * 0.065, 0), (0.07, s * 0.085, 0), 0.009) for s in (-1, 1)],
        },
    )


def _jaw() -> Part:
    """Return a finger with its carriage and a pad at its end."""
    end = LENGTH_M / 2
    return {
        "dark": [_cuboid((0.02, 0.04, 0.06), (0.006, 0, 0))],
        "metal": [
            _cuboid((end - 0.012, 0.016, 0.034), ((end + 0.012) / 2, 0, 0)),
            _cuboid((0.03, 0.03, 0.034), (0.03, 0, 0)),
        ],
        "belt": [_cuboid((0.04, 0.022, 0.03), (end - 0.024, 0, 0))],
    }
