"""The sub-steps of one robot: noted by the cycle, written out as rows and signals at a flush."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sim.faults.robot import CAUSES
from sim.record.columns import GOES_ON, Columns, Gaps
from sim.record.signals import RobotSignals
from sim.record.visits import ROUNDING_S, Visit, wall_clocks
from twin.motion.plan import MotionPlan
from twin.plant.robot import Robot


class StepLog:
    """Collects the cycles of one robot.

    Parameters
    ----------
    robot : Robot
    plan : MotionPlan
        Gives names and nominal times of the sub-steps.
    signals : RobotSignals or None
        Turns the sub-steps into sensor values, if there are sensors.
    names : mapping
        Number of every text.
    """

    def __init__(
        self, robot: Robot, plan: MotionPlan, signals: RobotSignals | None, names: Mapping[str, int]
    ) -> None:
        self.id = robot.id
        self._robot = names[robot.id]
        self._names = np.array([names[name] for name in plan.names])
        self._cause_numbers = np.array([names[cause] for cause in CAUSES])
        self._nominal_s = np.asarray(plan.nominal_s, dtype=float)
        self._signals = signals
        self._cycle = 0
        self._parts: list[tuple[Visit, np.ndarray, np.ndarray | None]] = []

    def add(
        self,
        start_s: float,
        offset_s: float,
        table: np.ndarray,
        units: np.ndarray,
        *,
        worked_s: np.ndarray | None,
        cause: np.ndarray | None,
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
        worked_s : array (cycles,) or None
            How long each cycle was worked on, where one of them was cut short.
        cause : array (steps,) or None
            Index into `CAUSES`, the same in every cycle; None: no fault.
        gaps : list of Gap
            Stops during the visit; their cycles are counted from the first of these.
        """
        if worked_s is not None:
            table = cut(table, worked_s)
        n = table.shape[1]
        stops = tuple(
            (position_s, extra_s, over if over == GOES_ON else over * n)
            for position_s, extra_s, over in gaps
        )
        self._parts.append((Visit(start_s, offset_s, table.ravel(), stops), units, cause))

    def flush(self, now: float, *, final: bool) -> Iterator[tuple[str, Columns]]:
        """Return the rows of ``substeps`` and ``signals`` that are complete."""
        parts, self._parts = self._parts, []
        starts, actual, _ = wall_clocks([visit for visit, _, _ in parts])
        n_steps = len(self._names)
        n = len(starts) // n_steps
        step = np.tile(np.arange(n_steps), n)
        if n:
            rows: Columns = {
                "robot": np.full(len(starts), self._robot),
                "cycle": self._cycle + np.repeat(np.arange(n), n_steps),
                "unit": np.repeat(np.concatenate([units for _, units, _ in parts]), n_steps),
                "step": step,
                "name": self._names[step],
                "start_s": starts,
                "nominal_s": self._nominal_s[step],
                "actual_s": actual,
                "cause": self._causes(parts),
            }
            begun = (actual > 0) | (self._nominal_s[step] == 0)
            if not begun.all():
                rows = {name: np.asarray(values)[begun] for name, values in rows.items()}
            yield "substeps", rows
        self._cycle += n
        if self._signals is not None:
            yield from self._signals.sample(step, starts, actual, until_s=now, final=final)

    def _causes(self, parts: list[tuple[Visit, np.ndarray, np.ndarray | None]]) -> np.ndarray:
        n_steps = len(self._names)
        if all(cause is None for _, _, cause in parts):
            n = n_steps * sum(len(units) for _, units, _ in parts)
            return np.full(n, self._cause_numbers[0])
        no_fault = np.zeros(n_steps, dtype=np.intp)
        found = [
            np.tile(no_fault if cause is None else cause, len(units)) for _, units, cause in parts
        ]
        return np.asarray(self._cause_numbers[np.concatenate(found)])


def cut(table: np.ndarray, worked_s: np.ndarray) -> np.ndarray:
    """Return step times (cycles, steps) of which only the first seconds were worked on.

    The step that was cut is shorter; what was not begun takes no time.
    """
    left_s = worked_s[:, None] - (np.cumsum(table, axis=1) - table)
    part = np.where(left_s > ROUNDING_S, left_s, 0.0)
    return np.where(left_s > table - ROUNDING_S, table, part)
