"""What the sensors of a gripper say: one value of each for every grip."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from sim.faults.robot import OfRobot, active
from sim.record.alarms import Alarms
from twin.motion.sensor_model import TOOL_GRIP_A, TOOL_IDLE_A, VACUUM_KPA
from twin.plant.faults import VacuumLeak
from twin.plant.robot import Robot
from twin.plant.robot_faults import ToolWear

VACUUM_LOST_PER_S = 0.35
"""Share of the vacuum lost for each second a leak makes a grip longer."""
VACUUM_NOISE_KPA = 0.8
LARGEST_LEAK_S = 2.0
"""A leak that costs more time than this weakens the vacuum no further."""
VACUUM_LOW_KPA = 70.0
VACUUM_BACK_KPA = 72.0
TOOL_NOISE_A = 0.01
TOOL_WEAR_PER_S = 0.6
"""Share by which the current of a grip rises for each second it takes longer by wear."""


class GripSensors:
    """Grip time, vacuum and tool current of one robot."""

    def __init__(
        self,
        robot: Robot,
        faults: Sequence[OfRobot],
        noise: Callable[[str], np.random.Generator],
        *,
        full: bool,
    ) -> None:
        self._grips = np.array([step.action == "grip" for step in robot.program.steps])
        self._vacuum = robot.tool.startswith("vacuum")
        self._leaks = [f for f in faults if isinstance(f, VacuumLeak)]
        self._wear = [f for f in faults if isinstance(f, ToolWear)]
        self._vacuum_noise = noise("vacuum_kpa")
        self._tool_noise = noise("tool_current_a") if full else None

    def sample(
        self, step: np.ndarray, starts: np.ndarray, actual: np.ndarray, begun: np.ndarray
    ) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
        """Return the values of all grips; `begun` is when the cycle of each step began."""
        chosen = self._grips[step] & (actual > 0)
        if not chosen.any():
            return
        times, took_s, begun = starts[chosen] + actual[chosen], actual[chosen], begun[chosen]
        yield "grip_time_s", times, took_s
        if self._vacuum:
            leak_s = np.minimum(self._leak_s(begun), LARGEST_LEAK_S)
            noise = VACUUM_NOISE_KPA * self._vacuum_noise.standard_normal(len(times))
            yield "vacuum_kpa", times, VACUUM_KPA * (1 - VACUUM_LOST_PER_S * leak_s) + noise
        if self._tool_noise is not None:
            noise = TOOL_NOISE_A * self._tool_noise.standard_normal(len(times))
            grip_a = TOOL_GRIP_A * (1 + TOOL_WEAR_PER_S * self._wear_s(begun))
            yield "tool_current_a", times, TOOL_IDLE_A + grip_a + noise

    def watch(self, robot: str, alarms: Alarms, times: np.ndarray, values: np.ndarray) -> None:
        """Raise an alarm while the vacuum is low."""
        if not alarms.is_open(robot, "vacuum_low") and values.min() >= VACUUM_LOW_KPA:
            return
        for time_s, value in zip(times.tolist(), values.tolist(), strict=True):
            if value < VACUUM_LOW_KPA:
                alarms.raise_(robot, "vacuum_low", "vacuum_leak", "warning", time_s)
            elif value > VACUUM_BACK_KPA:
                alarms.close(robot, "vacuum_low", time_s)

    def _leak_s(self, begun: np.ndarray) -> np.ndarray:
        total = np.zeros(len(begun))
        for fault in self._leaks:
            grown = fault.growth_s_per_h * (begun - fault.at) / 3600
            total += np.where(active(fault, begun), fault.extra_grip_s + grown, 0.0)
        return total

    def _wear_s(self, begun: np.ndarray) -> np.ndarray:
        total = np.zeros(len(begun))
        for fault in self._wear:
            grown = fault.grip_s_per_h * (begun - fault.at) / 3600
            total += np.where(active(fault, begun), grown, 0.0)
        return total
