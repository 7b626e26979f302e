"""Nothing that the building adds stands in the way: in every plant that comes with celltwin."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from twin.plant.load import load_plant
from twin.plant.plant import Plant
from twin.usd.building import add_building
from twin.usd.clutter import CLUTTER, THINGS
from twin.usd.floor import Box, Floor, around, corridors, floor_of, machines
from twin.usd.frame import BAY_M, COLUMNS, FOOT_M, SPAN_M, column_rows
from twin.usd.shape import AssetSpec

SCENES = Path(__file__).parents[3] / "scenes"
PLANTS = [
    path
    for folder in ("plants", "examples")
    for path in sorted((SCENES / folder).glob("*.yaml"))
    if not re.search(r"^plant:", path.read_text(encoding="utf-8"), re.MULTILINE)
]
FREE = {"walkway", "agv_aisle", "robot_cell", "restricted", "airlock", "office"}


@cache
def plant_of(path: Path) -> Plant:
    return load_plant(path).plant


@cache
def added(path: Path) -> dict[str, tuple[AssetSpec, Box]]:
    """Everything that the building adds, with the floor it takes."""
    found: dict[str, tuple[AssetSpec, Box]] = {}
    add_building(
        plant_of(path),
        lambda name, spec, at, turn: found.update({name: (spec, around(at, spec.size_m, turn))}),
    )
    return found


def standing(path: Path) -> dict[str, Box]:
    """Columns inside the hall with their feet, and clutter."""
    plant = plant_of(path)
    half = FOOT_M / 2
    found = {
        f"column {x} {y}": (x - half, y - half, x + half, y + half)
        for y, along in column_rows(plant)
        for x in along
    }
    return found | {n: box for n, (_, box) in added(path).items() if n.startswith(CLUTTER)}


def touching(boxes: dict[str, Box], others: list[Box]) -> list[str]:
    taken = np.array(others).reshape(-1, 4)
    return [
        name
        for name, (x0, y0, x1, y1) in boxes.items()
        if ((taken[:, 2] > x0) & (taken[:, 0] < x1) & (taken[:, 3] > y0) & (taken[:, 1] < y1)).any()
    ]


@pytest.mark.parametrize("path", PLANTS, ids=lambda path: path.stem)
def test_no_column_and_no_clutter_stands_in_a_machine_a_lane_or_a_walkway(path: Path) -> None:
    plant, boxes = plant_of(path), standing(path)
    assert boxes
    assert touching(boxes, [*machines(plant)]) == []
    assert touching(boxes, [*corridors(plant)]) == []
    kept = [
        (*zone.corner_m, zone.corner_m[0] + zone.size_m[0], zone.corner_m[1] + zone.size_m[1])
        for zone in plant.zones
        if zone.kind in FREE
    ]
    assert touching(boxes, kept) == []


@pytest.mark.parametrize("path", PLANTS, ids=lambda path: path.stem)
def test_clutter_stands_apart_and_in_the_hall(path: Path) -> None:
    things = {n: box for n, (_, box) in added(path).items() if n.startswith(CLUTTER)}
    length, width, _ = plant_of(path).building.size_m
    for name, box in things.items():
        others = [other for key, other in things.items() if key != name]
        assert touching({name: box}, others) == [], name
        assert min(box) >= 0
        assert box[2] <= length
        assert box[3] <= width


@pytest.mark.parametrize("name", ["pilot", "line_3gwh", "giga_29gwh"])
def test_wide_halls_have_columns_inside(name: str) -> None:
    path = SCENES / "plants" / f"{name}.yaml"
    plant = plant_of(path)
    length, width, _ = plant.building.size_m
    rows = column_rows(plant)
    assert len(rows) == int(np.ceil(width / SPAN_M)) - 1
    n_bays = int(np.ceil(length / BAY_M)) - 1
    assert all(len(along) >= 0.6 * n_bays for _, along in rows)
    placed = [n for n in added(path) if n.startswith(COLUMNS)]
    assert len(placed) > sum(len(along) for _, along in rows)


def test_narrow_halls_have_none() -> None:
    assert column_rows(plant_of(SCENES / "plants" / "starter.yaml")) == []


def test_things_stand_in_the_same_places_whatever_the_order_of_workcells() -> None:
    plant = plant_of(SCENES / "plants" / "pilot.yaml")
    lines = [
        line.model_copy(update={"workcells": list(reversed(line.workcells))})
        for line in reversed(plant.lines)
    ]
    turned = plant.model_copy(update={"lines": lines})

    def places(of: Plant) -> set[tuple[str, tuple[float, float, float], float]]:
        found = set()
        add_building(of, lambda name, spec, at, turn: found.add((spec.kind, at, turn)))
        return {thing for thing in found if thing[0] in THINGS}

    assert places(plant) == places(turned)


def test_floor_knows_what_is_free() -> None:
    floor = Floor((10.0, 6.0), np.array([[2.0, 2.0, 4.0, 4.0]]))
    assert floor.free((4.0, 2.0, 5.0, 3.0))
    assert not floor.free((4.0, 2.0, 5.0, 3.0), margin_m=0.1)
    assert not floor.free((3.0, 3.0, 3.5, 3.5))
    assert not floor.free((9.5, 2.0, 10.5, 3.0))
    spots = np.array([[1.0, 1.0], [3.0, 3.0], [4.6, 3.0], [9.9, 1.0]])
    assert floor.free_spots(spots, 0.5).tolist() == [True, False, True, False]
    assert not floor.with_more([(0.0, 0.0, 1.0, 1.0)]).free((0.5, 0.5, 1.5, 1.5))


def test_floor_of_a_plant_holds_every_machine() -> None:
    plant = plant_of(SCENES / "plants" / "pilot.yaml")
    floor = floor_of(plant)
    for workcell in plant.workcells():
        for station in workcell.stations:
            for k in range(station.machines):
                x, y, _ = station.machine_position_m(k)
                assert not floor.free((x - 0.1, y - 0.1, x + 0.1, y + 0.1)), station.id
