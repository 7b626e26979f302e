"""What moves in the machines of the library: marks on reels that turn, doors that swing.

A reel is round: that it turns is seen by the bars on its faces alone, so these turn and the reel
stands. Places are those of the CAD models, and move with them when they are fitted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.assets.stock import Stock, stock
from scenes.assets.stretch import Floats, moved_spot, scaled, stretches
from twin.plant.base import Vec3
from twin.usd.shape import Shape

OPEN_DEG = 105.0
_PROUD_M = 0.02


@dataclass(frozen=True)
class Reel:
    """A reel about the y axis: its middle, radius and width; `flip` where the web leaves below."""

    name: str
    centre_m: Vec3
    radius_m: float
    width_m: float


@dataclass(frozen=True)
class Door:
    """A leaf that is an asset of its own, drawn in the frame of its hinge."""

    name: str
    asset: str
    hinge_m: Vec3
    angle_deg: float


REELS = {
    "calender": (
        Reel("unwinder", (-6.0, 0.2, 1.0), 0.56, 1.25),
        Reel("rewinder", (6.0, 0.2, 1.0), 0.56, 1.25),
    ),
    "coater_feed": (Reel("unwinder", (-5.2, -0.4, 1.0), 0.58, 1.25),),
    "coater_wind": (Reel("rewinder", (3.4, -0.4, 1.0), 0.56, 1.25),),
    "notcher": (Reel("unwinder", (-4.4, -0.4, 0.95), 0.4, 0.62),),
    "slitter": (Reel("unwinder", (-3.6, 0.0, 1.0), 0.56, 1.25),),
}
DOORS = {
    "vacuum_oven": tuple(
        Door(f"door_{k + 1}", "vacuum_oven_door", (x - 0.98, 1.35, 0.25), OPEN_DEG)
        for k, x in enumerate((-1.8, 0.5))
    )
}


def add_moving(name: str, shape: Shape, found: Stock, size_m: Vec3, at_m: Vec3) -> None:
    """Add what moves in an asset of the library that is fitted to a size and stands somewhere."""
    along = stretches(found.size_m, size_m)
    for reel in REELS.get(name, ()):
        centre = np.add(moved_spot(reel.centre_m, along), at_m)
        long, wide, _ = np.divide(size_m, found.size_m)
        radius = reel.radius_m * (min(long, 1.0) if along[0].shrunk else 1.0)
        half = reel.width_m / 2 * (min(wide, 1.0) if along[1].shrunk else 1.0) + _PROUD_M
        turning = shape.turning(reel.name, centre, (0, 1, 0), radius)
        for side in (-1, 1):
            turning.box("dark", (0, side * half, 0), (1.7 * radius, _PROUD_M, 0.05))
            turning.box("dark", (0, side * half, 0), (0.05, _PROUD_M, 1.7 * radius))
    for door in DOORS.get(name, ()):
        hinge = np.add(moved_spot(door.hinge_m, along), at_m)
        leaf = shape.swinging(door.name, hinge, (0, 0, 1), door.angle_deg)
        for look, surface in stock(door.asset).near.items():
            leaf.mesh(look, scaled(surface.mesh, _no_larger(size_m, found.size_m)))


def _no_larger(size_m: Vec3, designed_m: Vec3) -> Floats:
    """Return how parts of a machine shrink with it; they never grow."""
    return np.minimum(np.divide(size_m, designed_m), 1.0)
