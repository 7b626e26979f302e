"""Learned limits: side, width, and settling."""

from __future__ import annotations

import numpy as np
import pytest

from twin.condition.limits import LEARN_VALUES, Learner, Limit, bad_sides, zone_limit
from twin.condition.zones import ZONES


def learned(
    signal: str, values: np.ndarray, design: float | None = None
) -> tuple[Learner, Limit | None]:
    learner = Learner(signal, design=design)
    limit = None
    for k, value in enumerate(values.tolist()):
        limit = learner.update(60.0 * k, value)
        if limit is not None:
            break
    return learner, limit


def test_a_normal_signal_gets_five_standard_deviations() -> None:
    values = np.random.default_rng(1).normal(10.0, 1.0, LEARN_VALUES)
    _, limit = learned("current_a", values)
    assert limit is not None
    assert limit.low is None
    assert limit.high == pytest.approx(15.0, abs=1.8)
    assert limit.calm_high is not None
    assert limit.high is not None
    median = float(np.median(values))
    assert limit.calm_high - median == pytest.approx(0.75 * (limit.high - median))
    assert "median" in limit.basis


def test_a_constant_signal_gets_a_share_of_its_median() -> None:
    _, limit = learned("speed", np.full(LEARN_VALUES, 40.0))
    assert limit is not None
    assert (limit.low, limit.high) == (pytest.approx(38.0), pytest.approx(42.0))


def test_rare_high_modes_of_the_learning_time_lie_inside() -> None:
    values = np.tile([2.0] * 9 + [8.0], LEARN_VALUES // 10)
    _, limit = learned("motor_current_a", values)
    assert limit is not None
    assert limit.high == pytest.approx(2.0 + 1.5 * 6.0)


def test_a_warming_signal_is_learned_once_it_has_settled() -> None:
    t = np.arange(400.0)
    values = 24.0 + 15.0 * (1 - np.exp(-t / 30.0))
    learner, limit = learned("motor_temp_c", values)
    assert learner.extended
    assert limit is not None
    assert limit.high is not None
    assert 39.0 < limit.high < 43.0


def test_a_limit_needs_a_span_of_time_too() -> None:
    learner = Learner("temp_c")
    first = [learner.update(float(k), 20.0) for k in range(600)]
    assert first == [None] * 600
    assert learner.why == "learning: 600 of 60 values, 599 of 600 s"
    limit = learner.update(600.0, 20.0)
    assert limit is not None
    assert "601 of its own values" in limit.basis


def test_a_signal_that_never_settles_says_so() -> None:
    learner, limit = learned("motor_temp_c", np.arange(500.0))
    assert limit is None
    assert "not settled" in learner.why


def test_half_of_the_values_may_be_bad_but_one() -> None:
    values = np.random.default_rng(2).normal(10.0, 0.1, LEARN_VALUES)
    values[::3] = 10.35
    _, limit = learned("grip_time_s", values)
    assert limit is not None
    assert limit.high is not None
    assert limit.high < 12.0


@pytest.mark.parametrize(
    ("signal", "sides"),
    [
        ("vacuum_kpa", (True, False)),
        ("battery_pct", (True, False)),
        ("temp_j3_c", (False, True)),
        ("grip_time_s", (False, True)),
        ("torque_nm", (True, True)),
    ],
)
def test_the_name_says_which_side_is_bad(signal: str, sides: tuple[bool, bool]) -> None:
    assert bad_sides(signal) == sides


def test_a_signed_current_is_bad_on_both_sides() -> None:
    _, limit = learned("current_j1_a", np.tile([-2.0, 2.0, 0.0], LEARN_VALUES // 3))
    assert limit is not None
    assert (limit.low, limit.high) == (pytest.approx(-limit.high or 0.0), limit.high)
    assert limit.outside(-1.01 * (limit.high or 0.0))


def test_the_zone_limit_is_the_bound_of_zone_c() -> None:
    limit = zone_limit(ZONES["2_rigid"])
    assert limit.high == 2.8
    assert limit.calm_high == pytest.approx(2.52)
    assert not limit.outside(2.8)
    assert limit.outside(2.81)
    assert "group 2" in limit.basis


def test_the_limit_concerned_is_the_nearer_one() -> None:
    both = Limit(1.0, 9.0, 2.0, 8.0, "")
    assert (both.concerned(2.0), both.side(2.0)) == (1.0, "low")
    assert (both.concerned(12.0), both.side(12.0)) == (9.0, "high")
    assert [both.calm(v) for v in (1.5, 2.0, 8.0, 8.5)] == [False, True, True, False]


def test_a_fault_from_the_start_is_not_learned_as_usual() -> None:
    """Current 40 % above its design: the limit lies around the design, as wide as learned."""
    values = np.random.default_rng(1).normal(7.0, 0.05, LEARN_VALUES)
    _, limit = learned("current_j1_a", values, design=5.0)
    assert limit is not None
    assert limit.high == pytest.approx(5.0 + 0.35, abs=0.06)
    assert limit.outside(7.0)
    assert limit.basis.startswith("design 5")


def test_a_low_vacuum_from_the_start_is_beyond_its_design() -> None:
    values = np.random.default_rng(2).normal(70.0, 0.8, LEARN_VALUES)
    _, limit = learned("vacuum_kpa", values, design=80.0)
    assert limit is not None
    assert limit.low == pytest.approx(76.0, abs=0.8)
    assert limit.calm_low is not None
    assert limit.calm_low > 76.0


@pytest.mark.parametrize("design", [None, 0.0, 5.0, 5.2, 9.0])
def test_what_is_as_designed_or_better_is_learned(design: float | None) -> None:
    values = np.random.default_rng(1).normal(5.1, 0.05, LEARN_VALUES)
    _, limit = learned("current_j1_a", values, design=design)
    assert limit == learned("current_j1_a", values)[1]
