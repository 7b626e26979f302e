"""A coater with its dryer: unwinder and slot-die head, one dryer module, rewinder.

`scenes.assets.coater` sets as many dryer modules between the ends as the machine is long.
"""

from __future__ import annotations

from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import (
    Part,
    bar,
    block,
    cabinet,
    console,
    door,
    duct,
    fence,
    frame,
    hazard,
    joined,
    motor,
    nameplate,
    pane,
    pipe,
    placed,
    plate,
    put,
    roller,
    sign,
    slab,
    vent,
    vessel,
    web,
)
from scenes.assets.cad.winding import gauge, guides, winder

NAMES = ("coater_feed", "coater_dryer", "coater_wind")
SIZES_M = {
    "coater_feed": (12.0, 5.0, 3.5),
    "coater_dryer": (6.0, 5.0, 3.5),
    "coater_wind": (10.0, 5.0, 3.5),
}

_WEB = 1.25
_LINE = -0.4
_PASS = 1.62
"""Height of the web in the dryer."""


def model(name: str) -> Model:
    """Return one of the three parts."""
    made = Model(SIZES_M[name])
    {"coater_feed": _feed, "coater_dryer": _dryer, "coater_wind": _wind}[name](made)
    return made


def _feed(made: Model) -> None:
    """Draw unwinder, dancer, slot-die head with its slurry tank, and platform."""
    put(made, winder(_WEB, 0.58, axis_m=1.0, look="foil"), (-5.2, _LINE, 0))
    path = [(-5.2, 1.56), (-3.9, 1.9), (-3.3, 1.0), (-2.7, 1.9), (-1.1, 1.95)]
    put(made, guides(path[1:-1], _WEB + 0.15, 0.066), (0, _LINE, 0))
    put(made, web([*path, (-0.45, 1.95)], _WEB, "foil"), (0, _LINE, 0))
    stand = frame((2.0, _WEB + 0.6, 2.2), 1, post_m=0.1, look="body")
    put(made, stand, (-3.3, _LINE, 0))
    put(made, _head(), (-0.3, _LINE, 0))
    put(made, web([(0.3, 1.62), (6.0, _PASS)], _WEB, "copper"), (0, _LINE, 0))
    put(made, guides([(2.4, 1.54)], _WEB + 0.15, 0.06), (0, _LINE, 0))
    put(made, frame((3.8, _WEB + 0.6, 1.5), 1, post_m=0.1, look="body"), (2.6, _LINE, 0))
    put(made, pane(3.6, 0.9), (2.7, _LINE + 0.95, 1.6))
    put(made, pane(3.6, 0.9), (2.7, _LINE - 0.95, 1.6))
    _entrance(made)
    put(made, vessel(0.5, 1.3), (0.4, 1.75, 0.35))
    put(made, {"steel": [bar((0.4, 1.75, 0), (0.4, 1.75, 0.4), 0.3)]})
    put(made, {"accent": [bar((0.4, 1.75, 1.65), (0.4, 1.75, 2.05), 0.14)]})
    put(made, {"steel": [bar((0.4, 1.3, 0.6), (-0.55, 0.5, 1.2), 0.029)]})
    put(made, cabinet((2.4, 0.7, 2.1), 2, vents=False), (-3.4, 2.1, 0))
    put(made, console(), (-1.5, 1.5, 0))
    put(made, nameplate(0.9, 0.2), (5.4, _LINE + 1.3, 2.1))


def _head(wide: float = _WEB + 0.5) -> Part:
    """Return the slot-die head: heavy side frames, backing roll, die on its slide, hood."""
    outline = [(-0.7, 0), (0.8, 0), (0.8, 1.5), (0.5, 2.3), (-0.4, 2.3), (-0.7, 1.6)]
    sides = [plate(outline, 0.12, (0, y - 0.06, 0)) for y in (-wide / 2, wide / 2)]
    die = {
        "metal": [
            plate(
                [(-0.75, 1.5), (-0.33, 1.6), (-0.33, 1.66), (-0.75, 1.82)], _WEB, (0, -_WEB / 2, 0)
            )
        ],
        "accent": [block((0.3, _WEB + 0.1, 0.3), (-0.7, 0, 1.15))],
    }
    roll = placed(roller(_WEB + 0.2, 0.33, "steel"), (0.05, 0, 1.63))
    drive = placed(motor(0.5, 0.16), (0.05, -wide / 2 - 0.06, 1.63), -90)
    beam = {
        "body": [slab((0.6, wide, 0.16), (0.05, 0, 2.3), 0.02)],
        "base": [block((1.6, wide + 0.1, 0.12))],
    }
    marks = joined(
        placed(sign(0.2), (0.4, wide / 2 + 0.06, 1.0)),
        placed(hazard(1.2, 0.1), (0.05, wide / 2 + 0.06, 0.3)),
    )
    return joined({"body": sides}, die, roll, drive, beam, marks)


def _entrance(made: Model) -> None:
    """Draw the first zone of the dryer, with its fan on top."""
    put(made, _zone(1.2), (5.4, _LINE, 0))


