"""Change detection: stretches of a series whose mean differs from its expectation.

A generalised likelihood ratio scan over all stretches [i, j): with standardised residuals z of
expectation 0 and variance 1, twice the log-likelihood ratio of a shifted mean in the stretch is
(sum z)^2 / (j - i) (Siegmund 1985; Lorden 1971 for the one-sided sequential form). Residuals are
winsorised, so that single outliers weigh little. The p-value multiplies the two-sided normal tail
by the number of stretches (Bonferroni), which is safe but not sharp.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

WINSOR = 4.0
"""Residuals are cut at plus and minus this many standard deviations."""
ALPHA = 1e-4
"""Highest p-value of a stretch (all stretches of one series counted)."""
MIN_LENGTH = 5
"""Fewest samples in a stretch."""
OPEN_SHARE = 0.05
"""A stretch that ends this close to the end of the series (of its own length) goes on."""
_BLOCKS = 256
_ROUNDS = 8
_DIFFERENCE_TO_SD = 0.9539
"""Median of |x1 - x2| over the standard deviation, for normal x."""


@dataclass(frozen=True)
class Stretch:
    """Samples ``start`` to ``stop`` (excluded) with a mean `shift` standard deviations off."""

    start: int
    stop: int
    shift: float
    log10_p: float

    def goes_on(self, n: int) -> bool:
        """Whether it reaches the end of a series of `n`, as far as noise lets one tell."""
        return n - self.stop <= max(MIN_LENGTH, OPEN_SHARE * (self.stop - self.start))


def p_value_of(log10_p: float) -> float:
    """Return 10**log10_p; 0 stands for less than 1e-300."""
    return float(10.0**log10_p) if log10_p > -300 else 0.0


def robust_sd(values: Floats) -> float:
    """Return the standard deviation from neighbours' differences: blind to shifts and outliers."""
    if len(values) < 3:
        return 0.0
    return float(np.median(np.abs(np.diff(values))) / _DIFFERENCE_TO_SD)


def standardised(residuals: Floats, sd: float, floor: float) -> Floats:
    """Return winsorised z of residuals; the larger of expected and observed spread counts.

    Spread is observed twice: without outliers, and after winsorising with what is left of them.
    """
    scale = max(sd, robust_sd(residuals), floor)
    z = np.clip(residuals / scale, -WINSOR, WINSOR)
    steps = np.diff(z)
    left = float(np.sqrt(np.mean(steps**2) / 2)) if len(steps) else 1.0
    return z / max(1.0, left)


def mean_effect(residuals: Floats) -> float:
    """Return the mean of residuals, those far from the median cut back to a near value."""
    middle = float(np.median(residuals))
    reach = WINSOR * max(robust_sd(residuals), 1e-12)
    return float(np.clip(residuals, middle - reach, middle + reach).mean())


def find_stretches(z: Floats, effect: Floats, least_effect: float) -> list[Stretch]:
    """Return the significant stretches whose mean effect is large enough, in order.

    Parameters
    ----------
    z : array
        Winsorised standardised residuals (`standardised`).
    effect : array, same length
        Residuals in units of people (seconds, or relative).
    least_effect : float
        Smallest |mean effect| worth a flag; smaller shifts are accepted as the normal level.
    """
    rest = z.copy()
    found: list[Stretch] = []
    for _ in range(_ROUNDS):
        best = _best(rest)
        if best is None or best.log10_p > np.log10(ALPHA):
            break
        inside = slice(best.start, best.stop)
        if abs(mean_effect(effect[inside])) >= least_effect:
            found.append(best)
            rest[inside] = 0.0
        else:
            rest[inside] -= rest[inside].mean()
    return _joined(sorted(found, key=lambda s: s.start))


def _best(z: Floats) -> Stretch | None:
    """Return the stretch with the highest likelihood ratio: blocks first, then sample by sample."""
    n = len(z)
    if n < MIN_LENGTH:
        return None
    sums = np.concatenate([[0.0], np.cumsum(z)])
    edges = np.unique(np.linspace(0, n, min(n, _BLOCKS) + 1).astype(np.intp))
    score = _scores(sums, edges[:, None], edges[None, :])
    i, j = np.unravel_index(np.argmax(score), score.shape)
    step = n // _BLOCKS + 1
    start, stop = int(edges[i]), int(edges[j])
    for _ in range(2):
        starts = np.arange(max(0, start - step), min(n, start + step + 1))
        start = int(starts[np.argmax(_scores(sums, starts, np.array(stop)))])
        stops = np.arange(max(0, stop - step), min(n, stop + step) + 1)
        stop = int(stops[np.argmax(_scores(sums, np.array(start), stops))])
    if stop - start < MIN_LENGTH:
        return None
    return _stretch(sums, start, stop)


def _scores(sums: Floats, starts: npt.NDArray[np.intp], stops: npt.NDArray[np.intp]) -> Floats:
    length = stops - starts
    valid = length >= MIN_LENGTH
    score: Floats = np.where(
        valid, (sums[stops] - sums[starts]) ** 2 / np.where(valid, length, 1), -1.0
    )
    return score


def _stretch(sums: Floats, start: int, stop: int) -> Stretch:
    n, length = len(sums) - 1, stop - start
    total = float(sums[stop] - sums[start])
    log_tail = float(special.log_ndtr(-abs(total) / np.sqrt(length))) + np.log(2.0)
    log10_p = min(0.0, (log_tail + np.log(n * (n + 1) / 2)) / np.log(10.0))
    return Stretch(start, stop, total / length, float(log10_p))


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Join neighbours of the same sign with less than their own length between them."""
    kept: list[Stretch] = []
    for new in stretches:
        last = kept[-1] if kept else None
        near = last is not None and new.start - last.stop <= 0.2 * (last.stop - last.start)
        if last is not None and near and last.shift * new.shift > 0:
            kept[-1] = Stretch(
                last.start, new.stop, (last.shift + new.shift) / 2, min(last.log10_p, new.log10_p)
            )
        else:
            kept.append(new)
    return kept
