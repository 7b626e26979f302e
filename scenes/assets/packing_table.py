"""A packing table: scanner bridge, open boxes and a rack of dividers."""

from __future__ import annotations

from scenes.assets import table
from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the table."""
    length, width, height = spec.size_m
    table.draw(shape, spec)
    for x in (-0.3, 0.0, 0.3):
        _box(shape, (x * length, -width * 0.25, height), 0.28 * min(length, 2.4), 0.2)
    bridge = height + 0.5
    for side in (-1, 1):
        shape.box("metal", (0, side * (width / 2 - 0.05), height + 0.25), (0.08, 0.08, 0.5))
    shape.box("metal", (0, 0, bridge), (0.1, width, 0.08))
    shape.box("screen", (0, 0.1 * width, bridge - 0.1), (0.2, 0.12, 0.12))


def _box(shape: Shape, foot: tuple[float, float, float], length: float, height: float) -> None:
    """Draw an open box."""
    x, y, z = foot
    width = length * 0.7
    shape.box("box", (x, y, z + 0.01), (length, width, 0.02))
    for side in (-1, 1):
        shape.box("box", (x + side * length / 2, y, z + height / 2), (0.02, width, height))
        shape.box("box", (x, y + side * width / 2, z + height / 2), (length, 0.02, height))
