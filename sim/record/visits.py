"""Visits of several cycles: their times are worked out for many visits at once, at a flush."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.record.columns import GOES_ON, Gap

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

ROUNDING_S = 1e-9


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
    gaps : tuple of Gap
        Stops during the visit; their cycles are counted from the first of these.
    """

    start_s: float
    offset_s: float
    lengths_s: Floats
    gaps: tuple[Gap, ...]


def wall_clocks(visits: list[Visit]) -> tuple[Floats, Floats, Floats]:
    """Return start, length and end of every cycle of some visits, one visit after the other.

    A stop at a position of the work delays everything after it, not the position itself. Where the
    unit in work was scrapped, its cycle ends there and only the cycles after it are delayed.
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
        for position_s, extra_s, over in visit.gaps:
            if over != GOES_ON:
                begun[own][over:] += extra_s
                ended[own][over:] += extra_s
                continue
            begun[own] += np.where(begins[own] > position_s, extra_s, 0.0)
            ended[own] += np.where(ends[own] > position_s + ROUNDING_S, extra_s, 0.0)
    return begun, lengths, ended


class VisitLog:
    """Visits of one machine, whose cycles treat `per_cycle` units at a time."""

    __slots__ = ("_lots", "_results", "_units", "_visits", "per_cycle")

    def __init__(self) -> None:
        self.per_cycle = 1
        self._forget()

    def _forget(self) -> None:
        self._visits: list[Visit] = []
        self._lots: list[int] = []
        self._units: list[np.ndarray] = []
        self._results: list[np.ndarray | None] = []

    def add(
        self, visit: Visit, lot: int, units: np.ndarray, results: np.ndarray | None = None
    ) -> None:
        """Note a visit of units of one lot; `results` may be left out where all are ok."""
        self._visits.append(visit)
        self._lots.append(lot)
        self._units.append(units)
        self._results.append(results)

    def take(self) -> list[np.ndarray]:
        """Return unit, lot, start, duration, end, 1, result; none if there are no visits."""
        if not self._visits:
            return []
        sizes = [len(units) for units in self._units]
        counts = np.array(sizes)
        times = wall_clocks(self._visits)
        if self.per_cycle > 1:
            cycles = np.array([len(visit.lengths_s) for visit in self._visits])
            repeats = np.full(len(times[0]), self.per_cycle)
            repeats[np.cumsum(cycles) - 1] = counts - self.per_cycle * (cycles - 1)
            times = (times[0].repeat(repeats), times[1].repeat(repeats), times[2].repeat(repeats))
        units = np.concatenate(self._units)
        found = np.zeros(len(units), dtype=np.int64)
        end = 0
        for size, results in zip(sizes, self._results, strict=True):
            end += size
            if results is not None:
                found[end - size : end] = results
        lots = np.repeat(np.array(self._lots), counts)
        self._forget()
        return [units, lots, *times, np.ones_like(found), found]
