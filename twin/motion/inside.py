"""How machines move inside: webs and the reels they turn, doors of ovens, gates of zones.

* A web runs at its nominal speed while its machine works, and stands otherwise.
* The doors of a batch machine are closed from the start of a batch to its end, whatever stops it
  in between, and open otherwise. They take `DOOR_S` to move.
* A gate is open while someone is inside: of a robot cell a worker, of an airlock anyone. It takes
  `GATE_S` to move and waits as long.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.motion.line import Line, opened, rising
from twin.motion.track import Track, vehicle_tracks, worker_tracks
from twin.plant.place import Zone
from twin.plant.station import Station
from twin.run.run import Run

Floats = NDArray[np.float64]
Spans = list[tuple[float, float]]

DOOR_S = 3.0
GATE_S = 1.5


def web_speed_mps(station: Station) -> float:
    """Return the nominal speed of the web in a machine, in metres per second; 0 without one.

    One unit is made in its cycle, from ``1 / units_per_m`` of what comes in.
    """
    if station.kind != "web" or not station.mean_cycle_s:
        return 0.0
    return 1.0 / (station.mean_cycle_s * (station.units_per_m or 1.0))


def web_travel_m(run: Run) -> dict[str, Line]:
    """Return the metres of web that have run through every web machine."""
    speeds = {
        machine: web_speed_mps(station)
        for station in run.plant.stations.values()
        if station.kind == "web"
        for machine in station.machine_ids
    }
    working = _working(run, frozenset(speeds))
    return {machine: rising(working[machine], speed) for machine, speed in speeds.items()}


def door_shares(run: Run) -> dict[str, Line]:
    """Return how far the doors of every batch machine are open, from 0 to 1."""
    machines = frozenset(
        m for s in run.plant.stations.values() if s.kind == "batch" for m in s.machine_ids
    )
    if not machines:
        return {}
    busy = _working(run, machines)
    rows = run.table("cycles", ["machine", "start_s", "end_s"])
    _collect(busy, rows[rows["machine"].isin(machines)], "machine")
    return {m: opened(_free(busy[m], run.horizon_s), DOOR_S) for m in sorted(machines)}


def gate_shares(run: Run) -> dict[str, Line]:
    """Return how far the gates of every robot cell and airlock are open, from 0 to 1."""
    people, vehicles = worker_tracks(run), vehicle_tracks(run)
    guests: Mapping[str, Iterable[Track]] = {
        "robot_cell": [*people.values()],
        "airlock": [*people.values(), *vehicles.values()],
    }
    found = {}
    for zone in run.plant.zones:
        spans = [s for track in guests.get(zone.kind, ()) for s in inside_s(zone, track)]
        if zone.kind in guests:
            found[zone.id] = opened([(a - GATE_S, b + GATE_S) for a, b in spans], GATE_S)
    return found


def inside_s(zone: Zone, track: Track) -> Spans:
    """Return when a mover is in a zone, by clipping its straight ways (Liang and Barsky, 1984)."""
    low = np.array(zone.corner_m)
    high = low + np.array(zone.size_m)
    start, way = track.xyz_m[:-1, :2], np.diff(track.xyz_m[:, :2], axis=0)
    first, last = np.zeros(len(way)), np.ones(len(way))
    for axis in range(2):
        step = way[:, axis]
        moves = np.abs(step) > 1e-12
        safe = np.where(moves, step, 1.0)
        a = np.where(moves, (low[axis] - start[:, axis]) / safe, -np.inf)
        b = np.where(moves, (high[axis] - start[:, axis]) / safe, np.inf)
        outside = ~moves & ((start[:, axis] < low[axis]) | (start[:, axis] > high[axis]))
        first = np.maximum(first, np.where(outside, 2.0, np.minimum(a, b)))
        last = np.minimum(last, np.maximum(a, b))
    hit = np.flatnonzero(last > first)
    time, length = track.time_s[:-1], np.diff(track.time_s)
    begin, end = time[hit] + first[hit] * length[hit], time[hit] + last[hit] * length[hit]
    return _joined(zip(begin.tolist(), end.tolist(), strict=True))


def _working(run: Run, machines: frozenset[str]) -> defaultdict[str, Spans]:
    """Return when machines work."""
    rows: pd.DataFrame = run.table("states", ["resource", "state", "start_s", "end_s"])
    rows = rows[(rows["state"] == "working") & rows["resource"].isin(machines)]
    found: defaultdict[str, Spans] = defaultdict(list)
    _collect(found, rows.sort_values("start_s", kind="stable"), "resource")
    return found


def _collect(found: defaultdict[str, Spans], rows: pd.DataFrame, by: str) -> None:
    """Add the spans of rows to those of the things they are about."""
    ends = rows[["start_s", "end_s"]].to_numpy(float).tolist()
    for name, (start, end) in zip(rows[by].astype(str), ends, strict=True):
        found[name].append((start, end))


def _free(busy: Spans, end_s: float) -> Spans:
    """Return when a door is fully open: between batches, less the time it takes to move."""
    ways = _joined(sorted(busy))
    ends = [-DOOR_S, *(b for _, b in ways)]
    starts = [*(a for a, _ in ways), end_s + 2 * DOOR_S]
    pairs = [(b + DOOR_S, a - DOOR_S) for b, a in zip(ends, starts, strict=True)]
    return [(b, a) for b, a in pairs if a > b]


def _joined(spans: Iterable[tuple[float, float]]) -> Spans:
    """Join spans, ordered by their start, that touch."""
    found: Spans = []
    for start, end in spans:
        if found and start <= found[-1][1] + 1e-9:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
