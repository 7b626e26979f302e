"""Standing orders: lots that wait at one place are to be carried to another."""

from __future__ import annotations

from sim.core.world import World
from sim.places.place import Place
from sim.transport.fleet import Fleet
from sim.transport.trip import Trip
from twin.errors import PlantError, Problem
from twin.plant.transport import Transport


class Order:
    """A standing order: makes a trip whenever enough lots wait and the target has room."""

    def __init__(
        self, world: World, fleet: Fleet, model: Transport, ends: tuple[Place, Place]
    ) -> None:
        self.id = model.id
        self._world = world
        self._fleet = fleet
        self._n = model.lots
        self._origin, self._target = ends
        self._checking = False
        for place in ends:
            place.watchers.append(self.check)

    def check(self, now: float) -> None:
        """Make as many trips as are possible now."""
        if self._checking:
            return
        self._checking = True
        while self._origin.stock >= self._n and self._target.room >= self._n:
            self._origin.promise(self._n, now)
            self._target.reserve(self._n, now)
            trip = Trip(self._world.numbers.job(), self._origin, self._target, self._n)
            self._fleet.request(trip, now)
        self._checking = False


def check_transports(transports: list[Transport]) -> None:
    """Refuse transports that go in a circle: their vehicles could wait for each other for ever."""
    following: dict[str, list[str]] = {}
    for transport in transports:
        following.setdefault(transport.source, []).append(transport.target)
    for start, first in following.items():
        reached, ahead = set(), [*first]
        while ahead:
            place = ahead.pop()
            if place == start:
                raise PlantError(
                    Problem(start, "transports from here lead back here.", "Break the circle.")
                )
            if place not in reached:
                reached.add(place)
                ahead += following.get(place, [])
