"""What faults do to a robot's cycles: times follow from the fault, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import Checkpoints, restore, simulate
from twin.errors import PlantError
from twin.motion.variant import plan_variants
from twin.plant.base import Duration
from twin.plant.faults import Fault, SpeedOverride, VacuumLeak
from twin.plant.load import load_scenario, robot_model
from twin.plant.robot_faults import (
    JointFriction,
    MistaughtPoint,
    ProtectiveStop,
    ToolWear,
    WornBearing,
)
from twin.plant.scenario import Scenario
from twin.run.run import Run

ROBOT = "arm"
AT_S, END_S = 1800.0, 3600.0
Runner = Callable[..., Run]


def cell(*faults: Fault, move_cv: float = 0.0, horizon_s: float = END_S) -> Scenario:
    """The cell of example 7, whose robot works all the time."""
    changes = {"robots.arm.program.move_cv": move_cv}
    made = load_scenario("07_robot", horizon_s=horizon_s, changes=changes)
    return made.model_copy(update={"faults": [*faults]})


@pytest.fixture
def run_of(tmp_path: Path) -> Runner:
    def run(*faults: Fault, **options: float) -> Run:
        return simulate(cell(*faults, **options), tmp_path / f"r{len([*tmp_path.iterdir()])}")

    return run


def extra(run: Run) -> pd.DataFrame:
    """Extra time of every sub-step (columns) of every whole cycle that begins after `AT_S`."""
    rows = run.table("substeps")
    rows["extra_s"] = rows["actual_s"] - rows["nominal_s"]
    begun = rows.groupby("cycle")["start_s"].transform("min")
    rows = rows[begun >= AT_S].astype({"name": str})
    return rows.pivot_table(index="cycle", columns="name", values="extra_s").dropna()


def test_before_a_fault_nothing_changes(run_of: Runner) -> None:
    friction = JointFriction(kind="joint_friction", at=AT_S, robot=ROBOT, joint=1, factor=2)
    stop = ProtectiveStop(kind="protective_stop", at=AT_S, robot=ROBOT, rate_per_h=30)
    plain, faulty = run_of(), run_of(friction, stop)
    for name in ("substeps", "cycles", "signals"):
        column = "end_s" if name == "cycles" else "start_s" if name == "substeps" else "time_s"
        before = [r.table(name, where=f"{column} < {AT_S - 60}") for r in (plain, faulty)]
        assert len(before[0]) > 100
        assert before[0].astype(str).equals(before[1].astype(str)), name


def test_a_hard_joint_takes_the_times_of_its_plan(run_of: Runner) -> None:
    fault = JointFriction(kind="joint_friction", at=AT_S, robot=ROBOT, joint=1, factor=2)
    run = run_of(fault)
    robot = run.plant.robots[ROBOT]
    variants = plan_variants(robot, robot_model(run.plant, robot.model), [fault])
    plain, slow = variants.plan_of(0), variants.plan_of(1)
    found = extra(run)
    for k, name in enumerate(plain.names):
        np.testing.assert_allclose(found[name], slow.nominal_s[k] - plain.nominal_s[k], atol=1e-9)
    assert found.to_numpy().sum() > 0


def test_faults_add_up(run_of: Runner) -> None:
    leak = VacuumLeak(kind="vacuum_leak", at=AT_S, robot=ROBOT, extra_grip_s=0.2)
    slow = SpeedOverride(kind="speed_override", at=AT_S, robot=ROBOT, factor=0.5)
    friction = JointFriction(kind="joint_friction", at=AT_S, robot=ROBOT, joint=1, factor=2)
    alone, together = extra(run_of(friction)), extra(run_of(leak, slow, friction))
    steps = run_of().table("substeps", where="cycle = 0").astype({"name": str})
    nominal = steps.set_index("name")["nominal_s"]
    assert together["grip"].to_numpy() == pytest.approx(0.2)
    for name in ("transfer", "descend"):
        planned = nominal[name] + alone[name].iloc[0]
        assert together[name].iloc[0] == pytest.approx(2 * planned - nominal[name])


def test_a_leak_and_a_worn_tool_grow(run_of: Runner) -> None:
    leak = VacuumLeak(
        kind="vacuum_leak", at=AT_S, robot=ROBOT, extra_grip_s=0.1, growth_s_per_h=0.4
    )
    wear = ToolWear(kind="tool_wear", at=AT_S, robot=ROBOT, grip_s_per_h=0.2)
    run = run_of(leak, wear)
    rows = run.table("substeps").astype({"name": str, "cause": str})
    rows["hours"] = (rows.groupby("cycle")["start_s"].transform("min") - AT_S) / 3600
    rows["extra_s"] = rows["actual_s"] - rows["nominal_s"]
    rows = rows[rows["hours"] >= 0]
    grip, release = (rows[rows["name"] == name] for name in ("grip", "release"))
    np.testing.assert_allclose(grip["extra_s"], 0.1 + 0.6 * grip["hours"], atol=1e-9)
    np.testing.assert_allclose(release["extra_s"], 0.2 * release["hours"], atol=1e-9)
    assert set(release["cause"].iloc[1:]) == {"tool_wear"}


def test_a_mistaught_point_repeats_grips_as_often_as_it_says(run_of: Runner) -> None:
    """Attempts are geometric: mean p/(1-p) retries; 99 % interval of that mean."""
    p, retry_s = 0.4, 0.5
    fault = MistaughtPoint(
        kind="mistaught_point", at=AT_S, robot=ROBOT, point="pick", offset_m=(0, 0, -0.02),
        retry_probability=p, retry_s=retry_s,
    )  # fmt: skip
    found = extra(run_of(fault, horizon_s=4 * END_S))
    retries = found["grip"].to_numpy() / retry_s
    np.testing.assert_allclose(retries, np.round(retries), atol=1e-9)
    half = 2.576 * np.sqrt(p) / (1 - p) / np.sqrt(len(retries))
    assert half < 0.08
    assert retries.mean() == pytest.approx(p / (1 - p), abs=half)
    changed = [name for name in found if abs(found[name].mean()) > 1e-6]
    assert changed == ["descend", "grip", "lift"]


def test_protective_stops_have_their_rate_state_and_alarm(run_of: Runner) -> None:
    """Poisson: the number in the hours worked; 99 % interval."""
    rate, horizon_s = 60.0, 6 * 3600.0
    stop = ProtectiveStop(
        kind="protective_stop", at=0, robot=ROBOT, rate_per_h=rate,
        duration=Duration(mean_s=15, kind="constant"),
    )  # fmt: skip
    run = run_of(stop, horizon_s=horizon_s)
    states = run.table("states").astype({"resource": str, "state": str})
    own = states[states["resource"] == ROBOT]
    stops = own[own["state"] == "protective_stop"]
    worked_h = (own["end_s"] - own["start_s"])[own["state"] == "working"].sum() / 3600
    half = 2.576 * np.sqrt(rate * worked_h)
    assert half < 0.2 * rate * worked_h
    assert len(stops) == pytest.approx(rate * worked_h, abs=half)
    whole = stops[stops["end_s"] < horizon_s]
    np.testing.assert_allclose(whole["end_s"] - whole["start_s"], 15.0, atol=1e-6)
    alarms = run.table("alarms").astype({"code": str, "resource": str, "cause": str})
    assert set(alarms["code"]) == {"protective_stop"}
    assert set(alarms["resource"]) == {ROBOT}
    assert len(alarms) == len(stops)


def test_a_worn_bearing_and_its_window_leave_the_cycles_alone(run_of: Runner) -> None:
    worn = WornBearing(kind="worn_bearing", at=0, robot=ROBOT, growth_mm_s_per_h=5)
    late = JointFriction(kind="joint_friction", at=600, until=1200, robot=ROBOT, joint=1, factor=2)
    plain, faulty, passing = run_of(), run_of(worn), run_of(late)
    assert plain.table("substeps").equals(faulty.table("substeps"))
    rows = passing.table("substeps").astype({"cause": str})
    begun = rows.groupby("cycle")["start_s"].transform("min")
    hit = begun[rows["cause"] == "joint_friction"]
    assert 600 <= hit.min() < hit.max() < 1200
    assert (rows["actual_s"] == rows["nominal_s"])[begun >= 1200].all()


def test_a_point_out_of_reach_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    plant = load_scenario("pilot", horizon_s=600.0)
    fault = MistaughtPoint(
        kind="mistaught_point", at=60, robot="robot_pouch", point="pick", offset_m=(0.15, -0.1, 0)
    )
    with pytest.raises(PlantError) as caught:
        simulate(plant.model_copy(update={"faults": [fault]}), tmp_path / "r")
    (problem,) = caught.value.problems
    assert "fault 'mistaught_point' of robot 'robot_pouch' at 60 s" in str(problem)
    assert "puts point 'pick' where it cannot go: out of reach" in str(problem)
    assert "Make 'offset_m' smaller." in str(problem)
    assert not (tmp_path / "r").exists()


def test_a_faulty_run_goes_on_exactly_from_a_snapshot(tmp_path: Path) -> None:
    faults = [
        MistaughtPoint(
            kind="mistaught_point", at=600, robot=ROBOT, point="pick", offset_m=(0, 0, -0.02)
        ),
        ProtectiveStop(kind="protective_stop", at=300, robot=ROBOT, rate_per_h=120),
    ]
    whole = simulate(
        cell(*faults, move_cv=0.02), tmp_path / "whole", checkpoints=Checkpoints(at_s=(500, 1500))
    )
    paths = sorted((whole.folder / "checkpoint").iterdir())
    assert len(paths) == 2
    for k, path in enumerate(paths):
        again = restore(path, tmp_path / f"again{k}")
        for name in ("substeps", "states", "cycles", "alarms"):
            assert again.table(name).astype(str).equals(whole.table(name).astype(str)), (k, name)
        assert again.manifest.digest == whole.manifest.digest
