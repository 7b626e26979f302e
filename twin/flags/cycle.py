"""Stations whose cycle takes another time than the plant file says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from twin.flags.change import Floats, find_stretches, p_value_of, standardised
from twin.flags.flag import Flag, name_of, period, severity_of
from twin.flags.impact import impact
from twin.kpi.ideal import cycles_in_row, ideal_row_s, running_pace
from twin.plant.station import Station
from twin.run.run import Run

METHOD = "likelihood-ratio scan of cycle / expected cycle over all stretches of cycles"
LEAST_SHARE = 0.03
"""Smallest relative shift of the cycle time worth a flag."""

_SD_FLOOR = 0.002


@dataclass(frozen=True)
class CycleShift:
    """One machine whose cycles took another time between two moments."""

    machine: str
    since_s: float
    until_s: float
    open: bool
    n: int
    n_units: int
    expected_s: float
    observed_s: float
    log10_p: float


def cycle_flags(run: Run) -> Iterator[Flag]:
    """Find stations that are slower or faster than their cycle time."""
    judged = [s.id for s in run.plant.stations.values() if ideal_row_s(s, {}) is not None]
    table = run.sql(
        "SELECT station, machine, start_s, duration_s, n FROM cycles"
        " WHERE start_s > 0 AND station IN (SELECT unnest(?)) ORDER BY station, machine, start_s",
        [judged],
    )
    for name, rows in table.groupby("station", observed=True):
        station = run.plant.stations[str(name)]
        shifts = [
            shift
            for machine, mine in rows.groupby("machine", observed=True)
            for shift in _machine_shifts(run, station, str(machine), mine)
        ]
        for group in _same_time(shifts):
            yield _flag(run, station, group)


def expected_cycle_s(station: Station) -> tuple[float, float]:
    """Return mean and relative standard deviation of a cycle by the plant file."""
    if station.cycle is None:
        return 0.0, 0.0
    cv = station.cycle.variation
    return station.cycle.mean_s * running_pace(station), cv


def _machine_shifts(
    run: Run, station: Station, machine: str, rows: pd.DataFrame
) -> Iterator[CycleShift]:
    mean_s, cv = expected_cycle_s(station)
    if mean_s <= 0:
        return
    if station.kind != "store":  # rows that share a start are one cycle
        sums = rows.groupby("start_s").agg(duration_s=("duration_s", "first"), n=("n", "sum"))
        rows = sums.reset_index()
    starts: Floats = rows["start_s"].to_numpy(dtype=np.float64)
    durations: Floats = rows["duration_s"].to_numpy(dtype=np.float64)
    cycles = np.array([cycles_in_row(station, n) for n in rows["n"]])
    durations, cv = durations / cycles, cv / float(np.sqrt(np.median(cycles)))
    residual = durations / mean_s - 1.0
    for stretch in find_stretches(standardised(residual, cv, _SD_FLOOR), residual, LEAST_SHARE):
        last = stretch.goes_on(len(starts))
        inside = slice(stretch.start, stretch.stop)
        yield CycleShift(
            machine=machine,
            since_s=float(starts[stretch.start]),
            until_s=run.horizon_s if last else float(starts[stretch.stop]),
            open=last,
            n=stretch.stop - stretch.start,
            n_units=int(rows["n"].iloc[inside].sum()),
            expected_s=mean_s,
            observed_s=float(durations[inside].mean()),
            log10_p=stretch.log10_p,
        )


def _same_time(shifts: list[CycleShift]) -> list[list[CycleShift]]:
    """Group shifts of a station's machines that overlap in time and have the same sign."""
    groups: list[list[CycleShift]] = []
    for shift in sorted(shifts, key=lambda s: s.since_s):
        for group in groups:
            first = group[0]
            same_sign = (first.observed_s > first.expected_s) == (
                shift.observed_s > shift.expected_s
            )
            other = all(s.machine != shift.machine for s in group)
            if other and same_sign and shift.since_s < first.until_s:
                group.append(shift)
                break
        else:
            groups.append([shift])
    return groups


def _flag(run: Run, station: Station, group: list[CycleShift]) -> Flag:
    main = min(group, key=lambda s: s.log10_p)
    whole = len(group) == station.machines
    since_s, until_s = min(s.since_s for s in group), max(s.until_s for s in group)
    n, units = sum(s.n for s in group), sum(s.n_units for s in group)
    observed_s = sum(s.observed_s * s.n for s in group) / n
    extra_s = observed_s - main.expected_s
    ideal_s = ideal_row_s(station, {}) or main.expected_s
    loss = impact(
        run, station.machine_ids, since_s, until_s,
        lost_s=max(0.0, extra_s) * n, ideal_unit_s=ideal_s * n / max(units, 1)
        if station.kind in {"batch", "store"} else ideal_s,
    )  # fmt: skip
    slower = extra_s > 0
    resource = station.id if whole else main.machine
    name = name_of(station.label, station.id)
    when = period(run.scenario.start, since_s, until_s, is_open=main.open)
    text = (
        f"The cycle of {name} takes {observed_s:.3g} s instead of {main.expected_s:.3g} s {when}"
        f" ({100 * extra_s / main.expected_s:+.1f} %)."
    )
    if slower:
        text += f" In that time it could have made {loss.lost_units:.0f} more units."
        text += f" {loss.sentence()}"
    return Flag(
        workcell=run.plant.workcell_of.get(station.id, station.workcell),
        resource=resource,
        since_s=since_s,
        until_s=until_s,
        cause="slow_cycle" if slower else "fast_cycle",
        substep=None,
        lost_units=loss.lost_units,
        severity=severity_of(max(0.0, extra_s) / observed_s, loss.plant_loss_units),
        evidence={
            "expected": main.expected_s,
            "observed": observed_s,
            "unit": "s",
            "extra_s": extra_s,
            "n": n,
            "p_value": p_value_of(main.log10_p),
            "log10_p": main.log10_p,
            "method": METHOD,
            "machines": [s.machine for s in group],
            "open": main.open,
            **loss.evidence(),
        },
        title=f"{name}: cycle {100 * abs(extra_s) / main.expected_s:.0f} %"
        f" {'slower' if slower else 'faster'}",
        text=text,
    )
