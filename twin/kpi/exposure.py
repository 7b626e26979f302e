"""Where people spend their time: on the way, at work, and in dry rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.kpi.sources import Sources
from twin.kpi.window import Window
from twin.motion.leg import mover_homes
from twin.plant.base import Vec2
from twin.plant.place import Zone

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Track:
    """How one worker moved: legs in order of time, standing still between them."""

    start_s: Floats
    end_s: Floats
    from_m: Floats
    to_m: Floats
    home_m: Vec2


def tracks(sources: Sources, workers: Sequence[str]) -> dict[str, Track]:
    """Return the tracks of some workers."""
    homes = mover_homes(sources.run.plant)
    columns = ["mover", "start_s", "end_s", "from_x_m", "from_y_m", "to_x_m", "to_y_m"]
    rows = sources.run.table("moves", columns, where="kind = 'worker'")
    rows = rows.sort_values(["mover", "start_s"], kind="stable")
    found = {}
    for worker in workers:
        own = rows[rows["mover"] == worker]
        found[worker] = Track(
            own["start_s"].to_numpy(float),
            own["end_s"].to_numpy(float),
            own[["from_x_m", "from_y_m"]].to_numpy(float),
            own[["to_x_m", "to_y_m"]].to_numpy(float),
            homes[worker][:2],
        )
    return found


def seconds_inside(
    track: Track, zones: Sequence[Zone], window: Window, away_s: Sequence[tuple[float, float]]
) -> float:
    """Return the seconds of a window spent in some zones (which do not overlap).

    ``away_s`` are the intervals off duty, which do not count: people stand still in them.
    """
    return sum(_inside_zone(track, zone, window, away_s) for zone in zones)


def _inside_zone(
    track: Track, zone: Zone, window: Window, away_s: Sequence[tuple[float, float]]
) -> float:
    low = np.array(zone.corner_m)
    high = low + np.array(zone.size_m)
    total = _walked_inside(track, low, high, window)
    since = np.concatenate([[-np.inf], track.end_s])
    until = np.concatenate([track.start_s, [np.inf]])
    places = np.vstack([np.array([track.home_m]), track.to_m])
    stays = ((places > low) & (places < high)).all(axis=1)
    since, until = np.maximum(since, window.from_s), np.minimum(until, window.to_s)
    for begin_s, end_s in zip(since[stays], until[stays], strict=True):
        off_s = sum(max(0.0, min(end_s, b) - max(begin_s, a)) for a, b in away_s)
        total += max(0.0, end_s - begin_s - off_s)
    return float(total)


def _walked_inside(track: Track, low: Floats, high: Floats, window: Window) -> float:
    """Return the seconds of legs inside a rectangle: each is a line at one speed."""
    long_s = track.end_s - track.start_s
    way = track.to_m - track.from_m
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (low - track.from_m) / way, (high - track.from_m) / way
    enter, leave = np.fmin(first, second), np.fmax(first, second)
    still = way == 0
    between = (track.from_m > low) & (track.from_m < high)
    enter = np.where(still, np.where(between, -np.inf, np.inf), enter)
    leave = np.where(still, np.where(between, np.inf, -np.inf), leave)
    begin_s = track.start_s + np.clip(enter.max(axis=1, initial=0.0), 0.0, 1.0) * long_s
    end_s = track.start_s + np.clip(leave.min(axis=1, initial=1.0), 0.0, 1.0) * long_s
    begin_s, end_s = np.maximum(begin_s, window.from_s), np.minimum(end_s, window.to_s)
    return float(np.maximum(0.0, end_s - begin_s).sum())
