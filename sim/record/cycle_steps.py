"""The sub-steps of one robot: noted by the cycle, written out as rows and signals at a flush."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.record.columns import Columns, Gaps
from sim.record.signals import RobotSignals
from twin.motion.plan import MotionPlan
from twin.plant.robot import Robot

ROUNDING_S = 1e-9
CAUSES = np.array(["", "speed_override", "vacuum_leak"], dtype=object)


class StepLog:
    """Collects the cycles of one robot.

    Parameters
    ----------
    robot : Robot
    plan : MotionPlan
        Gives names and nominal times of the sub-steps.
    signals : RobotSignals
        Turns the sub-steps into sensor values.
    """

    def __init__(self, robot: Robot, plan: MotionPlan, signals: RobotSignals) -> None:
        self._robot = robot.id
        self._names = np.array(list(plan.names), dtype=object)
        self._nominal_s = np.asarray(plan.nominal_s, dtype=float)
        self._signals = signals
        self._cycle = 0
        self._parts: list[tuple[np.ndarray, ...]] = []

    def add(
        self,
        start_s: float,
        offset_s: float,
        table: np.ndarray,
        units: np.ndarray,
        *,
        worked_s: np.ndarray,
        cause: np.ndarray,
        gaps: Gaps,
    ) -> None:
        """Note cycles in a row.

        Parameters
        ----------
        start_s : float
            When the visit began.
        offset_s : float
            Seconds of work in the visit before the first of these cycles.
        table : array (cycles, steps)
            Time of each sub-step.
        units : array (cycles,)
            First unit handled in each cycle.
        worked_s : array (cycles,)
            How long each cycle was worked on: less than its steps take where it was cut short.
        cause : array (steps,)
            Index into `CAUSES`, the same in every cycle.
        gaps : list of (position, extra)
            Stops during the visit.
        """
        n, n_steps = table.shape
        before = np.cumsum(table, axis=1) - table
        left_s = worked_s[:, None] - before
        began = (left_s > ROUNDING_S) | (before == 0)
        begins = (offset_s + np.cumsum(worked_s) - worked_s)[:, None] + before
        starts = start_s + begins
        for position_s, extra_s in gaps:
            starts = starts + np.where(begins > position_s, extra_s, 0.0)
        actual = np.where(left_s > table - ROUNDING_S, table, left_s)
        cycle = np.repeat(self._cycle + np.arange(n), n_steps)
        columns = (starts, actual, np.repeat(units, n_steps), np.tile(cause, n),
                   np.tile(np.arange(n_steps), n), cycle)  # fmt: skip
        self._parts.append(tuple(column.ravel()[began.ravel()] for column in columns))
        self._cycle += n

    def flush(self, now: float, *, final: bool) -> Iterator[tuple[str, Columns]]:
        """Return the rows of ``substeps`` and ``signals`` that are complete."""
        parts, self._parts = self._parts, []
        starts, actual, units, cause, step, cycle = (
            np.concatenate([p[k] for p in parts]) if parts else np.empty(0) for k in range(6)
        )
        step = step.astype(np.intp)
        if len(starts):
            yield (
                "substeps",
                {
                    "robot": np.full(len(starts), self._robot, dtype=object),
                    "cycle": cycle,
                    "unit": units,
                    "step": step,
                    "name": self._names[step],
                    "start_s": starts,
                    "nominal_s": self._nominal_s[step],
                    "actual_s": actual,
                    "cause": CAUSES[cause.astype(np.intp)],
                },
            )
        yield from self._signals.sample(step, starts, actual, until_s=now, final=final)
