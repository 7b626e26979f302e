"""When a change began, to the cycle."""

from __future__ import annotations

import numpy as np

from twin.flags.detector.change import Cause
from twin.flags.detector.frame import WINSOR, Floats, Frame


def onset(logs: Floats, frame: Frame, cause: Cause, centre: float, effect: float) -> int | None:
    """Return the most likely first cycle of a change in a stretch that ends in it.

    Maximum likelihood with both sides known: the cycle from which on the sum of the log-likelihood
    ratios of "changed" against "as before" is largest. A step: (x - middle of both levels), times
    its sign; a spread r times as large: z^2 (1 - 1/r^2) / 2 - ln r. None for drifts and
    micro-stops, which leave too little trace in one cycle.
    """
    if cause in {"slow", "fast"}:
        low, high = sorted((frame.centre, centre))
        reach = WINSOR * frame.scale
        gain = np.clip(logs, low - reach, high + reach) - (low + high) / 2
        gain = gain if centre > frame.centre else -gain
    elif cause == "spread" and effect > 1:
        z = np.clip(frame.z(logs), -2 * WINSOR, 2 * WINSOR)
        gain = z * z * (1 - 1 / effect**2) / 2 - np.log(effect)
    else:
        return None
    after = np.cumsum(gain[::-1])[::-1]
    return int(np.argmax(after))
