"""How far neighbouring cycles hang together.

Cycles of one machine are seldom independent: temperature, lots, wear of a tool. A first-order
autoregression z[k] = phi z[k-1] + e[k] takes the largest part of that away; its innovations e are
watched instead of the scores (Alwan and Roberts 1988). What it leaves, a longer memory, widens the
variance of means (Newey and West 1987).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_PHI = 0.9
"""Largest correlation of neighbours allowed for: with a larger one, no level is left to watch."""
LEAST_N = 12
"""Fewest cycles from which it is estimated."""
PRIOR_N = 30.0
"""Cycles for which the memory before a change counts after it."""
_REACH, _FAR = 3.0, 5.0
"""Scores: beyond the first a leap is a micro-stop; the largest that is carried on."""
_WEAK, _SURE = 1.0, 2.5
"""Standard errors up to which a correlation is taken for chance, and from which it is believed."""
_LAGS = 1.5


@dataclass(frozen=True)
class Carry:
    """What cycles leave to the next.

    Attributes
    ----------
    score, age
        The last score that says something of the next, and how many cycles ago it was.
    cut
        The last score, cut.
    """

    score: float
    age: int
    cut: float = 0.0


NOTHING = Carry(0.0, 1)


def carried(z: Floats, phi: float, before: Carry) -> tuple[Floats, Carry]:
    """Return what is expected of each score by those before it, and what the last carries on.

    A score that leaps beyond 3 is a micro-stop and says nothing of the next: what was before it
    does.
    """
    at, cut = np.arange(len(z)), np.clip(z, -_FAR, _FAR)
    leap = z - phi * np.concatenate([[before.cut], cut[:-1]])
    usable = (z <= _REACH) | (leap <= _REACH * math.sqrt(1 - phi * phi))
    last = np.maximum.accumulate(np.where(usable, at, -1))
    score = np.where(last >= 0, cut[last], before.score)
    age = np.where(last >= 0, at - last + 1, at + 1 + before.age)
    expected = np.concatenate([[phi**before.age * before.score], phi ** age[:-1] * score[:-1]])
    return expected, Carry(float(score[-1]), int(age[-1]), float(cut[-1]))


def memory_of(z: Floats, before: float | None) -> float:
    """Return phi of scores, with the bias of short streams removed (Kendall 1954).

    Pairs with a score beyond 3 are left out: micro-stops hide the memory. A standard error
    is added, as too small a phi costs more than too large a one.
    """
    n = len(z)
    phi = _estimate(z) if n >= LEAST_N else 0.0
    if before is not None:
        w = PRIOR_N / (PRIOR_N + n)
        phi = w * before + (1 - w) * phi
    return phi


def _estimate(z: Floats) -> float:
    inside = np.abs(z) <= _REACH
    if inside.sum() < LEAST_N:
        return 0.0
    off = z - z[inside].mean()
    pairs = inside[1:] & inside[:-1]
    n = int(pairs.sum())
    total = float(np.mean(off[inside] ** 2))
    if n < LEAST_N or total <= 0:
        return 0.0
    r = float(np.mean(off[1:][pairs] * off[:-1][pairs])) / total
    r += (1 + 3 * r) / n
    belief = (r * math.sqrt(n) - _WEAK) / (_SURE - _WEAK)
    error = math.sqrt(max(1 - r * r, 0.0) / n)
    return min(max(belief, 0.0), 1.0) * min(max(r + error, 0.0), MOST_PHI)


def rest_of(new: Floats) -> float:
    """Return the variance of means of innovations in units of independent ones, 1 at least.

    A sum of correlations with falling weights; what lies within two standard errors is chance.
    """
    n = len(new)
    lags = int(_LAGS * n ** (1 / 3))
    if n < 64:
        return 1.0
    off = new - new.mean()
    total = float(off @ off)
    if total <= 0:
        return 1.0
    found = 1.0
    for lag in range(1, lags + 1):
        found += 2 * (1 - lag / (lags + 1)) * float(off[lag:] @ off[:-lag]) / total
    return found if found > 1 + 2 * math.sqrt(4 * lags / (3 * n)) else 1.0
