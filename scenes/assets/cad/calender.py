"""A calender: unwinder, roll stand with two heated rolls, thickness gauge, rewinder."""

from __future__ import annotations

from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import (
    Part,
    bar,
    block,
    cabinet,
    console,
    handrail,
    hazard,
    joined,
    nameplate,
    placed,
    plate,
    put,
    roller,
    sign,
    slab,
    web,
)
from scenes.assets.cad.winding import gauge, guides, winder

NAME = "calender"
SIZE_M = (14.0, 5.0, 3.0)

_WEB = 1.25
_LINE = 0.2
_NIP = 1.35
_ROLL = 0.4


def model() -> Model:
    """Return the calender."""
    made = Model(SIZE_M, lamp_m=(0.45, _LINE + 0.95, 2.6))
    put(made, winder(_WEB, 0.56, axis_m=1.0), (-6.0, _LINE, 0))
    put(made, winder(_WEB, 0.56, axis_m=1.0, flip=True), (6.0, _LINE, 0))
    path = [
        (-6.0, 1.56), (-4.4, 1.9), (-3.6, 1.1), (-2.6, _NIP), (0.0, _NIP), (4.0, _NIP),
        (4.8, 1.9), (6.0, 1.56),
    ]  # fmt: skip
    put(made, web(path, _WEB), (0, _LINE, 0))
    put(made, guides([*path[1:3], path[-2]], _WEB + 0.15, 0.066), (0, _LINE, 0))
    for x in (-4.0, 4.8):
        posts = [block((0.9, 0.08, 2.05), (x, _LINE + y * 0.76, 0), 0.02) for y in (-1, 1)]
        put(made, {"body": posts})
    put(made, _stand(), (0, _LINE, 0))
    put(made, _drive(), (0, _LINE - 1.25, 0))
    put(made, gauge(_WEB, 1.75), (2.7, _LINE, 0))
    put(made, cabinet((2.8, 0.7, 2.1), 3, vents=False), (-3.4, 2.1, 0))
    put(made, console(), (1.5, 1.9, 0))
    put(made, handrail(2.4), (4.0, 1.9, 0))
    return made


def _stand() -> Part:
    """Return the roll stand: two windowed housings, rolls, cylinders, bridge, guard."""
    made: Part = {}
    for y in (-1, 1):
        made = joined(made, placed(_housing(), (0, y * 0.95, 0)))
    rolls = joined(
        placed(roller(_WEB + 0.25, _ROLL, "steel"), (0, 0, _NIP + _ROLL)),
        placed(roller(_WEB + 0.25, _ROLL, "steel"), (0, 0, _NIP - _ROLL)),
    )
    bridge = {
        "body": [slab((1.0, 1.6, 0.2), (0, 0, 2.5), 0.03)],
        "base": [block((2.4, 2.4, 0.16))],
        "glass": [block((0.02, 1.5, 1.1), (x, 0, 0.9)) for x in (-0.72, 0.72)],
    }
    front = joined(
        placed(nameplate(0.8, 0.18), (0, 1.15, 2.2)),
        placed(sign(0.22), (0.4, 1.15, 0.6)),
        placed(hazard(1.4, 0.12), (0, 1.15, 0.22)),
    )
    return joined(made, rolls, bridge, front)


def _housing() -> Part:
    """Return one housing with its bearing blocks and the cylinder on top."""
    left = [(-0.75, 0.16), (-0.42, 0.16), (-0.42, 2.3), (-0.6, 2.5), (-0.75, 2.3)]
    right = [(-x, z) for x, z in reversed(left)]
    return {
        "accent": [plate(outline, 0.36, (0, -0.18, 0)) for outline in (left, right)]
        + [block((1.24, 0.36, 0.3), (0, 0, 2.3), 0.04), block((0.84, 0.36, 0.4), (0, 0, 0.16))],
        "metal": [block((0.8, 0.3, 0.62), (0, 0, _NIP + s * _ROLL - 0.31)) for s in (-1, 1)],
        "steel": [bar((0, 0, 2.6), (0, 0, 2.98), 0.18), bar((0, 0, 1.9), (0, 0, 2.3), 0.1)],
    }


def _drive() -> Part:
    """Return gear box, spindles and motors behind the stand."""
    return joined(
        {
            "base": [block((1.6, 1.3, 0.5), (0, -0.75, 0))],
            "accent": [slab((1.1, 0.6, 1.5), (0, -0.55, 0.5), 0.05)],
            "steel": [
                bar((0, 0, _NIP + s * _ROLL), (0, -0.35, _NIP + s * 0.3), 0.09) for s in (-1, 1)
            ],
        },
        _motor(0.5, 0.19, (-0.25, -0.85, 1.1)),
    )


def _motor(length: float, radius: float, at: tuple[float, float, float]) -> Part:
    """Return a motor that points to -y."""
    x, y, z = at
    return {
        "accent": [bar((x, y - length, z), (x, y, z), radius)],
        "dark": [block((radius, length * 0.5, 0.1), (x, y - length / 2, z + radius * 0.8))],
    }
