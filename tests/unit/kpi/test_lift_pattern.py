"""Lifts a minute and the class of duration."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from twin.kpi.lift_pattern import Span, duration_class, present, rate, shift_spans
from twin.kpi.window import Window
from twin.plant.people import WorkerPool

MIN = 60.0
SHIFT = [Span(0.0, 8 * 3600.0, 1)]


def every(step_min: float, from_min: float, to_min: float) -> NDArray[np.float64]:
    """Moments in seconds, both ends included."""
    return np.arange(from_min, to_min + 1e-9, step_min) * MIN


def seen(*parts: NDArray[np.float64], until_h: float = 8.0) -> str | None:
    return duration_class(np.concatenate(parts), SHIFT, until_h * 3600)


def test_lifts_a_minute_of_work_that_is_not_continuous() -> None:
    """P. 16 of the manual: 10 lifts a minute for 8 of 15 minutes are 80 / 15 = 5.33 a minute."""
    time_s = every(0.1, 0.1, 8.0)
    assert len(time_s) == 80
    found = rate(time_s, np.ones(80), Window(0.0, 3600.0))
    assert found is not None
    assert found.worst == pytest.approx(80 / 15)
    assert found.mean == pytest.approx(80 / 60)


def test_worst_quarter_hour_is_found_wherever_it_begins() -> None:
    time_s = np.array([100.0, 890.0, 900.0, 910.0, 1700.0, 3000.0])
    found = rate(time_s, np.array([1.0, 2.0, 3.0, 4.0, 5.0, 1.0]), Window(0.0, 3600.0))
    assert found is not None
    assert found.worst == pytest.approx((2 + 3 + 4 + 5) / 15)


def test_only_the_window_counts_and_it_must_be_long_enough() -> None:
    time_s, lifts = np.array([10.0, 950.0, 2000.0]), np.array([5.0, 1.0, 7.0])
    found = rate(time_s, lifts, Window(900.0, 1800.0))
    assert found is not None
    assert found.worst == found.mean == pytest.approx(1 / 15)
    assert rate(time_s, lifts, Window(0.0, 899.0)) is None
    none = rate(np.array([]), np.array([]), Window(0.0, 900.0))
    assert none is not None
    assert none.worst == none.mean == 0.0


def test_duration_of_the_illustrations_of_the_manual() -> None:
    """P. 14: 30 min, 10 min of light work and 45 min make 75 min; 30 min of it keep it short.

    Two hours need 36 min of recovery to stay moderate.
    """
    long_rest = (every(1, 0, 30), every(1, 60, 105))
    assert seen(*long_rest) == "short"
    assert seen(every(1, 0, 30), every(1, 56, 101)) == "moderate", "26 min after 30 are too few"
    assert seen(every(1, 0, 120), every(1, 156, 160)) == "moderate"
    assert seen(every(1, 0, 120), every(1, 155, 160)) == "long"


def test_pauses_of_a_quarter_hour_are_no_recovery() -> None:
    assert seen(every(15, 0, 60)) == "short"
    assert seen(every(15, 0, 90)) == "moderate"
    assert seen(every(15, 0, 150)) == "long"
    assert seen(every(16, 0, 400)) == "short", "each lift by itself"


def test_more_than_eight_hours_have_no_class() -> None:
    long_shift = [Span(0.0, 12 * 3600.0, 1)]
    assert duration_class(every(5, 0, 485), long_shift, 12 * 3600.0) is None
    assert duration_class(every(5, 0, 480), long_shift, 12 * 3600.0) == "long"


def test_each_shift_is_judged_by_itself() -> None:
    spans = [Span(0.0, 3600.0, 1), Span(3600.0, 7200.0, 1), Span(7200.0, 10800.0, 1)]
    time_s = every(5, 0, 180)
    assert duration_class(time_s, spans, 4 * 3600.0) == "short"
    assert duration_class(time_s, [Span(0.0, 10800.0, 1)], 4 * 3600.0) == "long"


def test_work_the_end_of_the_run_cuts_is_long_unless_known_better() -> None:
    assert seen(every(5, 0, 30), until_h=0.5) == "long"
    assert seen(every(5, 0, 30), until_h=2.0) == "short", "an hour and a half of rest was seen"
    assert seen(every(5, 0, 30), every(5, 100, 120), until_h=2.0) == "short"
    assert seen(every(5, 0, 30), every(5, 100, 140), until_h=2.4) == "long"


def test_nothing_lifted_is_short() -> None:
    assert duration_class(np.array([]), SHIFT, 3600.0) == "short"


def test_shifts_of_a_run(build) -> None:  # type: ignore[no-untyped-def]
    shifts = [
        {"id": "early", "start": "06:00", "hours": 8, "days": ["mon"]},
        {"id": "night", "start": "22:00", "hours": 8},
        {"id": "nobody", "start": "14:00", "hours": 8},
    ]
    made = build.scenario([build.station("a")], shifts=shifts, closed=["2026-01-06"])
    made = made.model_copy(update={"start": "2026-01-05T04:00:00"})  # a Monday
    pool = WorkerPool(
        id="operators", kind="operator", home_m=(0, 0), walk_mps=1.0,
        staff={"early": 2, "night": 3},
    )  # fmt: skip
    hour = 3600.0
    spans = shift_spans(made, pool, 48 * hour)
    assert spans == [
        Span(-6 * hour, 2 * hour, 3),
        Span(2 * hour, 10 * hour, 2),
        Span(18 * hour, 26 * hour, 3),
    ]
    assert present(spans, np.array([0.0, 3 * hour, 12 * hour])).tolist() == [3.0, 2.0, 1.0]
