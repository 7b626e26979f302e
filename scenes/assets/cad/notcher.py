"""A laser notching line: unwinder, dancer, laser cabin with extraction, sheet outfeed."""

from __future__ import annotations

from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import (
    Part,
    bar,
    block,
    cabinet,
    console,
    duct,
    guard,
    hazard,
    joined,
    nameplate,
    placed,
    put,
    sign,
    slab,
    web,
)
from scenes.assets.cad.winding import guides, walls, winder

NAME = "notcher"
SIZE_M = (10.0, 4.0, 2.4)

_WEB = 0.62
_LINE = -0.4
_BELT = 1.0


def model() -> Model:
    """Return the line."""
    made = Model(SIZE_M, lamp_m=(0.3, _LINE + 0.4, 2.1))
    put(made, winder(_WEB, 0.4, axis_m=0.95), (-4.4, _LINE, 0))
    path = [(-4.4, 1.35), (-3.5, 1.7), (-3.1, 0.75), (-2.7, 1.7), (-2.2, _BELT), (1.2, _BELT)]
    put(made, web(path, _WEB), (0, _LINE, 0))
    put(made, guides(path[1:5], _WEB + 0.1, 0.05), (0, _LINE, 0))
    put(
        made,
        walls([(-3.7, 0), (-2.0, 0), (-2.0, 1.2), (-2.5, 1.9), (-3.7, 1.9)], 0.95),
        (0, _LINE, 0),
    )
    put(made, _cabin(), (-0.6, _LINE, 0))
    out = duct([(0, 0, 0), (0, 0, 0.12), (0, -0.9, 0.12)], 0.26, 0.24)
    put(made, out, (-0.6, _LINE - 0.1, 2.1))
    put(made, {"panel": [slab((0.9, 0.7, 1.7), (-0.6, -1.6, 0), 0.03)]})
    put(made, _outfeed(), (2.95, _LINE, 0))
    put(made, cabinet((2.8, 0.62, 2.05), 3), (-2.4, 1.65, 0))
    put(made, console(), (0.4, 1.4, 0))
    return made


def _cabin() -> Part:
    """Return the light-tight laser cabin with its window, door handles and head on the roof."""
    body = [
        slab((2.4, 1.4, 1.0), (0, 0, 1.1), 0.05),
        block((2.4, 1.4, 0.75), (0, 0, 0.1), 0.02),
        block((2.3, 0.2, 0.25), (0, -0.6, 0.85)),
    ]
    front = joined(
        placed(nameplate(1.0, 0.12), (-0.5, 0, 1.85)),
        placed(sign(0.2), (0.8, 0, 1.75)),
        placed(hazard(1.8, 0.08), (0, 0, 0.72)),
        {
            "screen": [block((1.1, 0.016, 0.42), (-0.4, 0.008, 1.3))],
            "dark": [block((0.03, 0.05, 0.26), (0.45, 0.025, 1.35))],
        },
    )
    top = {"dark": [block((0.5, 0.4, 0.12), (0.5, 0, 2.1))], "base": [block((2.3, 1.3, 0.1))]}
    return joined({"body": body}, top, placed(front, (0, 0.7, 0)))


def _outfeed() -> Part:
    """Return the guarded outfeed: belt with sheets, two magazines with pickers above."""
    made = joined(
        {"body": [block((3.9, 1.3, 0.6), (0, 0, 0.1), 0.02)], "base": [block((3.8, 1.2, 0.1))]},
        placed(guard((3.9, 1.4, 1.5), 2, roof_m=0.16), (0, 0, 0.7)),
        {"belt": [block((2.4, 0.5, 0.06), (-0.7, 0, _BELT - 0.07))]},
        {"copper": [block((0.3, 0.12, 0.01), (x, 0, _BELT)) for x in (-1.5, -1.0, -0.5, 0.0)]},
    )
    for x in (0.85, 1.45):
        posts = [
            block((0.03, 0.03, 0.5), (x + a * 0.2, b * 0.17, 0.72))
            for a in (-1, 1)
            for b in (-1, 1)
        ]
        picker = {
            "steel": [bar((x, 0, 1.45), (x, 0, 1.9), 0.029), *posts],
            "dark": [block((0.34, 0.2, 0.05), (x, 0, 1.4))],
            "copper": [block((0.3, 0.24, 0.3), (x, 0, 0.74))],
            "tray": [block((0.46, 0.4, 0.04), (x, 0, 0.7))],
        }
        made = joined(made, picker)
    return joined(made, {"metal": [block((3.4, 0.12, 0.12), (0.1, 0, 1.86))]})
