"""Sensor values of a robot, as a function of its motion plan and of what its cycles did.

A model for demonstration, not a calibrated one; every constant here is assumed.

* ``grip_time_s`` and ``vacuum_kpa``: one value for each grip. The time a grip takes longer than
  planned is put down to a leak, and the leak lowers the vacuum that is reached.
* ``motor_current_a``: mean over 10 s. A holding current, plus a part that grows with the mean
  joint acceleration of the plan; a move stretched by a factor needs 1/factor**2 of it.
* ``motor_temp_c``: every 60 s, first-order response to the current squared; at the start the
  robot is as warm as its first quarter of an hour makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from sim.record.alarms import Alarms
from sim.record.columns import Columns
from twin.motion.plan import MotionPlan
from twin.plant.robot import Robot

VACUUM_KPA = 80.0
VACUUM_LOST_PER_S = 0.35
VACUUM_NOISE_KPA = 0.8
LATE_FACTOR = 1.3
VACUUM_LOW_KPA = 70.0
VACUUM_BACK_KPA = 72.0
HOLDING_A = 2.0
MOVING_A = 9.0
CURRENT_NOISE_A = 0.08
CURRENT_EVERY_S = 10.0
TEMPERATURE_EVERY = 6
AMBIENT_C = 24.0
RISE_C_PER_A2 = 1.4
TIME_CONSTANT_S = 1800.0
EFFORT_SAMPLES = 16
EFFORT_DIGITS = 9
SETTLED = 90


class RobotSignals:
    """Samples the sensors of one robot.

    Parameters
    ----------
    robot : Robot
    plan : MotionPlan
    noise : callable
        Gives the random stream of the noise of one signal, by its name.
    alarms : Alarms
        Where ``vacuum_low`` is raised.
    names : mapping
        Number of every text.
    """

    def __init__(
        self,
        robot: Robot,
        plan: MotionPlan,
        noise: Callable[[str], np.random.Generator],
        alarms: Alarms,
        *,
        names: Mapping[str, int],
    ) -> None:
        self._robot = robot.id
        self._names = names
        self._grips = np.array([step.action == "grip" for step in robot.program.steps])
        self._nominal_s = np.asarray(plan.nominal_s, dtype=float)
        self._effort = _effort(plan)
        self._vacuum_noise = noise("vacuum_kpa")
        self._current_noise = noise("motor_current_a")
        self._alarms = alarms
        self._vacuum = robot.tool.startswith("vacuum")
        self._sampled_s = 0.0
        self._rest: tuple[np.ndarray, np.ndarray] = (np.empty(0), np.empty(0))
        self._temperature_c: float | None = None
        self._first: tuple[np.ndarray, np.ndarray] = (np.empty(0), np.empty(0))

    def sample(
        self,
        step: np.ndarray,
        starts: np.ndarray,
        actual: np.ndarray,
        *,
        until_s: float,
        final: bool,
    ) -> Iterator[tuple[str, Columns]]:
        """Return the signals of sub-steps that are complete."""
        yield from self._grip_signals(step, starts, actual)
        yield from self._motor_signals(step, starts, actual, until_s=until_s, final=final)

    def _grip_signals(
        self, step: np.ndarray, starts: np.ndarray, actual: np.ndarray
    ) -> Iterator[tuple[str, Columns]]:
        chosen = self._grips[step]
        if not chosen.any():
            return
        times = starts[chosen] + actual[chosen]
        yield self._rows("grip_time_s", times, actual[chosen])
        if not self._vacuum:
            return
        late_s = np.clip(actual[chosen] - LATE_FACTOR * self._nominal_s[step[chosen]], 0, 2)
        noise = VACUUM_NOISE_KPA * self._vacuum_noise.standard_normal(len(times))
        values = VACUUM_KPA * (1 - VACUUM_LOST_PER_S * late_s) + noise
        yield self._rows("vacuum_kpa", times, values)
        self._watch_vacuum(times, values)

    def _watch_vacuum(self, times: np.ndarray, values: np.ndarray) -> None:
        for time_s, value in zip(times.tolist(), values.tolist(), strict=True):
            if value < VACUUM_LOW_KPA:
                self._alarms.raise_(self._robot, "vacuum_low", "vacuum_leak", "warning", time_s)
            elif value > VACUUM_BACK_KPA:
                self._alarms.close(self._robot, "vacuum_low", time_s)

    def _motor_signals(
        self,
        step: np.ndarray,
        starts: np.ndarray,
        actual: np.ndarray,
        *,
        until_s: float,
        final: bool,
    ) -> Iterator[tuple[str, Columns]]:
        times, effort = self._cumulated_effort(step, starts, actual)
        known_s = until_s if final else (float(times[-1]) if len(times) else 0.0)
        n = int((known_s - self._sampled_s) / CURRENT_EVERY_S)
        if n <= 0:
            self._rest = times, effort
            return
        grid = self._sampled_s + CURRENT_EVERY_S * np.arange(n + 1)
        mean = np.diff(np.interp(grid, times, effort)) if len(times) else np.zeros(n)
        current = HOLDING_A + MOVING_A * np.round(mean / CURRENT_EVERY_S, EFFORT_DIGITS)
        current = current + CURRENT_NOISE_A * self._current_noise.standard_normal(n)
        self._sampled_s = float(grid[-1])
        self._rest = _after(times, effort, self._sampled_s)
        yield self._rows("motor_current_a", grid[1:], current)
        yield from self._temperature(grid[1:], current, final=final)

    def _cumulated_effort(
        self, step: np.ndarray, starts: np.ndarray, actual: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return times and the effort cumulated up to them: flat while nothing moves."""
        stretch = np.minimum(self._nominal_s[step] / np.maximum(actual, 1e-9), 1.0)
        gained = self._effort[step] * stretch**2 * actual
        times = np.column_stack([starts, starts + actual]).ravel()
        total = np.cumsum(gained)
        effort = np.column_stack([total - gained, total]).ravel()
        before_times, before_effort = self._rest
        base = before_effort[-1] if len(before_effort) else 0.0
        return np.concatenate([before_times, times]), np.concatenate([before_effort, base + effort])

    def _temperature(
        self, times: np.ndarray, current: np.ndarray, *, final: bool
    ) -> Iterator[tuple[str, Columns]]:
        if self._temperature_c is None:
            times = np.concatenate([self._first[0], times])
            current = np.concatenate([self._first[1], current])
            self._first = times, current
            if len(times) < SETTLED and not final:
                return
        values = []
        gain = 1 - np.exp(-CURRENT_EVERY_S / TIME_CONSTANT_S)
        targets = AMBIENT_C + RISE_C_PER_A2 * current**2
        if self._temperature_c is None:
            self._temperature_c = float(targets[:SETTLED].mean())
        for target in targets.tolist():
            self._temperature_c += gain * (target - self._temperature_c)
            values.append(self._temperature_c)
        index = np.rint(times / CURRENT_EVERY_S).astype(int)
        chosen = index % TEMPERATURE_EVERY == 0
        yield self._rows("motor_temp_c", times[chosen], np.array(values)[chosen])

    def _rows(self, signal: str, times: np.ndarray, values: np.ndarray) -> tuple[str, Columns]:
        n = len(times)
        return "signals", {
            "resource": np.full(n, self._names[self._robot]),
            "signal": np.full(n, self._names[signal]),
            "time_s": times,
            "value": values,
        }


def _after(times: np.ndarray, effort: np.ndarray, t_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Cut a cumulated curve: what is after `t_s`, counted from there."""
    if not len(times):
        return times, effort
    later = times > t_s
    return (
        np.concatenate([[t_s], times[later]]),
        np.concatenate([[0.0], effort[later] - np.interp(t_s, times, effort)]),
    )


def _effort(plan: MotionPlan) -> np.ndarray:
    """Return the mean joint acceleration of every step, relative to the hardest step."""
    means = []
    for step, nominal_s in enumerate(plan.nominal_s):
        if not plan.is_move[step]:
            means.append(0.0)
            continue
        taus = (np.arange(EFFORT_SAMPLES) + 0.5) / EFFORT_SAMPLES * float(nominal_s)
        values = [np.abs(np.asarray(plan.joint_acceleration(step, tau))).mean() for tau in taus]
        means.append(float(np.mean(values)))
    hardest = max(means, default=0.0)
    return np.array(means) / hardest if hardest else np.array(means)
