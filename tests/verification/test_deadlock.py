"""Deadlocks are found and explained; plants that only look like one go on.

Rework with finite buffers deadlocks as soon as ``test`` waits for room in ``broken`` while
``repair`` waits for room in ``queue``: each waits for the other to take.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sim import simulate
from sim.errors import Deadlocked
from tests.support.flows import order, products, route, way
from tests.support.plants import buffer, exponential, scenario, source, station, tiny_plant
from twin.run.run import Run


def rework_loop(folder: Path, *, horizon_s: float = 50_000.0, **supply: Any) -> Run:
    """A source that never runs out feeds a test, half of whose lots go to repair and back."""
    plant = tiny_plant(
        [
            station(
                "test", take="queue", put=None, cycle=exponential(1.0),
                results=[{"name": "ok", "share": 0.5}, {"name": "rework", "share": 0.5}],
                route=route(
                    "priority",
                    way("out", results=["ok"]),
                    way("broken", results=["rework"], max_passes=50),
                ),
            ),
            station("repair", take="broken", put="queue", cycle=exponential(1.0)),
        ],
        buffers=[buffer("queue", capacity=3), buffer("broken", capacity=2)],
        sources=[source("src", "queue", **supply)],
    )  # fmt: skip
    return simulate(scenario(plant, horizon_s), folder / "r")


def test_a_rework_loop_with_finite_buffers_deadlocks_and_says_who_waits_for_whom(
    tmp_path: Path,
) -> None:
    with pytest.raises(Deadlocked) as caught:
        rework_loop(tmp_path)
    error = caught.value
    assert error.exit_code == 2
    assert sorted(error.waits) == [
        "'repair' waits for room in 'queue' (3 of 3 lots)",
        "'test' waits for room in 'broken' (2 of 2 lots)",
    ]
    assert re.search(r"3 wait for each other for ever", str(error)), "the source waits as well"
    assert "conwip" in str(error)


def test_a_deadlocked_run_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(Deadlocked) as caught:
        rework_loop(tmp_path)
    run = Run.open(tmp_path / "r")
    assert run.manifest.status == "failed"
    assert run.manifest.error == str(caught.value)
    assert run.manifest.end_s == caught.value.now_s < 50_000.0
    assert len(run.table("cycles")) > 5
    last = run.table("states").sort_values("start_s").groupby("resource", observed=True).last()
    assert last["state"].astype(str).to_dict() == {"repair": "blocked", "test": "blocked"}


def test_cards_keep_the_same_loop_alive(tmp_path: Path) -> None:
    """With as many lots as fit behind the two stations nobody can wait for ever."""
    release = {"kind": "conwip", "wip": 4, "until": "out"}
    run = rework_loop(tmp_path, horizon_s=20_000.0, release=release)
    assert run.manifest.status == "complete"
    assert run.manifest.totals["shipped"] > 5_000


def test_lots_sent_to_rework_stay_in_a_section_that_ends_at_the_test(tmp_path: Path) -> None:
    """Three cards until ``test`` and room for three in the queue: the loop can never fill up."""
    release = {"kind": "conwip", "wip": 3, "until": "test"}
    run = rework_loop(tmp_path, horizon_s=20_000.0, release=release)
    assert run.manifest.status == "complete"
    assert run.manifest.totals["shipped"] > 5_000
    inside = run.manifest.totals["created"] - run.manifest.totals["shipped"]
    assert inside - run.manifest.totals["scrapped"] == 3


def test_a_full_batch_that_cards_cannot_fill_is_a_deadlock(tmp_path: Path) -> None:
    """Three cards and batches of four: the oven collects for ever, the source waits for a card."""
    plant = tiny_plant(
        [station("oven", take="queue", put="out", kind="batch", cycle=5.0, batch_lots=4)],
        buffers=[buffer("queue")],
        sources=[source("src", "queue", release={"kind": "conwip", "wip": 3, "until": "out"})],
    )
    with pytest.raises(Deadlocked, match="source 'src' waits for a card"):
        simulate(scenario(plant, 1_000.0), tmp_path / "r")


def test_a_split_that_starves_an_assembly_is_a_deadlock(tmp_path: Path) -> None:
    """Parts are sorted by result into a and b; a is full when the first b is needed."""
    plant = tiny_plant(
        [
            station("sort", take="in", put=None, cycle=1.0,
                    results=[{"name": "left", "share": 0.999999}, {"name": "right", "share": 1e-6}],
                    route=route("priority", way("a", results=["left"]),
                                way("b", results=["right"]))),
            station("join", take=[{"from": "a"}, {"from": "b"}], put="out", kind="assembly",
                    product="pair", cycle=1.0, loading="simultaneous"),
        ],
        items=[{"id": "part"}, {"id": "pair", "product": True}],
        buffers=[buffer("in"), buffer("a", capacity=2), buffer("b", capacity=2)],
        sources=[source("src", "in")],
    )  # fmt: skip
    with pytest.raises(Deadlocked) as caught:
        simulate(scenario(plant, 1_000.0), tmp_path / "r")
    assert sorted(caught.value.waits) == [
        "'join' waits for a lot in 'b'",
        "'sort' waits for room in 'a' (2 of 2 lots)",
    ]


def test_a_plant_that_has_made_all_its_orders_is_no_deadlock(tmp_path: Path) -> None:
    """Everything has run dry: the run goes on to its horizon."""
    plant = tiny_plant(
        [station("s", take="queue", put=None, cycle=1.0,
                 route=route("least_full", way("out")))],
        buffers=[buffer("queue")],
        sources=[source("src", "queue", orders=True)],
        products=products("a"),
        orders=[order("o1", "a", 7)],
    )  # fmt: skip
    run = simulate(scenario(plant, 1_000.0), tmp_path / "r")
    assert run.manifest.status == "complete"
    assert run.manifest.totals["shipped"] == 7


def test_a_lot_on_a_conveyor_is_no_deadlock(tmp_path: Path) -> None:
    """While the only lot travels for 100 s everybody waits, but it will arrive."""
    plant = tiny_plant(
        [station("s", take="in", put="belt", cycle=1.0),
         station("t", take="belt", put=None, cycle=1.0, route=route("priority", way("out")))],
        buffers=[buffer("in")],
        conveyors=[{"id": "belt", "item": "part", "capacity": 5, "path_m": [[0, 0], [10, 0]],
                    "speed_mps": 0.1}],
        sources=[source("src", "in", release={"kind": "conwip", "wip": 1, "until": "out"})],
    )  # fmt: skip
    run = simulate(scenario(plant, 1_000.0), tmp_path / "r")
    assert run.manifest.totals["shipped"] == 9


ROADS = {
    "id": "roads",
    "nodes": {"a": [0, 0], "b": [20, 0], "c": [20, 20], "d": [0, 20]},
    "lanes": [["a", "b"], ["b", "c"], ["c", "d"], ["d", "a"]],
    "stops": {
        "at_ready": {"node": "a", "position_m": [0, -2], "place": "ready"},
        "at_out": {"node": "b", "position_m": [20, -2], "place": "out"},
        "home": {"node": "c", "position_m": [20, 22]},
    },
}
AGV = {
    "id": "agv", "network": "roads", "homes": ["home"], "size_m": [1, 1, 1],
    "speed_loaded_mps": 1.0, "speed_empty_mps": 1.5, "acceleration_mps2": 0.5, "load_s": 5.0,
    "unload_s": 5.0,
}  # fmt: skip


@pytest.mark.parametrize("patience", [{"max_wait": 300}, {"period": 400}, {}])
def test_transport_that_starts_with_fewer_lots_later_is_no_deadlock(
    patience: dict[str, int], tmp_path: Path
) -> None:
    """One card: the only lot waits for a vehicle that would rather take two."""
    plant = tiny_plant(
        [station("make", take="in", put="ready", cycle=10.0)],
        buffers=[buffer("in"), buffer("ready")],
        sources=[source("src", "in", product="a",
                        release={"kind": "conwip", "wip": 1, "until": "out"})],
        products=products("a"), networks=[ROADS], fleets=[AGV],
        transports=[{"id": "t", "from": "ready", "to": "out", "fleet": "agv", "lots": 2,
                     **patience}],
    )  # fmt: skip
    made = scenario(plant, 4_000.0)
    if not patience:
        with pytest.raises(Deadlocked, match=r"3 wait for each other .*'src' waits for a card"):
            simulate(made, tmp_path / "r")
        return
    shipped = simulate(made, tmp_path / "r").sql("SELECT * FROM units WHERE event = 'shipped'")
    assert len(shipped) >= 5
