"""The plants and scenarios that come with celltwin."""

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from twin.check import CheckReport, check_plant
from twin.motion.plan import plan_program
from twin.plant.library import describe_plants, describe_scenarios
from twin.plant.load import LoadedPlant, load_plant, load_scenario, robot_model

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "plant_pilot.csv"
RENAMED = {"vac_bake_cells": "vac_bake"}

CAPACITY_PER_H = {
    "vac_dry_cathode": 1.88,
    "notch_cathode": 14987.76,
    "vac_dry_anode": 1.88,
    "notch_anode": 14987.76,
    "stack": 242.23,
    "hot_press_hipot": 693.2,
    "tab_weld": 757.89,
    "pouch_form_insert": 855.45,
    "seal_3side": 684.36,
    "vac_bake": 283.3,
    "fill": 1121.31,
    "soak": 227.64,
    "formation": 190.21,
    "degas_final_seal": 680.99,
    "ht_aging": 293.88,
    "rt_aging": 251.9,
    "eol_test": 758.89,
    "grade_pack": 1938.13,
}
"""Of the planning table of the 0.35 GWh pilot line, in daughter rolls, sheets or cells per hour."""


@pytest.fixture(scope="module")
def pilot() -> LoadedPlant:
    return load_plant("pilot")


@pytest.fixture(scope="module")
def report(pilot: LoadedPlant) -> CheckReport:
    return check_plant(pilot)


def loose_ends(names: list[str]) -> Iterator[str]:
    for name in names:
        loaded = load_plant(name)
        yield from (f"{name}: {address} has no source" for address in loaded.unsourced)
        yield from map(str, check_plant(loaded).problems)


def test_every_plant_is_clean_and_says_where_its_numbers_come_from() -> None:
    names = [str(row[0]) for row in describe_plants()]
    assert {"pilot", "starter"} <= set(names)
    assert list(loose_ends(names)) == []


def test_every_scenario_loads() -> None:
    names = [str(row[0]) for row in describe_scenarios()]
    assert {"pilot_shift", "slow_robot"} <= set(names)
    for name in names:
        assert load_scenario(name).horizon_s > 0


def test_pilot_capacities_are_those_of_the_planning_table(report: CheckReport) -> None:
    steps = {step.id: step.per_h for step in report.steps}
    assert {name: steps[name] for name in CAPACITY_PER_H} == pytest.approx(CAPACITY_PER_H, rel=0.02)


def test_expected_capacities_match_the_table_itself() -> None:
    if not FACTS.exists():
        pytest.skip(f"the planning table is not beside the repository: {FACTS.name}")
    with FACTS.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    table = {RENAMED.get(row["step"], row["step"]): float(row["cap_per_h"]) for row in rows}
    assert table == CAPACITY_PER_H


def test_pilot_meets_its_nameplate_and_is_bound_by_formation(report: CheckReport) -> None:
    assert report.bottleneck is not None
    assert report.bottleneck.id == "formation"
    assert report.nameplate_per_h == pytest.approx(166.67, abs=0.01)
    assert report.gwh_per_year(report.capacity_per_h) == pytest.approx(0.39, abs=0.005)


def test_pilot_yields_multiply_to_the_expected_yield(pilot: LoadedPlant) -> None:
    chain = math.prod(s.yield_ for s in pilot.plant.stations.values() if s.kind != "web")
    assert pilot.plant.nameplate is not None
    assert chain == pytest.approx(pilot.plant.nameplate.expected_yield, abs=0.001)


def test_pilot_is_fed_at_plan_rate(report: CheckReport) -> None:
    sources = {s.id: report.utilisation(s) for s in report.steps if s.kind == "source"}
    assert len(sources) == 2
    assert all(0.98 < (share or 0) <= 1 for share in sources.values())


def test_pilot_movers_have_time_to_spare(report: CheckReport) -> None:
    shares = {s.kind: report.utilisation(s) or 1 for s in report.steps}
    assert shares["crane"] < 0.8
    assert shares["fleet"] < 0.8
    (fleet,) = [s for s in report.steps if s.kind == "fleet"]
    assert 166.67 * fleet.per_product == pytest.approx(23.4, abs=0.2), "trips per hour"


