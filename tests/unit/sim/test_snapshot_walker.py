"""The walker: values to JSON and back, and what it refuses."""

from __future__ import annotations

import json
import math
from collections import Counter, deque
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.core.lot import Lot
from sim.core.streams import Several, Singles, sampler, stream
from sim.core.timer import advance
from sim.run import Running
from sim.script.rules import Rules
from sim.snapshot.book import Book
from sim.snapshot.decode import Decoder
from sim.snapshot.encode import Encoder
from sim.snapshot.kinds import SnapshotError
from sim.snapshot.numbers import pack_values, unpack_values
from sim.snapshot.take import Camera, fresh_plant
from tests.support.plants import everything, scenario
from tests.verification import test_conservation_people as people
from tests.verification import test_flow_conservation as flow
from tests.verification import test_traffic_property as traffic
from twin.plant.base import Duration
from twin.plant.plant import Plant
from twin.run.writer import RunWriter


def nowhere(_: object) -> None:
    return None


def there_and_back(value: Any) -> Any:
    encoder = Encoder(nowhere, nowhere)
    said = encoder.value(value)
    text = json.dumps({"said": said, "new": encoder.tables()}, allow_nan=False)
    data = json.loads(text)
    decoder = Decoder(nowhere, nowhere)
    decoder.tables(data["new"])
    return decoder.value(data["said"])


@pytest.mark.parametrize("value", [
    None, True, 7, 0.1 + 0.2, math.inf, -math.inf, "text", [], [1, 2.5, None], [*range(40)],
    (1, (2.0, "x")), deque([1, 2]), {1, 2, 3}, {"a": 1, "b": [2.0]}, {(1, "x"): (2.0, 3)},
    [(k, 0.1 * k) for k in range(20)], [math.inf, 1.0], [1e308, 1e308],
])  # fmt: skip
def test_plain_values_come_back(value: Any) -> None:
    back = there_and_back(value)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("array", [
    np.arange(5), np.arange(100), np.array([*range(50), *range(70, 99)]),
    np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3]), np.ones(40, dtype=bool), np.arange(30) % 7 == 0,
    np.linspace(0, 1, 33), np.full(50, 2.5), np.empty(0), np.ones((4, 3)),
])  # fmt: skip
def test_arrays_come_back(array: np.ndarray) -> None:
    back = there_and_back(array)
    np.testing.assert_array_equal(back, array)
    assert back.dtype == array.dtype


def test_long_runs_are_short_in_the_file() -> None:
    assert len(json.dumps(pack_values(np.arange(100_000)))) < 60
    values = np.arange(1000)[np.arange(1000) % 100 != 7]
    np.testing.assert_array_equal(unpack_values(pack_values(values), np.int64), values)


def test_things_that_came_into_being_keep_their_identity() -> None:
    one, two = Lot(1, "a", 1, np.arange(1, 5)), Lot(2, "b", 9)
    back = there_and_back([one, two, one, (two, 3)])
    assert back[0] is back[2]
    assert back[3][0] is back[1]
    np.testing.assert_array_equal(back[0].units, [1, 2, 3, 4])
    assert (back[1].item, back[1].units, back[1].n) == ("b", None, 1)


def test_many_lots_are_columns() -> None:
    encoder = Encoder(nowhere, nowhere)
    encoder.value([Lot(k, "a", 24 * k, np.arange(24 * k, 24 * k + 24)) for k in range(1000)])
    text = json.dumps(encoder.tables())
    assert len(text) < 30_000


def test_a_block_of_draws_is_drawn_again() -> None:
    duration = Duration(mean_s=3.0, cv=0.4, kind="gamma")
    draws = Singles(sampler(duration), stream(1, "x", "y"))
    [draws.one() for _ in range(700)]
    other = Singles(sampler(duration), stream(2, "x", "y"))
    other.from_state(there_and_back(draws.state()))
    assert [draws.one() for _ in range(900)] == [other.one() for _ in range(900)]


