"""Limits of a signal: given by vibration zones, or learned from the asset's own first values."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from twin.condition.zones import Zones
from twin.signature.score import shortest_half

LEARN_VALUES = 60
"""Fewest values a limit is learned from ..."""
LEARN_S = 600.0
"""... and the shortest time they span: many cycles, where a signal is sampled within each ..."""
WIDTH_SD = 5.0
"""... which lies this many standard deviations from their median ..."""
TAIL = 0.01
TAIL_FACTOR = 1.5
"""... and this many times as far as their `TAIL` quantile ..."""
LEAST_SHARE = 0.05
"""... and this share of the median."""
SETTLED_SHARE = 0.01
"""Share of the median by which the two halves of the values may differ, if not by one sd."""
HYSTERESIS = 0.25
"""A learned limit counts as left from this share of its distance to the median inside it."""
ZONE_HYSTERESIS = 0.1
"""A zone counts as left from this share below its bound."""

_HIGH_IS_BAD = re.compile(
    r"(vibration|temp|motor_temp|current|motor_current|tool_current|grip_time)"
)
_LOW_IS_BAD = re.compile(r"(vacuum|battery|charge|state_of_charge)")


@dataclass(frozen=True)
class Limit:
    """The band a signal should stay in; None: open on that side.

    Attributes
    ----------
    low, high : float or None
        Values beyond are outside.
    calm_low, calm_high : float or None
        Values within these are calm: what ends a warning.
    basis : str
        Where the limit comes from.
    """

    low: float | None
    high: float | None
    calm_low: float | None
    calm_high: float | None
    basis: str

    def outside(self, value: float) -> bool:
        """Whether a value is beyond the limit."""
        over = self.high is not None and value > self.high
        return over or (self.low is not None and value < self.low)

    def calm(self, value: float) -> bool:
        """Whether a value is clearly inside the limit."""
        under = self.calm_high is None or value <= self.calm_high
        return under and (self.calm_low is None or value >= self.calm_low)

    def concerned(self, value: float) -> float | None:
        """Return the limit that a value is beyond, else the nearer one."""
        if self.low is None or self.high is None:
            return self.high if self.low is None else self.low
        return self.high if self.high - value <= value - self.low else self.low

    def side(self, value: float) -> str:
        """Return ``high`` or ``low``: the limit `concerned`."""
        return "high" if self.concerned(value) == self.high else "low"


def zone_limit(zones: Zones) -> Limit:
    """Return the limit of a vibration: the bound between zones B and C."""
    bound = zones.bc_mm_s
    basis = f"zone B/C of {zones.standard}, {zones.group}"
    return Limit(None, bound, None, bound * (1 - ZONE_HYSTERESIS), basis)


def bad_sides(signal: str) -> tuple[bool, bool]:
    """Return whether a low and whether a high value of a signal is bad, by its name."""
    if _LOW_IS_BAD.match(signal):
        return True, False
    return (False, True) if _HIGH_IS_BAD.match(signal) else (True, True)


class Learner:
    """Learns the limit of one signal of one asset from its first values, once they are settled.

    While the medians of the two halves of the values differ (a motor that warms up), the older
    half is dropped and learning goes on: a signal that never settles never gets a limit, and says
    so.

    Parameters
    ----------
    signal : str
        Its name says which side is bad.
    n_values : int
        Fewest values to learn from.
    span_s : float, optional
        Shortest time they span; by default `LEARN_S`.
    design : float, optional
        What the signal should be by design, where it is known.
    """

    def __init__(
        self,
        signal: str,
        n_values: int = LEARN_VALUES,
        span_s: float | None = None,
        *,
        design: float | None = None,
    ) -> None:
        self._sides = bad_sides(signal)
        self._design = design
        self._n = n_values
        self._span_s = LEARN_S if span_s is None else span_s
        self._times: list[float] = []
        self._values: list[float] = []
        self.extended = False

    @property
    def why(self) -> str:
        """Say why there is no limit yet."""
        if self.extended:
            return "learning: its values have not settled yet"
        known_s = self._times[-1] - self._times[0] if self._times else 0.0
        share = f"{known_s:.0f} of {self._span_s:.0f} s"
        return f"learning: {len(self._values)} of {self._n} values, {share}"

    def update(self, time_s: float, value: float) -> Limit | None:
        """Take one value; return the limit when it is learned."""
        self._times.append(time_s)
        self._values.append(value)
        if len(self._values) < self._n or time_s - self._times[0] < self._span_s:
            return None
        values = np.array(self._values)
        half = len(values) // 2
        median = float(np.median(values))
        sd = shortest_half(values)[1]
        moved = abs(float(np.median(values[half:]) - np.median(values[:half])))
        settled_sd = shortest_half(values[half:])[1]
        if moved > max(settled_sd, SETTLED_SHARE * abs(median)):
            self._times, self._values = self._times[half:], self._values[half:]
            self.extended = True
            return None
        return _by_design(_learned(values, median, sd, self._sides), median, self._design)


def _by_design(learned: Limit, median: float, design: float | None) -> Limit:
    """Return a limit around the design value where what was learned lies beyond such a limit.

    A fault that is there from the start is not learned as usual. Only on the bad side: what is
    better than its design is learned.
    """
    if design is None or design <= 0:
        return learned
    shift = design - median
    high = learned.high is not None and median > design + (learned.high - median)
    low = learned.low is not None and median < design - (median - learned.low)
    if not (high or low):
        return learned
    basis = f"design {design:.4g}: its own first values, median {median:.4g}, are beyond it"
    return Limit(
        low=_moved(learned.low, shift),
        high=_moved(learned.high, shift),
        calm_low=_moved(learned.calm_low, shift),
        calm_high=_moved(learned.calm_high, shift),
        basis=basis,
    )


def _moved(bound: float | None, shift: float) -> float | None:
    return None if bound is None else bound + shift


def _learned(values: np.ndarray, median: float, sd: float, sides: tuple[bool, bool]) -> Limit:
    least = max(WIDTH_SD * sd, LEAST_SHARE * abs(median), 1e-9)
    tails = np.quantile(values, [TAIL, 1 - TAIL])
    low_m = max(least, TAIL_FACTOR * (median - float(tails[0])))
    high_m = max(least, TAIL_FACTOR * (float(tails[1]) - median))
    calm = 1 - HYSTERESIS
    low, high = sides
    low |= float(tails[0]) < 0  # a signed value: large in either direction
    return Limit(
        low=median - low_m if low else None,
        high=median + high_m if high else None,
        calm_low=median - calm * low_m if low else None,
        calm_high=median + calm * high_m if high else None,
        basis=f"learned from {len(values)} of its own values: median {median:.4g}, sd {sd:.2g}",
    )
