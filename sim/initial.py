"""The initial state: what is in the plant when the run begins.

``steady`` shows a working plant from the first minute: the rate of the whole plant is that of its
weakest step (computed from the plant file alone), and by Little's law every store and batch
station holds rate x time lots, their remaining times spread evenly.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.build import Factory
from sim.core.lot import Lot
from sim.core.sorting import by_id
from sim.core.world import World
from sim.places.place import Place
from sim.stations.batch import BatchMachine
from sim.stations.breakdown import pace_factor
from sim.stations.store import Store
from sim.stations.unit import UnitMachine
from sim.warm_start import fill_from
from twin.check.capacity import source_capacities, station_capacities
from twin.check.need import Needs
from twin.plant.place import Buffer, Conveyor
from twin.plant.plant import Plant
from twin.plant.scenario import Scenario, SnapshotStart
from twin.plant.start import started_with
from twin.plant.state import PlantState
from twin.plant.station import Station


def fill(factory: Factory, scenario: Scenario) -> PlantState | None:
    """Put the lots into the plant that are there at time 0; return the state that was read."""
    if isinstance(scenario.initial, SnapshotStart):
        state = started_with(scenario.initial, scenario.plant)
        fill_from(factory, state)
        return state
    steady = scenario.initial == "steady"
    waiting: list[Buffer | Conveyor] = [*by_id(scenario.plant.buffers.values())]
    waiting += by_id(scenario.plant.conveyors.values())
    for place in waiting:
        n = place.initial
        if n is None:
            n = place.capacity // 2 if steady else 0
        _fill_place(factory.world, factory.places[place.id], place.item, n)
    if steady:
        rates = plant_rates(scenario.plant)
        for store in factory.stores.values():
            _fill_store(factory.world, store, rates)
        _fill_machines(factory, rates)
    return None


@dataclass(frozen=True)
class Rates:
    """What flows through the plant in steady state.

    Attributes
    ----------
    product_per_h : float
        Good products per hour of the weakest step.
    needs : Needs
        Units per good product at every station.
    """

    product_per_h: float
    needs: Needs

    def lots_inside(self, station: Station) -> float:
        """Return the mean number of lots in treatment at a station, by Little's law."""
        item = self.needs.item(station.id)
        per_h = self.product_per_h * self.needs.processed(station) / item.units_per_lot
        return per_h * station.mean_cycle_s * pace_factor(station) / 3600


def plant_rates(plant: Plant) -> Rates:
    """Return the steady rate of a plant: that of its weakest step."""
    steps, needs = station_capacities(plant)
    limits = [step.product_per_h for step in [*steps, *source_capacities(plant, needs)]]
    return Rates(min((limit for limit in limits if limit is not None), default=0.0), needs)


def _lots(
    world: World, item: str, n: int, place: str, *, station: str = "", turn: int | None = None
) -> list[Lot]:
    """Return initial lots; the products that reach the place (or station) take turns.

    With a `turn`, all lots are of the product whose turn it is: a batch.
    """
    units = world.plant.item_by_id[item].units_per_lot
    products = sorted(world.products_at.get(station or place, ())) or [""]
    turns = range(n) if turn is None else [turn] * n
    return [world.initial(item, units, place, product=products[k % len(products)]) for k in turns]


def _fill_place(world: World, place: Place, item: str, n: int) -> None:
    for lot in _lots(world, item, min(n, place.capacity), place.id):
        place.lay(lot, 0.0)


def _fill_store(world: World, store: Store, rates: Rates) -> None:
    n = min(round(rates.lots_inside(store.station)), store.n_slots)
    item = rates.needs.item(store.id).id
    lots = _lots(world, item, n, store.id)
    store.lay((lot, k * store.n_slots // n, 1 - (k + 0.5) / n) for k, lot in enumerate(lots))


def _fill_machines(factory: Factory, rates: Rates) -> None:
    by_station: dict[str, list[BatchMachine]] = {}
    for machine in factory.machines.values():
        if isinstance(machine, BatchMachine):
            by_station.setdefault(machine.station.id, []).append(machine)
        elif isinstance(machine, UnitMachine):
            _fill_open_lots(factory.world, machine)
    for machines in by_station.values():
        _fill_batches(factory.world, machines, rates)


def _fill_batches(world: World, machines: list[BatchMachine], rates: Rates) -> None:
    station = machines[0].station
    item = rates.needs.item(station.id).id
    n = min(round(rates.lots_inside(station) / station.batch_lots), len(machines))
    for k, machine in enumerate(machines[:n]):
        lots = _lots(world, item, station.batch_lots, machine.id, station=station.id, turn=k)
        machine.load(lots, 1 - (k + 0.5) / n)
    if n < len(machines):
        half, name = station.batch_lots // 2, machines[n].id
        machines[n].load(_lots(world, item, half, name, station=station.id, turn=n))


def _fill_open_lots(world: World, machine: UnitMachine) -> None:
    """Give an assembly machine open lots, used up to a different degree in every machine."""
    station, plant = machine.station, world.plant
    if station.kind != "assembly":
        return
    index = station.machine_ids.index(machine.id)
    share = 1 - (index + 0.5) / station.machines
    for k, take in enumerate(station.take):
        place = plant.buffers.get(take.place) or plant.conveyors.get(take.place)
        if place is not None:
            n = max(1, round(plant.item_by_id[place.item].units_per_lot * share))
            products = sorted(world.products_at.get(take.place, ())) or [""]
            machine.open_lot(k, world.initial(place.item, n, machine.id, product=products[0]))
