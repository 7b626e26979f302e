"""Fleets: standing transport orders become trips, trips are given to vehicles."""

from __future__ import annotations

from collections.abc import Iterator

from sim.core.lot import Lot
from sim.core.world import World
from sim.people.pool import Pool
from sim.transport.carrier import Carrier
from sim.transport.dispatch import TRIP_RULES, VEHICLE_RULES, Situation, oldest, rule_named
from sim.transport.law import Law
from sim.transport.stops import Stops
from sim.transport.traffic import Traffic
from sim.transport.trip import Trip
from twin.plant.transport import AgvFleet


class Fleet:
    """The vehicles of one fleet and the trips they have to do."""

    def __init__(
        self, world: World, model: AgvFleet, stops: Stops, traffic: Traffic, crew: Pool | None
    ) -> None:
        self.model = model
        self.stops = stops
        self.traffic = traffic
        self.law = Law(model, stops.roads)
        self.drains = model.battery is not None and model.battery.idle_h is not None
        self._choose_trip = rule_named(model.id, "choose_trip", model.choose_trip, TRIP_RULES)
        self._choose_vehicle = rule_named(
            model.id, "choose_vehicle", model.choose_vehicle, VEHICLE_RULES
        )
        self._waiting: list[Trip] = []
        self._dispatching = False
        self._again = False
        self._last_index = -1
        stops.add(self)
        self.vehicles = [Carrier(world, self, k) for k in range(len(model.homes))]
        if model.breakdown is not None:
            for carrier in self.vehicles:
                carrier.breakable(model.breakdown, crew)

    def start(self, now: float) -> None:
        """Begin to serve."""
        for carrier in self.vehicles:
            carrier.parked(now)

    def held(self) -> Iterator[Lot]:
        """Every lot on a vehicle."""
        for carrier in self.vehicles:
            yield from carrier.driver.lots

    def request(self, trip: Trip, now: float) -> None:
        """Take on a trip."""
        self._waiting.append(trip)
        self.dispatch(now)

    def has_trip_from(self, place: str) -> bool:
        """Whether a trip from a place waits."""
        return any(trip.origin.id == place for trip in self._waiting)

    def dispatch(self, now: float) -> None:
        """Start the trips that can start, in the order of the rule."""
        if not self._waiting:
            return
        if self._dispatching:
            self._again = True
            return
        self._dispatching = True
        while self._start_one(now) or self._again:
            self._again = False
        self._dispatching = False

    def _start_one(self, now: float) -> bool:
        free = [carrier for carrier in self.vehicles if carrier.is_free]
        if not free:
            return False
        if self._choose_trip is oldest:
            trip = next((t for t in self._waiting if self._can_start(t, now)), None)
            trips = [] if trip is None else [trip]
        else:
            trips = [t for t in self._waiting if self._can_start(t, now)]
        if not trips:
            return False
        situation = Situation(now, trips, free, self._stop_of, self._last_index)
        trip = self._choose_trip(situation)
        pick, carrier = self._vehicle_for(trip, situation)
        self._waiting.remove(trip)
        self._last_index = carrier.index
        self.stops.holder[pick] = carrier
        carrier.carry(trip, pick, now)
        return True

    def _can_start(self, trip: Trip, now: float) -> bool:
        """Whether a trip has a stop to load at; one that another fleet idles at is cleared."""
        place = trip.origin.id
        if self.stops.free_at(place) is not None:
            return True
        idler = self.stops.idler_at(place)
        if idler is None:
            return False
        if idler in self.vehicles:
            return True
        idler.go_home(now)
        return False

    def _stop_of(self, trip: Trip) -> str:
        stop = self.stops.free_at(trip.origin.id)
        if stop is None:
            idler = self.stops.idler_at(trip.origin.id)
            stop = idler.driver.here.name if idler is not None else ""
        return stop

    def _vehicle_for(self, trip: Trip, situation: Situation) -> tuple[str, Carrier]:
        pick = self._stop_of(trip)
        idler = self.stops.holder.get(pick)
        if idler is not None:
            return pick, idler
        if len(situation.vehicles) == 1:
            return pick, situation.vehicles[0]
        return pick, self._choose_vehicle(trip, situation)
