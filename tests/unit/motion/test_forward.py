"""Forward kinematics of the built-in robots against the figures of their makers."""

from __future__ import annotations

import numpy as np
import pytest

from twin.motion.arm import forward, geometry, pose_error, rotation_vector, tool_rotation
from twin.plant.load import built_in_models, robot_model
from twin.plant.robot import Pose, RobotModel

# Sums of the link lengths with all joints at zero: flange in metres.
FLANGE_AT_ZERO = {
    "kuka_kr10_r1420": (0.15 + 0.61 + 0.66 + 0.08, 0.0, 0.45 + 0.02),
    "kuka_kr6_r900_2": (0.025 + 0.455 + 0.42 + 0.09, 0.0, 0.4 + 0.025),
    "kuka_kr120_r2500_pro": (0.35 + 1.15 + 1.0 + 0.215, 0.0, 0.675 - 0.041),
    "abb_irb2400": (0.1 + 0.258 + 0.497 + 0.085, 0.0, 0.615 + 0.705 + 0.135),
    "abb_irb6640": (0.32 + 1.392 + 0.2, 0.0, 0.78 + 1.075 + 0.2),
    "ur10e": (0.6127 + 0.57155, 0.17415 + 0.11655, 0.1807 - 0.11985),
}

# Greatest distance of the wrist centre from the first axis, as in the type names.
WRIST_REACH_M = {
    "kuka_kr10_r1420": 1.420,
    "kuka_kr6_r900_2": 0.901,
    "kuka_kr120_r2500_pro": 2.500,
    "abb_irb6640": 2.80,
    "abb_irb2400": 1.55,
}


def rotated(axis: str, degrees: float) -> np.ndarray:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return {
        "z": np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]),
        "y": np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]),
        "x": np.array([[1, 0, 0], [0, c, -s], [0, s, c]]),
    }[axis]


def step_by_step(model: RobotModel, tool_m: float, angles: np.ndarray) -> np.ndarray:
    """The tip by homogeneous transforms about the named axes, one joint after the other."""
    whole = np.eye(4)
    for joint, angle in zip(model.joints, angles, strict=True):
        name = "xyz"[int(np.argmax(np.abs(joint.axis)))]
        one = np.eye(4)
        one[:3, :3] = rotated(name, angle * np.sign(sum(joint.axis)))
        one[:3, 3] = joint.origin_m
        whole = whole @ one
    flange = np.array(model.flange_m)
    tip = flange + tool_m * flange / np.linalg.norm(flange)
    return (whole @ np.append(tip, 1.0))[:3]


def test_every_built_in_model_has_known_figures() -> None:
    assert set(built_in_models()) == set(FLANGE_AT_ZERO)


@pytest.mark.parametrize("name", FLANGE_AT_ZERO)
def test_flange_at_zero_is_the_sum_of_the_links(name: str) -> None:
    frames = forward(robot_model(None, name), 0.2, np.zeros(6))
    np.testing.assert_allclose(frames.flange_m, FLANGE_AT_ZERO[name], atol=1e-12)


@pytest.mark.parametrize("name", FLANGE_AT_ZERO)
def test_links_are_parallel_at_zero(name: str) -> None:
    frames = forward(robot_model(None, name), 0.2, np.zeros(6))
    np.testing.assert_allclose(frames.rotation, np.broadcast_to(np.eye(3), (6, 3, 3)), atol=1e-15)


@pytest.mark.parametrize("name", FLANGE_AT_ZERO)
def test_tool_stands_on_the_flange(name: str) -> None:
    rng = np.random.default_rng(1)
    frames = forward(robot_model(None, name), 0.37, rng.uniform(-90, 90, (20, 6)))
    length = np.linalg.norm(frames.tip_m - frames.flange_m, axis=-1)
    np.testing.assert_allclose(length, 0.37, atol=1e-12)


@pytest.mark.parametrize("name", WRIST_REACH_M)
def test_reach_of_the_wrist_is_the_figure_in_the_name(name: str) -> None:
    arm = geometry(robot_model(None, name))
    shoulder, elbow = np.meshgrid(
        *[np.linspace(arm.lower_deg[k], arm.upper_deg[k], 401) for k in (1, 2)]
    )
    angles = np.zeros((shoulder.size, 6))
    angles[:, 1], angles[:, 2] = shoulder.ravel(), elbow.ravel()
    wrist = forward(arm, 0.0, angles).origin_m[:, 4]
    assert np.hypot(wrist[:, 0], wrist[:, 1]).max() == pytest.approx(WRIST_REACH_M[name], abs=0.006)


def test_ur10e_stretches_to_its_link_lengths() -> None:
    frames = forward(robot_model(None, "ur10e"), 0.0, [0, 0, 0, 0, 0, 0])
    assert frames.origin_m[3, 0] - frames.origin_m[1, 0] == pytest.approx(0.6127 + 0.57155)


@pytest.mark.parametrize("name", FLANGE_AT_ZERO)
def test_many_poses_agree_with_transforms_one_by_one(name: str) -> None:
    model = robot_model(None, name)
    arm = geometry(model)
    angles = np.random.default_rng(2).uniform(arm.lower_deg, arm.upper_deg, (2, 8, 6))
    tip = forward(model, 0.25, angles).tip_m
    assert tip.shape == (2, 8, 3)
    for index in np.ndindex(2, 8):
        np.testing.assert_allclose(tip[index], step_by_step(model, 0.25, angles[index]), atol=1e-9)


@pytest.mark.parametrize(("name", "sign"), [("kuka_kr10_r1420", -1), ("abb_irb6640", 1)])
def test_first_joint_turns_as_its_axis_says(name: str, sign: int) -> None:
    x, y, _ = forward(robot_model(None, name), 0.2, [30, 0, 0, 0, 0, 0]).flange_m
    assert np.degrees(np.arctan2(y, x)) == pytest.approx(30 * sign)


@pytest.mark.parametrize("name", FLANGE_AT_ZERO)
@pytest.mark.parametrize("yaw_deg", [-170.0, 0.0, 35.0, 90.0])
def test_tool_rotation_points_the_tool_down(name: str, yaw_deg: float) -> None:
    arm = geometry(robot_model(None, name))
    wanted = tool_rotation(arm, yaw_deg)
    np.testing.assert_allclose(wanted @ arm.approach, [0, 0, -1], atol=1e-12)
    np.testing.assert_allclose(wanted @ wanted.T, np.eye(3), atol=1e-12)


def test_pose_error_measures_distance_and_turn(kr10: RobotModel) -> None:
    frames = forward(kr10, 0.2, [0, -90, 90, 0, 90, 0])
    x, y, z = frames.tip_m.tolist()
    distance, angle = pose_error(frames, kr10, Pose(xyz_m=(x + 0.03, y + 0.04, z), yaw_deg=40))
    straight = pose_error(frames, kr10, Pose(xyz_m=(x, y, z)))
    assert distance == pytest.approx(0.05)
    assert angle == pytest.approx(40, abs=1e-6)
    assert straight == (pytest.approx(0, abs=1e-12), pytest.approx(0, abs=1e-6))


@pytest.mark.parametrize("angle_deg", [0.0, 1e-7, 20.0, 179.0])
def test_rotation_vector_is_axis_times_angle(angle_deg: float) -> None:
    vector = rotation_vector(rotated("z", angle_deg))
    np.testing.assert_allclose(vector, [0, 0, np.radians(angle_deg)], atol=1e-12)