@pytest.mark.parametrize("n_taken", [0, 1, 1024, 1500, 3000])
def test_several_draws_go_on_where_they_were(n_taken: int) -> None:
    duration = Duration(mean_s=3.0, cv=0.4, kind="gamma")
    draws = Several(sampler(duration), stream(1, "x", "y"))
    draws.take(n_taken // 2)
    draws.take(n_taken - n_taken // 2)
    other = Several(sampler(duration), stream(1, "x", "y"))
    other.from_state(there_and_back(draws.state()))
    np.testing.assert_array_equal(draws.take(2500), other.take(2500))


class Foreign:
    """A class the walker does not know."""


@pytest.mark.parametrize(("value", "said"), [
    (Foreign(), "class .*Foreign, which a snapshot does not know"),
    (lambda: None, "local function"),
    (partial(lambda: None), "local function"),
    (iter([1]), "list_iterator"),
    ((x for x in [1]), "generator"),
    (np.array(["a"]), "array of 'str"),
])  # fmt: skip
def test_what_cannot_be_saved_is_named(value: Any, said: str) -> None:
    with pytest.raises(SnapshotError, match=said):
        there_and_back([value, 1])


def test_a_list_in_two_places_is_refused() -> None:
    shared = [1]
    with pytest.raises(SnapshotError, match="used in two places"):
        there_and_back({"a": shared, "b": shared})


@pytest.mark.parametrize(("said", "what"), [
    ({"tables": {"Popen": [{"n": 1, "columns": {}}]}}, "no class that a snapshot may create"),
    ({"tables": {"Lot": [{"n": 1, "columns": {"id": [1]}}]}}, "must have the columns"),
    ({"value": {"function": "os:system"}}, "cannot be restored"),
    ({"value": {"partial": [{"function": "os:system"}, [], {}]}}, "must be of a method"),
    ({"value": {"method": [{"list": []}, "__class__"]}}, "has no method"),
])  # fmt: skip
def test_a_file_cannot_create_other_things(said: dict[str, Any], what: str) -> None:
    decoder = Decoder(nowhere, nowhere)
    with pytest.raises(SnapshotError, match=what):
        decoder.tables(said["tables"]) if "tables" in said else decoder.value(said["value"])


@pytest.fixture
def running(tmp_path: Path) -> Running:
    plant = everything(attend=True, breakdown={"mtbf_h": 0.1, "mttr_h": 0.01, "crew": "crew"})
    case = scenario(plant, 100.0, initial="steady")
    made = Running(case)
    made.write_to(RunWriter(tmp_path / "r", case))
    made.begin(Rules())
    return made


def test_every_class_of_a_running_plant_is_known(running: Running) -> None:
    """A new class in the engine fails here if a snapshot would not know what to do with it."""
    assert running._factory is not None
    camera = Camera(running._scenario, running._factory, running._writer)
    snapshot = camera.take()
    assert {"machines/join_1", "fleets/agv/vehicles/agv_1/driver"} <= snapshot.engine[
        "objects"
    ].keys()


@pytest.mark.parametrize("plant", [
    people.plant({"unit": "scrap", "off_shift": "pause", "during": "before", "workers": 2,
                  "attended": {"cut", "bake"}}),
    flow.everything_flows({
        "feed": "orders", "wip": 8, "lot": 2, "capacity": 6, "machines": 2,
        "dispatch": "priority", "setup": "same_family_first", "rework": 0.3, "passes": 2,
        "rule": "least_full", "pick": "oldest", "mix": "any", "least": 1, "patience_s": 20.0,
        "loading": "simultaneous", "kanban": True, "demand": True, "policy": "resume",
        "clock": "calendar",
    }),
    traffic.case(5, {
        "places": 3, "stops": 2, "vehicles": 9, "fleets": 2, "lots": 2, "charger": True,
        "battery": "opportunity", "idle_h": 0.3, "breakdown": "operating", "crew": "crew",
        "park": "stay", "choose_trip": "oldest", "choose_vehicle": "nearest",
    })[0],
], ids=["people", "flow", "traffic"])  # fmt: skip
def test_every_class_of_other_plants_is_known(plant: Plant, tmp_path: Path) -> None:
    case = scenario(plant, 2000.0)
    made = Running(case)
    made.write_to(RunWriter(tmp_path / "r", case))
    made.begin(Rules())
    assert made._factory is not None
    camera = Camera(case, made._factory, made._writer)
    for until_s in (100.0, 900.0, 1900.0):
        advance(made.world.env, until_s)
        assert camera.take().engine["objects"]


def test_a_foreign_thing_in_the_plant_is_named_with_its_place(running: Running) -> None:
    assert running._factory is not None
    running._factory.machines["test_1"]._then = Foreign()  # type: ignore[assignment]
    camera = Camera(running._scenario, running._factory, running._writer)
    with pytest.raises(SnapshotError, match=r"machines/test_1: .*Foreign"):
        camera.take()


def test_addresses_do_not_depend_on_what_else_is_there() -> None:
    few = Book(fresh_plant(scenario(everything(machines=2, vehicles=2), 1.0)))
    more = Book(fresh_plant(scenario(everything(machines=3, vehicles=3), 1.0)))
    lost = few.things.keys() - more.things.keys()
    assert not lost
    assert any("join_3" in address for address in more.things.keys() - few.things.keys())


def test_counters_come_back_in_place() -> None:
    books = Counter({"a": 1})
    encoder = Encoder(nowhere, nowhere)
    said = encoder.contents(Counter({"b": 2}))
    Decoder(nowhere, nowhere).fill(books, said)
    assert books == Counter({"b": 2})
