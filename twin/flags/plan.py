"""Output of the whole plant below its plan, with the station that limits it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import stats

from twin.flags.flag import Flag, name_of, severity_of
from twin.kpi.bottleneck import Bottleneck, loss_share
from twin.kpi.critical_run import critical_shares
from twin.kpi.flow import product_items
from twin.kpi.kpis import kpis, plan_per_h
from twin.kpi.state_map import EXTERNAL_LOSSES
from twin.kpi.window import Window, kpi_window
from twin.run.run import Run

LEAST_SHORTFALL = 0.05
"""Smallest shortfall worth a flag, as a share of the plan."""
ALPHA = 1e-3
LEAST_BINS = 4
BIN_S = 3600.0


def plan_flags(run: Run) -> Iterator[Flag]:
    """Flag a throughput below plan: one-sided t-test of the output of full hours.

    Not judged: a plant without plan, less than four hours, and a start from empty without
    warm-up, because a plant that is still filling up cannot ship.
    """
    plan = plan_per_h(run.plant)
    window = kpi_window(run)
    n_bins = int(window.length_s // BIN_S)
    if plan is None or n_bins < LEAST_BINS:
        return
    if run.scenario.initial == "empty" and run.warmup_s == 0:
        return
    shipped = _shipped_per_bin(run, window, n_bins)
    mean = float(shipped.mean())
    error = float(shipped.std(ddof=1)) / np.sqrt(n_bins)
    if mean > (1 - LEAST_SHORTFALL) * plan:
        return
    p = float(stats.t.cdf((mean - plan) / error, n_bins - 1)) if error > 0 else 0.0
    if p <= ALPHA:
        yield _flag(run, window, plan=plan, mean=mean, n_bins=n_bins, p=p)


def _shipped_per_bin(run: Run, window: Window, n_bins: int) -> np.ndarray:
    rows = run.sql(
        "SELECT CAST(floor((time_s - ?) / ?) AS INTEGER) AS bin, sum(n) AS n FROM units"
        " WHERE event = 'shipped' AND time_s >= ? AND item IN (SELECT unnest(?)) GROUP BY bin",
        [window.from_s, BIN_S, window.from_s, sorted(product_items(run.plant))],
    )
    rows = rows[rows["bin"] < n_bins]
    counts = np.zeros(n_bins)
    counts[rows["bin"].to_numpy(dtype=np.intp)] = rows["n"].to_numpy()
    return counts


def _flag(run: Run, window: Window, *, plan: float, mean: float, n_bins: int, p: float) -> Flag:
    limit = _named(run)
    lost = (plan - mean) * window.length_h
    return Flag(
        workcell=run.plant.workcell_of.get(limit.station, "") if limit else "",
        resource=run.plant.lines[0].id if len(run.plant.lines) == 1 else run.plant.id,
        since_s=window.from_s,
        until_s=window.to_s,
        cause="below_plan",
        substep=None,
        lost_units=lost,
        severity=severity_of(1 - mean / plan, lost),
        evidence={
            "expected": plan,
            "observed": mean,
            "unit": "1/h",
            "n": n_bins,
            "p_value": p,
            "method": "one-sided t-test of the output of full hours",
            "open": True,
            "plant_loss_units": lost,
            "bottleneck": limit.station if limit else None,
            "bottleneck_method": limit.method if limit else None,
        },
        title="Output below plan",
        text=f"{mean:.0f} units per hour shipped instead of {plan:.0f}: {lost:.0f} units short."
        + (_limit(run, limit) if limit else ""),
    )


def _named(run: Run) -> Bottleneck | None:
    """Return what limits the output: by the critical path, or where the log has none otherwise."""
    figures = kpis(run)
    first = next(iter(critical_shares(run)), None)
    if first is None:
        return figures.bottleneck
    of_time = figures.stations[first].oee
    return Bottleneck(
        station=first,
        method="critical path",
        blocked_share=loss_share(of_time, "blocked"),
        starved_share=loss_share(of_time, "starved"),
        external_share=loss_share(of_time, *EXTERNAL_LOSSES),
    )


def _limit(run: Run, limit: Bottleneck) -> str:
    station = run.plant.stations[limit.station]
    return (
        f" The log points to {name_of(station.label, station.id)} as the bottleneck"
        f" ({limit.method}): it waits for others {100 * limit.external_share:.0f} % of its time."
    )
