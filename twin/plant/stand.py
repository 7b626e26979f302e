"""Where people stand at a machine."""

from __future__ import annotations

from math import cos, radians, sin

from twin.plant.base import Vec2, Vec3

STAND_M = 0.4
"""How far from the front of a machine a worker stands (assumed)."""


def stand_away_m(size_m: Vec3) -> float:
    """Return how far from the middle of a machine a worker stands, at its front side."""
    return size_m[1] / 2 + STAND_M


def stand_m(position_m: Vec3, size_m: Vec3, heading_deg: float) -> Vec2:
    """Return where a worker stands: at the middle of the machine's front, right of its heading."""
    away_m = stand_away_m(size_m)
    heading = radians(heading_deg)
    x, y, _ = position_m
    return (x + away_m * sin(heading), y - away_m * cos(heading))