def _zone(length: float) -> Part:
    """Return a length of dryer: insulated box on legs, lower and upper half."""
    wide = _WEB + 1.35
    legs = [
        block((0.12, 0.12, 1.05), (x * (length / 2 - 0.15), y * (wide / 2 - 0.15), 0))
        for x in (-1, 1)
        for y in (-1, 1)
    ]
    return {
        "base": legs,
        "body": [
            block((length - 0.02, wide, 0.5), (0, 0, 1.05)),
            slab((length - 0.02, wide, 0.9), (0, 0, 1.68), 0.05),
        ],
        "dark": [block((length, wide - 0.1, 0.13), (0, 0, 1.55))],
    }


def _dryer(made: Model) -> None:
    """Draw one module: box with doors, air handling on top, ducts, walkway rail."""
    wide = _WEB + 1.35
    put(made, _zone(6.0), (0, _LINE, 0))
    face = _LINE + wide / 2
    for k in range(4):
        x = 1.46 * (k - 1.5)
        put(made, door(1.38, 0.66, hinge=1 if k % 2 else -1), (x, face - 0.01, 1.78))
        put(
            made,
            door(1.38, 0.66, hinge=1 if k % 2 else -1),
            (x, 2 * _LINE - face + 0.01, 1.78),
            180,
        )
    put(made, web([(-3.0, _PASS), (3.0, _PASS)], _WEB, "copper"), (0, _LINE, 0))
    for x in (-1.5, 1.5):
        put(made, _air(), (x, _LINE, 2.58))
    put(made, duct([(-2.74, 0, 0), (2.74, 0, 0)], 0.5, 0.5), (0, _LINE - 1.75, 3.0))
    for x in (-1.5, 1.5):
        put(made, duct([(0, 0, 0), (0, -0.95, 0)], 0.36, 0.36), (x, _LINE - 0.6, 2.95))
    put(made, pipe([(-3.0, 0, 0), (3.0, 0, 0)], 0.07, look="accent"), (0, face + 0.18, 2.75))
    put(made, {"metal": [block((6.0, 0.3, 0.05), (0, face + 0.5, 3.1))]})
    put(made, {"steel": [block((0.05, 0.05, 3.1), (x, face + 0.5, 0)) for x in (-2.9,)]})
    put(made, cabinet((0.9, 0.5, 1.9), 1, vents=False), (1.8, 1.95, 0))
    put(made, vent(0.9, 0.3), (-1.0, face, 1.12))


def _air() -> Part:
    """Return the air handling of half a module: heater box, fan and motor."""
    return joined(
        {
            "panel": [slab((1.7, 1.3, 0.5), (0, 0, 0), 0.04)],
            "metal": [bar((-0.35, 0, 0.5), (-0.35, 0, 0.78), 0.34)],
            "dark": [bar((-0.35, 0, 0.78), (-0.35, 0, 0.8), 0.2)],
        },
        placed(motor(0.4, 0.13), (0.2, 0, 0.64)),
        placed(vent(0.9, 0.26, 4), (0, 0.65, 0.12)),
    )


def _wind(made: Model) -> None:
    """Draw the last zone, chill rolls, gauge, accumulator, and two rewinders on a turret."""
    put(made, _zone(1.2), (-4.4, _LINE, 0))
    put(made, frame((4.4, _WEB + 0.6, 2.3), 2, post_m=0.1, look="body"), (-1.4, _LINE, 0))
    path = [
        (-5.0, _PASS),
        (-3.2, _PASS),
        (-2.7, 1.2),
        (-1.9, 2.0),
        (-1.2, 1.2),
        (-0.4, 2.0),
        (0.4, 1.3),
        (1.6, 1.3),
        (2.5, 1.9),
        (3.2, 1.56),
    ]
    put(made, guides(path[2:7:2], _WEB + 0.15, 0.09), (0, _LINE, 0))
    put(made, guides(path[3:8:2], _WEB + 0.15, 0.07), (0, _LINE, 0))
    put(made, web(path, _WEB, "copper"), (0, _LINE, 0))
    put(made, gauge(_WEB, 1.85), (1.35, _LINE, 0))
    put(made, guides([(2.5, 1.9)], _WEB + 0.15, 0.07), (0, _LINE, 0))
    for y in (-1, 1):
        put(made, {"body": [block((0.16, 0.1, 2.0), (2.5, _LINE + y * (_WEB / 2 + 0.14), 0))]})
    put(made, winder(_WEB, 0.56, axis_m=1.0, look="copper", flip=True), (3.4, _LINE, 0))
    put(made, {"body": [bar((4.55, _LINE - 0.5, 1.0), (4.55, _LINE + 0.5, 1.0), 0.1)]})
    put(made, cabinet((2.4, 0.7, 2.1), 3), (-1.6, 2.1, 0))
    put(made, console(), (1.2, 1.5, 0))
    put(made, placed(fence(1.6, 1.6), (0, 0, 0), 90), (4.85, _LINE, 0))
    put(made, {"safety": [block((0.06, 0.06, 1.1), (4.85, 1.6, 0))]})
