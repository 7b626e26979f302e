"""A belt conveyor with rollers, side rails and legs along its centre line."""

from __future__ import annotations

import math
from itertools import pairwise, product

from twin.usd.shape import AssetSpec, Shape

MAX_ROLLERS = 160


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the conveyor; ``path_m`` is its centre line, the size its width and height."""
    _, width, height = spec.size_m
    path = spec.options["path_m"]
    points = [(float(x), float(y)) for x, y in path] if isinstance(path, list | tuple) else []
    for (ax, ay), (bx, by) in pairwise(points):
        shape.at(((ax + bx) / 2, (ay + by) / 2, 0), math.degrees(math.atan2(by - ay, bx - ax)))
        _segment(shape, math.hypot(bx - ax, by - ay), width, height)
    shape.at((0, 0, 0))
    for x, y in points[1:-1]:
        shape.box("steel", (x, y, height - 0.07), (width * 1.15, width * 1.15, 0.1))
        shape.box("belt", (x, y, height - 0.01), (width * 1.02, width * 1.02, 0.02))


def _segment(shape: Shape, length: float, width: float, height: float) -> None:
    """Draw one straight piece, in its own frame."""
    shape.box("belt", (0, 0, height - 0.06), (length, width * 0.86, 0.06))
    for side in (-1, 1):
        shape.box("metal", (0, side * width / 2, height - 0.06), (length, 0.05, 0.12))
    rollers = min(int(length / 0.25), MAX_ROLLERS)
    for k in range(rollers):
        x = length * ((k + 0.5) / rollers - 0.5)
        shape.box("steel", (x, 0, height - 0.015), (0.07, width * 0.88, 0.03))
    legs = max(1, round(length / 2.2))
    for k, side in product(range(legs + 1), (-1, 1)):
        x = (length / 2 - 0.1) * (2 * k / legs - 1)
        foot = (x, side * (width / 2 - 0.02), (height - 0.12) / 2)
        shape.box("steel", foot, (0.05, 0.05, height - 0.12))
        if side > 0:
            shape.box("steel", (x, 0, 0.25), (0.04, width - 0.09, 0.04))
