"""What is known of a stream before its first cycle, and what counts as a finding in it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from twin.flags.detector.thresholds import THRESHOLDS

TOLERANCE = 0.005
"""Standard deviation of a machine's true mean around its design value, relative."""
MOST_WEIGHT = 500.0
"""Most cycles a design value counts for."""
SPREAD_WEIGHT = 30.0
"""Cycles the design's variation counts for."""
SD_FLOOR = 0.002
"""Smallest relative standard deviation taken for granted: clocks and rounding."""


@dataclass(frozen=True)
class Design:
    """Normal-inverse-gamma prior of log cycle times, from a mean and a variation.

    With mean m and coefficient of variation c of a lognormal time, its logarithm has the variance
    s^2 = ln(1 + c^2) and the mean ln m - s^2 / 2. The design counts as many cycles as give the
    mean the standard deviation `tolerance`: (s / tolerance)^2. Other families of the same mean
    and variation have their middle elsewhere, by about s^2 / 2; that joins the tolerance. Where the
    data spread more than the design says, the spread of the data counts for s.
    """

    mean: float
    cv: float
    tolerance: float = TOLERANCE

    @property
    def sd(self) -> float:
        """Standard deviation of the logarithm."""
        return max(math.sqrt(math.log1p(self.cv**2)), SD_FLOOR)

    @property
    def centre(self) -> float:
        """Mean of the logarithm."""
        return math.log(self.mean) - math.log1p(self.cv**2) / 2

    def weight(self, sd: float) -> float:
        """Return the cycles the mean counts for, where cycles have this standard deviation."""
        return min((sd / self.doubt(sd)) ** 2, MOST_WEIGHT)

    def doubt(self, sd: float) -> float:
        """Return the standard deviation of a machine's middle around that of its design."""
        return math.hypot(self.tolerance, sd**2 / 2)


@dataclass(frozen=True)
class Peers:
    """Normal-inverse-gamma prior of log cycle times, from identical machines.

    Attributes
    ----------
    centre, sd
        Middle and standard deviation of the logarithm.
    mean
        Mean cycle.
    doubt
        Standard deviation of one more machine's middle around it.
    n
        Machines it rests on.
    """

    centre: float
    sd: float
    mean: float
    doubt: float
    n: int

    def weight(self, sd: float) -> float:
        """Return the cycles the middle counts for, where cycles have this standard deviation."""
        return min((sd / self.doubt) ** 2, MOST_WEIGHT)


Known = Design | Peers
"""What may be known of a stream before its first cycle."""


@dataclass(frozen=True)
class Options:
    """What a detector learns from, and the smallest effects that are findings.

    Attributes
    ----------
    learn : int
        Healthy cycles after which the baseline stands still.
    least_level : float
        Smallest relative change of the cycle.
    least_spread : float
        Smallest growth of the standard deviation, as a factor.
    least_stops : float
        Smallest growth of the share of cycles with a micro-stop.
    thresholds : tuple of float
        Of level, spread and micro-stops, see `twin.flags.detector.thresholds`.
    """

    learn: int = 2048
    least_level: float = 0.02
    least_spread: float = 1.25
    least_stops: float = 0.01
    thresholds: tuple[float, float, float] = THRESHOLDS
