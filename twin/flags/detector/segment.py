"""A stretch of a stream that is one level: healthy, or changed."""

from __future__ import annotations

import math

import numpy as np

from twin.flags.detector.design import Known
from twin.flags.detector.frame import WINSOR, Floats, Frame, robust_frame
from twin.flags.detector.sums import Extra, PrefixSums, rows_of

_FIRST_LOOK = 16
_GROWTH = (1.5, 1.5)
"""Between looks at a changed segment, and at a healthy one."""


class Segment:
    """Cycles from `start` on, their scores and sums, and what they are compared with.

    Attributes
    ----------
    before
        Frame of the segment before; a changed one begins with its scale and memory.
    cap
        Cycles of it that may be learned from.
    excess
        How far the change at its start was above the threshold.
    next_look
        Cycle at which to learn and judge next. It depends on the number of cycles alone, so
        blocks of any size give the same findings.
    """

    def __init__(self, start: int, *, healthy: bool, before: Frame | None = None) -> None:
        self.start = start
        self.healthy = healthy
        self.before = before
        self.frame = Frame(0.0, 1.0)
        self.extra = Extra()
        self.sums = PrefixSums()
        self.cap = 0
        self.excess = 0.0
        self.next_look = start + _FIRST_LOOK

    @property
    def end(self) -> int:
        """First cycle not in it yet."""
        return self.start + self.sums.n

    def look_after(self, now: int) -> int:
        """Return the next cycle to learn and judge at, after `now`."""
        length = _FIRST_LOOK
        while self.start + length <= now:
            length = math.ceil(length * _GROWTH[self.healthy])
        return self.start + length

    def refit(self, own: Floats, earlier: Floats, design: Known | None, learn: int) -> None:
        """Set frame and baseline by its own cycles and, if healthy, the healthy ones before."""
        if self.healthy:
            self.cap = max(0, learn - len(earlier))
            self.frame = robust_frame(np.concatenate([earlier, own])[:learn], design)
            self.extra = self._extra(earlier[:learn], design)
        else:
            self.cap = learn
            self.frame = robust_frame(own[:learn], None, self.before)
        self.sums = PrefixSums()

    def _extra(self, earlier: Floats, design: Known | None) -> Extra:
        sums = (0.0, 0.0, 0.0, 0.0)
        if len(earlier):
            total = rows_of(earlier, self.frame)[0].sum(axis=1)
            sums = (float(total[0]), float(total[1]), float(total[2]), float(total[3]))
        if design is None:
            return Extra(len(earlier), sums)
        score = float(np.clip((design.centre - self.frame.centre) / self.frame.scale, -9, 9))
        gain = self.frame.gain
        weight = design.weight(self.frame.scale) / gain**2
        return Extra(len(earlier), sums, weight, max(-WINSOR, min(WINSOR, score)) * gain)
