"""A planetary mixer: two vessels under lifting heads, a platform with stairs, powder hoppers."""

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
    put,
    revolved,
    sign,
    slab,
    stairs,
)

NAME = "mixer"
SIZE_M = (8.0, 6.0, 5.0)

_DECK = 2.6
_ROW = 0.9
_BACK = -1.3


def model() -> Model:
    """Return the mixer."""
    made = Model(SIZE_M, lamp_m=(2.4, _ROW, 2.92))
    for x in (-1.5, 1.7):
        put(made, _unit(), (x, _ROW, 0))
        put(made, _hopper(), (x, _BACK, _DECK))
    put(made, _platform(), (0.1, _BACK, 0))
    put(made, placed(stairs(0.9, _DECK), (-3.35, 2.3, 0), -90))
    put(made, cabinet((2.2, 0.7, 2.1), 3, vents=False), (0.1, 2.6, 0))
    put(made, console(), (3.3, 2.3, 0))
    put(made, nameplate(2.4, 0.22), (0.1, _BACK + 1.22, _DECK - 0.24))
    put(made, hazard(3.0, 0.1), (0.1, _BACK + 1.21, _DECK - 0.38))
    return made


def _unit() -> Part:
    """Return one mixer: base, two columns, head with motor, planetary tools in the vessel."""
    columns = [block((0.22, 0.22, 3.0), (x, -0.75, 0.2)) for x in (-0.75, 0.75)]
    tools = [bar((x, 0, 1.5), (x, 0, 2.3), 0.029) for x in (-0.3, 0.3)]
    return joined(
        {
            "base": [block((2.1, 2.1, 0.2))],
            "steel": [*columns, *tools],
            "body": [slab((1.9, 1.9, 0.62), (0, -0.2, 2.3), 0.08)],
            "accent": [bar((0, -0.2, 2.92), (0, -0.2, 3.5), 0.3)],
            "dark": [block((0.3, 0.3, 0.12), (0, -0.2, 3.5))],
        },
        {
            "metal": [bar((0, 0, 0.72), (0, 0, 1.72), 0.75), bar((0, 0, 0.5), (0, 0, 0.72), 0.6)],
        },
        {
            "metal": [
                block((0.14, 0.14, 0.34), (x, y, 0.18)) for x in (-0.5, 0.5) for y in (-0.5, 0.5)
            ]
        },
        placed(sign(0.2), (0.6, 0.76, 2.5)),
    )


def _hopper() -> Part:
    """Return a powder hopper with its lid and the chute to the head."""
    cone = revolved([(0, 0.15), (0.12, 0.15), (0.6, 0.95), (0.6, 1.7), (0, 1.7)])
    legs = [block((0.08, 0.08, 1.0), (x, y, 0)) for x in (-0.5, 0.5) for y in (-0.5, 0.5)]
    return joined(
        {"metal": [cone], "steel": legs},
        {"accent": [block((0.5, 0.5, 0.6), (0, 0, 1.7), 0.05)]},
        {"foil": [bar((0, 0.1, 0.3), (0, 1.3, -0.05), 0.1)]},
    )


def _platform() -> Part:
    """Return the platform on six posts, with handrails on three sides."""
    length, width = 7.2, 2.4
    posts = [
        block((0.16, 0.16, _DECK - 0.18), (x * (length / 2 - 0.1), y * (width / 2 - 0.1), 0))
        for x in (-1, 0, 1)
        for y in (-1, 1)
    ]
    deck = {
        "accent": posts,
        "metal": [block((length, width, 0.06), (0, 0, _DECK - 0.06))],
        "body": [block((length, width, 0.16), (0, 0, _DECK - 0.22))],
    }
    back = placed(handrail(length), (0, -width / 2 + 0.03, _DECK))
    ends = [placed(handrail(width), (x * (length / 2 - 0.03), 0, _DECK), 90) for x in (-1, 1)]
    front = placed(handrail(length - 1.4), (0.7, width / 2 - 0.03, _DECK))
    return joined(deck, back, *ends, front)
