"""An ultrasonic tab welder: four weld heads over the line, generators behind, extraction on top."""

from __future__ import annotations

from scenes.assets.cad import inline
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import Part, block, duct, joined, nameplate, placed, put, sign, slab
from scenes.assets.parts import BELT_M

NAME = "welder"
SIZE_M = (5.0, 4.0, 2.3)
STATIONS_X = (-1.25, 0.75)


def model() -> Model:
    """Return the welder."""
    made = Model(SIZE_M)
    inline.body(made, 1.9, 3)
    for x in STATIONS_X:
        for turn in (0.0, 180.0):
            put(made, _head(), (x, 0, inline.TABLE_M), turn)
    _beam(made)
    _extraction(made)
    _generators(made)
    inline.service(made, 1.6)
    inline.operator(made, 0.9)
    front = inline.front_m(made)
    put(made, nameplate(1.3, 0.1), (-1.6, front - 0.02, 0.66))
    put(made, sign(0.22), (1.9, front - 0.02, 0.5))
    return made


def _head() -> Part:
    """Return a weld head at +y of the line: slide, converter, booster, horn, and the anvil."""
    z = BELT_M - inline.TABLE_M
    along, up = 0.62, z + 0.22
    converter = [
        inline.rod((0, along, up), (0, along + 0.34, up), 0.085),
        inline.rod((0, along - 0.14, up), (0, along, up), 0.055),
    ]
    horn = [
        inline.rod((0, along - 0.3, up), (0, along - 0.14, up), 0.04, 6),
        block((0.14, 0.12, 0.13), (0, along - 0.34, up - 0.1)),
    ]
    return {
        "dark": [converter[0]],
        "metal": [converter[1], *horn],
        "steel": [block((0.2, 0.22, z + 0.02), (0, along - 0.33, 0), 0.02)],
        "accent": [slab((0.34, 0.44, 0.12), (0, along + 0.12, up + 0.1), 0.02)],
        "body": [block((0.3, 0.16, up + 0.42), (0, along + 0.42, 0), 0.02)],
        "panel": [inline.rod((0, along + 0.12, up + 0.22), (0, along + 0.12, up + 0.5), 0.05, 6)],
    }


def _beam(made: Model) -> None:
    """Add the gantry with the pick-and-place axis, and the carriers on the belt."""
    y = -0.95
    made.add("metal", block((4.4, 0.14, 0.14), (0, y, 1.6)))
    made.add("metal", *[block((0.12, 0.12, 0.8), (x, y, inline.TABLE_M)) for x in (-2.1, 0.0, 2.1)])
    made.add("dark", block((4.0, 0.08, 0.07), (0, y, 1.74)))
    for x in (-0.35, 1.6):
        made.add("panel", slab((0.24, 0.3, 0.32), (x, y + 0.16, 1.5), 0.03))
        made.add("steel", block((0.08, 0.1, 0.4), (x, y + 0.24, 1.2)))
    for x in (-1.95, -1.25, -0.35, 0.75, 1.75):
        made.add("foil", block((0.4, 0.34, 0.015), (x, 0, BELT_M)))


def _extraction(made: Model) -> None:
    """Add hoods over the heads, a collecting duct and the filter that stands on the roof."""
    y, roof = -0.45, 1.92
    for x in STATIONS_X:
        made.add("metal", slab((0.6, 0.9, 0.1), (x, 0, 1.9), 0.04))
        put(made, duct([(x, 0, roof + 0.18), (x, y - 0.6, roof + 0.18)], 0.24, 0.2))
    put(made, duct([(-1.5, y - 0.7, roof + 0.18), (1.5, y - 0.7, roof + 0.18)], 0.28, 0.24))
    made.add("body", slab((0.85, 0.85, 0.38), (1.95, y - 0.7, roof), 0.05))
    made.add("dark", block((0.6, 0.02, 0.2), (1.95, y - 0.26, roof + 0.08)))


def _generators(made: Model) -> None:
    """Add the rack of ultrasonic generators at the front."""
    x, y, each = 1.95, SIZE_M[1] / 2 - 0.36, 0.3
    made.add("base", block((0.7, 0.6, 0.1), (x, y, 0)))
    made.add("dark", block((0.72, 0.62, 1.45), (x, y, 0.1), 0.02))
    face = y + 0.31
    for k in range(4):
        unit = joined(
            {"body": [block((0.62, 0.04, each - 0.05))]},
            {"screen": [block((0.2, 0.01, 0.12), (-0.16, 0.022, 0.06))]},
            {"accent": [block((0.1, 0.02, 0.1), (0.18, 0.022, 0.07))]},
        )
        put(made, placed(unit, (x, face, 0.22 + k * each)))
