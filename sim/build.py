"""From a scenario to behaviours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from sim.core.lot import Lot
from sim.core.sorting import by_id
from sim.core.world import World
from sim.faults import Forced, SlowDown, schedule_breakdowns
from sim.faults.protective import ProtectiveStops, schedule_protective_stops
from sim.faults.station import StationFaults
from sim.flow import Ends, needs_recipes, shelves
from sim.people.pool import Pool
from sim.people.staff import People, build_people
from sim.places.conveyor import Belt
from sim.places.coupling import Coupling
from sim.places.demand import DemandExit
from sim.places.ends import Exit, Supply
from sim.places.kanban import Kanban
from sim.places.place import Outgoing, Place
from sim.places.release import Releases
from sim.places.shelf import Shelf
from sim.stations.batch import BatchMachine, Gate
from sim.stations.feed import Feed, JoinFeed, LotFeed, RollFeed
from sim.stations.join_lot import JoinLotFeed
from sim.stations.lot import LotMachine, SumPace
from sim.stations.lot_outlet import lot_outlet, lot_size_out
from sim.stations.machine import Machine
from sim.stations.outlet import Outlet, Packed, Together
from sim.stations.pace import DrawnPace, Pace
from sim.stations.parts import Apart
from sim.stations.picking import AtOnceFeed, PickFeed
from sim.stations.recipes import Recipes
from sim.stations.robot import RobotPace
from sim.stations.single import SingleMachine
from sim.stations.store import Store
from sim.stations.tower import Tower
from sim.stations.unit import UnitMachine
from sim.transport.crane import Crane, End, Flow, place_end, store_end
from sim.transport.fleet import Fleet
from sim.transport.guarded import traffic_on
from sim.transport.network import Roads
from sim.transport.order import Order, check_transports
from sim.transport.stops import Stops
from sim.transport.traffic import Traffic
from twin.errors import PlantError, Problem, nearest
from twin.plant.recipe import Recipe
from twin.plant.scenario import Scenario
from twin.plant.station import Station


@dataclass
class Factory:
    """All behaviours of a run, by id."""

    world: World
    places: dict[str, Place] = field(default_factory=dict)
    stores: dict[str, Store] = field(default_factory=dict)
    machines: dict[str, Machine] = field(default_factory=dict)
    supplies: list[Supply | Releases] = field(default_factory=list)
    cards: dict[str, Kanban] = field(default_factory=dict)
    people: People | None = None
    pools: dict[str, Pool] = field(default_factory=dict)
    forced: list[Forced] = field(default_factory=list)
    trips: list[ProtectiveStops] = field(default_factory=list)
    cranes: list[Crane] = field(default_factory=list)
    fleets: dict[str, Fleet] = field(default_factory=dict)
    traffic: dict[str, Traffic] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    struck: dict[str, list[object]] = field(default_factory=dict)

    def start(self) -> None:
        """Set everything going at time 0: people and transports, then machines, then sources."""
        for fleet in self.fleets.values():
            fleet.start(0.0)
        for order in self.orders:
            order.check(0.0)
        for crane in self.cranes:
            crane.start(0.0)
        for machine in reversed(self.machines.values()):
            machine.start(0.0)
        for place in self.places.values():
            if isinstance(place, DemandExit):
                place.start(0.0)
        for supply in self.supplies:
            supply.start(0.0)

    def end(self, now: float) -> None:
        """Note what is under way at the end of the run."""
        for pool in self.pools.values():
            for worker in pool.workers:
                worker.end(now)

    def held(self) -> Iterator[Lot]:
        """Every lot in the plant."""
        holders = (self.places, self.stores, self.machines, self.fleets)
        for group in holders:
            for holder in group.values():
                yield from holder.held()
        for crane in self.cranes:
            yield from crane.held()


def build(scenario: Scenario, world: World) -> Factory:
    """Create the behaviours of a scenario.

    Raises
    ------
    PlantError
        Something is named that does not exist.
    """
    factory = Factory(world)
    _build_places(factory)
    builder = _Stations(scenario, factory)
    for station in by_id(world.plant.stations.values()):
        builder.add(station)
    for source in by_id(world.plant.sources):
        factory.supplies.append(builder.ends.supply(source))
    failing: list[Machine | Tower] = [*factory.machines.values()]
    failing += [tower for store in factory.stores.values() for tower in store.towers]
    factory.people = build_people(scenario, world, [*factory.machines.values()], failing)
    factory.pools = factory.people.pools
    _build_cranes(factory)
    _build_fleets(factory, builder)
    vehicles = [vehicle for fleet in factory.fleets.values() for vehicle in fleet.vehicles]
    factory.forced = schedule_breakdowns(
        world, scenario.faults, [*failing, *vehicles, *factory.cranes]
    )
    factory.struck = builder.station_faults.strike(factory)
    moved = {m.station.robot: m for m in factory.machines.values() if m.station.robot}
    factory.trips = schedule_protective_stops(world, scenario.faults, moved)
    return factory


def _build_places(factory: Factory) -> None:
    plant, world = factory.world.plant, factory.world
    chosen_from = shelves(plant)
    for buffer in by_id(plant.buffers.values()):
        if not buffer.capacity:
            factory.places[buffer.id] = Coupling(world, buffer.id)
            continue
        kind = Shelf if buffer.id in chosen_from else Place
        factory.places[buffer.id] = kind(world, buffer.id, buffer.capacity)
    for conveyor in by_id(plant.conveyors.values()):
        factory.places[conveyor.id] = Belt(world, conveyor)
    for sink in by_id(plant.sinks):
        factory.places[sink.id] = (
            DemandExit(world, sink.id, sink.demand) if sink.demand else Exit(world, sink.id)
        )


class _Stations:
    """Creates the machines of stations."""

    def __init__(self, scenario: Scenario, factory: Factory) -> None:
        self._faults = scenario.faults
        self.station_faults = StationFaults(factory.world, scenario.faults)
        self._cold = scenario.initial == "empty"
        self._factory = factory
        self._world = factory.world
        self.ends = Ends(factory.world, factory.places, self.place)
        factory.cards = self.ends.cards

    def place(self, place: str | None, user: str) -> Place:
        """Return a place that somebody names."""
        found = self._factory.places.get(place or "")
        if found is None:
            known = nearest(place or "", [*self._factory.places])
            raise PlantError(
                Problem(user, f"place '{place}' does not exist{known}.", "Correct the name.")
            )
        return found

    def add(self, station: Station) -> None:
        """Create the machines of one station."""
        factory, station = self._factory, self.station_faults.true(station)
        if station.kind == "store":
            recipes = self._recipes(station, station.id)
            pace = self._pace(station, station.id) if station.cycle else None
            factory.stores[station.id] = Store(self._world, station, pace, recipes)
            return
        gate = Gate()
        for index, name in enumerate(station.machine_ids):
            factory.machines[name] = (
                self._batch_machine(station, index, gate)
                if station.kind == "batch"
                else self._lot_machine(station, index)
                if station.record == "lot"
                else self._unit_machine(station, index)
            )

    def _batch_machine(self, station: Station, index: int, gate: Gate) -> BatchMachine:
        name = station.machine_ids[index]
        recipes = self._recipes(station, name)
        chosen = self.ends.selection(station, recipes)
        return BatchMachine(
            self._world,
            station,
            index,
            take=chosen or self.place(station.take[0].place, station.id),
            put=self._output(station, name),
            gate=gate,
            pace=recipes.usual if recipes else self._pace(station, name),
            recipes=recipes,
        )

    def _lot_machine(self, station: Station, index: int) -> LotMachine:
        name = station.machine_ids[index]
        return LotMachine(
            self._world,
            station,
            index,
            feed=self._feed(station, self._recipes(station, name), None),
            pace=SumPace(self._world, station, name, SlowDown(self._faults, station.id)),
            outlet=lot_outlet(self._world, station),
            put=self._output(station, name),
        )

    def _unit_machine(self, station: Station, index: int) -> UnitMachine:
        name = station.machine_ids[index]
        recipes, outlet = self._recipes(station, name), self._outlet(station)
        return SingleMachine(
            self._world,
            station,
            index,
            feed=self._feed(station, recipes, outlet),
            pace=recipes.usual if recipes else self._pace(station, name),
            outlet=outlet,
            put=self._output(station, name),
            recipes=recipes,
        )

    def _output(self, station: Station, machine: str) -> Outgoing:
        put = self.ends.output(station, machine)
        return self.station_faults.output(put, station.id, machine)

    def _recipes(self, station: Station, machine: str) -> Recipes | None:
        if not needs_recipes(self._world.plant, station):
            return None
        return Recipes(
            self._world, station, machine, pace=partial(self._recipe_pace, station, machine)
        )

    def _feed(self, station: Station, recipes: Recipes | None, outlet: Outlet | None) -> Feed:
        places = [self.place(take.place, station.id) for take in station.take]
        if station.kind == "assembly":
            if station.loading == "simultaneous":
                return AtOnceFeed(self._world, station, places)
            if station.units_per_lot_out and outlet:
                return JoinLotFeed(self._world, station, places, outlet=outlet)
            return JoinFeed(self._world, station, places)
        chosen = self.ends.selection(station, recipes)
        if station.kind == "web":
            return RollFeed(self._world, station, chosen or places[0])
        return LotFeed(places[0]) if chosen is None else PickFeed(chosen)

    def _recipe_pace(self, station: Station, machine: str, recipe: Recipe | None) -> Pace:
        if recipe is None or recipe.cycle is None:
            return self._pace(station, machine)
        slow = SlowDown(self._faults, station.id)
        own = station.model_copy(update={"cycle": recipe.cycle})
        return DrawnPace(self._world, own, machine, slow, purpose=f"cycle/{recipe.product}")

    def _pace(self, station: Station, machine: str) -> Pace:
        if station.robot is not None:
            robot = self._world.plant.robots[station.robot]
            return RobotPace(self._world, station, robot, self._faults, cold=self._cold)
        slow = SlowDown(self._faults, station.id)
        return DrawnPace(self._world, station, machine, slow)

    def _outlet(self, station: Station) -> Outlet:
        if station.parts:
            return Apart(self._world, station)
        size = lot_size_out(self._world.plant, station)
        if size is None:
            return Together(self._world, station)
        return Packed(self._world, station, size)


def _build_cranes(factory: Factory) -> None:
    for model in by_id(factory.world.plant.cranes):
        pairs: list[tuple[str, str]] = []
        for store in factory.stores.values():
            if store.station.crane != model.id:
                continue
            pairs += [(take.place, store.id) for take in store.station.take]
            if store.station.put is not None:
                pairs.append((store.id, store.station.put))
        flows = [
            Flow(_end(factory, origin, put=False), _end(factory, target, put=True))
            for origin, target in sorted(set(pairs))
        ]
        crew = factory.pools.get(model.breakdown.crew or "") if model.breakdown else None
        factory.cranes.append(Crane(factory.world, model, flows, crew))


def _end(factory: Factory, name: str, *, put: bool) -> End:
    if name in factory.stores:
        return store_end(factory.stores[name])
    plant = factory.world.plant
    model = plant.buffers.get(name) or plant.conveyors[name]
    return place_end(factory.places[name], model, put=put)


def _build_fleets(factory: Factory, builder: _Stations) -> None:
    plant, world = factory.world.plant, factory.world
    check_transports(plant.transports)
    stops = {network.id: Stops(Roads(network, world.recorder)) for network in by_id(plant.networks)}
    factory.traffic = {name: traffic_on(own.roads) for name, own in stops.items()}
    for model in by_id(plant.fleets):
        crew = factory.pools.get(model.breakdown.crew or "") if model.breakdown else None
        factory.fleets[model.id] = Fleet(
            world, model, stops[model.network], factory.traffic[model.network], crew
        )
    for transport in by_id(plant.transports):
        ends = (
            builder.place(transport.source, transport.id),
            builder.place(transport.target, transport.id),
        )
        factory.orders.append(Order(world, factory.fleets[transport.fleet], transport, ends))
