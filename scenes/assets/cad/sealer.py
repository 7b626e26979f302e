"""A rotary heat sealer: a dial with pouch nests turns under three sealing heads."""

from __future__ import annotations

import math

from scenes.assets.cad import inline
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import Part, bar, block, hazard, nameplate, placed, put, sign, slab
from scenes.assets.parts import BELT_M

NAME = "sealer"
SIZE_M = (5.0, 4.0, 2.3)
DIAL_M = 0.95


def model() -> Model:
    """Return the sealer."""
    made = Model(SIZE_M)
    inline.body(made, 1.62, 3)
    y = -DIAL_M * 0.75
    _dial(made, (0, y))
    for turn in (150.0, 270.0, 30.0):
        angle = math.radians(turn)
        spot = (math.cos(angle) * 0.78, y + math.sin(angle) * 0.78 - 0.02, inline.TABLE_M)
        put(made, _head(), spot, turn + 90)
    _chiller(made)
    inline.service(made, 1.6)
    inline.operator(made, 0.6)
    front = inline.front_m(made)
    put(made, nameplate(1.3, 0.1), (-1.6, front - 0.02, 0.66))
    put(made, hazard(1.4, 0.08), (0.0, front - 0.02, 0.66))
    put(made, sign(0.2), (1.25, front - 0.02, 0.5))
    return made


def _dial(made: Model, at_m: tuple[float, float]) -> None:
    """Add the dial with its drive and six nests, each with a pouch."""
    x, y = at_m
    made.add("dark", bar((x, y, inline.TABLE_M), (x, y, BELT_M - 0.04), 0.35))
    made.add("metal", bar((x, y, BELT_M - 0.04), (x, y, BELT_M - 0.012), DIAL_M))
    made.add("accent", slab((0.4, 0.4, 0.18), (x, y, BELT_M - 0.02), 0.05))
    nest: Part = {
        "dark": [block((0.2, 0.42, 0.02))],
        "foil": [block((0.12, 0.32, 0.016), (0, 0, 0.02))],
    }
    for k in range(6):
        angle = math.radians(60 * k + 30)
        spot = (x + math.cos(angle) * 0.7, y + math.sin(angle) * 0.7, BELT_M - 0.012)
        put(made, nest, spot, 60 * k + 120)


def _head() -> Part:
    """Return a sealing head: C-frame, hot bars with insulation, cylinder that presses them."""
    z = BELT_M - inline.TABLE_M
    return {
        "accent": [
            block((0.5, 0.22, z + 0.86), (0, -0.32, 0), 0.03),
            slab((0.5, 0.62, 0.2), (0, -0.12, z + 0.68), 0.03),
        ],
        "steel": [block((0.46, 0.07, 0.14), (0, 0.02, z + 0.12), 0.01)],
        "copper": [block((0.46, 0.09, 0.05), (0, 0.02, z + 0.08))],
        "mark": [block((0.46, 0.07, 0.03), (0, 0.02, z + 0.26))],
        "metal": [
            inline.rod((x, 0.02, z + 0.28), (x, 0.02, z + 0.68), 0.025) for x in (-0.16, 0.16)
        ]
        + [bar((0, 0.02, z + 0.88), (0, 0.02, z + 1.28), 0.08)],
        "dark": [
            block((0.24, 0.24, 0.03), (0, 0.02, z + 1.28)),
            inline.rod((0, 0.02, z + 0.28), (0, 0.02, z + 0.7), 0.045),
        ],
    }


def _chiller(made: Model) -> None:
    """Add the chiller of the cooling bars, with its fan, and two media lines."""
    x, y = 1.95, SIZE_M[1] / 2 - 0.4
    made.add("base", block((0.78, 0.66, 0.1), (x, y, 0)))
    made.add("body", slab((0.8, 0.7, 1.2), (x, y, 0.1), 0.03))
    made.add("dark", bar((x, y, 1.3), (x, y, 1.34), 0.26))
    put(made, placed({"dark": [block((0.6, 0.012, 0.5))]}, (x, y + 0.356, 0.3)))
    for dx in (-0.2, 0.2):
        made.add("steel", inline.rod((x + dx, y - 0.33, 0.9), (x + dx, y - 0.95, 0.9), 0.03))
