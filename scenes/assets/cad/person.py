"""People at work: one with helmet and vest, and one in the coverall of a dry room; facing +x."""

from __future__ import annotations

from scenes.assets.cad.link import taper
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import bar, block, plate, revolved
from scenes.assets.cad.rounded import Ring, ball, lofted, rounded
from scenes.assets.cad.solid import Spot, placed, put

NAMES = ("person", "person_coverall")
SIZE_M = (0.5, 0.6, 1.8)

_TORSO: tuple[Ring, ...] = (
    (0.0, 0, 0.86, 0.105, 0.155),
    (0.0, 0, 0.98, 0.115, 0.165),
    (0.005, 0, 1.1, 0.105, 0.15),
    (0.01, 0, 1.28, 0.125, 0.18),
    (0.0, 0, 1.4, 0.112, 0.188),
    (-0.01, 0, 1.455, 0.085, 0.14),
    (-0.01, 0, 1.5, 0.06, 0.065),
)
_STRAP = (
    (0.124, 1.14), (0.135, 1.28), (0.114, 1.405), (0.066, 1.478),
    (-0.084, 1.478), (-0.112, 1.405), (-0.114, 1.28), (-0.108, 1.14),
)  # fmt: skip
"""Outline (x, z) of what shows of a shoulder strap at its edge."""

_SHOULDER, _ELBOW, _WRIST = (0.0, 0.195, 1.405), (-0.03, 0.25, 1.13), (0.1, 0.24, 0.93)


def model(name: str) -> Model:
    """Return a person."""
    made = Model(SIZE_M, whole=True, turn_rad=1.0)
    clean = name == "person_coverall"
    suit = "helmet" if clean else "cloth"
    made.add(suit, lofted(_TORSO if clean else [*_TORSO[:2], *map(_slim, _TORSO[2:])]))
    for side in (-1, 1):
        _arm(made, side, suit, "accent" if clean else "base")
        _leg(made, side, suit if clean else "trim", suit if clean else "dark")
    _head(made)
    if clean:
        _hood(made)
    else:
        _vest(made)
        _helmet(made)
    made.add_coarse(suit, lofted(_TORSO))
    made.add_coarse("helmet", ball((0.0, 0, 1.66), 0.12))
    for side in (-1, 1):
        made.add_coarse("trim", taper((0, side * 0.09, 0.9), (0, side * 0.1, 0.0), 0.09, 0.06))
        made.add_coarse(suit, bar(_sided(_SHOULDER, side), _sided(_WRIST, side), 0.045))
    return made


def _slim(ring: Ring) -> Ring:
    """Return a ring of what is worn below the vest."""
    x, y, z, along, across = ring
    return x, y, z, along * 0.9, across * 0.9


def _sided(spot: Spot, side: int) -> tuple[float, float, float]:
    return spot[0], side * spot[1], spot[2]


def _arm(made: Model, side: int, sleeve: str, glove: str) -> None:
    """Add a bent arm and a hand in its glove."""
    shoulder, elbow, wrist = (_sided(spot, side) for spot in (_SHOULDER, _ELBOW, _WRIST))
    made.add(
        sleeve,
        ball(shoulder, 0.07),
        taper(shoulder, elbow, 0.068, 0.05),
        ball(elbow, 0.05),
        taper(elbow, wrist, 0.05, 0.038),
    )
    hand = (wrist[0] + 0.045, wrist[1], wrist[2] - 0.07)
    cuff = (wrist[0] + 0.008, wrist[1], wrist[2] - 0.012)
    x, y, z = hand
    rings = [
        (x + 0.02, y, z - 0.07, 0.02, 0.016),
        (x + 0.015, y, z - 0.03, 0.04, 0.028),
        (x, y, z + 0.02, 0.044, 0.03),
        (wrist[0] + 0.01, wrist[1], wrist[2] - 0.01, 0.034, 0.03),
    ]
    made.add(glove, taper(wrist, cuff, 0.047, 0.044), lofted(rings))
    thumb = (x + 0.04, y - side * 0.02, z + 0.01)
    made.add(glove, bar(thumb, (thumb[0] + 0.012, thumb[1], thumb[2] - 0.055), 0.016))


