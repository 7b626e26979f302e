"""Cost of scrap: what was spent on units up to the step that scrapped them.

The value of a unit after a step is the step's cost per unit processed plus the value of what it
took: of one unit, or of its components, or of the metres of web. The value at a place is that of
what its feeders put there, weighted by their good units. Good units do not carry the cost of scrap,
so nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping

from twin.kpi.station import StationKpis
from twin.plant.plant import Plant
from twin.plant.station import Station, Take


def scrap_cost(
    plant: Plant, stations: Mapping[str, StationKpis], step_costs: Mapping[str, float]
) -> tuple[float | None, str]:
    """Return the cost of the units scrapped, or None and why."""
    values = _Values(plant, stations, step_costs)
    total = 0.0
    for station in plant.stations.values():
        scrapped = stations[station.id].scrapped
        if scrapped:
            total += scrapped * values.after(station)
    if values.idle:
        return None, f"nothing was processed in the window at {', '.join(sorted(values.idle))}"
    return total, ""


class _Values:
    """Value per unit after every station and at every place."""

    def __init__(
        self, plant: Plant, stations: Mapping[str, StationKpis], step_costs: Mapping[str, float]
    ) -> None:
        self.idle: set[str] = set()
        self._plant = plant
        self._stations = stations
        self._step_costs = step_costs
        self._known: dict[str, float] = {}
        self._open: set[str] = set()

    def after(self, station: Station) -> float:
        """Return the value of a unit that a station has processed."""
        name = station.id
        if name in self._known:
            return self._known[name]
        if name in self._open:
            return 0.0  # a way back (rework): counted on the way in
        self._open.add(name)
        processed = self._stations[name].processed
        own = 0.0
        if processed:
            own = self._step_costs[name] / processed
        elif self._step_costs[name]:
            self.idle.add(name)
        value = own + self._taken(station)
        self._open.discard(name)
        self._known[name] = value
        return value

    def _taken(self, station: Station) -> float:
        parts = [self._at(take.place) * _quantity(station, take) for take in station.take]
        if station.kind == "assembly" or len(parts) < 2:
            return sum(parts)
        return sum(parts) / len(parts)

    def _at(self, place: str) -> float:
        """Return the value of a unit at a place."""
        plant = self._plant
        if place in plant.stores:
            return self.after(plant.stores[place])
        fed = [
            (self.after(s) / _pieces(s), float(self._stations[s.id].good) * _pieces(s))
            for s in plant.stations.values()
            if place in s.puts
        ]
        fed += [(self._at(t.source), 1.0) for t in plant.transports if t.target == place]
        prices = plant.costs.materials if plant.costs else {}
        fed += [(prices.get(s.item, 0.0), 1.0) for s in plant.sources if s.put == place]
        weight = sum(n for _, n in fed)
        if not weight:
            return sum(value for value, _ in fed) / max(len(fed), 1)
        return sum(value * n for value, n in fed) / weight


def _pieces(station: Station) -> int:
    """Return the units that one unit becomes: where it is taken apart, they share its value."""
    return sum(part.units for part in station.parts) or 1


def _quantity(station: Station, take: Take) -> float:
    """Return the units taken from an input for one unit processed."""
    if station.kind == "assembly":
        return float(take.units)
    if station.kind == "web":
        return 1.0 / (station.units_per_m or 1.0)
    return 1.0
