"""Tests of failures and repairs (`twin.flags.failure_tests`) hold their level, and find faults.

Under the plant file a p-value P has P(P <= a) <= a: for the Fisher test of repairs
-2 sum ln u ~ chi2(2 n), for the F test of repairs against those before (gamma times), for Poisson
and binomial tests of failures. Each is the smallest of several, counted by Bonferroni, so it may be
below its level but not above it: the share of alarms in N samples is at most a + 2.58 standard
errors (99 %).
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from twin.flags.failure_tests import (
    confidence,
    long_p,
    longer_p,
    longest_p,
    often_p,
    oftener_p,
    tail,
)
from twin.plant.base import Duration

N = 3000
LEVEL = 0.05
MOST = LEVEL + 2.58 * np.sqrt(LEVEL * (1 - LEVEL) / N)
FAMILIES = [
    Duration(mean_s=600, kind="exponential"),
    Duration(mean_s=600, cv=0.6, kind="gamma"),
    Duration(mean_s=600, cv=0.8, kind="lognormal"),
]


def repairs(rng: np.random.Generator, family: Duration, n: int) -> np.ndarray:
    cv = family.variation
    if family.kind == "lognormal":
        sd = np.sqrt(np.log1p(cv**2))
        return rng.lognormal(np.log(family.mean_s) - sd**2 / 2, sd, n)
    return rng.gamma(1 / cv**2, family.mean_s * cv**2, n)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.kind)
def test_repairs_as_planned_raise_no_more_than_the_level(family: Duration) -> None:
    rng = np.random.default_rng(1)
    drawn = [repairs(rng, family, 10) for _ in range(N)]
    u = [tail(family, x) for x in drawn]
    assert np.mean([long_p(x).p_value <= LEVEL for x in u]) <= MOST
    one = np.mean([longest_p(x) <= LEVEL for x in u])
    assert one == pytest.approx(LEVEL, abs=MOST - LEVEL), "exact, not only bounded"
    if family.kind != "lognormal":
        own = [longer_p(x / 600, family.variation).p_value <= LEVEL for x in drawn]
        assert np.mean(own) <= MOST


def test_one_repair_is_tested_exactly() -> None:
    """One exponential repair of t: p = exp(-t / mean)."""
    u = tail(FAMILIES[0], np.array([1800.0]))
    assert long_p(u).p_value == pytest.approx(np.exp(-3))
    assert longest_p(u) == pytest.approx(np.exp(-3))


def test_fisher_of_exponential_repairs_is_the_gamma_test_of_their_sum() -> None:
    times = np.array([900.0, 1200.0, 1500.0])
    p = long_p(tail(FAMILIES[0], times)).p_value
    sums = np.cumsum(times[::-1])[::-1]
    assert p == pytest.approx(3 * stats.gamma.sf(sums, [3, 2, 1], scale=600).min())


def test_failures_as_planned_raise_no_more_than_the_level() -> None:
    rng = np.random.default_rng(2)
    plan, own = [], []
    for _ in range(N):
        times = np.sort(rng.random(rng.poisson(12))) * 12
        plan.append(often_p(times, 12.0).p_value <= LEVEL if len(times) else False)
        own.append(oftener_p(times, 12.0).p_value <= LEVEL)
    assert np.mean(plan) <= MOST
    assert np.mean(own) <= MOST


def test_failures_after_a_moment_are_those_of_the_f_test() -> None:
    """k failures in a time, then m: P = P(F(2 m, 2 k) small), by the beta identity."""
    times = np.array([2.0, 4, 6, 8, 10, 11, 11.2, 11.4])
    p = oftener_p(times, 11.5)
    assert p.first == 5
    ratio = (1.5 / 3) / (10 / 5)
    exact = stats.f.cdf(ratio, 6, 10)
    assert p.p_value == pytest.approx(exact, rel=1e-9)


def test_a_fault_within_the_run_is_found_where_it_begins() -> None:
    rng = np.random.default_rng(3)
    found = []
    for _ in range(200):
        usual, slow = rng.exponential(600, 8), rng.exponential(3600, 6)
        since = long_p(tail(FAMILIES[0], np.concatenate([usual, slow])))
        found.append((since.p_value <= 5e-4, since.first))
    assert np.mean([hit for hit, _ in found]) > 0.8
    assert np.median([first for hit, first in found if hit]) == pytest.approx(8, abs=1)


def test_constant_repairs_are_compared_not_tested() -> None:
    constant = Duration(mean_s=600, kind="constant")
    assert tail(constant, np.array([600.0, 601.0])).tolist() == [1.0, 1e-12]


def test_confidence_is_bayes_with_the_assumed_rate_of_faults() -> None:
    faults = 1 - np.exp(-1)
    assert confidence(0.01, 67) == pytest.approx(faults / (faults + (1 - faults) * 0.01))
