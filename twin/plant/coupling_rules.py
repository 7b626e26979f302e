"""Rules of buffers without room: who can hand over lots there, and who cannot."""

from __future__ import annotations

from twin.plant.plant import Plant
from twin.plant.reporter import Reporter
from twin.plant.route_rules import chooses_lots
from twin.plant.station import Station

_REMEDY = "Give it a capacity of 1 or more."


def check_couplings(plant: Plant, report: Reporter) -> None:
    """Report buffers of capacity 0 that something stores lots in, or looks through.

    Parameters
    ----------
    plant : Plant
    report : Reporter
        Receives every problem.
    """
    for buffer in plant.buffers.values():
        if buffer.capacity:
            continue
        for mover in _movers(plant, buffer.id):
            what = f"has capacity 0, but {mover} picks or drops lots there."
            report.at("buffers", buffer.id, "capacity", what, _REMEDY)
        for station in plant.stations.values():
            if buffer.id in {take.place for take in station.take}:
                _check_taker(plant, buffer.id, station, report)


def _movers(plant: Plant, place: str) -> list[str]:
    """Return who moves lots to or from a place, in words."""
    trips = [t.id for t in plant.transports if place in (t.source, t.target)]
    stores = [
        s for s in plant.stores.values() if place in {s.put, *(take.place for take in s.take)}
    ]
    found = [f"transport '{name}'" for name in trips]
    return found + [f"the crane of store '{store.id}'" for store in stores]


def _check_taker(plant: Plant, place: str, station: Station, report: Reporter) -> None:
    at = ("buffers", place, "capacity")
    at_once = station.loading == "simultaneous"
    if chooses_lots(station) and not at_once:
        what = f"has capacity 0, but '{station.id}' chooses among the lots that wait there."
        report.at(*at, what, _REMEDY)
    if station.put in plant.buffers and plant.buffers[station.put].kanban is not None:
        what = f"has capacity 0, but '{station.id}' takes a lot only when it has a card."
        report.at(*at, what, _REMEDY)
    if at_once:
        _check_at_once(plant, place, station, report)


def _check_at_once(plant: Plant, place: str, station: Station, report: Reporter) -> None:
    """A station that loads all at once must see what is offered, before it takes it."""
    at = ("buffers", place, "capacity")
    feeders = [s.id for s in plant.sources if s.put == place]
    feeders += [s.id for s in plant.stations.values() if s.route and place in s.puts]
    for name in feeders:
        what = f"has capacity 0, but '{station.id}' loads at once and cannot see what '{name}' has."
        report.at(*at, what, f"{_REMEDY[:-1]}, or 'loading: one_by_one'.")
    item = plant.item_by_id.get(plant.buffers[place].item)
    for take in station.take:
        if take.place == place and item is not None and take.units > item.units_per_lot:
            what = f"has capacity 0, but '{station.id}' needs {take.units} units of it at once."
            report.at(*at, what, f"{_REMEDY[:-1]}: one lot has {item.units_per_lot}.")
