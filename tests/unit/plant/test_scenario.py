"""Scenarios: changes by path, faults, options; plants as scenarios of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.errors import PlantError
from twin.plant.base import Duration
from twin.plant.load import load_scenario

REMEDY = "Add it under 'items' or correct the name."
BACKWARDS = """\
faults:
  - kind: slow_cycle
    at: 2h
    until: 1h
    station: stack
    factor: 2
"""


@pytest.fixture
def small(bench) -> Path:
    """The small plant on disk, ``small.yaml``."""
    return bench.write(bench.text)


def scenario(bench, body: str) -> Path:
    return bench.write(f"id: trial\nplant: small.yaml\n{body}", "trial.yaml")


def problems_of(path: Path, **options: object) -> list[str]:
    with pytest.raises(PlantError) as caught:
        load_scenario(path, **options)
    return [str(problem) for problem in caught.value.problems]


def test_plant_is_a_scenario_of_its_own(small: Path):
    made = load_scenario(small)
    assert (made.id, made.label) == ("small", "A small plant")
    assert (made.horizon_s, made.warmup_s, made.seed, made.initial) == (28800, 0, 1, "steady")
    assert made.faults == []


def test_scenario_file_says_horizon_faults_and_changes(bench, small: Path):
    path = scenario(
        bench,
        """\
label: A trial
horizon: 2h 30m
warmup: "00:30"
seed: 7
initial: empty
start: 2026-03-02T06:00:00
set:
  stations.stack.cycle.mean_s: {value: 40, source: trial of week 12}
faults:
  - {kind: vacuum_leak, at: 1h, robot: arm, extra_grip_s: 0.8}
  - {kind: slow_cycle, at: 1h, until: 2h, station: stack, factor: 1.5}
  - {kind: breakdown, at: 600, machine: stack_2, repair: 10min}
  - {kind: speed_override, at: 0, robot: arm, factor: 0.8}
