"""Towers of stores: they show what is inside them, and they fail."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.core.timer import Timer
from sim.core.world import World
from sim.record import mode as modes
from sim.stations.breakdown import Stop, calendar_failures, failure_modes

if TYPE_CHECKING:
    from sim.stations.store import Store


class Tower:
    """One tower of a store: shows its state and fails."""

    def __init__(self, world: World, store: Store, index: int) -> None:
        station = store.station
        self.id = station.machine_ids[index]
        self.index = index
        self.station = station
        self.position_m = station.machine_position_m(index)
        self.down = False
        self.paused: list[int] = []
        self.in_process = 0
        self.n_ready = 0
        self.cycles = world.recorder.cycles(station.id, self.id)
        self._store = store
        self._alarms = world.recorder.alarms
        self.log = world.recorder.states(self.id, "machine")
        self._timer = Timer(world.env, self._rang)
        self._down_since = 0.0
        self._stop = Stop(0.0)
        self._pending: list[Stop] = []
        self.modes = failure_modes(station)
        self._failures = calendar_failures(world, self.modes, self.id, self.fail, every_clock=True)
        self.log.enter(modes.STARVED, 0.0)

    def show(self, now: float) -> None:
        """Enter the state that follows from what is inside."""
        if self.down:
            return
        if self.in_process:
            self.log.enter(modes.WORKING, now)
        else:
            self.log.enter(modes.NO_TRIP_OUT if self.n_ready else modes.STARVED, now)

    def fail(self, now: float, stop: Stop) -> None:
        """Stop the tower; a tower that is down already fails again after its repair."""
        if self.down:
            self._pending.append(stop)
            return
        self.down = True
        self._down_since = now
        self._store.pause(self)
        self._alarms.raise_(self.id, "breakdown", stop.cause, "critical", now)
        self._stop = stop
        mode = stop.mode
        if mode is None or mode.crew is None:
            self.log.enter(modes.BREAKDOWN, now)
            self._timer.arm(now + stop.length_s)
            return
        self.log.enter(modes.WAITING_REPAIR, now)
        mode.crew.call(
            self,
            now,
            stop.length_s,
            begun=partial(self.log.enter, modes.BREAKDOWN),
            done=self._repaired,
            n=mode.model.workers,
            skill=mode.model.skill,
        )

    def _rang(self, timer: Timer) -> None:
        self._repaired(timer.due_s)

    def _repaired(self, now: float) -> None:
        self.down = False
        self._alarms.close(self.id, "breakdown", now)
        self._store.resume(self, now, now - self._down_since, self._stop.unit)
        self.show(now)
        if self._stop.repaired is not None:
            self._stop.repaired(now)
        if self._pending:
            self.fail(now, self._pending.pop(0))
