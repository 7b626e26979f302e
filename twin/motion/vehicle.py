"""Straight legs with limited speed and acceleration: vehicles, cranes, workers, conveyors.

The speed over time is a trapezoid, or a triangle where the leg is too short to reach full speed.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_ROUNDING = 1e-9


def leg_time_s(length_m: float, v_in: float, v_out: float, v_max: float, a: float) -> float:
    """Return the time of a leg.

    Parameters
    ----------
    length_m : float
        Length.
    v_in, v_out, v_max : float
        Speed at the beginning and the end, and the speed allowed, in m/s.
    a : float
        Acceleration and deceleration, in m/s2.

    Raises
    ------
    ValueError
        The leg is too short to change from `v_in` to `v_out`.
    """
    if length_m <= 0:
        if length_m < 0 or abs(v_in - v_out) > _ROUNDING:
            raise ValueError(f"a leg of {length_m} m cannot change {v_in} to {v_out} m/s")
        return 0.0
    if abs(v_in * v_in - v_out * v_out) > 2 * a * length_m * (1 + _ROUNDING):
        raise ValueError(f"{length_m} m are too short to change {v_in} to {v_out} m/s")
    square = a * length_m + (v_in * v_in + v_out * v_out) / 2
    if square <= v_max * v_max:
        return (2 * math.sqrt(square) - v_in - v_out) / a
    ramps_m = (2 * v_max * v_max - v_in * v_in - v_out * v_out) / (2 * a)
    return (2 * v_max - v_in - v_out) / a + (length_m - ramps_m) / v_max


def rest_to_rest_s(length_m: ArrayLike, v_max: float, a: float) -> Floats:
    """Return the times of legs that begin and end at rest: `leg_time_s` for many lengths."""
    length = np.asarray(length_m, dtype=float)
    short = a * length <= v_max * v_max
    return np.asarray(np.where(short, 2 * np.sqrt(length / a), v_max / a + length / v_max))


def leg_position_m(
    elapsed_s: ArrayLike,
    length_m: ArrayLike,
    v_in: ArrayLike,
    v_out: ArrayLike,
    *,
    v_max: ArrayLike,
    a: float,
) -> Floats:
    """Return how far along legs a mover is; all arguments broadcast.

    The counterpart of `leg_time_s`: 0 before the beginning and `length_m` after the end.
    """
    length, first, last, limit = (
        np.asarray(value, dtype=float) for value in (length_m, v_in, v_out, v_max)
    )
    peak = np.minimum(np.sqrt(a * length + (first**2 + last**2) / 2), limit)
    up_s, down_s = (peak - first) / a, (peak - last) / a
    up_m = (peak**2 - first**2) / (2 * a)
    down_m = (peak**2 - last**2) / (2 * a)
    cruise_s = np.maximum(length - up_m - down_m, 0.0) / np.where(peak > 0, peak, 1.0)
    total_s = up_s + cruise_s + down_s
    t = np.clip(np.asarray(elapsed_s, dtype=float), 0.0, total_s)
    left_s = total_s - t
    position = np.where(
        t < up_s,
        first * t + a * t**2 / 2,
        np.where(
            left_s < down_s,
            length - last * left_s - a * left_s**2 / 2,
            up_m + peak * (t - up_s),
        ),
    )
    return np.asarray(np.clip(position, 0.0, length))


def turn_time_s(turn_deg: float, turn_dps: float) -> float:
    """Return the time of turning on the spot, the short way round."""
    return abs((turn_deg + 180.0) % 360.0 - 180.0) / turn_dps


def crane_time_s(
    along_m: float, lift_m: float, *, v_along: float, a_along: float, v_lift: float, a_lift: float
) -> float:
    """Return the time of a crane's travel: along the rail and up at once, each from rest."""
    along_s = _from_rest_s(abs(along_m), v_along, a_along)
    lift_s = _from_rest_s(abs(lift_m), v_lift, a_lift)
    return lift_s if lift_s > along_s else along_s


def _from_rest_s(length_m: float, v_max: float, a: float) -> float:
    """Return `leg_time_s` of a leg that begins and ends at rest."""
    square = a * length_m
    if square <= v_max * v_max:
        return 2 * math.sqrt(square) / a
    return 2 * v_max / a + (length_m - v_max * v_max / a) / v_max
