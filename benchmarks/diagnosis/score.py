"""Scores of alarms: event by event, with a tolerance, never point by point.

A fault is found if an alarm is raised while it holds; the delay is that of the first. Alarms in the
same runs before the fault are false ones and count against precision; false alarms per 1,000
station-hours come from fresh healthy runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Outcome:
    """What a detector made of one fault.

    Attributes
    ----------
    delay
        From the fault to the first alarm, in cycles or seconds; None: missed.
    false
        Alarms before the fault.
    cause
        What it named in the end, of a found fault.
    right
        Whether that is a right cause.
    strict
        Whether the worst flag of the resource names the special cause.
    wrong
        Flags besides, of the same resource or elsewhere, that are no consequence of the fault.
    """

    group: str
    delay: float | None
    false: int = 0
    cause: str = ""
    right: bool = False
    strict: bool = False
    wrong: int = 0


@dataclass
class Score:
    """Outcomes of one method."""

    method: str
    outcomes: list[Outcome] = field(default_factory=list)
    false_alarms: int = 0
    station_hours: float = 0.0

    @property
    def found(self) -> list[Outcome]:
        """Faults it found."""
        return [o for o in self.outcomes if o.delay is not None]

    @property
    def recall(self) -> float:
        """Share of the faults found."""
        return len(self.found) / max(len(self.outcomes), 1)

    @property
    def precision(self) -> float:
        """Faults found over alarms: those and the false ones before the faults."""
        false = sum(o.false for o in self.outcomes)
        return len(self.found) / max(len(self.found) + false, 1)

    @property
    def strict_accuracy(self) -> float:
        """Share of all faults whose special cause is what the worst flag names."""
        return sum(o.strict for o in self.outcomes) / max(len(self.outcomes), 1)

    @property
    def strict_precision(self) -> float:
        """Faults named strictly over those and all flags that are wrong."""
        hits = sum(o.strict for o in self.outcomes)
        return hits / max(hits + sum(o.wrong for o in self.outcomes), 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def cause_accuracy(self) -> float:
        """Share of the found faults whose cause is right."""
        return sum(o.right for o in self.found) / max(len(self.found), 1)

    @property
    def false_per_1000_h(self) -> float:
        """False alarms per 1,000 station-hours of healthy runs."""
        return 1000 * self.false_alarms / self.station_hours if self.station_hours else 0.0

    def of(self, group: str) -> Score:
        """Return the score of one group of faults."""
        return Score(self.method, [o for o in self.outcomes if o.group == group])

    @property
    def median_delay(self) -> float | None:
        """Median delay of the faults found."""
        delays: Sequence[float] = [o.delay for o in self.outcomes if o.delay is not None]
        return float(np.median(delays)) if delays else None
