"""What kind of change a stretch of cycles is, compared with the healthy ones.

Medians and MADs, so that one kind does not look like another: micro-stops move neither, a larger
spread does not move the median, a slower level does not move the MAD.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from twin.flags.detector.change import Cause, Change
from twin.flags.detector.channels import price
from twin.flags.detector.design import Known, Options
from twin.flags.detector.drift import is_drift
from twin.flags.detector.frame import Floats, Frame, robust_frame, stops_in

_CUT, _INSIDE, _CUT_MEAN_SD = 1.5, 0.8664, 1.0182
"""Where scores are cut, the share of a normal inside, and the standard deviation of the mean."""
_LOG_MAD_SD = 1.1664
HALF = 0.5
LEAST_Z = 3.0
"""Standard errors a channel must be off to be named."""


@dataclass(frozen=True)
class Reference:
    """What is taken for normal."""

    logs: Floats
    frame: Frame
    weight: float
    middle: float

    @classmethod
    def of(cls, logs: Floats, design: Known | None) -> Reference:
        """Return the reference of healthy cycles and a design."""
        frame = robust_frame(logs, design)
        weight = design.weight(frame.scale) if design else 0.0
        middle = frame.centre
        if len(logs):
            own = _middle(logs, float(np.median(logs)), frame.scale)
            known = len(logs) * frame.gain**2 / frame.rest
            middle = (own * known + weight * design.centre) / (known + weight) if design else own
        return cls(logs, frame, weight, middle)

    @property
    def n(self) -> int:
        """Healthy cycles it rests on."""
        return len(self.logs)

    @property
    def stop_share(self) -> float:
        """Share of its cycles with a micro-stop; half a stop in 50 cycles is added."""
        return (stops_in(self.logs, self.frame) + 0.5) / (self.n + 50.0)


@dataclass(frozen=True)
class Verdict:
    """A kind of change, if it is one that counts."""

    cause: Cause | None
    effect: float = 0.0
    observed: float = 0.0
    level: float = 0.0
    """Relative change of the median, significant or not."""
    excess: float = 0.0
    """How far the squared robust z is above the threshold of its channel."""
    differs: bool = False
    """Whether something is off by more than chance, even if too little to be told."""

    @property
    def family(self) -> str:
        """Changes of one family continue each other: slow and drift, for instance."""
        if self.cause is None:
            return ""
        return family(self.cause, self.effect)

    def ends(self, open_: Change) -> bool:
        """Whether a finding that is open ends with this: half of it must have gone."""
        if self.cause is not None:
            return self.family != family(open_.cause, open_.effect)
        of_level = open_.cause in {"slow", "fast", "drift"}
        return not of_level or self.level / open_.effect < HALF


def family(cause: Cause, effect: float) -> str:
    """Return what a change must share with another to be the same one."""
    if cause in {"slow", "fast", "drift"}:
        return "up" if effect > 0 else "down"
    return cause


def judge(
    logs: Floats, reference: Reference, options: Options, *, before: Floats, was_open: Change | None
) -> Verdict:
    """Say what a stretch of cycles is.

    Parameters
    ----------
    logs : array
        Log cycle times of the stretch.
    reference : Reference
        What is normal.
    options : Options
        Smallest effects; half of them is enough for a finding that is open (hysteresis).
    before : array
        Log cycle times just before the stretch, for telling a drift from a step.
    was_open : Change or None
        The finding that is open.
    """
    frame = reference.frame
    centre = float(np.median(logs))
    mad = 1.4826 * float(np.median(np.abs(logs - centre)))
    enough = 0.5 if was_open is not None else 1.0
    found = [
        _level(logs, centre, mad, reference),
        _spread(mad, len(logs), reference),
        _stops(logs, centre, mad, reference),
    ]
    least = (options.least_level, options.least_spread - 1.0, options.least_stops)
    size = (abs(found[0][1]), found[1][1] - 1.0, found[2][1])
    named = [
        (found[k][0], k)
        for k in range(3)
        if found[k][0] >= LEAST_Z and size[k] >= enough * least[k]
    ]
    if not named:
        differs = max(f[0] for f in found) >= LEAST_Z
        return Verdict(None, observed=centre, level=found[0][1], differs=differs)
    z, k = max(named)
    effect = found[k][1]
    cause: Cause = ("slow" if effect > 0 else "fast", "spread", "micro_stops")[k]
    if k == 0 and is_drift(before, logs, frame, effect, opens=was_open is None):
        cause = "drift"
    excess = z * z - options.thresholds[k] - float(price(len(logs), reference.n))
    return Verdict(cause, effect, centre, found[0][1], excess, differs=True)


def _level(logs: Floats, centre: float, mad: float, reference: Reference) -> tuple[float, float]:
    """Return standard errors and relative change of the middle, by means of cut scores."""
    frame = reference.frame
    scale = max(mad, frame.scale)
    known = reference.n * frame.gain**2 / frame.rest + reference.weight
    error = math.sqrt(scale**2 * frame.dependence / len(logs) + frame.scale**2 / max(known, 1.0))
    shift = _middle(logs, centre, scale) - reference.middle
    return abs(shift) / (_CUT_MEAN_SD * error), math.expm1(centre - frame.centre)


def _middle(logs: Floats, centre: float, scale: float) -> float:
    """Return one step from the median towards the mean of cut scores (Huber 1964).

    It is as robust as the median, and nearly as sharp as the mean.
    """
    cut = np.clip((logs - centre) / scale, -_CUT, _CUT)
    return centre + scale * float(cut.mean()) / _INSIDE


def _spread(mad: float, n: int, reference: Reference) -> tuple[float, float]:
    if reference.n < 32:
        return 0.0, 1.0
    ratio, square = max(mad, 1e-9) / reference.frame.scale, reference.frame.phi**2
    clumps = math.sqrt((1 + square) / (1 - square))
    return math.log(ratio) / (clumps * _LOG_MAD_SD * math.sqrt(1 / n + 1 / reference.n)), ratio


def _stops(logs: Floats, centre: float, mad: float, reference: Reference) -> tuple[float, float]:
    if reference.n < 32:
        return 0.0, 0.0
    n, usual = len(logs), reference.stop_share
    own = replace(reference.frame, centre=centre, scale=max(mad, reference.frame.scale))
    k = stops_in(logs, own)
    m, k0 = reference.n + 50.0, usual * (reference.n + 50.0)
    rate = (k + k0) / (n + m)
    if k / n <= usual:
        return 0.0, 0.0
    ratio = 2 * (k * math.log(k / (n * rate)) + k0 * math.log(k0 / (m * rate)))
    return math.sqrt(max(ratio, 0.0)), k / n - usual
