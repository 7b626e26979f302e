"""The momentary bottleneck: longest active period at each moment."""

from __future__ import annotations

import numpy as np
import pytest

from twin.kpi.shifting import Shift, _both, bottleneck_over_time, momentary
from twin.run.run import Run


def test_longest_active_period_wins_and_overlap_is_shifting() -> None:
    found = momentary(
        {"a": np.array([[0.0, 10.0], [18.0, 20.0]]), "b": np.array([[6.0, 18.0]])}, (0.0, 20.0)
    )
    assert found == [
        Shift("a", 0.0, 6.0, 0.0),
        Shift("b", 6.0, 18.0, 4.0),
        Shift("a", 18.0, 20.0, 0.0),
    ]


def test_period_inside_a_longer_one_never_counts() -> None:
    found = momentary({"a": np.array([[0.0, 10.0]]), "b": np.array([[2.0, 9.0]])}, (0.0, 12.0))
    assert found == [Shift("a", 0.0, 10.0, 0.0)]


def test_by_brute_force_on_random_periods() -> None:
    rng = np.random.default_rng(5)
    periods = {}
    for name in "abcd":
        edges = np.sort(rng.choice(1000, 40, replace=False)).astype(float).reshape(-1, 2)
        periods[name] = edges
    found = momentary(periods, (0.0, 1000.0))
    for t in np.arange(1000) + 0.5:
        lengths = {
            name: float(b - a) for name, rows in periods.items() for a, b in rows if a <= t < b
        }
        owner = [one.station for one in found if one.from_s <= t < one.to_s]
        if not lengths:
            assert owner == []
        else:
            assert lengths[owner[0]] == max(lengths.values())


def test_station_of_two_machines_is_active_while_both_are() -> None:
    both = _both(np.array([[0.0, 5.0], [6.0, 9.0]]), np.array([[1.0, 7.0]]))
    assert both.tolist() == [[1.0, 5.0], [6.0, 7.0]]


def test_pilot_run_has_a_bottleneck_at_nearly_every_moment(pilot_run: Run) -> None:
    found = bottleneck_over_time(pilot_run)
    assert sum(found.shares.values()) == pytest.approx(1.0, abs=0.02)
    assert all(found.sole_shares[k] <= v + 1e-9 for k, v in found.shares.items())
    assert len(found.windows) == 8
    times = [one.from_s for one in found.shifts]
    assert times == sorted(times)
