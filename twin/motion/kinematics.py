"""Kinematics of six-axis robots: from joint angles to the tool, and back.

The way back is numeric, so that it holds for every arm: damped least squares (Levenberg-Marquardt
with the damping of Sugihara 2011, "Solvability-unconcerned inverse kinematics by the
Levenberg-Marquardt method") from many starts at once, each kept within the joint limits.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from twin.errors import CelltwinError, Problem
from twin.motion.arm import (
    Floats,
    Frames,
    Geometry,
    forward,
    geometry,
    pose_error,
    rotation_vector,
    tool_rotation,
)
from twin.plant.robot import Pose, RobotModel

__all__ = ["Frames", "Unreachable", "forward", "inverse", "inverse_all"]

ACCURACY_M = 1e-6
ACCURACY_DEG = 1e-4

_ITERATIONS = 120
_AFTER_FIRST = 12  # rounds the other starts get once one has arrived
_HALVINGS = 8  # of the way to a pose out of reach
_N_RANDOM = 12
_TIGHT = 1e-9  # of the residual, metres and radians


class Unreachable(CelltwinError):  # noqa: N818 - reads as what it is
    """A pose no joint angles within their limits bring the tool to.

    Attributes
    ----------
    distance_m : float
        About how close the tool tip comes with the tool pointing down as asked (found by search,
        so an upper bound); infinite where it cannot point down as asked at all.
    """

    def __init__(self, problem: Problem, distance_m: float) -> None:
        super().__init__(problem)
        self.distance_m = distance_m

    def __str__(self) -> str:
        return self.problems[0].what


def inverse(
    model: RobotModel,
    tool_length_m: float,
    pose: Pose,
    seed_angles_deg: npt.ArrayLike | None = None,
) -> Floats:
    """Return the joint angles that bring the tool to a pose, the closest to given ones.

    Parameters
    ----------
    model : RobotModel
    tool_length_m : float
        From flange to tool tip.
    pose : Pose
        Position of the tool tip and yaw in the frame of the base; the tool points down.
    seed_angles_deg : array-like (6,)
        Angles the solution shall be close to (the largest change of a joint decides); by default
        the middle of the joint ranges.

    Returns
    -------
    array (6,)
        Angles in degrees, within limits; the tip is within 1e-6 m of the pose.

    Raises
    ------
    Unreachable
        No angles within the limits reach the pose.
    """
    arm = geometry(model)
    middle = (arm.lower_deg + arm.upper_deg) / 2
    seed = middle if seed_angles_deg is None else np.asarray(seed_angles_deg, dtype=float)
    return np.asarray(inverse_all(model, tool_length_m, pose, seed)[0])


def inverse_all(
    model: RobotModel, tool_length_m: float, pose: Pose, seed_angles_deg: npt.ArrayLike
) -> Floats:
    """Return all solutions found, the closest to the seed first (shape (n, 6), n >= 1).

    Joints that turn further than a full circle are given at the turn closest to the seed.
    Parameters and errors as for `inverse`.
    """
    arm = geometry(model)
    seed = np.asarray(seed_angles_deg, dtype=float)
    angles = _solve(arm, tool_length_m, pose, _starts(arm, pose, seed))
    angles = _nearest_turn(arm, angles, seed)
    reached = _reached(arm, tool_length_m, pose, angles)
    if not reached.any():
        raise _unreachable(model, arm, tool_length_m, pose)
    found = _distinct(angles[reached])
    change = np.abs(found - seed)
    order = np.lexsort((change.sum(axis=1).round(6), change.max(axis=1).round(6)))
    return np.asarray(found[order])


def _reached(
    arm: Geometry, tool_length_m: float, pose: Pose, angles: Floats
) -> npt.NDArray[np.bool_]:
    distance_m, angle_deg = pose_error(forward(arm, tool_length_m, angles), arm, pose)
    within = ((angles >= arm.lower_deg - 1e-9) & (angles <= arm.upper_deg + 1e-9)).all(axis=-1)
    return within & (distance_m < ACCURACY_M) & (angle_deg < ACCURACY_DEG)


def _starts(arm: Geometry, pose: Pose, seed: Floats) -> Floats:
    """Return joint vectors to start from: the seed, arms aimed at the pose, fixed random ones."""
    x, y, _ = pose.xyz_m
    aim = np.sign(arm.axis[0, 2] or 1.0) * np.degrees(np.arctan2(y, x))
    first = np.eye(6)[0]
    aimed = _postures() + aim * first
    back = _postures()[:2] + (aim + 180) * first
    turned = np.where(first, aim, seed)
    starts = np.concatenate([seed[None], turned[None], aimed, back, _random(arm)])
    return _within(arm, starts)


def _postures() -> Floats:
    """Return bent arms, elbow up and down, wrist either way."""
    shoulder_elbow = [(-60, 60), (-30, 90), (0, 0), (20, 30), (30, -60)]
    wrists = [(0, 60, 0), (0, -60, 0), (180, 60, 180)]
    return np.array([(0, *a, *w) for a in shoulder_elbow for w in wrists], dtype=float)


def _random(arm: Geometry) -> Floats:
    share = _shares()
    lower, upper = np.maximum(arm.lower_deg, -180), np.minimum(arm.upper_deg, 180)
    return np.asarray(lower + share * (upper - lower))


@lru_cache(maxsize=1)
def _shares() -> Floats:
    return np.random.default_rng(0).random((_N_RANDOM, 6))


def _within(arm: Geometry, angles: Floats) -> Floats:
    """Return angles turned by full circles into the limits where possible, else at the limit."""
    middle = (arm.lower_deg + arm.upper_deg) / 2
    turned = angles - 360 * np.round((angles - middle) / 360)
    return np.clip(turned, arm.lower_deg, arm.upper_deg)


def _nearest_turn(arm: Geometry, angles: Floats, seed: Floats) -> Floats:
    """Return the same directions at the turn closest to the seed that the limits allow."""
    near = angles - 360 * np.round((angles - seed) / 360)
    near = np.where(near > arm.upper_deg, near - 360, near)
    near = np.where(near < arm.lower_deg, near + 360, near)
    allowed = (near >= arm.lower_deg) & (near <= arm.upper_deg)
    return np.where(allowed, near, angles)


def _distinct(angles: Floats) -> Floats:
    """Return solutions that differ by more than 0.01 deg in some joint."""
    kept: list[Floats] = []
    for one in angles:
        if all(np.abs(one - other).max() > 0.01 for other in kept):
            kept.append(one)
    return np.array(kept)


def _solve(
    arm: Geometry, tool_length_m: float, pose: Pose, starts: Floats, *, turn_weight: float = 1.0
) -> Floats:
    """Return where damped least squares leads from each start, in degrees."""
    target, wanted = np.asarray(pose.xyz_m, dtype=float), tool_rotation(arm, pose.yaw_deg)
    angles = starts.copy()
    active = np.arange(len(angles))
    stop_after = _ITERATIONS
    for k in range(_ITERATIONS):
        frames = forward(arm, tool_length_m, angles[active])
        residual = _residual(frames, target, wanted)
        residual[:, 3:] *= turn_weight
        open_ = np.abs(residual).max(axis=1) > _TIGHT
        if not open_.all():
            stop_after = min(stop_after, k + _AFTER_FIRST)
        if k >= stop_after or not open_.any():
            break
        active = active[open_]
        jacobian = _jacobian(frames, arm)[open_]
        jacobian[:, 3:] *= turn_weight
        step = _damped_step(jacobian, residual[open_])
        angles[active] = _within(arm, angles[active] + np.degrees(step))
    return angles


def _residual(frames: Frames, target: Floats, wanted: Floats) -> Floats:
    turn = rotation_vector(wanted @ np.swapaxes(frames.rotation[:, 5], -1, -2))
    return np.concatenate([target - frames.tip_m, turn], axis=1)


def _jacobian(frames: Frames, arm: Geometry) -> Floats:
    """Return how tip (rows 0-2) and tool direction (3-5) change with each joint: (n, 6, 6)."""
    # a rotation leaves its own axis where it is, so the link's frame serves for the joint's axis
    axes = np.einsum("nkij,kj->nki", frames.rotation, arm.axis)
    arms = np.cross(axes, frames.tip_m[:, None] - frames.origin_m)
    return np.swapaxes(np.concatenate([arms, axes], axis=2), 1, 2)


def _damped_step(jacobian: Floats, residual: Floats) -> Floats:
    """Return the step in radians, no joint further than 0.6 rad."""
    transposed = np.swapaxes(jacobian, 1, 2)
    damping = 0.5 * (residual**2).sum(axis=1) * 0.1 + 1e-9
    normal = transposed @ jacobian + damping[:, None, None] * np.eye(6)
    step: Floats = np.linalg.solve(normal, transposed @ residual[..., None])[..., 0]
    longest = np.abs(step).max(axis=1, keepdims=True)
    return np.asarray(step * np.minimum(1, 0.6 / np.maximum(longest, 1e-12)))


def _unreachable(model: RobotModel, arm: Geometry, tool_length_m: float, pose: Pose) -> Unreachable:
    closest_m = _closest_m(arm, tool_length_m, pose)
    if np.isfinite(closest_m):
        how = f"the tool, pointing down, comes within about {closest_m:.2f} m of it"
    else:
        how = "the tool cannot point straight down there with this yaw"
    where = f"robot model '{model.id}'"
    return Unreachable(Problem(where, f"out of reach: within its joint limits {how}."), closest_m)


def _closest_m(arm: Geometry, tool_length_m: float, pose: Pose) -> float:
    """Return how near the tool comes while it points down as asked; infinite if it never does.

    Approaches the pose on a straight line from the middle of the workspace, as far as the arm
    follows, then along the edge of the workspace with a weight on the direction of the tool.
    """
    middle, target = _middle_m(arm, pose), np.asarray(pose.xyz_m, dtype=float)
    starts = _starts(arm, pose, np.zeros(6))
    share, step = 0.0, 1.0
    best = starts
    for _ in range(_HALVINGS):
        step /= 2
        x, y, z = (middle + (share + step) * (target - middle)).tolist()
        between = Pose(xyz_m=(x, y, z), yaw_deg=pose.yaw_deg)
        angles = _solve(arm, tool_length_m, between, best)
        reached = _reached(arm, tool_length_m, between, angles)
        if reached.any():
            share, best = share + step, np.concatenate([angles[reached], starts])
    angles = _solve(arm, tool_length_m, pose, best, turn_weight=100.0)
    candidates = np.concatenate([best, angles])
    distance_m, angle_deg = pose_error(forward(arm, tool_length_m, candidates), arm, pose)
    return float(np.min(np.where(angle_deg < 0.1, distance_m, np.inf)))


def _middle_m(arm: Geometry, pose: Pose) -> Floats:
    """Return a point towards the pose that an arm of usual build reaches with ease."""
    reach_m = np.linalg.norm(arm.origin_m[2]) + np.linalg.norm(arm.origin_m[3] + arm.origin_m[4])
    aim = np.arctan2(pose.xyz_m[1], pose.xyz_m[0])
    return np.asarray(reach_m * np.array([0.65 * np.cos(aim), 0.65 * np.sin(aim), 0.25]))