@pytest.mark.parametrize(
    ("robot_id", "cycle_s"),
    [("robot_stack", 4.7), ("robot_pouch", 4.0), ("robot_tray", 3.5), ("robot_pack", 14.0)],
)
def test_pilot_robots_keep_their_stated_cycle(
    pilot: LoadedPlant, robot_id: str, cycle_s: float
) -> None:
    robot = pilot.plant.robots[robot_id]
    plan = plan_program(robot, robot_model(pilot.plant, robot.model))
    assert plan.cycle_s == pytest.approx(cycle_s, abs=0.05)


def test_pilot_robots_pick_and_place_inside_their_cells(pilot: LoadedPlant) -> None:
    cells = [zone for zone in pilot.plant.zones if zone.kind == "robot_cell"]
    for robot in pilot.plant.robots.values():
        turn = math.radians(robot.heading_deg)
        for name, pose in robot.program.poses.items():
            x, y, _ = pose.xyz_m
            at = (
                robot.position_m[0] + x * math.cos(turn) - y * math.sin(turn),
                robot.position_m[1] + x * math.sin(turn) + y * math.cos(turn),
            )
            inside = [
                cell.id
                for cell in cells
                if all(0 <= at[k] - cell.corner_m[k] <= cell.size_m[k] for k in (0, 1))
            ]
            assert inside, f"{robot.id}: pose {name} at {at} is in no robot cell"


def test_slow_robot_is_the_pilot_shift_with_one_fault() -> None:
    healthy, slow = load_scenario("pilot_shift"), load_scenario("slow_robot")
    (fault,) = slow.faults
    assert fault.model_dump() == {
        "kind": "vacuum_leak",
        "at": 7200.0,
        "until": None,
        "robot": "robot_pouch",
        "extra_grip_s": 0.8,
        "growth_s_per_h": 0.0,
    }
    told = {"id", "label", "description", "faults"}
    assert slow.model_dump(exclude=told) == healthy.model_dump(exclude=told)
    assert healthy.faults == []
    assert (healthy.horizon_s, healthy.seed, healthy.initial) == (8 * 3600, 1, "steady")


PLANNED_MACHINES = 81
DIVERTERS_AND_TRANSFERS = 9


@pytest.mark.parametrize(
    ("name", "lines", "hall_m2"),
    [("line_3gwh", 1, 20_000), ("giga_10gwh", 3, 44_000), ("giga_29gwh", 8, 120_000)],
)
def test_big_plants_are_one_line_many_times(name: str, lines: int, hall_m2: float) -> None:
    plant = load_plant(name).plant
    machines = sum(s.machines for s in plant.stations.values() if s.kind != "store")
    assert machines == lines * (PLANNED_MACHINES + DIVERTERS_AND_TRANSFERS)
    channels = sum(
        s.machines * s.rack.slots * 24
        for s in plant.stations.values()
        if s.rack and s.id.startswith("formation")
    )
    assert channels == lines * 39_744
    assert [len(fleet.homes) for fleet in plant.fleets] == [10] * lines
    assert plant.building.size_m[0] * plant.building.size_m[1] == hall_m2
    assert plant.nameplate is not None
    assert plant.nameplate.gwh_per_year == pytest.approx(3.625 * lines)


def test_lines_promise_the_same_each() -> None:
    reports = [check_plant(load_plant(name)) for name in ("line_3gwh", "giga_10gwh")]
    one, three = (report.capacity_per_h or 0.0 for report in reports)
    assert three == pytest.approx(3 * one)
    assert one * 250 * 8400 / 1e9 == pytest.approx(3.705, abs=0.001)


def test_semisolid_line_needs_no_drying_and_no_filling() -> None:
    stations = load_plant("semisolid").plant.stations
    gone = ("coat_dry", "calender", "slit", "vac_dry", "vac_bake", "fill", "soak")
    assert not [name for name in stations if name.startswith(gone)]
    assert stations["cast_cathode_l1"].machines == 7
