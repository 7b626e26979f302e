"""What faults do to the cycles of one robot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.core.world import World
from sim.faults.timed import Timed
from sim.faults.window import holds
from twin.motion.variant import Variants
from twin.plant.faults import Fault, SpeedOverride, VacuumLeak
from twin.plant.robot import Robot
from twin.plant.robot_faults import (
    MistaughtPoint,
    PlanFault,
    SensorDropout,
    ToolWear,
    WornBearing,
)

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Table = np.ndarray[tuple[int, int], np.dtype[np.float64]]

CAUSES = (
    "",
    "speed_override",
    "vacuum_leak",
    "tool_wear",
    "joint_friction",
    "acceleration_loss",
    "mistaught_point",
)
"""Faults as the table of sub-steps notes them, by number."""

OfRobot = VacuumLeak | SpeedOverride | PlanFault | ToolWear | WornBearing | SensorDropout


def faults_of(robot: str, faults: Iterable[Fault]) -> list[OfRobot]:
    """Return the faults that act on the cycles or the sensors of a robot."""
    return [f for f in faults if isinstance(f, OfRobot) and f.robot == robot]


@dataclass(frozen=True)
class Effect:
    """What the faults that hold now do to a cycle.

    Attributes
    ----------
    extra_grip_s : float
        By how much a leak makes grips longer.
    move_factor : float
        By how much an override makes moves longer.
    variant : int
        How the program is carried out.
    wear_s : float
        By how much a worn tool makes grips and releases longer.
    """

    extra_grip_s: float = 0.0
    move_factor: float = 1.0
    variant: int = 0
    wear_s: float = 0.0


NO_EFFECT = Effect()


class CycleFaults:
    """The faults of one robot that change how long its cycles take."""

    def __init__(
        self, world: World, robot: Robot, variants: Variants, faults: Sequence[OfRobot]
    ) -> None:
        self._faults = [f for f in faults if not isinstance(f, WornBearing | SensorDropout)]
        self._variants = variants
        steps = robot.program.steps
        self._grips = np.array([step.action == "grip" for step in steps])
        self._handles = np.array([step.action != "none" for step in steps])
        self._moves = np.asarray(variants.plan.is_move[: variants.n_steps], dtype=bool)
        self._taught = [f for f in self._faults if isinstance(f, MistaughtPoint)]
        self._there = [_handled_at(robot, f.point) for f in self._taught]
        self._retries = [
            world.stream(robot.id, f"mistaught_point/{f.point}@{f.at:g}") for f in self._taught
        ]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._faults)

    def effect(self, now: float) -> Effect:
        """Return what the faults that hold now do."""
        extra_s, wear_s, factor = 0.0, 0.0, 1.0
        for fault in self._faults:
            if not holds(fault, now):
                continue
            if isinstance(fault, VacuumLeak):
                extra_s += leak_s(fault, now)
            elif isinstance(fault, ToolWear):
                wear_s += fault.grip_s_per_h * (now - fault.at) / 3600
            elif isinstance(fault, SpeedOverride):
                factor /= fault.factor
        return Effect(extra_s, factor, int(self._variants.at(now)), wear_s)

    def slowed(self, row: Table, effect: Effect, now: float) -> Table:
        """Return the times of one cycle (1, steps) that begins now."""
        nominal_s = self._variants.plan.nominal_s
        plain_s = nominal_s[: self._variants.n_steps]
        own_s = nominal_s[self._variants.steps(effect.variant)]
        ratio = np.divide(
            own_s, plain_s, out=np.ones_like(own_s), where=self._moves & (plain_s > 0)
        )
        begun_s = np.where(self._moves & (plain_s == 0), own_s, 0.0)
        moves = np.where(self._moves, effect.move_factor, 1.0)
        times = (row * ratio + begun_s) * moves
        times = times + self._grips * effect.extra_grip_s + self._handles * effect.wear_s
        for fault, there, rng in zip(self._taught, self._there, self._retries, strict=True):
            if holds(fault, now):
                tries = rng.geometric(1 - fault.retry_probability, len(there)) - 1
                times = times + there * tries * fault.retry_s
        return times.reshape(row.shape)

    def causes(self, effect: Effect, start_s: float) -> Floats | None:
        """Return which fault changed each step, as an index into `CAUSES`."""
        if not self._faults:
            return None
        nominal_s = self._variants.plan.nominal_s
        changed = (
            nominal_s[self._variants.steps(effect.variant)] != nominal_s[: self._variants.n_steps]
        )
        cause = np.where(self._handles & (effect.wear_s > 0), CAUSES.index("tool_wear"), 0)
        for fault in self._faults:
            if isinstance(fault, PlanFault) and holds(fault, start_s):
                cause = np.where(changed, CAUSES.index(fault.kind), cause)
        for fault, there in zip(self._taught, self._there, strict=True):
            if holds(fault, start_s):
                cause = np.where(there, CAUSES.index(fault.kind), cause)
        cause = np.where(
            self._grips & (effect.extra_grip_s > 0), CAUSES.index("vacuum_leak"), cause
        )
        slow = self._moves & (effect.move_factor > 1)
        return np.where(slow, CAUSES.index("speed_override"), cause)


def active(fault: Timed, times: np.ndarray) -> np.ndarray:
    """Whether a fault holds at each of some times."""
    begun = times >= fault.at
    return begun if fault.until is None else begun & (times < fault.until)


def leak_s(fault: VacuumLeak, now: float) -> float:
    """Return by how much a leak makes a grip longer."""
    return fault.extra_grip_s + fault.growth_s_per_h * (now - fault.at) / 3600


def _handled_at(robot: Robot, point: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which steps grip or release while the tool is at a point."""
    at, found = robot.program.start, []
    for step in robot.program.steps:
        at = step.to or at
        found.append(step.action != "none" and at == point)
    return np.array(found)
