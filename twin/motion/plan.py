"""The motion plan of a robot program: one closed form gives cycle time and pose.

A move is a straight line in joint space along which all joints keep step. Its speed over time is
a trapezoid (or a triangle, if short): with s from 0 to 1, the speed limit is the least v_j/d_j and
the acceleration limit the least a_j/d_j over the joints, d_j being how far joint j turns
(B. Siciliano et al., Robotics: Modelling, Planning and Control, 2009, section 4.2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import PlantError, Problem
from twin.motion.kinematics import Unreachable, forward, inverse
from twin.plant.robot import Robot, RobotModel, Step

Floats = NDArray[np.float64]

N_SWEEP = 33
"""Points of a move at which the speed of the tool is looked at."""


@dataclass(frozen=True)
class MotionPlan:
    """A planned program; arrays have one row per step.

    Attributes
    ----------
    robot : str
        Robot id.
    names : tuple of str
        Names of the steps.
    is_move : array (n,) of bool
        Whether a step moves; the others stand still.
    nominal_s : array (n,)
        Time of each step without variation or fault.
    from_deg, to_deg : array (n, 6)
        Joint angles at the beginning and end of each step.
    speed_per_s, acceleration_per_s2 : array (n,)
        Limits on the path parameter of each move; 0 for a step that stands still.
    sweep_m : array (n,)
        Most the tool tip moves for each unit of the path parameter: bounds how far it is off
        where the path parameter is a little off.
    """

    robot: str
    names: tuple[str, ...]
    is_move: NDArray[np.bool_]
    nominal_s: Floats
    from_deg: Floats
    to_deg: Floats
    speed_per_s: Floats
    acceleration_per_s2: Floats
    sweep_m: Floats

    @property
    def cycle_s(self) -> float:
        """Time of one cycle without variation or fault."""
        return float(self.nominal_s.sum())

    def pose(self, step: int, tau_s: ArrayLike) -> Floats:
        """Return joint angles (..., 6) in degrees, `tau_s` (...) into a step's nominal time."""
        share = self._share(step, np.asarray(tau_s, dtype=float))[..., None]
        return np.asarray(self.from_deg[step] + share * self._turn_deg(step))

    def joint_speed(self, step: int, tau_s: ArrayLike) -> Floats:
        """Return joint speeds (..., 6) in degrees per second."""
        up, down = self._from_ends(step, np.asarray(tau_s, dtype=float))
        slope = self.acceleration_per_s2[step] * np.minimum(up, down)
        speed = np.minimum(slope, self.speed_per_s[step])
        return np.asarray(speed[..., None] * self._turn_deg(step))

    def joint_acceleration(self, step: int, tau_s: ArrayLike) -> Floats:
        """Return joint accelerations (..., 6) in degrees per second squared."""
        up, down = self._from_ends(step, np.asarray(tau_s, dtype=float))
        ramp_s = self.ramp_s(step)
        sign = np.where(up < ramp_s, 1.0, 0.0) - np.where(down < ramp_s, 1.0, 0.0)
        return np.asarray((self.acceleration_per_s2[step] * sign)[..., None] * self._turn_deg(step))

    def _turn_deg(self, step: int) -> Floats:
        return np.asarray(self.to_deg[step] - self.from_deg[step])

    def ramp_s(self, step: int) -> float:
        """Return the time of speeding up, which is that of slowing down."""
        limit = self.acceleration_per_s2[step]
        return min(self.speed_per_s[step] / limit, self.nominal_s[step] / 2) if limit else 0.0

    def _from_ends(self, step: int, tau_s: Floats) -> tuple[Floats, Floats]:
        up = np.clip(tau_s, 0.0, self.nominal_s[step])
        return np.asarray(up), np.asarray(self.nominal_s[step] - up)

    def _share(self, step: int, tau_s: Floats) -> Floats:
        """Return how far along its path a step is, 0 to 1."""
        if not self.acceleration_per_s2[step]:
            return np.zeros_like(tau_s)
        up, down = self._from_ends(step, tau_s)
        half, ramp_s = self.acceleration_per_s2[step] / 2, self.ramp_s(step)
        cruise = half * ramp_s**2 + 2 * half * ramp_s * (up - ramp_s)
        return np.asarray(
            np.where(up < ramp_s, half * up**2, np.where(down < ramp_s, 1 - half * down**2, cruise))
        )


def plan_program(robot: Robot, model: RobotModel) -> MotionPlan:
    """Plan the program of a robot.

    Raises
    ------
    PlantError
        A pose is out of reach, or the program does not end where it starts.
    """
    alike = robot.model_copy(update=_WITHOUT_INFLUENCE)
    try:
        plan = _planned(alike.model_dump_json(by_alias=True), model.model_dump_json())
    except PlantError:
        return _planned(robot.model_dump_json(by_alias=True), model.model_dump_json())
    return replace(plan, robot=robot.id)


