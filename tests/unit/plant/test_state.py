"""Plant states: what does not fit the plant is reported, all of it at once."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.plants import everything
from twin.errors import PlantError
from twin.plant.state import PlantState, read_plant_state
from twin.plant.state_rules import check_state

PLANT = everything(tray=4)
TRAY = {"item": "tray", "n": 4}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"places": {"trayz": []}}, "places.trayz: does not exist in the plant (nearest: 'trays')"),
    ({"places": {"trays": [TRAY] * 5}}, "holds 5 lots, capacity is 4"),
    ({"places": {"trays": [{"item": "cell", "n": 1}]}}, "holds 'cell', must be tray"),
    ({"places": {"trays": [{**TRAY, "travel_s": 1.0}]}}, "is no conveyor"),
    ({"places": {"belt": [{**TRAY, "travel_s": 2.0}, TRAY]}}, "overtake"),
    ({"machines": {"join_9": {}}}, "machines.join_9: does not exist"),
    ({"machines": {"bake_1": {"lots": [TRAY] * 3}}}, "holds 3 lots, capacity is 2"),
    ({"machines": {"bake_1": {"lots": [TRAY], "left_s": 3.0}}}, "works on 1 lots, must be 2"),
    ({"machines": {"test_1": {"lots": [TRAY]}}}, "holds 'tray', must be cell"),
    ({"machines": {"join_1": {"open": {"rolls": [TRAY]}}}}, "open.rolls: does not exist"),
    ({"machines": {"join_1": {"open": {"desk": [TRAY]}}}}, "holds 'tray', must be sheet"),
    ({"machines": {"pack": {"collected": [{"item": "cell", "n": 4}]}}}, "must be fewer than 4"),
    ({"machines": {"test_1": {"collected": [{"item": "cell", "n": 1}]}}}, "collects nothing"),
    ({"machines": {"rest": {"lots": [TRAY]}}}, "is a tower of a store"),
    ({"machines": {"bake_1": {"lots": [TRAY], "done": [TRAY]}}}, "finished lots wait"),
    ({"stores": {"rest": {"slot": [6], "item": "tray", "n": 4, "left_s": 1}}}, "must be 0 to 5"),
    ({"stores": {"rest": {"slot": [1, 1], "item": "tray", "n": 4, "left_s": 1}}}, "named twice"),
    ({"stores": {"rest": {"slot": [1], "item": "cell", "n": 4, "left_s": 1}}}, "must be tray"),
    ({"stores": {"rest": {"slot": [1], "item": "tray", "n": 0, "left_s": 1}}}, "lot of 0 units"),
    ({"vehicles": {"agv_1": {"stop": "pik"}}}, "does not exist in the plant (nearest: 'pick')"),
    ({"vehicles": {"agv_1": {"stop": "home_1"}}}, "where another vehicle parks"),
    ({"vehicles": {"agv_1": {"stop": "pick"}, "agv_2": {"stop": "pick"}}}, "2 vehicles stand"),
]


@pytest.mark.parametrize(("state", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_does_not_fit_is_said(state: dict[str, Any], said: str) -> None:
    problems = check_state(PlantState.model_validate(state), PLANT, "s.json")
    assert len(problems) == 1
    assert said in str(problems[0])
    assert str(problems[0]).startswith("s.json: plant.")


def test_all_problems_come_at_once() -> None:
    state = {"places": {"x": []}, "stores": {"y": {"slot": [], "item": [], "n": 1, "left_s": 1}},
             "vehicles": {"z": {}}}  # fmt: skip
    assert len(check_state(PlantState.model_validate(state), PLANT, "s")) == 3


@pytest.mark.parametrize(("content", "said"), [
    ("{", "is no JSON"),
    ("[]", "has no 'format'"),
    ('{"format": [9, 0]}', "format 9 cannot be read"),
    ('{"format": [1, 0], "plants": {}}', "is no section"),
    ('{"format": [1, 0], "plant": {"places": {"a": [{"item": "b", "n": 0}]}}}', "places.a.0.n"),
    (json.dumps({"format": [1, 0], "plant": {"stores": {"a": {
        "slot": [1, 2], "item": "b", "n": [1], "left_s": 0}}}}), "give one value for each slot"),
])  # fmt: skip
def test_a_wrong_file_is_refused(content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text(content, "utf-8")
    with pytest.raises(PlantError, match=said) as caught:
        read_plant_state(path)
    assert str(path) in str(caught.value)


def test_a_missing_or_broken_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlantError, match="cannot be read"):
        read_plant_state(tmp_path / "none.json")
    broken = tmp_path / "s.json.gz"
    broken.write_bytes(gzip.compress(b'{"format": [1, 0]}')[:-9])
    with pytest.raises(PlantError, match=r"is no JSON|cannot be read"):
        read_plant_state(broken)


def test_a_gzipped_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "s.json.gz"
    data = {"format": [1, 0], "plant": {"places": {"trays": [TRAY]}}}
    path.write_bytes(gzip.compress(json.dumps(data).encode()))
    assert read_plant_state(path).places["trays"][0].n == 4
