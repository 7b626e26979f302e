"""Robust log scores: where a stream's cycles lie, and how far a cycle lies from there."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from twin.flags.detector.design import SD_FLOOR, SPREAD_WEIGHT, Known
from twin.flags.detector.memory import NOTHING, Carry, carried, memory_of, rest_of

Floats = npt.NDArray[np.float64]

WINSOR = 3.0
"""Scores are cut at plus and minus this many standard deviations."""
STOP_Z = 3.0
"""A cycle this many standard deviations too long holds a micro-stop ..."""
LEAST_STOP = math.log(1.1)
"""... if it is a tenth too long at least."""
MAD_TO_SD = 1.4826
_NORMAL_KURTOSIS = 2.8


@dataclass(frozen=True)
class Frame:
    """Where log cycle times lie, how far they spread, and how far neighbours hang together.

    Attributes
    ----------
    centre, scale
        Median and standard deviation of the logarithms.
    kurtosis
        Of the innovations.
    phi
        Correlation of neighbours, between 0 and `memory.MOST_PHI`.
    width
        Standard deviation of ``z - phi z_before``.
    rest
        Variance of means of innovations in units of independent ones: what `phi` leaves.
    """

    centre: float
    scale: float
    kurtosis: float = _NORMAL_KURTOSIS
    phi: float = 0.0
    width: float = 1.0
    rest: float = 1.0

    @property
    def gain(self) -> float:
        """Shift of the mean innovation by a shift of the mean score of 1."""
        return (1 - self.phi) / self.width

    @property
    def least_stop(self) -> float:
        """Innovation from which on a cycle holds a micro-stop."""
        return max(STOP_Z, LEAST_STOP / self.scale / self.width)

    @property
    def dependence(self) -> float:
        """Variance of the mean score of many cycles, in units of independent ones."""
        return self.rest / self.gain**2

    def z(self, logs: Floats) -> Floats:
        """Return the scores, not cut."""
        scores: Floats = (logs - self.centre) / self.scale
        return scores

    def innovations(self, z: Floats, before: Carry | None) -> tuple[Floats, Carry]:
        """Return what is new in each score: (z - phi z_before) / width, and what is carried on.

        Parameters
        ----------
        z : array
            Scores, not cut.
        before : Carry or None
            What the cycles before carry on; None: nothing is known of them.
        """
        if self.phi == 0.0 or not len(z):
            return z, before or NOTHING
        start = before or Carry(float(np.clip(z[0], -WINSOR, WINSOR)) * (1 - self.width), 1)
        earlier, carry = carried(z, self.phi, start)
        if before is None:
            earlier[0] = start.score
        new: Floats = (z - earlier) / self.width
        return new, carry


def _width(frame: Frame, z: Floats) -> float:
    """Return the standard deviation of innovations: their own, by MAD, and of the scores before."""
    usual = math.sqrt(1 - frame.phi**2)
    new, _ = frame.innovations(z, None)
    own = MAD_TO_SD * float(np.median(np.abs(new - np.median(new))))
    w, n = SPREAD_WEIGHT, len(z)
    return math.sqrt((w * usual**2 + n * own**2) / (w + n))


def stops_in(logs: Floats, frame: Frame) -> float:
    """Return the number of cycles with a micro-stop."""
    if not len(logs):
        return 0.0
    new, _ = frame.innovations(frame.z(logs), None)
    return float(np.sum(new > frame.least_stop))


def robust_frame(logs: Floats, design: Known | None, before: Frame | None = None) -> Frame:
    """Return the frame of cycles and what is known before: a design, or the frame before a change.

    Median and MAD of the data, joined with the design by their weights in cycles. Of the frame
    before a change its scale and its memory are kept until the data speak.
    """
    n = len(logs)
    if n == 0:
        return Frame(design.centre, design.sd) if design else Frame(0.0, 1.0)
    middle = float(np.median(logs))
    mad = MAD_TO_SD * float(np.median(np.abs(logs - middle)))
    scale, w = mad, SPREAD_WEIGHT
    known = design.sd if design is not None else before.scale if before is not None else None
    if known is not None:
        scale = math.sqrt((w * known**2 + n * mad**2) / (w + n))
    scale = max(scale, SD_FLOOR)
    if design is not None:
        weight = design.weight(scale)
        middle = (weight * design.centre + n * middle) / (weight + n)
    phi = memory_of((logs - middle) / scale, before.phi if before is not None else None)
    frame = Frame(middle, scale, phi=phi)
    if phi > 0.0:
        frame = replace(frame, width=_width(frame, frame.z(logs)))
    new = np.clip(frame.innovations(frame.z(logs), None)[0], -WINSOR, WINSOR)
    return replace(frame, kurtosis=_kurtosis(new), rest=rest_of(new))


def _kurtosis(scores: Floats) -> float:
    if len(scores) < 64:
        return _NORMAL_KURTOSIS
    off = scores - scores.mean()
    second = float(np.mean(off**2))
    return float(np.clip(np.mean(off**4) / second**2, 1.8, 9.0)) if second > 0 else 9.0
