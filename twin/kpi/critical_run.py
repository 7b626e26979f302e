"""The critical path of a run: whose work its output is made of."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from twin.kpi.critical import Path, critical_path, work_shares
from twin.kpi.window import Window, kpi_window
from twin.plant.flow import hops
from twin.plant.plant import Plant
from twin.run.run import Run

WORK = ("working",)
"""States that a faster station shortens."""
LEAST_TRACED = 0.9
"""Share of the window in which some machine must be on the path."""


def critical_shares(run: Run, window: Window | None = None) -> dict[str, float]:
    """Return the share of each station's work in the critical path, the largest first.

    A share times a small speed-up of the station is the gain in output. Each last station of the
    plant has a path of its own; they count by the units that came out there. Stores are on the path
    but have no share: they keep lots, and a shorter time there lets no more of them through.
    Empty where a path cannot be followed for nine tenths of the window: it passes a store that held
    lots before the run began, so this log does not say what limits it.
    """
    span = window or kpi_window(run)
    machines = _machines(run, span)
    ends = _ends(run, span, machines)
    shares: dict[str, float] = {}
    for last, until_s, weight in ends:
        path = critical_path(machines, last, span.from_s, until_s)
        traced = sum(b - a for name, a, b in path if name and not machines[name].keeps)
        if traced < LEAST_TRACED * span.length_s:
            return {}
        for name, share in work_shares(machines, path).items():
            shares[name] = shares.get(name, 0.0) + weight * share
    return dict(sorted(shares.items(), key=lambda item: (-item[1], item[0])))


def neighbours(plant: Plant) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the stations that feed each station, and those it feeds, rework left out."""
    following: dict[str, set[str]] = {}
    for hop in hops(plant):
        if not hop.rework:
            following.setdefault(hop.start, set()).add(hop.end)
    after = {name: sorted(_reached(name, following, plant.stations)) for name in plant.stations}
    before: dict[str, list[str]] = {name: [] for name in plant.stations}
    for name, others in after.items():
        for other in others:
            before[other].append(name)
    return before, after


def _reached(name: str, following: dict[str, set[str]], stations: Iterable[str]) -> set[str]:
    """Return the next stations, through places that are none."""
    found, known = set(), set(stations)
    front, seen = list(following.get(name, ())), set()
    while front:
        place = front.pop()
        if place in seen:
            continue
        seen.add(place)
        if place in known:
            found.add(place)
        else:
            front += following.get(place, ())
    return found


def _machines(run: Run, span: Window) -> dict[str, Path]:
    before, after = neighbours(run.plant)
    cycles = run.sql(
        "SELECT machine, start_s, end_s FROM cycles WHERE end_s <= ? AND end_s > ?"
        " ORDER BY machine, end_s, start_s",
        [span.to_s, span.from_s],
    )
    states = run.sql(
        "SELECT resource, state, start_s, end_s FROM states WHERE kind = 'machine' AND start_s < ?"
        " AND end_s > ? ORDER BY resource, start_s",
        [span.to_s, span.from_s],
    )
    of_cycles = {str(k): rows for k, rows in cycles.groupby("machine", observed=True)}
    of_states = {str(k): rows for k, rows in states.groupby("resource", observed=True)}
    ids = {s.id: s.machine_ids for s in run.plant.stations.values()}
    return {
        machine: _path(
            station.id,
            of_cycles.get(machine, cycles.iloc[:0]),
            of_states.get(machine, states.iloc[:0]),
            before=[m for s in before[station.id] for m in ids[s]],
            after=[m for s in after[station.id] for m in ids[s]],
            keeps=station.kind == "store",
        )
        for station in run.plant.stations.values()
        for machine in station.machine_ids
    }


def _path(
    station: str,
    cycles: pd.DataFrame,
    states: pd.DataFrame,
    *,
    before: list[str],
    after: list[str],
    keeps: bool,
) -> Path:
    waits = states[states["state"].isin(["starved", "blocked"])]
    edges = states[["start_s", "end_s"]].to_numpy(dtype=np.float64)
    working = states["state"].isin(WORK).to_numpy()
    done = np.cumsum(np.where(working, edges[:, 1] - edges[:, 0], 0.0))
    upto = np.column_stack([np.concatenate([[0.0], done[:-1]])[: len(done)], done])
    return Path(
        station,
        cycles["start_s"].tolist(),
        cycles["end_s"].tolist(),
        list(
            zip(
                waits["start_s"].tolist(), waits["end_s"].tolist(),
                (waits["state"] == "blocked").tolist(), strict=True,
            )
        ),
        before,
        after,
        keeps,
        edges.ravel() if len(edges) else np.zeros(1),
        upto.ravel() if len(edges) else np.zeros(1),
    )  # fmt: skip


def _ends(run: Run, span: Window, machines: dict[str, Path]) -> list[tuple[str, float, float]]:
    """Return where paths end: the last machine to finish of each last station, when, and weight."""
    _, after = neighbours(run.plant)
    out = run.sql(
        "SELECT station, sum(n) AS n FROM cycles WHERE result = 'ok' AND end_s <= ? AND end_s > ?"
        " GROUP BY station",
        [span.to_s, span.from_s],
    )
    units = {str(s): float(n) for s, n in zip(out["station"], out["n"], strict=True)}
    found = []
    for station in run.plant.stations.values():
        if after[station.id] or not units.get(station.id):
            continue
        last = max(station.machine_ids, key=lambda m: (machines[m].ends or [0.0])[-1])
        found.append((last, float(machines[last].ends[-1]), units[station.id]))
    total = sum(weight for _, _, weight in found)
    return [(last, until, weight / total) for last, until, weight in found]
