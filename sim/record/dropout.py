"""Sensors that fail: what of their values is sent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.faults.robot import OfRobot, active
from twin.plant.robot_faults import SensorDropout


class Dropouts:
    """The sensors of one robot that a scenario lets fail."""

    def __init__(self, faults: Sequence[OfRobot]) -> None:
        self._faults = [f for f in faults if isinstance(f, SensorDropout)]
        self._last: dict[str, float] = {}

    def sent(
        self, signal: str, times: np.ndarray, values: np.ndarray
    ) -> tuple[str, np.ndarray, np.ndarray]:
        """Return what arrives of a series of one signal."""
        for fault in self._faults:
            if fault.signal != signal or not len(times):
                continue
            off = active(fault, times)
            if fault.how == "missing":
                times, values = times[~off], values[~off]
                continue
            before = np.flatnonzero(times < fault.at)
            if len(before):
                self._last[signal] = float(values[before[-1]])
            values = np.where(off, self._last.setdefault(signal, float(values[0])), values)
        return signal, times, values
