"""Causes in robots: of faults that cost the same time, the right one is named, or none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks.robot_trials import CAUSE_OF, DRAWS, Trial, accuracy, trial
from sim import simulate
from twin.flags import flags
from twin.flags.robot_action import action_of
from twin.flags.robot_cause import robot_cause
from twin.flags.robot_condition import rise_onset, stop_onset
from twin.flags.robot_evidence import StepChanges
from twin.flags.robot_hypothesis import handled_at, hypotheses, longer_moves, touched
from twin.motion.plan import plan_program
from twin.motion.variant import faulty_plan
from twin.plant.faults import Fault, SpeedOverride, VacuumLeak
from twin.plant.load import load_scenario, robot_model
from twin.plant.robot import Robot, RobotModel
from twin.plant.robot_faults import (
    AccelerationLoss,
    JointFriction,
    MistaughtPoint,
    SensorDropout,
    ToolWear,
)
from twin.plant.scenario import Scenario
from twin.run.run import Run

ROBOT, AT_S, END_S = "arm", 3600.0, 9000.0


def cell(seed: int = 5, **changes: object) -> Scenario:
    all_changes = {"robots.arm.program.move_cv": 0.02, **changes}
    return load_scenario("07_robot", horizon_s=END_S, seed=seed, changes=all_changes)


@pytest.fixture
def run_of(tmp_path: Path) -> Callable[..., Run]:
    def run(*faults: Fault, **changes: object) -> Run:
        made = cell(**changes).model_copy(update={"faults": [*faults]})
        return simulate(made, tmp_path / f"r{len([*tmp_path.iterdir()])}")

    return run


@pytest.fixture(scope="module")
def arm() -> tuple[Robot, RobotModel]:
    plant = cell().plant
    return plant.robots[ROBOT], robot_model(plant, plant.robots[ROBOT].model)


def changes_of(before: np.ndarray, during: np.ndarray) -> StepChanges:
    n = len(before)
    return StepChanges(before, during, np.full(n, 0.002), np.ones(n), np.zeros(n), 500, 500)


def test_what_a_hypothesis_predicts_is_what_the_faulty_plan_does(
    arm: tuple[Robot, RobotModel],
) -> None:
    plan = plan_program(*arm)
    for joint, left in ((1, 0.5), (3, 0.3), (5, 0.8)):
        fault = AccelerationLoss(
            kind="acceleration_loss", at=0, robot=ROBOT, joint=joint, factor=left
        )
        slow = faulty_plan(*arm, [fault])
        longer = longer_moves(*arm, plan, joint, left)
        np.testing.assert_allclose(longer * plan.nominal_s, slow.nominal_s, rtol=1e-9)


def test_each_pattern_of_moves_is_told_from_the_others(arm: tuple[Robot, RobotModel]) -> None:
    plan = plan_program(*arm)
    nominal = plan.nominal_s
    all_slow = np.where(plan.is_move, nominal / 0.8, nominal)
    assert hypotheses(*arm, plan, changes_of(nominal, all_slow))[0].kind == "all_moves"
    best = hypotheses(*arm, plan, changes_of(nominal, nominal * longer_moves(*arm, plan, 5, 0.6)))
    alike = {h.joint: h for h in best if h.score < best[0].score + 10}
    assert best[0].kind == "joint"
    assert set(alike) == {3, 5}, "both lead the moves up and down"
    assert alike[5].size == pytest.approx(0.6, abs=0.03)
    off = nominal + np.where(touched(arm[0], "place"), 0.05, 0.0)
    best = hypotheses(*arm, plan, changes_of(nominal, off))
    assert (best[0].kind, best[0].point) == ("point", "place")
    assert hypotheses(*arm, plan, changes_of(nominal, nominal))[0].kind == "nothing"
    assert {h.kind for h in hypotheses(arm[0], None, plan, changes_of(nominal, off))} == {
        "nothing", "all_moves", "point",
    }  # fmt: skip


def test_steps_are_put_to_their_points(arm: tuple[Robot, RobotModel]) -> None:
    names = [step.name for step in arm[0].program.steps]
    assert [n for n, t in zip(names, touched(arm[0], "pick"), strict=True) if t] == [
        "descend", "lift",
    ]  # fmt: skip
    handled = dict(zip(names, handled_at(arm[0]), strict=True))
    assert (handled["grip"], handled["release"], handled["lift"]) == ("pick", "place", "")


def test_the_same_time_lost_has_four_causes_by_its_signals(run_of: Callable[..., Run]) -> None:
    """About 0.25 s a cycle each."""
    faults: dict[str, Fault] = {
        "vacuum_leak": VacuumLeak(kind="vacuum_leak", at=AT_S, robot=ROBOT, extra_grip_s=0.25),
        "joint_friction": JointFriction(
            kind="joint_friction", at=AT_S, robot=ROBOT, joint=1, factor=1.25
        ),
        "acceleration_loss": AccelerationLoss(
            kind="acceleration_loss", at=AT_S, robot=ROBOT, joint=1, factor=0.8
        ),
        "speed_override": SpeedOverride(kind="speed_override", at=AT_S, robot=ROBOT, factor=0.88),
        "mistaught_point": MistaughtPoint(
            kind="mistaught_point", at=AT_S, robot=ROBOT, point="pick", offset_m=(0, 0, -0.01)
        ),
        "tool_wear": ToolWear(kind="tool_wear", at=AT_S, robot=ROBOT, grip_s_per_h=0.17),
    }
    for name, fault in faults.items():
        run = run_of(fault)
        cause = robot_cause(run, run.plant.robots[ROBOT], AT_S, END_S)
        assert cause.name == name
        assert cause.confidence >= 0.7
        assert cause.action
        assert cause.detail
        steps = cause.evidence["substeps_s"]
        assert isinstance(steps, dict)
        assert steps
        if name == "joint_friction":
            assert cause.joint == 1
        if name == "acceleration_loss":
            assert 1 in cause.evidence["joints_that_fit"]  # type: ignore[operator]
            assert "they move together" in cause.detail
        json.dumps(cause.evidence)


def test_without_sensors_no_physical_cause_is_claimed(run_of: Callable[..., Run]) -> None:
    leak = VacuumLeak(kind="vacuum_leak", at=AT_S, robot=ROBOT, extra_grip_s=0.4)
    run = run_of(leak, robot_sensors="none")
    (flag,) = flags(run)
    assert flag.cause == "slow_substep"
    assert flag.evidence["diagnosis"]["confidence"] <= 0.5
    friction = JointFriction(kind="joint_friction", at=AT_S, robot=ROBOT, joint=5, factor=2)
    blind = run_of(friction, robot_sensors="basic")
    assert robot_cause(blind, blind.plant.robots[ROBOT], AT_S, END_S).confidence <= 0.5


def test_a_healthy_robot_has_no_cause_and_no_flag(run_of: Callable[..., Run]) -> None:
    run = run_of()
    assert flags(run) == []
    assert robot_cause(run, run.plant.robots[ROBOT], AT_S, END_S).name == "slow_substep"


def test_a_silent_sensor_is_no_slow_robot(run_of: Callable[..., Run]) -> None:
    gone = SensorDropout(
        kind="sensor_dropout", at=AT_S, until=6000, robot=ROBOT, signal="vacuum_kpa"
    )
    (flag,) = flags(run_of(gone))
    assert flag.cause == "sensor_dropout"
    assert (flag.since_s, flag.until_s) == (
        pytest.approx(AT_S, abs=15),
        pytest.approx(6000, abs=15),
    )
    assert flag.lost_units == 0.0
    assert "works as before" in flag.evidence["diagnosis"]["action"]


def test_the_fault_of_the_scenario_is_not_looked_at(run_of: Callable[..., Run]) -> None:
    """A fault that has no time to act leaves no cause behind."""
    never = JointFriction(kind="joint_friction", at=END_S - 1, robot=ROBOT, joint=1, factor=3)
    assert flags(run_of(never)) == []


def test_lost_energy_and_money_follow_from_power_and_rates(run_of: Callable[..., Run]) -> None:
    leak = VacuumLeak(kind="vacuum_leak", at=AT_S, robot=ROBOT, extra_grip_s=0.5)
    costs = {"currency": "EUR", "energy_per_kwh": 0.2, "machines": {"hand_over": {"per_h": 30.0}}}
    run = run_of(leak, costs=costs, **{"stations.hand_over.power.working_kw": 1.5})
    (flag,) = flags(run)
    steps = run.table("substeps", where=f"name = 'grip' AND start_s >= {AT_S}")
    lost_h = float((steps["actual_s"] - steps["nominal_s"]).sum()) / 3600
    assert flag.evidence["lost_kwh"] == pytest.approx(1.5 * lost_h, rel=0.02)
    assert flag.evidence["lost_money"] == pytest.approx((1.5 * 0.2 + 30) * lost_h, rel=0.02)
    assert flag.evidence["currency"] == "EUR"
    (free,) = flags(run_of(leak))
    assert free.evidence["lost_kwh"] == 0.0
    assert free.evidence["lost_money"] is None


def test_onsets_of_stops_and_rises() -> None:
    rng = np.random.default_rng(3)
    even = np.sort(rng.uniform(0, 1e4, 60))
    assert stop_onset(even, 1e4) == (0, 0.0)
    late = np.sort(np.concatenate([rng.uniform(0, 6e3, 5), rng.uniform(6e3, 1e4, 60)]))
    first, p = stop_onset(late, 1e4)
    assert 5.5e3 < late[first] < 6.5e3
    assert p < 1e-6
    calm = 1 + 0.05 * rng.standard_normal(500)
    assert rise_onset(calm) is None
    step = np.concatenate([calm, calm + 1])
    onset = rise_onset(step)
    assert onset is not None
    assert abs(onset - 500) <= 40


def test_every_kind_of_fault_has_a_trial_and_every_cause_an_action() -> None:
    assert set(CAUSE_OF) == set(DRAWS)
    for name in CAUSE_OF.values():
        assert len(action_of(name, {"speed_left": 0.8, "point": "pick"}, 1)) > 40


def test_causes_are_right_in_seeded_trials(tmp_path: Path) -> None:
    """At least 95 % of the faults found, over all kinds and drawn sizes; most are found."""
    trials: list[Trial] = []
    for seed in (11, 12):
        healthy = cell(seed)
        trials += [
            trial(healthy, ROBOT, kind, at=AT_S, seed=seed, out=tmp_path / "run") for kind in DRAWS
        ]
    right, found, n = accuracy(trials)
    assert n == 18
    assert found >= 0.8 * n
    assert right >= 0.95 * found
