"""Accumulating conveyors: lots travel, queue up, close up, and keep their order."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.motion.belt import Belt, Stretch, travel
from twin.plant.place import Conveyor

SPEED = 0.5


def belt(capacity: int = 5, path: list[list[float]] | None = None) -> Belt:
    return Belt(
        Conveyor.model_validate(
            {
                "id": "belt", "item": "tray", "capacity": capacity, "speed_mps": SPEED,
                "path_m": path or [[0, 0], [6, 0], [6, 4]], "height_m": 0.8,
            }
        )
    )  # fmt: skip


def along_m(one: Belt, point: tuple[float, float, float]) -> float:
    """Distance from the start of the L-shaped belt."""
    x, y, _ = point
    return x if y == 0 else 6 + y


def position_m(one: Belt, way: list[Stretch], t: float) -> float:
    for part in way:
        if part.t0_s <= t <= part.t1_s:
            share = (t - part.t0_s) / (part.t1_s - part.t0_s)
            a, b = along_m(one, part.p0_m), along_m(one, part.p1_m)
            return a + share * (b - a)
    raise AssertionError(f"no stretch at {t}")


@st.composite
def traffic(draw: st.DrawFn) -> tuple[int, list[float], list[float]]:
    """Arrivals and departures of a first-in first-out belt that obeys capacity and travel time."""
    capacity = draw(st.integers(1, 7))
    travel_s = 10 / SPEED
    entered: list[float] = []
    left: list[float] = []
    n = draw(st.integers(1, 14))
    for k in range(n):
        start = (entered[-1] if entered else 0.0) + draw(st.floats(0.5, 40))
        if k >= capacity:
            start = max(start, left[k - capacity])
        end = max(start + travel_s, left[-1] if left else 0.0) + draw(st.floats(0, 60))
        entered.append(start)
        left.append(end)
    return capacity, entered, left


def test_lone_lot_travels_and_waits_at_the_end() -> None:
    (way,) = travel(belt(), [10.0], [100.0])
    assert [(s.t0_s, s.t1_s) for s in way] == [(10, 22), (22, 30), (30, 100)]
    assert [s.p1_m for s in way] == [(6, 0, 0.8), (6, 4, 0.8), (6, 4, 0.8)]


def test_second_lot_queues_a_pitch_behind_and_closes_up() -> None:
    one = belt()
    _, way = travel(one, [0.0, 5.0], [60.0, 90.0])
    assert one.pitch_m == 2.0
    assert position_m(one, way, 59.0) == pytest.approx(8.0)
    assert position_m(one, way, 62.0) == pytest.approx(9.0)
    assert position_m(one, way, 80.0) == pytest.approx(10.0)


def test_lots_that_wait_from_the_beginning_stand_in_the_queue() -> None:
    one = belt()
    ways = travel(one, [0.0, 0.0, 0.0], [3.0, 50.0, 60.0], n_waiting=2)
    assert [position_m(one, way, 0.0) for way in ways] == [10.0, 8.0, 0.0]
    assert position_m(one, ways[1], 7.0) == pytest.approx(10.0)


def test_point_follows_the_path() -> None:
    one = belt()
    assert one.length_m == 10.0
    assert one.point_m(3.0) == (3.0, 0.0, 0.8)
    assert one.point_m(8.5) == (6.0, 2.5, 0.8)


@settings(max_examples=120, deadline=None)
@given(traffic())
def test_way_lasts_the_whole_stay_without_jumps(case: tuple[int, list[float], list[float]]) -> None:
    capacity, entered, left = case
    for way, start, end in zip(travel(belt(capacity), entered, left), entered, left, strict=True):
        assert way[0].t0_s == start
        assert way[-1].t1_s == end
        assert way[0].p0_m == (0, 0, 0.8)
        for a, b in pairwise(way):
            assert a.t1_s == pytest.approx(b.t0_s, abs=1e-9)
            np.testing.assert_allclose(a.p1_m, b.p0_m, atol=1e-9)


@settings(max_examples=120, deadline=None)
@given(traffic())
def test_lots_never_run_back_or_beyond_the_end_or_too_fast(
    case: tuple[int, list[float], list[float]],
) -> None:
    capacity, entered, left = case
    one = belt(capacity)
    for way in travel(one, entered, left):
        for part in way:
            a, b = along_m(one, part.p0_m), along_m(one, part.p1_m)
            assert 0 <= a <= b <= one.length_m + 1e-9
            assert b - a <= SPEED * (part.t1_s - part.t0_s) + 1e-9


@settings(max_examples=120, deadline=None)
@given(traffic())
def test_resting_lots_are_a_pitch_apart_and_none_overtakes(
    case: tuple[int, list[float], list[float]],
) -> None:
    capacity, entered, left = case
    one = belt(capacity)
    ways = travel(one, entered, left)
    rests = [{(p.t0_s, p.t1_s) for p in way if p.p0_m == p.p1_m} for way in ways]
    times = np.linspace(entered[0], left[-1], 97)
    for t in times.tolist():
        here = [k for k in range(len(ways)) if entered[k] <= t < left[k]]
        at = [position_m(one, ways[k], t) for k in here]
        for (ahead, a), (behind, b) in pairwise(zip(here, at, strict=True)):
            assert b <= a + 1e-9
            still = all(any(p <= t <= q for p, q in rests[k]) for k in (ahead, behind))
            assert not still or a - b >= one.pitch_m - 1e-9
