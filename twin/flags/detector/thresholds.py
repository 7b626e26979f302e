"""Thresholds of the channels, calibrated on healthy streams, and what a statistic is worth.

The statistics are twice log-likelihood ratios. `python -m benchmarks.diagnosis.calibrate` runs
healthy streams (lognormal cycles with a variation of 5, 10 and 15 %, 1 % of them with a micro-stop
of one mean cycle, exponential) of 500 cycles that are learned and 2,500 that are watched, and
counts what is opened; see docs/diagnosis.md for its table.
"""

from __future__ import annotations

import math

THRESHOLDS = (15.6, 12.0, 13.4)
"""Of level, spread and micro-stops, for the longest stretches (shorter: `channels.price`).

Together they raise about 1 false alarm in 120,000 cycles.
"""

FALSE_ALARMS_PER_CYCLE = 1.25e-5
"""At the thresholds: 1.5 per 1,000 station-hours of 30 s cycles."""
DECAY = 0.36
"""False alarms per cycle fall as exp(-DECAY x) with the threshold raised by x (measured)."""
FAULTS_PER_CYCLE = 1.25e-4
"""Faults assumed for `confidence`: one in 8,000 cycles, 67 hours of 30 s cycles."""


def confidence(excess: float) -> float:
    """Return the probability that a finding this far above its threshold is no false alarm.

    Bayes with the rates of faults (assumed) and of false alarms (calibrated):
    faults / (faults + false alarms exp(-DECAY excess)). At the threshold that is 0.91.
    """
    false = FALSE_ALARMS_PER_CYCLE * math.exp(-DECAY * max(excess, 0.0))
    return FAULTS_PER_CYCLE / (FAULTS_PER_CYCLE + false)


def log10_chance(excess: float, cycles: int) -> float:
    """Return log10 of the chance of such a finding in this many healthy cycles.

    False alarms are taken as a Poisson process; for small chances that is their expected number.
    """
    expected = math.log10(FALSE_ALARMS_PER_CYCLE * max(cycles, 1))
    expected -= DECAY * max(excess, 0.0) / math.log(10)
    if expected < -6:
        return expected
    return math.log10(-math.expm1(-(10.0**expected)))
