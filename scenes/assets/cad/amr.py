"""Mobile robots: a flat one that lifts what it drives under, and a larger one with rollers on top.

They drive towards +x. What they carry stands at the top of their size.
"""

from __future__ import annotations

from itertools import product

from scenes.assets.cad.inline import rod
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import bar, block, hazard, plate, put, slab, tilted
from scenes.assets.cad.rounded import rounded
from twin.plant.base import Vec3

NAMES = ("amr_lift", "amr_roller")
SIZES_M: dict[str, Vec3] = {"amr_lift": (1.35, 0.9, 0.35), "amr_roller": (1.8, 1.2, 0.4)}
ROLLERS = 9
SLOT_M = 0.17
"""Height of the slot the scanners look out of."""


def model(name: str) -> Model:
    """Return a vehicle."""
    made = Model(SIZES_M[name], turn_rad=0.5 if name == "amr_lift" else 0.8)
    if name == "amr_lift":
        _chassis(made, made.size_m[2] - 0.035)
        _lift_plate(made)
    else:
        _chassis(made, 0.27)
        _roller_deck(made)
    return made


def _chassis(made: Model, top: float) -> None:
    """Add skirt, slot with scanners, upper housing, wheels, lamps and stop buttons."""
    length, width, _ = made.size_m
    made.add("base", rounded((length - 0.04, width - 0.04, 0.09), (0, 0, 0.035), 0.12))
    made.add(
        "body", rounded((length, width, SLOT_M - 0.12), (0, 0, 0.11), 0.14, top_m=0.01, foot_m=0.02)
    )
    made.add("dark", rounded((length - 0.1, width - 0.1, 0.06), (0, 0, SLOT_M - 0.015), 0.1))
    low = SLOT_M + 0.04
    made.add("body", rounded((length, width, top - low), (0, 0, low), 0.14, top_m=0.03))
    made.add("escape", rounded((length + 0.008, width + 0.008, 0.02), (0, 0, low + 0.015), 0.144))
    made.add_coarse("body", block((length, width, top - 0.05), (0, 0, 0.05)))
    made.add_coarse("escape", block((length + 0.008, width + 0.008, 0.02), (0, 0, low + 0.015)))
    _scanners(made)
    _wheels(made)
    _ends(made, low, top)
    for x, y in product((-1, 1), (-1, 1)):
        spot = (x * (length / 2 - 0.12), y * (width / 2 - 0.12), top)
        made.add("safety", bar(spot, (*spot[:2], top + 0.008), 0.045))
        made.add("critical", bar((*spot[:2], top + 0.006), (*spot[:2], top + 0.03), 0.028))


def _scanners(made: Model) -> None:
    """Add the two laser scanners at opposite corners: each sees three quarters of a circle."""
    length, width, _ = made.size_m
    for side in (-1, 1):
        x, y = side * (length / 2 - 0.085), side * (width / 2 - 0.085)
        made.add("safety", bar((x, y, SLOT_M - 0.012), (x, y, SLOT_M + 0.006), 0.06))
        made.add("screen", bar((x, y, SLOT_M + 0.004), (x, y, SLOT_M + 0.042), 0.055))


def _wheels(made: Model) -> None:
    """Add the two driven wheels in the middle, and castors at the corners."""
    length, width, _ = made.size_m
    for side in (-1, 1):
        y = side * (width / 2 - 0.04)
        made.add("dark", bar((0, y - side * 0.06, 0.1), (0, y + side * 0.025, 0.1), 0.1))
        made.add("metal", bar((0, y + side * 0.02, 0.1), (0, y + side * 0.03, 0.1), 0.055))
        for x in (-1, 1):
            spot = (x * (length / 2 - 0.2), side * (width / 2 - 0.16))
            foot, end = (spot[0], spot[1] - 0.02, 0.05), (spot[0], spot[1] + 0.02, 0.05)
            made.add("dark", bar(foot, end, 0.05))


def _ends(made: Model, low: float, top: float) -> None:
    """Add head lamps and camera in front, tail lamps and charging contacts at the back."""
    length, width, _ = made.size_m
    face, z = length / 2, low + min(0.05, top - low - 0.06)
    for side in (-1, 1):
        y = side * width * 0.29
        made.add("light", block((0.012, width * 0.16, 0.028), (face + 0.002, y, z)))
        made.add("critical", block((0.012, width * 0.16, 0.02), (-face - 0.002, y, z)))
    made.add("screen", block((0.012, 0.2, 0.035), (face + 0.001, 0, z - 0.004)))
    made.add("copper", *[block((0.014, 0.16, 0.012), (-face, 0, h)) for h in (0.125, 0.145)])
    put(made, tilted(hazard(width * 0.5, 0.05), (0, 0, -90), (face - 0.022, 0, 0.045)))
    made.add("accent", block((0.06, width * 0.4, 0.004), (face - 0.1, 0, top)))


def _lift_plate(made: Model) -> None:
    """Add the lifting plate with its pads; an arrow on it points forwards."""
    length, width, height = made.size_m
    made.add("dark", block((length * 0.66, width * 0.62, 0.03), (0, 0, height - 0.042)))
    made.add("metal", slab((length * 0.7, width * 0.66, 0.016), (0, 0, height - 0.02), 0.006))
    for x, y in product((-1, 1), (-1, 1)):
        spot = (x * length * 0.27, y * width * 0.25, height - 0.005)
        made.add("dark", block((0.16, 0.1, 0.005), spot, 0.02))
    arrow = [(-0.12, -0.1), (0.0, -0.1), (0.12, 0.0), (0.0, 0.1), (-0.12, 0.1), (0.0, 0.0)]
    flat = tilted({"safety": [plate(arrow, 0.003)]}, (90, 0, 0), (0.06, 0, height - 0.0035))
    put(made, flat)
    made.add_coarse("metal", block((length * 0.7, width * 0.66, 0.03), (0, 0, height - 0.03)))


def _roller_deck(made: Model) -> None:
    """Add the roller deck: side rails with warning stripes, and driven rollers between."""
    length, width, height = made.size_m
    made.add("dark", block((length - 0.4, width - 0.3, 0.03), (0, 0, 0.265)))
    for side, turn in ((1, 0.0), (-1, 180.0)):
        y = side * (width / 2 - 0.1)
        made.add("metal", slab((length - 0.3, 0.05, 0.125), (0, y, height - 0.13), 0.01))
        stripes = (0, side * (width / 2 - 0.075), height - 0.1)
        put(made, hazard(length - 0.5, 0.07), stripes, turn)
    half = width / 2 - 0.125
    for k in range(ROLLERS):
        x = (length - 0.48) * (k / (ROLLERS - 1) - 0.5)
        made.add("steel", rod((x, -half, height - 0.045), (x, half, height - 0.045), 0.045, 10))
    made.add_coarse("metal", block((length - 0.3, width - 0.15, 0.13), (0, 0, height - 0.13)))
