"""Logs: rows as flat lists of numbers, one list per thing, read out as arrays at a flush."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized

import numpy as np

from sim.errors import InvariantBroken
from sim.record.visits import VisitLog

Rows = np.ndarray[tuple[int, int], np.dtype[np.float64]]


SETTLE_VALUES = 512
"""Fewer numbers than this are not worth an array of their own."""


class Log:
    """Rows of `width` numbers; `add` takes one or more whole rows."""

    __slots__ = ("_settled", "_values", "_width", "add")

    def __init__(self, width: int) -> None:
        self._width = width
        self._values: list[float] = []
        self._settled: list[Rows] = []
        self.add: Callable[[Iterable[float]], None] = self._values.extend

    def __len__(self) -> int:
        """Return the number of rows noted."""
        settled = sum(map(len, self._settled)) if self._settled else 0
        return len(self._values) // self._width + settled

    @property
    def values(self) -> Sized:
        """What the log holds now, unless it is settled; the same object for ever."""
        return self._values

    def settle(self) -> None:
        """Turn the rows into an array if they are many: soon, while they are in the cache.

        Thousands of scattered numbers cost several times as much to read a simulated hour later.
        """
        if len(self._values) >= SETTLE_VALUES:
            self._settled.append(self._to_array())

    def take(self) -> Rows:
        """Return the rows so far and forget them."""
        rows = self._to_array()
        if self._settled:
            rows = np.concatenate([*self._settled, rows])
            self._settled.clear()
        return rows

    def _to_array(self) -> Rows:
        values = self._values
        rows = np.fromiter(values, np.float64, len(values)).reshape(-1, self._width)
        values.clear()
        return rows


class StateLog:
    """The states of one resource: moments at which it entered a mode.

    Attributes
    ----------
    resource, kind : str
        Id and kind of the resource.
    also : tuple of (str, str)
        A second resource that is always in the same state (the robot of a robot station).
    mode : int
        The present mode.
    """

    __slots__ = ("_add", "_log", "also", "kind", "mode", "resource")

    def __init__(self, resource: str, kind: str, *, also: tuple[str, str] | None = None) -> None:
        self.resource = resource
        self.kind = kind
        self.also = also
        self.mode = -1
        self._log = Log(2)
        self._add = self._log.add

    @property
    def id(self) -> str:
        """The resource."""
        return self.resource

    def begin_at(self, now: float) -> None:
        """Let the states begin at `now`: the resource was added to a plant that runs already."""
        self._log.take()
        self._add((now, self.mode))

    def enter(self, mode: int, now: float) -> None:
        """Enter a mode; nothing happens if the resource is in it already."""
        if mode != self.mode:
            self.mode = mode
            self._add((now, mode))

    def settle(self) -> None:
        """Keep the moments so far as an array."""
        self._log.settle()

    def take(self) -> Rows:
        """Return rows (start, end, mode) of the closed intervals and keep the open one."""
        if len(self._log) == 1 and self.mode >= 0:
            return np.empty((0, 3))
        moments = self._log.take()
        if not len(moments):
            return np.empty((0, 3))
        self._add(moments[-1].tolist())
        length = np.diff(moments[:, 0])
        if len(length) and length.min() < 0:
            raise InvariantBroken("time_runs_forward", f"the states of {self.resource} go back")
        rows = np.column_stack([moments[:-1, 0], moments[1:, 0], moments[:-1, 1]])
        return rows[length > 0]

    def close(self, now: float) -> None:
        """End the open interval; the log must not be used any more."""
        self._add((now, -1))


class LevelLog:
    """Lots entering (+number) and leaving (-number) one place, and the slot where there is one."""

    __slots__ = ("_level", "_log", "_since", "add", "place")

    def __init__(self, place: str) -> None:
        self.place = place
        self._level = 0
        self._since = 0.0
        self._log = Log(3)
        self.add: Callable[[Iterable[float]], None] = self._log.add

    @property
    def id(self) -> str:
        """The place."""
        return self.place

    def settle(self) -> None:
        """Keep the moments so far as an array."""
        self._log.settle()

    def take(self) -> Rows:
        """Return rows (time, change, level, lot, slot) and forget them."""
        if not len(self._log):
            return np.empty((0, 5))
        moments = self._log.take()
        if len(moments) and np.diff(moments[:, 0], prepend=self._since).min() < 0:
            raise InvariantBroken("time_runs_forward", f"the levels of {self.place} go back")
        change = np.sign(moments[:, 1])
        level = self._level + np.cumsum(change)
        if len(level):
            self._level = int(level[-1])
            self._since = float(moments[-1, 0])
        return np.column_stack([moments[:, 0], change, level, np.abs(moments[:, 1]), moments[:, 2]])


class CycleLog:
    """Work done by one machine: single units, whole lots, and visits of several units."""

    __slots__ = ("_lots", "_singles", "add_lot", "add_single", "machine", "station", "visits")

    def __init__(self, station: str, machine: str) -> None:
        self.station = station
        self.machine = machine
        self._singles = Log(6)
        self._lots = Log(5)
        self.visits = VisitLog()
        self.add_single = self._singles.add
        """Takes (unit, lot, start, duration, end, result) of one unit."""
        self.add_lot = self._lots.add
        """Takes (lot, start, duration, end, n) of one lot."""

    @property
    def id(self) -> str:
        """The machine."""
        return self.machine

    def settle(self) -> None:
        """Keep the rows so far as arrays."""
        self._singles.settle()
        self._lots.settle()

    def take(self) -> Rows:
        """Return rows (unit, lot, start, duration, end, n, result) and forget them."""
        n_singles, n_lots = len(self._singles), len(self._lots)
        visits = self.visits.take()
        if not n_singles and not n_lots:
            return visits
        rows = np.zeros((n_singles + n_lots + len(visits), 7))
        if n_singles:
            rows[:n_singles, [0, 1, 2, 3, 4, 6]] = self._singles.take()
            rows[:n_singles, 5] = 1.0
        if n_lots:
            rows[n_singles : n_singles + n_lots, 1:6] = self._lots.take()
            rows[n_singles : n_singles + n_lots, 0] = -1.0
        rows[n_singles + n_lots :] = visits
        return rows