_WITHOUT_INFLUENCE = {
    "id": "robot",
    "label": "",
    "position_m": (0.0, 0.0, 0.0),
    "heading_deg": 0.0,
    "workcell": "",
    "line": "",
}
"""What a program does not depend on: the robots of identical lines share their plan."""


def move_limits(
    turn_deg: ArrayLike, model: RobotModel, override: float = 1.0
) -> tuple[float, float]:
    """Return speed (1/s) and acceleration limit (1/s2) of a move that turns joints `turn_deg`.

    `override` scales speeds and accelerations of all joints, like the speed override of a
    controller. (0, 0) for a move that turns nothing.
    """
    turn = np.abs(np.asarray(turn_deg, dtype=float))
    moved = turn > 0
    if not moved.any():
        return 0.0, 0.0
    speeds = np.array([joint.speed_dps for joint in model.joints])
    accelerations = np.array([joint.acceleration_dps2 for joint in model.joints])
    return (
        float(override * (speeds[moved] / turn[moved]).min()),
        float(override * (accelerations[moved] / turn[moved]).min()),
    )


def move_time_s(turn_deg: ArrayLike, model: RobotModel, override: float = 1.0) -> float:
    """Return the time of a move that turns the joints by `turn_deg` (6,)."""
    speed, acceleration = move_limits(turn_deg, model, override)
    if not speed:
        return 0.0
    if speed**2 >= acceleration:
        return 2.0 / float(np.sqrt(acceleration))
    return 1.0 / speed + speed / acceleration


@lru_cache(maxsize=256)
def _planned(robot_json: str, model_json: str) -> MotionPlan:
    robot = Robot.model_validate_json(robot_json)
    model = RobotModel.model_validate_json(model_json)
    steps = robot.program.steps
    angles = _angles(robot, model)
    stations = _stations(robot)
    ends = np.array([angles[name] for name in stations])
    begins, arrivals = ends[:-1], ends[1:]
    limits = np.array(
        [
            move_limits(b - a, model, step.speed)
            for step, a, b in zip(steps, begins, arrivals, strict=True)
        ]
    )
    return MotionPlan(
        robot=robot.id,
        names=tuple(step.name for step in steps),
        is_move=np.array([step.to is not None for step in steps]),
        nominal_s=np.array(
            [
                _time_s(step, b - a, model)
                for step, a, b in zip(steps, begins, arrivals, strict=True)
            ]
        ),
        from_deg=begins,
        to_deg=arrivals,
        speed_per_s=limits[:, 0],
        acceleration_per_s2=limits[:, 1],
        sweep_m=_sweep_m(robot, model, begins, arrivals),
    )


def _sweep_m(robot: Robot, model: RobotModel, from_deg: Floats, to_deg: Floats) -> Floats:
    share = np.linspace(0.0, 1.0, N_SWEEP)[:, None]
    angles = from_deg[:, None] + share * (to_deg - from_deg)[:, None]
    tip_m = forward(model, robot.tool_length_m, angles).tip_m
    longest = np.linalg.norm(np.diff(tip_m, axis=1), axis=2).max(axis=1)
    return np.asarray(longest * (N_SWEEP - 1) * 1.05)  # 5 % for the speed between the points


def _time_s(step: Step, turn_deg: Floats, model: RobotModel) -> float:
    if step.to is not None:
        return move_time_s(turn_deg, model, step.speed)
    return step.wait.mean_s if step.wait else 0.0


def _stations(robot: Robot) -> list[str]:
    """Return the pose names the program passes: its start, then the end of every step."""
    passed = [robot.program.start]
    for step in robot.program.steps:
        passed.append(step.to or passed[-1])
    if passed[-1] != passed[0]:
        what = f"the program ends at pose '{passed[-1]}', but starts at '{passed[0]}'."
        raise PlantError(Problem(f"robot '{robot.id}'", what, f"Add a last step to '{passed[0]}'."))
    return passed


def _angles(robot: Robot, model: RobotModel) -> dict[str, Floats]:
    """Return the joint angles of every pose passed; each continues from the pose before it."""
    found: dict[str, Floats] = {}
    problems: dict[str, Problem] = {}
    before: Floats | None = None
    for name in _stations(robot):
        if name in problems:
            continue
        if name not in found:
            try:
                found[name] = inverse(model, robot.tool_length_m, robot.program.poses[name], before)
            except Unreachable as error:
                problems[name] = Problem(f"robot '{robot.id}', pose '{name}'", str(error))
                continue
        before = found[name]
    if problems:
        raise PlantError(problems.values())
    return found
