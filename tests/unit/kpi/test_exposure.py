"""Time inside a zone, walked and stood still."""

from __future__ import annotations

import numpy as np
import pytest

from twin.kpi.exposure import Track, seconds_inside
from twin.kpi.window import Window
from twin.plant.place import Zone

ROOM = Zone(id="dry", kind="dry_room", corner_m=(10, 0), size_m=(10, 10))
ALL = Window(0.0, 1000.0)


def track(*legs: tuple[float, float, tuple[float, float], tuple[float, float]]) -> Track:
    start, end, source, target = zip(*legs, strict=True)
    return Track(np.array(start), np.array(end), np.array(source), np.array(target), source[0])


def inside(
    made: Track, window: Window = ALL, off: list[tuple[float, float]] | None = None
) -> float:
    return seconds_inside(made, [ROOM], window, off or [])


def test_a_walk_counts_by_its_way_inside() -> None:
    through = track((100.0, 130.0, (0.0, 5.0), (30.0, 5.0)))
    assert inside(through) == pytest.approx(10.0)
    assert inside(through, Window(0.0, 115.0)) == pytest.approx(5.0)
    slanted = track((0.0, 10.0, (5.0, -5.0), (15.0, 5.0)))
    assert inside(slanted, Window(0.0, 10.0)) == pytest.approx(5.0)


def test_a_walk_past_the_room_does_not_count() -> None:
    assert inside(track((0.0, 30.0, (0.0, 12.0), (30.0, 12.0)))) == 0.0
    assert inside(track((0.0, 30.0, (0.0, 10.0), (30.0, 10.0)))) == 0.0, "along the wall"


def test_time_at_work_and_at_home_inside_counts() -> None:
    there = track((100.0, 110.0, (5.0, 5.0), (15.0, 5.0)), (300.0, 310.0, (15.0, 5.0), (5.0, 5.0)))
    assert inside(there) == pytest.approx(5 + 190 + 5)
    lives_there = track((100.0, 110.0, (15.0, 5.0), (5.0, 5.0)))
    assert inside(lives_there) == pytest.approx(100 + 5)


def test_time_off_duty_does_not_count() -> None:
    lives_there = track((900.0, 910.0, (15.0, 5.0), (5.0, 5.0)))
    assert inside(lives_there, off=[(0.0, 300.0), (500.0, 600.0)]) == pytest.approx(500 + 5)


def test_who_never_walks_stands_where_they_wait() -> None:
    none = np.empty(0)
    still = Track(none, none, np.empty((0, 2)), np.empty((0, 2)), (15.0, 5.0))
    assert inside(still) == 1000.0
    assert inside(Track(none, none, np.empty((0, 2)), np.empty((0, 2)), (5.0, 5.0))) == 0.0
