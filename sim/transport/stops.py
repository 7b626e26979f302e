"""The stops of a network: who has which, and who waits for one.

A stop has room for one vehicle. A trip begins when the stop it loads at is free; once loaded, the
vehicle stays there, off the lanes, until the stop it unloads at is free. Every vehicle owns its
parking stop. A vehicle so holds at most one stop while it waits for the next one downstream, and
because transports never go in a circle, stops cannot deadlock.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sim.transport.network import Roads
from twin.errors import PlantError, Problem

if TYPE_CHECKING:
    from sim.transport.carrier import Carrier
    from sim.transport.fleet import Fleet


class Stops:
    """Who has which stop of one network, over all fleets on it."""

    def __init__(self, roads: Roads) -> None:
        self.roads = roads
        self.fleets: list[Fleet] = []
        self.may_idle = any(s.charger and s.place is not None for s in roads.stops.values())
        self.homes: set[str] = set()
        self.holder: dict[str, Carrier] = {}
        self.n_free: dict[str, int] = {}
        self._at: dict[str, list[str]] = {}
        self._loaded: dict[str, deque[Carrier]] = {}
        self._empty: deque[Carrier] = deque()

    def add(self, fleet: Fleet) -> None:
        """Note a fleet and the homes of its vehicles."""
        self.fleets.append(fleet)
        self.homes.update(fleet.model.homes)
        self.may_idle |= fleet.model.park == "stay"

    def keep(self, stop: str, carrier: Carrier) -> None:
        """Give a free stop to a vehicle."""
        self.holder[stop] = carrier
        place = self.roads.stops[stop].place
        if place in self.n_free:
            self.n_free[place] -= 1

    def serve(self, place: str) -> None:
        """Make sure that a place has stops.

        Raises
        ------
        PlantError
            It has none.
        """
        if place not in self._at:
            found = [s for s in self.roads.stops_at(place) if s not in self.homes]
            if not found:
                what = f"no stop serves place '{place}'."
                raise PlantError(Problem(f"network '{self.roads.model.id}'", what, "Add one."))
            self._at[place] = found
            self.n_free[place] = sum(stop not in self.holder for stop in found)

    def free_at(self, place: str) -> str | None:
        """Return a free stop at a place."""
        if not self.n_free[place]:
            return None
        holder = self.holder
        for stop in self._at[place]:
            if stop not in holder:
                return stop
        return None

    def idler_at(self, place: str) -> Carrier | None:
        """Return a vehicle without work that stands at a stop of a place."""
        holders = (self.holder.get(stop) for stop in self._at[place])
        return next((carrier for carrier in holders if carrier and carrier.idles), None)

    def for_load(self, carrier: Carrier, place: str, now: float) -> str | None:
        """Keep a free stop at a place for a loaded vehicle; else remember who waits for one."""
        stop = self.free_at(place)
        if stop is not None:
            self.keep(stop, carrier)
            return stop
        self._loaded.setdefault(place, deque()).append(carrier)
        idler = self.idler_at(place)
        if idler is not None:
            idler.go_home(now)
        return None

    def for_charge(self, carrier: Carrier, now: float) -> str | None:
        """Keep the nearest free charger; else remember who waits for one."""
        stop = self.free_charger(carrier)
        if stop is not None:
            self.keep(stop, carrier)
            return stop
        if not any(self._is_shared_charger(name) for name in self.roads.stops):
            return None
        self._empty.append(carrier)
        for name, other in [*self.holder.items()]:
            if self.is_charger(name) and other.idles and not other.charges:
                other.go_home(now)
                break
        return None

    def free_charger(self, near: Carrier) -> str | None:
        """Return the nearest free charger."""
        free = [s for s in self.roads.stops if self._is_shared_charger(s) and s not in self.holder]
        return min(free, key=near.distance_m, default=None)

    def free_parking(self, near: Carrier) -> str:
        """Return the nearest free parking stop, or the vehicle's home."""
        free = [near.driver.home]
        free += [
            name
            for name, stop in self.roads.stops.items()
            if stop.place is None and name not in self.homes and name not in self.holder
        ]
        return min(free, key=near.distance_m)

    def waits_for_charger(self, carrier: Carrier) -> bool:
        """Whether a vehicle is in the queue for a charger."""
        return carrier in self._empty

    def is_wanted(self, stop: str) -> bool:
        """Whether somebody waits for a stop that a vehicle without work stands at."""
        place = self.roads.stops[stop].place
        if place and self._loaded.get(place):
            return True
        if self.is_charger(stop) and self._empty:
            return True
        return any(fleet.has_trip_from(place) for fleet in self.fleets if place)

    def is_charger(self, stop: str | None) -> bool:
        """Whether a stop has a charger."""
        return stop is not None and self.roads.stops[stop].charger

    def give_back(self, stop: str, carrier: Carrier, now: float) -> None:
        """Free a stop that a vehicle has left, or will not drive to; the next one gets it."""
        if self.holder.get(stop) is not carrier:
            return
        del self.holder[stop]
        place = self.roads.stops[stop].place or ""
        if place in self.n_free:
            self.n_free[place] += 1
        loaded = self._loaded.get(place)
        if loaded:
            following = loaded.popleft()
            self.keep(stop, following)
            following.deliver(stop, now)
        elif self._empty and self.is_charger(stop):
            following = self._empty.popleft()
            self.keep(stop, following)
            following.charge_at(stop, now)
        else:
            for fleet in self.fleets:
                fleet.dispatch(now)

    def _is_shared_charger(self, stop: str) -> bool:
        return self.roads.stops[stop].charger and stop not in self.homes
