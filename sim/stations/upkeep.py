"""Planned maintenance of one machine: when it falls due, who does it, and when it is due again."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from sim.core.timer import Timer
from sim.core.world import World
from sim.people.calendar import Moments
from sim.people.pool import Pool
from sim.record import mode as modes
from sim.stations.breakdown import PlannedAge, PlannedCount
from twin.plant.failure import Maintenance

if TYPE_CHECKING:
    from sim.stations.machine import Machine


class Worn(Protocol):
    """Something that maintenance makes new."""

    def reset(self, now: float) -> None:
        """Begin anew."""


class Upkeep:
    """One kind of maintenance of one machine.

    Parameters
    ----------
    world : World
    machine : Machine
    name : str
        Name of the maintenance.
    model : Maintenance
    crew : Pool, optional
        Who does it.
    moments : Moments, optional
        When it falls due, where the calendar says so.

    Attributes
    ----------
    id : str
        Machine and name.
    latest_s : float
        When it begins at the end of the cycle, even if the machine is not idle.
    under_way : bool
        Whether the machine is being maintained or waits for the crew.
    resets : list of Worn
        What is as new when it is done.
    """

    def __init__(
        self,
        world: World,
        machine: Machine,
        name: str,
        *,
        model: Maintenance,
        crew: Pool | None,
        moments: Moments | None,
    ) -> None:
        self.id = f"{machine.id}/{name}"
        self.name = name
        self.latest_s = math.inf
        self.under_way = False
        self.resets: list[Worn] = []
        self._asked = False
        self._machine = machine
        self._model = model
        self._crew = crew
        self._work = world.draws(model.work, machine.id, f"maintenance/{name}")
        self._mode = modes.MAINTENANCE if model.planned else modes.MAINTENANCE_COUNTED
        self._wait_mode = modes.MAINTENANCE_WAIT if model.planned else modes.MAINTENANCE_COUNTED
        self._over: Callable[[float], None] = self.due
        self._timer = Timer(world.env, self._finished)
        self._moments = moments
        self._calendar = Timer(world.env, self._moment)
        if moments is not None:
            self._calendar.arm(moments.next_after(0.0))
        self._clock = self._age_clock()
        if self._clock is not None:
            machine.age.add(self._clock)

    def _age_clock(self) -> PlannedAge | PlannedCount | None:
        if self._model.every_operating_h is not None:
            return PlannedAge(self, self._model.every_operating_h * 3600)
        if self._model.every_cycles is not None:
            return PlannedCount(self, self._model.every_cycles)
        return None

    def catch_up(self, now: float) -> None:
        """Fall due by the calendar from now on (a changed plant)."""
        if self._moments is not None:
            self._calendar = self._calendar.cancelled()
            self._calendar.arm(self._moments.next_after(now))

    def due(self, now: float) -> None:
        """Ask the machine to come to rest; nothing happens if it is asked already."""
        if self._asked or self._machine.halts is None:
            return
        self._asked = True
        self.latest_s = now + self._model.window_s
        self._machine.halts.request(self, now)

    def begin(self, now: float, over: Callable[[float], None]) -> None:
        """Maintain the machine, which rests, or wait for the crew; then call `over`."""
        self.under_way = True
        self._over = over
        if self._crew is None:
            self._begun(now)
            self._timer.arm(now + self._work.one())
            return
        self._machine.log.enter(self._wait_mode, now)
        self._crew.call(
            self._machine,
            now,
            self._work.one(),
            begun=self._begun,
            done=self._done,
            n=self._model.workers,
            skill=self._model.skill,
        )

    def _begun(self, now: float) -> None:
        self._machine.log.enter(self._mode, now)

    def _finished(self, timer: Timer) -> None:
        self._done(timer.due_s)

    def _done(self, now: float) -> None:
        self.under_way = self._asked = False
        for wear in self.resets:
            wear.reset(now)
        age = self._machine.age
        if isinstance(self._clock, PlannedAge):
            self._clock.due_age_s = age.age_s + (self._model.every_operating_h or 0.0) * 3600
            age.refresh()
        elif self._clock is not None:
            self._clock.due_at(self._machine.cycles_done() + (self._model.every_cycles or 0))
            age.refresh()
        self._over(now)

    def _moment(self, timer: Timer) -> None:
        now = timer.due_s
        if self._moments is not None:
            self._calendar.arm(self._moments.next_after(now))
        self.due(now)
