"""A vacuum oven: two chambers with heavy doors, pumps beside them, vacuum lines on the roof."""

from __future__ import annotations

from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import (
    Part,
    bar,
    block,
    cabinet,
    cable_tray,
    hazard,
    joined,
    nameplate,
    panel,
    pipe,
    placed,
    put,
    sign,
    slab,
    vent,
)

NAMES = ("vacuum_oven", "vacuum_oven_door")
SIZE_M = (6.0, 4.0, 2.8)

_DEEP = 3.3
_MIDDLE = -0.3
_FACE = _MIDDLE + _DEEP / 2
_ROOF = 2.35
_HINGE = 0.98
"""From the hinge of a door to its middle."""


def model(name: str) -> Model:
    """Return the oven without its doors, or one door in the frame of its hinge."""
    return _oven() if name == NAMES[0] else _leaf()


def _leaf() -> Model:
    made = Model((2.0, 0.3, 1.9), standing=False)
    put(made, _door(), (_HINGE, 0, 0))
    return made


def _oven() -> Model:
    made = Model(SIZE_M, lamp_m=(2.2, _FACE - 0.3, _ROOF))
    put(made, {"base": [block((5.9, _DEEP, 0.12), (0, _MIDDLE, 0))]})
    put(made, {"body": [slab((4.6, _DEEP, _ROOF - 0.12), (-0.65, _MIDDLE, 0.12), 0.05)]})
    for x in (-1.8, 0.5):
        put(made, {"dark": [block((1.9, 0.03, 1.8), (x, _FACE, 0.27))]})
        put(made, {"metal": [bar((x, _MIDDLE, _ROOF), (x, _MIDDLE, _ROOF + 0.1), 0.3)]})
        line = [
            (x, _MIDDLE, _ROOF + 0.05),
            (x, _MIDDLE, _ROOF + 0.26),
            (1.7, _MIDDLE, _ROOF + 0.26),
        ]
        put(made, {"steel": [bar(line[1], line[2], 0.09), bar(line[0], line[1], 0.09)]})
    down = [(1.6, _MIDDLE, _ROOF + 0.26), (2.3, _MIDDLE, _ROOF + 0.26), (2.3, _MIDDLE, 1.2)]
    put(made, pipe(down, 0.09, bend_m=0.25))
    put(made, _pump(), (2.3, _MIDDLE - 0.1, 0.12))
    put(made, cabinet((1.25, 0.8, 2.1), 1), (2.32, _FACE - 0.42, 0.12))
    put(made, {"screen": [block((0.4, 0.02, 0.28), (2.2, _FACE + 0.04, 1.5))]})
    put(made, placed(cable_tray(4.4, 0.3), (-0.6, _MIDDLE - 1.3, _ROOF + 0.05)))
    put(made, nameplate(1.4, 0.14), (-0.65, _FACE, 2.14))
    put(made, placed(vent(0.9, 0.4), (-2.95, _MIDDLE, 1.6), 90))
    return made


def _door() -> Part:
    """Return one door: thick leaf, window, frame of clamps, hinges, wheel."""
    clamps = [
        block((0.1, 0.14, 0.16), (x * 0.97, 0.1, z)) for x in (-1, 1) for z in (0.2, 0.85, 1.5)
    ]
    wheel = [
        bar((0.62, 0.2, 0.85), (0.62, 0.27, 0.85), 0.14),
        bar((0.62, 0.1, 0.85), (0.62, 0.2, 0.85), 0.029),
    ]
    return joined(
        {
            "dark": [block((1.92, 0.06, 1.84), (0, 0.02, 0)), *wheel],
            "metal": [block((1.6, 0.14, 1.64), (0, 0.1, 0.1))],
            "steel": clamps,
            "glass": [bar((0, 0.16, 1.2), (0, 0.19, 1.2), 0.19)],
            "accent": [bar((0, 0.15, 1.2), (0, 0.18, 1.2), 0.26)],
        },
        placed(panel(1.3, 0.6, 0.04), (0, 0.18, 0.2)),
        placed(sign(0.18), (-0.55, 0.17, 1.2)),
        placed(hazard(1.5, 0.07), (0, 0.17, 0.1)),
    )


def _pump() -> Part:
    """Return the vacuum pumps: two stages in a frame, with their motors."""
    stages = [
        bar((-0.5, y, z), (0.35, y, z), 0.2) for y, z in ((-0.3, 0.35), (0.3, 0.35), (0, 0.85))
    ]
    ends = [bar((0.35, y, z), (0.6, y, z), 0.13) for y, z in ((-0.3, 0.35), (0.3, 0.35), (0, 0.85))]
    return {
        "accent": stages,
        "dark": ends,
        "steel": [block((1.15, 1.1, 0.08)), block((0.9, 0.9, 0.04), (0, 0, 0.6))],
        "metal": [block((0.06, 0.06, 0.6), (x, y, 0)) for x in (-0.45, 0.45) for y in (-0.5, 0.5)],
    }
