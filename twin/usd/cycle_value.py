"""Cycle times, targets, counts and alarms of the KPI layer.

Cycle times are held values: of stations and robots the mean of each full minute, of vehicles and
cranes the time of each transport, from its first move to the lot put down.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pxr import Sdf

from twin.kpi.ideal import PER_LOT, ideal_row_s, nominal_robot_cycles
from twin.plant.station import Station
from twin.run.run import Run
from twin.usd.layer import TOKEN, Layer
from twin.usd.path import LINES, ROOT, Paths
from twin.usd.span import Span

Floats = NDArray[np.float64]

WINDOW_S = 60.0
_DOUBLE, _INT64 = Sdf.ValueTypeNames.Double, Sdf.ValueTypeNames.Int64

_STATIONS = f"""
SELECT station AS id, ceil(end_s / {WINDOW_S}) * {WINDOW_S} AS time_s, count(*) AS n_rows,
    sum(n) AS n_units, sum(duration_s) AS busy_s
FROM cycles GROUP BY ALL ORDER BY id, time_s
"""  # noqa: S608
_ROBOTS = f"""
WITH one AS (
    SELECT robot, cycle, sum(actual_s) AS took_s, max(start_s + actual_s) AS end_s,
        count(*) AS n FROM substeps GROUP BY ALL
)
SELECT robot AS id, ceil(end_s / {WINDOW_S}) * {WINDOW_S} AS time_s, count(*) AS n_rows,
    sum(took_s) AS busy_s
