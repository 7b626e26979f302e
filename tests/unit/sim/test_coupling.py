"""Buffers of capacity 0: lots are handed over without being stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dashboard.figures.level import level_data, level_figure
from sim import Checkpoints, WhatIf, restore, simulate
from sim.core.lot import Lot
from sim.core.world import World
from sim.errors import Deadlocked, InvariantBroken
from sim.invariants import levels_in_range
from sim.places.coupling import Coupling
from sim.places.place import Place
from sim.script.error import ScriptError
from sim.snapshot.kinds import SnapshotError
from tests.support.flows import route, way
from tests.support.plants import (
    buffer,
    everything,
    exponential,
    line,
    scenario,
    source,
    station,
    tiny_plant,
)
from twin.kpi import kpis
from twin.motion.lot_track import MACHINE, PLACE, lot_tracks
from twin.plant.origin import Index
from twin.plant.plant import Plant
from twin.plant.rules import check_rules
from twin.plant.tree import Problems, from_plain
from twin.run.run import Run

Make = Callable[[Plant], World]


class Hand:
    """Gives the lot it holds, or takes one, when it is called."""

    def __init__(self, place: Place, lot: Lot | None = None, *, picky: bool = False) -> None:
        self.place = place
        self.offered = lot
        self.got: Lot | None = None
        self.picky = picky

    def supplied(self, now: float) -> None:
        if not self.picky:
            self.got = self.place.take(self, now)

    def room_made(self, now: float) -> None:
        assert self.offered is not None
        assert self.place.put(self.offered, self, now)
        self.offered = None

    def transport_ordered(self, now: float) -> None:
        """Nothing."""


@pytest.fixture
def world(world_of: Make) -> World:
    return world_of(tiny_plant([]))


def hands(world: World, n: int, place: Place) -> list[Hand]:
    return [Hand(place, world.numbers.new_lot("part", 1)) for _ in range(n)]


def test_givers_keep_their_lots_until_somebody_takes(world: World) -> None:
    place = Coupling(world, "c")
    one, two = hands(world, 2, place)
    lots = [one.offered, two.offered]
    for hand in (one, two):
        assert hand.offered is not None
        assert not place.put(hand.offered, hand, 0.0)
    assert (place.stock, place.room, [*place.held()]) == (2, 0, [])
    taker = Hand(place)
    assert [place.take(taker, 1.0), place.take(taker, 1.0)] == lots
    assert place.take(taker, 1.0) is None
    assert (place.stock, place.room) == (0, 1)


def test_takers_are_served_in_the_order_they_came(world: World) -> None:
    place = Coupling(world, "c")
    first, second = Hand(place), Hand(place)
    assert place.take(first, 0.0) is None
    assert place.take(second, 0.0) is None
    givers = hands(world, 2, place)
    for giver in givers:
        assert giver.offered is not None
        assert place.put(giver.offered, giver, 1.0)
    assert [first.got, second.got] == [giver.offered for giver in givers]


def test_a_lot_that_is_not_wanted_stays_with_its_giver(world: World) -> None:
    place = Coupling(world, "c")
    picky = Hand(place, picky=True)
    place.takers.append(picky)
    (giver,) = hands(world, 1, place)
    assert giver.offered is not None
    assert not place.put(giver.offered, giver, 0.0)
    assert [lot for lot, _ in place.waiting()] == [giver.offered]
    levels_in_range(place)


def test_waiting_on_both_sides_breaks_an_invariant(world: World) -> None:
    place = Coupling(world, "c")
    place.givers.append(Hand(place))
    place.takers.append(Hand(place))
    with pytest.raises(InvariantBroken, match="handed_over"):
        levels_in_range(place)


@pytest.fixture(scope="module")
def coupled(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two stations without a buffer between them: 2 s, then 3 s."""
    made = line([2.0, 3.0], horizon_s=100.0, capacity=0, first_capacity=2, initial="steady")
    return simulate(made, tmp_path_factory.mktemp("coupled") / "r")


