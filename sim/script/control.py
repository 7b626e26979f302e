"""`PlantControl`: what a script sees of the plant, and may change."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import simpy
from numpy.random import Generator as Random

from sim.script.error import refuse
from sim.script.handles import (
    MachineControl,
    PlaceControl,
    PoolControl,
    SourceControl,
)
from sim.script.kpi import KpiFunction, OwnKpi
from sim.stations.machine import Machine
from sim.stations.tower import Tower
from sim.transport.trip import Trip
from twin.errors import nearest
from twin.plant.plant import Plant
from twin.plant.scenario import ScriptFault

if TYPE_CHECKING:
    from sim.build import Factory

FaultAction = Callable[[ScriptFault], None]
Process = Generator[simpy.Event, Any, Any]
_T = TypeVar("_T")


class PlantControl:
    """The running plant, as the hook ``setup(plant)`` of a script gets it.

    Things are found by id; an id that does not exist is an error that names the nearest one.
    """

    def __init__(self, factory: Factory, horizon_s: float) -> None:
        self._factory = factory
        self._world = factory.world
        self.horizon_s = horizon_s
        self.faults: dict[str, tuple[FaultAction, FaultAction | None]] = {}
        self.kpis: list[OwnKpi] = []
        self._machines: dict[str, MachineControl] = {}

    # Time and chance ---------------------------------------------------------------------------

    @property
    def now_s(self) -> float:
        """Seconds since the start of the run."""
        return float(self._world.env.now)

    @property
    def model(self) -> Plant:
        """The plant file, read only."""
        return self._world.plant

    def process(self, generator: Process) -> simpy.Process:
        """Start a SimPy process: a generator that yields what `wait` returns, or other events."""
        return self._world.env.process(generator)

    def wait(self, seconds: float) -> simpy.Event:
        """Return an event that happens after some seconds: ``yield plant.wait(60)``."""
        return self._world.env.timeout(seconds)

    def at(self, time_s: float, action: Callable[[], None]) -> None:
        """Call a function once, at a time since the start of the run."""
        if time_s < self.now_s:
            raise refuse(f"{time_s:g} s is over: it is {self.now_s:g} s.")
        self.process(self._later(time_s - self.now_s, action))

    def every(self, period_s: float, action: Callable[[], None]) -> None:
        """Call a function again and again, the first time after one period."""
        if not period_s > 0:
            raise refuse(f"a period of {period_s} s.", "Give a positive number of seconds.")
        self.process(self._again(period_s, action))

    def random(self, name: str) -> Random:
        """Return a NumPy generator of its own for `name`; the same numbers for the same seed.

        Draw from it only: Python's ``random`` would make every run different.
        """
        return self._world.stream(f"script/{name}", "script")

    # Things ------------------------------------------------------------------------------------

    def place(self, name: str) -> PlaceControl:
        """Return a buffer, conveyor or sink."""
        return PlaceControl(_found("place", name, self._factory.places))

    def machine(self, name: str) -> MachineControl:
        """Return a machine, or a tower of a store."""
        if name not in self._machines:
            machine = _found("machine", name, self._all_machines())
            self._machines[name] = MachineControl(self._world, machine)
        return self._machines[name]

    def station(self, name: str) -> list[MachineControl]:
        """Return the machines of a station, or the towers of a store."""
        station = _found("station", name, self._world.plant.stations)
        return [self.machine(machine) for machine in station.machine_ids]

    def source(self, name: str) -> SourceControl:
        """Return a source."""
        supplies = {supply.id: supply for supply in self._factory.supplies}
        return SourceControl(self._world, _found("source", name, supplies))

    def pool(self, name: str) -> PoolControl:
        """Return a pool of workers."""
        return PoolControl(self._world, _found("pool", name, self._factory.pools))

    def order_trip(self, fleet: str, origin: str, target: str, lots: int = 1) -> bool:
        """Order a transport; False, and nothing happens, where lots or room are missing."""
        chosen = _found("fleet", fleet, self._factory.fleets)
        start = _found("place", origin, self._factory.places)
        end = _found("place", target, self._factory.places)
        for place in (start, end):
            if not place.capacity:
                raise refuse(f"'{place.id}' has capacity 0: no transport can pick or drop there.")
        if lots < 1 or start.stock < lots or end.room < lots:
            return False
        now = self.now_s
        start.promise(lots, now)
        end.reserve(lots, now)
        chosen.request(Trip(self._world.numbers.job(), start, end, lots, asked_s=now), now)
        return True

    # Own kinds ---------------------------------------------------------------------------------

    def fault(self, name: str, begin: FaultAction, end: FaultAction | None = None) -> None:
        """Say what faults ``{kind: script, name: <name>}`` of the scenario do.

        Parameters
        ----------
        name : str
        begin, end : callable
            Called with the fault when it begins, and at its ``until`` if it has one.
        """
        self.faults[name] = (begin, end)

    def kpi(self, name: str, function: KpiFunction, *, unit: str, definition: str) -> None:
        """Add a key figure of your own: computed at the end, shown by ``celltwin kpi``.

        Parameters
        ----------
        name : str
        function : callable
            ``function(run) -> number``, or None where there is none.
        unit, definition : str
            What the number is.
        """
        if any(own.name == name for own in self.kpis):
            raise refuse(f"there is a key figure '{name}' already.", "Give it another name.")
        self.kpis.append(OwnKpi(name, function, unit, definition))

    def begin_faults(self, faults: Iterable[ScriptFault]) -> None:
        """Schedule the faults of the scenario that this script defines."""
        for fault in faults:
            if fault.name not in self.faults:
                raise refuse(
                    f"the scenario has a fault '{fault.name}'"
                    f"{nearest(fault.name, [*self.faults])}, which setup() does not define.",
                    f"Call plant.fault('{fault.name}', ...) in setup().",
                )
            begin, end = self.faults[fault.name]
            self.process(self._one_fault(fault, begin, end))

    # Processes ---------------------------------------------------------------------------------

    def _later(self, seconds: float, action: Callable[[], None]) -> Process:
        yield self.wait(seconds)
        action()

    def _again(self, period_s: float, action: Callable[[], None]) -> Process:
        while True:
            yield self.wait(period_s)
            action()

    def _one_fault(
        self, fault: ScriptFault, begin: FaultAction, end: FaultAction | None
    ) -> Process:
        yield self.wait(fault.at)
        begin(fault)
        if end is not None and fault.until is not None:
            yield self.wait(fault.until - fault.at)
            end(fault)

    def _all_machines(self) -> dict[str, Machine | Tower]:
        towers = [tower for store in self._factory.stores.values() for tower in store.towers]
        return {**self._factory.machines, **{tower.id: tower for tower in towers}}


def _found(kind: str, name: str, known: Mapping[str, _T]) -> _T:
    if name not in known:
        raise refuse(f"{kind} '{name}' does not exist{nearest(name, [*known])}.")
    return known[name]
