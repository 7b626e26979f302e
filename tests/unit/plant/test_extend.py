"""Bays, and plants that extend another."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.errors import PlantError
from twin.plant.bay import bay_keys, spread_bays
from twin.plant.extend import extended, laid_over
from twin.plant.load import load_plant
from twin.plant.tree import Problems, from_plain, plain

BASE = """\
id: base
label: Base
building: {size_m: [60, 20, 8], base_load_kw: 5}
items:
  - {id: part, product: true, source: assumption}
  - {id: spare, source: assumption}
bays:
  - id: bay
    repeat: {count: 1, offset_m: [0, 5]}
    lines:
      - id: line
        workcells:
          - id: work
            buffers:
              - {id: before, item: part, capacity: 2, position_m: [5, 3, 0], size_m: [1, 1, 1]}
            stations:
              - id: press
                kind: discrete
                position_m: [10, 3, 0]
                size_m: [2, 2, 2]
                take: [{from: before}]
                put: out
                cycle: {mean_s: 10}
    sources:
      - {id: supply, item: part, put: before, position_m: [2, 3, 0], size_m: [1, 1, 0.1]}
    sinks:
      - {id: out, position_m: [15, 3, 0], size_m: [1, 1, 0.1]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE, "utf-8")
    return tmp_path


def load(folder: Path, text: str):
    path = folder / "other.yaml"
    path.write_text(text, "utf-8")
    return load_plant(path)


def problems_of(folder: Path, text: str) -> str:
    with pytest.raises(PlantError) as caught:
        load(folder, text)
    return "\n".join(f"{p.where}: {p.what} {p.remedy}" for p in caught.value.problems)


def test_bay_repeats_with_everything_in_it_and_its_references_follow(folder):
    plant = load(
        folder, "id: three\nextends: base.yaml\nbays: [{id: bay, repeat: {count: 3}}]\n"
    ).plant
    assert [line.id for line in plant.lines] == ["line_1", "line_2", "line_3"]
    assert [(s.id, s.put, s.position_m[1]) for s in plant.sources] == [
        ("supply_1", "before_1", 3), ("supply_2", "before_2", 8), ("supply_3", "before_3", 13)
    ]  # fmt: skip
    assert plant.stations["press_3"].take[0].place == "before_3"
    assert plant.stations["press_3"].put == "out_3"


def test_extending_plant_keeps_what_it_does_not_say(folder):
    plant = load(folder, "id: other\nextends: base.yaml\nbuilding: {base_load_kw: 7}\n").plant
    assert (plant.id, plant.label) == ("other", "")
    assert plant.building.size_m == (60, 20, 8)
    assert plant.building.base_load_kw == 7


def test_lists_of_objects_merge_by_id_and_remove_takes_out(folder):
    text = "id: other\nextends: base\nitems: [{id: spare, remove: true}, {id: more}]\n"
    (folder / "base.yaml").rename(folder / "base")
    assert [item.id for item in load(folder, text).plant.items] == ["part", "more"]


def test_null_takes_a_key_out(folder):
    plant = load(folder, "id: other\nextends: base.yaml\nbuilding: {base_load_kw: null}\n").plant
    assert plant.building.base_load_kw == 0


def test_sourced_value_is_replaced_as_a_whole():
    base = from_plain({"id": "a", "n": {"value": 1, "source": "x", "note": "y"}}, "f")
    over = from_plain({"id": "a", "n": {"value": 2, "source": "z"}}, "g")
    root = from_plain({"items": [plain(base)]}, "f")
    merged = plain(laid_over(root, from_plain({"items": [plain(over)]}, "g"), Problems()))
    assert merged == {"items": [{"id": "a", "n": {"value": 2, "source": "z"}}]}


def test_problem_names_the_file_it_is_in(folder):
    (folder / "base.yaml").write_text(BASE.replace("kind: discrete", "kind: discret"), "utf-8")
    found = problems_of(folder, "id: other\nextends: base.yaml\n")
    assert "base.yaml:18" in found
    assert "other.yaml" not in found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id: o\nextends: bas.yaml\n", "other.yaml:2: extends 'bas.yaml"),
        ("id: o\nextends: [base]\n", "'extends' must be the name or the path of a plant."),
        ("id: o\nextends: other.yaml\n", "the plant extends itself ('other' -> 'other')."),
        (
            "id: o\nextends: base.yaml\nitems: [{id: spar, remove: true}]\n",
            "'spar' cannot be removed: it does not exist (nearest: 'spare').",
        ),
        (
            "id: o\nextends: base.yaml\nbays: [{id: bay, line: []}]\n",
            "bay 'bay_1': unknown key 'line' (nearest: 'lines').",
        ),
        (
            "id: o\nextends: base.yaml\nbays: [{id: bay, sinks: {}}]\n",
            "bay 'bay_1': 'sinks' must be a list.",
        ),
    ],
)
def test_wrong_extension_is_told(folder, text, message):
    assert message in problems_of(folder, text)


def test_bays_that_are_no_list_are_told():
    problems = Problems()
    spread_bays(from_plain({"id": "p", "bays": {"id": "b"}}, "f:1"), problems)
    assert [p.what for p in problems] == ["'bays' must be a list of objects."]


def test_bay_holds_every_list_of_named_objects():
    assert set(bay_keys()) >= {"lines", "zones", "networks", "fleets", "cranes", "pools", "items"}
    assert "building" not in bay_keys()


def test_plant_without_extends_is_left_as_it_is(tmp_path):
    root = from_plain({"id": "p", "items": [{"id": "a"}]}, "f:1")
    assert plain(extended(root, tmp_path / "f", Problems())) == plain(root)