def _leg(made: Model, side: int, trousers: str, shoe: str) -> None:
    """Add a leg from the hip down, and a safety shoe."""
    made.add(
        trousers,
        lofted(
            [
                (0.0, side * 0.1, 0.06, 0.06, 0.056),
                (-0.005, side * 0.1, 0.28, 0.066, 0.062),
                (0.012, side * 0.096, 0.48, 0.066, 0.064),
                (0.005, side * 0.09, 0.7, 0.085, 0.078),
                (0.0, side * 0.083, 0.92, 0.1, 0.085),
            ]
        ),
    )
    made.add(shoe, rounded((0.27, 0.1, 0.075), (0.055, side * 0.1, 0.018), 0.045, top_m=0.022))
    made.add("dark", rounded((0.285, 0.108, 0.02), (0.055, side * 0.1, 0.0), 0.05))


def _head(made: Model) -> None:
    """Add neck, head and nose."""
    made.add("skin", bar((-0.01, 0, 1.46), (0.0, 0, 1.57), 0.055))
    made.add(
        "skin",
        lofted(
            [
                (0.03, 0, 1.525, 0.04, 0.035),
                (0.022, 0, 1.56, 0.075, 0.058),
                (0.008, 0, 1.63, 0.095, 0.074),
                (0.0, 0, 1.7, 0.098, 0.077),
                (-0.005, 0, 1.755, 0.06, 0.05),
            ]
        ),
    )
    made.add("skin", bar((0.108, 0, 1.605), (0.096, 0, 1.655), 0.014))
    made.add("skin", *[block((0.03, 0.02, 0.05), (0.0, y, 1.62), 0.008) for y in (-0.078, 0.078)])


def _vest(made: Model) -> None:
    """Add the vest with reflecting bands, and the belt."""
    made.add(
        "safety",
        lofted(
            [
                (0.0, 0, 0.93, 0.127, 0.178),
                (0.005, 0, 1.08, 0.119, 0.164),
                (0.01, 0, 1.28, 0.137, 0.192),
                (0.0, 0, 1.405, 0.122, 0.194),
                (-0.01, 0, 1.462, 0.092, 0.145),
                (-0.01, 0, 1.482, 0.075, 0.09),
            ]
        ),
    )
    for z, rx, ry in ((0.98, 0.13, 0.176), (1.13, 0.126, 0.173)):
        made.add("foil", lofted([(0.005, 0, z, rx, ry), (0.005, 0, z + 0.05, rx, ry)]))
    for y in (-0.095, 0.095):
        made.add("foil", plate(_STRAP, 0.04, (0, y - 0.02, 0)))
    made.add("dark", block((0.012, 0.012, 0.42), (0.135, 0, 0.95)))
    made.add("mark", block((0.012, 0.07, 0.045), (0.137, 0.085, 1.3)))


def _helmet(made: Model) -> None:
    """Add the helmet with its peak, and safety glasses."""
    dome = [(0, 0), (0.126, 0), (0.122, 0.04), (0.105, 0.078), (0.07, 0.102), (0, 0.115)]
    shell = {"helmet": [revolved(dome)]}
    put(made, placed(shell, (0.0, 0, 1.685)))
    made.add("helmet", rounded((0.16, 0.19, 0.014), (0.085, 0, 1.683), 0.07))
    made.add("helmet", block((0.2, 0.03, 0.02), (-0.005, 0, 1.78)))
    made.add("screen", rounded((0.03, 0.14, 0.035), (0.098, 0, 1.645), 0.012))


def _hood(made: Model) -> None:
    """Add hood, mask and goggles, and the seams of the coverall."""
    made.add(
        "helmet",
        lofted(
            [
                (-0.012, 0, 1.46, 0.09, 0.11),
                (-0.012, 0, 1.56, 0.093, 0.087),
                (-0.012, 0, 1.66, 0.104, 0.092),
                (-0.012, 0, 1.75, 0.085, 0.075),
                (-0.012, 0, 1.79, 0.03, 0.028),
            ]
        ),
    )
    made.add("accent", ball((0.07, 0, 1.585), 0.05))
    made.add("screen", rounded((0.05, 0.15, 0.055), (0.085, 0, 1.632), 0.02))
    made.add("panel", block((0.01, 0.014, 0.5), (0.128, 0, 0.95)))
    made.add("panel", lofted([(0.0, 0, 1.06, 0.117, 0.162), (0.0, 0, 1.085, 0.117, 0.16)]))