""",
    )
    made = load_scenario(path)
    assert (made.id, made.label, made.seed, made.initial) == ("trial", "A trial", 7, "empty")
    assert (made.horizon_s, made.warmup_s) == (9000, 1800)
    assert made.start == "2026-03-02T06:00:00"
    assert [fault.kind for fault in made.faults] == [
        "vacuum_leak",
        "slow_cycle",
        "breakdown",
        "speed_override",
    ]
    assert made.plant.stations["stack"].cycle == Duration(mean_s=40, cv=0.03)
    assert made.sources["stations.stack.cycle.mean_s"] == "trial of week 12"


def test_options_replace_what_the_file_says(bench, small: Path):
    path = scenario(bench, "horizon: 4h\nwarmup: 1h\nset: {buffers.stacks.capacity: 9}\n")
    changes = {"buffers.stacks.capacity": 11, "fleets.amr.speed_loaded_mps": 1}
    made = load_scenario(path, horizon_s=600, warmup_s=60, seed=5, changes=changes)
    assert (made.horizon_s, made.warmup_s, made.seed) == (600, 60, 5)
    assert made.plant.buffers["stacks"].capacity == 11
    assert made.plant.fleets[0].speed_loaded_mps == 1


@pytest.mark.parametrize(
    ("path", "value", "got"),
    [
        ("stations.stack.machines", 4, lambda p: p.stations["stack"].machines),
        ("stations.stack.performance", 0.8, lambda p: p.stations["stack"].performance),
        ("stations.stack.yield", 0.9, lambda p: p.stations["stack"].yield_),
        ("stations.stack.breakdown", None, lambda p: p.stations["stack"].breakdown),
        ("stations.stack.take.0.units", 90, lambda p: p.stations["stack"].take[0].units),
        ("stations.stack.position_m.0", 16, lambda p: p.stations["stack"].position_m[0]),
        ("stations.soak.setup_s", None, None),
        ("lines.0.workcells.1.buffers.0.capacity", 3, lambda p: p.buffers["stacks"].capacity),
        ("lines.line.workcells.loading.label", "L", lambda p: p.lines[0].workcells[1].label),
        ("workcells.loading.label", "L", lambda p: p.lines[0].workcells[1].label),
        ("items.sheet.units_per_lot", 500, lambda p: p.items[0].units_per_lot),
        ("robots.arm.program.steps.1.wait.mean_s", 0.7,
         lambda p: p.robots["arm"].program.steps[1].wait.mean_s),
        ("robots.arm.program.poses.pick.yaw_deg", 30.0,
         lambda p: p.robots["arm"].program.poses["pick"].yaw_deg),
        ("networks.aisle.nodes.a", [2, 4], lambda p: list(p.networks[0].nodes["a"])),
        ("networks.aisle.stops.park.charger", True, lambda p: p.networks[0].stops["park"].charger),
        ("pools.repair.staff.day", 4, lambda p: p.pools[0].staff["day"]),
        ("conveyors.trays.path_m.1.0", 30, lambda p: p.conveyors["trays"].path_m[1][0]),
        ("takt_s", 20, lambda p: p.takt_s),
        ("building.base_load_kw", 50, lambda p: p.building.base_load_kw),
    ],
)  # fmt: skip
def test_change_reaches_its_place(small: Path, path: str, value: object, got):
    if got is None:
        assert "must be a time, such as" in problems_of(small, changes={path: value})[0]
    else:
        assert got(load_scenario(small, changes={path: value}).plant) == value


def test_change_may_add_an_object(small: Path):
    whole = {"gwh_per_year": 1, "operating_h_per_year": 8000, "expected_yield": 0.9}
    assert load_scenario(small, changes={"nameplate": whole}).plant.nameplate.gwh_per_year == 1
    parts = {f"nameplate.{key}": value for key, value in whole.items()}
    assert load_scenario(small, changes=parts).plant.nameplate.expected_yield == 0.9
    (problem,) = problems_of(small, changes={"nameplate.gwh_per_year": 1})[:1]
    assert "'nameplate.operating_h_per_year' is missing." in problem


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("statoins.stack.machines", "'statoins' does not exist (nearest: 'stations')."),
        ("stations.stak.machines", "station 'stak' does not exist (nearest: 'stack')."),
        ("stations.stack.machine", "key 'machine' does not exist (nearest: 'machines')."),
        ("stations.stack.cycle.mean", "key 'mean' does not exist (nearest: 'mean_s')."),
        ("stations.stack.take.3.units", "'3' is not in the list of 1."),
        ("stations.stack.position_m.x", "'x' is not in the list of 3."),
        ("stations.stack.machines.x", "'x' lies below a plain value."),
        ("stations", "names no station."),
        ("fleets.agv.load_s", "'agv' is not in the list of 1"),
        ("stations.stack.workcell", "key 'workcell' does not exist"),
        ("templates.stations.stacker.kind", "'templates' does not exist"),
        ("", "'' does not exist"),
    ],
)
def test_unknown_path_names_nearest(bench, small: Path, path: str, message: str):
    (problem,) = problems_of(small, changes={path: 1})
    assert problem.startswith(f"--set: change '{path}': ")
    assert message in problem
    file = scenario(bench, f"set:\n  '{path}': 1\n")
    (problem,) = problems_of(file)
    assert problem.startswith(f"{file}:4: change '{path}': ")


def test_wrong_value_of_a_change_points_at_the_scenario(bench, small: Path):
    file = scenario(bench, "set:\n  stations.stack.machines: 0\n  buffers.stacks.item: trey\n")
    problems = problems_of(file)
    assert problems == [
        f"{file}:4: station 'stack': 'machines' is 0, must be at least 1.",
        f"{file}:5: buffer 'stacks': item 'trey' does not exist. {REMEDY}",
    ]


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("faults: [{kind: leak, at: 0}]", 3, "'kind' is 'leak' (nearest: 'vacuum_leak')."),
        ("faults: [{at: 0}]", 3, "'kind' is missing."),
        ("faults:\n  - {kind: vacuum_leak, at: 0, robot: arn, extra_grip_s: 1}", 4,
         "fault 'vacuum_leak': robot 'arn' does not exist (nearest: 'arm')."),
        ("faults:\n  - {kind: slow_cycle, at: 0, station: stak, factor: 2}", 4,
         "station 'stak' does not exist (nearest: 'stack')."),
        ("faults:\n  - {kind: slow_cycle, at: 0, station: tray_load, factor: 2}", 4,
         "station 'tray_load' is a robot station, whose cycle is a program. Use the kind"),
        ("faults:\n  - {kind: breakdown, at: 0, machine: stack, repair: 60}", 4,
         "machine 'stack' does not exist (nearest: 'stack_"),
        ("faults:\n  - {kind: vacuum_leak, at: 9h, robot: arm, extra_grip_s: 1}", 4,
         "starts at 32400 s, after the end of the run at 28800 s."),
        (BACKWARDS, 6, "ends at 3600 s, before it starts at 7200 s."),
        ("faults:\n  - {kind: vacuum_leak, at: 0, robot: arm, extra_grip_s: -1}", 4,
         "'extra_grip_s' is -1, must be at least 0."),
        ("horizon: 0", 3, "'horizon' must be longer than 0 s."),
        ("warmup: 9h", 3, "'warmup' (32400 s) must be shorter than 'horizon' (28800 s)."),
        ("horizon: 8 hours", 3, "'8 hours', must be a time, such as 8h, 2h 30m or 02:00."),
        ("start: monday", 3, "'start' is 'monday', must be a date and time."),
        ("initial: full", 3, "'initial' is 'full'. Allowed: empty, steady."),
        ("seed: -1", 3, "'seed' is -1, must be at least 0."),
        ("horizn: 8h", 3, "unknown key 'horizn' (nearest: 'horizon')."),
    ],
)  # fmt: skip
def test_bad_scenario_is_named_with_its_line(
    bench, small: Path, body: str, line: int, message: str
):
    file = scenario(bench, body + "\n")
    problems = problems_of(file)
    hit = [problem for problem in problems if message in problem]
    assert hit, problems
    assert hit[0].startswith(f"{file}:{line}: ")


def test_leak_needs_a_grip(bench):
    bench.write(bench.changed("{name: grip, action: grip,", "{name: grip,"))
    file = scenario(bench, "faults: [{kind: vacuum_leak, at: 0, robot: arm, extra_grip_s: 1}]\n")
    assert "robot 'arm' has no step with 'action: grip'" in problems_of(file)[0]


def test_problems_of_plant_and_scenario_come_together(bench):
    bench.write(bench.changed("machines: 2", "machines: 0"))
    file = scenario(bench, "seed: -1\nset: {stations.x.machines: 1}\n")
    problems = problems_of(file)
    assert len(problems) == 3
    assert sum("small.yaml:" in problem for problem in problems) == 1


def test_unknown_plant_of_a_scenario_names_nearest(bench):
    file = bench.write("id: t\nplant: pilott\n", "t.yaml")
    (problem,) = problems_of(file)
    assert problem.startswith(f"{file}:2: plant 'pilott': no such plant (nearest: 'pilot').")


def test_unknown_scenario_names_nearest():
    with pytest.raises(PlantError, match=r"no such scenario or plant \(nearest: 'slow_robot'\)"):
        load_scenario("slow_robt")


def test_changes_from_the_options_point_at_the_option(small: Path):
    (problem,) = problems_of(small, horizon_s=-5.0)
    assert problem.startswith("--horizon: 'horizon' is -5, must be at least 0.")
