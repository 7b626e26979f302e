"""Lays the faults of stations, people, vehicles and roads over a plant that is being built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from sim.core.world import World
from sim.faults.cycle_time import CycleEffects, FaultyPace, FaultySumPace
from sim.faults.marks import Mark, MarkingOutput, Marks
from sim.faults.scrap import ExtraScrap, FaultyLosses, FaultyQuality
from sim.faults.switched import Ageing, Closure, ExtraStops, Shortage, SlowRepairs
from sim.faults.timed import SlowDown
from sim.faults.window import Switch, Window
from sim.places.place import Outgoing
from sim.stations.batch import BatchMachine
from sim.stations.lot import LotMachine
from sim.stations.machine import Machine
from sim.stations.store import Store
from sim.stations.unit import UnitMachine
from twin.plant.failure import Breakdown
from twin.plant.faults import Fault
from twin.plant.station import Station
from twin.plant.station_faults import (
    BatteryAgeing,
    LaneClosed,
    LotEffect,
    MachineWear,
    MicroStops,
    ProductEffect,
    ScrapBurst,
    SlowRepair,
    StationFault,
    VarianceGrowth,
    WorkerShortage,
    WrongMasterData,
)

if TYPE_CHECKING:
    from sim.build import Factory
    from sim.people.staff import People
    from sim.stations.tower import Tower
    from sim.transport.fleet import Fleet

ON_CYCLES = (MachineWear, VarianceGrowth, LotEffect, ProductEffect)


class StationFaults:
    """The faults of one scenario, as far as stations, people, vehicles and roads are concerned."""

    def __init__(self, world: World, faults: Iterable[Fault]) -> None:
        chosen = [fault for fault in faults if isinstance(fault, StationFault)]
        self._world = world
        self._faults = sorted(chosen, key=lambda fault: (fault.at, fault.model_dump_json()))
        self._all = [*faults]
        self.marks = Marks(world)
        self._marks: dict[int, Mark] = {}
        for fault in self._faults:
            origin = getattr(fault, "origin", None)
            if origin is not None and isinstance(fault, ScrapBurst | LotEffect):
                self._marks[id(fault)] = self.marks.of(origin, fault)

    def true(self, station: Station) -> Station:
        """Return a station as it really is."""
        for fault in self._faults:
            if isinstance(fault, WrongMasterData) and fault.station == station.id:
                station = _true(station, fault)
        return station

    def output(self, put: Outgoing, station: str, machine: str) -> Outgoing:
        """Return what a machine puts to, which marks lots if it is an origin."""
        marks = [mark for mark in self.marks.all if mark.origin in {station, machine}]
        return MarkingOutput(put, marks) if marks else put

    def strike(self, factory: Factory) -> dict[str, list[object]]:
        """Lay the faults over a plant; return what else holds their state, by what they strike."""
        if not self._faults:
            return {}
        for machine in factory.machines.values():
            self._change_machine(machine, factory.people)
        for store in factory.stores.values():
            self._change_store(store)
        held: dict[str, list[object]] = {"marks": [self.marks]} if self.marks.all else {}
        for name, acting, faults in self._acting(factory):
            switches = [Switch(self._world, acting.id, fault, acting.switch) for fault in faults]
            held.setdefault(name, []).extend([acting, *switches])
        return held

    def _of(self, kinds: tuple[type, ...], station: str, machine: str) -> list[StationFault]:
        return [
            fault
            for fault in self._faults
            if isinstance(fault, kinds)
            and getattr(fault, "station", None) == station
            and getattr(fault, "machine", None) in {None, machine}
        ]

    def _change_machine(self, machine: Machine, people: People | None) -> None:
        station, world = machine.station, self._world
        if not isinstance(machine, UnitMachine | LotMachine | BatchMachine):
            return
        cycles = self._of(ON_CYCLES, station.id, machine.id)
        lots = machine.lots_in_work
        if cycles:
            slow = SlowDown(self._all, station.id)
            marked = [(fault, self._marks.get(id(fault))) for fault in cycles]
            effects = CycleEffects(world, machine.id, slow, faults=marked, lots=lots)
            if isinstance(machine, LotMachine):
                machine.change_pace(partial(FaultySumPace, effects, world, station))
            else:
                machine.change_pace(partial(FaultyPace, effects))
            _reset_by_upkeep(effects, machine, people)
        scrap = self._scrap(station.id, machine.id)
        if not scrap:
            return
        extra = ExtraScrap(world, machine.id, scrap, lots)
        if station.record == "lot" and isinstance(machine, LotMachine | BatchMachine):
            machine.use_losses(FaultyLosses(extra, world, station, machine.id))
        elif isinstance(machine, UnitMachine | BatchMachine):
            machine.change_quality(partial(FaultyQuality, extra))

    def _scrap(self, station: str, machine: str) -> list[tuple[ScrapBurst, Mark | None]]:
        return [
            (fault, self._marks.get(id(fault)))
            for fault in self._of((ScrapBurst,), station, machine)
            if isinstance(fault, ScrapBurst)
        ]

    def _change_store(self, store: Store) -> None:
        scrap = self._scrap(store.id, "")
        if scrap:
            extra = ExtraScrap(self._world, store.id, scrap, store.held_lots)
            store.change_quality(partial(FaultyQuality, extra))

    def _acting(self, factory: Factory) -> Iterator[Struck]:
        """Yield what is struck, what switches there, and the faults it switches for."""
        yield from self._stops(factory)
        yield from self._repairs(factory)
        for name, pool in factory.pools.items():
            short = [f for f in self._faults if isinstance(f, WorkerShortage) and f.pool == name]
            if short:
                yield name, Shortage(pool, short), short
        for fleet in factory.fleets.values():
            yield from self._batteries(fleet)
        for fault in self._faults:
            if isinstance(fault, LaneClosed):
                yield fault.network, _closure(factory, fault), [fault]

    def _stops(self, factory: Factory) -> Iterator[Struck]:
        for machine in factory.machines.values():
            for fault in self._of((MicroStops,), machine.station.id, machine.id):
                if isinstance(fault, MicroStops):
                    yield machine.id, ExtraStops(self._world, machine, fault), [fault]

    def _repairs(self, factory: Factory) -> Iterator[Struck]:
        towers: list[Machine | Tower] = [*factory.machines.values()]
        towers += [tower for store in factory.stores.values() for tower in store.towers]
        for thing in towers:
            found = self._of((SlowRepair,), thing.station.id, thing.id)
            slow = [fault for fault in found if isinstance(fault, SlowRepair)]
            if slow:
                yield thing.id, SlowRepairs(thing, slow), slow

    def _batteries(self, fleet: Fleet) -> Iterator[Struck]:
        ageing = [f for f in self._faults if isinstance(f, BatteryAgeing)]
        ageing = [f for f in ageing if f.fleet == fleet.model.id]
        for carrier in fleet.vehicles:
            old = [f for f in ageing if f.vehicle in {None, carrier.id}]
            if old:
                yield carrier.id, Ageing(carrier, old), old


class Acting(Protocol):
    """Something that a `Switch` calls."""

    @property
    def id(self) -> str:
        """Its name."""

    def switch(self, now: float, on: bool, /) -> None:
        """Begin or end."""


Struck = tuple[str, Acting, Sequence[Window]]
"""What is struck, what acts there, and the faults it acts for."""


def _closure(factory: Factory, fault: LaneClosed) -> Closure:
    own = factory.traffic[fault.network]
    point = next(point for point in own.points if point.name == fault.node)
    return Closure(own, point)


def _reset_by_upkeep(effects: CycleEffects, machine: Machine, people: People | None) -> None:
    for upkeep in people.upkeeps if people is not None else ():
        if upkeep.id != f"{machine.id}/{upkeep.name}":
            continue
        upkeep.resets += [w for w in effects.wears if w.fault.reset_by in {None, upkeep.name}]


def _true(station: Station, fault: WrongMasterData) -> Station:
    """Return a station with its true values."""
    cycle = station.cycle and station.cycle.scaled(fault.cycle_factor)
    recipes = [
        recipe.model_copy(
            update={
                "cycle": recipe.cycle and recipe.cycle.scaled(fault.cycle_factor),
                "yield_": recipe.yield_ and recipe.yield_ * fault.yield_factor,
            }
        )
        for recipe in station.recipes
    ]
    return station.model_copy(
        update={
            "cycle": cycle,
            "recipes": recipes,
            "yield_": station.yield_ * fault.yield_factor,
            "breakdown": station.breakdown and _true_failures(station.breakdown, fault),
            "breakdowns": {k: _true_failures(b, fault) for k, b in station.breakdowns.items()},
        }
    )


def _true_failures(stated: Breakdown, fault: WrongMasterData) -> Breakdown:
    gap, repair = stated.time_to_failure, stated.time_to_repair
    return stated.model_copy(
        update={
            "mtbf_h": stated.mtbf_h and stated.mtbf_h * fault.mtbf_factor,
            "mcbf": stated.mcbf and max(stated.mcbf * fault.mtbf_factor, 1.0),
            "time_to_failure": gap and gap.scaled(fault.mtbf_factor),
            "mttr_h": stated.mttr_h and stated.mttr_h * fault.repair_factor,
            "time_to_repair": repair and repair.scaled(fault.repair_factor),
        }
    )