def test_blocking_after_service_by_hand(coupled: Run) -> None:
    """The first station works 2 s and holds its unit for 1 s more."""
    starts = [
        np.sort(coupled.table("cycles", where=f"station = '{s}'")["start_s"].to_numpy())
        for s in ("s1", "s2")
    ]
    np.testing.assert_allclose(starts[0][:5], [0, 2, 5, 8, 11])
    np.testing.assert_allclose(starts[1][:4], [2, 5, 8, 11])
    found = kpis(coupled).stations
    assert found["s1"].state_shares["blocked"] == pytest.approx(0.32)
    assert found["s2"].state_shares["starved"] == pytest.approx(0.02)


def test_key_figures_of_a_buffer_without_room(coupled: Run) -> None:
    found = kpis(coupled).buffers["b1"]
    assert (found.capacity, found.max_level, found.mean_level, found.final_level) == (0, 0, 0.0, 0)
    assert found.fill_share is None
    assert "capacity is 0" in found.why["fill_share"]
    assert coupled.state_at(50.0).levels["b1"] == 0


def test_its_lots_are_in_machines_all_the_time(coupled: Run) -> None:
    spells = lot_tracks(coupled).spells
    assert not [s for s in spells if s.where == "b1"]
    lots = [s for s in spells if s.lot == 5]
    assert [(s.kind, s.where) for s in lots] == [(PLACE, "b0"), (MACHINE, "s1"), (MACHINE, "s2")]
    assert lots[1].t1_s == lots[2].t0_s


def test_the_level_chart_leaves_it_out(coupled: Run) -> None:
    cell = coupled.plant.lines[0].workcells[0]
    data = level_data(coupled, cell)
    assert [level.place for level in data.levels] == ["b0"]
    assert len(level_figure(data).data) == 1


def test_a_snapshot_with_waiting_lots_goes_on_and_may_get_a_buffer(tmp_path: Path) -> None:
    made = line([exponential(2.0), exponential(3.0)], horizon_s=400.0, capacity=0)
    whole = simulate(made, tmp_path / "a", checkpoints=Checkpoints(at_s=(100.0, 150.0, 200.0)))
    for k, file in enumerate(sorted((whole.folder / "checkpoint").iterdir())):
        again = restore(file, tmp_path / f"b{k}")
        assert again.manifest.digest == whole.manifest.digest
        more = restore(file, tmp_path / f"c{k}", WhatIf({"buffers.b1.capacity": 4}))
        assert kpis(more).buffers["b1"].max_level > 1
        shipped = [r.manifest.totals["shipped"] for r in (whole, more)]
        assert shipped[1] >= shipped[0]


def test_a_buffer_with_lots_cannot_lose_its_room(tmp_path: Path) -> None:
    made = line([exponential(2.0), exponential(3.0)], horizon_s=400.0, capacity=3)
    whole = simulate(made, tmp_path / "a", checkpoints=Checkpoints(at_s=(200.0,)))
    with pytest.raises(SnapshotError, match=r"b1: holds [123] lots, but its capacity is 0 now"):
        restore(whole.folder, tmp_path / "b", WhatIf({"buffers.b1.capacity": 0}))
    slow = line([exponential(3.0), exponential(0.1)], horizon_s=400.0, capacity=3)
    whole = simulate(slow, tmp_path / "c", checkpoints=Checkpoints(at_s=(200.0,)))
    less = restore(whole.folder, tmp_path / "d", WhatIf({"buffers.b1.capacity": 0}))
    assert kpis(less).buffers["b1"].max_level == 0


