"""Forward kinematics of six-axis robots.

A robot model gives each joint's origin in the frame of the link before it and its axis; all link
frames are parallel at zero angles. The tool stands on the flange and points along the *approach
axis*: the direction from the last joint to the flange, which is the last joint's axis up to its
sign (the axis itself where the flange sits at the joint).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from twin.plant.robot import Pose, RobotModel

Floats = npt.NDArray[np.float64]
_DOWN = np.array([0.0, 0.0, -1.0])


@dataclass(frozen=True)
class Frames:
    """Where the links of a robot are, in the frame of its base; leading shape as the angles.

    Attributes
    ----------
    origin_m : array (..., 6, 3)
        Origin of each joint, which is the origin of the link it turns.
    rotation : array (..., 6, 3, 3)
        Rotation matrix of each link.
    flange_m : array (..., 3)
        Centre of the flange.
    tip_m : array (..., 3)
        Tip of the tool.
    """

    origin_m: Floats
    rotation: Floats
    flange_m: Floats
    tip_m: Floats


@dataclass(frozen=True)
class Geometry:
    """The numbers of a robot model as arrays.

    Attributes
    ----------
    origin_m, axis : array (6, 3)
    lower_deg, upper_deg, speed_dps, acceleration_dps2 : array (6,)
    flange_m : array (3,)
        Flange centre in the frame of the last link.
    approach : array (3,)
        Unit vector along the tool in the frame of the last link.
    linear, square : array (6, 3, 3)
        Parts of Rodrigues' formula: rotation = 1 + sin * linear + (1 - cos) * square.
    """

    origin_m: Floats
    axis: Floats
    lower_deg: Floats
    upper_deg: Floats
    speed_dps: Floats
    acceleration_dps2: Floats
    flange_m: Floats
    approach: Floats
    linear: Floats
    square: Floats


def geometry(model: RobotModel) -> Geometry:
    """Return the numbers of a robot model as arrays (cached)."""
    return _geometry(model.model_dump_json())


@lru_cache(maxsize=64)
def _geometry(text: str) -> Geometry:
    model = RobotModel.model_validate_json(text)
    joints = model.joints
    axis = np.array([joint.axis for joint in joints], dtype=float)
    axis /= np.linalg.norm(axis, axis=1, keepdims=True)
    linear = np.array([cross_matrix(one) for one in axis])
    limits = np.array([joint.limit_deg for joint in joints], dtype=float)
    flange = np.array(model.flange_m, dtype=float)
    length = float(np.linalg.norm(flange))
    return Geometry(
        origin_m=np.array([joint.origin_m for joint in joints], dtype=float),
        axis=axis,
        lower_deg=limits[:, 0],
        upper_deg=limits[:, 1],
        speed_dps=np.array([joint.speed_dps for joint in joints], dtype=float),
        acceleration_dps2=np.array([joint.acceleration_dps2 for joint in joints], dtype=float),
        flange_m=flange,
        approach=flange / length if length > 1e-9 else axis[5],
        linear=linear,
        square=linear @ linear,
    )


def cross_matrix(vector: Floats) -> Floats:
    """Return the matrix whose product with a vector is the cross product."""
    x, y, z = vector
    return np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])


def forward(
    model: RobotModel | Geometry, tool_length_m: float, angles_deg: npt.ArrayLike
) -> Frames:
    """Return where links, flange and tool tip are.

    Parameters
    ----------
    model : RobotModel or Geometry
    tool_length_m : float
        From flange to tool tip.
    angles_deg : array-like (..., 6)
        Joint angles; any number of joint vectors at once.

    Returns
    -------
    Frames
        In the frame of the robot's base.
    """
    arm = model if isinstance(model, Geometry) else geometry(model)
    angles = np.radians(np.asarray(angles_deg, dtype=float))
    shape = angles.shape[:-1]
    sine, versine = np.sin(angles)[..., None, None], 1 - np.cos(angles)[..., None, None]
    turns = np.eye(3) + sine * arm.linear + versine * arm.square
    origins, rotations = np.empty((*shape, 6, 3)), np.empty((*shape, 6, 3, 3))
    origin: Floats = np.zeros((*shape, 3))
    rotation: Floats = np.broadcast_to(np.eye(3), (*shape, 3, 3))
    for k in range(6):
        origin = origin + rotation @ arm.origin_m[k]
        rotation = rotation @ turns[..., k, :, :]
        origins[..., k, :], rotations[..., k, :, :] = origin, rotation
    flange = origin + rotation @ arm.flange_m
    return Frames(origins, rotations, flange, flange + rotation @ (tool_length_m * arm.approach))


def tool_rotation(model: RobotModel | Geometry, yaw_deg: float) -> Floats:
    """Return the rotation of the last link whose tool points straight down.

    At yaw 0 it is the smallest turn that brings the approach axis down; `yaw_deg` turns the tool
    further, counter-clockwise about the vertical, in the frame of the base.
    """
    arm = model if isinstance(model, Geometry) else geometry(model)
    yaw = np.radians(yaw_deg)
    about_z = np.array(
        [[np.cos(yaw), -np.sin(yaw), 0.0], [np.sin(yaw), np.cos(yaw), 0.0], [0.0, 0.0, 1.0]]
    )
    return about_z @ _smallest_turn(arm.approach, _DOWN)


def _smallest_turn(start: Floats, end: Floats) -> Floats:
    """Return the rotation matrix that brings one unit vector to another."""
    cosine = float(start @ end)
    if cosine < -1 + 1e-12:
        return np.diag([-1.0, 1.0, -1.0])  # straight up: half a turn about y
    turn = cross_matrix(np.cross(start, end))
    return np.eye(3) + turn + turn @ turn / (1 + cosine)


def pose_error(frames: Frames, model: RobotModel | Geometry, pose: Pose) -> tuple[Floats, Floats]:
    """Return how far frames are from a pose.

    Returns
    -------
    distance_m : array (...)
        From the tool tip to the pose.
    angle_deg : array (...)
        Turn left between tool and pose.
    """
    wanted = tool_rotation(model, pose.yaw_deg)
    distance = np.linalg.norm(frames.tip_m - np.asarray(pose.xyz_m), axis=-1)
    trace = np.einsum("...ij,ij->...", frames.rotation[..., 5, :, :], wanted)
    skew = rotation_vector(wanted @ np.swapaxes(frames.rotation[..., 5, :, :], -1, -2))
    angle = np.where(
        trace > 0, np.linalg.norm(skew, axis=-1), np.arccos(np.clip((trace - 1) / 2, -1.0, 1.0))
    )
    return distance, np.degrees(angle)


def rotation_vector(matrix: Floats) -> Floats:
    """Return axis times angle in radians of rotation matrices (..., 3, 3)."""
    skew = 0.5 * np.stack(
        [
            matrix[..., 2, 1] - matrix[..., 1, 2],
            matrix[..., 0, 2] - matrix[..., 2, 0],
            matrix[..., 1, 0] - matrix[..., 0, 1],
        ],
        axis=-1,
    )
    sine = np.linalg.norm(skew, axis=-1)
    cosine = (np.trace(matrix, axis1=-2, axis2=-1) - 1) / 2
    angle = np.arctan2(sine, cosine)
    scale = np.divide(angle, sine, out=np.ones_like(sine), where=sine > 1e-12)
    return np.asarray(skew * scale[..., None])
