"""Lots on an accumulating conveyor: they travel at its speed and queue up at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from twin.plant.base import Vec3
from twin.plant.place import Conveyor

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stretch:
    """One straight stretch of a lot's way along a belt, at constant speed (or at rest)."""

    t0_s: float
    t1_s: float
    p0_m: Vec3
    p1_m: Vec3


class Belt:
    """The centre line of a conveyor, by distance from its start."""

    def __init__(self, conveyor: Conveyor) -> None:
        self._points = np.array(conveyor.path_m, dtype=float)
        lengths = [float(np.linalg.norm(b - a)) for a, b in pairwise(self._points)]
        self._marks = np.concatenate([[0.0], np.cumsum(lengths)])
        self._height_m = conveyor.height_m
        self.length_m = float(self._marks[-1])
        self.speed_mps = conveyor.speed_mps
        self.pitch_m = self.length_m / conveyor.capacity

    def point_m(self, along_m: float) -> Vec3:
        """Return the point at a distance from the start, on top of the belt."""
        x = float(np.interp(along_m, self._marks, self._points[:, 0]))
        y = float(np.interp(along_m, self._marks, self._points[:, 1]))
        return (x, y, self._height_m)

    def stretches(self, t0_s: float, t1_s: float, s0_m: float, s1_m: float) -> Iterator[Stretch]:
        """Split a run along the belt at constant speed where the belt turns."""
        inner = [m for m in self._marks.tolist() if s0_m < m < s1_m]
        marks = [s0_m, *inner, s1_m]
        for a, b in pairwise(marks):
            share = (t1_s - t0_s) / (s1_m - s0_m) if s1_m > s0_m else 0.0
            begin = t0_s + (a - s0_m) * share
            end = t0_s + (b - s0_m) * share if s1_m > s0_m else t1_s
            yield Stretch(begin, end, self.point_m(a), self.point_m(b))


def travel(
    belt: Belt, entered_s: Sequence[float], left_s: Sequence[float], *, n_waiting: int = 0
) -> list[list[Stretch]]:
    """Return the way of every lot of a first-in first-out belt.

    Parameters
    ----------
    belt : Belt
    entered_s, left_s : sequences
        When each lot came and went, in the order of coming, which is the order of going.
    n_waiting : int
        How many lots, the first ones, wait at the end from the beginning.
    """
    ways, gone = [], 0
    for k, (start, end) in enumerate(zip(entered_s, left_s, strict=True)):
        while gone < k and left_s[gone] <= start:
            gone += 1
        ways.append(list(_way(belt, start, end, left_s[gone:k], waits=k < n_waiting)))
    return ways


def _way(
    belt: Belt, start_s: float, end_s: float, ahead: Sequence[float], *, waits: bool
) -> Iterator[Stretch]:
    """Move towards the end of the queue, which advances by a pitch with every lot that leaves."""
    target = belt.length_m - belt.pitch_m * len(ahead)
    now, at = start_s, max(target, 0.0) if waits else 0.0
    for change in [*[t for t in ahead if t < end_s], end_s]:
        arrival = now + max(target - at, 0.0) / belt.speed_mps
        until = min(arrival, change)
        goal = target if arrival <= change else at + belt.speed_mps * (change - now)
        if until > now and goal > at:
            yield from belt.stretches(now, until, at, goal)
            at = goal
        if change > until:
            yield Stretch(until, change, belt.point_m(at), belt.point_m(at))
        now = change
        target += belt.pitch_m
