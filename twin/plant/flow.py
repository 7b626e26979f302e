"""The flow of material: everything comes from somewhere, fits, and leaves the plant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from twin.plant.lots import check_lots
from twin.plant.origin import Index
from twin.plant.place import Buffer, Conveyor
from twin.plant.plant import Plant
from twin.plant.reporter import Reporter
from twin.plant.station import Station
from twin.plant.tree import Problems


@dataclass(frozen=True)
class Hop:
    """One way material takes: from a place or station to the next.

    Attributes
    ----------
    start, end : str
        Ids.
    kind, owner, key : str
        The object that says so: its list, its id and its key.
    rework : bool
        Whether it is a rework route, which may lead back.
    """

    start: str
    end: str
    kind: str
    owner: str
    key: str
    rework: bool = False


def hops(plant: Plant) -> list[Hop]:
    """Return every way material takes in the plant."""
    found = [Hop(s.id, s.put, "sources", s.id, "put") for s in plant.sources]
    for station in plant.stations.values():
        for k, take in enumerate(station.take):
            found.append(Hop(take.place, station.id, "stations", station.id, f"take.{k}.from"))
        if station.route is not None:
            for k, way in enumerate(station.route.ways):
                back, key = way.max_passes is not None, f"route.ways.{k}.to"
                found.append(Hop(station.id, way.to, "stations", station.id, key, back))
        elif station.put is not None:
            found.append(Hop(station.id, station.put, "stations", station.id, "put"))
    found += [Hop(t.source, t.target, "transports", t.id, "to") for t in plant.transports]
    return found


def check_flow(plant: Plant, index: Index, problems: Problems) -> None:
    """Report cyclic routes, dead ends, places nothing feeds, and items or lots that do not fit.

    Parameters
    ----------
    plant : Plant
        With all references correct.
    index : Index
        Where things stand in the file.
    problems : Problems
        Receives every problem.
    """
    report = Reporter(index, problems)
    ways = hops(plant)
    if _check_loops(ways, report):
        return
    _check_ends(plant, ways, report)
    items = Items(plant, ways)
    _check_items(plant, ways, items, report)
    check_lots(plant, items.arriving, report)


def _check_loops(ways: list[Hop], report: Reporter) -> bool:
    """Report each loop of the flow once; True if there is one."""
    following: dict[str, list[Hop]] = {}
    for hop in ways:
        if not hop.rework:
            following.setdefault(hop.start, []).append(hop)
    done: set[str] = set()
    reported: set[str] = set()
    for start in following:
        for loop in _loops_from(start, following, done):
            names = [hop.start for hop in loop]
            if reported.isdisjoint(names):
                route = " -> ".join(f"'{name}'" for name in [*names, names[0]])
                what = f"cyclic route: {route}."
                remedy = (
                    "Material could never leave it; let one step put elsewhere, or declare the way "
                    "back as rework ('max_passes')."
                )
                report.at(loop[-1].kind, loop[-1].owner, loop[-1].key, what, remedy)
            reported.update(names)
    return bool(reported)


def _loops_from(start: str, following: dict[str, list[Hop]], done: set[str]) -> Iterator[list[Hop]]:
    """Yield the loops a depth-first search from `start` closes; marks what it has `done`."""
    path: list[Hop] = []
    on_path = {start}
    stack = [iter(following.get(start, ()) if start not in done else ())]
    while stack:
        hop = next(stack[-1], None)
        if hop is None:
            stack.pop()
            left = path.pop().end if path else start
            on_path.discard(left)
            done.add(left)
        elif hop.end in on_path:
            route = [*path, hop]
            first = next(k for k, step in enumerate(route) if step.start == hop.end)
            yield route[first:]
        elif hop.end not in done:
            path.append(hop)
            on_path.add(hop.end)
            stack.append(iter(following.get(hop.end, ())))


def _check_ends(plant: Plant, ways: list[Hop], report: Reporter) -> None:
    left = {hop.start for hop in ways}
    reached = {hop.end for hop in ways}
    for kind, places in (("buffers", plant.buffers), ("conveyors", plant.conveyors)):
        for name in places:
            if name not in left:
                report.at(kind, name, "", "a dead end: nothing takes from it.")
            if name not in reached:
                report.at(kind, name, "", "nothing feeds it.")
    for station in plant.stations.values():
        _check_station_ends(station, left, reached, report)
    for sink in plant.sinks:
        if sink.id not in reached:
            report.at("sinks", sink.id, "", "nothing is delivered to it.")


def _check_station_ends(
    station: Station, left: set[str], reached: set[str], report: Reporter
) -> None:
    if station.id not in left:
        what = "its output goes nowhere: it has no 'put'"
        what += " and nothing takes from it." if station.kind == "store" else "."
        report.at("stations", station.id, "", what)
    if station.id not in reached and station.kind == "store":
        report.at("stations", station.id, "", "nothing feeds it.")


class Items:
    """Which items are where, followed along the flow (which must be free of loops)."""

    def __init__(self, plant: Plant, ways: list[Hop]) -> None:
        self.plant = plant
        self.places: dict[str, Buffer | Conveyor] = {**plant.buffers, **plant.conveyors}
        self.sources = {source.id: source.item for source in plant.sources}
        self.feeding: dict[str, list[str]] = {}
        for hop in ways:
            self.feeding.setdefault(hop.end, []).append(hop.start)
        self.known: dict[str, frozenset[str]] = {}

    def leaving(self, name: str) -> frozenset[str]:
        """Return the items that leave a place or station."""
        if name in self.places:
            return frozenset({self.places[name].item})
        if name in self.sources:
            return frozenset({self.sources[name]})
        station = self.plant.stations.get(name)
        if station is not None and station.parts:
            return frozenset(part.item for part in station.parts)
        if station is not None and station.product is not None:
            return frozenset({station.product})
        return self.arriving(name)

    def arriving(self, name: str) -> frozenset[str]:
        """Return the items that reach a place or station."""
        if name not in self.known:
            feeders = self.feeding.get(name, ())
            self.known[name] = frozenset(item for f in feeders for item in self.leaving(f))
        return self.known[name]


def _check_items(plant: Plant, ways: list[Hop], items: Items, report: Reporter) -> None:
    for source in plant.sources:
        _check_fit(source.id, source.put, items, report, ("sources", source.id, "put"))
    puts: dict[str, list[Hop]] = {}
    for hop in ways:
        if hop.start == hop.owner and hop.kind == "stations":
            puts.setdefault(hop.owner, []).append(hop)
    for station in plant.stations.values():
        arriving = items.arriving(station.id)
        if station.parts:
            _check_parts(station, [hop.end for hop in puts.get(station.id, ())], items, report)
        elif len(arriving) > 1 and station.product is None:
            names = ", ".join(f"'{name}'" for name in sorted(arriving))
            what = f"takes {names} and has no 'product': name what it makes."
            report.at("stations", station.id, "take", what)
        else:
            for hop in puts.get(station.id, ()):
                _check_fit(hop.start, hop.end, items, report, (hop.kind, hop.owner, hop.key))
    for transport in plant.transports:
        at = ("transports", transport.id, "to")
        _check_fit(transport.source, transport.target, items, report, at)


def _check_parts(station: Station, ends: list[str], items: Items, report: Reporter) -> None:
    """Every part has a place to go to, and every place gets a part."""
    made = items.leaving(station.id)
    kept = {end: items.places[end].item for end in ends if end in items.places}
    for end, item in kept.items():
        if item not in made:
            what = f"nothing it makes goes to '{end}', which is for '{item}'."
            report.at("stations", station.id, "parts", what, "Correct 'parts' or the place.")
    for item in sorted(made - set(kept.values())):
        if len(kept) == len(ends):
            what = f"no place it puts to is for its part '{item}'."
            report.at("stations", station.id, "parts", what, "Add a way to one under 'route'.")


def _check_fit(
    start: str, end: str, items: Items, report: Reporter, at: tuple[str, str, str]
) -> None:
    if end not in items.places:
        return
    kept = items.places[end].item
    wrong = sorted(items.leaving(start) - {kept})
    if wrong:
        what = f"brings '{wrong[0]}' to '{end}', which is for '{kept}'."
        remedy = "Correct 'product', the place or its 'item'."
        report.at(*at, what, remedy)
