"""Prefix sums of scores: any stretch of cycles in a subtraction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.flags.detector.frame import WINSOR, Floats, Frame
from twin.flags.detector.memory import Carry

Indices = npt.NDArray[np.intp]

W, W2, STEP2, STOPS = range(4)
"""Rows: cut innovations, their squares, half the squared steps between them, micro-stops."""
ROWS = 4


@dataclass(frozen=True)
class Extra:
    """What belongs to a segment's baseline but is not in the segment.

    Attributes
    ----------
    n, sums
        Cycles before the segment, and their sums (the rows above).
    weight, mean
        Cycles the design counts for, and its mean innovation.
    """

    n: int = 0
    sums: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    weight: float = 0.0
    mean: float = 0.0


@dataclass(frozen=True)
class Last:
    """What is kept of the cycle before: what it carries on, and its cut innovation."""

    carry: Carry
    new: float


def rows_of(logs: Floats, frame: Frame, before: Last | None = None) -> tuple[Floats, Last]:
    """Return the four rows for cycles, and what is kept of the last."""
    new, carry = frame.innovations(frame.z(logs), before.carry if before else None)
    cut = np.clip(new, -WINSOR, WINSOR)
    steps = np.diff(cut, prepend=before.new if before else cut[0])
    stops = (new > frame.least_stop).astype(np.float64)
    return np.stack([cut, cut * cut, steps * steps / 2, stops]), Last(carry, float(cut[-1]))


class PrefixSums:
    """Prefix sums that grow; adding is sequential, so blocks of any size give the same bits."""

    def __init__(self) -> None:
        self._table = np.zeros((ROWS, 1024))
        self._last: Last | None = None
        self.n = 0

    @property
    def table(self) -> Floats:
        """Sums of the first k cycles in column k."""
        return self._table[:, : self.n + 1]

    def extend(self, logs: Floats, frame: Frame) -> None:
        """Add cycles."""
        if not len(logs):
            return
        rows, self._last = rows_of(logs, frame, self._last)
        end = self.n + len(logs)
        if end >= self._table.shape[1]:
            larger = np.zeros((ROWS, max(2 * self._table.shape[1], end + 1)))
            larger[:, : self.n + 1] = self.table
            self._table = larger
        start = self._table[:, self.n : self.n + 1]
        self._table[:, self.n + 1 : end + 1] = np.cumsum(np.hstack([start, rows]), axis=1)[:, 1:]
        self.n = end
