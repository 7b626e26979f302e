"""The confidence intervals of the verification suite, on data whose mean is known.

Of 400 intervals of 99 % each, about 4 must miss; more than 12 or none at all (binomial law:
probability 0.0003 and 0.018) would mean that they are too narrow or too wide.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.support.statistics import batch_means, controlled, ratio

REPEATS = 400
N = 6_000


def correlated(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return values of mean 3 with memory, and noise of mean 1 that explains most of them."""
    noise = rng.exponential(1.0, N)
    kernel = 0.5 ** np.arange(8)
    carried = np.convolve(noise - 1.0, kernel)[:N]
    return 3.0 + carried + rng.normal(0.0, 0.3, N), noise


def misses(interval: Callable[[np.random.Generator], tuple[float, float]], mean: float) -> int:
    rng = np.random.default_rng(5)
    found = np.array([interval(rng) for _ in range(REPEATS)])
    return int((np.abs(found[:, 0] - mean) > found[:, 1]).sum())


def by_batches(rng: np.random.Generator) -> tuple[float, float]:
    return batch_means(correlated(rng)[0])


def by_controls(rng: np.random.Generator) -> tuple[float, float]:
    values, noise = correlated(rng)
    return controlled(values, [(noise, 1.0)])


def by_cycles(rng: np.random.Generator) -> tuple[float, float]:
    up, down = rng.exponential(3.0, 500), rng.exponential(1.0, 500)
    return ratio(up, up + down)


@pytest.mark.parametrize(
    ("interval", "mean"), [(by_batches, 3.0), (by_controls, 3.0), (by_cycles, 0.75)]
)
def test_intervals_miss_once_in_a_hundred_times(
    interval: Callable[[np.random.Generator], tuple[float, float]], mean: float
) -> None:
    assert 1 <= misses(interval, mean) <= 12


def test_controls_make_intervals_narrow() -> None:
    values, noise = correlated(np.random.default_rng(1))
    _, plain = batch_means(values, 60)
    _, narrow = controlled(values, [(noise, 1.0)])
    assert narrow < plain / 2


def test_a_control_off_its_mean_is_refused() -> None:
    values, noise = correlated(np.random.default_rng(1))
    with pytest.raises(AssertionError, match="off its known mean"):
        controlled(values, [(noise, 1.1)])


def test_a_constant_control_explains_nothing() -> None:
    values, _ = correlated(np.random.default_rng(1))
    assert controlled(values, [(np.ones(N), 1.0)]) == pytest.approx(batch_means(values, 60))
    with pytest.raises(AssertionError, match="off its known mean"):
        controlled(values, [(np.ones(N), 2.0)])
