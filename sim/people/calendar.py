"""Working time: when shifts are worked, and who is told when that changes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol

from sim.core.timer import Timer
from sim.core.world import World
from sim.people.pool import Pool
from twin.plant.people import DAY_S, WEEK, Shift

FURTHEST_DAYS = 400
"""How far ahead the next shift is looked for."""

Span = tuple[float, float]


class ShiftTimes:
    """The times at which one shift is worked, in seconds since the start of the run.

    Parameters
    ----------
    shift : Shift
    closed : iterable of str
        Dates on which it does not begin.
    start : str
        Wall-clock time of the start of the run.
    """

    def __init__(self, shift: Shift, closed: Iterable[str], start: str) -> None:
        moment = datetime.fromisoformat(start)
        self._first_day = moment.date()
        self._offset_s = moment.hour * 3600.0 + moment.minute * 60.0 + moment.second
        self._closed = {date.fromisoformat(text) for text in closed}
        self._days = set(shift.days)
        self._spans = shift.worked_spans

    def worked(self, now: float) -> bool:
        """Whether it is worked at a time; its end is not."""
        return any(begin <= now < end for begin, end in self._around(now))

    def next_change(self, now: float) -> float:
        """Return the next time at which it begins or ends; infinite if there is none."""
        today = self._day(now)
        for day in range(today - 1, today + FURTHEST_DAYS):
            later = [moment for span in self._of(day) for moment in span if moment > now]
            if later:
                after = [m for span in self._of(day + 1) for m in span if m > now]
                return min([*later, *after])
        return math.inf

    def _around(self, now: float) -> list[Span]:
        today = self._day(now)
        return [*self._of(today - 1), *self._of(today)]

    def _day(self, now: float) -> int:
        return int((now + self._offset_s) // DAY_S)

    def _of(self, day: int) -> list[Span]:
        """Return the spans of the shift that begins on a day, counted from the run's first."""
        on = self._first_day + timedelta(days=day)
        if WEEK[on.weekday()] not in self._days or on in self._closed:
            return []
        begin = day * DAY_S - self._offset_s
        return [(begin + a, begin + b) for a, b in self._spans]


class Moments:
    """Moments of a rhythm (every so many seconds), or a time of day on some weekdays."""

    def __init__(
        self, *, every_s: float | None, at_s: float | None, days: Iterable[str], start: str
    ) -> None:
        moment = datetime.fromisoformat(start)
        self._weekday = moment.weekday()
        self._offset_s = moment.hour * 3600.0 + moment.minute * 60.0 + moment.second
        self._every_s = every_s
        self._at_s = at_s or 0.0
        self._days = set(days) or set(WEEK)

    def next_after(self, now: float) -> float:
        """Return the next moment after a time."""
        if self._every_s is not None:
            return (math.floor(now / self._every_s + 1e-9) + 1) * self._every_s
        first = int((now + self._offset_s) // DAY_S)
        for day in range(first, first + 9):
            due_s = day * DAY_S - self._offset_s + self._at_s
            if due_s > now and WEEK[(self._weekday + day) % 7] in self._days:
                return due_s
        raise RuntimeError("a week without a weekday")


class Listener(Protocol):
    """Something that is worked by a calendar."""

    def close(self, now: float) -> None:
        """Working time ends."""

    def open(self, now: float) -> None:
        """Working time begins."""


class WorkTime:
    """The time of several shifts together; tells its listeners when it begins and ends.

    Attributes
    ----------
    open : bool
        Whether it is working time now.
    listeners : list of Listener
    """

    def __init__(self, world: World, shifts: list[ShiftTimes]) -> None:
        self._shifts = shifts
        self.listeners: list[Listener] = []
        self.open = self._worked(0.0)
        self._timer = Timer(world.env, self._changes)
        self._arm(0.0)

    def catch_up(self, now: float) -> None:
        """Find out anew whether it is working time, without telling anybody (a changed plant)."""
        self._timer = self._timer.cancelled()
        self._arm(now)
        self.open = self._worked(now)

    def _worked(self, now: float) -> bool:
        return any(shift.worked(now) for shift in self._shifts)

    def _arm(self, now: float) -> None:
        due_s = min(shift.next_change(now) for shift in self._shifts)
        if due_s < math.inf:
            self._timer.arm(due_s)

    def _changes(self, timer: Timer) -> None:
        now = timer.due_s
        self._arm(now)
        is_open = self._worked(now)
        if is_open == self.open:
            return
        self.open = is_open
        for listener in self.listeners:
            if is_open:
                listener.open(now)
            else:
                listener.close(now)


class Staffing:
    """Puts the workers of pools on duty and off, shift by shift."""

    def __init__(self, world: World, pools: list[Pool], shifts: dict[str, ShiftTimes]) -> None:
        self._pools = pools
        self._shifts = shifts
        self._timer = Timer(world.env, self._changes)
        self._timer.arm(0.0)

    def staff(self, now: float) -> None:
        """Put on duty who has to be now (a changed plant)."""
        self._timer = self._timer.cancelled()
        self._staff(now)

    def _changes(self, timer: Timer) -> None:
        self._staff(timer.due_s)

    def _staff(self, now: float) -> None:
        worked = [name for name, shift in self._shifts.items() if shift.worked(now)]
        for pool in self._pools:
            pool.staff(sum(pool.model.staff.get(name, 0) for name in worked), now)
        due_s = min((shift.next_change(now) for shift in self._shifts.values()), default=math.inf)
        if due_s < math.inf:
            self._timer.arm(due_s)
