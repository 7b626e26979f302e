"""Visits of several cycles: their times are worked out for many visits at once, at a flush."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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
        if not visit.gaps:
            continue
        own = slice(firsts[k], firsts[k] + sizes[k])
        for position_s, extra_s, over in visit.gaps:
            if over != GOES_ON:
                begun[own][over:] += extra_s
                ended[own][over:] += extra_s
                continue
            begun[own] += np.where(begins[own] > position_s, extra_s, 0.0)
            ended[own] += np.where(ends[own] > position_s + ROUNDING_S, extra_s, 0.0)
    return begun, lengths, ended


class Noted:
    """Visits of one machine in a row, not worked out yet.

    Attributes
    ----------
    per_cycle : int
        Units that a cycle treats.
    visits, lots, units, results : list
        Of every visit: its cycles, lot, units, and their results; None where all are ok.
    """

    __slots__ = ("lots", "per_cycle", "results", "units", "visits")

    def __init__(self, per_cycle: int) -> None:
        self.per_cycle = per_cycle
        self.visits: list[Visit] = []
        self.lots: list[int] = []
        self.units: list[np.ndarray] = []
        self.results: list[np.ndarray | None] = []


class VisitLog:
    """Visits of one machine, whose cycles treat `per_cycle` units at a time."""

    __slots__ = ("_noted", "per_cycle")

    def __init__(self) -> None:
        self.per_cycle = 1
        self._noted = Noted(1)

    def add(
        self, visit: Visit, lot: int, units: np.ndarray, results: np.ndarray | None = None
    ) -> None:
        """Note a visit of units of one lot; `results` may be left out where all are ok."""
        noted = self._noted
        noted.visits.append(visit)
        noted.lots.append(lot)
        noted.units.append(units)
        noted.results.append(results)

    def take(self) -> Noted | None:
        """Return the visits so far and forget them; None if there are no visits."""
        noted = self._noted
        if not noted.visits:
            return None
        noted.per_cycle = self.per_cycle
        self._noted = Noted(1)
        return noted


def blocks(taken: Sequence[Noted]) -> list[list[np.ndarray]]:
    """Return unit, lot, start, duration, end, 1, result of the visits of several machines.

    All are worked out at once: a large plant has hundreds of machines with a few visits each.
    """
    visits = [visit for noted in taken for visit in noted.visits]
    if not visits:
        return []
    units = [part for noted in taken for part in noted.units]
    counts = np.array([len(part) for part in units])
    times = wall_clocks(visits)
    per_cycle = np.repeat([n.per_cycle for n in taken], [len(n.visits) for n in taken])
    if per_cycle.max() > 1:
        cycles = np.array([len(visit.lengths_s) for visit in visits])
        repeats = per_cycle.repeat(cycles)
        repeats[np.cumsum(cycles) - 1] = counts - per_cycle * (cycles - 1)
        times = (times[0].repeat(repeats), times[1].repeat(repeats), times[2].repeat(repeats))
    ends = np.cumsum(counts)
    found = np.zeros(ends[-1], dtype=np.int64)
    results = [part for noted in taken for part in noted.results]
    for k, end in enumerate(ends.tolist()):
        part = results[k]
        if part is not None:
            found[end - len(part) : end] = part
    lots = np.repeat(np.array([lot for noted in taken for lot in noted.lots]), counts)
    columns = [np.concatenate(units), lots, *times, np.ones_like(found), found]
    last = np.cumsum([len(noted.visits) for noted in taken])[:-1] - 1
    cuts = [0, *ends[last].tolist(), len(found)]
    return [[column[a:b] for column in columns] for a, b in pairwise(cuts)]
