"""Which change of a robot's motion explains the change of its sub-steps.

Each hypothesis predicts how much longer every move gets. What a hypothesis leaves unexplained is
counted in squared standard errors; every number it may choose freely costs `PER_PARAMETER` of
them (Schwarz 1978, "Estimating the dimension of a model").

* ``nothing``: no move changes;
* ``all moves``: all take one factor longer (a speed override);
* ``joint k``: joint k accelerates less, so the moves it leads get longer (limits of the motion
  plan with one acceleration scaled);
* ``point p``: the moves to and from one point change, each by an amount of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from twin.flags.robot_evidence import StepChanges
from twin.motion.plan import MotionPlan, move_time_s
from twin.plant.robot import Robot, RobotModel

Floats = npt.NDArray[np.float64]
Kind = Literal["nothing", "all_moves", "joint", "point"]

PER_PARAMETER = 5.0
LEFT = np.geomspace(0.15, 0.98, 48)
"""Shares of a joint's acceleration that are tried."""


@dataclass(frozen=True)
class Hypothesis:
    """One explanation: what it predicts, what it leaves over, and its number."""

    kind: Kind
    left_over: float
    n_free: int
    size: float = 1.0
    joint: int = 0
    point: str = ""

    @property
    def score(self) -> float:
        """What it leaves over, with what its free numbers cost: the smaller, the better."""
        return self.left_over + PER_PARAMETER * self.n_free


def hypotheses(
    robot: Robot, model: RobotModel | None, plan: MotionPlan, changes: StepChanges
) -> list[Hypothesis]:
    """Return all explanations of the changes of the moves, the best first.

    Without a model of the robot nothing is known of its joints.
    """
    moves = np.asarray(plan.is_move, dtype=bool) & (plan.nominal_s > 0)
    found = [
        Hypothesis("nothing", _left_over(changes, np.zeros(len(moves)), moves), 0),
        _all_moves(changes, moves),
        *_points(robot, changes, moves),
    ]
    if model is not None:
        found += [_joint(robot, model, plan, changes, moves, joint=k) for k in range(1, 7)]
    return sorted(found, key=lambda h: h.score)


def touched(robot: Robot, point: str) -> npt.NDArray[np.bool_]:
    """Return which steps move to or from a point."""
    at, found = robot.program.start, []
    for step in robot.program.steps:
        found.append(step.to is not None and point in {at, step.to} and step.to != at)
        at = step.to or at
    return np.array(found)


def handled_at(robot: Robot) -> list[str]:
    """Return at which point each step grips or releases; empty for all other steps."""
    at, found = robot.program.start, []
    for step in robot.program.steps:
        at = step.to or at
        found.append(at if step.action != "none" else "")
    return found


def longer_moves(
    robot: Robot, model: RobotModel, plan: MotionPlan, joint: int, left: float
) -> Floats:
    """Return by which factor each move gets longer if a joint keeps a share of its acceleration."""
    joints = [*model.joints]
    own = joints[joint - 1]
    joints[joint - 1] = own.model_copy(update={"acceleration_dps2": own.acceleration_dps2 * left})
    slow = model.model_copy(update={"joints": joints})
    factors = np.ones(len(plan.names))
    for k, step in enumerate(robot.program.steps):
        if step.to is not None and plan.nominal_s[k] > 0:
            turn = plan.to_deg[k] - plan.from_deg[k]
            factors[k] = move_time_s(turn, slow, step.speed) / plan.nominal_s[k]
    return factors


def _left_over(changes: StepChanges, predicted_s: Floats, moves: npt.NDArray[np.bool_]) -> float:
    z = (changes.change_s - predicted_s) / changes.error_s
    return float((z[moves] ** 2).sum())


def _all_moves(changes: StepChanges, moves: npt.NDArray[np.bool_]) -> Hypothesis:
    if not moves.any():
        return Hypothesis("all_moves", np.inf, 1)
    weight = (changes.before_s / changes.error_s**2)[moves]
    size = float(
        (weight * changes.change_s[moves]).sum() / (weight * changes.before_s[moves]).sum()
    )
    left = _left_over(changes, size * changes.before_s, moves)
    return Hypothesis("all_moves", left, 1, 1 + size)


def _joint(
    robot: Robot, model: RobotModel, plan: MotionPlan, changes: StepChanges,
    moves: npt.NDArray[np.bool_], *, joint: int,
) -> Hypothesis:  # fmt: skip
    best = Hypothesis("joint", np.inf, 2, joint=joint)
    for left in LEFT.tolist():
        longer = longer_moves(robot, model, plan, joint, left)
        over = _left_over(changes, (longer - 1) * changes.before_s, moves)
        if over < best.left_over:
            best = Hypothesis("joint", over, 2, left, joint)
    return best


def _points(
    robot: Robot, changes: StepChanges, moves: npt.NDArray[np.bool_]
) -> Iterator[Hypothesis]:
    for point in dict.fromkeys(s.to for s in robot.program.steps if s.to):
        own = touched(robot, point) & moves
        if own.any():
            predicted = np.where(own, changes.change_s, 0.0)
            left = _left_over(changes, predicted, moves)
            yield Hypothesis("point", left, int(own.sum()), point=point)
