"""Places, conveyors, sources and sinks: who gets what, and when."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from sim import simulate
from sim.core.lot import Lot
from sim.core.timer import advance
from sim.core.world import World
from sim.places.conveyor import Belt
from sim.places.ends import Exit, Supply
from sim.places.place import Place
from tests.support.plants import line, scenario, sink, source, station, tiny_plant
from twin.plant.plant import Plant

Make = Callable[[Plant], World]
BELT = {
    "id": "belt", "item": "part", "capacity": 2, "path_m": [[0, 0], [3, 0], [3, 4]],
    "speed_mps": 0.5,
}  # fmt: skip


class Waiter:
    """Takes or puts when it is called, and remembers when."""

    def __init__(self, place: Place, lot: Lot | None = None) -> None:
        self.place = place
        self.lot = lot
        self.called: list[float] = []
        self.transports: list[float] = []

    def supplied(self, now: float) -> None:
        self.called.append(now)
        self.lot = self.place.take(self, now)

    def room_made(self, now: float) -> None:
        self.called.append(now)
        assert self.lot is not None
        assert self.place.put(self.lot, self, now)

    def transport_ordered(self, now: float) -> None:
        self.transports.append(now)


@pytest.fixture
def world(world_of: Make) -> World:
    return world_of(tiny_plant([], conveyors=[BELT]))


def lots(world: World, n: int) -> list[Lot]:
    return [world.numbers.new_lot("part", 1) for _ in range(n)]


def test_lots_leave_in_the_order_they_came(world: World) -> None:
    place = Place(world, "b", 3)
    nobody = Waiter(place)
    made = lots(world, 3)
    for lot in made:
        assert place.put(lot, nobody, 0.0)
    assert [place.take(nobody, 1.0) for _ in range(3)] == made


def test_the_taker_that_waits_longest_is_served_first(world: World) -> None:
    place = Place(world, "b", 3)
    first, second = Waiter(place), Waiter(place)
    assert place.take(first, 0.0) is None
    assert place.take(second, 1.0) is None
    one, two = lots(world, 2)
    place.put(one, first, 2.0)
    place.put(two, first, 3.0)
    assert (first.lot, first.called) == (one, [2.0])
    assert (second.lot, second.called) == (two, [3.0])


def test_a_blocked_giver_puts_as_soon_as_there_is_room(world: World) -> None:
    place = Place(world, "b", 1)
    one, two = lots(world, 2)
    giver = Waiter(place, two)
    assert place.put(one, giver, 0.0)
    assert not place.put(two, giver, 1.0)
    assert place.take(Waiter(place), 5.0) is one
    assert giver.called == [5.0]
    assert list(place.held()) == [two]


def test_reserved_room_and_promised_lots_are_kept(world: World) -> None:
    place = Place(world, "b", 2)
    one, two, three = lots(world, 3)
    giver = Waiter(place, two)
    place.put(one, giver, 0.0)
    place.reserve(1, 0.0)
    assert not place.put(two, giver, 1.0)
    place.promise(1, 1.0)
    assert place.stock == 0
    place.deliver(three, 2.0)
    assert (place.stock, place.room) == (1, 0)
    assert place.collect(3.0) is one
    assert giver.called == [3.0]
    assert (place.inbound, place.outbound) == (0, 0)


def test_those_who_wait_hear_of_transports(world: World) -> None:
    place = Place(world, "b", 2)
    taker = Waiter(place)
    place.take(taker, 0.0)
    place.reserve(1, 4.0)
    assert taker.transports == [4.0]


def test_a_belt_has_a_minimum_travel_time(world: World) -> None:
    """7 m at 0.5 m/s take 14 s; a lot that comes 1 s later is through 1 s later."""
    belt = Belt(world, world.plant.conveyors["belt"])
    one, two = lots(world, 2)
    first, second = Waiter(belt), Waiter(belt)
    assert belt.put(one, first, 0.0)
    advance(world.env, 1.0)
    assert belt.put(two, first, 1.0)
    assert belt.take(first, 1.0) is None
    assert belt.take(second, 1.0) is None
    advance(world.env, 100.0)
    assert (first.called, first.lot) == ([14.0], one)
    assert (second.called, second.lot) == ([15.0], two)


def test_lots_queue_at_the_end_of_a_belt(world: World) -> None:
    belt = Belt(world, world.plant.conveyors["belt"])
    one, two, three = lots(world, 3)
    giver = Waiter(belt, three)
    belt.put(one, giver, 0.0)
    belt.put(two, giver, 0.0)
    assert not belt.put(three, giver, 0.0)
    advance(world.env, 50.0)
    assert belt.stock == 2
    assert belt.take(Waiter(belt), 50.0) is one
    assert giver.called == [50.0]
    assert belt.take(Waiter(belt), 50.0) is two
    assert belt.take(Waiter(belt), 50.0) is None, "the third is still travelling"


def test_units_on_a_belt_are_never_processed_before_they_are_through(tmp_path: Path) -> None:
    """Also when the next one enters before the first is through."""
    plant = tiny_plant(
        [
            station("s1", take="b", put="belt", cycle=2.0),
            station("s2", take="belt", put="out", cycle=1.5),
        ],
        buffers=[{"id": "b", "item": "part", "capacity": 2, "position_m": [0, 0, 0],
                  "size_m": [1, 1, 1]}],
        conveyors=[{**BELT, "capacity": 20}],
        sources=[source("src", "b")],
        sinks=[sink()],
    )  # fmt: skip
    run = simulate(scenario(plant, 200.0), tmp_path / "r")
    rows = run.sql(
        "SELECT a.end_s, b.start_s FROM cycles a JOIN cycles b USING (lot)"
        " WHERE a.station = 's1' AND b.station = 's2'"
    )
    assert len(rows) > 80
    assert list(rows["start_s"] - rows["end_s"]) == pytest.approx([14.0] * len(rows))
    moves = run.table("moves")
    assert (moves["end_s"] - moves["start_s"]).round(9).eq(14.0).all()


def test_a_source_without_interval_keeps_its_place_full(world: World) -> None:
    place = Place(world, "b", 3)
    plant = tiny_plant([], sources=[source("src", "b")])
    Supply(world, plant.sources[0], place).start(0.0)
    assert place.stock == 3
    place.take(Waiter(place), 1.0)
    assert place.stock == 3
    assert world.ledger.created["part"] == 4


def test_a_source_with_interval_waits_for_room_and_then_for_its_interval(world: World) -> None:
    place = Place(world, "b", 1)
    plant = tiny_plant(
        [], sources=[source("src", "b", interval={"mean_s": 10, "kind": "constant"})]
    )
    Supply(world, plant.sources[0], place).start(0.0)
    advance(world.env, 25.0)
    assert world.ledger.created["part"] == 1, "the lot of 20 s waits outside"
    place.take(Waiter(place), 25.0)
    assert world.ledger.created["part"] == 2
    advance(world.env, 34.0)
    place.take(Waiter(place), 34.0)
    advance(world.env, 36.0)
    assert world.ledger.created["part"] == 3, "the next interval began at 25 s"


def test_a_sink_ships_everything(world: World) -> None:
    out = Exit(world, "out")
    for lot in lots(world, 3):
        assert out.put(lot, Waiter(out), 1.0)
    out.reserve(5, 1.0)
    out.deliver(lots(world, 1)[0], 2.0)
    assert world.ledger.shipped["part"] == 4


def test_initial_lots_are_there_at_time_zero(tmp_path: Path) -> None:
    run = simulate(line([10.0, 10.0], horizon_s=5.0, capacity=4, initial="steady"), tmp_path / "r")
    assert run.state_at(1.0).levels["b1"] == 1, "two lots in a buffer of four, one taken at once"
    times = run.table("units", where="event = 'created'")["time_s"]
    assert all(a <= b for a, b in pairwise(times))
