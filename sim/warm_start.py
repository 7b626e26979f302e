"""Warm start: put what a plant state says into a plant that has not begun to run."""

from __future__ import annotations

from sim.build import Factory
from sim.core.lot import Lot
from sim.core.world import World
from sim.places.conveyor import Belt
from sim.stations.batch import BatchMachine
from sim.stations.breakdown import Stop
from sim.stations.lot import LotMachine
from sim.stations.machine import Machine
from sim.stations.unit import UnitMachine
from twin.plant.state import LotState, MachineState, PlantState, StoreState


def fill_from(factory: Factory, state: PlantState) -> None:
    """Put lots, work in progress and vehicles where a state says; random draws begin anew."""
    world = factory.world
    for name, lots in state.places.items():
        _fill_place(factory, name, lots)
    for name, stored in state.stores.items():
        _fill_store(factory, name, stored)
    for name, inside in state.machines.items():
        if name in factory.machines:
            _fill_machine(world, factory.machines[name], inside)
    carriers = {c.id: c for fleet in factory.fleets.values() for c in fleet.vehicles}
    for name, vehicle in state.vehicles.items():
        carrier = carriers[name]
        carrier.stand_at(vehicle.stop or carrier.driver.home, vehicle.charge)


def stop_what_is_down(factory: Factory, state: PlantState) -> None:
    """Let the machines that are down at the start be repaired for the time that is left."""
    towers = {tower.id: tower for store in factory.stores.values() for tower in store.towers}
    for name, inside in state.machines.items():
        if inside.down_s is not None:
            machine = factory.machines.get(name) or towers[name]
            machine.fail(0.0, Stop(inside.down_s, cause="initial"))


def _lots(world: World, lots: list[LotState], place: str) -> list[Lot]:
    return [
        world.initial(lot.item, lot.n, place, product=lot.product, result=lot.result)
        for lot in lots
    ]


def _fill_place(factory: Factory, name: str, lots: list[LotState]) -> None:
    place = factory.places[name]
    for said, lot in zip(lots, _lots(factory.world, lots, name), strict=True):
        if said.travel_s and isinstance(place, Belt):
            place.lay_on(lot, said.travel_s)
        else:
            place.lay(lot, 0.0)


def _fill_store(factory: Factory, name: str, said: StoreState) -> None:
    world = factory.world
    columns = [said.column(key) for key in ("item", "n", "product", "result")]
    lots = [
        world.initial(item, n, name, product=product, result=result)
        for item, n, product, result in zip(*columns, strict=True)
    ]
    times = [*zip(said.column("done_s"), said.column("left_s"), strict=True)]
    factory.stores[name].lay_all(lots, said.slot, times)


def _fill_machine(world: World, machine: Machine, said: MachineState) -> None:
    if isinstance(machine, BatchMachine):
        if said.lots:
            machine.load(_lots(world, said.lots, machine.id), left_s=said.left_s)
    elif isinstance(machine, UnitMachine | LotMachine):
        for lot in _lots(world, said.lots, machine.id):
            machine.load(lot, said.left_s)
        for lot in _lots(world, said.collected, machine.id):
            machine.collect(lot)
        inputs = [take.place for take in machine.station.take]
        for place, lots in said.open.items():
            for lot in _lots(world, lots, machine.id):
                machine.open_lot(inputs.index(place), lot)
    if said.done and isinstance(machine, BatchMachine | UnitMachine | LotMachine):
        machine.finish(_lots(world, said.done, machine.id))
