"""Dispatch rules: plain functions that choose the next trip and the vehicle that carries it out.

A trip rule gets a `Situation` and returns one of its `trips`; a vehicle rule gets the chosen trip
and the `Situation` and returns one of its `vehicles`. Both lists are never empty. Rules must not
change anything. Own rules are registered under a name, which a plant file then may use::

    def emptiest(trip, now):
        return min(now.vehicles, key=lambda vehicle: vehicle.charge)

    register_vehicle_rule("emptiest", emptiest)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sim.transport.trip import Trip
from twin.errors import PlantError, Problem, nearest

if TYPE_CHECKING:
    from sim.transport.carrier import Carrier


@dataclass(frozen=True)
class Situation:
    """What a rule can choose from.

    Attributes
    ----------
    now_s : float
        Time.
    trips : sequence of Trip
        Trips that can start, oldest first: `number`, `origin.id`, `target.id`, `n`, `priority`,
        `asked_s`, `due_s`.
    vehicles : sequence of Carrier
        Free vehicles in the order of their ids: `id`, `index`, `free_since_s`, `n_trips`,
        `busy_s`, `charge` (share, 1 without a battery), and ``distance_m(stop)``.
    stop_of : callable
        The stop at which a trip would be loaded.
    last_index : int
        Index of the vehicle that got the last trip; -1 before the first.
    """

    now_s: float
    trips: Sequence[Trip]
    vehicles: Sequence[Carrier]
    stop_of: Callable[[Trip], str]
    last_index: int


TripRule = Callable[[Situation], Trip]
VehicleRule = Callable[[Trip, Situation], "Carrier"]


def oldest(now: Situation) -> Trip:
    """Choose the trip asked for first."""
    return now.trips[0]


def nearest_trip(now: Situation) -> Trip:
    """Choose the trip whose pick-up is nearest to a free vehicle; the oldest of equals."""

    def way_m(trip: Trip) -> float:
        stop = now.stop_of(trip)
        return min(vehicle.distance_m(stop) for vehicle in now.vehicles)

    return min(now.trips, key=way_m)


def most_urgent(now: Situation) -> Trip:
    """Choose the trip with the highest priority; the oldest of equals."""
    return max(now.trips, key=lambda trip: trip.priority)


def earliest_due(now: Situation) -> Trip:
    """Choose the trip that is due first; the oldest of equals."""
    return min(now.trips, key=lambda trip: trip.due_s)


def nearest_vehicle(trip: Trip, now: Situation) -> Carrier:
    """Choose the vehicle with the shortest way to the pick-up; the first one of equals."""
    if len(now.vehicles) == 1:
        return now.vehicles[0]
    stop = now.stop_of(trip)
    lengths_m = now.vehicles[0].lengths_m(stop)
    ways_m = [lengths_m[vehicle.driver.committed_to.node] for vehicle in now.vehicles]
    return now.vehicles[ways_m.index(min(ways_m))]


def longest_idle(trip: Trip, now: Situation) -> Carrier:  # noqa: ARG001
    """Choose the vehicle that has been free for the longest time."""
    return min(now.vehicles, key=lambda vehicle: vehicle.free_since_s)


def least_used(trip: Trip, now: Situation) -> Carrier:  # noqa: ARG001
    """Choose the vehicle that has made the fewest trips."""
    return min(now.vehicles, key=lambda vehicle: vehicle.n_trips)


def round_robin(trip: Trip, now: Situation) -> Carrier:  # noqa: ARG001
    """Choose the vehicles in turn, leaving out those that are not free."""
    later = [vehicle for vehicle in now.vehicles if vehicle.index > now.last_index]
    return (later or now.vehicles)[0]


TRIP_RULES: dict[str, TripRule] = {
    "oldest": oldest,
    "nearest": nearest_trip,
    "priority": most_urgent,
    "due": earliest_due,
}
VEHICLE_RULES: dict[str, VehicleRule] = {
    "nearest": nearest_vehicle,
    "longest_idle": longest_idle,
    "least_used": least_used,
    "round_robin": round_robin,
}
_R = TypeVar("_R", TripRule, VehicleRule)


def register_trip_rule(name: str, rule: TripRule) -> None:
    """Offer a function as a trip rule under a name, or replace the one of that name."""
    TRIP_RULES[name] = rule


def register_vehicle_rule(name: str, rule: VehicleRule) -> None:
    """Offer a function as a vehicle rule under a name, or replace the one of that name."""
    VEHICLE_RULES[name] = rule


def rule_named(fleet: str, key: str, name: str, rules: dict[str, _R]) -> _R:
    """Return a rule by name.

    Raises
    ------
    PlantError
        There is no such rule; names the nearest one.
    """
    if name not in rules:
        what = f"'{key}' names the rule '{name}', which does not exist{nearest(name, [*rules])}."
        remedy = f"Rules: {', '.join(rules)}; a script can register more."
        raise PlantError(Problem(f"fleet '{fleet}'", what, remedy))
    return rules[name]
