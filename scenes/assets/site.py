"""What is around the building: ground, roads, parking, fence, trees, cars and lorries."""

from __future__ import annotations

from itertools import pairwise

from scenes.assets.building import spread
from twin.usd.shape import AssetSpec, Shape

MARGIN_M = 70.0
ROAD_M = 42.0
"""From the building to the middle of the road in front of it."""

BAY_M = (2.6, 5.2)


def draw_site(shape: Shape, spec: AssetSpec) -> None:
    """Draw the ground around a hall of the size asked for; origin: the hall's corner."""
    length, width, _ = spec.size_m
    cx, cy, long, wide = length / 2, width / 2, length + 2 * MARGIN_M, width + 2 * MARGIN_M
    shape.box("grass", (cx, cy, -0.3), (long, wide, 0.3))
    shape.box("asphalt", (cx, cy, -0.2), (length + 44, width + 44, 0.2))
    shape.box("asphalt", (cx, -ROAD_M, -0.19), (long, 8.0, 0.2))
    shape.box("asphalt", (length * 0.8, -30, -0.195), (9.0, 18.0, 0.2))
    for y in (-ROAD_M - 4.1, -ROAD_M + 4.1):
        shape.box("trim", (cx, y, -0.1), (long, 0.2, 0.24))
    for x in spread(long, 6.0)[1:-1]:
        shape.box("mark", (x - MARGIN_M, -ROAD_M, -0.085), (3.0, 0.15, 0.01))
    for x in parking_m(length):
        shape.box("mark", (x - BAY_M[0] / 2, -16.5, -0.095), (0.1, BAY_M[1], 0.01))
    _perimeter(shape, (cx, cy), (long - 6, wide - 6))


def parking_m(length_m: float) -> list[float]:
    """Return where along the front of a hall cars can park."""
    return [length_m * 0.1 + k * BAY_M[0] for k in range(max(1, int(length_m * 0.4 / BAY_M[0])))]


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


def draw_tree(shape: Shape, spec: AssetSpec) -> None:
    """Draw a tree: a trunk and a crown of three rounded parts."""
    wide, _, high = spec.size_m
    r = wide / 2
    shape.rod("bark", (0, 0, -0.2), (0, 0, high * 0.5), 0.16, 0.09, sides=7)
    for x, y, z, size in ((0, 0, 0.62, 1.0), (0.4, 0.2, 0.5, 0.7), (-0.35, -0.3, 0.52, 0.75)):
        foot, part = (x * r, y * r, z * high), r * size
        rings = ((-0.75, 0.45), (-0.3, 0.95), (0.25, 0.9), (0.75, 0.5))
        for (z0, r0), (z1, r1) in pairwise(rings):
            a, b = (foot[0], foot[1], foot[2] + z0 * part), (foot[0], foot[1], foot[2] + z1 * part)
            shape.rod("leaf", a, b, r0 * part, r1 * part, sides=9)


def draw_car(shape: Shape, spec: AssetSpec) -> None:
    """Draw a parked car that faces +x."""
    look = str(spec.options.get("look", "body"))
    shape.box(look, (0, 0, 0.52), (4.3, 1.72, 0.5))
    shape.box(look, (0, 0, 0.68), (3.6, 1.64, 0.26))
    shape.box("screen", (-0.25, 0, 0.96), (2.5, 1.5, 0.32))
    shape.box("screen", (-0.25, 0, 1.24), (1.9, 1.36, 0.28))
    shape.box(look, (-0.25, 0, 1.4), (1.5, 1.2, 0.06))
    for x in (-1.35, 1.35):
        for side in (-1, 1):
            ends = (x, side * 0.66, 0.32), (x, side * 0.88, 0.32)
            shape.rod("dark", *ends, 0.32, sides=12)
    for lamp in (-0.6, 0.6):
        shape.box("mark", (2.15, lamp, 0.6), (0.04, 0.35, 0.14))
        shape.box("critical", (-2.15, lamp, 0.62), (0.04, 0.3, 0.12))


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
