"""A control desk: height-adjustable table with three monitors, keyboard, and an office chair."""

from __future__ import annotations

import math

from scenes.assets.cad.inline import rod
from scenes.assets.cad.link import taper
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import block, e_stop, joined, put, slab, tilted
from scenes.assets.cad.rounded import rounded
from scenes.assets.cad.solid import Part, placed

NAME = "control_desk"
SIZE_M = (2.0, 1.7, 1.35)
DESK_Y = -0.4
TOP_M = 0.75


def model() -> Model:
    """Return the desk; the operator sits at +y and looks to -y."""
    made = Model(SIZE_M, turn_rad=0.7)
    length = SIZE_M[0]
    made.add("panel", rounded((length, 0.85, 0.03), (0, DESK_Y, TOP_M - 0.03), 0.06))
    for x in (-1, 1):
        spot = x * (length / 2 - 0.25)
        made.add("metal", block((0.09, 0.06, TOP_M - 0.07), (spot, DESK_Y - 0.1, 0.04), 0.01))
        made.add("metal", slab((0.09, 0.75, 0.04), (spot, DESK_Y, 0), 0.012))
        made.add("metal", block((0.08, 0.7, 0.03), (spot, DESK_Y, TOP_M - 0.06)))
    made.add("panel", block((length - 0.4, 0.02, 0.4), (0, DESK_Y - 0.3, 0.33)))
    made.add("dark", block((length - 0.5, 0.12, 0.06), (0, DESK_Y - 0.22, TOP_M - 0.1)))
    _computer(made)
    for along, turn in ((-0.62, 24.0), (0.0, 0.0), (0.62, -24.0)):
        y = DESK_Y - (0.2 if along == 0 else 0.13)
        put(made, _monitor(), (along, y, TOP_M), turn)
    made.add("dark", rounded((0.46, 0.16, 0.02), (0, DESK_Y + 0.22, TOP_M), 0.02, top_m=0.006))
    made.add("base", block((0.42, 0.12, 0.006), (0, DESK_Y + 0.22, TOP_M + 0.02)))
    made.add("dark", rounded((0.065, 0.11, 0.03), (0.34, DESK_Y + 0.22, TOP_M), 0.03, top_m=0.01))
    put(made, e_stop(), (0.72, DESK_Y + 0.25, TOP_M))
    made.add("mark", block((0.21, 0.297, 0.008), (-0.5, DESK_Y + 0.2, TOP_M)))
    put(made, _chair(), (0.05, 0.42, 0), 180)
    made.add_coarse("panel", block((length, 0.85, 0.05), (0, DESK_Y, TOP_M - 0.05)))
    made.add_coarse("dark", block((1.8, 0.1, 0.4), (0, DESK_Y - 0.2, TOP_M + 0.14)))
    made.add_coarse("cloth", block((0.5, 0.5, 0.45), (0.05, 0.42, 0.05)))
    return made


def _computer(made: Model) -> None:
    """Add the computer below the table."""
    made.add("dark", slab((0.2, 0.45, 0.42), (0.55, DESK_Y - 0.02, 0.06), 0.01))
    made.add("normal", block((0.012, 0.006, 0.012), (0.6, DESK_Y + 0.207, 0.42)))


def _monitor() -> Part:
    """Return a monitor on its stand; the screen looks to +y."""
    picture = [
        block((0.16, 0.004, 0.1), (x, 0.024, z))
        for x, z in ((-0.17, 0.36), (0.03, 0.36), (-0.17, 0.24))
    ]
    curve = [block((0.2, 0.004, 0.012), (0.1, 0.024, 0.24 + 0.03 * k)) for k in range(3)]
    return {
        "dark": [
            rounded((0.26, 0.18, 0.012), (0, 0, 0), 0.04),
            block((0.05, 0.03, 0.3), (0, -0.03, 0.01)),
            block((0.58, 0.035, 0.35), (0, 0, 0.17), 0.006),
        ],
        "screen": [block((0.555, 0.006, 0.32), (0, 0.018, 0.185))],
        "accent": picture,
        "normal": curve,
    }


def _chair() -> Part:
    """Return an office chair that faces +y."""
    star: Part = {"dark": []}
    for k in range(5):
        turn = math.radians(90 + 72 * k)
        x, y = 0.28 * math.cos(turn), 0.28 * math.sin(turn)
        star["dark"].append(taper((0, 0, 0.12), (x, y, 0.075), 0.03, 0.018))
        star["dark"].append(rod((x - 0.02, y, 0.035), (x + 0.02, y, 0.035), 0.035, 8))
    seat: Part = {
        "steel": [rod((0, 0, 0.1), (0, 0, 0.44), 0.028, 8)],
        "cloth": [rounded((0.48, 0.46, 0.08), (0, 0.02, 0.44), 0.1, top_m=0.025)],
        "dark": [
            block((0.06, 0.03, 0.4), (0, -0.25, 0.42)),
            *[block((0.05, 0.26, 0.025), (x, -0.02, 0.66), 0.01) for x in (-0.28, 0.28)],
            *[block((0.03, 0.04, 0.22), (x, -0.02, 0.45)) for x in (-0.28, 0.28)],
            block((0.56, 0.05, 0.02), (0, -0.02, 0.43)),
        ],
    }
    back = tilted(
        {"cloth": [rounded((0.44, 0.56, 0.05), (0, 0, 0), 0.1, top_m=0.015)]},
        (80, 0, 0),
        (0, -0.25, 0.88),
    )
    return joined(star, seat, placed(back))
