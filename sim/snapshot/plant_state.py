"""The readable section of a snapshot: what is where in a running plant.

What is under way counts as arrived: lots on a vehicle or crane are where they are brought to.
"""

from __future__ import annotations

from typing import TypeVar

from sim.build import Factory
from sim.core.lot import Lot
from sim.places.ends import Exit
from sim.places.place import Place
from sim.stations.progress import lot_state
from sim.stations.store import Store
from twin.plant.state import (
    LotState,
    MachineState,
    PlantState,
    StoreState,
    VehicleState,
)

T = TypeVar("T")


def plant_state(factory: Factory) -> PlantState:
    """Return what is where in a plant now."""
    now = factory.world.env.now
    arrived = _under_way(factory)
    machines = {name: machine.content(now) for name, machine in factory.machines.items()}
    for store in factory.stores.values():
        for tower in store.towers:
            if tower.down:
                machines[tower.id] = MachineState(down_s=tower.repair_left_s(now))
    return PlantState(
        time_s=now,
        places={
            name: _place(place, arrived.get(name, []), now)
            for name, place in factory.places.items()
            if not isinstance(place, Exit)
        },
        machines={name: said for name, said in machines.items() if said != MachineState()},
        stores={
            name: _store(store, arrived.get(name, []), now)
            for name, store in factory.stores.items()
        },
        vehicles={
            carrier.id: VehicleState(stop=carrier.driver.stands_at, charge=carrier.charge_level)
            for fleet in factory.fleets.values()
            for carrier in fleet.vehicles
        },
    )


def _under_way(factory: Factory) -> dict[str, list[Lot]]:
    """Return the lots on vehicles and cranes by the place or store they are brought to."""
    found: dict[str, list[Lot]] = {}
    for fleet in factory.fleets.values():
        for carrier in fleet.vehicles:
            if carrier.driver.lots:
                found.setdefault(carrier.target or "", []).extend(carrier.driver.lots)
    for crane in factory.cranes:
        for lot in crane.held():
            found.setdefault(crane.target or "", []).append(lot)
    return found


def _place(place: Place, arrived: list[Lot], now: float) -> list[LotState]:
    lots = [*place.held()]
    waits = [*place.travel_left_s(now)]
    travels = [0.0] * (len(lots) - len(waits)) + waits + [max(waits, default=0.0)] * len(arrived)
    return [
        lot_state(lot, travel_s=travel_s)
        for lot, travel_s in zip([*lots, *arrived], travels, strict=True)
    ]


def _store(store: Store, arrived: list[Lot], now: float) -> StoreState:
    stays = sorted(store.slots.items())
    lots = [stay.lot for _, stay in stays]
    paused = {slot for tower in store.towers for slot in tower.paused}
    stopped = {tower.index: tower.down_since_s for tower in store.towers}
    left, done = [], []
    for slot, stay in stays:
        at = stopped[slot // store.per_tower] if slot in paused else now
        left.append(0.0 if stay.ready else max(stay.due_s - max(at, stay.since_s), 0.0))
        done.append(now - stay.since_s)
    slots = [slot for slot, _ in stays]
    free = sorted({*range(store.n_slots)} - {*slots} - {*store.free}) or sorted(store.free)
    for lot, slot in zip(arrived, free, strict=False):
        slots.append(slot)
        lots.append(lot)
        left.append(store.station.mean_cycle_s)
        done.append(0.0)
    return StoreState(
        slot=slots,
        item=_one_or_all([lot.item for lot in lots]),
        n=_one_or_all([lot.n for lot in lots]),
        product=_one_or_all([lot.tag.product if lot.tag else "" for lot in lots]) or "",
        result=_one_or_all([lot.tag.result if lot.tag else "" for lot in lots]) or "",
        left_s=_one_or_all(left),
        done_s=_one_or_all(done),
    )


def _one_or_all(values: list[T]) -> T | list[T]:
    """Return the one value that all have, or all values."""
    return values[0] if values and len({*values}) == 1 else values
