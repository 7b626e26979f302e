"""Cycle times and results that a script decides, in place of a machine's own."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.core.families import Floats
from sim.core.lot import Lot
from sim.record.columns import Gaps
from sim.script.error import refuse
from sim.stations.pace import Pace

CycleTime = Callable[[float, float], float]
"""(time at which the cycle begins, time the machine would take) -> seconds."""

Judge = Callable[[int, float], bool]
"""(unit number, time) -> whether the unit is good."""


@dataclass
class PaceWish:
    """What a script wants the cycle times of a machine to be.

    Attributes
    ----------
    factor : float
        Times as long.
    cycle_time : callable or None
        Gives the time of each cycle.
    """

    factor: float = 1.0
    cycle_time: CycleTime | None = None


class ScriptPace:
    """The pace of a machine (for one product), slowed down or replaced by a script."""

    noted = False
    draw: Callable[[], float] | None = None

    def __init__(self, machine: str, wish: PaceWish, usual: Pace) -> None:
        self._machine = machine
        self._wish = wish
        self._usual = usual

    def one(self, now: float) -> float:
        """Return the time of a cycle that begins now."""
        return self._changed(now, self._usual.one(now))

    def many(self, n: int, now: float) -> Floats:
        """Return the times of `n` cycles in a row, the first of which begins now."""
        times = self._usual.many(n, now)
        if self._wish.cycle_time is None:
            return times * self._wish.factor
        begin_s, made = now, np.empty(n)
        for k, usual_s in enumerate(times.tolist()):
            made[k] = self._changed(begin_s, usual_s)
            begin_s += made[k]
        return made

    def done(self, start_s: float, units: np.ndarray, cut_s: Floats | None, gaps: Gaps) -> None:
        """Nothing to note beside the cycles themselves."""

    def _changed(self, now: float, usual_s: float) -> float:
        if self._wish.cycle_time is None:
            return usual_s * self._wish.factor
        made = float(self._wish.cycle_time(now, usual_s)) * self._wish.factor
        if not math.isfinite(made) or made < 0:
            raise refuse(
                f"the cycle time of machine '{self._machine}' is {made} s.",
                "It must be 0 or a positive number of seconds.",
            )
        return made


class ScriptQuality:
    """Decisions on units, made by a script."""

    def __init__(self, judge: Judge, lot: Callable[[], Lot | None], now: Callable[[], float]):
        self._judge = judge
        self._lot = lot
        self._now = now

    def one(self) -> bool:
        """Return the decision on the only unit in work."""
        return bool(self.many(1)[0])

    def many(self, n: int) -> np.ndarray:
        """Return the decisions on the units in work, in their order."""
        lot = self._lot()
        if lot is None:
            raise RuntimeError("units are judged without a lot in work")
        now = self._now()
        units = lot.numbers[:n].tolist()
        return np.fromiter((bool(self._judge(unit, now)) for unit in units), dtype=bool, count=n)
