"""Whether a change of the level came at once or crept in."""

from __future__ import annotations

import numpy as np

from twin.flags.detector.frame import Floats, Frame

LEAST_ODDS, OPENING_ODDS = 0.25, 3.0
"""Logarithm of the posterior odds from which a change is a drift: later, and when it is first told.

What has just passed a threshold seems to rise.
"""
_BLOCKS = 120
_GRID = 24
_LONGEST = 1.5
"""End of the latest ramp, in lengths of what is seen: one may still go on."""
_SHORTEST = 0.15
LEAST_CYCLES = 30
"""Fewest cycles from which a drift can be told from a step."""


def is_drift(
    before: Floats, after: Floats, frame: Frame, effect: float, *, opens: bool = False
) -> bool:
    """Return whether a ramp from one level to another explains the cycles better than a step."""
    if len(after) < LEAST_CYCLES:
        return False
    least = OPENING_ODDS if opens else LEAST_ODDS
    return drift_log_odds(before, after, frame, effect) > least


def drift_log_odds(before: Floats, after: Floats, frame: Frame, effect: float) -> float:
    """Return the logarithm of the posterior odds of a ramp against a step, both as likely before.

    Each is as likely at every place (Bayes factor over a grid of beginnings and ends of the ramp, a
    ramp of no length for the step), with the first level and the height by least squares. So a
    ramp, which has one more parameter, must explain that much more. The data are means of
    blocks of cycles cut at three standard deviations beyond either level, with the variance that
    neighbours have.
    """
    n = len(before) + len(after)
    ends = sorted((frame.centre, frame.centre + float(np.log1p(effect))))
    logs = np.clip(
        np.concatenate([before, after]), ends[0] - 3 * frame.scale, ends[1] + 3 * frame.scale
    )
    edges = np.linspace(0, n, min(n, _BLOCKS) + 1).astype(np.intp)
    sizes = np.diff(edges).astype(np.float64)
    means = np.add.reduceat(logs, edges[:-1]) / sizes - frame.centre
    steps = float(np.mean(np.diff(logs) ** 2)) / 2 / (1 - frame.phi)
    noise = max(steps, frame.scale**2 * 0.25) * frame.dependence
    middle = (edges[:-1] + edges[1:]) / 2 / n
    shapes, is_step = _shapes(middle)
    means = means - float(sizes @ means) / n
    shapes = shapes - (shapes @ sizes / n)[:, None]
    weighted = shapes * sizes
    gain = np.maximum(weighted @ means * np.sign(effect), 0.0) ** 2
    gain /= np.maximum((weighted * shapes).sum(axis=1), 1e-12)
    worth = gain / (2 * noise)
    return _log_mean_exp(worth[~is_step]) - _log_mean_exp(worth[is_step])


def _log_mean_exp(x: Floats) -> float:
    top = float(x.max())
    return top + float(np.log(np.mean(np.exp(x - top))))


def _shapes(x: Floats) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return ramps from 0 at a to 1 at b; steps where a = b, at every place."""
    marks = np.linspace(0, _LONGEST, _GRID + _GRID // 2 + 1)
    a, b = np.meshgrid(marks[marks < 1], marks, indexing="ij")
    keep = b - a >= _SHORTEST
    a, b = a[keep], b[keep]
    ramps = np.clip((x[None, :] - a[:, None]) / (b - a)[:, None], 0.0, 1.0)
    steps = (x[None, :] >= x[:, None]).astype(np.float64)
    is_step = np.zeros(len(ramps) + len(steps), dtype=np.bool_)
    is_step[len(ramps) :] = True
    return np.vstack([ramps, steps]), is_step
