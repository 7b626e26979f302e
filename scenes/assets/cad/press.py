"""A hot press with hi-pot test: two column presses whose crowns stand above the guarding."""

from __future__ import annotations

from scenes.assets.cad import inline
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import (
    Part,
    bar,
    block,
    hazard,
    motor,
    nameplate,
    pipe,
    put,
    slab,
    tilted,
)
from scenes.assets.parts import BELT_M

NAME = "press"
SIZE_M = (4.0, 3.0, 2.3)


def model() -> Model:
    """Return the press."""
    made = Model(SIZE_M)
    inline.body(made, 1.7, 2)
    for x in (-0.9, 0.9):
        put(made, _press(SIZE_M[2] - inline.TABLE_M), (x, 0, inline.TABLE_M))
    inline.service(made, 1.3)
    inline.operator(made, 0.35)
    _power_unit(made)
    front = inline.front_m(made)
    put(made, nameplate(1.2, 0.1), (-0.9, front - 0.02, 0.68))
    put(made, hazard(1.2, 0.08), (0.95, front - 0.02, 0.68))
    return made


def _press(height_m: float) -> Part:
    """Return one press from the table up: columns, heated plates, crown, ram."""
    bed, plate, crown = BELT_M - inline.TABLE_M, 0.34, height_m - 0.52
    spots = [(x, y) for x in (-0.38, 0.38) for y in (-0.42, 0.42)]
    columns = [inline.rod((x, y, 0), (x, y, crown + 0.34), 0.06) for x, y in spots]
    return {
        "accent": [slab((1.0, 1.12, 0.3), (0, 0, crown), 0.05), block((1.0, 1.12, 0.06))],
        "metal": [*columns, inline.rod((0, 0, plate + 0.2), (0, 0, crown), 0.09)],
        "dark": [
            block((0.62, 0.62, bed - 0.06), (0, 0, 0.06)),
            block((0.62, 0.62, 0.1), (0, 0, plate)),
            bar((0, 0, crown + 0.3), (0, 0, height_m), 0.17),
        ],
        "mark": [block((0.6, 0.6, 0.03), (0, 0, plate + 0.1))],
        "steel": [slab((0.9, 1.0, 0.09), (0, 0, plate + 0.13), 0.02)],
    }


def _power_unit(made: Model) -> None:
    """Add the hydraulic unit: tank, motor and pump, hoses to both rams."""
    x, y = 1.55, SIZE_M[1] / 2 - 0.36
    made.add("accent", slab((0.75, 0.6, 0.55), (x, y, 0.12), 0.03))
    made.add("base", block((0.8, 0.66, 0.12), (x, y, 0)))
    upright = tilted(motor(0.5, 0.13), (0, -90, 0), (x - 0.15, y, 0.67))
    put(made, upright)
    made.add("steel", block((0.22, 0.24, 0.16), (x + 0.18, y, 0.67), 0.02))
    put(made, pipe([(x + 0.18, y, 0.8), (x + 0.18, y, 2.0), (0.9, 0.3, 2.0)], 0.022), (0, 0, 0))
    put(made, pipe([(0.9, -0.3, 2.0), (-0.9, -0.3, 2.0)], 0.022))
