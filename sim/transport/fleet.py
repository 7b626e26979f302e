"""Fleets: standing transport orders become trips, trips are given to vehicles."""

from __future__ import annotations

from collections import deque
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
        self.free: dict[int, Carrier] = {}
        self._waiting: dict[str, deque[Trip]] = {}
        self._n_waiting = 0
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
        self.stops.serve(trip.target.id)
        queue = self._waiting.get(trip.origin.id)
        if queue is None:
            self.stops.serve(trip.origin.id)
            queue = self._waiting[trip.origin.id] = deque()
        queue.append(trip)
        self._n_waiting += 1
        self.dispatch(now)

    def has_trip_from(self, place: str) -> bool:
        """Whether a trip from a place waits."""
        return bool(self._waiting.get(place))

    def dispatch(self, now: float) -> None:
        """Start the trips that can start, in the order of the rule."""
        if not self._n_waiting:
            return
        if self._dispatching:
            self._again = True
            return
        self._dispatching = True
        while self.free and (self._start_one(now) or self._again):
            self._again = False
        self._dispatching = False

    def _start_one(self, now: float) -> bool:
        queues = [q for q in self._waiting.values() if q and self._can_start(q[0].origin.id, now)]
        if not queues or not self.free:
            return False
        if self._choose_trip is oldest:
            trips = [min((queue[0] for queue in queues), key=_number)]
        else:
            trips = sorted((trip for queue in queues for trip in queue), key=_number)
        vehicles = [self.free[k] for k in sorted(self.free)]
        situation = Situation(now, trips, vehicles, self._stop_of, self._last_index)
        trip = self._choose_trip(situation)
        pick, carrier = self._vehicle_for(trip, situation)
        self._waiting[trip.origin.id].remove(trip)
        self._n_waiting -= 1
        self._last_index = carrier.index
        if pick not in self.stops.holder:
            self.stops.keep(pick, carrier)
        carrier.carry(trip, pick, now)
        return True

    def _can_start(self, place: str, now: float) -> bool:
        """Whether a trip has a stop to load at; one that another fleet idles at is cleared."""
        if self.stops.n_free[place]:
            return True
        if not self.stops.may_idle:
            return False
        idler = self.stops.idler_at(place)
        if idler is None:
            return False
        if self.free.get(idler.index) is idler:
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


def _number(trip: Trip) -> int:
    return trip.number
