"""How often and how long people lift: lifts a minute in 15 minutes, and the class of duration.

Rules of the manual of the revised NIOSH lifting equation, p. 13 to 16 (see `twin.kpi.niosh`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from twin.kpi.niosh import Duration
from twin.kpi.window import Window
from twin.plant.people import DAY_S, WEEK, Shift, WorkerPool
from twin.plant.scenario import Scenario

Floats = NDArray[np.float64]

PERIOD_S = 900.0
"""Time over which lifts a minute are counted (p. 13)."""

SHORT_S, SHORT_RECOVERY = 3600.0, 1.0
MODERATE_S, MODERATE_RECOVERY = 7200.0, 0.3
MOST_S = 8 * 3600.0
"""Longest lifting of a class, and the recovery after it as a share of it (p. 13, 14)."""

_ORDER: tuple[Duration, ...] = ("short", "moderate", "long")


@dataclass(frozen=True)
class Rate:
    """Lifts a minute."""

    mean: float
    worst: float


def within(time_s: Floats, window: Window) -> NDArray[np.bool_]:
    """Return which moments lie in a window, both its ends included."""
    return (time_s >= window.from_s) & (time_s <= window.to_s)


def rate(time_s: Floats, lifts: Floats, window: Window) -> Rate | None:
    """Return lifts a minute: over the window, and in its worst 15 minutes, wherever they begin.

    None: the window is shorter than 15 minutes.
    """
    if window.length_s < PERIOD_S:
        return None
    chosen = within(time_s, window)
    time_s, total = time_s[chosen], np.concatenate([[0.0], np.cumsum(lifts[chosen])])
    last = np.searchsorted(time_s, time_s + PERIOD_S, side="left")
    most = float((total[last] - total[:-1]).max()) if len(time_s) else 0.0
    return Rate(60.0 * float(total[-1]) / window.length_s, 60.0 * most / PERIOD_S)


@dataclass(frozen=True)
class Span:
    """One shift of one day, in seconds since the start of the run."""

    from_s: float
    to_s: float
    staff: int


def shift_spans(scenario: Scenario, pool: WorkerPool, until_s: float) -> list[Span]:
    """Return the shifts in which somebody of a pool works, up to a time, in order."""
    start = datetime.fromisoformat(scenario.start)
    offset_s = start.hour * 3600.0 + start.minute * 60.0 + start.second
    closed = {date.fromisoformat(text) for text in scenario.plant.closed}
    spans = []
    for day in range(-1, int((until_s + offset_s) // DAY_S) + 1):
        on = start.date() + timedelta(days=day)
        if on in closed:
            continue
        begin_s = day * DAY_S - offset_s
        spans += [
            Span(begin_s + shift.start, begin_s + shift.start + shift.hours * 3600, staff)
            for shift in scenario.plant.shifts
            if (staff := pool.staff.get(shift.id, 0)) and _begins(shift, on)
        ]
    spans.sort(key=lambda span: (span.from_s, span.to_s))
    return [span for span in spans if span.to_s > 0 and span.from_s < until_s]


def _begins(shift: Shift, on: date) -> bool:
    return WEEK[on.weekday()] in shift.days


def present(spans: Sequence[Span], time_s: Floats) -> Floats:
    """Return how many work at each time; 1 where no shift says so (work that ends late)."""
    staff = np.zeros(len(time_s))
    for span in spans:
        staff += np.where((time_s >= span.from_s) & (time_s < span.to_s), span.staff, 0)
    return np.maximum(staff, 1.0)


def duration_class(time_s: Floats, spans: Sequence[Span], until_s: float) -> Duration | None:
    """Return the longest class of duration of all shifts; None: more than eight hours in one.

    Lifts no more than 15 minutes apart are one period of work, from the first to the last of them;
    what lies between two periods is recovery. Each shift is judged by itself: after it other people
    come. A period that the end of the run cuts short is long, unless a finished one of the same
    run was at least as long.
    """
    found: list[Duration] = []
    cut: list[float] = []
    done_s = 0.0
    starts = [span.from_s for span in spans]
    owner = np.maximum(np.searchsorted(starts, time_s, side="right") - 1, 0)
    for k in np.unique(owner):
        ends_s = spans[k].to_s if spans else np.inf
        periods, open_s = _periods(time_s[owner == k], ends_s, until_s)
        if any(work_s > MOST_S for work_s in (*periods, open_s)):
            return None
        found += [_class(work_s) for work_s in periods]
        done_s = max([done_s, *periods])
        if open_s >= 0:
            cut.append(open_s)
    if any(open_s > done_s or not found for open_s in cut):
        found.append("long")
    return max(found, key=_ORDER.index, default="short")


def _periods(time_s: Floats, ends_s: float, until_s: float) -> tuple[list[float], float]:
    """Return the work times of one shift, those without enough recovery after them added up.

    The second value is the work time of the period that the end of the run cuts; -1: none.
    """
    breaks = np.flatnonzero(np.diff(time_s) > PERIOD_S) + 1
    parts = np.split(time_s, breaks)
    periods: list[float] = []
    carried_s = 0.0
    for k, part in enumerate(parts):
        work_s = carried_s + float(part[-1] - part[0])
        if k + 1 < len(parts):
            rest_s = float(parts[k + 1][0] - part[-1])
        elif ends_s <= until_s:
            rest_s = np.inf
        else:
            rest_s = until_s - float(part[-1])
            if rest_s <= PERIOD_S or not _recovered(work_s, rest_s):
                return periods, work_s
        if _recovered(work_s, rest_s):
            periods.append(work_s)
            carried_s = 0.0
        else:
            carried_s = work_s
    return periods, -1.0


def _recovered(work_s: float, rest_s: float) -> bool:
    """Whether a rest after work is long enough for the class of its length."""
    if work_s <= SHORT_S:
        return rest_s >= SHORT_RECOVERY * work_s
    return rest_s >= MODERATE_RECOVERY * work_s


def _class(work_s: float) -> Duration:
    if work_s <= SHORT_S:
        return "short"
    return "moderate" if work_s <= MODERATE_S else "long"
