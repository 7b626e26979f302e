"""What a heat map shows: one number between 0 and 1 for each thing, over a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.plant.place import Buffer, Conveyor
from twin.plant.plant import Plant
from twin.run.run import Run
from twin.usd.span import Span

Floats = NDArray[np.float64]

NAMES = ("utilisation", "wip", "loss")
BUSY = frozenset({"working", "setup", "driving", "loaded", "loading", "unloading"})
LOST = frozenset({"down", "waiting_repair", "protective_stop", "maintenance"})


@dataclass(frozen=True)
class Heat:
    """One map.

    Attributes
    ----------
    label, meaning : str
        Name, and what 0 and 1 are.
    values : dict
        Id -> value from 0 to 1.
    """

    label: str
    meaning: str
    values: dict[str, float]


def heat_maps(run: Run, span: Span) -> dict[str, Heat]:
    """Return the maps of the counted time in a span: from the end of the warm-up, if inside it."""
    start = run.warmup_s if span.start_s < run.warmup_s < span.end_s else span.start_s
    counted = Span(start, span.end_s)
    busy = _share(run, counted, BUSY)
    lost = _share(run, counted, LOST)
    return {
        "utilisation": Heat("Utilisation", "share of time at work or set up", busy),
        "wip": Heat("Work in process", "mean lots over capacity", _fill(run, counted)),
        "loss": Heat("Loss", "share of time down, in repair, stopped or in maintenance", lost),
    }


def _share(run: Run, span: Span, states: frozenset[str]) -> dict[str, float]:
    """Return the share of time each machine and robot spent in some states."""
    rows = run.table("states", ["resource", "kind", "state", "start_s", "end_s"])
    rows = rows[rows["kind"].isin(["machine", "robot"])]
    start = rows["start_s"].to_numpy(float).clip(span.start_s, span.end_s)
    time = rows["end_s"].to_numpy(float).clip(span.start_s, span.end_s) - start
    counted = np.where(rows["state"].isin(states), time, 0.0)
    table = pd.DataFrame({"id": rows["resource"].astype(str), "time": time, "counted": counted})
    sums = table.groupby("id")[["time", "counted"]].sum()
    sums = sums[sums["time"] > 0]
    return {str(k): float(v) for k, v in (sums["counted"] / sums["time"]).items()}


def _fill(run: Run, span: Span) -> dict[str, float]:
    """Return the mean level of every place over its capacity."""
    found, capacity = {}, capacities(run.plant)
    rows = run.table("levels", ["place", "time_s", "level"])
    for place, own in rows.sort_values("time_s", kind="stable").groupby("place", observed=True):
        if str(place) in capacity:
            time, level = own["time_s"].to_numpy(float), own["level"].to_numpy(float)
            mean = mean_level(time, level, span)
            found[str(place)] = min(mean / capacity[str(place)], 1.0)
    return found


def mean_level(time_s: Floats, level: Floats, span: Span) -> float:
    """Return the time average over a span of a level that holds from each time to the next."""
    first = int(np.searchsorted(time_s, span.start_s, side="right")) - 1
    before = level[first] if first >= 0 else 0.0
    inside = (time_s > span.start_s) & (time_s < span.end_s)
    ends = np.concatenate([[span.start_s], time_s[inside], [span.end_s]])
    held = np.concatenate([[before], level[inside]])
    return float((np.diff(ends) * held).sum() / (span.end_s - span.start_s))


def capacities(plant: Plant) -> dict[str, int]:
    """Return how many lots buffers, conveyors and stores hold."""
    places: list[Buffer | Conveyor] = [*plant.buffers.values(), *plant.conveyors.values()]
    found = {place.id: place.capacity for place in places if place.capacity}
    for station in plant.stations.values():
        if station.rack is not None:
            found[station.id] = station.rack.slots * station.machines
    return found
