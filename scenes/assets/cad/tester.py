"""An end-of-line tester: contact presses, a shielded X-ray cabin, vision, racks of instruments."""

from __future__ import annotations

from scenes.assets.cad import inline
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import (
    Part,
    block,
    hazard,
    joined,
    nameplate,
    placed,
    put,
    sign,
    slab,
    vent,
)
from scenes.assets.parts import BELT_M

NAME = "tester"
SIZE_M = (10.0, 5.0, 2.4)
TOP_M = 1.75
XRAY_X = 1.2


def model() -> Model:
    """Return the tester."""
    made = Model(SIZE_M)
    inline.body(made, TOP_M, 4)
    for x in (-3.9, -2.7, -1.5):
        put(made, _contacts(), (x, 0, inline.TABLE_M))
    _xray(made)
    put(made, _vision(), (3.0, 0, inline.TABLE_M))
    put(made, _sorter(), (4.1, 0, inline.TABLE_M))
    for k in range(3):
        put(made, _instruments(), (-0.25 + k * 0.74, SIZE_M[1] / 2 - 0.4, 0))
    inline.service(made, 2.6)
    inline.operator(made, 2.9)
    front = inline.front_m(made)
    put(made, nameplate(1.6, 0.1), (-3.8, front - 0.02, 0.66))
    return made


def _contacts() -> Part:
    """Return a contact press: portal, plate of spring pins over the tray, cylinder, cable loom."""
    z = BELT_M - inline.TABLE_M
    return {
        "metal": [block((0.08, 0.08, 0.92), (x, y, 0)) for x in (-0.4, 0.4) for y in (-0.45, 0.45)],
        "body": [slab((0.94, 1.05, 0.1), (0, 0, 0.92), 0.03)],
        "copper": [block((0.6, 0.7, 0.03), (0, 0, z + 0.36))],
        "steel": [block((0.7, 0.8, 0.06), (0, 0, z + 0.39))],
        "accent": [inline.rod((0, 0, z + 0.45), (0, 0, 1.2), 0.08)],
        "dark": [
            block((0.3, 0.12, 0.3), (0, -0.4, 1.02)),
            block((0.5, 0.06, 0.4), (0, -0.42, z + 0.4)),
        ],
    }


def _xray(made: Model) -> None:
    """Add the shielded cabin that stands out of the guarding, with its lamp and sign."""
    y, deep = inline.middle_m(made), inline.depth_m(made)
    made.add("panel", slab((1.9, deep - 0.02, SIZE_M[2] - 0.12), (XRAY_X, y, 0.1), 0.04))
    made.add("base", block((1.8, deep - 0.2, 0.1), (XRAY_X, y, 0)))
    face = y + deep / 2 - 0.01
    made.add("body", block((0.9, 0.05, 1.5), (XRAY_X, face, 0.35), 0.01))
    made.add("dark", block((0.04, 0.08, 0.4), (XRAY_X - 0.36, face + 0.02, 0.95)))
    made.add("screen", block((0.44, 0.02, 0.3), (XRAY_X + 0.08, face + 0.025, 1.4)))
    put(made, hazard(1.5, 0.12), (XRAY_X, face, 2.05))
    put(made, sign(0.3), (XRAY_X + 0.68, face, 1.35))
    made.add("warning", block((0.26, 0.04, 0.1), (XRAY_X - 0.66, face + 0.01, 1.85)))
    for dx in (-0.5, 0.5):
        made.add("metal", block((0.5, 1.0, 0.1), (XRAY_X + dx, y, SIZE_M[2] - 0.02 - 0.1)))
    made.add("dark", block((0.2, 0.5, 0.1), (XRAY_X, y, SIZE_M[2] - 0.12)))


def _vision() -> Part:
    """Return the vision portal: two light bars and a camera tower."""
    z = BELT_M - inline.TABLE_M
    made: Part = {
        "metal": [block((0.1, 0.1, 1.15), (0, y, 0)) for y in (-0.55, 0.55)]
        + [block((0.1, 1.2, 0.1), (0, 0, 1.15))],
        "dark": [slab((0.18, 0.18, 0.34), (0.1, 0, 0.85), 0.02)],
        "screen": [inline.rod((0.1, 0, 0.72), (0.1, 0, 0.85), 0.07)],
    }
    lamps = [block((0.08, 0.9, 0.08), (x, 0, z + 0.45)) for x in (-0.25, 0.45)]
    return joined(made, {"mark": lamps})


def _sorter() -> Part:
    """Return the outlet: a small gantry that lifts rejected cells onto a side belt."""
    return {
        "metal": [block((0.1, 0.1, 1.2), (0, y, 0)) for y in (-1.3, 0.4)]
        + [block((0.12, 1.9, 0.12), (0, -0.45, 1.2))],
        "accent": [slab((0.24, 0.26, 0.4), (0.12, -0.3, 1.05), 0.03)],
        "steel": [block((0.08, 0.08, 0.6), (0.12, -0.3, 0.55))],
        "belt": [block((0.5, 1.2, 0.06), (0, -0.95, 0.06))],
        "critical": [block((0.44, 0.4, 0.2), (0, -1.15, 0.12), 0.02)],
    }


def _instruments() -> Part:
    """Return a 19-inch rack of measuring instruments."""
    made: Part = {
        "base": [block((0.66, 0.66, 0.1))],
        "dark": [block((0.7, 0.7, 1.85), (0, 0, 0.1), 0.02)],
    }
    made = joined(made, placed(vent(0.5, 0.18, 3), (0, 0.345, 0.16)))
    for k, (look, high) in enumerate(
        (("body", 0.26), ("panel", 0.2), ("body", 0.26), ("screen", 0.3))
    ):
        unit = {
            look: [block((0.58, 0.03, high))],
            "accent": [block((0.1, 0.01, 0.08), (0.2, 0.02, 0.06))],
        }
        made = joined(made, placed(unit, (0, 0.36, 0.42 + k * 0.36)))
    return made
