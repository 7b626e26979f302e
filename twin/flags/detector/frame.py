"""Robust log scores: where a stream's cycles lie, and how far a cycle lies from there."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.flags.detector.design import SD_FLOOR, SPREAD_WEIGHT, Design

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
    """Centre and scale of log cycle times, and the kurtosis and dependence of their scores."""

    centre: float
    scale: float
    kurtosis: float = _NORMAL_KURTOSIS
    dependence: float = 1.0
    stop_z: float = STOP_Z

    def z(self, logs: Floats) -> Floats:
        """Return the scores, not cut."""
        scores: Floats = (logs - self.centre) / self.scale
        return scores


def robust_frame(logs: Floats, design: Design | None, scale_before: float | None = None) -> Frame:
    """Return the frame of cycles and what is known before: a design, or a scale alone.

    Median and MAD of the data, joined with the design by their weights in cycles. The dependence
    (1 + r) / (1 - r) widens the variance of means where neighbours have the correlation r.
    """
    n = len(logs)
    if n == 0:
        return Frame(design.centre, design.sd) if design else Frame(0.0, 1.0)
    middle = float(np.median(logs))
    mad = MAD_TO_SD * float(np.median(np.abs(logs - middle)))
    scale, w = mad, SPREAD_WEIGHT
    known = design.sd if design is not None else scale_before
    if known is not None:
        scale = math.sqrt((w * known**2 + n * mad**2) / (w + n))
    scale = max(scale, SD_FLOOR)
    if design is not None:
        weight = design.weight(scale)
        middle = (weight * design.centre + n * middle) / (weight + n)
    w_ = np.clip((logs - middle) / scale, -WINSOR, WINSOR)
    return Frame(middle, scale, _kurtosis(w_), _dependence(w_), max(STOP_Z, LEAST_STOP / scale))


def _kurtosis(scores: Floats) -> float:
    if len(scores) < 64:
        return _NORMAL_KURTOSIS
    off = scores - scores.mean()
    second = float(np.mean(off**2))
    return float(np.clip(np.mean(off**4) / second**2, 1.8, 9.0)) if second > 0 else 9.0


def _dependence(scores: Floats) -> float:
    n = len(scores)
    if n < 32:
        return 1.0
    off = scores - scores.mean()
    total = float(off @ off)
    r = float(off[1:] @ off[:-1]) / total if total > 0 else 0.0
    if r < 2.5 / math.sqrt(n):
        return 1.0
    r = min(r, 0.9)
    return (1 + r) / (1 - r)
