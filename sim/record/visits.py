"""Visits of several cycles: their times are worked out for many visits at once, at a flush."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(slots=True)
class Visit:
    """Cycles (or sub-steps) in a row.

    Attributes
    ----------
    start_s : float
        When the visit began.
    offset_s : float
        Seconds of work in the visit before the first of these cycles.
    lengths_s : array
        Time of each cycle, stops excluded.
    gaps : tuple of (position, extra)
        Stops during the visit.
    """

    start_s: float
    offset_s: float
    lengths_s: Floats
    gaps: tuple[tuple[float, float], ...]


def wall_clocks(visits: list[Visit]) -> tuple[Floats, Floats, Floats]:
    """Return start, length and end of every cycle of some visits, one visit after the other.

    A stop at a position of the work delays everything after it, not the position itself.
    """
    if not visits:
        return np.empty(0), np.empty(0), np.empty(0)
    sizes = np.array([len(v.lengths_s) for v in visits])
    firsts = np.cumsum(sizes) - sizes
    lengths = np.concatenate([v.lengths_s for v in visits])
    offsets = np.array([v.offset_s for v in visits])
    ends = np.empty_like(lengths)
    for size in np.unique(sizes).tolist():
        members = np.flatnonzero(sizes == size)
        where = firsts[members][:, None] + np.arange(size)
        ends[where] = offsets[members][:, None] + np.cumsum(lengths[where], axis=1)
    begins = ends - lengths
    starts = np.repeat(np.array([v.start_s for v in visits]), sizes)
    begun, ended = starts + begins, starts + ends
    for k, visit in enumerate(visits):
        own = slice(firsts[k], firsts[k] + sizes[k])
        for position_s, extra_s in visit.gaps:
            begun[own] += np.where(begins[own] > position_s, extra_s, 0.0)
            ended[own] += np.where(ends[own] > position_s, extra_s, 0.0)
    return begun, lengths, ended


class VisitLog:
    """Visits of one machine, whose cycles treat `per_cycle` units at a time."""

    __slots__ = ("_lots", "_scrapped", "_units", "_visits", "per_cycle")

    def __init__(self) -> None:
        self.per_cycle = 1
        self._forget()

    def _forget(self) -> None:
        self._visits: list[Visit] = []
        self._lots: list[int] = []
        self._units: list[np.ndarray] = []
        self._scrapped: list[np.ndarray | None] = []

    def add(
        self, visit: Visit, lot: int, units: np.ndarray, scrapped: np.ndarray | None = None
    ) -> None:
        """Note a visit of units of one lot; `scrapped` may be left out where all are good."""
        self._visits.append(visit)
        self._lots.append(lot)
        self._units.append(units)
        self._scrapped.append(scrapped)

    def take(self) -> np.ndarray:
        """Return rows (unit, lot, start, duration, end, 1, scrapped) and forget the visits."""
        if not self._visits:
            return np.empty((0, 7))
        counts = np.array([len(units) for units in self._units])
        cycles = np.array([len(visit.lengths_s) for visit in self._visits])
        times = wall_clocks(self._visits)
        repeats = np.full(len(times[0]), self.per_cycle)
        repeats[np.cumsum(cycles) - 1] = counts - self.per_cycle * (cycles - 1)
        rows = np.zeros((int(counts.sum()), 7))
        rows[:, 0] = np.concatenate(self._units)
        rows[:, 1] = np.repeat(np.array(self._lots), counts)
        for k, column in enumerate(times):
            rows[:, 2 + k] = np.repeat(column, repeats)
        rows[:, 5] = 1.0
        ends = np.cumsum(counts)
        for k, scrapped in enumerate(self._scrapped):
            if scrapped is not None:
                rows[ends[k] - counts[k] : ends[k], 6] = scrapped
        self._forget()
        return rows
