"""A degassing and final sealing machine: vacuum bells on the line, pump set, gas scrubber."""

from __future__ import annotations

from scenes.assets.cad import inline
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import Part, bar, block, nameplate, placed, put, sign, slab
from scenes.assets.parts import BELT_M

NAME = "degasser"
SIZE_M = (8.0, 5.0, 2.6)
BELLS_X = (-2.6, -1.2, 0.2)
TOP_M = 1.8


def model() -> Model:
    """Return the machine."""
    made = Model(SIZE_M)
    inline.body(made, TOP_M, 3)
    for x in BELLS_X:
        put(made, _bell(), (x, 0, inline.TABLE_M))
    put(made, _sealer(), (2.2, 0, inline.TABLE_M))
    _scrubber(made)
    _manifold(made)
    _pumps(made)
    inline.service(made, 2.4)
    inline.operator(made, -0.1)
    front = inline.front_m(made)
    put(made, nameplate(1.6, 0.1), (-2.8, front - 0.02, 0.66))
    put(made, sign(0.22), (1.3, front - 0.02, 0.48))
    return made


def _bell() -> Part:
    """Return a vacuum bell on a lifting column, open above the line."""
    z = BELT_M - inline.TABLE_M + 0.14
    return {
        "metal": [inline.rod((0, 0, z), (0, 0, z + 0.4), 0.5, 16)],
        "steel": [
            inline.rod((0, 0, z + 0.4), (0, 0, z + 0.47), 0.54, 16),
            inline.rod((0, 0, z + 0.47), (0, 0, z + 1.0), 0.07),
        ],
        "screen": [inline.rod((0, 0.47, z + 0.2), (0, 0.53, z + 0.2), 0.13)],
        "accent": [
            block((0.3, 0.3, z + 1.15), (0, -0.75, 0), 0.03),
            slab((0.34, 0.95, 0.18), (0, -0.42, z + 0.95), 0.03),
        ],
    }


def _sealer() -> Part:
    """Return the final sealing and trimming station: portal with hot bars and two cylinders."""
    z = BELT_M - inline.TABLE_M
    return {
        "metal": [block((0.12, 0.12, 0.95), (x, y, 0)) for x in (-0.6, 0.6) for y in (-0.4, 0.4)],
        "accent": [slab((1.4, 1.0, 0.16), (0, 0, 0.95), 0.04)],
        "copper": [block((1.0, 0.1, 0.05), (0, 0, z + 0.2))],
        "steel": [block((1.0, 0.12, 0.14), (0, 0, z + 0.25))],
        "dark": [inline.rod((x, 0, 1.11), (x, 0, 1.4), 0.09) for x in (-0.3, 0.3)],
    }


def _scrubber(made: Model) -> None:
    """Add the scrubber that cleans the gas: a packed column behind, with its fan."""
    x, y = 3.3, -1.5
    made.add("metal", bar((x, y, TOP_M - 0.9), (x, y, SIZE_M[2] - 0.08), 0.38))
    made.add("steel", bar((x, y, SIZE_M[2] - 0.08), (x, y, SIZE_M[2]), 0.24))
    for z in (2.3,):
        made.add("steel", inline.rod((x, y, z), (x, y, z + 0.04), 0.41, 12))
    made.add("accent", inline.rod((x, y, 1.95), (x, y, 2.15), 0.39, 12))


def _manifold(made: Model) -> None:
    """Add the vacuum manifold along the roof, with a valve to each bell."""
    y, z = -1.35, TOP_M + 0.3
    made.add("steel", inline.rod((-3.3, y, z), (2.95, y, z), 0.13, 10))
    made.add(
        "metal", *[block((0.1, 0.1, z - TOP_M), (x, y, TOP_M - 0.02)) for x in (-3.1, -0.5, 1.9)]
    )
    for x in BELLS_X:
        made.add("steel", inline.rod((x + 0.34, y, z), (x + 0.34, -0.25, z), 0.06, 6))
        made.add("steel", inline.rod((x + 0.34, -0.25, z + 0.05), (x + 0.34, -0.25, 1.4), 0.06, 6))
        made.add("accent", block((0.18, 0.18, 0.26), (x + 0.34, -0.7, z - 0.04), 0.03))
    made.add("steel", inline.rod((-3.2, y, z), (-3.2, y, 0.9), 0.1))


def _pumps(made: Model) -> None:
    """Add the vacuum pump set at the front right."""
    x, y = 2.7, SIZE_M[1] / 2 - 0.55
    made.add("base", block((1.9, 0.9, 0.12), (x, y, 0)))
    for dx in (-0.48, 0.48):
        made.add("body", slab((0.86, 0.7, 0.75), (x + dx, y, 0.12), 0.05))
        made.add("accent", slab((0.5, 0.4, 0.3), (x + dx, y, 0.87), 0.06))
        put(made, placed({"dark": [block((0.5, 0.012, 0.36))]}, (x + dx, y + 0.356, 0.3)))
    made.add("steel", inline.rod((x, y, 0.8), (x, y, 1.5), 0.07))
    made.add("steel", inline.rod((x, y + 0.07, 1.44), (x, y - 1.2, 1.44), 0.07))
    made.add("steel", inline.rod((x - 0.5, y, 1.16), (x + 0.5, y, 1.16), 0.06))
