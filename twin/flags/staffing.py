"""Pools of workers that have fewer people on duty than their shifts say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from twin.flags.flag import Flag, name_of, period
from twin.flags.time_grid import Floats, Grid, ramps
from twin.plant.people import WEEK, Shift, WorkerPool
from twin.run.run import Run

STEP_S = 60.0
"""Staffing is compared minute by minute ..."""
LEAST_S = 900.0
"""... and flagged where people are missing for so long."""
DAY_S = 86_400.0


def staffing_flags(run: Run) -> Iterator[Flag]:
    """Find pools with fewer people on duty than planned."""
    n = int(run.horizon_s // STEP_S)
    if n < 2 or not run.plant.pools:
        return
    bins = Grid(0.0, n * STEP_S, n)
    for pool in run.plant.pools:
        present = _present(run, pool, bins)
        planned = _planned(run, pool, bins)
        missing = planned - present > 0.5
        missing[0] = False
        edges = np.flatnonzero(np.diff(np.concatenate([[0], missing.astype(np.int8), [0]])))
        for begin, end in zip(edges[::2], edges[1::2], strict=True):
            if (end - begin) * STEP_S >= LEAST_S:
                short = float((planned - present)[begin:end].mean())
                full = float(planned[begin:end].mean())
                span_s = (float(begin * STEP_S), float(end * STEP_S))
                yield _flag(run, pool, span_s, short=short, planned=full)


def _present(run: Run, pool: WorkerPool, bins: Grid) -> Floats:
    """Return the mean number of workers who were not off shift, by bin."""
    rows = run.sql(
        "SELECT start_s, end_s FROM states WHERE kind = 'worker' AND state <> 'off_shift'"
        " AND resource IN (SELECT unnest(?))",
        [list(pool.worker_ids)],
    )
    one, group = np.ones(len(rows)), np.zeros(len(rows), dtype=np.intp)
    seconds = ramps(rows["start_s"].to_numpy(dtype=np.float64), one, group, n_groups=1, bins=bins)
    seconds -= ramps(rows["end_s"].to_numpy(dtype=np.float64), one, group, n_groups=1, bins=bins)
    share: Floats = seconds[0] / bins.width_s
    return share


def _planned(run: Run, pool: WorkerPool, bins: Grid) -> Floats:
    """Return the number of workers who should be on duty, the least of each bin and the next."""
    begin = datetime.fromisoformat(run.scenario.start)
    at = np.concatenate([bins.edges_s[:-1], [bins.end_s]])
    total = np.zeros(bins.n + 1)
    closed = {date.fromisoformat(text) for text in run.plant.closed}
    for shift in run.plant.shifts:
        if pool.staff.get(shift.id):
            total += pool.staff[shift.id] * _worked(shift, begin, at, closed)
    return np.minimum(total[:-1], total[1:])


def _worked(shift: Shift, begin: datetime, at: Floats, closed: set[date]) -> npt.NDArray[np.bool_]:
    """Return at which times a shift is worked, breaks excluded."""
    offset_s = begin.hour * 3600.0 + begin.minute * 60.0 + begin.second
    found = np.zeros(len(at), dtype=bool)
    for day in range(-1, int((at[-1] + offset_s) // DAY_S) + 1):
        on = begin.date() + timedelta(days=day)
        if WEEK[on.weekday()] not in shift.days or on in closed:
            continue
        start_s = day * DAY_S - offset_s + shift.start
        inside = (at >= start_s) & (at < start_s + shift.hours * 3600)
        for pause in shift.breaks:
            first_s = start_s + (pause.start - shift.start) % DAY_S
            inside &= ~((at >= first_s) & (at < first_s + pause.length))
        found |= inside
    return found


def _flag(
    run: Run, pool: WorkerPool, span_s: tuple[float, float], *, short: float, planned: float
) -> Flag:
    since_s, until_s = span_s
    is_open = until_s >= run.horizon_s - STEP_S
    name = name_of(pool.label, pool.id)
    when = period(run.scenario.start, since_s, until_s, is_open=is_open)
    return Flag(
        workcell="",
        resource=pool.id,
        since_s=since_s,
        until_s=run.horizon_s if is_open else until_s,
        cause="worker_shortage",
        substep=None,
        lost_units=0.0,
        severity="warning",
        evidence={
            "expected": planned,
            "observed": planned - short,
            "unit": "workers on duty",
            "n": len(pool.worker_ids),
            "p_value": None,
            "method": "comparison with the shifts of the plant file",
            "open": is_open,
            "plant_loss_units": None,
        },
        title=f"{name}: {short:.1f} people missing",
        text=f"{name} had {planned - short:.1f} instead of {planned:.1f} people on duty {when}."
        " Find replacements, or move people from where there is time to spare.",
    )
