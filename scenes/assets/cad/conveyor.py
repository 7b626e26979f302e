"""Modules of conveyors: a metre of belt or rollers, a stand, a drive, a corner.

The product runs at the top of the size; a generator repeats the modules along a path.
"""

from __future__ import annotations

from scenes.assets.cad.inline import rod
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import block, slab
from twin.plant.base import Vec3

NAMES = ("conveyor_belt", "conveyor_corner", "conveyor_drive", "conveyor_rollers", "conveyor_stand")
SIZES_M: dict[str, Vec3] = {
    "conveyor_belt": (1.0, 0.5, 0.9),
    "conveyor_corner": (0.7, 0.7, 0.9),
    "conveyor_drive": (0.5, 0.7, 0.9),
    "conveyor_rollers": (1.0, 0.7, 0.9),
    "conveyor_stand": (0.3, 0.7, 0.9),
}
ROLLERS = 6


def model(name: str) -> Model:
    """Return a module."""
    made = Model(SIZES_M[name])
    {
        "conveyor_belt": _belt,
        "conveyor_corner": _corner,
        "conveyor_drive": _drive,
        "conveyor_rollers": _rollers,
        "conveyor_stand": _stand,
    }[name](made)
    return made


def _sides(made: Model) -> None:
    """Add the side profiles with their slots."""
    length, width, top = made.size_m
    for y in (-1, 1):
        face = y * (width / 2 - 0.02)
        made.add("metal", block((length, 0.04, 0.12), (0, face, top - 0.15)))
        made.add("dark", block((length, 0.044, 0.02), (0, face, top - 0.1)))
        made.add_coarse("metal", block((length, 0.04, 0.12), (0, face, top - 0.15)))


def _belt(made: Model) -> None:
    """Fill a metre of belt: the belt and its return over a slider bed."""
    length, width, top = made.size_m
    _sides(made)
    made.add("belt", block((length, width - 0.1, 0.02), (0, 0, top - 0.02)))
    made.add("belt", block((length, width - 0.1, 0.01), (0, 0, top - 0.16)))
    made.add("steel", block((length, width - 0.08, 0.03), (0, 0, top - 0.06)))
    made.add_coarse("belt", block((length, width - 0.08, 0.1), (0, 0, top - 0.1)))


def _rollers(made: Model) -> None:
    """Fill a metre of rollers with the chain guard that drives them."""
    length, width, top = made.size_m
    _sides(made)
    half, radius = width / 2 - 0.04, 0.03
    for k in range(ROLLERS):
        x, z = length * ((k + 0.5) / ROLLERS - 0.5), top - radius
        made.add("steel", rod((x, -half, z), (x, half, z), radius, 6))
    made.add("dark", block((length, 0.06, 0.04), (0, half - 0.04, top - 0.14)))
    made.add_coarse("steel", block((length, width - 0.08, 0.04), (0, 0, top - 0.04)))


def _stand(made: Model) -> None:
    """Fill the stand: two legs on feet, a cross bar, a bracket to each side."""
    width, top = made.size_m[1:]
    for y in (-1, 1):
        face = y * (width / 2 - 0.03)
        made.add("metal", block((0.05, 0.05, top - 0.19), (0, face, 0.04)))
        made.add(
            "steel",
            block((0.1, 0.058, 0.015), (0, face, 0)),
            block((0.025, 0.025, 0.03), (0, face, 0.013)),
        )
        made.add("steel", block((0.14, 0.012, 0.12), (0, y * (width / 2 - 0.008), top - 0.22)))
        made.add_coarse("metal", block((0.05, 0.05, top - 0.15), (0, face, 0)))
    made.add("metal", block((0.04, width - 0.1, 0.04), (0, 0, 0.22)))


def _drive(made: Model) -> None:
    """Fill the drive below the conveyor: motor, gear, chain guard, a control box at the side."""
    width, top = made.size_m[1:]
    z = top - 0.3
    made.add(
        "accent",
        rod((-0.2, 0.0, z), (0.12, 0.0, z), 0.09, 10),
        slab((0.16, 0.2, 0.2), (0.14, 0, z - 0.1), 0.02),
    )
    made.add(
        "dark",
        rod((-0.24, 0, z), (-0.2, 0, z), 0.095, 10),
        block((0.12, 0.1, 0.06), (-0.04, 0, z + 0.08)),
    )
    made.add("safety", slab((0.16, 0.03, 0.26), (0.14, width / 2 - 0.07, z - 0.08), 0.01))
    made.add("body", slab((0.24, 0.06, 0.16), (-0.1, width / 2 - 0.03, z - 0.1), 0.01))
    made.add_coarse("accent", block((0.4, 0.2, 0.2), (0, 0, z - 0.1)))


def _corner(made: Model) -> None:
    """Fill the transfer unit at a corner: frame on four legs, rollers, lifting belts between."""
    length, width, top = made.size_m
    for x in (-1.0, 1.0):
        for y in (-1.0, 1.0):
            spot = (x * (length / 2 - 0.035), y * (width / 2 - 0.035), 0)
            made.add("metal", block((0.06, 0.06, top - 0.14), spot))
    made.add("metal", slab((length, width, 0.1), (0, 0, top - 0.15), 0.01))
    for k in range(4):
        x = (k - 1.5) * length / 4.4
        made.add(
            "steel",
            rod((x, 0.05 - width / 2, top - 0.03), (x, width / 2 - 0.05, top - 0.03), 0.03, 6),
        )
    for y in (-0.2, 0.2):
        made.add("belt", block((length - 0.1, 0.03, 0.05), (0, y * width, top - 0.055)))
    made.add("accent", block((0.2, 0.2, 0.2), (0, 0, top - 0.35)))
    made.add_coarse("metal", block((length, width, 0.14), (0, 0, top - 0.14)))
