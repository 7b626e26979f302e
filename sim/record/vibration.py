"""Vibration at the base of a robot, once a cycle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from sim.faults.robot import OfRobot, active
from twin.motion.sensor_model import HARD_DPS2, HARD_MM_S, QUIET_MM_S, square_dps2
from twin.motion.variant import Variants
from twin.plant.robot_faults import WornBearing

NOISE = 0.06
"""Scatter from cycle to cycle, relative."""
CURRENT_FROM_MM_S = 2.0
"""From this vibration of a bearing on its joint runs harder ..."""
CURRENT_PER_MM_S = 0.10
"""... by this share of its current for each mm/s more."""


class Vibration:
    """Vibration of one robot: of its motion, and of worn bearings."""

    def __init__(
        self,
        variants: Variants,
        faults: Sequence[OfRobot],
        noise: Callable[[str], np.random.Generator],
    ) -> None:
        self._worn = [f for f in faults if isinstance(f, WornBearing)]
        plan = variants.plan
        self._square_dps2 = square_dps2(plan)
        self._moves = np.asarray(plan.is_move[: variants.n_steps], dtype=bool)
        self._noise = noise("vibration_mms")

    def current_factor(self, begun: np.ndarray) -> np.ndarray | None:
        """Return what the joint currents (n, 6) of cycles are multiplied with; None: nothing."""
        if not self._worn:
            return None
        factor = np.ones((len(begun), 6))
        for fault in self._worn:
            beyond = np.maximum(_bearing_mm_s(fault, begun) - CURRENT_FROM_MM_S, 0.0)
            factor[:, fault.joint - 1] *= 1 + CURRENT_PER_MM_S * beyond
        return factor

    def sample(
        self,
        begun: np.ndarray,
        ends: np.ndarray,
        row: np.ndarray,
        actual: np.ndarray,
        stretch: np.ndarray,
    ) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
        """Return the RMS velocity of cycles (n,) from their steps (n, s), while they move."""
        weight = np.where(self._moves, actual, 0.0)
        moved_s = weight.sum(axis=1)
        done = moved_s > 0
        if not done.any():
            return
        square = (weight * self._square_dps2[row] / stretch**4).sum(axis=1)[done] / moved_s[done]
        total = QUIET_MM_S**2 + HARD_MM_S**2 * square / HARD_DPS2**2
        for fault in self._worn:
            total = total + _bearing_mm_s(fault, begun[done]) ** 2
        noise = 1 + NOISE * self._noise.standard_normal(len(total))
        yield "vibration_mms", ends[done], np.sqrt(total) * np.maximum(noise, 0.1)


def _bearing_mm_s(fault: WornBearing, begun: np.ndarray) -> np.ndarray:
    grown = fault.growth_mm_s_per_h * (begun - fault.at) / 3600
    return np.where(active(fault, begun), grown, 0.0)
