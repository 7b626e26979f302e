"""Trials of the diagnosis of robots: a known fault, a run, and the cause that is named for it.

The fault is drawn from ranges that are written here and nowhere else; what the diagnosis says is
compared with `CAUSE_OF`. A trial counts only if the fault was found at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim import simulate
from twin.flags import Flag, flags
from twin.plant.faults import Fault, SpeedOverride, VacuumLeak
from twin.plant.load import load_scenario
from twin.plant.robot import Robot
from twin.plant.robot_faults import (
    AccelerationLoss,
    JointFriction,
    MistaughtPoint,
    ProtectiveStop,
    SensorDropout,
    ToolWear,
    WornBearing,
)
from twin.plant.scenario import Scenario

CAUSE_OF = {
    "vacuum_leak": "vacuum_leak",
    "speed_override": "speed_override",
    "protective_stop": "protective_stops",
    "joint_friction": "joint_friction",
    "acceleration_loss": "acceleration_loss",
    "mistaught_point": "mistaught_point",
    "tool_wear": "tool_wear",
    "worn_bearing": "worn_bearing",
    "sensor_dropout": "sensor_dropout",
}
"""The cause the diagnosis should name for each kind of fault of a robot."""

Draw = Callable[[np.random.Generator, Robot, float], Fault]


def _leak(rng: np.random.Generator, robot: Robot, at: float) -> Fault:
    extra_s = float(rng.uniform(0.05, 0.8))
    return VacuumLeak(kind="vacuum_leak", at=at, robot=robot.id, extra_grip_s=extra_s)


def _override(rng: np.random.Generator, robot: Robot, at: float) -> Fault:
    factor = float(rng.uniform(0.6, 0.95))
    return SpeedOverride(kind="speed_override", at=at, robot=robot.id, factor=factor)


def _stop(rng: np.random.Generator, robot: Robot, at: float) -> Fault:
    rate = float(rng.uniform(10, 60))
    return ProtectiveStop(kind="protective_stop", at=at, robot=robot.id, rate_per_h=rate)


def _friction(rng: np.random.Generator, robot: Robot, at: float) -> Fault:
    joint, factor = int(rng.choice([1, 3, 5, 6])), float(rng.uniform(1.15, 3.0))
    return JointFriction(kind="joint_friction", at=at, robot=robot.id, joint=joint, factor=factor)


def _loss(rng: np.random.Generator, robot: Robot, at: float) -> Fault:
    joint, left = int(rng.choice([1, 3, 5, 6])), float(rng.uniform(0.35, 0.9))
    return AccelerationLoss(
        kind="acceleration_loss", at=at, robot=robot.id, joint=joint, factor=left
    )


def _mistaught(rng: np.random.Generator, robot: Robot, at: float) -> Fault:
    x, y, z = (float(v) for v in rng.uniform(-0.02, 0.02, 3))
    point = str(rng.choice(["pick", "place"]))
    return MistaughtPoint(
        kind="mistaught_point", at=at, robot=robot.id, point=point, offset_m=(x, y, z)
    )


def _wear(rng: np.random.Generator, robot: Robot, at: float) -> Fault:
    growth = float(rng.uniform(0.05, 0.3))
    return ToolWear(kind="tool_wear", at=at, robot=robot.id, grip_s_per_h=growth)


def _bearing(rng: np.random.Generator, robot: Robot, at: float) -> Fault:
    joint, growth = int(rng.integers(1, 7)), float(rng.uniform(0.7, 4.0))
    return WornBearing(
        kind="worn_bearing", at=at, robot=robot.id, joint=joint, growth_mm_s_per_h=growth
    )


def _dropout(rng: np.random.Generator, robot: Robot, at: float) -> Fault:
    signal = str(rng.choice(["vacuum_kpa", "current_j1_a", "vibration_mms", "temp_j3_c"]))
    how = "missing" if rng.random() < 0.5 else "frozen"
    return SensorDropout(kind="sensor_dropout", at=at, robot=robot.id, signal=signal, how=how)


DRAWS: dict[str, Draw] = {
    "vacuum_leak": _leak,
    "speed_override": _override,
    "protective_stop": _stop,
    "joint_friction": _friction,
    "acceleration_loss": _loss,
    "mistaught_point": _mistaught,
    "tool_wear": _wear,
    "worn_bearing": _bearing,
    "sensor_dropout": _dropout,
}
"""How a fault of each kind is drawn, for a robot and a time it begins."""


@dataclass(frozen=True)
class Trial:
    """One fault and what the flags of the run say about its robot."""

    fault: Fault
    found: tuple[Flag, ...]

    @property
    def right(self) -> bool | None:
        """Whether the largest flag names the cause; None if there is no flag."""
        if not self.found:
            return None
        return self.found[0].cause == CAUSE_OF[self.fault.kind]


def scenario(plant: str, seed: int, *, horizon_s: float) -> Scenario:
    """Return a scenario without fault; `plant` is one of the shipped ones."""
    return load_scenario(plant, horizon_s=horizon_s, seed=seed)


def trial(healthy: Scenario, robot: str, kind: str, *, at: float, seed: int, out: Path) -> Trial:
    """Let a drawn fault of a kind strike a robot, and read the flags of the run."""
    rng = np.random.default_rng([seed, *kind.encode()])
    fault = DRAWS[kind](rng, healthy.plant.robots[robot], at)
    run = simulate(healthy.model_copy(update={"faults": [fault]}), out, force=True)
    own = [f for f in flags(run) if f.resource == robot and f.until_s > at]
    own.sort(key=lambda f: -f.lost_units)
    return Trial(fault, tuple(own))


def accuracy(trials: Iterable[Trial]) -> tuple[int, int, int]:
    """Return how many causes are right, how many faults were found, and how many there were."""
    known = [t.right for t in trials]
    return sum(r is True for r in known), sum(r is not None for r in known), len(known)
