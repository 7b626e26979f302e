"""Fewer points for the same picture."""

from __future__ import annotations

import numpy as np
from tsdownsample import MinMaxLTTBDownsampler

from dashboard.theme import Floats

MOST_POINTS = 1500


def thinned(t_s: Floats, values: Floats, n: int = MOST_POINTS) -> tuple[Floats, Floats]:
    """Return at most `n` of the points, chosen so that the line through them looks the same.

    Times must not decrease; the extremes stay (MinMaxLTTB).
    """
    if len(t_s) <= n:
        return t_s, values
    t = np.ascontiguousarray(t_s, dtype=np.float64)
    v = np.ascontiguousarray(values, dtype=np.float64)
    kept = MinMaxLTTBDownsampler().downsample(t, v, n_out=n)  # type: ignore[no-untyped-call]
    return t[kept], v[kept]
