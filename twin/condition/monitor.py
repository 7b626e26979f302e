"""State of one position: healthy, warning, alarm or maintenance, with hysteresis.

k of the last n values beyond the limit make a warning, m consecutive ones an alarm. A warning ends
by itself after some consecutive calm values; an alarm stays until somebody acknowledges it
(maintenance) and resolves it (healthy). An alarm during maintenance is logged, not raised again.
The numbers are celltwin's own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from twin.condition.limits import Learner, Limit
from twin.errors import CelltwinError, Problem

State = Literal["healthy", "warning", "alarm", "maintenance"]
EventKind = Literal[
    "warning", "cleared", "alarm", "acknowledged", "alarm_in_maintenance", "resolved"
]
STATES: tuple[State, ...] = ("healthy", "maintenance", "warning", "alarm")
"""From the best to the worst."""


@dataclass(frozen=True)
class Persistence:
    """How many values make a warning and an alarm, and how many end a warning."""

    k: int = 3
    n: int = 5
    m: int = 8
    calm: int = 8

    def __post_init__(self) -> None:
        """Refuse numbers that contradict each other."""
        if not 1 <= self.k <= self.n or self.m < self.k or self.calm < 1:
            raise CelltwinError(
                Problem(
                    "condition monitoring",
                    f"k={self.k}, n={self.n}, m={self.m}, calm={self.calm} contradict each other.",
                    "Choose 1 <= k <= n, m >= k and calm >= 1.",
                )
            )


@dataclass(frozen=True)
class Event:
    """One change of a position, or an alarm logged during maintenance."""

    kind: EventKind
    time_s: float
    state: State
    value: float | None
    limit: float | None


class Monitor:
    """Judges the values of one position, one after the other.

    Parameters
    ----------
    limit : Limit or Learner
        The limit, or what learns it.
    persistence : Persistence
    """

    def __init__(self, limit: Limit | Learner, persistence: Persistence = Persistence()) -> None:
        self.limit = limit if isinstance(limit, Limit) else None
        self._learner = limit if isinstance(limit, Learner) else None
        self._p = persistence
        self._mask = (1 << persistence.n) - 1
        self.state: State = "healthy"
        self.since_s: float | None = None
        self.time_s = -math.inf
        self.value: float | None = None
        self.value_s: float | None = None
        self.side = ""
        self.n_values = 0
        self._recent = self._run = self._calm = 0

    @property
    def why(self) -> str:
        """Why there is no limit; empty where there is one."""
        return "" if self.limit is not None or self._learner is None else self._learner.why

    def update(self, time_s: float, value: float) -> Event | None:
        """Take one value; return what changed. A value that is no number is a missing one.

        Raises
        ------
        CelltwinError
            The value is older than the one before.
        """
        if value != value:  # noqa: PLR0124
            return None
        self._put_clock(time_s)
        self.value, self.value_s = value, time_s
        self.n_values += 1
        if self.limit is None:
            if self._learner is not None:
                self.limit = self._learner.update(time_s, value)
            return None
        outside = self.limit.outside(value)
        self._recent = (self._recent << 1 | outside) & self._mask
        self._run = self._run + 1 if outside else 0
        self._calm = self._calm + 1 if self.limit.calm(value) else 0
        return self._judge() if self._recent or self.state == "warning" else None

    def acknowledge(self, time_s: float) -> Event:
        """Turn an alarm into maintenance.

        Raises
        ------
        CelltwinError
            There is no alarm.
        """
        return self._by_hand("acknowledged", time_s, "alarm", "maintenance")

    def resolve(self, time_s: float) -> Event:
        """End maintenance: the position is healthy until its values say otherwise.

        Raises
        ------
        CelltwinError
            Nothing is in maintenance.
        """
        return self._by_hand("resolved", time_s, "maintenance", "healthy")

    def _judge(self) -> Event | None:
        lasting = self._run >= self._p.m
        if self.state == "maintenance":
            return self._event("alarm_in_maintenance") if self._run == self._p.m else None
        if self.state == "alarm":
            return None
        if lasting:
            return self._enter("alarm", "alarm")
        if self.state == "healthy" and self._recent.bit_count() >= self._p.k:
            return self._enter("warning", "warning")
        if self.state == "warning" and self._calm >= self._p.calm:
            self._forget()
            return self._enter("cleared", "healthy")
        return None

    def _enter(self, kind: EventKind, state: State) -> Event:
        self.state, self.since_s = state, self.time_s
        if self.limit is not None and self.value is not None and kind in {"warning", "alarm"}:
            self.side = self.limit.side(self.value)
        return self._event(kind)

    def _event(self, kind: EventKind) -> Event:
        limit = None
        if self.limit is not None and self.value is not None:
            limit = self.limit.concerned(self.value)
        return Event(kind, self.time_s, self.state, self.value, limit)

    def _by_hand(self, kind: EventKind, time_s: float, before: State, after: State) -> Event:
        if self.state != before:
            raise CelltwinError(
                Problem(
                    "condition monitoring",
                    f"a position in state {self.state} cannot be {kind}, only one in {before}.",
                )
            )
        self._put_clock(time_s)
        self._forget()
        return self._enter(kind, after)

    def _put_clock(self, time_s: float) -> None:
        if time_s < self.time_s:
            raise CelltwinError(
                Problem(
                    "condition monitoring",
                    f"a value of {time_s:g} s comes after one of {self.time_s:g} s.",
                    "Give values in the order of time.",
                )
            )
        self.time_s = time_s

    def _forget(self) -> None:
        self._recent = self._run = self._calm = 0