def test_a_deadlock_is_explained(tmp_path: Path) -> None:
    plant = tiny_plant(
        [
            station("test", take="queue", put=None, cycle=1.0,
                    results=[{"name": "ok", "share": 0.5}, {"name": "rework", "share": 0.5}],
                    route=route("priority", way("out", results=["ok"]),
                                way("broken", results=["rework"], max_passes=50))),
            station("repair", take="broken", put="queue", cycle=exponential(1.0)),
        ],
        buffers=[buffer("queue", capacity=3), buffer("broken", capacity=0)],
        sources=[source("src", "queue")],
    )  # fmt: skip
    with pytest.raises(Deadlocked) as caught:
        simulate(scenario(plant, 50_000.0), tmp_path / "r")
    assert sorted(caught.value.waits) == [
        "'repair' waits for room in 'queue' (3 of 3 lots)",
        "'test' waits until its lot is taken over through 'broken' (capacity 0)",
    ]


def test_a_script_cannot_send_vehicles_there(tmp_path: Path) -> None:
    body = "from sim.script import PlantControl\ndef setup(plant):\n"
    body += "    plant.at(5, lambda: plant.order_trip('agv', 'cells', 'desk'))\n"
    text = {"path": "s.py", "text": body}
    plant = everything(coupled=("cells",))
    with pytest.raises(ScriptError, match="'cells' has capacity 0: no transport can pick or drop"):
        simulate(scenario(plant, 60.0, script=text), tmp_path / "r")


def problems_of(plant: Plant) -> list[str]:
    problems = Problems()
    check_rules(plant, Index(from_plain({}, "plant.yaml:1")), problems)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("place", "mover"),
    [("mags", "transport 't'"), ("desk", "transport 't'"), ("shelf", "the crane of store 'rest'")],
)
def test_movers_are_refused_where_nothing_is_stored(place: str, mover: str) -> None:
    (said,) = problems_of(everything(coupled=(place,)))
    assert f"buffer '{place}': has capacity 0, but {mover} picks or drops lots there." in said
    assert "Give it a capacity of 1 or more." in said


def taking(*, kanban: int | None = None, **more: object) -> Plant:
    """An assembly of two parts, or another station, that takes from a machine and a source."""
    return tiny_plant(
        [
            station("make", take="in", put="a", cycle=1.0),
            station("use", **{"take": "a", "put": "stock", "cycle": 1.0, **more}),  # type: ignore[arg-type]
            station("ship", take="stock", put="out", cycle=1.0),
        ],
        items=[{"id": "part", "product": True}, {"id": "lid"}],
        buffers=[buffer("in"), buffer("a", capacity=0), buffer("lids", item="lid", capacity=0),
                 buffer("stock", kanban=kanban)],
        sources=[source("src", "in"), source("lid_src", "lids", item="lid")],
    )  # fmt: skip


JOIN = {
    "kind": "assembly",
    "product": "part",
    "take": [{"from": "a", "units": 2}, {"from": "lids"}],
}


@pytest.mark.parametrize(
    ("more", "messages"),
    [
        ({}, []),
        ({"dispatch": "priority"}, ["'use' chooses among the lots that wait there"]),
        ({**JOIN}, []),
        (
            {**JOIN, "loading": "simultaneous"},
            [
                "'use' loads at once and cannot see what 'lid_src' has",
                "needs 2 units of it at once",
            ],
        ),
    ],
)
def test_who_may_take_from_a_buffer_without_room(
    more: dict[str, object], messages: list[str]
) -> None:
    said = problems_of(taking(**more))
    assert len(said) == len(messages), said
    for text in messages:
        assert any(text in line for line in said)


def test_cards_and_stock_are_refused() -> None:
    said = problems_of(taking(kanban=3))
    assert len(said) == 1
    assert "'use' takes a lot only when it has a card" in said[0]
    plant = line([1.0, 1.0], horizon_s=1.0, capacity=0).plant
    data = plant.model_dump(by_alias=True, exclude_unset=True)
    data["lines"][0]["workcells"][0]["buffers"][1]["initial"] = 1
    said = problems_of(Plant.model_validate(data))
    assert any("'initial' is 1, more than its capacity 0" in text for text in said)
