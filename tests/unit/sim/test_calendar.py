"""Working time: when shifts begin and end, and the moments of a rhythm."""

from __future__ import annotations

import calendar
import math
from typing import Any

import pytest

from sim.people.calendar import Moments, ShiftTimes
from twin.plant.people import Shift

H, DAY = 3600.0, 86_400.0
MONDAY = "2026-01-05T00:00:00"


def times(begins: str = MONDAY, closed: tuple[str, ...] = (), **shift: Any) -> ShiftTimes:
    made = Shift.model_validate({"id": "s", "start": "06:00", "hours": 8, **shift})
    return ShiftTimes(made, closed, begins)


def test_a_shift_is_worked_from_its_start_to_before_its_end() -> None:
    shift = times()
    assert [shift.worked(t) for t in (6 * H - 1, 6 * H, 14 * H - 1, 14 * H)] == [0, 1, 1, 0]


def test_changes_follow_each_other_through_breaks_and_the_week_end() -> None:
    shift = times(days=["fri"], breaks=[{"start": "10:00", "length": "30min"}])
    friday = 4 * DAY
    moments, now = [], 0.0
    for _ in range(5):
        now = shift.next_change(now)
        moments.append(now - friday)
    assert moments == [6 * H, 10 * H, 10.5 * H, 14 * H, 7 * DAY + 6 * H]


def test_a_run_may_begin_in_the_middle_of_a_night_shift() -> None:
    night = times("2026-01-06T03:00:00", start="22:00", days=["mon"])
    assert night.worked(0.0)
    assert night.next_change(0.0) == 3 * H
    assert not night.worked(20 * H)


def test_a_closed_day_is_passed_over() -> None:
    assert times(days=["mon"]).next_change(15 * H) == 7 * DAY + 6 * H
    assert times(closed=("2026-01-12",), days=["mon"]).next_change(15 * H) == 14 * DAY + 6 * H
    every_day = tuple(f"{y}-{m:02}-{d:02}" for y in (2026, 2027) for m in range(1, 13)
                      for d in range(1, 32) if d <= calendar.monthrange(y, m)[1])  # fmt: skip
    assert times(closed=every_day).next_change(0.0) == math.inf


@pytest.mark.parametrize("now", [0.0, 6 * H, 100 * DAY + 3.3])
def test_around_the_clock_is_always_worked(now: float) -> None:
    assert times(hours=24).worked(now)
    assert times(hours=24).next_change(now) < math.inf


def test_moments_of_a_rhythm_and_of_weekdays() -> None:
    hourly = Moments(every_s=H, at_s=None, days=(), start=MONDAY)
    assert [hourly.next_after(t) for t in (0.0, H - 1, H, 3 * H)] == [H, H, 2 * H, 4 * H]
    fridays = Moments(every_s=None, at_s=22 * H, days=("fri",), start="2026-01-09T23:00:00")
    assert fridays.next_after(0.0) == 7 * DAY - H
    assert fridays.next_after(7 * DAY - H) == 14 * DAY - H
