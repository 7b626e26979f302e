"""Forks of stacker cranes: out to the lot or its place, and back, while the crane loads or unloads.

They go out at constant speed in the first half of the time and come back in the second. A lot that
is put down goes out with them and stays. One that is picked up is in its place to the end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.motion.line import Line
from twin.motion.place import hand_over_m, rail_foot_m, slot_m
from twin.plant.base import Vec3
from twin.plant.plant import Plant
from twin.plant.transport import Crane
from twin.run.run import Run

Floats = NDArray[np.float64]

_SOON_S = 1e-6


@dataclass(frozen=True)
class Forks:
    """How far forks, and the lot on them, are from the rail, in metres; positive to its left."""

    forks_m: Line
    load_m: Line


def crane_forks(run: Run) -> dict[str, Forks]:
    """Return how the forks of every crane move."""
    if not run.plant.cranes:
        return {}
    states = run.table("states", ["resource", "state", "start_s", "end_s"])
    moves = run.table("moves", ["mover", "lot", "target", "end_s"])
    slots = _slots(run)
    return {
        crane.id: _forks(
            crane,
            run.plant,
            states[states["resource"] == crane.id],
            moves[moves["mover"] == crane.id].sort_values("end_s", kind="stable"),
            slots,
        )
        for crane in run.plant.cranes
    }


def _slots(run: Run) -> dict[tuple[str, int], tuple[Floats, list[int]]]:
    """Return, by place and change, when lots came to or left slots, and which."""
    rows = run.table("levels", ["place", "time_s", "change", "slot"])
    rows = rows[rows["slot"] >= 0].sort_values("time_s", kind="stable")
    return {
        (str(place), change): (own["time_s"].to_numpy(float), own["slot"].tolist())
        for change in (-1, 1)
        for place, own in rows[rows["change"] == change].groupby("place", observed=True)
    }


def _forks(
    crane: Crane,
    plant: Plant,
    states: pd.DataFrame,
    moves: pd.DataFrame,
    slots: dict[tuple[str, int], tuple[Floats, list[int]]],
) -> Forks:
    arrivals, targets = moves["end_s"].to_numpy(float), moves["target"].astype(str).tolist()
    out: list[tuple[float, float]] = [(0.0, 0.0)]
    load: list[tuple[float, float]] = [(0.0, 0.0)]
    handling = states[states["state"].isin(["loading", "unloading"])]
    handling = handling.sort_values("start_s", kind="stable")
    spans = handling[["start_s", "end_s"]].to_numpy(float).tolist()
    for (start, end), state in zip(spans, handling["state"].astype(str), strict=True):
        k = int(np.searchsorted(arrivals, start + _SOON_S)) - 1
        if k < 0 or end <= start:
            continue
        change = -1 if state == "loading" else 1
        point = _point_m(plant, targets[k], slots.get((targets[k], change)), end, put=change == 1)
        reach, middle = reach_m(crane, point), (start + end) / 2
        out += [(start, 0.0), (middle, reach), (end, 0.0)]
        if change == 1:
            load += [(start, 0.0), (middle, reach), (end, reach), (end + _SOON_S, 0.0)]
    return Forks(_line(out), _line(load))


def reach_m(crane: Crane, point_m: Vec3) -> float:
    """Return how far to the left of its rail a point is, at most as far as the forks reach."""
    (ax, ay), (bx, by) = crane.rail_m
    fx, fy = rail_foot_m(crane, (point_m[0], point_m[1]))
    along = ((bx - ax) / math.hypot(bx - ax, by - ay), (by - ay) / math.hypot(bx - ax, by - ay))
    left = along[0] * (point_m[1] - fy) - along[1] * (point_m[0] - fx)
    return min(max(left, -crane.reach_m), crane.reach_m)


def _point_m(
    plant: Plant, target: str, known: tuple[Floats, list[int]] | None, end_s: float, *, put: bool
) -> Vec3:
    """Return where a lot is picked up or put down: in its slot, or where a place hands over."""
    store = plant.stores.get(target)
    if store is not None:
        if known is not None:
            k = int(np.argmin(np.abs(known[0] - end_s)))
            if abs(known[0][k] - end_s) < _SOON_S:
                return slot_m(store, known[1][k])
        return store.position_m
    place = plant.buffers.get(target) or plant.conveyors.get(target)
    if place is None:
        return (0.0, 0.0, 0.0)
    return hand_over_m(place, put=put)


def _line(keys: list[tuple[float, float]]) -> Line:
    table = np.array(keys)
    return Line(table[:, 0], table[:, 1])
