"""Machines that fail more often, stay down longer, or stop more often than the plant file says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from twin.flags.flag import Flag, name_of, period, severity_of
from twin.flags.impact import impact
from twin.kpi.ideal import ideal_row_s, nominal_robot_cycles
from twin.kpi.state_map import MINOR_STOP
from twin.plant.station import Station
from twin.run.run import Run

ALPHA = 1e-3
"""Highest p-value of a test; two tests are made for a station, each at half of it."""
LEAST_EXCESS_SHARE = 0.01
"""Smallest stop time beyond expectation worth a flag, as a share of the machines' time ..."""
LEAST_EXCESS_S = 300.0
"""... and in seconds."""


@dataclass(frozen=True)
class Stops:
    """Stops of the machines of one station: failures, or minor stops."""

    begin_s: np.ndarray
    length_s: np.ndarray
    end_s: np.ndarray
    waiting_s: np.ndarray

    @property
    def n(self) -> int:
        """How many."""
        return len(self.length_s)

    def longest(self) -> Stops:
        """Return the longest alone."""
        k = slice(int(np.argmax(self.length_s)), int(np.argmax(self.length_s)) + 1)
        return Stops(self.begin_s[k], self.length_s[k], self.end_s[k], self.waiting_s[k])


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
        yield from _failures(run, station, table_here, work_s=work_s, all_s=all_s)
        yield from _minor(run, station, table_here, work_s=work_s, all_s=all_s)


def failures_of(table: pd.DataFrame) -> Stops:
    """Join waiting for repair and repair into failures; minor stops are left out."""
    rows = table[table["reason"] != MINOR_STOP]
    again = rows["resource"].eq(rows["resource"].shift()) & rows["start_s"].eq(
        rows["end_s"].shift()
    )
    length = rows["end_s"] - rows["start_s"]
    waiting = rows["state"] == "waiting_repair"
    new_call = waiting | ~again
    sums = (
        pd.DataFrame(
            {
                "k": new_call.cumsum(),
                "begin_s": rows["start_s"],
                "end_s": rows["end_s"],
                "repair_s": length.where(~waiting, 0.0),
                "waiting_s": length.where(waiting, 0.0),
            }
        )
        .groupby("k")
        .agg(
            begin_s=("begin_s", "min"),
            end_s=("end_s", "max"),
            repair_s=("repair_s", "sum"),
            waiting_s=("waiting_s", "sum"),
        )
    )
    return Stops(*(sums[c].to_numpy() for c in ("begin_s", "repair_s", "end_s", "waiting_s")))


def minor_stops_of(table: pd.DataFrame) -> Stops:
    """Return the minor stops."""
    rows = table[table["reason"] == MINOR_STOP]
    begin, end = rows["start_s"].to_numpy(), rows["end_s"].to_numpy()
    return Stops(begin, end - begin, end, np.zeros(len(begin)))


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


def _failures(
    run: Run, station: Station, table: pd.DataFrame, *, work_s: float, all_s: float
) -> Iterator[Flag]:
    stops = failures_of(table)
    if not stops.n:
        return
    plan = planned_failures(station, work_s=work_s, all_s=all_s)
    expected_n, mttr_s = plan.n, plan.repair_s
    excess_s = float(stops.length_s.sum()) - expected_n * mttr_s
    if excess_s < max(LEAST_EXCESS_S, LEAST_EXCESS_SHARE * all_s):
        return
    often = count_p(stops.n, expected_n)
    long, one = _long_repairs_p(stops, mttr_s, plan.repair_cv)
    if min(often, long) > ALPHA / 2:
        return
    if long > often:
        text = f"{stops.n} failures instead of {expected_n:.1f}"
        finding = Finding(
            "frequent_failures", "failures", expected_n, stops.n, often,
            "Poisson test of failures", text,
        )  # fmt: skip
    else:
        stops_long = stops.longest() if one else stops
        observed_s = float(stops_long.length_s.mean())
        text = f"repairs take {observed_s / 60:.0f} min instead of {mttr_s / 60:.0f} min"
        finding = Finding(
            "long_repairs", "s", mttr_s, observed_s, long, "gamma test of repair times", text
        )
        stops = stops_long
    yield _flag(run, station, stops, finding, excess_s=excess_s, all_s=all_s)


