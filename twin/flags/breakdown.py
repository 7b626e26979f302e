"""Machines that fail more often, stay down longer, or stop more often than the plant file says."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from scipy import stats

from twin.flags.failure_flags import failure_flags
from twin.flags.flag import Flag
from twin.flags.stops import (
    LEAST_EXCESS_S,
    LEAST_EXCESS_SHARE,
    Finding,
    failures_of,
    minor_stops_of,
    stop_flag,
)
from twin.plant.station import Station
from twin.run.run import Run

ALPHA = 1e-3
"""Highest p-value of the test of minor stops."""


def breakdown_flags(run: Run) -> Iterator[Flag]:
    """Find stations with more, longer or more frequent stops than expected."""
    table = run.sql(
        "SELECT resource, state, reason, start_s, end_s FROM states WHERE kind = 'machine'"
        " AND state IN ('down', 'waiting_repair') ORDER BY resource, start_s"
    )
    worked = run.sql(
        "SELECT resource, sum(end_s - start_s) FILTER (state = 'working') AS s, max(end_s) AS end_s"
        " FROM states WHERE kind = 'machine' GROUP BY resource"
    ).set_index("resource")
    by_machine = dict(iter(table.groupby("resource", observed=True)))
    for station in run.plant.stations.values():
        known = [m for m in station.machine_ids if m in worked.index]
        rows = [by_machine[m] for m in known if m in by_machine]
        if not rows:
            continue
        table_here = pd.concat(rows)
        work_s = float(worked["s"].reindex(known).fillna(0.0).sum())
        all_s = float(worked["end_s"].reindex(known).sum())
        yield from failure_flags(run, station, failures_of(table_here), all_s=all_s, work_s=work_s)
        yield from _minor(run, station, table_here, work_s=work_s, all_s=all_s)


def count_p(n: int, expected: float) -> float:
    """Return the probability of `n` or more events where `expected` come (Poisson)."""
    return float(stats.poisson.sf(n - 1, expected))


def total_p(total_s: float, n: int, mean_s: float, cv: float) -> float:
    """Return the probability that `n` gamma times with this mean take `total_s` or longer."""
    if n == 0 or mean_s <= 0:
        return 1.0 if n == 0 else 0.0
    if cv <= 0:
        return 0.0 if total_s > 1.001 * n * mean_s else 1.0
    return float(stats.gamma.sf(total_s, n / cv**2, scale=mean_s * cv**2))


def _minor(
    run: Run, station: Station, table: pd.DataFrame, *, work_s: float, all_s: float
) -> Iterator[Flag]:
    stops = minor_stops_of(table)
    if not stops.n:
        return
    total_s, mean_s = float(stops.length_s.sum()), station.minor_stop_s
    expected_s = work_s * (1 - station.performance) / station.performance if mean_s > 0 else 0.0
    expected_n = expected_s / mean_s if mean_s > 0 else 0.0
    excess_s = total_s - expected_s
    p = 2 * count_p(stops.n, expected_n)
    if mean_s > 0:
        p = min(p, 2 * total_p(total_s, stops.n, mean_s, 1.0))
    if excess_s < max(LEAST_EXCESS_S, LEAST_EXCESS_SHARE * all_s) or p > ALPHA:
        return
    finding = Finding(
        "minor_stops", "s", expected_s, total_s, p,
        "Poisson test of their number, gamma test of their length",
        f"{stops.n} minor stops of {total_s / 60:.0f} min in all instead of"
        f" {expected_n:.0f} of {expected_s / 60:.0f} min",
    )  # fmt: skip
    yield stop_flag(run, station, stops, finding, excess_s=excess_s, all_s=all_s)
