"""Every family of durations against its formulas and its distribution function.

Means and standard deviations lie in their 99 % confidence intervals (the deviation's by the
sample's fourth moment); a Kolmogorov-Smirnov test does not reject the distribution at 1 %.
Formulas: Law, Simulation Modeling and Analysis, 5th ed., section 6.2.2; truncated normal:
Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1, section 10.1.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from sim.core.families import sampler
from twin.plant.base import Duration

N = 100_000
Z = float(stats.norm.ppf(0.995))


def drawn(given: dict[str, Any], seed: int = 11) -> np.ndarray:
    return np.asarray(sampler(Duration.model_validate(given))(np.random.default_rng(seed), N))


def log_sigma(cv: float) -> float:
    return math.sqrt(math.log1p(cv * cv))


def weibull(mean: float, cv: float) -> Any:
    """SciPy's Weibull with this mean and variation, its shape by an own solver."""

    def error(k: float) -> float:
        return math.gamma(1 + 2 / k) / math.gamma(1 + 1 / k) ** 2 - 1 - cv * cv

    shape = optimize.brentq(error, 0.3, 60.0)
    return stats.weibull_min(shape, scale=mean / math.gamma(1 + 1 / shape))


def truncated_normal(mean: float, cv: float) -> Any:
    """SciPy's normal on (0, inf) with this mean and variation, by an own solver."""

    def error(edge: float) -> float:
        unit = stats.truncnorm(-edge, np.inf, loc=edge)
        return float(unit.std() / unit.mean() - cv)

    edge = optimize.brentq(error, -8.0, 30.0)
    sigma = mean / stats.truncnorm(-edge, np.inf, loc=edge).mean()
    return stats.truncnorm(-edge, np.inf, loc=edge * sigma, scale=sigma)


CONTINUOUS = [
    ({"mean_s": 4, "kind": "exponential"}, stats.expon(scale=4), 1.0),
    ({"mean_s": 4, "cv": 0.5, "kind": "lognormal"},
     stats.lognorm(log_sigma(0.5), scale=4 / math.sqrt(1.25)), 0.5),
    ({"mean_s": 4, "cv": 1.5, "kind": "gamma"}, stats.gamma(1 / 2.25, scale=4 * 2.25), 1.5),
    ({"mean_s": 4, "k": 3, "kind": "erlang"}, stats.gamma(3, scale=4 / 3), 1 / math.sqrt(3)),
    ({"mean_s": 4, "cv": 0.2, "kind": "normal"}, truncated_normal(4, 0.2), 0.2),
    ({"mean_s": 4, "cv": 0.6, "kind": "normal"}, truncated_normal(4, 0.6), 0.6),
    ({"mean_s": 4, "cv": 0.9, "kind": "normal"}, truncated_normal(4, 0.9), 0.9),
    ({"mean_s": 4, "cv": 0.3, "kind": "uniform"},
     stats.uniform(4 - 1.2 * math.sqrt(3), 2.4 * math.sqrt(3)), 0.3),
    ({"low_s": 2, "high_s": 5, "kind": "uniform"}, stats.uniform(2, 3), 3 / math.sqrt(12) / 3.5),
    ({"mean_s": 4, "cv": 0.3, "kind": "triangular"},
     stats.triang(0.5, 4 - 1.2 * math.sqrt(6), 2.4 * math.sqrt(6)), 0.3),
    ({"low_s": 1, "mode_s": 2, "high_s": 6, "kind": "triangular"}, stats.triang(0.2, 1, 5),
     math.sqrt((1 + 36 + 4 - 6 - 2 - 12) / 18) / 3),
    ({"mean_s": 4, "cv": 0.4, "kind": "weibull"}, weibull(4, 0.4), 0.4),
    ({"mean_s": 4, "shape": 0.7, "kind": "weibull"},
     stats.weibull_min(0.7, scale=4 / math.gamma(1 + 1 / 0.7)),
     math.sqrt(math.gamma(1 + 2 / 0.7) / math.gamma(1 + 1 / 0.7) ** 2 - 1)),
    ({"low_s": 2, "high_s": 8, "alpha": 2, "beta": 4, "kind": "beta"}, stats.beta(2, 4, 2, 6),
     6 * math.sqrt(8 / (36 * 7)) / 4),
    # mean 4 in [2, 8]: place 1/3; variance (0.25 x 4 / 6)^2 = 1/36; weight 2/9 x 36 - 1 = 7
    ({"low_s": 2, "high_s": 8, "mean_s": 4, "cv": 0.25, "kind": "beta"},
     stats.beta(7 / 3, 14 / 3, 2, 6), 0.25),
]  # fmt: skip


def name(case: Any) -> str:
    return "-".join(f"{k}={v}" for k, v in case.items()) if isinstance(case, dict) else ""


