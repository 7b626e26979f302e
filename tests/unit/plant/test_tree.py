"""The tree of values with positions, and what the models say about keys."""

from __future__ import annotations

import pytest

from twin.plant.describe import models_markdown
from twin.plant.fields import models_below, object_keys, shapes
from twin.plant.origin import Index, origins
from twin.plant.people import Shift
from twin.plant.plant import Plant
from twin.plant.reference import REFERENCES, SINGULAR, ids_by_list, named
from twin.plant.robot import Program
from twin.plant.scenario import ScenarioFile, VacuumLeak
from twin.plant.station import Station
from twin.plant.transport import Transport
from twin.plant.tree import Node, Problems, from_plain, merged, plain, walk

DATA = {
    "lines": [
        {
            "id": "l",
            "workcells": [
                {
                    "id": "w",
                    "stations": [{"id": "s", "kind": "store", "take": [{"from": "b"}]}],
                    "buffers": [{"id": "b", "capacity": 3}],
                }
            ],
        }
    ],
    "networks": [{"id": "n", "stops": {"home": {"node": "a"}}}],
}


def test_an_object_with_an_id_is_addressed_by_its_list_wherever_it_stands():
    addresses = {spot.address for spot in walk(from_plain(DATA, "x"))}
    assert {"lines.l", "workcells.w", "stations.s", "buffers.b.capacity"} <= addresses
    assert {"stations.s.take.0.from", "networks.n.stops.home.node"} <= addresses
    assert not any(address.startswith("lines.l.") and "stations." in address
                   for address in addresses)  # fmt: skip


def test_names_of_a_spot_leave_positions_out():
    names = {spot.address: spot.names for spot in walk(from_plain(DATA, "x"))}
    assert names["stations.s"] == ("stations", "workcells")
    assert names["stations.s.take.0"] == ("take", "stations")
    assert names["networks.n.stops.home"] == ("home", "stops")
    assert names[""] == ("", "")


def test_index_finds_the_nearest_node_above():
    index = Index(from_plain(DATA, "x"))
    assert index.node("buffers.b.position_m") is index.node("buffers.b")
    assert index.node("nothing.at.all") is index.root


def test_ids_by_list_knows_stores():
    found = ids_by_list(from_plain(DATA, "x"))
    assert set(found["stations"]) == set(found["stores"]) == {"s"}
    assert set(found["buffers"]) == {"b"}


def test_merge_lays_objects_over_each_other_and_replaces_the_rest():
    base = from_plain({"a": {"x": 1, "y": [1, 2]}, "b": 3, "c": {"z": 1}}, "base")
    over = from_plain({"a": {"y": [9]}, "c": None, "d": 4}, "over")
    result = merged(base, over)
    assert plain(result) == {"a": {"x": 1, "y": [9]}, "b": 3, "c": None, "d": 4}
    assert result.fields["a"].fields["x"].where == "base"
    assert result.fields["a"].fields["y"].where == "over"


def test_merge_takes_a_value_with_its_source_as_a_whole():
    result = merged(from_plain({"x": 1}, "base"), from_plain({"value": 5, "source": "s"}, "over"))
    assert plain(result) == {"value": 5, "source": "s"}


def test_problems_are_ordered_by_line_and_counted_once():
    problems = Problems()
    problems.add("b.yaml:10", "late.", subject="station 'x_1'")
    problems.add("b.yaml:9", "early.")
    problems.add("b.yaml:10", "late.", subject="station 'x_2'")
    problems.add("--set", "option.")
    more = Problems()
    more.add("b.yaml:9", "early.")
    problems.extend(more)
    assert [str(problem) for problem in problems] == [
        "--set: option.",
        "b.yaml:9: early.",
        "b.yaml:10: station 'x_1': late.",
    ]
    assert not Problems()


def test_list_of_numbers_counts_as_one_number():
    tree = from_plain({"a": [1, 2], "b": [[1, 2], [3, 4]], "c": "8h", "d": "text", "e": True}, "x")
    assert set(origins(tree).unsourced) == {"a", "b.0", "b.1", "c"}


def test_numbers_keep_the_source_of_their_node():
    tree = Node({"a": Node(1, "x", source="S", note="n"), "b": Node(2, "x")}, "x")
    found = origins(tree)
    assert (found.sources, found.notes, found.unsourced) == ({"a": "S"}, {"a": "n"}, ("b",))


@pytest.mark.parametrize(
    ("model", "key", "container", "is_time"),
    [
        (Station, "yield", "", False),
        (Station, "setup_s", "", True),
        (Station, "take", "list", False),
        (Station, "position_m", "list", False),
        (Program, "poses", "dict", False),
        (Transport, "from", "", False),
        (Shift, "start", "", True),
        (VacuumLeak, "until", "", True),
        (ScenarioFile, "horizon", "", True),
        (ScenarioFile, "set", "dict", False),
    ],
)
def test_shape_says_what_stands_under_a_key(model, key: str, container: str, is_time: bool):
    shape = shapes(model)[key]
    assert (shape.container, shape.is_time) == (container, is_time)


def test_shapes_use_the_keys_of_the_file():
    assert {"from", "to"} <= set(shapes(Transport))
    assert not {"source", "target", "workcell"} & set(shapes(Transport))
    assert not {"workcell", "line", "yield_"} & set(shapes(Station))


def test_references_and_names_match_the_models():
    keys_below = {
        key: set().union(*(shapes(inner) for inner in shape.models))
        for model in models_below(Plant)
        for key, shape in shapes(model).items()
        if shape.models
    }
    keys_below[""] = set(shapes(Plant))
    for (kind, key), targets in REFERENCES.items():
        assert key in keys_below[kind]
        assert set(targets) <= set(SINGULAR)
    assert {kind for kind, _ in REFERENCES} <= {"", *object_keys()}


def test_kinds_are_named_as_people_say_them():
    assert named(("pools",)) == "pool"
    assert named(("buffers", "conveyors", "stores")) == "buffer, conveyor or store"


def test_reference_describes_every_model_and_no_loader_field():
    text = models_markdown()
    for model in (*models_below(Plant), *models_below(ScenarioFile)):
        assert text.count(f"### {model.__name__}\n") == 1
        section = text.split(f"### {model.__name__}\n")[1].split("\n### ")[0]
        assert all(f"| `{key}` |" in section for key in shapes(model))
    assert "Set by the loader" not in text
    assert "| `setup_s` | time | `0.0` | web: change of roll |" in text
    assert "| `crew` | id (pool) |" in text
