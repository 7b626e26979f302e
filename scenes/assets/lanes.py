"""Lanes of vehicles as lines on the floor with arrows, and the stops beside them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.usd.shape import AssetSpec, Shape

Line = tuple[NDArray[np.float64], NDArray[np.float64]]


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw ``edges`` (pairs of points) and ``stops`` (position, node, charger)."""
    edges = _list(spec, "edges")
    _borders(shape, edges, float(str(spec.options.get("half_m", 0.8))))
    for start, end in edges:
        _lane(shape, start, end, arrow=True)
    for (x, y), node, _ in _list(spec, "stops"):
        _lane(shape, node, (x, y), arrow=False)
        shape.at((x - 0.85, y - 0.65, 0))
        for side in (0.03, 1.27):
            shape.box("mark", (0.85, side, 0.012), (1.7, 0.06, 0.003))
        for side in (0.03, 1.67):
            shape.box("mark", (side, 0.65, 0.012), (0.06, 1.18, 0.003))
    shape.at((0, 0, 0))


def _borders(shape: Shape, edges: list[Any], half: float) -> None:
    """Draw a yellow line on either side of every lane, open where another lane runs."""
    shape.at((0, 0, 0))
    ways = [(np.array(a, dtype=float), np.array(b, dtype=float)) for a, b in edges]
    ways = [(a, b) for a, b in ways if np.linalg.norm(b - a) > 1e-6]
    for k, (start, end) in enumerate(ways):
        z = 0.012 + 0.0003 * (k % 9)  # lines that overlap are not in one plane
        along = (end - start) / np.linalg.norm(end - start)
        aside = np.array([-along[1], along[0]]) * half
        for side in (-1, 1):
            line = (start + side * aside - along * half, end + side * aside + along * half)
            for low, high in _kept(line, ways, half - 0.02):
                a, b = (line[0] + (line[1] - line[0]) * share for share in (low, high))
                shape.beam("lane", (*a, z), (*b, z), width_m=0.1, thick_m=0.003)


def _kept(line: Line, ways: list[Line], half: float) -> list[tuple[float, float]]:
    """Return the parts of a line, as shares of it, that lie in no lane."""
    cuts = [_covered(line, way, half) for way in ways]
    found, low = [], 0.0
    for start, end in sorted(cut for cut in cuts if cut[1] > cut[0]):
        if start > low + 1e-6:
            found.append((low, start))
        low = max(low, end)
    return [*found, (low, 1.0)] if low < 1.0 - 1e-6 else found


def _covered(line: Line, way: Line, half: float) -> tuple[float, float]:
    """Return which share of a line lies within a lane and its rounded-up ends."""
    along = (way[1] - way[0]) / np.linalg.norm(way[1] - way[0])
    across = np.array([-along[1], along[0]])
    long = float(np.linalg.norm(way[1] - way[0]))
    low, high = 0.0, 1.0
    for axis, floor, roof in ((along, -half, long + half), (across, -half, half)):
        a, b = (float((point - way[0]) @ axis) for point in line)
        if abs(b - a) < 1e-9:
            if not floor < a < roof:
                return 0.0, 0.0
            continue
        ends = sorted(((floor - a) / (b - a), (roof - a) / (b - a)))
        low, high = max(low, ends[0]), min(high, ends[1])
    return low, high


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
