"""Machines that come to rest on purpose: off shift, and for planned maintenance.

A machine rests between two cycles where it may: it takes nothing new when it is to stop, and
leaves a lot of many units after the cycle in work. What it rests for may change meanwhile: it may
be maintained off shift, and go off shift while it is maintained.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from sim.core.timer import Timer
from sim.core.world import World
from sim.people.calendar import WorkTime
from sim.record import mode as modes
from sim.stations.counting import AFTER_END_S, LEAST_S
from sim.stations.phase import ATTENDED, RUNNING, WAITING

if TYPE_CHECKING:
    from sim.stations.machine import Machine
    from sim.stations.upkeep import Upkeep


class Halts:
    """Brings one machine to rest and lets it go on.

    Parameters
    ----------
    world : World
    machine : Machine
    work_time : WorkTime, optional
        The calendar the machine keeps to.
    off_shift : {"finish", "pause", "run_through"}
        Whether the cycle in work is finished when the calendar closes.
    """

    def __init__(
        self,
        world: World,
        machine: Machine,
        work_time: WorkTime | None,
        off_shift: Literal["finish", "pause", "run_through"],
    ) -> None:
        self._machine = machine
        self._pauses = off_shift == "pause"
        self._due: list[Upkeep] = []
        self._resting = False
        self._goes_on: Callable[[float], None] = self.back
        self._timer = Timer(world.env, self._rang)
        self._closed = False
        if work_time is not None:
            work_time.listeners.append(self)
            if not work_time.open:
                self._closed = True
                machine.shut()
                if self._pauses:
                    machine.halt_before_work()

    # What asks for rest ------------------------------------------------------------------------

    def close(self, now: float) -> None:
        """Working time ends."""
        self._closed = True
        if self._resting:
            self._show_off_shift(now)
        else:
            self._show_attended(now, off=True)
            self._seek(now)

    def open(self, now: float) -> None:
        """Working time begins."""
        self._closed = False
        if self._resting and not self._maintained():
            self._next_reason(now)
            return
        self._show_attended(now, off=False)
        if not self._resting and not self._urgent(now):
            self._relent()

    def request(self, upkeep: Upkeep, now: float) -> None:
        """Maintenance falls due."""
        self._due.append(upkeep)
        if self._resting and not self._maintained():
            self._next_reason(now)
        elif not self._resting:
            self._seek(now)

    def back(self, now: float) -> None:
        """The machine works or waits again after a stop."""
        if not self._resting and (self._closed or self._due):
            self._seek(now)

    # Coming to rest ----------------------------------------------------------------------------

    def arrive(self, now: float, goes_on: Callable[[float], None]) -> None:
        """Rest from now on; `goes_on` when there is no reason left."""
        self._timer = self._timer.cancelled()
        self._resting = True
        self._goes_on = goes_on
        self._next_reason(now)

    def _urgent(self, now: float) -> bool:
        return self._closed or any(now >= upkeep.latest_s for upkeep in self._due)

    def _seek(self, now: float) -> None:
        """Rest as soon as may be."""
        machine = self._machine
        urgent = self._urgent(now)
        if urgent:
            machine.shut()
        phase = machine.phase
        if phase == WAITING or (phase == RUNNING and urgent and self._at_once(now)):
            machine.rest(now)
        elif phase == RUNNING:
            self._look_again(now, [machine.cycle_end_s(now) + AFTER_END_S])
        elif phase == ATTENDED and urgent:
            machine.halt_before_work()
        elif phase == ATTENDED:
            self._look_again(now, [])

    def _look_again(self, now: float, moments: list[float]) -> None:
        """Look again at the first of some moments, or when maintenance becomes urgent."""
        moments += [upkeep.latest_s for upkeep in self._due if upkeep.latest_s > now]
        self._timer = self._timer.cancelled()
        self._timer.arm(min(moments))

    def _at_once(self, now: float) -> bool:
        """Whether the machine need not finish a cycle: it pauses, or stands between two."""
        machine = self._machine
        if machine.cycle_end_s(now) <= now + LEAST_S:
            return False
        return machine.is_between_cycles(now) or (self._closed and self._pauses)

    def _rang(self, timer: Timer) -> None:
        if not self._resting and (self._closed or self._due):
            self._seek(timer.due_s)

    # Resting -----------------------------------------------------------------------------------

    def _maintained(self) -> bool:
        return any(upkeep.under_way for upkeep in self._due)

    def _next_reason(self, now: float) -> None:
        if self._due:
            self._due[0].begin(now, self._maintenance_over)
        elif self._closed:
            self._show_off_shift(now)
        else:
            self._resting = False
            self._relent()
            self._goes_on(now)

    def _maintenance_over(self, now: float) -> None:
        self._due.pop(0)
        self._next_reason(now)

    def _show_off_shift(self, now: float) -> None:
        if not self._maintained():
            self._machine.log.enter(modes.OFF_SHIFT, now)

    def _show_attended(self, now: float, *, off: bool) -> None:
        """Show a machine that waits for a worker as off shift, or as waiting again."""
        machine = self._machine
        if machine.phase == ATTENDED:
            before, after = modes.WAITING_WORKER, modes.OFF_SHIFT
            if machine.log.mode == (before if off else after):
                machine.log.enter(after if off else before, now)

    def _relent(self) -> None:
        """Let the machine take work again."""
        self._machine.reopen()
