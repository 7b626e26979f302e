"""Names of rules: which lot, trip or vehicle is next.

The engine knows these names by itself; a script of a scenario can add more, for its runs only.
"""

from __future__ import annotations

from collections.abc import Iterator

from twin.check.where import problem
from twin.errors import Problem, nearest
from twin.plant.load import LoadedPlant

STATION_RULES = ("earliest_due_date", "fifo", "priority", "shortest_processing_time")
TRIP_RULES = ("due", "nearest", "oldest", "priority")
VEHICLE_RULES = ("least_used", "longest_idle", "nearest", "round_robin")


def rule_problems(loaded: LoadedPlant) -> Iterator[Problem]:
    """Yield a problem for every rule that the engine does not know by itself."""
    plant = loaded.plant
    named = [
        (f"stations.{s.id}.dispatch", f"station '{s.id}'", s.dispatch, STATION_RULES)
        for s in plant.stations.values()
    ]
    for fleet in plant.fleets:
        who = f"fleet '{fleet.id}'"
        named.append((f"fleets.{fleet.id}.choose_trip", who, fleet.choose_trip, TRIP_RULES))
        named.append(
            (f"fleets.{fleet.id}.choose_vehicle", who, fleet.choose_vehicle, VEHICLE_RULES)
        )
    for address, who, rule, known in named:
        if rule not in known:
            key = address.rpartition(".")[2]
            what = f"{who}: '{key}' names the rule '{rule}', which does not exist"
            remedy = (
                f"Rules: {', '.join(known)}. One that a script adds is named in its scenario "
                f"('set: {{{address}: {rule}}}')."
            )
            yield problem(loaded, address, f"{what}{nearest(rule, known)}.", remedy)
