"""What a detector finds: changes, and the events of their lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Cause = Literal["slow", "fast", "drift", "spread", "micro_stops"]
What = Literal["opens", "grows", "closes"]


@dataclass(frozen=True)
class Change:
    """Cycles ``start`` to ``stop`` (excluded) that differ from the baseline.

    Attributes
    ----------
    since, until
        When the first began, and the last (or, where it is closed, the first one after it).
    cause
        ``slow`` or ``fast`` (a step of the level), ``drift``, ``spread`` or ``micro_stops``.
    effect
        Of the level: relative change of the median cycle. Of the spread: standard deviations in
        standard deviations of the baseline. Of micro-stops: share of cycles beyond the usual share.
    expected, observed
        Median cycle of the baseline and of the change.
    excess
        How far twice the log-likelihood ratio is above the threshold of its channel.
    confidence
        Probability that it is no false alarm, see `thresholds.confidence`.
    baseline_n
        Healthy cycles the baseline rests on, the design not counted.
    """

    start: int
    stop: int
    since: float
    until: float
    open: bool
    cause: Cause
    effect: float
    expected: float
    observed: float
    excess: float
    confidence: float
    baseline_n: int

    @property
    def n(self) -> int:
        """Cycles it lasted."""
        return self.stop - self.start


@dataclass(frozen=True)
class Event:
    """Something that happened to a change, at cycle `index`."""

    what: What
    index: int
    time: float
    change: Change
