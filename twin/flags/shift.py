"""Findings in the cycles of a finished run: the detector's changes in seconds and units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twin.flags.detector import Detector, Known, Options
from twin.flags.detector.change import Cause
from twin.flags.detector.frame import Floats
from twin.flags.detector.thresholds import log10_chance

METHOD = "two-sample likelihood ratio of robust log cycle times against a learned baseline"


@dataclass(frozen=True)
class Shift:
    """Cycles of one stream that differ from its baseline.

    Attributes
    ----------
    first, stop
        Cycles of the stream.
    expected_s, observed_s
        Mean cycle of the baseline (the design's mean, moved by what was learned) and of the shift.
    effect
        See `twin.flags.detector.change.Change`.
    """

    first: int
    stop: int
    since_s: float
    until_s: float
    open: bool
    cause: Cause
    effect: float
    expected_s: float
    observed_s: float
    log10_p: float
    confidence: float
    baseline_n: int

    @property
    def n(self) -> int:
        """Cycles it lasted."""
        return self.stop - self.first

    @property
    def extra_s(self) -> float:
        """Seconds more than expected, per cycle."""
        return self.observed_s - self.expected_s


def shifts(
    durations: Floats, starts: Floats, design: Known, options: Options, *, end_s: float
) -> Iterator[Shift]:
    """Feed the cycles of a run to the detector and return what it found.

    Parameters
    ----------
    durations, starts : array
        Cycle times and when they began, in order.
    design, options
        What is known before, and the smallest effects.
    end_s : float
        End of the run: a finding that is open lasts until then.
    """
    detector = Detector(design, options)
    detector.update(durations, starts)
    for change in detector.found():
        moved = np.log(change.expected) - design.centre
        yield Shift(
            first=change.start,
            stop=change.stop,
            since_s=change.since,
            until_s=end_s if change.open else change.until,
            open=change.open,
            cause=change.cause,
            effect=change.effect,
            expected_s=float(design.mean * np.exp(moved)),
            observed_s=float(durations[change.start : change.stop].mean()),
            log10_p=log10_chance(change.excess, detector.n),
            confidence=change.confidence,
            baseline_n=change.baseline_n,
        )


def p_value_of(log10_p: float) -> float:
    """Return 10**log10_p; 0 stands for less than 1e-300."""
    return float(10.0**log10_p) if log10_p > -300 else 0.0
