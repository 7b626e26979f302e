"""Rectangles turned about the vertical: corners, overlap, and pairs that may overlap."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from twin.plant.base import Vec2


@dataclass(frozen=True)
class Rectangle:
    """A rectangle on the floor.

    Attributes
    ----------
    centre_m : tuple of float
    size_m : tuple of float
        Length along the heading and width across it.
    heading_deg : float
        Counter-clockwise about the vertical.
    """

    centre_m: Vec2
    size_m: Vec2
    heading_deg: float = 0.0

    @cached_property
    def axes(self) -> tuple[Vec2, Vec2]:
        """Unit vectors along the length and the width."""
        turn = math.radians(self.heading_deg)
        c, s = math.cos(turn), math.sin(turn)
        return (c, s), (-s, c)

    @cached_property
    def corners(self) -> tuple[Vec2, ...]:
        """The four corners, counter-clockwise."""
        (x, y), (u, v) = self.centre_m, self.axes
        a, b = self.size_m[0] / 2, self.size_m[1] / 2
        signs = ((-a, -b), (a, -b), (a, b), (-a, b))
        return tuple((x + p * u[0] + q * v[0], y + p * u[1] + q * v[1]) for p, q in signs)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Smallest and largest x and y: (x_min, y_min, x_max, y_max)."""
        xs, ys = zip(*self.corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def half_extent(self, axis: Vec2) -> float:
        """Return half the length of the rectangle's shadow on a unit vector."""
        return sum(
            size / 2 * abs(own[0] * axis[0] + own[1] * axis[1])
            for size, own in zip(self.size_m, self.axes, strict=True)
        )


def swept(start: Vec2, end: Vec2, width_m: float) -> Rectangle:
    """Return the strip that a width sweeps from one point to another."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    centre = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    return Rectangle(centre, (math.hypot(dx, dy), width_m), math.degrees(math.atan2(dy, dx)))


def overlap_m(one: Rectangle, other: Rectangle) -> float:
    """Return how far two rectangles overlap: the shortest way that parts them; 0 where they do not.

    Separating axis theorem: two convex shapes are apart if and only if their shadows are apart on
    a normal of one of their sides.
    """
    dx = other.centre_m[0] - one.centre_m[0]
    dy = other.centre_m[1] - one.centre_m[1]
    depth = math.inf
    for axis in (*one.axes, *other.axes):
        gap = abs(dx * axis[0] + dy * axis[1])
        depth = min(depth, one.half_extent(axis) + other.half_extent(axis) - gap)
        if depth <= 0:
            return 0.0
    return depth


class Placed(Protocol):
    """Anything with a rectangle."""

    @property
    def rectangle(self) -> Rectangle:
        """The floor it takes."""


T = TypeVar("T", bound=Placed)


def near_pairs(things: Sequence[T]) -> Iterator[tuple[T, T]]:
    """Yield pairs whose bounds overlap; a sweep along x never compares far ones."""
    order = sorted(things, key=lambda thing: thing.rectangle.bounds[0])
    active: list[T] = []
    for thing in order:
        x_min, y_min, _, y_max = thing.rectangle.bounds
        active = [other for other in active if other.rectangle.bounds[2] > x_min]
        for other in active:
            _, low, _, high = other.rectangle.bounds
            if low < y_max and y_min < high:
                yield other, thing
        active.append(thing)
