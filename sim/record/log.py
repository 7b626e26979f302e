"""Logs: rows as flat lists of numbers, one list per thing, read out as arrays at a flush."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized

import numpy as np

from sim.record.typed import SETTLE_VALUES, Column, TypedLog
from sim.record.visits import Noted, VisitLog

Rows = np.ndarray[tuple[int, int], np.dtype[np.float64]]


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
        """Turn the rows into an array if they are many."""
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
        self._log = TypedLog("dq")
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
            add = self._add
            add((now, mode))

    def settle(self) -> None:
        """Keep the moments so far as arrays."""
        self._log.settle()

    def take(self) -> list[Column]:
        """Return times and modes of the moments so far, and keep the last; none if it is alone."""
        if len(self._log) <= 1:
            return []
        times, entered = self._log.take()
        self._add((float(times[-1]), int(entered[-1])))
        return [times, entered]

    def close(self, now: float) -> None:
        """End the open interval; the log must not be used any more."""
        self._add((now, -1))


class LevelLog:
    """Lots entering (+number) and leaving (-number) one place, and the slot where there is one.

    Attributes
    ----------
    level : int
        Lots that were there when the log was last read out.
    since_s : float
        Time of the last change that was read out.
    """

    __slots__ = ("_log", "add", "level", "place", "since_s")

    def __init__(self, place: str) -> None:
        self.place = place
        self.level = 0
        self.since_s = 0.0
        self._log = TypedLog("dqq")
        self.add: Callable[[Iterable[float]], None] = self._log.add

    @property
    def id(self) -> str:
        """The place."""
        return self.place

    def settle(self) -> None:
        """Keep the moments so far as arrays."""
        self._log.settle()

    def take(self) -> list[Column]:
        """Return time, lot (negative: it left) and slot of all changes, and forget them."""
        return self._log.take() if len(self._log) else []


class CycleLog:
    """Work done by one machine: single units, whole lots, and visits of several units."""

    __slots__ = (
        "_lots",
        "_odd",
        "_singles",
        "add_lot",
        "add_plain",
        "machine",
        "station",
        "visits",
    )

    def __init__(self, station: str, machine: str) -> None:
        self.station = station
        self.machine = machine
        self._singles = TypedLog("qqdd")
        self._odd: list[tuple[int, float, int]] = []
        self._lots = TypedLog("qdddq")
        self.visits = VisitLog()
        self.add_plain = self._singles.add
        """Takes (unit, lot, start, duration) of one unit that is ok, worked on without a stop."""
        self.add_lot = self._lots.add
        """Takes (lot, start, duration, end, n) of one lot."""

    @property
    def id(self) -> str:
        """The machine."""
        return self.machine

    def add_single(self, row: tuple[int, int, float, float, float, int]) -> None:
        """Note (unit, lot, start, duration, end, result) of one unit."""
        unit, lot, start_s, duration_s, end_s, result = row
        if result or end_s != start_s + duration_s:
            self._odd.append((len(self._singles), end_s, result))
        self.add_plain((unit, lot, start_s, duration_s))

    def settle(self) -> None:
        """Keep the rows so far as arrays."""
        self._singles.settle()
        self._lots.settle()

    def take(self) -> tuple[list[list[Column]], Noted | None]:
        """Return blocks of unit, lot, start, duration, end, n, result, and the visits after them.

        Everything is forgotten.
        """
        blocks = []
        if len(self._singles):
            blocks.append(self._take_singles())
        if len(self._lots):
            lot, start, duration, end, n = self._lots.take()
            blocks.append([np.full(len(lot), -1), lot, start, duration, end, n, np.zeros_like(n)])
        return blocks, self.visits.take()

    def _take_singles(self) -> list[Column]:
        unit, lot, start, duration = self._singles.take()
        end, result = start + duration, np.zeros(len(unit), dtype=np.int64)
        for row, end_s, code in self._odd:
            end[row], result[row] = end_s, code
        self._odd.clear()
        return [unit, lot, start, duration, end, np.ones(len(unit), dtype=np.int64), result]
