"""What is around the building: ground, roads, parking, fence, cars and lorries."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenes.assets.building import spread
from scenes.assets.stock import resized, stock
from twin.usd.shape import AssetSpec, Shape
from twin.usd.site import ROWS_M, parking_m

MARGIN_M = 150.0
"""From the building to the end of the ground; beyond it the sky shows land, too."""

FENCE_M = 67.0
ROAD_M = 42.0
"""From the building to the middle of the road in front of it."""

YARD_M, FRONT_M = 22.0, 32.0
"""Width of the asphalt around the building, and in front of it, where cars park."""

BAY_M = (2.6, 5.2)
FIELD_M = 34.0
_FIELDS = ("grass", "field_green", "grass", "field_brown", "field_light")


def draw_site(shape: Shape, spec: AssetSpec) -> None:
    """Draw the ground around a hall of the size asked for; origin: the hall's corner."""
    length, width, _ = spec.size_m
    cx, cy, long, wide = length / 2, width / 2, length + 2 * MARGIN_M, width + 2 * MARGIN_M
    shape.box("grass", (cx, cy, -0.31), (long, wide, 0.3))
    _fields(shape, length, width)
    depth = width + YARD_M + FRONT_M
    middle = (width + YARD_M - FRONT_M) / 2
    shape.box("asphalt", (cx, middle, -0.2), (length + 2 * YARD_M, depth, 0.2))
    shape.box("trim", (cx, -FRONT_M - 0.1, -0.1), (length + 2 * YARD_M, 0.2, 0.24))
    shape.box("asphalt", (cx, -ROAD_M, -0.19), (long, 8.0, 0.2))
    shape.box("asphalt", (length * 0.8, -FRONT_M - 3.5, -0.195), (9.0, 9.0, 0.2))
    shape.box("paving", (cx, -1.6, -0.19), (length + 3.0, 3.0, 0.22))
    for y in (-ROAD_M - 4.1, -ROAD_M + 4.1):
        shape.box("trim", (cx, y, -0.1), (long, 0.2, 0.24))
    for x in spread(long, 9.0)[1:-1]:
        shape.box("mark", (x - MARGIN_M, -ROAD_M, -0.085), (3.5, 0.15, 0.01))
    for x in parking_m(length):
        for y, _ in ROWS_M:
            for side in (-0.5, 0.5):
                shape.box("mark", (x + side * BAY_M[0], y, -0.095), (0.09, BAY_M[1], 0.01))
    for k in range(int(length / 60) + 1):
        _arrow(shape, (length * 0.08 + 60 * k, -21.6))
    _perimeter(shape, (cx, cy), (length + 2 * FENCE_M, width + 2 * FENCE_M))


def _fields(shape: Shape, length: float, width: float) -> None:
    """Draw fields of different colours outside the fence, each a little different in size."""
    random = np.random.default_rng(3)
    xs = _cuts(random, -MARGIN_M, length + MARGIN_M)
    ys = _cuts(random, -MARGIN_M, width + MARGIN_M)
    for x0, x1 in pairwise(xs):
        for y0, y1 in pairwise(ys):
            look = _FIELDS[int(random.integers(len(_FIELDS)))]
            inside = x1 > -FENCE_M and x0 < length + FENCE_M
            if inside and y1 > -FENCE_M and y0 < width + FENCE_M:
                continue
            size = (x1 - x0 - 0.8, y1 - y0 - 0.8, 0.1)
            shape.box(look, ((x0 + x1) / 2, (y0 + y1) / 2, -0.2), size)


def _cuts(random: np.random.Generator, low: float, high: float) -> list[float]:
    n = max(2, round((high - low) / FIELD_M))
    shares = np.cumsum(random.uniform(0.5, 1.5, n))
    return [low, *(low + (high - low) * shares / shares[-1]).tolist()]


def _arrow(shape: Shape, spot: tuple[float, float]) -> None:
    """Draw an arrow on the asphalt."""
    x, y = spot
    shape.box("mark", (x, y, -0.095), (2.2, 0.14, 0.01))
    for side in (-1, 1):
        end = (x + 0.6, y + side * 0.45, -0.094)
        shape.beam("mark", end, (x + 1.3, y, -0.094), width_m=0.16, thick_m=0.01)


def _perimeter(shape: Shape, middle: tuple[float, float], size: tuple[float, float]) -> None:
    """Draw a fence around the site, open where the road passes."""
    (cx, cy), (long, wide) = middle, size
    low, high, left, right = cy - wide / 2, cy + wide / 2, cx - long / 2, cx + long / 2
    gate = (-ROAD_M - 6, -ROAD_M + 6)
    runs = [((left, low), (right, low)), ((left, high), (right, high))]
    runs += [((x, a), (x, b)) for x in (left, right) for a, b in ((low, gate[0]), (gate[1], high))]
    for (ax, ay), (bx, by) in runs:
        far = abs(bx - ax) + abs(by - ay)
        shape.beam("fence", (ax, ay, 0.8), (bx, by, 0.8), width_m=0.02, thick_m=1.7)
        for part in spread(far, max(4.0, far / 60)):
            share = part / far
            spot = (ax + (bx - ax) * share, ay + (by - ay) * share, 0.85)
            shape.box("base", spot, (0.08, 0.08, 2.0))


def draw_car(shape: Shape, spec: AssetSpec) -> None:
    """Draw a parked car that faces +x, painted as ``look`` says."""
    paint = str(spec.options.get("look", "panel"))
    found = stock("car")
    shape.coarse = shape.coarse or Shape()
    for target, surfaces in ((shape, found.near), (shape.coarse, found.far)):
        for look, surface in surfaces.items():
            mesh = resized(surface, found, spec.size_m)
            target.mesh(paint if look == "panel" else look, mesh)


def draw_lorry(shape: Shape, spec: AssetSpec) -> None:
    """Draw a lorry that faces +x, the rear of its box at the origin."""
    del spec
    shape.box("body", (5.0, 0, 2.5), (10.0, 2.5, 2.7))
    for x in (0.05, 9.95):
        shape.box("trim", (x, 0, 2.5), (0.08, 2.56, 2.76))
    shape.box("dark", (6.0, 0, 0.95), (12.0, 0.9, 0.3))
    shape.box("accent", (11.6, 0, 2.0), (2.1, 2.45, 2.7))
    shape.box("screen", (12.66, 0, 2.5), (0.03, 2.1, 0.9))
    for side in (-1, 1):
        shape.box("screen", (11.9, side * 1.23, 2.5), (1.0, 0.02, 0.8))
        shape.box("dark", (12.5, side * 1.4, 2.5), (0.12, 0.25, 0.6))
        for wheel in (1.6, 2.8, 9.2, 11.7):
            shape.rod("dark", (wheel, side * 0.85, 0.5), (wheel, side * 1.22, 0.5), 0.5, sides=14)
            shape.rod("metal", (wheel, side * 1.2, 0.5), (wheel, side * 1.235, 0.5), 0.26, sides=10)
