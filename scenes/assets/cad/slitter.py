"""A slitter: unwinder, knife shafts behind glass, trim suction, two shafts of narrow coils."""

from __future__ import annotations

from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import (
    Part,
    bar,
    block,
    cabinet,
    console,
    duct,
    hazard,
    joined,
    nameplate,
    pane,
    placed,
    plate,
    put,
    sign,
    slab,
    web,
)
from scenes.assets.cad.winding import guides, walls, winder

NAME = "slitter"
SIZE_M = (9.0, 5.0, 2.4)

_WEB = 1.25
_LINE = 0.0
_APART = _WEB + 0.45
_LANE = 0.28


def model() -> Model:
    """Return the slitter."""
    made = Model(SIZE_M, lamp_m=(0.0, _LINE + 0.75, 2.36))
    put(made, winder(_WEB, 0.56, axis_m=1.0), (-3.6, _LINE, 0))
    path = [(-3.6, 1.56), (-2.2, 1.85), (-1.6, 0.9), (-0.9, 1.4), (0.6, 1.4)]
    put(made, web(path, _WEB), (0, _LINE, 0))
    put(made, guides(path[1:4], _WEB + 0.15, 0.066), (0, _LINE, 0))
    outline = [(-2.5, 0), (0.9, 0), (0.9, 2.05), (0.6, 2.2), (-0.9, 2.2), (-1.2, 2.0), (-2.5, 2.0)]
    put(made, walls(outline, _APART), (0, _LINE, 0))
    put(made, {"body": [slab((1.7, _APART + 0.1, 0.16), (-0.1, 0, 2.2), 0.03)]})
    put(made, _knives(), (0.1, _LINE, 1.4))
    put(made, pane(1.3, 1.1), (0.95, _LINE, 0.95), 90)
    face = _LINE + _APART / 2 + 0.03
    put(made, joined(placed(sign(0.2), (0.3, 0, 0)), nameplate(0.7, 0.16)), (-0.3, face, 1.75))
    put(made, hazard(1.2, 0.1), (-0.2, face, 0.2))
    put(made, _rewinder(), (2.3, _LINE, 0))
    put(made, duct([(-0.2, 0, 0), (-0.2, -1.2, 0), (-0.2, -1.2, -1.4)], 0.24, 0.24), (0, -0.9, 1.9))
    put(made, {"accent": [bar((-0.2, -2.1, 0), (-0.2, -2.1, 0.5), 0.32)]})
    put(made, cabinet((2.4, 0.7, 2.1), 3, vents=False), (-2.6, 2.1, 0))
    put(made, console(), (0.9, 1.8, 0))
    return made


def _knives() -> Part:
    """Return two knife shafts with a pair of discs at every cut."""
    made = {"steel": [bar((0, -0.8, z), (0, 0.8, z), 0.05) for z in (-0.16, 0.16)]}
    for k in range(3):
        y = (k - 1) * (_LANE + 0.02)
        discs = [bar((0, y - 0.01, z), (0, y + 0.01, z), 0.17) for z in (-0.16, 0.16)]
        made = joined(made, {"metal": discs})
    return joined(made, _motor(0.36, 0.12, (0, -0.88, 0.16)))


def _rewinder() -> Part:
    """Return two rewind shafts with the lanes in turn above and below."""
    made = walls([(-0.5, 0), (1.5, 0), (1.5, 0.4), (0.75, 1.95), (0.25, 1.95), (-0.5, 1.2)], _APART)
    upper, lower = (0.3, 1.65), (0.9, 0.75)
    for x, z in (upper, lower):
        made = joined(made, {"dark": [bar((x, -0.82, z), (x, 0.82, z), 0.06)]})
    for k in range(4):
        y = (k - 1.5) * (_LANE + 0.02)
        x, z = upper if k % 2 else lower
        coil = {
            "copper": [bar((x, y - _LANE / 2, z), (x, y + _LANE / 2, z), 0.34)],
            "mark": [bar((x, y - _LANE / 2 - 0.01, z), (x, y + _LANE / 2 + 0.01, z), 0.1)],
        }
        strip = placed(web([(-1.7, 1.4), (x - 0.3, z + 0.12)], _LANE), (0, y, 0))
        made = joined(made, coil, strip)
    arm = {
        "body": [
            plate([(0.1, 1.9), (0.5, 1.9), (0.5, 2.1), (0.1, 2.1)], _APART, (0, -_APART / 2, 0))
        ]
    }
    drives = [_motor(0.36, 0.12, (x, -0.9, z)) for x, z in (upper, lower)]
    return joined(made, arm, *drives, {"base": [block((2.2, _APART + 0.3, 0.08), (0.5, 0, 0))]})


def _motor(length: float, radius: float, at: tuple[float, float, float]) -> Part:
    """Return a motor that points to -y."""
    x, y, z = at
    return {
        "accent": [bar((x, y - length, z), (x, y, z), radius)],
        "dark": [block((radius, length * 0.5, 0.1), (x, y - length / 2, z + radius * 0.8))],
    }
