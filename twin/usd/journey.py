"""Journeys of cameras through the hall: past every workcell, around machines and through doors."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.plant.plant import Plant
from twin.usd.floor import Box
from twin.usd.room import portals
from twin.usd.route import grid_of

Floats = NDArray[np.float64]

DWELL_S = 3.0
"""How long one looks at a workcell."""

DOOR_M, DOOR_NEAR_M = 1.7, 2.5
"""Height at which cameras pass doors, and how far from them they begin to sink."""

AHEAD_DEG = -6.0
MAX_KEYS, MAX_DPS = 6000, 60.0
_TURN = 0.38
"""Share of a leg in which one turns away from the last workcell, or to the next."""


@dataclass(frozen=True)
class Journey:
    """A camera on its way.

    Attributes
    ----------
    time_s : array (n,)
        Since it began.
    views : array (n, 6)
        Eye, and rotation about x, y, z in degrees.
    arrivals_s : array
        When it is at each stop.
    """

    time_s: Floats
    views: Floats
    arrivals_s: Floats


def journey(
    plant: Plant, stops: Floats, more: Sequence[Box], *, eye_m: float, speed_mps: float
) -> Journey:
    """Return the journey past stops (n, 6) of eye and target.

    Parameters
    ----------
    plant : Plant
    stops : array (n, 6)
        Where one wants to stand, and what one looks at there.
    more : boxes
        What stands in the hall besides machines and walls.
    eye_m : float
        Height of the eye.
    speed_mps : float
        Mean speed between stops.
    """
    grid = grid_of(plant, more, min(eye_m, DOOR_M) - 0.3)
    doors = np.array([spot for spot, _, _ in portals(plant)]).reshape(-1, 2)
    ways = [grid.way(a[:2], b[:2]) for a, b in itertools.pairwise(stops)]
    if not ways:
        ways = [np.repeat(stops[:1, :2], 2, axis=0)]
    times, views, arrivals, now = [], [], [0.0], 0.0
    for k, way in enumerate(ways):
        far = float(np.linalg.norm(np.diff(way, axis=0), axis=1).sum())
        took = DWELL_S + far / speed_mps
        share = np.linspace(0.0, 1.0, len(way))
        targets = stops[k, 3:], stops[min(k + 1, len(stops) - 1), 3:]
        eyes = np.column_stack([way, _heights(way, doors, eye_m)])
        last = k == len(ways) - 1
        times.append((now + took * _unsoft(share))[: None if last else -1])
        views.append(_looking(eyes, share, targets)[: None if last else -1])
        now += took
        arrivals.append(now)
    made = np.vstack(views)
    made[:, 5] = np.degrees(np.unwrap(np.radians(made[:, 5])))
    time = np.concatenate(times)
    slowed = _slowed(time, made[:, 5])
    kept = np.arange(len(made)) % max(1, -(-len(made) // MAX_KEYS)) == 0
    kept[-1] = True
    return Journey(slowed[kept], made[kept], np.interp(arrivals, time, slowed))


def _slowed(time_s: Floats, turn_deg: Floats) -> Floats:
    """Return times at which no turn is faster than `MAX_DPS`."""
    least = np.abs(np.diff(turn_deg)) / MAX_DPS
    took = np.maximum(np.diff(time_s), least)
    return np.concatenate([[0.0], np.cumsum(took)])


def _unsoft(share: Floats) -> Floats:
    """Return when one has gone each share of a leg, setting off and arriving slowly."""
    time = np.linspace(0.0, 1.0, 401)
    return np.interp(share, time * time * (3 - 2 * time), time)


def _heights(way: Floats, doors: Floats, eye_m: float) -> Floats:
    """Return the height of the eye along a way: lower where it passes doors."""
    if eye_m <= DOOR_M or not len(doors):
        return np.full(len(way), eye_m)
    near = np.linalg.norm(way[:, None, :] - doors, axis=2).min(axis=1)
    part = np.clip((near - 0.8) / DOOR_NEAR_M, 0.0, 1.0)
    return np.asarray(DOOR_M + (eye_m - DOOR_M) * part * part * (3 - 2 * part))


def _looking(eyes: Floats, share: Floats, targets: tuple[Floats, Floats]) -> Floats:
    """Return views: from the last target over the way ahead to the next target."""
    ahead = np.gradient(eyes[:, :2], axis=0) if len(eyes) > 2 else np.diff(eyes[:, :2], axis=0)
    ahead = np.resize(ahead, (len(eyes), 2))
    yaw = _calm(np.degrees(np.unwrap(np.arctan2(ahead[:, 1], ahead[:, 0]))))
    pitch = np.full(len(eyes), AHEAD_DEG)
    for target, weight in (
        (targets[0], 1.0 - _ramp(share / _TURN)),
        (targets[1], _ramp((share - 1.0 + _TURN) / _TURN)),
    ):
        way = target - eyes
        flat = np.maximum(np.hypot(way[:, 0], way[:, 1]), 0.5)
        turn = np.radians(np.degrees(np.arctan2(way[:, 1], way[:, 0])) - yaw)
        turn = (turn + np.pi) % (2 * np.pi) - np.pi
        yaw = yaw + np.degrees(np.unwrap(turn)) * weight
        pitch = pitch + (np.degrees(np.arctan2(way[:, 2], flat)) - pitch) * weight
    return np.column_stack([eyes, 90.0 + pitch, np.zeros(len(eyes)), yaw - 90.0])


def _calm(turn_deg: Floats) -> Floats:
    """Return an angle without sudden turns: the mean over the keys around each key."""
    for _ in range(2):
        padded = np.pad(turn_deg, 2, mode="edge")
        turn_deg = np.convolve(padded, np.ones(5) / 5, "valid")
    return turn_deg


def _ramp(share: Floats) -> Floats:
    part = np.clip(share, 0.0, 1.0)
    return np.asarray(part * part * (3 - 2 * part))
