"""Lanes of vehicles as lines on the floor with arrows, and the stops beside them."""

from __future__ import annotations

import math
from typing import Any

from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw ``edges`` (pairs of points) and ``stops`` (position, node, charger)."""
    for start, end in _list(spec, "edges"):
        _lane(shape, start, end, arrow=True)
    for (x, y), node, _ in _list(spec, "stops"):
        _lane(shape, node, (x, y), arrow=False)
        shape.at((x - 0.85, y - 0.65, 0))
        for side in (0.03, 1.27):
            shape.box("mark", (0.85, side, 0.012), (1.7, 0.06, 0.003))
        for side in (0.03, 1.67):
            shape.box("mark", (side, 0.65, 0.012), (0.06, 1.18, 0.003))
    shape.at((0, 0, 0))


def _lane(
    shape: Shape, start: tuple[float, float], end: tuple[float, float], *, arrow: bool
) -> None:
    """Draw a line, and an arrow head in its middle."""
    (ax, ay), (bx, by) = start, end
    length = math.hypot(bx - ax, by - ay)
    if length < 1e-6:
        return
    shape.at(((ax + bx) / 2, (ay + by) / 2, 0), math.degrees(math.atan2(by - ay, bx - ax)))
    shape.box("mark", (0, 0, 0.014), (length, 0.05, 0.003))
    if arrow and length >= 1.5:
        for k in range(5):
            wide = 0.4 * (1 - k / 5)
            shape.box("mark", (0.1 * k - 0.2, 0, 0.0165), (0.1, wide, 0.002))


def _list(spec: AssetSpec, key: str) -> list[Any]:
    found = spec.options.get(key, [])
    return list(found) if isinstance(found, list | tuple) else []
