"""Leg laws: times against numeric integration, positions against times."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from twin.motion.vehicle import crane_time_s, leg_position_m, leg_time_s, turn_time_s

# length, share of v_max at both ends, v_max, acceleration
legs = st.tuples(
    st.floats(0.01, 60),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0.2, 3),
    st.floats(0.1, 2.5),
)


def feasible(case: tuple[float, ...]) -> tuple[float, float, float, float, float]:
    length, share_in, share_out, v_max, a = case
    v_in, v_out = share_in * v_max, share_out * v_max
    assume(abs(v_in**2 - v_out**2) <= 2 * a * length)
    return length, v_in, v_out, v_max, a


def integrated_s(length: float, v_in: float, v_out: float, v_max: float, a: float) -> float:
    """Time of a leg: the integral of 1/v along it, at the greatest speed allowed everywhere.

    Substituting x = L (1 - cos u) / 2 takes the infinite slowness out of ends at rest.
    """
    u = (np.arange(40000) + 0.5) * np.pi / 40000
    x = length * (1 - np.cos(u)) / 2
    speed = np.minimum.reduce(
        [
            np.sqrt(v_in**2 + 2 * a * x),
            np.sqrt(v_out**2 + 2 * a * (length - x)),
            np.full_like(x, v_max),
        ]
    )
    return float((length * np.sin(u) / 2 / speed).sum() * np.pi / 40000)


@settings(max_examples=150, deadline=None)
@given(legs)
def test_leg_time_is_the_integral_of_slowness(case: tuple[float, ...]) -> None:
    leg = feasible(case)
    assert leg_time_s(*leg) == pytest.approx(integrated_s(*leg), rel=2e-4, abs=1e-5)


@settings(max_examples=150, deadline=None)
@given(legs)
def test_leg_position_runs_from_end_to_end(case: tuple[float, ...]) -> None:
    length, v_in, v_out, v_max, a = feasible(case)
    total_s = leg_time_s(length, v_in, v_out, v_max, a)
    t = np.array([-1.0, 0.0, total_s, total_s + 1.0])
    at = leg_position_m(t, length, v_in, v_out, v_max=v_max, a=a)
    np.testing.assert_allclose(at, [0, 0, length, length], atol=1e-6 * (1 + length))


@settings(max_examples=150, deadline=None)
@given(legs)
def test_leg_keeps_speed_and_acceleration(case: tuple[float, ...]) -> None:
    length, v_in, v_out, v_max, a = feasible(case)
    total_s = leg_time_s(length, v_in, v_out, v_max, a)
    assume(total_s > 0.01)
    t = np.linspace(0, total_s, 801)
    at = leg_position_m(t, length, v_in, v_out, v_max=v_max, a=a)
    step_s = t[1] - t[0]
    speed = np.diff(at) / step_s
    slack = 1e-6 * (1 + length) / step_s
    assert speed.min() >= -slack
    assert speed.max() <= v_max + slack
    assert np.abs(np.diff(speed)).max() <= a * step_s * (1 + 1e-6) + 2 * slack
    assert speed[0] == pytest.approx(v_in, abs=a * step_s + slack)
    assert speed[-1] == pytest.approx(v_out, abs=a * step_s + slack)


def test_long_leg_from_rest_to_rest() -> None:
    assert leg_time_s(10, 0, 0, 1.2, 0.5) == pytest.approx(10 / 1.2 + 1.2 / 0.5)


def test_short_leg_is_a_triangle() -> None:
    assert leg_time_s(0.5, 0, 0, 1.2, 0.5) == pytest.approx(2 * np.sqrt(0.5 / 0.5))


def test_leg_at_full_speed_is_length_over_speed() -> None:
    assert leg_time_s(7, 1.5, 1.5, 1.5, 0.5) == pytest.approx(7 / 1.5)


def test_leg_of_no_length_takes_no_time() -> None:
    assert leg_time_s(0, 1.0, 1.0, 1.5, 0.5) == 0.0
    assert leg_position_m(3.0, 0, 0, 0, v_max=1.5, a=0.5) == 0.0


@pytest.mark.parametrize(
    ("length", "v_in", "v_out"), [(-1, 0, 0), (0, 1, 0), (0.9, 1, 0), (0.9, 0, 1)]
)
def test_infeasible_leg_is_refused(length: float, v_in: float, v_out: float) -> None:
    """Stopping from 1 m/s at 0.5 m/s2 needs 1 m."""
    with pytest.raises(ValueError, match=f"{length} m"):
        leg_time_s(length, v_in, v_out, 1.5, 0.5)


def test_just_feasible_leg_is_accepted() -> None:
    assert leg_time_s(1.0, 1.0, 0.0, 1.5, 0.5) == pytest.approx(2.0)


def test_positions_broadcast_over_legs_and_times() -> None:
    t = np.array([[0.5], [2.0], [9.0]])
    at = leg_position_m(t, np.array([4.0, 8.0]), 0.0, 0.0, v_max=np.array([1.0, 2.0]), a=0.5)
    assert at.shape == (3, 2)
    one = leg_position_m(2.0, 8.0, 0.0, 0.0, v_max=2.0, a=0.5)
    assert at[1, 1] == one == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("turn", "time_s"), [(0, 0), (90, 1), (-90, 1), (180, 2), (270, 1), (350, 1 / 9), (-720, 0)]
)
def test_turn_goes_the_short_way(turn: float, time_s: float) -> None:
    assert turn_time_s(turn, 90.0) == pytest.approx(time_s)


@settings(max_examples=60, deadline=None)
@given(st.floats(-50, 50), st.floats(-10, 10))
def test_crane_moves_in_both_directions_at_once(along: float, lift: float) -> None:
    time_s = crane_time_s(along, lift, v_along=2.0, a_along=0.5, v_lift=0.6, a_lift=0.4)
    drive_s = leg_time_s(abs(along), 0, 0, 2.0, 0.5)
    lift_s = leg_time_s(abs(lift), 0, 0, 0.6, 0.4)
    assert time_s == max(drive_s, lift_s)


def test_crane_known_travel() -> None:
    """20 m at 2 m/s and 0.5 m/s2 take 14 s; 6 m at 0.6 m/s and 0.6 m/s2 take 11 s."""
    limits = {"v_along": 2.0, "a_along": 0.5, "v_lift": 0.6, "a_lift": 0.6}
    assert crane_time_s(20, 6, **limits) == pytest.approx(14.0)
    assert crane_time_s(0, -6, **limits) == pytest.approx(11.0)
    assert crane_time_s(0, 0, **limits) == 0.0
