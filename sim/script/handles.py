"""What a script may do with one thing of the plant."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from sim.core.world import World
from sim.people.pool import Pool
from sim.places.ends import Supply
from sim.places.place import Place
from sim.places.release import Releases
from sim.record.mode import MODES
from sim.script.behaviour import CycleTime, Judge, PaceWish, ScriptPace, ScriptQuality
from sim.script.error import refuse
from sim.stations.batch import BatchMachine
from sim.stations.breakdown import Stop
from sim.stations.lot import LotMachine
from sim.stations.machine import Machine
from sim.stations.tower import Tower
from sim.stations.unit import UnitMachine


class LotView(NamedTuple):
    """A lot as a script sees it."""

    number: int
    item: str
    units: int


class PlaceControl:
    """A buffer, conveyor or sink."""

    def __init__(self, place: Place) -> None:
        self.id = place.id
        self._place = place

    @property
    def lots(self) -> list[LotView]:
        """Lots there now, the oldest first."""
        return [LotView(lot.id, lot.item, lot.n) for lot in self._place.held()]

    @property
    def level(self) -> int:
        """Lots there now."""
        return sum(1 for _ in self._place.held())

    @property
    def capacity(self) -> int:
        """Lots that fit."""
        return self._place.capacity

    @property
    def stock(self) -> int:
        """Lots that could be taken now: arrived and not promised to a transport."""
        return self._place.stock

    @property
    def room(self) -> int:
        """Lots that could be put now: free and not reserved for a transport."""
        return self._place.room


class MachineControl:
    """One machine of a station, or one tower of a store."""

    def __init__(self, world: World, machine: Machine | Tower) -> None:
        self.id = machine.id
        self.station = machine.station.id
        self._world = world
        self._machine = machine
        self._pace: PaceWish | None = None

    @property
    def state(self) -> str:
        """State now, as in the table ``states``."""
        return MODES[self._machine.log.mode][0]

    @property
    def reason(self) -> str:
        """Reason of the state; may be empty."""
        return MODES[self._machine.log.mode][1]

    def stop(self, length_s: float, cause: str = "script") -> None:
        """Let it fail now; the repair takes `length_s`, by its crew if it has one.

        While it is being set up, attended or repaired, it fails when it next begins to work.
        """
        if not length_s > 0:
            raise refuse(f"a stop of {length_s} s.", "Give a positive number of seconds.")
        self._machine.fail(self._world.env.now, Stop(length_s, cause=cause))

    def slow_down(self, factor: float) -> None:
        """Let every cycle that begins from now on take `factor` times as long; 1 ends it."""
        if not factor > 0:
            raise refuse(f"a factor of {factor}.", "Give a positive number.")
        self._own_pace().factor = factor

    def cycle_time_by(self, function: CycleTime | None) -> None:
        """Let a function decide how long cycles take; None gives it back to the machine.

        Parameters
        ----------
        function : callable
            ``function(now_s, usual_s) -> seconds``: when the cycle begins, and what the plant
            file gives for it.
        """
        self._own_pace().cycle_time = function

    def result_by(self, function: Judge) -> None:
        """Let a function decide which units are good.

        Parameters
        ----------
        function : callable
            ``function(unit, now_s) -> bool``.
        """
        machine = self._machine
        if not isinstance(machine, UnitMachine):
            raise refuse(f"'{self.id}' treats whole lots; units are not judged one by one.")
        judge = ScriptQuality(function, machine.lot_in_work, lambda: float(self._world.env.now))
        machine.change_quality(lambda _: judge)

    def _own_pace(self) -> PaceWish:
        if self._pace is None:
            machine = self._machine
            if isinstance(machine, LotMachine):
                raise refuse(
                    f"'{self.id}' works through whole lots ('record: lot'): it has no cycles.",
                    "Follow every unit there, or use the fault 'slow_cycle' in the scenario.",
                )
            if not isinstance(machine, UnitMachine | BatchMachine):
                raise refuse(f"'{self.id}' is a tower of a store: its lots keep their own time.")
            if machine.station.robot is not None:
                raise refuse(
                    f"the cycle of '{self.id}' is the program of its robot.",
                    "Use the fault 'speed_override' in the scenario.",
                )
            self._pace = PaceWish()
            machine.change_pace(partial(ScriptPace, self.id, self._pace))
        return self._pace


class SourceControl:
    """A source."""

    def __init__(self, world: World, supply: Supply | Releases) -> None:
        self.id = supply.id
        self._world = world
        self._supply = supply

    def release(self, lots: int = 1) -> int:
        """Bring lots into the plant now, beside what comes by itself; return how many came.

        A lot needs room, and where the source has cards or orders, a free card and an order that
        may be started.
        """
        return self._supply.release(lots, self._world.env.now)

    def hold(self) -> None:
        """Bring nothing more by itself."""
        self._supply.hold()

    def go_on(self) -> None:
        """Bring lots by itself again, the first after one interval."""
        self._supply.go_on(self._world.env.now)


class PoolControl:
    """A pool of workers."""

    def __init__(self, world: World, pool: Pool) -> None:
        self.id = pool.model.id
        self._world = world
        self._pool = pool

    @property
    def on_duty(self) -> int:
        """Workers on duty."""
        return sum(worker.on_duty for worker in self._pool.workers)

    @property
    def busy(self) -> int:
        """Workers on their way to a machine, or at work there."""
        return sum(worker.call is not None for worker in self._pool.workers)

    def staff(self, n: int) -> None:
        """Put `n` workers on duty from now on, until the next change of shift."""
        most = len(self._pool.workers)
        if not 0 <= n <= most:
            raise refuse(f"pool '{self.id}' cannot have {n} on duty.", f"It has 0 to {most}.")
        self._pool.staff(n, self._world.env.now)
