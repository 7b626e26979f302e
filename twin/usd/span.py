"""The time a stage covers, and time codes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import CelltwinError, Problem
from twin.run.run import Run

Floats = NDArray[np.float64]

CODES_PER_S = 24.0
"""Time codes per second: a stage plays in real time at 24 frames per second."""


@dataclass(frozen=True)
class Span:
    """The part of a run that is written, in seconds since the start of the run."""

    start_s: float
    end_s: float

    @property
    def start(self) -> float:
        """First time code."""
        return self.start_s * CODES_PER_S

    @property
    def end(self) -> float:
        """Last time code."""
        return self.end_s * CODES_PER_S

    def steps(self, time_s: Floats) -> slice:
        """Return which of ordered steps count: the last one before the span, and those inside."""
        first = int(np.searchsorted(time_s, self.start_s, side="right")) - 1
        last = int(np.searchsorted(time_s, self.end_s, side="right"))
        return slice(max(first, 0), max(last, 0))

    def codes(self, time_s: Floats) -> Floats:
        """Return time codes; what began before the span begins with it."""
        return np.maximum(time_s, self.start_s) * CODES_PER_S


STILL = Span(0.0, 0.0)
"""The span of layers in which nothing changes: the plant, which many runs share."""


def span_of(run: Run, window: tuple[float, float] | None) -> Span:
    """Return the span of a run, or the part of it a window asks for.

    Raises
    ------
    CelltwinError
        The window is no interval inside the run.
    """
    if window is None:
        return Span(0.0, run.horizon_s)
    start, end = float(window[0]), float(window[1])
    if not (math.isfinite(start) and math.isfinite(end) and start < end):
        raise CelltwinError(
            Problem(
                "window",
                f"{start:g} s to {end:g} s is no interval.",
                "Give a start before the end, in seconds since the start of the run.",
            )
        )
    if start < 0 or end > run.horizon_s:
        raise CelltwinError(
            Problem(
                "window",
                f"{start:g} s to {end:g} s is not inside the run '{run.name}', "
                f"which covers 0 s to {run.horizon_s:g} s.",
                "Choose a part of that.",
            )
        )
    return Span(start, end)
