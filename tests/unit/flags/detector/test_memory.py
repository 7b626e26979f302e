"""How far neighbours hang together, and what a stretch of cycles must be worth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.signal import lfilter

from twin.flags.detector.channels import LONGEST, PRICE, price
from twin.flags.detector.drift import drift_log_odds, is_drift
from twin.flags.detector.frame import Floats, Frame, robust_frame
from twin.flags.detector.memory import MOST_PHI, Carry, carried, memory_of, rest_of


def related(phi: float, n: int, seed: int) -> Floats:
    noise = np.random.default_rng(seed).standard_normal(n)
    noise[1:] *= math.sqrt(1 - phi**2)
    return np.asarray(lfilter([1.0], [1.0, -phi], noise))


@pytest.mark.parametrize("phi", [0.3, 0.5, 0.7])
def test_memory_is_estimated_a_standard_error_high(phi: float) -> None:
    n = 500
    found = np.mean([memory_of(related(phi, n, seed), None) for seed in range(40)])
    assert found == pytest.approx(phi + math.sqrt((1 - phi**2) / n), abs=0.02)


def test_independent_cycles_have_next_to_no_memory() -> None:
    found = [memory_of(related(0.0, 500, seed), None) for seed in range(40)]
    assert np.median(found) == 0.0
    assert np.mean(found) < 0.03


def test_micro_stops_do_not_hide_the_memory() -> None:
    z = related(0.6, 2000, 1)
    z[::50] += 20.0
    assert memory_of(z, None) == pytest.approx(memory_of(related(0.6, 2000, 1), None), abs=0.04)


def test_memory_is_bounded_and_kept_for_a_while() -> None:
    assert memory_of(np.cumsum(np.random.default_rng(1).standard_normal(300)) / 9, None) <= MOST_PHI
    assert memory_of(np.zeros(3), 0.6) == pytest.approx(0.6 * 30 / 33)


def test_innovations_of_an_autoregression_are_independent() -> None:
    logs = 0.1 * related(0.7, 4000, 2)
    frame = robust_frame(logs, None)
    new, _ = frame.innovations(frame.z(logs), None)
    assert abs(np.corrcoef(new[1:], new[:-1])[0, 1]) < 0.05
    assert np.std(new) == pytest.approx(1.0, abs=0.05)
    assert frame.rest == 1.0
    assert frame.dependence == pytest.approx(1.7 / 0.3, rel=0.25)


def test_a_micro_stop_says_nothing_of_the_next_cycle() -> None:
    expected, carry = carried(np.array([1.0, 9.0, 1.0]), 0.5, Carry(0.0, 1))
    assert expected.tolist() == [0.0, 0.5, 0.25]
    assert carry == Carry(1.0, 1, 1.0)


def test_a_long_memory_is_left_to_the_variance() -> None:
    slow = related(0.95, 3000, 4) + related(0.0, 3000, 5)
    assert rest_of(slow / np.std(slow)) > 3
    assert rest_of(related(0.0, 3000, 6)) == 1.0


def test_short_stretches_must_be_worth_more() -> None:
    assert float(price(LONGEST, 1e12)) == pytest.approx(0.0, abs=1e-6)
    assert float(price(LONGEST / math.e, 1e12)) == pytest.approx(PRICE)
    assert float(price(512, 512)) == pytest.approx(PRICE * math.log(3 / 2))
    assert float(price(512, 20)) == float(price(512, 256)), "256 healthy cycles are taken at least"


def test_odds_of_a_drift_fall_for_a_step_and_rise_for_a_ramp() -> None:
    rng = np.random.default_rng(3)
    before, noise = 0.1 * rng.standard_normal(500), 0.1 * rng.standard_normal(1000)
    frame = Frame(0.0, 0.1)
    step = drift_log_odds(before, noise + 0.1, frame, 0.105)
    ramp = drift_log_odds(before, noise + np.linspace(0, 0.2, 1000), frame, 0.105)
    assert step < -5
    assert ramp > 5
    assert is_drift(before, noise + np.linspace(0, 0.2, 1000), frame, 0.105, opens=True)
    assert not is_drift(before, noise[:29] + 0.1, frame, 0.105), "too few cycles"
