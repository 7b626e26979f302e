"""The ends of machines: what each takes from and puts to, as the plant's rules of flow say."""

from __future__ import annotations

from collections.abc import Callable

from sim.core.lot import Lot
from sim.core.world import World
from sim.dispatch import FIFO, find_rule
from sim.orders import OrderBook, OrderList
from sim.places.ends import Supply
from sim.places.kanban import Kanban
from sim.places.place import Outgoing, Place
from sim.places.release import Conwip, Releases, SectionEnd
from sim.places.router import Branch, Router
from sim.stations.recipes import Recipes
from sim.stations.selection import Inputs, Selection
from twin.plant.place import Source
from twin.plant.plant import Plant
from twin.plant.route_rules import chooses_lots
from twin.plant.station import Station

FindPlace = Callable[[str | None, str], Place]


def shelves(plant: Plant) -> frozenset[str]:
    """Return the buffers from which lots are chosen: those are built as shelves."""
    return frozenset(
        take.place
        for station in plant.stations.values()
        if chooses_lots(station)
        for take in station.take
    )


def needs_recipes(plant: Plant, station: Station) -> bool:
    """Whether a station treats lots differently by product, or must know what each would take."""
    return bool(station.recipes or station.changeover) or (
        chooses_lots(station) and bool(plant.products)
    )


def may_deadlock(plant: Plant) -> bool:
    """Whether machines of a plant can come to wait for each other in a circle at all."""
    return any(
        station.route is not None or station.loading == "simultaneous" or station.batch_mix != "any"
        for station in plant.stations.values()
    ) or any(
        [
            *(source.release for source in plant.sources),
            *(buffer.kanban for buffer in plant.buffers.values()),
        ]
    )


class Ends:
    """Makes the inputs, outputs and sources that follow rules.

    Attributes
    ----------
    cards : dict of str to Kanban
        Cards by place.
    """

    def __init__(self, world: World, places: dict[str, Place], find: FindPlace) -> None:
        plant = world.plant
        self._world = world
        self._find = find
        self._items = {b.id: b.item for b in plant.buffers.values()}
        self._items |= {c.id: c.item for c in plant.conveyors.values()}
        self.cards = {
            buffer.id: Kanban(places[buffer.id], buffer.kanban)
            for buffer in plant.buffers.values()
            if buffer.kanban is not None
        }
        self._sections = {
            source.id: Conwip(source.release.wip)
            for source in plant.sources
            if source.release is not None
        }
        self._ending = {
            source.release.until: self._sections[source.id]
            for source in plant.sources
            if source.release is not None and source.release.until in plant.stations
        }
        self._book = OrderBook(world) if plant.orders else None

    def output(self, station: Station, machine: str) -> Outgoing:
        """Return what a machine puts to."""
        put: Outgoing
        if station.route is None:
            put = self._find(station.put, station.id)
        else:
            branches = [
                Branch(way, self._find(way.to, station.id), self._items.get(way.to), station.id)
                for way in station.route.ways
            ]
            put = Router(self._world, station.id, machine, route=station.route, branches=branches)
        section = self._ending.get(station.id)
        return put if section is None else SectionEnd(put, section)

    def selection(self, station: Station, recipes: Recipes | None) -> Selection | None:
        """Return the input of a machine that chooses; None if it takes the first lot there is."""
        cards = self.cards.get(station.put or "")
        several = len(station.take) > 1
        if not (several or cards or chooses_lots(station) or station.dispatch != FIFO):
            return None
        places = [self._find(take.place, station.id) for take in station.take]
        selection = Selection(
            self._world,
            Inputs(station, places),
            rule=find_rule(station.dispatch, station.id),
            recipes=recipes,
            cards=cards,
        )
        if station.batch_mix == "product":
            selection.key_of = product_of
        elif station.batch_mix == "family" and recipes is not None:
            selection.key_of = recipes.family
        return selection

    def supply(self, source: Source) -> Supply | Releases:
        """Return a source."""
        place = self._find(source.put, source.id)
        plain = not (source.product or source.mix or source.orders or source.release)
        if plain:
            return Supply(self._world, source, place)
        orders = (
            OrderList(self._book, source.id, self._world) if self._book and source.orders else None
        )
        return Releases(
            self._world, source, place, section=self._sections.get(source.id), orders=orders
        )


def product_of(lot: Lot) -> str:
    """Return the product of a lot; empty without one."""
    return lot.tag.product if lot.tag is not None else ""
