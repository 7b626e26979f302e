"""Two-sample likelihood ratios of three channels: level, spread, micro-stops.

All are twice a log-likelihood ratio of "the last n cycles differ from the m before" against "they
do not", with the parameters of both sides estimated. So a short baseline is an uncertain one, and
counts as such: that is what makes false alarms hold on fresh data.

* level: (mean - mean0)^2 / (v (1/n + 1/m)), as d ln(1 + T / d) with d degrees of freedom (Student);
  v is the variance from neighbours' steps, which a shift does not inflate, or that of the
  baseline if larger, in innovations
  of an autoregression where neighbours hang together;
* spread: (n + m) ln v_all - n ln v - m ln v0, times 2 / (kurtosis - 1) for scores that are not
  normal; growth only;
* micro-stops: Poisson, 2 (k ln(k / e) + k0 ln(k0 / e0)), e the numbers at one common rate; growth
  only; half a stop in 50 cycles joins the baseline, for baselines without any.

Sources: Siegmund and Venkatraman 1995 (likelihood ratio with unknown change point); Hawkins and
Zamba 2005 (change of mean or variance with unknown baseline); Przyborowski and Wilenski 1940
(two Poisson rates).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from twin.flags.detector.frame import Floats, Frame
from twin.flags.detector.sums import STEP2, STOPS, W2, Extra, Indices, W

LEVEL, SPREAD, MICRO = range(3)
CHANNELS = ("level", "spread", "micro_stops")

WARM = 64
"""Cycles of a baseline below which only its level is compared."""
LONGEST = 1536
"""Longest stretch of cycles compared with the baseline."""
SHORTEST = 5
LEAST_SPREAD_N = 12
"""Fewest cycles whose spread is compared: one outlier among few is no spread."""
PRICE = 2.0
"""Threshold per logarithm of the number of stretches like it."""
LEAST_PRICED = 256.0
"""Shortest baseline for which a lower price is asked."""
LEAST_KNOWN = 8.0
"""Cycles a baseline must count for, design included, before anything is compared with it."""
_STOPS_PRIOR, _CYCLES_PRIOR = 0.5, 50.0
_STEPS_PRIOR = 10.0


def candidate_lengths() -> list[tuple[int, Indices]]:
    """Return lengths of stretches, by stride: every 1, 2, 4 ... cycles they are looked at."""
    lengths = [*range(SHORTEST, 9)]
    while lengths[-1] < LONGEST:
        lengths.append(min(LONGEST, int(np.ceil(lengths[-1] * 1.15))))
    groups: dict[int, list[int]] = {}
    for n in lengths:
        groups.setdefault(1 << max(0, n // 16).bit_length() >> 1 or 1, []).append(n)
    return [(stride, np.array(ns, dtype=np.intp)) for stride, ns in groups.items()]


def price(n: npt.ArrayLike, m: npt.ArrayLike) -> Floats:
    """Return how much better than the longest a stretch of `n` cycles must be, after `m` healthy.

    A stream holds so many more short stretches than long ones, and each may be extreme by chance:
    with 2 ln(longest / n) on twice a log-likelihood ratio, all lengths raise about as many false
    alarms (Siegmund and Venkatraman 1995; Dumbgen and Spokoiny 2001). Long stretches after a short
    baseline differ little from each other, as all are compared with the same few cycles: m / (m +
    n) is the share of the variance that is their own.
    """
    n, m = np.minimum(n, LONGEST), np.maximum(m, LEAST_PRICED)
    return np.asarray(PRICE * np.log(LONGEST / n * m / (m + n)))


def statistics(
    table: Floats, stop: Indices, n: Indices, *, frame: Frame, extra: Extra, cap: int
) -> Floats:
    """Return the three statistics of stretches [stop - n, stop), their price off.

    They are compared with what is before them.

    Parameters
    ----------
    table : array (4, cycles + 1)
        Prefix sums of the segment.
    stop, n : arrays that broadcast
        Stretches, in cycles of the segment.
    extra : Extra
        Cycles before the segment that belong to the baseline.
    cap : int
        Cycle of the segment from which on nothing is learned.

    Returns
    -------
    array (3, ...)
    """
    stop, n = np.broadcast_arrays(stop, n)
    start = stop - n
    held = np.minimum(np.maximum(start, 0), cap)
    window = table[:, stop] - table[:, np.maximum(start, 0)]
    base = table[:, held] + np.array(extra.sums).reshape((4,) + (1,) * stop.ndim)
    m = (held + extra.n).astype(np.float64)
    known = np.maximum(m + extra.weight, 0.5)
    good = (start >= 0) & (m + extra.weight >= LEAST_KNOWN)
    mean, mean0 = window[W] / n, (base[W] + extra.weight * extra.mean) / known
    own = base[W] / np.maximum(m, 1.0)
    var0 = np.maximum(base[W2] / np.maximum(m, 1.0) - own**2, 1e-4)
    steps = (_STEPS_PRIOR + window[STEP2] + base[STEP2]) / (_STEPS_PRIOR + n + m)
    warm = good & (m >= WARM)
    noise = np.maximum(steps, np.where(warm, var0, 0.0)) * frame.rest
    t = (mean - mean0) ** 2 / (noise * (1 / n + 1 / known))
    freedom = n + m + _STEPS_PRIOR
    level = freedom * np.log1p(t / freedom)
    found = np.stack(
        [
            np.where(good, level, 0.0),
            np.where(warm & (n >= LEAST_SPREAD_N), _spread(window, n, var0, m, frame), 0.0),
            np.where(warm, _micro(window[STOPS], n, base[STOPS], m), 0.0),
        ]
    )
    less: Floats = found - price(n, m)
    return less


def _spread(
    window: Floats, n: npt.NDArray[np.intp], var0: Floats, m: Floats, frame: Frame
) -> Floats:
    var = np.maximum(window[W2] / n - (window[W] / n) ** 2, 1e-4)
    both = (n * var + m * var0) / (n + m)
    ratio = (n + m) * np.log(both) - n * np.log(var) - m * np.log(var0)
    scaled: Floats = np.where(var > var0, ratio * 2 / (frame.kurtosis - 1), 0.0)
    return scaled


def _micro(k: Floats, n: npt.NDArray[np.intp], k0: Floats, m: Floats) -> Floats:
    k0, m = k0 + _STOPS_PRIOR, m + _CYCLES_PRIOR
    rate = (k + k0) / (n + m)
    more = (k > 0) & (k / n > k0 / m)
    ratio = 2 * (k * np.log(np.maximum(k, 1) / (n * rate)) + k0 * np.log(k0 / (m * rate)))
    scaled: Floats = np.where(more, ratio, 0.0)
    return scaled
