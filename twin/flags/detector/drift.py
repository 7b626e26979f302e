"""Whether a change of the level came at once or crept in."""

from __future__ import annotations

import numpy as np

from twin.flags.detector.frame import Floats, Frame

LEAST_GAIN = 6.5
"""Twice the log-likelihood a ramp must gain on a step: one more parameter, p about 0.01."""
_BLOCKS = 120
_GRID = 24
LEAST_CYCLES = 30
"""Fewest cycles from which a drift can be told from a step."""


def is_drift(before: Floats, after: Floats, frame: Frame, effect: float) -> bool:
    """Return whether a ramp from one level to another explains the cycles better than a step.

    Least squares with a free first level over a grid of beginnings and ends of the ramp, on means
    of blocks of cycles cut at three standard deviations beyond either level; a step is a ramp of
    no length.
    """
    n = len(before) + len(after)
    if len(after) < LEAST_CYCLES:
        return False
    ends = sorted((frame.centre, frame.centre + float(np.log1p(effect))))
    logs = np.clip(
        np.concatenate([before, after]), ends[0] - 3 * frame.scale, ends[1] + 3 * frame.scale
    )
    edges = np.linspace(0, n, min(n, _BLOCKS) + 1).astype(np.intp)
    sizes = np.diff(edges).astype(np.float64)
    means = np.add.reduceat(logs, edges[:-1]) / sizes - frame.centre
    steps = np.diff(logs)
    noise = max(float(np.mean(steps**2)) / 2, frame.scale**2 * 0.25)
    middle = (edges[:-1] + edges[1:]) / 2 / n
    shapes, is_step = _shapes(middle)
    means = means - float(sizes @ means) / n
    shapes = shapes - (shapes @ sizes / n)[:, None]
    weighted = shapes * sizes
    gain = np.maximum(weighted @ means * np.sign(effect), 0.0) ** 2
    gain /= np.maximum((weighted * shapes).sum(axis=1), 1e-12)
    return bool(gain[~is_step].max() - gain[is_step].max() > LEAST_GAIN * noise)


def _shapes(x: Floats) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return ramps from 0 at a to 1 at b; steps where a = b, at every place."""
    marks = np.linspace(0, 1.5, _GRID + _GRID // 2 + 1)
    a, b = np.meshgrid(marks[marks < 1], marks, indexing="ij")
    keep = b - a >= 0.15
    a, b = a[keep], b[keep]
    ramps = np.clip((x[None, :] - a[:, None]) / (b - a)[:, None], 0.0, 1.0)
    steps = (x[None, :] >= x[:, None]).astype(np.float64)
    is_step = np.zeros(len(ramps) + len(steps), dtype=np.bool_)
    is_step[len(ramps) :] = True
    return np.vstack([ramps, steps]), is_step
