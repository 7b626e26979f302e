"""Layout: overlaps, the hall, vehicles and their lanes."""

from collections.abc import Callable

import pytest

from twin.check.footprint import DOCK_M, conveyor_parts, footprints
from twin.check.geometry import layout_problems
from twin.plant.load import LoadedPlant
from twin.plant.place import Conveyor


def texts(loaded: LoadedPlant) -> list[str]:
    return [str(problem) for problem in layout_problems(loaded)]


def test_shipped_plants_have_no_layout_problem(pilot: LoadedPlant, starter: LoadedPlant) -> None:
    assert texts(pilot) == []
    assert texts(starter) == []


def test_everything_on_the_floor_has_a_footprint(pilot: LoadedPlant) -> None:
    plant = pilot.plant
    machines = sum(station.machines for station in plant.stations.values())
    ids = {footprint.id for footprint in footprints(plant)}
    others = [*plant.buffers, *plant.conveyors, *plant.robots, "cathode_supply", "dispatch"]
    assert set(others) <= ids
    assert len(ids) == machines + len(plant.buffers) + len(plant.conveyors) + 4 + 3 + 1


def test_overlapping_machines_are_named_with_lines_and_depth(
    edited: Callable[..., LoadedPlant], line_of: Callable[[str], int]
) -> None:
    loaded = edited("starter", ("position_m: [13.7, 7, 0]", "position_m: [11.45, 7, 0]"))
    (problem,) = [p for p in layout_problems(loaded) if "'press'" in p.what and "'weld'" in p.what]
    press, weld = line_of("- id: press"), line_of("- id: weld")
    assert problem.where.endswith(f"starter.yaml:{press}")
    assert problem.what == f"machine 'press' overlaps machine 'weld' (line {weld}) by 0.25 m."
    assert problem.remedy


def test_machines_of_one_station_may_not_overlap(edited: Callable[..., LoadedPlant]) -> None:
    said = texts(edited("pilot", ("pitch_m: [0, 5.6]", "pitch_m: [0, 3.9]")))
    assert any("'stack_1' overlaps machine 'stack_2'" in text and "0.10 m" in text for text in said)


def test_machine_outside_the_hall_is_named(edited: Callable[..., LoadedPlant]) -> None:
    said = texts(edited("starter", ("size_m: [24, 14, 6]", "size_m: [20, 14, 6]")))
    assert [text for text in said if "sink 'exit' stands 2.00 m outside the hall (20 x 14" in text]


def test_machine_higher_than_the_hall_is_named(edited: Callable[..., LoadedPlant]) -> None:
    said = texts(edited("starter", ("size_m: [24, 14, 6]", "size_m: [24, 14, 2]")))
    assert any("machine 'press' is 0.30 m higher than the hall" in text for text in said)


def test_zone_and_home_outside_the_hall_are_named(edited: Callable[..., LoadedPlant]) -> None:
    said = texts(edited("starter", ("home_m: [12, 2]", "home_m: [12, -2]")))
    assert [text for text in said if "home of pool 'repair' is 2.00 m outside" in text]
    said = texts(edited("pilot", ("corner_m: [99, 27.4]", "corner_m: [104, 27.4]")))
    assert [text for text in said if "zone 'laboratory' reaches 1.00 m outside" in text]


def test_conveyor_may_dock_but_not_run_through_a_machine(
    edited: Callable[..., LoadedPlant],
) -> None:
    path = "path_m: [[9.2, 7], [11.2, 7]]"
    assert texts(edited("starter", (path, "path_m: [[9.0, 7], [11.4, 7]]"))) == []
    said = texts(edited("starter", (path, "path_m: [[8.2, 7], [11.2, 7]]")))
    assert any("'press'" in text and "'belt_1'" in text for text in said)


def test_conveyor_parts_leave_out_both_docking_ends() -> None:
    bent = Conveyor(
        id="c", item="i", capacity=1, path_m=[(0, 0), (4, 0), (4, 3)], speed_mps=1, width_m=0.5
    )
    first, second = (part.rectangle for part in conveyor_parts(bent))
    assert first.size_m == pytest.approx((4 - DOCK_M, 0.5))
    assert second.size_m == pytest.approx((3 - DOCK_M, 0.5))
    assert first.centre_m == pytest.approx((2 + DOCK_M / 2, 0))
    short = bent.model_copy(update={"path_m": [(0.0, 0.0), (0.5, 0.0)]})
    assert conveyor_parts(short) == []


def test_robot_may_stand_on_its_pedestal_station_only(
    edited: Callable[..., LoadedPlant],
) -> None:
    at = "position_m: [19.2, 7, 0.5]"
    said = texts(edited("starter", (at, "position_m: [19.2, 5.9, 0.5]")))
    assert any("robot 'robot'" in text and "machine 'hand_over'" in text for text in said)
    assert texts(edited("starter", (at, "position_m: [19.2, 5.9, 0.9]"))) == []


def test_lane_through_a_machine_is_named(edited: Callable[..., LoadedPlant]) -> None:
    said = texts(edited("pilot", ("m1: [39.5, 33]", "m1: [39.5, 42.9]")))
    assert any("lane" in text and "machine 'notch_cathode'" in text for text in said)


def test_stop_that_blocks_a_lane_is_named(edited: Callable[..., LoadedPlant]) -> None:
    said = texts(edited("pilot", ("position_m: [39.5, 34.8]", "position_m: [39.5, 33.9]")))
    assert any("stop 'park_1'" in text and "lane" in text for text in said)


def test_stop_inside_its_place_is_named(edited: Callable[..., LoadedPlant]) -> None:
    near = edited("pilot", ("position_m: [9.3, 45]", "position_m: [9.0, 45]"))
    assert texts(near) == [], "0.13 m into the buffer it serves is docking"
    said = texts(edited("pilot", ("position_m: [9.3, 45]", "position_m: [8.4, 45]")))
    assert any("stop 'at_incoming_cathode'" in text and "incoming_cathode" in text for text in said)


def test_two_vehicles_may_not_stand_in_one_place(edited: Callable[..., LoadedPlant]) -> None:
    said = texts(
        edited(
            "pilot",
            ("m2: [33.5, 33]", "m2: [38.9, 33]"),
            ("position_m: [33.5, 34.8]", "position_m: [38.9, 34.8]"),
        )
    )
    assert any("stop 'park_1'" in text and "stop 'park_2'" in text for text in said)
