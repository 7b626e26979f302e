"""Routes, shelves and cards: who gets what, who is told, who is forgotten."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.core.lot import Lot
from sim.core.tag import Tag
from sim.core.world import World
from sim.places.kanban import Kanban
from sim.places.place import Place, Taker
from sim.places.router import Branch, Router
from sim.places.shelf import Shelf
from tests.support.flows import route, way
from tests.support.plants import buffer, source, station, tiny_plant
from twin.plant.plant import Plant
from twin.plant.routing import Route

Make = Callable[[Plant], World]
PLANT = tiny_plant(
    [station("s", take="in", put="a", cycle=1.0), station("t", take="a", put="out", cycle=1.0)],
    buffers=[buffer("in"), buffer("a", capacity=1), buffer("b", capacity=1)],
    sources=[source("src", "in")],
)


class Giver:
    """Puts the lot it holds when there is room."""

    def __init__(self, router: Router, lot: Lot) -> None:
        self.id = "giver"
        self.router = router
        self.lot: Lot | None = lot

    def room_made(self, now: float) -> None:
        assert self.lot is not None
        if self.router.put(self.lot, self, now):
            self.lot = None

    def transport_ordered(self, now: float) -> None:
        """Nothing changes."""


class Picky:
    """Takes a lot only if it is of its product."""

    def __init__(self, place: Shelf, product: str) -> None:
        self.place, self.product = place, product
        self.got: list[Lot] = []
        self.told = 0

    def supplied(self, now: float) -> None:
        self.told += 1
        fitting = [lot for lot, _ in self.place.waiting() if lot.tag.product == self.product]
        if not fitting:
            self.place.takers.append(self)
            return
        lot = self.place.take_lot(fitting[0], self, now)
        assert lot is fitting[0]
        self.got.append(lot)

    def transport_ordered(self, now: float) -> None:
        """Nothing changes."""


class Nobody(Taker):
    """Takes without waiting."""


@pytest.fixture
def world(world_of: Make) -> World:
    return world_of(PLANT)


def router_of(world: World, said: dict[str, object]) -> tuple[Router, dict[str, Place]]:
    places = {name: Place(world, name, 1) for name in ("a", "b")}
    model = Route.model_validate(said)
    branches = [Branch(w, places[w.to], "part", "s") for w in model.ways]
    return Router(world, "s", "s", route=model, branches=branches), places


def lot_of(world: World, product: str = "") -> Lot:
    lot = world.numbers.new_lot("part", 1)
    lot.tag = Tag(product)
    return lot


def test_a_giver_waits_at_all_ways_and_is_told_once(world: World) -> None:
    router, places = router_of(world, route("priority", way("a"), way("b")))
    giver = Giver(router, lot_of(world))
    for place in places.values():
        assert place.put(lot_of(world), giver, 0.0)
    assert not router.put(giver.lot, giver, 1.0)
    assert [list(p.givers) for p in places.values()] == [[giver], [giver]]
    places["b"].take(Nobody(), 2.0)
    assert giver.lot is None
    assert not places["a"].givers, "it no longer waits at the other way"


def test_a_giver_that_gives_up_is_forgotten_everywhere(world: World) -> None:
    router, places = router_of(world, route("least_full", way("a"), way("b")))
    giver = Giver(router, lot_of(world))
    for place in places.values():
        place.put(lot_of(world), giver, 0.0)
    router.put(giver.lot, giver, 1.0)
    router.givers.remove(giver)
    assert not any(place.givers for place in places.values())


def test_a_lot_goes_a_rework_route_so_often_and_is_scrapped_then(world: World) -> None:
    router, places = router_of(world, route("priority", way("a", max_passes=2)))
    lot = lot_of(world)
    for _ in range(2):
        assert router.put(lot, Giver(router, lot), 0.0)
        assert places["a"].take(Nobody(), 0.0) is lot
    assert lot.tag.passes == {"s/a": 2}
    assert router.put(lot, Giver(router, lot), 0.0)
    assert places["a"].stock == 0
    assert world.ledger.scrapped["part"] == 1


def test_a_chosen_way_stays_chosen_while_the_lot_waits(world: World) -> None:
    """A share is drawn once for a lot, however often it tries."""
    router, places = router_of(world, route("share", way("a", share=1), way("b", share=1)))
    for place in places.values():
        place.put(lot_of(world), Giver(router, lot_of(world)), 0.0)
    giver = Giver(router, lot_of(world))
    assert not router.put(giver.lot, giver, 0.0)
    waits = [name for name, place in places.items() if place.givers]
    for _ in range(5):
        assert not router.put(giver.lot, giver, 0.0)
    assert [name for name, place in places.items() if place.givers] == waits
    assert len(waits) == 1


def test_a_shelf_tells_the_next_if_the_first_leaves_a_lot(world: World) -> None:
    shelf = Shelf(world, "a", 5)
    red, blue = Picky(shelf, "red"), Picky(shelf, "blue")
    shelf.takers.extend([red, blue])
    lot = lot_of(world, "blue")
    assert shelf.put(lot, Giver(None, lot), 3.0)
    assert (red.told, blue.got) == (1, [lot])
    assert list(shelf.takers) == [red]
    assert (shelf.stock, shelf.room) == (0, 5)


def test_a_shelf_gives_any_lot_and_keeps_the_order_of_the_others(world: World) -> None:
    shelf = Shelf(world, "a", 5)
    lots = [lot_of(world) for _ in range(4)]
    for k, lot in enumerate(lots):
        shelf.put(lot, Giver(None, lot), float(k))
    assert shelf.take_lot(lots[2], Nobody(), 9.0) is lots[2]
    assert [(lot.id, t) for lot, t in shelf.waiting()] == [
        (lots[0].id, 0.0), (lots[1].id, 1.0), (lots[3].id, 3.0),
    ]  # fmt: skip
    assert [shelf.take(Nobody(), 9.0) for _ in range(3)] == [lots[0], lots[1], lots[3]]


def test_cards_are_at_lots_in_work_and_lots_that_lie_there(world: World) -> None:
    place = Place(world, "a", 3)
    cards = Kanban(place, 2)
    first, second = Nobody(), Nobody()
    cards.begin(first)
    cards.begin(second)
    assert cards.free == 0
    place.put(lot_of(world), Giver(None, lot_of(world)), 1.0)
    cards.end(first)
    assert cards.free == 0, "its card lies with the lot"
    place.take(Nobody(), 2.0)
    assert cards.free == 1
