"""A conveyor along its centre line, composed of modules: rollers for trays, else a belt."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from scenes.assets.module import grid, place, repeat, spread
from twin.usd.shape import AssetSpec, Shape

MODULE_M = 1.0
STAND_M = 2.2
TRAYS_M = 0.6
"""Conveyors at least this wide carry trays, on rollers."""

CORNER_SHARE = 1.15


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the conveyor; ``path_m`` is its centre line, the size its width and height."""
    _, width, height = spec.size_m
    path = spec.options["path_m"]
    points = [(float(x), float(y)) for x, y in path] if isinstance(path, list | tuple) else []
    corner = CORNER_SHARE * width
    last = len(points) - 2
    for k, ((ax, ay), (bx, by)) in enumerate(pairwise(points)):
        length, heading = math.hypot(bx - ax, by - ay), math.atan2(by - ay, bx - ax)
        before, after = (corner / 2 if k > 0 else 0.0), (corner / 2 if k < last else 0.0)
        reach, shift = length - before - after, (before - after) / 2
        if reach > width * 0.2:
            middle = length / 2 + shift
            x, y = ax + middle * math.cos(heading), ay + middle * math.sin(heading)
            place(shape, (x, y, 0.0), math.degrees(heading))
            _segment(shape, reach, width, height)
    place(shape, (0.0, 0.0, 0.0))
    turns = [(x, y, 0.0) for x, y in points[1:-1]]
    repeat(shape, "conveyor_corner", (corner, corner, height), turns)


def _segment(shape: Shape, length: float, width: float, height: float) -> None:
    """Draw one straight piece, in its own frame."""
    modules = max(1, round(length / MODULE_M))
    each = length / modules
    kind = "conveyor_rollers" if width >= TRAYS_M else "conveyor_belt"
    middles = length * ((np.arange(modules) + 0.5) / modules - 0.5)
    repeat(shape, kind, (each, width, height), grid(middles, 0.0, 0.0))
    fields = max(1, round(length / STAND_M))
    stands = grid(spread(length, fields, min(0.15, length / 4)), 0.0, 0.0)
    repeat(shape, "conveyor_stand", (min(0.3, length / 2), width, height), stands)
    if length > MODULE_M:
        repeat(shape, "conveyor_drive", (0.5, width, height), [(length / 2 - 0.55, 0.0, 0.0)])
