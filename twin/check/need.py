"""How much every step has to handle for one good product, from the flow of material alone.

The need runs upstream from the sinks: a step has to process what its output needs, divided by its
yield. Where several steps feed one place they share its need in proportion to their capacity. What
comes back along a rework route need not come from upstream.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property

from twin.plant.flow import Items, hops
from twin.plant.item import Item
from twin.plant.plant import Plant
from twin.plant.routing import SCRAP, Way
from twin.plant.station import Station, Take


class Needs:
    """Units per good product at every station, place and transport.

    Parameters
    ----------
    plant : Plant
        Free of cyclic routes (loading makes sure).
    per_h : mapping
        Capacity of each station in units per hour: decides, with that of the steps before it, who
        makes how much where several feed one place.
    """

    def __init__(self, plant: Plant, per_h: Mapping[str, float]) -> None:
        self.plant = plant
        self.per_h = per_h
        self.ways = hops(plant)
        self._items = Items(plant, self.ways)
        self.place = cache(self._place)
        self.weight = cache(self._weight)

    def item(self, name: str) -> Item:
        """Return the item that arrives at a station, or lies at a place."""
        found = sorted(self._items.arriving(name)) or sorted(self._items.leaving(name))
        return self.plant.item_by_id[found[0]]

    def processed(self, station: Station) -> float:
        """Return the units a station processes per good product; scrapped ones count."""
        if station.id in self._reworking:
            return sum(self._returned(take.place) for take in station.take)
        lost = sum(r.share for r in station.results if r.name == SCRAP)
        return self._output(station) / (station.yield_ - lost - _rework_share(station))

    def carried(self, transport_id: str) -> float:
        """Return the lots a transport carries per good product."""
        transport = next(t for t in self.plant.transports if t.id == transport_id)
        units = self._fed(transport.id, transport.target)
        return units / self.plant.item_by_id[self._item_at(transport.source)].units_per_lot

    def input(self, station: Station, take: Take) -> float:
        """Return the units a station takes from one of its inputs per good product."""
        processed = self.processed(station)
        if station.kind == "assembly":
            return processed * take.units
        if station.units_per_m is not None:
            processed /= station.units_per_m
        weights = {t.place: self._arriving_weight(t.place) for t in station.take}
        put_in = sum(map(self.weight, self._feeders(station.id)))
        return processed * weights[take.place] / (sum(weights.values()) + put_in)

    def supplied(self, source_id: str) -> float:
        """Return the units a source brings per good product."""
        source = next(s for s in self.plant.sources if s.id == source_id)
        return self._fed(source.id, source.put)

    def _item_at(self, place: str) -> str:
        return next(iter(sorted(self._items.leaving(place))))

    def _output(self, station: Station) -> float:
        fed = {place: self._fed(station.id, place) for place in _forward(station)}
        if station.parts:
            units = {part.item: part.units for part in station.parts}
            return max(
                (n / units.get(self._item_at(place), 1) for place, n in fed.items()
                 if place not in self._sinks), default=sum(fed.values()),
            )  # fmt: skip
        put = sum(fed.values())
        return put + (self.place(station.id) if station.kind == "store" else 0.0)

    def _place(self, name: str) -> float:
        """Return the units that leave a buffer, conveyor or store per good product."""
        takers = self._takers.get(name, [])
        carried = [t for t in self.plant.transports if t.source == name]
        needed = sum(self.input(s, t) for s, t in takers) + sum(
            self._fed(t.id, t.target) for t in carried
        )
        return max(needed - self._returned(name), 0.0) if self._loops else needed

    def _returned(self, name: str) -> float:
        """Return the units that come to a place along rework routes per good product."""
        back = sum(
            _rework_share(station, name) * self.processed(station)
            for station in self._loops
            if any(way.to == name and way.max_passes for way in _ways(station))
        )
        repaired = [s for s in self.plant.stations.values() if s.id in self._reworking]
        return back + sum(self.processed(s) * s.yield_ for s in repaired if name in s.puts)

    @cached_property
    def _loops(self) -> list[Station]:
        """Stations with a rework route."""
        stations = self.plant.stations.values()
        return [s for s in stations if any(way.max_passes for way in _ways(s))]

    @cached_property
    def _reworking(self) -> frozenset[str]:
        """Stations that only rework reaches."""
        if not self._loops:
            return frozenset()
        reached = {source.id for source in self.plant.sources}
        following = [hop for hop in self.ways if not hop.rework]
        while fresh := {h.end for h in following if h.start in reached} - reached:
            reached |= fresh
        by_rework = {way.to for station in self._loops for way in _ways(station) if way.max_passes}
        stations = self.plant.stations.values()
        return frozenset(
            s.id for s in stations if s.id not in reached and by_rework & {t.place for t in s.take}
        )

    def _fed(self, feeder: str, place: str) -> float:
        """Return the units one feeder brings to a place (or out of the plant)."""
        if place in self._sinks:
            exits = self._exits
            if feeder not in exits:
                return 0.0
            station = self.plant.stations.get(feeder)
            ends = len(self._sinks.intersection(_forward(station))) if station else 1
            return self.weight(feeder) / sum(map(self.weight, exits)) / ends
        share = self.weight(feeder) / sum(map(self.weight, self._feeders(place)))
        store = self.plant.stores.get(place)
        if store is None:
            return self.place(place) * share
        taken = sum(self.input(store, take) for take in store.take)
        return (self.processed(store) - taken) * share

    @cached_property
    def _sinks(self) -> frozenset[str]:
        return frozenset(sink.id for sink in self.plant.sinks)

    @cached_property
    def _exits(self) -> list[str]:
        """Stations and transports that bring the product to a sink."""
        products = {product.item for product in self.plant.products}
        transports = {t.id: t.source for t in self.plant.transports if t.target in self._sinks}
        stations = {
            s.id: s.id
            for s in self.plant.stations.values()
            if self._sinks.intersection(_forward(s)) and s.id not in self._reworking
        }
        return [
            feeder
            for feeder, start in {**stations, **transports}.items()
            if not products or self._items.leaving(start) & products
        ]

    @cached_property
    def _takers(self) -> dict[str, list[tuple[Station, Take]]]:
        """Who takes from a place."""
        takers: dict[str, list[tuple[Station, Take]]] = {}
        for station in self.plant.stations.values():
            for take in station.take:
                takers.setdefault(take.place, []).append((station, take))
        return takers

    @cached_property
    def _feeding(self) -> dict[str, list[str]]:
        """Stations, transports and sources that bring to a place, in this order."""
        stations = self.plant.stations.values()
        ends = [
            *((place, s.id) for s in stations if s.id not in self._reworking
              for place in dict.fromkeys(_forward(s))),
            *((t.target, t.id) for t in self.plant.transports),
            *((s.put, s.id) for s in self.plant.sources),
        ]  # fmt: skip
        feeding: dict[str, list[str]] = {}
        for place, feeder in ends:
            feeding.setdefault(place, []).append(feeder)
        return feeding

    def _feeders(self, place: str) -> list[str]:
        return self._feeding.get(place, [])

    def _supply(self, place: str) -> float:
        """Return what feeds a place can bring: a lane is no stronger than its weakest step."""
        if place in self.per_h:
            return self.weight(place)
        return sum(map(self.weight, self._feeders(place)))

    def _arriving_weight(self, place: str) -> float:
        if place in self.per_h:
            return self.per_h[place]
        return sum(map(self.weight, self._feeders(place))) or 1.0

    def _weight(self, feeder: str) -> float:
        if feeder in self.per_h:
            station = self.plant.stations[feeder]
            arriving = sum(self._supply(take.place) for take in station.take)
            as_many = station.kind not in {"assembly", "web"} and arriving > 0
            return min(self.per_h[feeder], arriving) if as_many else self.per_h[feeder]
        transport = next((t for t in self.plant.transports if t.id == feeder), None)
        return self._arriving_weight(transport.source) if transport else 1.0


def _ways(station: Station) -> list[Way]:
    return station.route.ways if station.route is not None else []


def _forward(station: Station) -> tuple[str, ...]:
    """Return the places a station puts to, rework routes left out."""
    if station.route is None:
        return station.puts
    return tuple(dict.fromkeys(way.to for way in _ways(station) if way.max_passes is None))


def _rework_share(station: Station, place: str | None = None) -> float:
    """Return the share of a station's units that go along a rework route (to one place)."""
    back = {
        result
        for way in _ways(station)
        if way.max_passes and place in {None, way.to}
        for result in way.results
    }
    return sum(result.share for result in station.results if result.name in back)
