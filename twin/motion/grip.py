"""How far the fingers of a gripper are open: they close during a grip, open during a release."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.motion.plan import MotionPlan
from twin.motion.track import Occurrences
from twin.plant.robot import Robot

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Grip:
    """How far open, from 0 to 1, a gripper is at the beginning and the end of each step (n,)."""

    from_share: Floats
    to_share: Floats

    def at(self, plan: MotionPlan, done: Occurrences, t_s: ArrayLike) -> Floats:
        """Return how far open it is at times of any shape."""
        t = np.asarray(t_s, dtype=float)
        if not len(done.start_s):
            return np.full(t.shape, float(self.from_share[0]))
        index = np.searchsorted(done.start_s, t, side="right") - 1
        row = np.maximum(index, 0)
        step = done.step[row]
        tau = np.where(index < 0, 0.0, (t - done.start_s[row]) * done.rate[row])
        share = np.clip(tau / np.maximum(plan.nominal_s[step], 1e-9), 0.0, 1.0)
        first = self.from_share[step]
        return np.asarray(first + share * (self.to_share[step] - first))


def grip_of(robot: Robot, variants: int = 1) -> Grip:
    """Return how the gripper of a robot opens and closes over its program, once for each variant.

    Before its first action it is as that action finds it: open before a grip.
    """
    actions = [step.action for step in robot.program.steps]
    first = next((action for action in actions if action != "none"), "grip")
    now = 1.0 if first == "grip" else 0.0
    begins, ends = [], []
    for action in actions:
        begins.append(now)
        now = {"grip": 0.0, "release": 1.0}.get(action, now)
        ends.append(now)
    return Grip(np.tile(begins, variants), np.tile(ends, variants))
