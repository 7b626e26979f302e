"""Fleets: standing transport orders become trips, trips are given to vehicles.

A stop has room for one vehicle. A trip begins when the stop it loads at is free; once loaded, the
vehicle stays there, off the lanes, until the stop it unloads at is free. Every vehicle owns its
parking stop. A vehicle so holds at most one stop while it waits for the next one downstream, and
because transports never go in a circle, stops cannot deadlock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from sim.core.lot import Lot
from sim.core.world import World
from sim.transport.carrier import Carrier
from sim.transport.dispatch import Rule, nearest_first
from sim.transport.network import Roads
from sim.transport.traffic import Traffic
from sim.transport.trip import Trip
from sim.transport.vehicle import Vehicle
from twin.errors import PlantError, Problem
from twin.plant.transport import AgvFleet


class Fleet:
    """The vehicles of one fleet and the trips they have to do."""

    def __init__(
        self,
        world: World,
        model: AgvFleet,
        roads: Roads,
        traffic: Traffic,
        *,
        rule: Rule = nearest_first,
    ) -> None:
        self.model = model
        self.traffic = traffic
        self.vehicles: list[Carrier] = []
        self._roads = roads
        self._rule = rule
        self._waiting: list[Trip] = []
        self._loaded: dict[str, deque[Carrier]] = {}
        self._taken = set(model.homes)
        for vehicle, home in zip(model.vehicle_ids, model.homes, strict=True):
            driver = Vehicle(
                world,
                model,
                vehicle,
                home,
                roads=roads,
                traffic=traffic,
                left_stop=self._free_stop,
            )
            self.vehicles.append(Carrier(world, self, driver))
        self._stops: dict[str, list[str]] = {}

    def start(self, now: float) -> None:
        """Begin to serve."""
        for carrier in self.vehicles:
            carrier.start(now)

    def take_stop(self, stop: str) -> None:
        """Keep a stop for a vehicle that stands there (initial state)."""
        self._taken.add(stop)

    def held(self) -> Iterator[Lot]:
        """Every lot on a vehicle."""
        for carrier in self.vehicles:
            yield from carrier.driver.lots

    def request(self, trip: Trip, now: float) -> None:
        """Take on a trip."""
        self._waiting.append(trip)
        self.dispatch(now)

    def dispatch(self, now: float) -> None:
        """Start the trips that can start, oldest first."""
        k = 0
        free = [c for c in self.vehicles if c.is_free]
        while free and k < len(self._waiting):
            trip = self._waiting[k]
            pick = self._free_at(trip.origin.id)
            if pick is None:
                k += 1
                continue
            self._waiting.pop(k)
            self._taken.add(pick)
            chosen = self._rule(pick, [c.driver for c in free], self._distance_m)
            carrier = next(c for c in free if c.driver is chosen)
            free.remove(carrier)
            carrier.carry(trip, pick, now)

    def stop_for(self, carrier: Carrier, place: str) -> str | None:
        """Return a free stop at a place and keep it; else remember who waits for one."""
        stop = self._free_at(place)
        if stop is None:
            self._loaded.setdefault(place, deque()).append(carrier)
        else:
            self._taken.add(stop)
        return stop

    def free_charger(self, near: Vehicle) -> str | None:
        """Return the nearest free charger, and keep it."""
        free = [s for s, stop in self._roads.stops.items() if stop.charger and s not in self._taken]
        if not free:
            return None
        chosen = min(free, key=lambda stop: self._distance_m(near, stop))
        self._taken.add(chosen)
        return chosen

    def is_charger(self, stop: str | None) -> bool:
        """Whether a stop has a charger."""
        return stop is not None and self._roads.stops[stop].charger

    def _distance_m(self, vehicle: Vehicle, stop: str) -> float:
        return self._roads.distance_m(vehicle.next_node, stop)

    def _free_at(self, place: str) -> str | None:
        if place not in self._stops:
            self._stops[place] = self._roads.stops_at(place)
            if not self._stops[place]:
                raise PlantError(
                    Problem(self.model.id, f"no stop serves place '{place}'.", "Add one.")
                )
        return next((stop for stop in self._stops[place] if stop not in self._taken), None)

    def _free_stop(self, stop: str, now: float) -> None:
        if stop not in self.model.homes:
            self._taken.discard(stop)
            loaded = self._loaded.get(self._roads.stops[stop].place or "")
            if loaded:
                self._taken.add(stop)
                loaded.popleft().deliver(stop, now)
            else:
                self.dispatch(now)
