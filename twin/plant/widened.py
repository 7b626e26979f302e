"""The same duration with another spread: mean kept, standard deviation times a factor."""

from __future__ import annotations

from twin.plant.base import VALUE_KINDS, Duration
from twin.plant.durations import MAX_CV
from twin.plant.moments import WEIBULL_SHAPES, weibull_cv

BY_MOMENTS = frozenset({"lognormal", "gamma", "normal", "uniform", "triangular", "weibull"})
"""Families that stay what they are, with another coefficient of variation."""


def widened(duration: Duration, factor: float) -> Duration | None:
    """Return a duration with the same mean and `factor` times the standard deviation.

    Both moments are exact. Families given by mean and variation keep their family; an exponential
    or Erlang duration becomes a gamma one; limits and values of a family's own are stretched about
    the mean.

    Returns
    -------
    Duration or None
        None where there is no such duration: it has no spread, or would become negative.
    """
    cv = duration.variation * factor
    if not cv or not duration.mean_s:
        return None
    if duration.kind in VALUE_KINDS or duration.low_s is not None:
        return _stretched(duration, factor, cv)
    if duration.kind in {"exponential", "erlang"}:
        return Duration(mean_s=duration.mean_s, cv=cv, kind="gamma")
    if duration.kind not in BY_MOMENTS or cv > MAX_CV.get(duration.kind, cv):
        return None
    low, high = WEIBULL_SHAPES
    if duration.kind == "weibull" and not weibull_cv(high) <= cv <= weibull_cv(low):
        return None
    return Duration(mean_s=duration.mean_s, cv=cv, kind=duration.kind)


def _stretched(duration: Duration, factor: float, cv: float) -> Duration | None:
    mean, scale = duration.mean_s, duration.scale
    if duration.kind == "beta":
        return _beta(duration, cv)
    limits = {
        key: mean + factor * (value * scale - mean)
        for key in ("low_s", "mode_s", "high_s")
        if (value := getattr(duration, key)) is not None
    }
    values = tuple(mean + factor * (value * scale - mean) for value in duration.values_s)
    if min([*limits.values(), *values]) < 0:
        return None
    return duration.model_copy(update={**limits, "values_s": values})


def _beta(duration: Duration, cv: float) -> Duration | None:
    """Return the beta duration on the same limits, if it has room for the spread."""
    own = duration.alpha is not None
    scale = duration.scale if own else 1.0
    low, high = (duration.low_s or 0.0) * scale, (duration.high_s or 0.0) * scale
    mean = duration.mean_s
    if (cv * mean) ** 2 >= (mean - low) * (high - mean):
        return None
    return Duration(mean_s=mean, cv=cv, kind="beta", low_s=low, high_s=high)
