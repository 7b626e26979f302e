"""Robots: the cycle is a program of named sub-steps, which vary and which faults slow down.

Moves take their planned time or longer: planned time x (1 + |N(0, move_cv)|). Waits are drawn
from their durations. A fault holds for a cycle if it holds when the cycle begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from sim.core.families import Floats
from sim.core.streams import BLOCK
from sim.core.world import World
from sim.faults.robot import NO_EFFECT, CycleFaults, Effect, faults_of
from sim.record.columns import GOES_ON, Gaps
from sim.record.cycle_steps import StepLog
from sim.record.signals import robot_signals
from sim.stations.breakdown import pace_factor
from twin.motion.plan import MotionPlan
from twin.motion.variant import plan_variants
from twin.plant.load import robot_model
from twin.plant.robot import Robot
from twin.plant.scenario import Fault
from twin.plant.station import Station

Table = np.ndarray[tuple[int, int], np.dtype[np.float64]]


class RobotPace:
    """Cycle times of a robot station: the sum of the varied sub-steps of the robot's program."""

    noted = True
    draw: Callable[[], float] | None = None

    def __init__(
        self,
        world: World,
        station: Station,
        robot: Robot,
        faults: Iterable[Fault],
        *,
        cold: bool = False,
    ) -> None:
        model = robot_model(world.plant, robot.model)
        own = faults_of(robot.id, faults)
        variants = plan_variants(robot, model, own)
        self.plan: MotionPlan = variants.plan_of(0)
        self._variation = StepVariation(world, robot, self.plan, factor=pace_factor(station))
        self._faults = CycleFaults(world, robot, variants, own)
        signals = robot_signals(world, robot, model, variants, own, cold=cold)
        self._log = StepLog(robot, self.plan, signals, world.recorder.names)
        world.recorder.add_block_source(self._log)
        self._asked: list[tuple[Table, Effect]] = []

    def one(self, now: float) -> float:
        """Return the time of a cycle that begins now."""
        return float(self.many(1, now)[0])

    def many(self, n: int, now: float) -> Floats:
        """Return the times of `n` cycles in a row; each begins when the one before it ends."""
        table = self._variation.take(n)
        if not self._faults:
            self._asked = [(table, NO_EFFECT)]
            return np.asarray(np.add.reduce(table, axis=1))
        self._asked = []
        start_s = now
        for k in range(n):
            effect = self._faults.effect(start_s)
            row = self._faults.slowed(table[k : k + 1], effect, start_s)
            self._asked.append((row, effect))
            start_s += float(row.sum())
        return np.asarray(np.concatenate([row for row, _ in self._asked]).sum(axis=1))

    def done(self, start_s: float, units: np.ndarray, cut_s: Floats | None, gaps: Gaps) -> None:
        """Note the sub-steps of the cycles last asked for, as far as they were worked on."""
        offset_s = 0.0
        first = 0
        for table, effect in self._asked:
            part = slice(first, first + len(table))
            worked_s = None if cut_s is None else cut_s[part]
            self._log.add(
                start_s, offset_s, table, units[part],
                worked_s=worked_s, cause=self._faults.causes(effect, start_s + offset_s),
                gaps=_from(gaps, first),
            )  # fmt: skip
            first = part.stop
            if first < len(units):
                offset_s += float((table if worked_s is None else worked_s).sum())


def _from(gaps: Gaps, first: int) -> Gaps:
    """Return the stops of a visit as those of its cycles from `first` on."""
    return [
        (position_s, extra_s, over if over == GOES_ON else max(over - first, 0))
        for position_s, extra_s, over in gaps
    ]


class StepVariation:
    """Sub-step times of many cycles, drawn in blocks: one column for each step of the program."""

    def __init__(self, world: World, robot: Robot, plan: MotionPlan, *, factor: float) -> None:
        self._nominal_s = np.asarray(plan.nominal_s, dtype=float) * factor
        self._is_move = np.asarray(plan.is_move, dtype=bool)
        self._move_cv = robot.program.move_cv
        self._rng = world.stream(robot.id, "moves")
        self._waits = {
            k: world.draws(step.wait.scaled(factor), robot.id, f"wait/{k}/{step.name}")
            for k, step in enumerate(robot.program.steps)
            if step.wait is not None
        }
        self._block = np.empty((0, len(self._nominal_s)))
        self._cursor = 0

    def take(self, n: int) -> Table:
        """Return the next `n` cycles, one row each."""
        if self._cursor + n > len(self._block):
            rest = self._block[self._cursor :]
            self._block = np.concatenate([rest, self._draw(max(BLOCK, n))])
            self._cursor = 0
        rows = self._block[self._cursor : self._cursor + n]
        self._cursor += n
        return rows

    def state(self) -> dict[str, Any]:
        """Return what a snapshot keeps: the cycles drawn in advance, and for which times."""
        return {
            "ahead": (self._block[self._cursor :], self._nominal_s),
            "rng": self._rng,
            "waits": self._waits,
        }

    def from_state(self, state: dict[str, Any]) -> None:
        """Go on with cycles drawn in advance, if the program still takes the same times."""
        rows, nominal_s = state.get("ahead", (self._block, None))
        if np.array_equal(self._nominal_s, nominal_s):
            self._block, self._cursor = rows, 0

    def _draw(self, n: int) -> Table:
        table = np.tile(self._nominal_s, (n, 1))
        slower = 1 + self._move_cv * np.abs(self._rng.standard_normal((n, len(self._nominal_s))))
        table = np.where(self._is_move, table * slower, table)
        for k, draws in self._waits.items():
            table[:, k] = draws.many(n)
        return table