@dataclass(frozen=True)
class Planned:
    """What the plant says about the failures of a station: their number, and one repair."""

    n: float
    repair_s: float
    repair_cv: float


def planned_failures(station: Station, *, work_s: float, all_s: float) -> Planned:
    """Return the failures to expect, all kinds of the station together."""
    modes = [*station.failure_modes.values()]
    cycle_s = station.mean_cycle_s
    numbers = []
    for mode in modes:
        to_failure_s = mode.failure_s
        if to_failure_s is None:
            to_failure_s = (mode.mcbf or 0.0) * cycle_s
        clock_s = all_s if mode.clock == "calendar" else work_s
        numbers.append(clock_s / to_failure_s if to_failure_s else 0.0)
    n = sum(numbers)
    if not n:
        return Planned(0.0, 0.0, 0.0)
    repairs = [mode.repair for mode in modes]
    mean = sum(k * r.mean_s for k, r in zip(numbers, repairs, strict=True)) / n
    square = sum(
        k * r.mean_s**2 * (1 + r.variation**2) for k, r in zip(numbers, repairs, strict=True)
    )
    return Planned(n, mean, math.sqrt(max(square / n / mean**2 - 1, 0.0)) if mean else 0.0)


def _long_repairs_p(stops: Stops, mean_s: float, cv: float) -> tuple[float, bool]:
    """Return the p-value of the repair times, and whether a single repair explains it."""
    longest_s, total_s = float(stops.length_s.max()), float(stops.length_s.sum())
    single = 1.0 - (1.0 - total_p(longest_s, 1, mean_s, cv)) ** stops.n
    together = total_p(total_s, stops.n, mean_s, cv)
    one = stops.n == 1 or (single <= ALPHA and longest_s >= 0.5 * total_s)
    return min(1.0, 2 * min(single, together)), one


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
    yield _flag(run, station, stops, finding, excess_s=excess_s, all_s=all_s)


@dataclass(frozen=True)
class Finding:
    """What a test found."""

    cause: str
    unit: str
    expected: float
    observed: float
    p_value: float
    method: str
    text: str


def _flag(
    run: Run, station: Station, stops: Stops, finding: Finding, *, excess_s: float, all_s: float
) -> Flag:
    since_s, until_s = float(stops.begin_s.min()), float(stops.end_s.max())
    cycles = nominal_robot_cycles(run) if station.kind == "robot" else {}
    loss = impact(
        run, station.machine_ids, since_s, until_s, lost_s=excess_s,
        ideal_unit_s=ideal_row_s(station, cycles) or 0.0,
    )  # fmt: skip
    name, is_open = name_of(station.label, station.id), until_s >= run.horizon_s
    when = period(run.scenario.start, since_s, until_s, is_open=is_open)
    return Flag(
        workcell=run.plant.workcell_of.get(station.id, station.workcell),
        resource=station.id,
        since_s=since_s,
        until_s=until_s,
        cause=finding.cause,
        substep=None,
        lost_units=loss.lost_units,
        severity=severity_of(excess_s / max(all_s, 1.0), loss.plant_loss_units),
        evidence={
            "expected": finding.expected,
            "observed": finding.observed,
            "unit": finding.unit,
            "n": stops.n,
            "p_value": finding.p_value,
            "method": finding.method,
            "excess_s": excess_s,
            "open": is_open,
            **loss.evidence(),
        },
        title=f"{name}: {finding.cause.replace('_', ' ')}",
        text=f"{name}: {finding.text}, {when}. That cost {excess_s / 60:.0f} min of machine time"
        f" beyond expectation. {loss.sentence()}",
    )