@pytest.mark.parametrize(("given", "theory", "cv"), CONTINUOUS, ids=name)
def test_moments_and_distribution(given: dict[str, Any], theory: Any, cv: float) -> None:
    values = drawn(given)
    mean = given.get("mean_s", theory.mean())
    assert theory.mean() == pytest.approx(mean, rel=1e-9)
    assert theory.std() / theory.mean() == pytest.approx(cv, rel=1e-6)
    half_width = Z * theory.std() / math.sqrt(N)
    assert half_width < 0.02 * mean
    assert abs(values.mean() - mean) <= half_width
    deviation, half_width = deviation_interval(values)
    assert half_width < 0.05 * theory.std()
    assert abs(deviation - theory.std()) <= half_width
    assert stats.kstest(values, theory.cdf).pvalue > 0.01
    assert Duration.model_validate(given).variation == pytest.approx(cv, rel=1e-9)


def deviation_interval(values: np.ndarray) -> tuple[float, float]:
    """Sample standard deviation and the half-width of its 99 % confidence interval."""
    s = values.std(ddof=1)
    fourth = ((values - values.mean()) ** 4).mean()
    return float(s), Z * math.sqrt((fourth - s**4) / len(values)) / (2 * float(s))


def test_constant_is_always_the_mean() -> None:
    assert set(drawn({"mean_s": 3, "kind": "constant"})) == {3.0}


@pytest.mark.parametrize("weights", [[], [5, 3, 2]])
def test_discrete_values_come_with_their_weights(weights: list[float]) -> None:
    """Mean = sum(w v), counts by a chi-square test."""
    values = drawn({"kind": "discrete", "values_s": [10, 30, 90], "weights": weights})
    shares = np.array(weights or [1, 1, 1]) / sum(weights or [1, 1, 1])
    mean = float(shares @ [10, 30, 90])
    deviation = math.sqrt(float(shares @ (np.array([10, 30, 90]) - mean) ** 2))
    assert abs(values.mean() - mean) <= Z * deviation / math.sqrt(N)
    counts = [(values == v).sum() for v in (10, 30, 90)]
    assert stats.chisquare(counts, shares * N).pvalue > 0.01


MEASURED = [12.0, 7.5, 30.0, 9.0, 11.0, 8.0]


def test_resampled_values_are_the_measured_ones() -> None:
    values = drawn({"kind": "empirical", "values_s": MEASURED})
    counts = [(values == v).sum() for v in MEASURED]
    assert sum(counts) == N
    assert stats.chisquare(counts).pvalue > 0.01


def test_interpolated_values_follow_the_line_through_the_sorted_ones() -> None:
    """F(v_(k)) = k / (n - 1), linear in between (Law, section 6.2.4)."""
    given = {"kind": "empirical", "values_s": MEASURED, "draw": "interpolated"}
    values, ordered = drawn(given), np.sort(MEASURED)
    assert stats.kstest(values, lambda x: np.interp(x, ordered, np.linspace(0, 1, 6))).pvalue > 0.01
    middle = (ordered[1:] + ordered[:-1]) / 2
    mean = middle.mean()
    variance = ((middle - mean) ** 2 + (ordered[1:] - ordered[:-1]) ** 2 / 12).mean()
    assert Duration.model_validate(given).mean_s == pytest.approx(mean)
    assert Duration.model_validate(given).variation == pytest.approx(math.sqrt(variance) / mean)
    assert abs(values.mean() - mean) <= Z * math.sqrt(variance / N)


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "discrete", "values_s": [10, 30, 90], "weights": [5, 3, 2]},
        {"kind": "empirical", "values_s": MEASURED, "draw": "interpolated"},
        {"low_s": 1, "mode_s": 2, "high_s": 6, "kind": "triangular"},
        {"low_s": 2, "high_s": 8, "alpha": 2, "beta": 4, "kind": "beta"},
        {"low_s": 2, "high_s": 8, "mean_s": 4, "cv": 0.25, "kind": "beta"},
        {"mean_s": 4, "cv": 0.6, "kind": "normal"},
    ],
    ids=name,
)  # fmt: skip
def test_a_scaled_duration_is_the_same_times_a_factor(given: dict[str, Any]) -> None:
    """Draw by draw, and so does a mean beside the family's own values."""
    plain = Duration.model_validate(given)
    longer = sampler(plain.scaled(2.5))(np.random.default_rng(1), 1000)
    np.testing.assert_allclose(longer, 2.5 * sampler(plain)(np.random.default_rng(1), 1000))
    if "mean_s" not in given:
        by_mean = Duration.model_validate({**given, "mean_s": 2.5 * plain.mean_s})
        again = sampler(by_mean)(np.random.default_rng(1), 1000)
        np.testing.assert_allclose(again, longer)
