"""Overlap of turned rectangles, against polygon clipping as an independent method."""

import math
from dataclasses import dataclass, replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.check.rectangle import Rectangle, near_pairs, overlap_m, swept

coordinate = st.floats(-5, 5)
side = st.floats(0.2, 6)
rectangles = st.builds(
    Rectangle,
    centre_m=st.tuples(coordinate, coordinate),
    size_m=st.tuples(side, side),
    heading_deg=st.floats(-360, 360),
)


def clipped_area(one: Rectangle, other: Rectangle) -> float:
    """Area common to both (Sutherland and Hodgman)."""
    polygon = list(one.corners)
    for k, a in enumerate(other.corners):
        b = other.corners[(k + 1) % 4]
        inside = [_side(a, b, p) for p in polygon]
        clipped = []
        for i, p in enumerate(polygon):
            q, sp, sq = polygon[(i + 1) % len(polygon)], inside[i], inside[(i + 1) % len(polygon)]
            if sp >= 0:
                clipped.append(p)
            if sp * sq < 0:
                share = sp / (sp - sq)
                clipped.append((p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])))
        polygon = clipped
        if not polygon:
            return 0.0
    after = [*polygon[1:], polygon[0]]
    return sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(polygon, after, strict=True)) / 2


def _side(a: tuple[float, float], b: tuple[float, float], p: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])


@given(rectangles, rectangles)
def test_overlap_agrees_with_clipping(one: Rectangle, other: Rectangle) -> None:
    depth, area = overlap_m(one, other), clipped_area(one, other)
    if depth > 1e-6:
        assert area > 0
    elif depth == 0:
        assert area < 1e-6


@given(rectangles, rectangles)
def test_overlap_is_symmetric(one: Rectangle, other: Rectangle) -> None:
    assert overlap_m(one, other) == pytest.approx(overlap_m(other, one), abs=1e-9)


@given(rectangles, rectangles, coordinate, coordinate, st.floats(-180, 180))
def test_overlap_does_not_change_when_both_move(
    one: Rectangle, other: Rectangle, dx: float, dy: float, turn_deg: float
) -> None:
    def moved(shape: Rectangle) -> Rectangle:
        c, s = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))
        x, y = shape.centre_m
        centre = (c * x - s * y + dx, s * x + c * y + dy)
        return replace(shape, centre_m=centre, heading_deg=shape.heading_deg + turn_deg)

    assert overlap_m(moved(one), moved(other)) == pytest.approx(overlap_m(one, other), abs=1e-9)


@given(rectangles, rectangles)
def test_overlap_is_the_shortest_way_apart(one: Rectangle, other: Rectangle) -> None:
    depth = overlap_m(one, other)

    def at(direction_deg: float, by_m: float) -> float:
        angle = math.radians(direction_deg)
        x, y = other.centre_m
        centre = (x + by_m * math.cos(angle), y + by_m * math.sin(angle))
        return overlap_m(one, replace(other, centre_m=centre))

    normals = [h + q for h in (one.heading_deg, other.heading_deg) for q in (0, 90, 180, 270)]
    assert min(at(normal, depth) for normal in normals) < 1e-9
    if depth > 1e-3:
        assert all(at(normal, 0.99 * depth) > 0 for normal in normals)


def test_overlap_of_squares_side_by_side_is_what_they_share() -> None:
    one = Rectangle((0, 0), (2, 2))
    assert overlap_m(one, Rectangle((1.5, 0.2), (2, 2))) == pytest.approx(0.5)
    assert overlap_m(one, Rectangle((2, 0), (2, 2))) == 0


def test_overlap_of_a_diamond_and_a_square_needs_the_diagonal_axis() -> None:
    square, diamond = Rectangle((0, 0), (2, 2)), Rectangle((1.9, 1.9), (2, 2), 45)
    x_min, y_min, _, _ = diamond.bounds
    assert x_min < 1
    assert y_min < 1
    assert overlap_m(square, diamond) == 0


def test_swept_strip_has_the_length_of_the_way() -> None:
    strip = swept((1, 1), (4, 5), 0.5)
    assert strip.size_m == pytest.approx((5, 0.5))
    assert strip.centre_m == (2.5, 3)
    assert strip.axes[0] == pytest.approx((0.6, 0.8))


@dataclass(frozen=True)
class Thing:
    name: int
    rectangle: Rectangle


@given(st.lists(rectangles, max_size=12))
def test_near_pairs_leaves_out_no_overlap(shapes: list[Rectangle]) -> None:
    things = [Thing(k, shape) for k, shape in enumerate(shapes)]
    near = [tuple(sorted((a.name, b.name))) for a, b in near_pairs(things)]
    touching = {
        (a.name, b.name)
        for a, b in combinations(things, 2)
        if overlap_m(a.rectangle, b.rectangle) > 0
    }
    assert touching <= set(near)
    assert len(near) == len(set(near))
