"""A packing cell: table with open boxes, label printer portal, dividers, void-fill roll.

A robot stands behind (-y) and places cells into the box in the middle; nothing stands over it.
"""

from __future__ import annotations

from scenes.assets.cad import inline
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import (
    Part,
    block,
    e_stop,
    feet,
    frame,
    joined,
    put,
    reel,
    roller,
    slab,
    tilted,
)

NAME = "packing_table"
SIZE_M = (2.4, 1.4, 0.9)
TOP_M = SIZE_M[2]


def model() -> Model:
    """Return the packing cell."""
    made = Model(SIZE_M, over_m=0.6)
    length, width, _ = SIZE_M
    put(made, frame((length - 0.04, width - 0.04, TOP_M - 0.14), 2), (0, 0, 0.08))
    put(made, feet((length - 0.12, width - 0.12), 0.09, along=3))
    made.add("body", slab((length, width, 0.05), (0, 0, TOP_M - 0.05), 0.015))
    _bed(made)
    put(made, _carton(0.56, 0.4, 0.26), (-0.82, -0.15, TOP_M))
    put(made, _portal(), (0.86, 0, TOP_M))
    _supplies(made)
    made.lamp_m = (length / 2 - 0.08, width / 2 - 0.08, TOP_M)
    return made


def _bed(made: Model) -> None:
    """Add the roller bed in the middle, on which the box being filled stands."""
    made.add(
        "metal", *[block((1.5, 0.03, 0.06), (0.1, y - 0.15, TOP_M - 0.03)) for y in (-0.36, 0.36)]
    )
    for k in range(9):
        x = 0.17 * k - 0.58
        made.add("steel", inline.rod((x, -0.5, TOP_M - 0.002), (x, 0.2, TOP_M - 0.002), 0.022, 6))


def _carton(length_m: float, width_m: float, height_m: float) -> Part:
    """Return an open carton with its flaps folded out, and a divider in it."""
    half, deep = length_m / 2, width_m / 2
    walls = [block((0.012, width_m, height_m), (x * half, 0, 0)) for x in (-1, 1)]
    walls += [block((length_m, 0.012, height_m), (0, y * deep, 0)) for y in (-1, 1)]
    made: Part = {"box": [*walls, block((length_m, width_m, 0.012))]}
    for y in (-1, 1):
        flap = tilted(
            {"box": [block((length_m, 0.14, 0.008), (0, y * 0.07, 0))]},
            (-y * 28, 0, 0),
            (0, y * deep, height_m),
        )
        made = joined(made, flap)
    dividers = [
        block((0.008, width_m - 0.03, height_m * 0.7), (x, 0, 0.02)) for x in (-0.14, 0, 0.14)
    ]
    return joined(made, {"panel": dividers})


def _portal() -> Part:
    """Return the portal at the end: scanner and label applicator over the bed."""
    made: Part = {
        "metal": [block((0.07, 0.07, 0.5), (0, y, 0), 0.008) for y in (-0.62, 0.5)]
        + [block((0.08, 1.19, 0.08), (0, -0.06, 0.5))],
        "dark": [block((0.16, 0.22, 0.12), (0, -0.15, 0.38), 0.02)],
        "screen": [block((0.12, 0.18, 0.01), (0, -0.15, 0.37))],
        "body": [slab((0.3, 0.3, 0.24), (0.02, 0.2, 0.3), 0.03)],
        "critical": [block((0.02, 0.14, 0.004), (0, -0.15, 0.366))],
    }
    return joined(made, tilted(reel(0.12, 0.11, "mark"), (0, 0, 90), (0.02, 0.4, 0.42)))


def _supplies(made: Model) -> None:
    """Add the operator's side: screen, printer, stack of dividers, flat cartons below, stop."""
    made.add(
        "panel", *[block((0.4, 0.3, 0.035), (-0.9, 0.46, TOP_M + 0.045 * k)) for k in range(4)]
    )
    face: Part = {
        "dark": [slab((0.5, 0.34, 0.05), (0, 0, -0.05), 0.015)],
        "screen": [block((0.44, 0.28, 0.006))],
    }
    put(made, tilted(face, (-72, 0, 0), (-0.25, 0.58, TOP_M + 0.4)))
    made.add("steel", block((0.05, 0.05, 0.42), (-0.25, 0.53, TOP_M)))
    made.add("dark", slab((0.3, 0.26, 0.2), (0.28, 0.5, TOP_M), 0.03))
    made.add("mark", block((0.12, 0.02, 0.05), (0.28, 0.635, TOP_M + 0.05)))
    put(made, e_stop(), (0.62, 0.58, TOP_M))
    made.add("panel", block((2.2, 1.2, 0.02), (0, 0, 0.24)))
    made.add("box", *[block((0.9, 0.9, 0.03), (-0.5, 0, 0.26 + 0.04 * k)) for k in range(5)])
    put(made, tilted(reel(0.5, 0.2, "box"), (0, 0, 90), (0.6, 0.2, 0.47)))
    put(made, tilted(roller(0.4, 0.03), (0, 0, 90), (0.6, -0.2, 0.6)))
