"""Rules between a plant state and its plant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from twin.errors import Problem, nearest
from twin.plant.place import Buffer, Conveyor
from twin.plant.plant import Plant
from twin.plant.state import LotState, MachineState, PlantState, StoreState
from twin.plant.station import Station


def check_state(state: PlantState, plant: Plant, where: str) -> list[Problem]:
    """Return everything in a state that does not fit the plant.

    Parameters
    ----------
    state : PlantState
    plant : Plant
    where : str
        The file, for the messages.
    """
    return _Checker(plant, where).all(state)


class _Checker:
    """Collects the problems of one state."""

    def __init__(self, plant: Plant, where: str) -> None:
        self._plant = plant
        self._where = where
        self._problems: list[Problem] = []
        self._places: dict[str, Buffer | Conveyor] = {**plant.buffers, **plant.conveyors}
        self._machines = {m: s for s in plant.stations.values() for m in s.machine_ids}

    def all(self, state: PlantState) -> list[Problem]:
        for name in self._known("places", state.places, self._places):
            self._check_place(name, state.places[name])
        for name in self._known("machines", state.machines, self._machines):
            self._check_machine(name, state.machines[name])
        for name in self._known("stores", state.stores, self._plant.stores):
            self._check_store(name, state.stores[name])
        self._check_vehicles(state)
        return self._problems

    def _add(self, at: str, what: str, remedy: str = "") -> None:
        self._problems.append(Problem(f"{self._where}: plant.{at}", what, remedy))

    def _known(self, group: str, said: Iterable[str], known: Iterable[str]) -> list[str]:
        """Return the names that exist, and report the others."""
        existing = [*known]
        for name in said:
            if name not in existing:
                close = nearest(name, existing)
                self._add(f"{group}.{name}", f"does not exist in the plant{close}.")
        return [name for name in said if name in existing]

    def _check_lots(self, at: str, lots: Iterable[LotState], allowed: set[str]) -> None:
        for k, lot in enumerate(lots):
            self._check_item(f"{at}.{k}", lot.item, lot.n, allowed)
            self._check_tag(f"{at}.{k}", {lot.product}, {lot.result})

    def _check_tag(self, at: str, products: set[str], results: set[str]) -> None:
        """Report products and results of inspections that the plant does not have."""
        known = {
            "product": {product.id for product in self._plant.products},
            "result": {r.name for s in self._plant.stations.values() for r in s.results},
        }
        for key, said in (("product", products), ("result", results)):
            for name in sorted(said - known[key] - {""}):
                close = nearest(name, sorted(known[key]))
                self._add(at, f"{key} '{name}' does not exist in the plant{close}.")

    def _check_item(self, at: str, item: str, n: int, allowed: set[str]) -> None:
        if item not in allowed:
            names = ", ".join(sorted(allowed)) or "nothing"
            self._add(at, f"holds '{item}', must be {names}.")
        elif n < 1:
            self._add(at, f"holds a lot of {n} units, must be 1 or more.")

    def _check_place(self, name: str, lots: list[LotState]) -> None:
        place, at = self._places[name], f"places.{name}"
        if len(lots) > place.capacity:
            self._add(at, f"holds {len(lots)} lots, capacity is {place.capacity}.")
        self._check_lots(at, lots, {place.item})
        travels = [lot.travel_s for lot in lots]
        if isinstance(place, Buffer) and any(travels):
            self._add(at, "is no conveyor, so nothing travels on it.", "Remove 'travel_s'.")
        if travels != sorted(travels):
            self._add(at, "its lots overtake each other.", "Name the first to arrive first.")

    def _check_machine(self, name: str, state: MachineState) -> None:
        station, at = self._machines[name], f"machines.{name}"
        inside = [*state.lots, *state.done, *state.collected, *state.open]
        if station.kind == "store":
            if inside or state.left_s is not None:
                self._add(
                    at, "is a tower of a store.", f"Say what is in it under stores.{station.id}."
                )
            return
        most = station.batch_lots if station.kind == "batch" else 1
        if len(state.lots) > most:
            self._add(f"{at}.lots", f"holds {len(state.lots)} lots, capacity is {most}.")
        if state.left_s is not None and len(state.lots) != most:
            self._add(f"{at}.left_s", f"works on {len(state.lots)} lots, must be {most}.")
        if state.lots and state.done and (station.kind == "batch" or state.left_s is not None):
            what = "works on lots while finished lots wait for room."
            self._add(at, what, "Name only one of them, or leave out 'left_s'.")
        taken = self._taken(station)
        out = {station.product} if station.product else {*taken.values()}
        makes = station.kind in {"assembly", "web"}
        self._check_lots(f"{at}.lots", state.lots, out if makes else {*taken.values()})
        self._check_lots(f"{at}.done", state.done, out)
        self._check_collected(at, station, state, out if makes else {*taken.values()})
        joins = taken if station.kind == "assembly" else {}
        for place in self._known(f"{at}.open", state.open, joins):
            self._check_lots(f"{at}.open.{place}", state.open[place], {joins[place]})

    def _check_collected(
        self, at: str, station: Station, state: MachineState, allowed: set[str]
    ) -> None:
        size = outgoing_units(station, self._plant)
        if not state.collected:
            return
        if size is None or station.kind == "batch":
            self._add(f"{at}.collected", "collects nothing: its lots stay together.")
            return
        units = sum(lot.n for lot in state.collected)
        if units >= size:
            self._add(f"{at}.collected", f"has {units} units, must be fewer than {size}.")
        for k, lot in enumerate(state.collected):
            if lot.item not in allowed:
                self._add(
                    f"{at}.collected.{k}",
                    f"holds '{lot.item}', must be {', '.join(sorted(allowed))}.",
                )

    def _taken(self, station: Station) -> dict[str, str]:
        """Return place -> item of what a station takes."""
        return {
            take.place: self._places[take.place].item
            for take in station.take
            if take.place in self._places
        }

    def _check_store(self, name: str, state: StoreState) -> None:
        station, at = self._plant.stores[name], f"stores.{name}"
        n_slots = station.machines * (station.rack.slots if station.rack else 0)
        wrong = [slot for slot in state.slot if not 0 <= slot < n_slots]
        if wrong:
            self._add(f"{at}.slot", f"slots {wrong[:5]} do not exist, must be 0 to {n_slots - 1}.")
        twice = [slot for slot, n in Counter(state.slot).items() if n > 1]
        if twice:
            self._add(f"{at}.slot", f"slots {twice[:5]} are named twice.")
        allowed = self._stored(station)
        self._check_tag(at, {*state.column("product")}, {*state.column("result")})
        pairs = {*zip(state.column("item"), state.column("n"), strict=True)}
        for item, n in sorted(pairs):
            self._check_item(at, item, n, allowed)

    def _stored(self, station: Station) -> set[str]:
        """Return the items that can be in a store: those of the places on both of its sides."""
        ends = [take.place for take in station.take] + ([station.put] if station.put else [])
        items = {self._places[end].item for end in ends if end in self._places}
        for end in ends:
            if end in self._plant.stores and not items:
                other = self._plant.stores[end]
                around = [t.place for t in other.take] + ([other.put] if other.put else [])
                items |= {self._places[p].item for p in around if p in self._places}
        return items or {item.id for item in self._plant.items}

    def _check_vehicles(self, state: PlantState) -> None:
        fleets = {v: fleet for fleet in self._plant.fleets for v in fleet.vehicle_ids}
        stops = {network.id: network.stops for network in self._plant.networks}
        taken: Counter[tuple[str, str]] = Counter()
        for name in self._known("vehicles", state.vehicles, fleets):
            fleet, said = fleets[name], state.vehicles[name]
            if said.stop is not None:
                self._known(f"vehicles.{name}.stop", [said.stop], stops[fleet.network])
                home = fleet.homes[fleet.vehicle_ids.index(name)]
                if said.stop in fleet.homes and said.stop != home:
                    what = f"stands at '{said.stop}', where another vehicle parks."
                    self._add(f"vehicles.{name}", what, f"Its own parking stop is '{home}'.")
                taken[fleet.network, said.stop] += 1
            if said.charge is not None and fleet.battery is None:
                self._add(f"vehicles.{name}", "has no battery.", "Remove 'charge'.")
        for (_, stop), n in taken.items():
            if n > 1:
                self._add("vehicles", f"{n} vehicles stand at stop '{stop}', must be 1.")


def outgoing_units(station: Station, plant: Plant) -> int | None:
    """Return the units a station collects into one outgoing lot; None if lots stay together."""
    size = station.units_per_lot_out
    if size is None and station.kind == "web" and station.product:
        return plant.item_by_id[station.product].units_per_lot
    return size
