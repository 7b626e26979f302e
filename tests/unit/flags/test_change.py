"""The change detector: finds shifts, dates them, and stays quiet without one."""

from __future__ import annotations

import numpy as np
import pytest

from twin.flags.change import (
    ALPHA,
    MIN_LENGTH,
    find_stretches,
    p_value_of,
    robust_sd,
    standardised,
)

SD = 0.05


def series(n: int, seed: int, *, cv: float = SD) -> np.ndarray:
    """Relative residuals of lognormal cycle times with mean 1."""
    sigma = np.sqrt(np.log1p(cv**2))
    return np.random.default_rng(seed).lognormal(-(sigma**2) / 2, sigma, n) - 1.0


def stretches(residual: np.ndarray, *, sd: float = SD, least: float = 0.03) -> list:  # type: ignore[type-arg]
    return find_stretches(standardised(residual, sd, 1e-3), residual, least)


def test_a_step_is_found_and_dated_to_the_sample() -> None:
    residual = series(2000, 1)
    residual[1500:] += 0.5
    (found,) = stretches(residual)
    assert found.start == pytest.approx(1500, abs=1)
    assert found.stop == 2000
    assert p_value_of(found.log10_p) < 1e-12


@pytest.mark.parametrize("start", [0, 3, 777, 1990])
def test_onset_is_near_wherever_the_step_is(start: int) -> None:
    residual = series(2000, 2)
    residual[start:] += 0.4
    (found,) = stretches(residual)
    assert abs(found.start - start) <= 1


def test_a_small_step_is_found_with_enough_cycles() -> None:
    """5 % at a variation of 10 %: the goal of the detector."""
    hits = 0
    for seed in range(20):
        residual = series(2000, seed, cv=0.10)
        residual[500:] += 0.05
        found = stretches(residual, sd=0.10)
        hits += len(found) == 1 and abs(found[0].start - 500) < 100
    assert hits == 20


def test_a_passing_fault_has_a_beginning_and_an_end() -> None:
    residual = series(3000, 3)
    residual[1000:1400] += 0.2
    (found,) = stretches(residual)
    assert abs(found.start - 1000) <= 3
    assert abs(found.stop - 1400) <= 3


def test_a_stretch_that_nearly_reaches_the_end_goes_on() -> None:
    residual = series(1000, 9)
    residual[500:] += 0.3
    residual[995:] = 0.0
    (found,) = stretches(residual)
    assert found.stop == 995
    assert found.goes_on(1000)
    assert not found.goes_on(1040)


def test_two_faults_are_two_stretches() -> None:
    residual = series(3000, 4)
    residual[300:600] += 0.3
    residual[2000:2100] -= 0.3
    first, second = stretches(residual)
    assert first.shift > 0 > second.shift
    assert abs(second.start - 2000) <= 3


def test_faster_is_found_too() -> None:
    residual = series(1000, 5)
    residual[200:] -= 0.1
    (found,) = stretches(residual)
    assert found.shift < 0


def test_a_small_constant_bias_is_no_finding_and_hides_none() -> None:
    residual = series(3000, 6) + 0.02
    assert stretches(residual) == []
    residual[2000:] += 0.2
    (found,) = stretches(residual)
    assert abs(found.start - 2000) <= 3


def test_outliers_alone_are_no_finding() -> None:
    residual = series(2000, 7)
    rng = np.random.default_rng(8)
    hit = rng.random(2000) < 0.01
    residual[hit] += rng.exponential(1.0, hit.sum())
    assert stretches(residual) == []


@pytest.mark.parametrize("n", [0, 1, MIN_LENGTH - 1])
def test_too_few_samples_are_no_finding(n: int) -> None:
    assert stretches(np.ones(n)) == []


def test_false_alarms_stay_below_the_goal() -> None:
    """At most 1.5 per 1,000 station-hours: 1,000 h of 30 s cycles, ten sub-steps each.

    The expected number is far below one; two would be strong evidence against the claim.
    """
    alarms, hours = 0, 0.0
    for seed in range(125):
        hours += 960 * 30 / 3600
        for step in range(10):
            alarms += bool(stretches(series(960, 1000 * step + seed), least=0.0))
    assert hours == pytest.approx(1000)
    assert alarms <= 1


def test_false_alarms_with_heavy_tails_and_minor_stops() -> None:
    """Exponential cycle times with 2 % stops of ten means, 400 series of 1,000 cycles of 30 s.

    That is 3,333 station-hours, for which the goal of 1.5 per 1,000 h allows 5.
    """
    alarms = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        residual = rng.exponential(1.0, 1000) - 1.0
        residual[rng.random(1000) < 0.02] += 10.0
        alarms += bool(stretches(residual, sd=1.0))
    assert alarms <= 5


def test_a_wrong_expected_spread_does_not_raise_alarms() -> None:
    """The observed spread counts where it is larger than the plant file's."""
    alarms = sum(bool(stretches(series(1000, seed, cv=0.2), sd=0.01)) for seed in range(100))
    assert alarms == 0


def test_robust_sd_ignores_a_shift_and_outliers() -> None:
    values = np.random.default_rng(1).normal(0, 2.0, 4000)
    values[2000:] += 50
    values[::100] += 1000
    assert robust_sd(values) == pytest.approx(2.0, rel=0.06)


def test_p_value_is_the_normal_tail_times_the_number_of_stretches() -> None:
    from scipy import stats

    z = np.zeros(100)
    z[40:60] = 2.0
    (found,) = find_stretches(z, z, 0.5)
    expected = 2 * stats.norm.sf(2.0 * np.sqrt(20)) * 100 * 101 / 2
    assert p_value_of(found.log10_p) == pytest.approx(expected, rel=1e-6)
    assert p_value_of(found.log10_p) < ALPHA


def test_p_values_beyond_floats_are_zero() -> None:
    assert p_value_of(-400.0) == 0.0
    assert p_value_of(-2.0) == pytest.approx(0.01)
