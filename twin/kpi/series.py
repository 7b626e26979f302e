# ruff: noqa: S608 - queries are made of column names and numbers only
"""Time series for charts: tidy frames within a window, never more rows than asked for.

Every function takes a `Window` and returns a DataFrame ordered by time. Thinned series keep the
smallest and the largest value of every bin, so that peaks stay visible.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from twin.kpi.flow import product_items, read_events, wip_changes
from twin.kpi.ideal import cycles_in_row
from twin.kpi.kpis import plan_per_h
from twin.kpi.state_map import STATE_MAP
from twin.kpi.window import Window
from twin.run.run import Run

MAX_POINTS = 2000


def throughput(
    run: Run, window: Window, *, interval_s: float = 3600.0, station: str | None = None
) -> pd.DataFrame:
    """Return good units per interval: of the plant, or of one station.

    Columns: ``time_s`` (start of the interval), ``length_s``, ``units``, ``per_h``, ``plan_per_h``
    (NaN without plan, and for a station). The last interval may be shorter.
    """
    starts = _intervals(window, interval_s)
    if station is None:
        rows = run.sql(
            "SELECT time_s, n FROM units WHERE event = 'shipped' AND item IN (SELECT unnest(?))"
            f" AND {window.inside_sql('time_s')}",
            [sorted(product_items(run.plant))],
        )
    else:
        rows = run.sql(
            "SELECT end_s AS time_s, n FROM cycles WHERE station = ?"
            " AND result NOT IN ('scrap', 'rework')"
            f" AND {window.inside_sql()}",
            [station],
        )
    bins = np.searchsorted(starts, rows["time_s"].to_numpy(), side="left") - 1
    units = np.bincount(bins, weights=rows["n"].to_numpy(), minlength=len(starts))
    lengths = np.diff(np.append(starts, window.to_s))
    plan = plan_per_h(run.plant) if station is None else None
    return pd.DataFrame(
        {
            "time_s": starts,
            "length_s": lengths,
            "units": units.astype(np.int64),
            "per_h": units / lengths * 3600.0,
            "plan_per_h": np.nan if plan is None else plan,
        }
    )


def wip(run: Run, window: Window, *, max_points: int = MAX_POINTS) -> pd.DataFrame:
    """Return the product units in the plant as steps: ``time_s``, ``units``."""
    changes = wip_changes(read_events(run)).groupby("time_s", as_index=False)["n"].sum()
    steps = pd.DataFrame({"time_s": changes["time_s"], "units": changes["n"].cumsum()})
    return thinned(_steps_inside(steps, "units", window), "units", max_points)


def levels(
    run: Run, window: Window, places: Sequence[str], *, max_points: int = MAX_POINTS
) -> pd.DataFrame:
    """Return levels as steps: ``place``, ``time_s``, ``level`` (lots); `max_points` per place."""
    rows = run.sql(
        "SELECT place, time_s, sum(sum(change)) OVER (PARTITION BY place ORDER BY time_s) AS level"
        f" FROM levels WHERE time_s <= {window.to_s!r} AND place IN (SELECT unnest(?))"
        " GROUP BY place, time_s ORDER BY place, time_s",
        [list(places)],
    )
    rows["level"] = rows["level"].astype(np.int64)
    frames = []
    for place in places:
        steps = rows.loc[rows["place"] == place, ["time_s", "level"]]
        inside = thinned(_steps_inside(steps, "level", window), "level", max_points)
        frames.append(inside.assign(place=place)[["place", "time_s", "level"]])
    if not frames:
        return pd.DataFrame({"place": [], "time_s": [], "level": []})
    return pd.concat(frames, ignore_index=True)


def gantt(
    run: Run, window: Window, resources: Sequence[str], *, max_intervals: int = 400
) -> pd.DataFrame:
    """Return states as intervals: ``resource``, ``kind``, ``state``, ``reason``, ``start_s``, ``end_s``.

    A resource with more than `max_intervals` is shown in that many equal bins, each with the state
    that took most of it; neighbours with the same state are one interval.
    """  # noqa: E501
    rows = run.sql(
        "SELECT resource, kind, state, reason,"
        f" greatest(start_s, {window.from_s!r}) AS start_s, least(end_s, {window.to_s!r}) AS end_s"
        f" FROM states WHERE {window.touches_sql()} AND resource IN (SELECT unnest(?))"
        " ORDER BY resource, start_s",
        [list(resources)],
    )
    found = [
        mine if len(mine) <= max_intervals else _merged(mine, window, max_intervals)
        for _, mine in rows.groupby("resource", observed=True)
    ]
    return pd.concat(found, ignore_index=True) if found else rows


def _merged(rows: pd.DataFrame, window: Window, n_bins: int) -> pd.DataFrame:
    """Return the main state of each bin, neighbours with the same state joined."""
    pairs = rows["state"].astype(str) + "/" + rows["reason"].astype(str)
    codes, names = pd.factorize(pairs)
    edges = np.linspace(window.from_s, window.to_s, n_bins + 1)
    ends, starts = rows["end_s"].to_numpy(), rows["start_s"].to_numpy()
    spent = np.empty((len(names), n_bins))
    for code in range(len(names)):
        mine = codes == code
        busy = np.concatenate([[0.0], np.cumsum(ends[mine] - starts[mine])])
        k = np.searchsorted(starts[mine], edges, side="right")
        inside = np.where(k > 0, np.minimum(edges, ends[mine][k - 1]) - starts[mine][k - 1], 0.0)
        before = busy[np.maximum(k - 1, 0)] + np.maximum(inside, 0.0)
        spent[code] = np.diff(before)
    main = spent.argmax(axis=0)
    first = np.flatnonzero(np.diff(main, prepend=-1))
    state = pd.Series(names).str.partition("/")
    return pd.DataFrame(
        {
            "resource": rows["resource"].iloc[0],
            "kind": rows["kind"].iloc[0],
            "state": state[0].to_numpy()[main[first]],
            "reason": state[2].to_numpy()[main[first]],
            "start_s": edges[first],
            "end_s": edges[np.append(first[1:], n_bins)],
        }
    )


def cycle_times(
    run: Run, window: Window, station: str, *, max_points: int = MAX_POINTS
) -> pd.DataFrame:
    """Return cycles of a station: ``machine``, ``time_s`` (start), ``duration_s``, ``result``.

    A row that stands for the cycles of a whole lot has their mean.
    """
    rows = run.sql(
        "SELECT machine, start_s AS time_s, duration_s, result, n FROM cycles WHERE station = ?"
        f" AND start_s >= {window.from_s!r} AND start_s < {window.to_s!r} ORDER BY time_s",
        [station],
    )
    model = run.plant.stations.get(station)
    if model is not None and model.record == "lot":
        rows["duration_s"] /= [cycles_in_row(model, n) for n in rows["n"]]
    return thinned(rows.drop(columns="n"), "duration_s", max_points)


def robot_cycle_times(
    run: Run, window: Window, robot: str, *, max_points: int = MAX_POINTS
) -> pd.DataFrame:
    """Return cycles of a robot: ``cycle``, ``time_s`` (start), ``nominal_s``, ``actual_s``."""
    rows = run.sql(
        "SELECT cycle, min(start_s) AS time_s, sum(nominal_s) AS nominal_s,"
        " sum(actual_s) AS actual_s FROM substeps WHERE robot = ? GROUP BY cycle"
        f" HAVING min(start_s) >= {window.from_s!r} AND min(start_s) < {window.to_s!r}"
        " ORDER BY time_s",
        [robot],
    )
    return thinned(rows, "actual_s", max_points)


def substep_times(
    run: Run, window: Window, robot: str, *, max_points: int = MAX_POINTS
) -> pd.DataFrame:
    """Return sub-steps of a robot: ``step``, ``name``, ``time_s``, ``nominal_s``, ``actual_s``.

    `max_points` is per sub-step.
    """
    rows = run.sql(
        "SELECT step, name, start_s AS time_s, nominal_s, actual_s FROM substeps WHERE robot = ?"
        f" AND start_s >= {window.from_s!r} AND start_s < {window.to_s!r} ORDER BY step, time_s",
        [robot],
    )
    found = [thinned(mine, "actual_s", max_points) for _, mine in rows.groupby("step")]
    return pd.concat(found, ignore_index=True) if found else rows


def signals(
    run: Run, window: Window, resource: str, signal: str | None = None, *,
    max_points: int = MAX_POINTS,
) -> pd.DataFrame:  # fmt: skip
    """Return samples of one or all signals of a resource: ``signal``, ``time_s``, ``value``."""
    rows = run.sql(
        "SELECT signal, time_s, value FROM signals WHERE resource = ?"
        " AND (? IS NULL OR signal = ?)"
        f" AND time_s >= {window.from_s!r} AND time_s <= {window.to_s!r} ORDER BY signal, time_s",
        [resource, signal, signal],
    )
    found = [
        thinned(mine, "value", max_points) for _, mine in rows.groupby("signal", observed=True)
    ]
    return pd.concat(found, ignore_index=True) if found else rows


def energy(run: Run, window: Window, *, interval_s: float = 3600.0) -> pd.DataFrame:
    """Return energy per interval and user: ``time_s``, ``length_s``, ``user``, ``kwh``, ``kw``.

    Users are the stations, ``base_load`` and ``dry_room``; ``kw`` is the mean power.
    """
    starts = _intervals(window, interval_s)
    lengths = np.diff(np.append(starts, window.to_s))
    power = _station_kws(run, window, starts)
    building = run.plant.building
    power["base_load"] = lengths * building.base_load_kw / 3600
    power["dry_room"] = lengths * building.dry_room_load_kw / 3600
    frames = [
        pd.DataFrame({"time_s": starts, "length_s": lengths, "user": user, "kwh": kwh})
        for user, kwh in power.items()
    ]
    frame = pd.concat(frames, ignore_index=True)
    return frame.assign(kw=frame["kwh"] / frame["length_s"] * 3600)


def _station_kws(
    run: Run, window: Window, starts: npt.NDArray[np.float64]
) -> dict[str, npt.NDArray[np.float64]]:
    """Return kWh per interval by station."""
    rows = run.sql(
        "SELECT resource, state, reason, start_s, end_s FROM states WHERE kind = 'machine'"
        f" AND {window.touches_sql()}"
    )
    level = {(m.state, m.reason): m.power for m in STATE_MAP}
    names = rows["resource"].astype(str)
    keys = zip(rows["state"].astype(str), rows["reason"].astype(str), strict=True)
    drawn = pd.Series(
        [level.get((state, reason), level[state, ""]) for state, reason in keys], dtype=object
    )
    edges = np.append(starts, window.to_s)
    found = {}
    for station in run.plant.stations.values():
        mine = names.isin(station.machine_ids)
        kwh = np.zeros(len(starts))
        for name in ("working", "idle", "down"):
            chosen = (mine & (drawn == name)).to_numpy()
            kw = getattr(station.power, f"{name}_kw")
            kwh += kw * _time_in(rows[chosen], edges) / 3600
        found[station.id] = kwh
    return found


def _time_in(rows: pd.DataFrame, edges: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the seconds that intervals (also overlapping ones) have in each bin."""

    def before(moments: pd.Series[float]) -> npt.NDArray[np.float64]:
        ordered = np.sort(moments.to_numpy(dtype=np.float64))
        sums = np.concatenate([[0.0], np.cumsum(ordered)])
        k = np.searchsorted(ordered, edges)
        return np.asarray(k * edges - sums[k], dtype=np.float64)

    return np.diff(before(rows["start_s"]) - before(rows["end_s"]))


