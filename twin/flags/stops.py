"""Stops of machines: failures and minor stops, what the plant file lets expect, and their flag."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from twin.flags.flag import Flag, name_of, period, severity_of
from twin.flags.impact import impact
from twin.kpi.ideal import ideal_row_s, nominal_robot_cycles
from twin.kpi.state_map import MINOR_STOP
from twin.plant.station import Station
from twin.run.run import Run

COLUMNS = ("begin_s", "repair_s", "end_s", "waiting_s", "machine")

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
    machine: np.ndarray

    @property
    def n(self) -> int:
        """How many."""
        return len(self.length_s)

    def only(self, chosen: np.ndarray | slice) -> Stops:
        """Return some of them."""
        return Stops(
            self.begin_s[chosen], self.length_s[chosen], self.end_s[chosen], self.waiting_s[chosen],
            self.machine[chosen],
        )  # fmt: skip


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
                "machine": rows["resource"].astype(str),
            }
        )
        .groupby("k")
        .agg(
            begin_s=("begin_s", "min"),
            end_s=("end_s", "max"),
            repair_s=("repair_s", "sum"),
            waiting_s=("waiting_s", "sum"),
            machine=("machine", "first"),
        )
        .sort_values(["begin_s", "machine"])
    )
    return Stops(*(sums[c].to_numpy() for c in COLUMNS))


def minor_stops_of(table: pd.DataFrame) -> Stops:
    """Return the minor stops."""
    rows = table[table["reason"] == MINOR_STOP]
    begin, end = rows["start_s"].to_numpy(), rows["end_s"].to_numpy()
    names = rows["resource"].astype(str).to_numpy()
    return Stops(begin, end - begin, end, np.zeros(len(begin)), names)


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
    more: dict[str, object] = field(default_factory=dict)


def stop_flag(
    run: Run, station: Station, stops: Stops, finding: Finding, *, excess_s: float, all_s: float
) -> Flag:
    """Return the flag of stops that cost `excess_s` machine-seconds beyond expectation."""
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
            **finding.more,
            **loss.evidence(),
        },
        title=f"{name}: {finding.cause.replace('_', ' ')}",
        text=f"{name}: {finding.text}, {when}. That cost {excess_s / 60:.0f} min of machine time"
        f" beyond expectation. {loss.sentence()}",
    )
