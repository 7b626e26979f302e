"""Prefix sums of scores: any stretch of cycles in a subtraction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.flags.detector.frame import WINSOR, Floats, Frame

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


def rows_of(logs: Floats, frame: Frame, before: tuple[float, float] | None) -> Floats:
    """Return the four rows for cycles; `before`: cut score and innovation of the cycle before."""
    z = frame.z(logs)
    new = frame.innovations(z, None if before is None else before[0])
    cut = np.clip(new, -WINSOR, WINSOR)
    first = cut[0] if before is None else before[1]
    steps = np.diff(cut, prepend=first)
    stops = (new > frame.least_stop).astype(np.float64)
    return np.stack([cut, cut * cut, steps * steps / 2, stops])


class PrefixSums:
    """Prefix sums that grow; adding is sequential, so blocks of any size give the same bits."""

    def __init__(self) -> None:
        self._table = np.zeros((ROWS, 1024))
        self._last: tuple[float, float] | None = None
        self.n = 0

    @property
    def table(self) -> Floats:
        """Sums of the first k cycles in column k."""
        return self._table[:, : self.n + 1]

    def extend(self, logs: Floats, frame: Frame) -> None:
        """Add cycles."""
        if not len(logs):
            return
        rows = rows_of(logs, frame, self._last)
        last = float(np.clip(frame.z(logs[-1:])[0], -WINSOR, WINSOR))
        self._last = (last, float(rows[W, -1]))
        end = self.n + len(logs)
        if end >= self._table.shape[1]:
            larger = np.zeros((ROWS, max(2 * self._table.shape[1], end + 1)))
            larger[:, : self.n + 1] = self.table
            self._table = larger
        start = self._table[:, self.n : self.n + 1]
        self._table[:, self.n + 1 : end + 1] = np.cumsum(np.hstack([start, rows]), axis=1)[:, 1:]
        self.n = end
