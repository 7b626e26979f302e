"""A pouch forming and insertion table: foil reel, deep-draw portal, and a nest a robot reaches.

Nothing stands over the nest at -x: a robot places stacks there.
"""

from __future__ import annotations

from scenes.assets.cad import inline
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import (
    Part,
    bar,
    block,
    e_stop,
    feet,
    hazard,
    nameplate,
    placed,
    put,
    reel,
    roller,
    slab,
    tilted,
    web,
)

NAME = "pouch_former"
SIZE_M = (3.6, 1.6, 0.9)
TABLE_M = SIZE_M[2]
NEST_X = 0.36 - SIZE_M[0] / 2
PRESS_X = 0.05
REEL_X = 1.3


def model() -> Model:
    """Return the station."""
    made = Model(SIZE_M, over_m=0.6)
    put(made, inline.base((SIZE_M[0], 1.5, TABLE_M - 0.02), 3), (0, -0.03, 0))
    _nest(made)
    put(made, _press(), (PRESS_X, 0, TABLE_M - 0.02))
    _foil(made)
    made.add("belt", block((0.9, 0.4, 0.02), (-0.85, 0, TABLE_M - 0.02)))
    _panel(made)
    put(made, nameplate(0.9, 0.08), (-1.1, 0.705, 0.68))
    put(made, hazard(0.9, 0.07), (PRESS_X, 0.705, 0.78))
    made.lamp_m = (SIZE_M[0] / 2 - 0.1, -SIZE_M[1] / 2 + 0.12, TABLE_M - 0.02)
    return made


def _nest(made: Model) -> None:
    """Add the nest with its formed pouch, and clamps at the corners."""
    z = TABLE_M - 0.02
    made.add("steel", slab((0.62, 0.56, 0.025), (NEST_X, 0, z), 0.008))
    made.add("foil", block((0.44, 0.3, 0.006), (NEST_X, 0, z + 0.025)))
    made.add("dark", block((0.34, 0.14, 0.004), (NEST_X, 0, z + 0.031)))
    for x in (-0.26, 0.26):
        for y in (-0.23, 0.23):
            made.add("accent", block((0.07, 0.07, 0.05), (NEST_X + x, y, z + 0.025), 0.01))


def _press() -> Part:
    """Return the deep-draw press: four columns, die, crown, cylinder."""
    corners = [(x, y) for x in (-0.28, 0.28) for y in (-0.3, 0.3)]
    return {
        "metal": [inline.rod((x, y, 0), (x, y, 0.42), 0.035) for x, y in corners],
        "accent": [slab((0.74, 0.78, 0.12), (0, 0, 0.36), 0.03)],
        "dark": [bar((0, 0, 0.48), (0, 0, 0.6), 0.11), block((0.46, 0.46, 0.08), (0, 0, 0.16))],
        "steel": [
            slab((0.7, 0.7, 0.06), (0, 0, 0), 0.01),
            inline.rod((0, 0, 0.24), (0, 0, 0.36), 0.06),
        ],
    }


def _foil(made: Model) -> None:
    """Add the reel of aluminium laminate on its stand, and the foil over rollers to the press."""
    z, axis = TABLE_M - 0.02, 1.22
    put(made, reel(0.56, 0.26, "foil"), (REEL_X, 0, axis))
    for y in (-0.42, 0.42):
        made.add("accent", slab((0.16, 0.07, axis - z + 0.1), (REEL_X, y, z), 0.02))
    for x, height in ((0.84, 1.06), (0.62, 0.98)):
        put(made, roller(0.6, 0.04), (x, 0, height))
        made.add(
            "metal", *[block((0.05, 0.05, height - z + 0.05), (x, y, z)) for y in (-0.36, 0.36)]
        )
    spots = [(REEL_X - 0.1, axis - 0.25), (0.84, 1.1), (0.62, 1.02), (0.36, 0.96), (-0.3, 0.96)]
    put(made, web(spots, 0.5, "foil"))
    put(made, web([(-0.3, 0.96), (NEST_X + 0.36, z + 0.03)], 0.44, "foil"))


def _panel(made: Model) -> None:
    """Add the small operating panel at the front right."""
    spot = (0.75, SIZE_M[1] / 2 - 0.12)
    made.add("steel", block((0.06, 0.06, 0.3), (spot[0], spot[1] - 0.06, TABLE_M - 0.02)))
    face = {
        "dark": [slab((0.44, 0.3, 0.05), (0, 0, -0.05), 0.015)],
        "screen": [block((0.36, 0.22, 0.006))],
    }
    put(made, tilted(face, (-70, 0, 0), (spot[0], spot[1], TABLE_M + 0.36)))
    put(made, placed(e_stop(), (1.2, SIZE_M[1] / 2 - 0.1, TABLE_M - 0.02)))
    put(made, feet((3.3, 1.3), 0.1, along=2))