FROM one WHERE n = (SELECT max(n) FROM one AS other WHERE other.robot = one.robot)
GROUP BY ALL ORDER BY id, time_s
"""  # noqa: S608
_TRANSPORTS = """
WITH jobs AS (
    SELECT mover, job, min(start_s) AS start_s, max(end_s) AS end_s
    FROM moves WHERE kind IN ('agv', 'crane') AND job >= 0 GROUP BY ALL
)
SELECT states.resource AS id, jobs.start_s, states.end_s AS time_s
FROM states JOIN jobs ON states.resource = jobs.mover AND abs(jobs.end_s - states.start_s) < 1e-6
WHERE states.state = 'unloading' AND states.end_s < ? ORDER BY id, time_s
"""


def add_cycles(layer: Layer, span: Span, run: Run, paths: Paths) -> None:
    """Write cycle times, targets and counts of stations, robots, vehicles and cranes."""
    nominal = nominal_robot_cycles(run)
    stations = run.plant.stations
    for id_, rows in _by_id(run.sql(_STATIONS)):
        station = stations[id_]
        per = "n_rows" if station.kind in PER_LOT else "n_units"
        mean = rows["busy_s"].to_numpy(float) / rows[per].to_numpy(float)
        path = paths.things[id_]
        _held(layer, span, path, rows["time_s"].to_numpy(float), mean)
        _target(layer, path, target_s(station, nominal))
    for id_, rows in _by_id(run.sql(_ROBOTS)):
        time, n = rows["time_s"].to_numpy(float), rows["n_rows"].to_numpy(np.int64)
        _held(layer, span, paths.things[id_], time, rows["busy_s"].to_numpy(float) / n)
        _target(layer, paths.things[id_], nominal.get(id_))
        _counted(layer, span, paths.things[id_], time, n)
    for id_, rows in _by_id(run.sql(_TRANSPORTS, [run.horizon_s])):
        time = rows["time_s"].to_numpy(float)
        _held(layer, span, paths.things[id_], time, time - rows["start_s"].to_numpy(float))
        _counted(layer, span, paths.things[id_], time, np.ones(len(time), dtype=np.int64))


def target_s(station: Station, nominal_robot_s: dict[str, float]) -> float | None:
    """Return the cycle time a station is meant to have: of a unit; of batch and store, of a row."""
    if station.kind in PER_LOT:
        return station.cycle.mean_s if station.cycle is not None else None
    return ideal_row_s(station, nominal_robot_s)


def add_lines(layer: Layer, span: Span, run: Run) -> None:
    """Write what each line, and the whole plant, has finished, and the lots in their places.

    Finished is what leaves a station that makes a finished product.
    """
    homes: dict[str, str] = {}
    for line in run.plant.lines:
        for workcell in line.workcells:
            ids = [s.id for s in workcell.stations] + [b.id for b in workcell.buffers]
            homes |= dict.fromkeys([*ids, *(c.id for c in workcell.conveyors)], line.id)
    finished = {product.item for product in run.plant.products}
    last = {s.id for s in run.plant.stations.values() if s.product in finished}
    made = run.sql(
        "SELECT station, end_s AS time_s, n FROM cycles WHERE result = 'ok' ORDER BY end_s, station"
    )
    made = made[made["station"].astype(str).isin(last)]
    levels = run.table("levels", ["place", "time_s", "change"])
    levels = levels.sort_values("time_s", kind="stable")
    counts = made.assign(line=made["station"].astype(str).map(homes))
    held = levels.assign(line=levels["place"].astype(str).map(homes))
    whole = [("", ROOT)] + [(line.id, f"{LINES}/{line.id}") for line in run.plant.lines]
    for id_, path in whole:
        own = counts[counts["line"] == id_] if id_ else counts
        time, n = own["time_s"].to_numpy(float), own["n"].to_numpy(np.int64)
        minutes = np.ceil(time / WINDOW_S) * WINDOW_S
        _counted(layer, span, path, minutes, n)
        change = held[held["line"] == id_] if id_ else held
        _lots(layer, span, path, change)


def add_alarms(layer: Layer, span: Span, run: Run, paths: Paths) -> None:
    """Write the code of the alarm that is open, the one raised last; empty where none is."""
    rows = run.table("alarms", ["resource", "code", "raised_s", "closed_s", "open"])
    for id_, own in rows.sort_values("raised_s", kind="stable").groupby("resource", observed=True):
        path = paths.things.get(str(id_))
        if path is None:
            continue
        raised = own["raised_s"].to_numpy(float)
        closed = np.where(own["open"].to_numpy(bool), np.inf, own["closed_s"].to_numpy(float))
        codes = own["code"].astype(str).tolist()
        inner = {t for t in (*raised.tolist(), *closed.tolist()) if span.start_s < t <= span.end_s}
        times = sorted({span.start_s, *inner})
        open_ = [np.flatnonzero((raised <= t) & (t < closed)) for t in times]
        values = [codes[rows_[-1]] if len(rows_) else "" for rows_ in open_]
        layer.attribute(layer.over(path), "twin:kpi:alarm", TOKEN)
        layer.linear(f"{path}.twin:kpi:alarm", span.codes(np.array(times)), values)


def count(layer: Layer, span: Span, attribute: str, time_s: Floats, n: NDArray[np.int64]) -> None:
    """Write a counter (whole numbers, held); of several changes at once, the last one counts."""
    last = np.append(np.diff(time_s) > 0, True)
    time, number = time_s[last], n[last]
    chosen = span.steps(time)
    path, _, name = attribute.partition(".")
    layer.attribute(layer.over(path), name, _INT64)
    layer.linear(attribute, span.codes(time[chosen]), number[chosen].tolist())


def _counted(layer: Layer, span: Span, path: str, time_s: Floats, n: NDArray[np.int64]) -> None:
    total = np.append(0, np.cumsum(n))
    count(layer, span, f"{path}.twin:kpi:partsOut", np.append(0.0, time_s), total)


def _lots(layer: Layer, span: Span, path: str, rows: pd.DataFrame) -> None:
    """Write how many lots there are, at every full minute."""
    time, change = rows["time_s"].to_numpy(float), rows["change"].to_numpy(np.int64)
    minutes = np.arange(span.start_s, span.end_s + 1e-9, WINDOW_S)
    total = np.append(0, np.cumsum(change))
    level = total[np.searchsorted(time, minutes, side="right")]
    count(layer, span, f"{path}.twin:kpi:level", minutes, level)


def _held(layer: Layer, span: Span, path: str, time_s: Floats, value: Floats) -> None:
    """Write a number that holds from each time to the next."""
    last = np.append(np.diff(time_s) > 0, True)
    time, number = time_s[last], value[last]
    inside = time <= span.end_s
    chosen = span.steps(time[inside])
    codes = span.codes(time[inside][chosen])
    if not len(codes):
        return
    layer.attribute(layer.over(path), "twin:kpi:cycleTime", _DOUBLE)
    layer.held(f"{path}.twin:kpi:cycleTime", codes, number[inside][chosen].tolist())


def _target(layer: Layer, path: str, seconds: float | None) -> None:
    if seconds is not None:
        prim = layer.over(path)
        layer.attribute(prim, "twin:kpi:targetCycleTime", _DOUBLE, float(seconds))


def _by_id(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for id_, own in rows.groupby("id", observed=True, sort=True):
        yield str(id_), own
