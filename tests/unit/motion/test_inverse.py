"""Inverse kinematics: round trips, limits, choice among solutions, and what is out of reach."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.motion.arm import geometry, pose_error
from twin.motion.kinematics import Unreachable, forward, inverse, inverse_all
from twin.plant.load import built_in_models, robot_model
from twin.plant.robot import Pose, RobotModel

TOOL_M = 0.2
MODELS = sorted(built_in_models())

# A pose that every arm of this size reaches: share of its reach ahead, direction, height, yaw.
reachable = st.tuples(
    st.sampled_from(MODELS),
    st.floats(0.55, 0.7),
    st.floats(-100, 100),
    st.floats(0.0, 0.25),
    st.floats(-60, 60),
)


def pose_within(model: RobotModel, share: float, aim_deg: float, height: float, yaw: float) -> Pose:
    arm = geometry(model)
    reach = float(np.linalg.norm(arm.origin_m[2]) + np.linalg.norm(arm.origin_m[3:5].sum(axis=0)))
    aim = np.radians(aim_deg)
    xyz = (reach * share * np.cos(aim), reach * share * np.sin(aim), reach * height)
    return Pose(xyz_m=xyz, yaw_deg=yaw)


@settings(max_examples=60, deadline=None)
@given(reachable)
def test_round_trip_brings_the_tool_to_the_pose(
    case: tuple[str, float, float, float, float],
) -> None:
    name, share, aim_deg, height, yaw = case
    model = robot_model(None, name)
    pose = pose_within(model, share, aim_deg, height, yaw)
    angles = inverse(model, TOOL_M, pose)
    distance, turn = pose_error(forward(model, TOOL_M, angles), model, pose)
    assert distance < 1e-6
    assert turn < 1e-4


@settings(max_examples=30, deadline=None)
@given(reachable)
def test_every_solution_is_within_limits_and_arrives(
    case: tuple[str, float, float, float, float],
) -> None:
    name, share, aim_deg, height, yaw = case
    model = robot_model(None, name)
    arm = geometry(model)
    pose = pose_within(model, share, aim_deg, height, yaw)
    found = inverse_all(model, TOOL_M, pose, np.zeros(6))
    assert (found >= arm.lower_deg - 1e-9).all()
    assert (found <= arm.upper_deg + 1e-9).all()
    assert pose_error(forward(model, TOOL_M, found), model, pose)[0].max() < 1e-6


@settings(max_examples=30, deadline=None)
@given(st.floats(-80, 80), st.floats(-40, -10), st.floats(20, 60), st.floats(-80, 80))
def test_seed_is_the_solution_where_it_solves(a1: float, a2: float, a3: float, a6: float) -> None:
    """An arm whose tool points down already (A2 + A3 + A5 = 90 degrees, A4 = 0) stays."""
    model = robot_model(None, "kuka_kr10_r1420")
    seed = np.array([a1, a2 - 40, a3 + 30, 0.0, 0.0, a6])
    seed[4] = 90 - seed[1] - seed[2]
    tip = forward(model, TOOL_M, seed)
    x, y, z = tip.tip_m.tolist()
    turned = tip.rotation[5] @ np.array([0.0, 1.0, 0.0])
    yaw = float(np.degrees(np.arctan2(-turned[0], turned[1])))
    angles = inverse(model, TOOL_M, Pose(xyz_m=(x, y, z), yaw_deg=yaw), seed)
    np.testing.assert_allclose(angles, seed, atol=1e-3)


def test_solution_is_the_closest_to_the_seed(kr10: RobotModel) -> None:
    pose, seed = Pose(xyz_m=(1.0, -0.5, 0.45)), np.array([20.0, -60, 100, 0, 50, 0])
    found = inverse_all(kr10, TOOL_M, pose, seed)
    change = np.abs(found - seed).max(axis=1)
    assert len(found) >= 2
    assert (np.diff(change) >= -1e-6).all()
    np.testing.assert_array_equal(inverse(kr10, TOOL_M, pose, seed), found[0])


def test_full_turns_of_the_last_joint_follow_the_seed(kr10: RobotModel) -> None:
    pose = Pose(xyz_m=(1.0, 0.2, 0.5))
    near = inverse(kr10, TOOL_M, pose)
    seed = near + np.array([0, 0, 0, 0, 0, 300.0 if near[5] < 0 else -300.0])
    again = inverse(kr10, TOOL_M, pose, seed)
    assert abs(again[5] - seed[5]) == pytest.approx(60, abs=1e-3)


def test_same_pose_gives_the_same_angles(kr10: RobotModel) -> None:
    pose = Pose(xyz_m=(0.9, 0.3, 0.4), yaw_deg=20)
    np.testing.assert_array_equal(inverse(kr10, TOOL_M, pose), inverse(kr10, TOOL_M, pose))


def test_joint_limits_are_kept_where_they_forbid_the_near_solution(kr10: RobotModel) -> None:
    """Straight behind the base the first joint stops at 170 degrees: the arm reaches over."""
    angles = inverse(kr10, TOOL_M, Pose(xyz_m=(-0.35, 0.0, 1.0)))
    assert abs(angles[0]) <= 170


@pytest.mark.parametrize("xyz", [(3.0, 0.0, 0.5), (0.0, 0.0, 3.0), (1.3, 1.3, 0.2)])
def test_far_pose_is_unreachable(kr10: RobotModel, xyz: tuple[float, float, float]) -> None:
    with pytest.raises(Unreachable):
        inverse(kr10, TOOL_M, Pose(xyz_m=xyz))


def test_unreachable_says_how_close_the_tool_comes(kr10: RobotModel) -> None:
    """Wrist centre 1.42 m from the axis at shoulder height, tool and flange straight down."""
    reach_m, height_m = 1.42, 0.45 - 0.08 - TOOL_M
    with pytest.raises(Unreachable) as caught:
        inverse(kr10, TOOL_M, Pose(xyz_m=(reach_m + 1.0, 0.0, height_m)))
    assert caught.value.distance_m == pytest.approx(1.0, abs=0.02)
    assert str(caught.value) == (
        "out of reach: within its joint limits the tool, pointing down, comes within about "
        f"{caught.value.distance_m:.2f} m of it."
    )
    assert caught.value.problems[0].where == "robot model 'kuka_kr10_r1420'"
