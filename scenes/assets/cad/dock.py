"""A loading dock from inside: leveller with its pit edge, bumpers, guides and controls; a pallet.

The gate is at -x: goods come in towards +x.
"""

from __future__ import annotations

from scenes.assets.cad.inline import rod
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import block, e_stop, hazard, put, tilted
from twin.plant.base import Vec3

NAMES = ("dock_leveller", "pallet")
SIZES_M: dict[str, Vec3] = {"dock_leveller": (2.6, 3.2, 1.6), "pallet": (1.2, 0.8, 0.144)}


def model(name: str) -> Model:
    """Return the leveller or a pallet."""
    made = Model(SIZES_M[name], whole=name == "pallet")
    if name == "pallet":
        _pallet(made)
    else:
        _leveller(made)
    return made


def _leveller(made: Model) -> None:
    """Fill the leveller: plate with ribs and lip, striped edges, bumpers, guide rails, controls."""
    length, width, height = made.size_m
    deep, wide = length - 0.2, 2.0
    made.add("base", block((deep + 0.1, wide + 0.1, 0.008), (-0.02, 0, 0)))
    made.add("steel", block((deep - 0.45, wide, 0.012), (0.22, 0, 0.008)))
    made.add("metal", block((0.42, wide - 0.06, 0.012), (-deep / 2 + 0.22, 0, 0.01)))
    for k in range(9):
        x = -0.7 + 0.2 * k
        made.add("base", block((0.03, wide - 0.2, 0.004), (x + 0.1, 0, 0.02)))
    for side in (-1, 1):
        edge = (0, side * (wide / 2 + 0.06) - 0.05, 0.012)
        put(made, tilted(hazard(deep, 0.1), (-90, 0, 0), edge))
        y = side * (width / 2 - 0.14)
        made.add("safety", rod((-1.2, y, 0.16), (0.7, y, 0.16), 0.08, 10))
        for x in (-1.1, -0.3, 0.6):
            made.add("safety", block((0.1, 0.12, 0.14), (x, y, 0)))
        made.add("dark", block((0.1, 0.25, 0.5), (-length / 2 + 0.05, side * (wide / 2 - 0.2), 0)))
        made.add("safety", rod((1.1, y, 0), (1.1, y, 1.1), 0.075, 10))
        made.add("dark", *[rod((1.1, y, z), (1.1, y, z + 0.12), 0.077, 10) for z in (0.5, 0.8)])
    _controls(made, -0.9, width / 2 - 0.14, height)
    made.add_coarse("steel", block((deep, wide, 0.02), (0, 0, 0)))
    for side in (-1, 1):
        y = side * (width / 2 - 0.14)
        made.add_coarse("safety", block((1.9, 0.14, 0.2), (-0.25, y, 0)))


def _controls(made: Model, x: float, y: float, height: float) -> None:
    """Add the box that moves leveller and gate, on a post beside the plate."""
    made.add("metal", block((0.07, 0.07, height - 0.35), (x, y, 0), 0.01))
    made.add("body", block((0.26, 0.14, 0.42), (x, y, height - 0.44), 0.015))
    put(made, tilted(e_stop(), (90, 0, 0), (x, y - 0.06, height - 0.14)))
    for k, look in enumerate(("escape", "mark", "accent")):
        z = height - 0.28 - 0.055 * k
        made.add(look, rod((x, y - 0.065, z), (x, y - 0.09, z), 0.02, 8))


def _pallet(made: Model) -> None:
    """Fill a EUR pallet: five boards on three cross boards on nine blocks on three skids."""
    length, width, height = made.size_m
    for y, board in ((-0.3275, 0.145), (-0.165, 0.1), (0, 0.145), (0.165, 0.1), (0.3275, 0.145)):
        made.add("timber", block((length, board, 0.022), (0, y, height - 0.022)))
    for x in (-0.5275, 0.0, 0.5275):
        made.add("timber", block((0.145, width, 0.022), (x, 0, height - 0.044)))
    for y, skid in ((-0.35, 0.1), (0.0, 0.145), (0.35, 0.1)):
        made.add("timber", block((length, skid, 0.022), (0, y, 0)))
        for x in (-0.5275, 0.0, 0.5275):
            made.add("timber", block((0.145, skid, 0.078), (x, y, 0.022)))
    made.add_coarse("timber", block((length, width, 0.03), (0, 0, height - 0.03)))
    made.add_coarse("timber", *[block((length, 0.1, 0.11), (0, y, 0)) for y in (-0.35, 0, 0.35)])
