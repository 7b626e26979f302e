"""The short way through a visit of one single unit that nothing special happens to.

It does what `UnitMachine` does, in two functions instead of a dozen. Whatever is not plain (stops,
preparation, lots, results, a pace that depends on the time) goes the long way.

What is called is put into a variable first where it is an attribute: Python calls it faster so.
"""

from __future__ import annotations

from sim.core.lot import Lot
from sim.core.timer import Timer
from sim.record.mode import WORKING
from sim.record.result import OK, SCRAPPED
from sim.stations.phase import RUNNING
from sim.stations.unit import UnitMachine


class SingleMachine(UnitMachine):
    """A machine that works unit by unit, with a short way for units that come one by one."""

    __slots__ = ()

    def _work_over(self, timer: Timer) -> None:
        """End the visit, put the unit, and look for the next one."""
        lot, age = self._lot, self.age
        age_s = age.age_s + self._left_s
        if (
            age_s > age.stop_s
            or not self._passes_on
            or self._draw is None
            or lot is None
            or not lot.single
        ):
            super()._work_over(timer)
            return
        age.age_s = age_s
        self._left_s = 0.0
        now = timer.due_s
        good = not self._ruined and (self._quality is None or self._quality.one())
        start_s, work_s = self._start, self._work_s
        if good and start_s + work_s == now:
            note = self._note_plain
            note((lot.unit, lot.id, start_s, work_s))
        else:
            self._note_single((lot.unit, lot.id, start_s, work_s, now, OK if good else SCRAPPED))
        self._lot = None
        if not good:
            self._world.scrap(now, lot, lot.unit, self.station.id)
        elif not self._put.put(lot, self, now):
            self._out.append(lot)
            self._block(self._put, now)
            return
        take = self._take
        following = take(self, now)
        if following is not None:
            self._receive(following, now)
        elif self._input is not None:
            self.starve(self._input, now)

    def _receive(self, lot: Lot, now: float) -> None:
        """Begin with a lot that was taken."""
        draw, age = self._draw, self.age
        if draw is None or self._prepares or self._pending or not lot.single:
            super()._receive(lot, now)
            return
        self._lot = lot
        self._first = 0
        self._ruined = False
        if self._gaps:
            self._gaps = []
        work_s = draw()
        self._work_s = self._left_s = self._total_s = work_s
        if age.age_s + work_s > age.stop_s:
            self._start = now
            self._run(now)
            return
        self._start = self._since = now
        self._phase = RUNNING
        log = self.log
        if log.mode != WORKING:
            log.enter(WORKING, now)
        self._clock.arm(now + work_s)