def thinned(rows: pd.DataFrame, value: str, max_points: int) -> pd.DataFrame:
    """Return at most `max_points` rows: first, last, and the extremes of `value` in each bin."""
    n = len(rows)
    if n <= max_points:
        return rows.reset_index(drop=True)
    n_bins = max(1, (max_points - 2) // 2)
    bins = np.arange(n) * n_bins // n
    order = np.lexsort((rows[value].to_numpy(), bins))
    first = np.searchsorted(bins, np.arange(n_bins))
    last = np.append(first[1:], n) - 1
    kept = np.unique(np.concatenate([[0, n - 1], order[first], order[last]]))
    return rows.iloc[kept].reset_index(drop=True)


def _intervals(window: Window, interval_s: float) -> npt.NDArray[np.float64]:
    """Return the starts of intervals: multiples of `interval_s` from the start of the run on."""
    first = np.floor(window.from_s / interval_s) * interval_s
    starts = np.arange(first, window.to_s, interval_s)
    if not len(starts):
        return np.array([window.from_s])
    starts[0] = window.from_s
    return starts


def _steps_inside(steps: pd.DataFrame, value: str, window: Window) -> pd.DataFrame:
    """Return steps inside a window, beginning with the value at its start."""
    before = steps[steps["time_s"] <= window.from_s]
    level = before[value].iloc[-1] if len(before) else 0
    inside = steps[(steps["time_s"] > window.from_s) & (steps["time_s"] <= window.to_s)]
    first = pd.DataFrame({"time_s": [window.from_s], value: [level]})
    return pd.concat([first, inside], ignore_index=True)
