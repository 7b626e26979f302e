"""Motion plans of robot programs against the closed forms, and by dense sampling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import PlantError
from twin.motion.arm import forward, geometry
from twin.motion.plan import MotionPlan, move_limits, move_time_s, plan_program
from twin.plant.load import load_plant, robot_model
from twin.plant.robot import Robot, RobotModel

PILOT = load_plant("pilot").plant
ROBOTS = sorted(PILOT.robots)

# Times of a 90 degree turn of the base (s), rounded to 0.01 s: trapezoid at 300/600/900 deg/s2.
BASE_MOVE = {
    "kuka_kr10_r1420": (220, (1.10, 0.78, 0.65)),
    "abb_irb2400": (150, (1.10, 0.85, 0.77)),
    "kuka_kr120_r2500_pro": (156, (1.10, 0.84, 0.75)),
    "abb_irb6640": (100, (1.23, 1.07, 1.01)),
    "ur10e": (120, (1.15, 0.95, 0.88)),
}


def planned(robot: str) -> tuple[MotionPlan, RobotModel]:
    model = robot_model(PILOT, PILOT.robots[robot].model)
    return plan_program(PILOT.robots[robot], model), model


def with_acceleration(model: RobotModel, joint: int, acceleration: float) -> RobotModel:
    joints = list(model.joints)
    joints[joint] = joints[joint].model_copy(update={"acceleration_dps2": acceleration})
    return model.model_copy(update={"joints": joints})


def changed(robot: str, **program: Any) -> Robot:
    one = PILOT.robots[robot]
    return one.model_copy(update={"program": one.program.model_copy(update=program)})


@pytest.mark.parametrize("name", BASE_MOVE)
@pytest.mark.parametrize("k", range(3))
def test_base_move_takes_the_known_time(name: str, k: int) -> None:
    speed, times = BASE_MOVE[name]
    model = with_acceleration(robot_model(None, name), 0, (300.0, 600.0, 900.0)[k])
    assert model.joints[0].speed_dps == speed
    assert move_time_s([90, 0, 0, 0, 0, 0], model) == pytest.approx(times[k], abs=0.0075)


def test_long_move_is_a_trapezoid(kr10: RobotModel) -> None:
    time_s = move_time_s([220, 0, 0, 0, 0, 0], kr10)
    assert time_s == pytest.approx(220 / 220 + 220 / 600)


def test_short_move_is_a_triangle(kr10: RobotModel) -> None:
    assert move_time_s([6, 0, 0, 0, 0, 0], kr10) == pytest.approx(2 * np.sqrt(6 / 600))


def test_slowest_joint_decides(kr10: RobotModel) -> None:
    assert move_time_s([10, 90, 20, 5, 0, 1], kr10) == move_time_s([0, 90, 0, 0, 0, 0], kr10)


def test_no_turn_takes_no_time(kr10: RobotModel) -> None:
    assert move_time_s(np.zeros(6), kr10) == 0.0
    assert move_limits(np.zeros(6), kr10) == (0.0, 0.0)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.01, 170), st.floats(0.05, 1.0))
def test_override_scales_speed_and_acceleration(turn: float, override: float) -> None:
    model = robot_model(None, "kuka_kr10_r1420")
    v, a = 220 * override, 600 * override
    closed = turn / v + v / a if v * v < a * turn else 2 * np.sqrt(turn / a)
    assert move_time_s([-turn, 0, 0, 0, 0, 0], model, override) == pytest.approx(closed, rel=1e-9)


def test_override_never_shortens_a_cycle() -> None:
    plan, model = planned("robot_tray")
    steps = [
        s.model_copy(update={"speed": s.speed / 2})
        for s in PILOT.robots["robot_tray"].program.steps
    ]
    slow = plan_program(changed("robot_tray", steps=steps), model)
    moves = plan.is_move
    assert (slow.nominal_s[moves] > plan.nominal_s[moves] * np.sqrt(2) - 1e-9).all()
    np.testing.assert_array_equal(slow.nominal_s[~moves], plan.nominal_s[~moves])


@pytest.mark.parametrize("robot", ROBOTS)
def test_step_times_are_the_closed_form(robot: str) -> None:
    plan, model = planned(robot)
    for k, step in enumerate(PILOT.robots[robot].program.steps):
        turn = plan.to_deg[k] - plan.from_deg[k]
        expected = step.wait.mean_s if step.wait else move_time_s(turn, model, step.speed)
        assert plan.nominal_s[k] == pytest.approx(expected, rel=1e-12)
    assert plan.cycle_s == pytest.approx(plan.nominal_s.sum())


@pytest.mark.parametrize("robot", ROBOTS)
def test_pose_speed_and_acceleration_fit_together_and_keep_limits(robot: str) -> None:
    plan, model = planned(robot)
    arm = geometry(model)
    for k, step in enumerate(PILOT.robots[robot].program.steps):
        tau = np.linspace(0, plan.nominal_s[k], 2001)
        pose, speed = plan.pose(k, tau), plan.joint_speed(k, tau)
        assert (np.abs(speed) <= step.speed * arm.speed_dps * (1 + 1e-9)).all()
        assert (
            np.abs(plan.joint_acceleration(k, tau))
            <= step.speed * arm.acceleration_dps2 * (1 + 1e-9)
        ).all()
        measured = np.diff(pose, axis=0) / np.diff(tau)[:, None]
        np.testing.assert_allclose(measured, (speed[1:] + speed[:-1]) / 2, atol=0.4)
        rise = np.abs(np.diff(speed, axis=0)) / np.diff(tau)[:, None]
        assert (rise <= step.speed * arm.acceleration_dps2 * (1 + 1e-6)).all()


@pytest.mark.parametrize("robot", ROBOTS)
def test_steps_join_and_the_cycle_closes(robot: str) -> None:
    plan, _ = planned(robot)
    n = len(plan.names)
    for k in range(n):
        np.testing.assert_allclose(plan.pose(k, 0.0), plan.from_deg[k], atol=1e-9)
        np.testing.assert_allclose(plan.pose(k, plan.nominal_s[k]), plan.to_deg[k], atol=1e-9)
        np.testing.assert_array_equal(plan.to_deg[k], plan.from_deg[(k + 1) % n])
        assert not plan.joint_speed(k, [0.0, plan.nominal_s[k]]).any()


@pytest.mark.parametrize("robot", ROBOTS)
def test_moves_end_with_the_tool_at_the_taught_poses(robot: str) -> None:
    plan, model = planned(robot)
    one = PILOT.robots[robot]
    for k, step in enumerate(one.program.steps):
        if step.to is not None:
            tip = forward(model, one.tool_length_m, plan.to_deg[k]).tip_m
            np.testing.assert_allclose(tip, one.program.poses[step.to].xyz_m, atol=1e-6)


@pytest.mark.parametrize("robot", ROBOTS)
def test_moves_stay_within_joint_limits(robot: str) -> None:
    plan, model = planned(robot)
    arm = geometry(model)
    ends = np.concatenate([plan.from_deg, plan.to_deg])
    assert (ends >= arm.lower_deg - 1e-9).all()
    assert (ends <= arm.upper_deg + 1e-9).all()


@pytest.mark.parametrize("tau_s", [-3.0, 1e3])
def test_pose_holds_outside_the_step(tau_s: float) -> None:
    plan, _ = planned("robot_pack")
    end = plan.from_deg[0] if tau_s < 0 else plan.to_deg[0]
    np.testing.assert_allclose(plan.pose(0, tau_s), end, atol=1e-9)


def test_waits_stand_still() -> None:
    plan, _ = planned("robot_stack")
    k = plan.names.index("grip")
    assert not plan.is_move[k]
    assert np.ptp(plan.pose(k, np.linspace(0, 0.5, 9)), axis=0).max() == 0
    assert not plan.joint_speed(k, 0.2).any()


@pytest.mark.parametrize("robot", ROBOTS)
def test_sweep_bounds_the_path_of_the_tool(robot: str) -> None:
    plan, model = planned(robot)
    tool_m = PILOT.robots[robot].tool_length_m
    for k in np.flatnonzero(plan.is_move):
        share = np.linspace(0, 1, 997)[:, None]
        angles = plan.from_deg[k] + share * (plan.to_deg[k] - plan.from_deg[k])
        tip = forward(model, tool_m, angles).tip_m
        speed = np.linalg.norm(np.diff(tip, axis=0), axis=1) * 996
        assert speed.max() <= plan.sweep_m[k] * (1 + 1e-9)


def test_program_that_does_not_close_is_refused(kr10: RobotModel) -> None:
    steps = PILOT.robots["robot_tray"].program.steps[:-1]
    with pytest.raises(PlantError, match="ends at pose 'above_place', but starts at 'ready'"):
        plan_program(changed("robot_tray", steps=steps), kr10)


def test_all_poses_out_of_reach_are_named(kr10: RobotModel) -> None:
    poses = dict(PILOT.robots["robot_tray"].program.poses)
    for name in ("pick", "place"):
        poses[name] = poses[name].model_copy(update={"xyz_m": (4.0, 0.0, 0.5)})
    with pytest.raises(PlantError) as caught:
        plan_program(changed("robot_tray", poses=poses), kr10)
    where = [problem.where for problem in caught.value.problems]
    assert where == ["robot 'robot_tray', pose 'pick'", "robot 'robot_tray', pose 'place'"]
    assert "out of reach" in str(caught.value)
