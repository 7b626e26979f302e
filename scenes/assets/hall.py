"""The hall: floor, columns and translucent walls. Origin: its lower-left corner."""

from __future__ import annotations

import math

from twin.usd.shape import AssetSpec, Shape

BAY_M = 12.0


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the hall of the size asked for; it has no roof, so that one can look in."""
    length, width, height = spec.size_m
    shape.box("floor", (length / 2, width / 2, -0.05), (length, width, 0.1))
    for y in (0.0, width):
        shape.box("wall", (length / 2, y, height / 2), (length, 0.1, height))
        shape.box("column", (length / 2, y, 0.2), (length, 0.24, 0.4))
        shape.box("column", (length / 2, y, height), (length, 0.24, 0.24))
        for k in range(math.ceil(length / BAY_M) + 1):
            shape.box("column", (min(k * BAY_M, length), y, height / 2), (0.35, 0.3, height))
    for x in (0.0, length):
        shape.box("wall", (x, width / 2, height / 2), (0.1, width, height))
        shape.box("column", (x, width / 2, 0.2), (0.24, width, 0.4))
        shape.box("column", (x, width / 2, height), (0.24, width, 0.24))
