"""How a robot carries out its program while faults hold: the same plan, made with other numbers.

A joint that accelerates less, or a point taught elsewhere, is a change of what the program is
planned with. So each set of such faults that hold together gives one more `MotionPlan` of the
program, a *variant*. The engine takes the times of the moves from the variant that holds when a
cycle begins, and whoever shows the robot takes the poses from the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.motion.plan import MotionPlan, plan_program
from twin.plant.faults import Fault
from twin.plant.robot import Robot, RobotModel
from twin.plant.robot_faults import AccelerationLoss, JointFriction, MistaughtPoint, PlanFault

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Variants:
    """The plans of one program, and when each of them holds.

    Attributes
    ----------
    plan : MotionPlan
        The steps of all variants, one program after the other; the first is without fault.
    n_steps : int
        Steps of the program.
    begin_s : array (m,)
        When a variant begins to hold; 0 first.
    which : array (m,)
        The variant that holds from then on.
    friction : array (variants, 6)
        What the friction of each joint is multiplied with.
    """

    plan: MotionPlan
    n_steps: int
    begin_s: Floats
    which: Ints
    friction: Floats

    @property
    def n(self) -> int:
        """How many variants there are."""
        return len(self.friction)

    def at(self, cycle_start_s: ArrayLike) -> Ints:
        """Return the variant of cycles that begin at some times."""
        span = np.searchsorted(self.begin_s, np.asarray(cycle_start_s, dtype=float), side="right")
        return np.asarray(self.which[np.maximum(span - 1, 0)], dtype=np.int64)

    def steps(self, variant: int) -> slice:
        """Return where the steps of a variant are in the plan."""
        return slice(variant * self.n_steps, (variant + 1) * self.n_steps)

    def plan_of(self, variant: int) -> MotionPlan:
        """Return the plan of one variant alone."""
        if self.n == 1:
            return self.plan
        own = self.steps(variant)
        cut = {
            f.name: getattr(self.plan, f.name)[own] for f in fields(MotionPlan) if f.name != "robot"
        }
        return replace(self.plan, **cut)

    def row(self, step: Ints, variant: Ints) -> Ints:
        """Return the row of the plan of steps of the program."""
        return np.asarray(variant * self.n_steps + step)


def plan_variants(robot: Robot, model: RobotModel, faults: Iterable[Fault] = ()) -> Variants:
    """Plan the program of a robot, without fault and with each set of faults that hold together.

    Raises
    ------
    PlantError
        A pose, or a mistaught one, is out of reach.
    """
    own = [f for f in faults if isinstance(f, PlanFault) and f.robot == robot.id]
    moments = sorted({0.0, *(f.at for f in own), *(f.until for f in own if f.until is not None)})
    sets: list[tuple[PlanFault, ...]] = [()]
    which: list[int] = []
    for moment in moments:
        hold = tuple(f for f in own if f.at <= moment and (f.until is None or moment < f.until))
        if hold not in sets:
            sets.append(hold)
        which.append(sets.index(hold))
    plans = [faulty_plan(robot, model, hold) for hold in sets]
    return Variants(
        plan=_one_after_the_other(plans),
        n_steps=len(plans[0].names),
        begin_s=np.array(moments),
        which=np.array(which, dtype=np.int64),
        friction=np.array([_friction(hold) for hold in sets]),
    )


def faulty_plan(robot: Robot, model: RobotModel, faults: Sequence[PlanFault]) -> MotionPlan:
    """Plan the program of a robot while some faults hold."""
    joints, poses = list(model.joints), dict(robot.program.poses)
    for fault in faults:
        if isinstance(fault, MistaughtPoint):
            pose = poses[fault.point]
            x, y, z = (a + b for a, b in zip(pose.xyz_m, fault.offset_m, strict=True))
            poses[fault.point] = pose.model_copy(update={"xyz_m": (x, y, z)})
            continue
        left = fault.factor if isinstance(fault, AccelerationLoss) else 1 / fault.factor
        joint = joints[fault.joint - 1]
        slower = {"acceleration_dps2": joint.acceleration_dps2 * left}
        joints[fault.joint - 1] = joint.model_copy(update=slower)
    if not faults:
        return plan_program(robot, model)
    program = robot.program.model_copy(update={"poses": poses})
    return plan_program(
        robot.model_copy(update={"program": program}), model.model_copy(update={"joints": joints})
    )


def _friction(faults: Iterable[PlanFault]) -> Floats:
    factor = np.ones(6)
    for fault in faults:
        if isinstance(fault, JointFriction):
            factor[fault.joint - 1] *= fault.factor
    return factor


def _one_after_the_other(plans: Sequence[MotionPlan]) -> MotionPlan:
    if len(plans) == 1:
        return plans[0]
    arrays = [field.name for field in fields(MotionPlan) if field.name not in {"robot", "names"}]
    joined = {name: np.concatenate([getattr(plan, name) for plan in plans]) for name in arrays}
    names = tuple(name for plan in plans for name in plan.names)
    return MotionPlan(robot=plans[0].robot, names=names, **joined)
