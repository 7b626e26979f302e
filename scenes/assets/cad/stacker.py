"""A Z-fold stacker: separator reel, two magazines, pick-and-place portal, folding table."""

from __future__ import annotations

from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import (
    Part,
    bar,
    block,
    cabinet,
    console,
    guard,
    hazard,
    joined,
    nameplate,
    placed,
    put,
    reel,
    roller,
    sign,
    slab,
    table,
    web,
)

NAME = "stacker"
SIZE_M = (5.0, 4.0, 2.6)

_DEPTH = 2.9
_MIDDLE = _DEPTH / 2 - SIZE_M[1] / 2 + 0.02
_TABLE = 0.72
_LINE = -0.14 * SIZE_M[1]


def model() -> Model:
    """Return the stacker."""
    made = Model(SIZE_M, lamp_m=(2.2, _MIDDLE + 1.2, 2.3))
    put(made, table((5.0, _DEPTH, _TABLE), bays=3), (0, _MIDDLE, 0))
    cage = guard((4.96, _DEPTH - 0.06, 2.6 - _TABLE - 0.3), 3, roof_m=0.16)
    put(made, cage, (0, _MIDDLE, _TABLE))
    face = _MIDDLE + _DEPTH / 2 - 0.03
    put(made, nameplate(2.2, 0.1), (-0.9, face, 2.17))
    put(made, sign(0.12), (0.62, face, 2.16))
    put(made, hazard(0.8, 0.08), (0, face + 0.03, _TABLE - 0.09))
    put(made, _roof(), (0, _MIDDLE, 2.6 - 0.32))
    put(made, _portal(), (0, _LINE, _TABLE))
    for x, foil in ((-1.62, "copper"), (1.62, "foil")):
        put(made, _magazine(foil), (x, _LINE, _TABLE))
    put(made, _folding_table(), (0, _LINE, _TABLE))
    put(made, _separator(), (0, _LINE - 0.62, _TABLE))
    put(made, cabinet((2.0, 0.66, 2.05), 3, vents=False), (-1.45, 1.66, 0))
    put(made, console(), (1.3, 1.45, 0))
    return made


def _roof() -> Part:
    """Return what stands on the hood: filter fans with grilles, exhaust, cables, a hatch."""
    made: Part = {}
    for x in (-1.62, -0.54):
        fan = {
            "panel": [block((0.94, 1.1, 0.2), (x, -0.35, 0.0), 0.03)],
            "dark": [block((0.76, 0.9, 0.02), (x, -0.35, 0.19))],
            "metal": [block((0.02, 0.9, 0.03), (x, -0.35, 0.19))],
        }
        made = joined(made, fan)
    duct = {
        "foil": [
            bar((0.75, -0.35, 0.15), (2.2, -0.35, 0.15), 0.15),
            block((0.44, 0.44, 0.14), (0.72, -0.35, 0.0)),
        ],
        "steel": [bar((1.45, -0.35, 0.15), (1.5, -0.35, 0.15), 0.165)],
    }
    cables = {
        "metal": [block((4.6, 0.32, 0.01), (0, 0.78, 0.0))],
        "dark": [
            block((4.4, 0.24, 0.04), (0, 0.78, 0.01)),
            block((0.05, 0.5, 0.04), (0.3, 0.4, 0)),
        ],
    }
    rest = {
        "panel": [block((0.8, 0.5, 0.05), (1.3, 0.3, 0.0)), block((0.4, 0.34, 0.24), (2.1, 0.3, 0))]
    }
    return joined(made, duct, cables, rest)


def _portal() -> Part:
    """Return the portal with its two pick-and-place heads."""
    beam = {
        "metal": [
            block((0.14, 0.16, 1.0), (-2.2, 0.42, 0)),
            block((0.14, 0.16, 1.0), (2.2, 0.42, 0)),
        ],
        "body": [slab((4.6, 0.2, 0.2), (0, 0.42, 1.0), 0.02)],
        "dark": [block((4.4, 0.03, 0.05), (0, 0.3, 1.08))],
    }
    return joined(beam, *(placed(_head(), (x, 0, 0)) for x in (-0.85, 0.85)))


def _head() -> Part:
    """Return one head: slide on the beam, lifting axis, vacuum plate with cups."""
    cups = [bar((x, y, 0.46), (x, y, 0.52), 0.028) for x in (-0.12, 0.12) for y in (0.02,)]
    return {
        "accent": [block((0.3, 0.16, 0.3), (0, 0.25, 0.96), 0.02)],
        "steel": [block((0.1, 0.1, 0.5), (0, 0.12, 0.56))],
        "dark": [block((0.36, 0.22, 0.04), (0, 0.02, 0.52)), *cups],
    }


def _magazine(foil: str) -> Part:
    """Return a magazine of sheets between its guide bars."""
    guides = [block((0.05, 0.05, 0.56), (x * 0.24, y * 0.2, 0)) for x in (-1, 1) for y in (-1, 1)]
    return {
        "tray": [block((0.6, 0.5, 0.06))],
        "metal": guides,
        foil: [block((0.36, 0.28, 0.34), (0, 0, 0.06))],
    }


def _folding_table() -> Part:
    """Return the turning table with a stack and its clamps."""
    clamps = [
        block((0.12, 0.05, 0.04), (x * 0.19, y * 0.1, 0.29)) for x in (-1, 1) for y in (-1, 1)
    ]
    return {
        "steel": [bar((0, 0, 0), (0, 0, 0.16), 0.36), block((0.62, 0.3, 0.04), (0, 0, 0.16))],
        "mark": [block((0.36, 0.14, 0.03), (0, 0, 0.2))],
        "copper": [block((0.34, 0.12, 0.03), (0, 0, 0.23))],
        "dark": clamps,
    }


def _separator() -> Part:
    """Return the reel of separator behind the line and the web over its rollers to the table."""
    path = ((-0.55, 0.62), (-0.2, 1.2), (0.0, 0.8))
    turned = [placed(roller(0.5, 0.05), (x, 0, z)) for x, z in path[1:]]
    coil = placed(reel(0.42, 0.3, "mark"), (-0.55, 0, 0.62))
    stand = {
        "body": [
            block((0.24, 0.1, 0.66), (-0.55, -0.36, 0)),
            block((0.9, 0.06, 0.2), (-0.2, -0.36, 1.12)),
        ]
    }
    shifted = [(-0.55, 0.92), *path[1:]]
    return joined(coil, *turned, stand, web(shifted, 0.4, "mark"))
