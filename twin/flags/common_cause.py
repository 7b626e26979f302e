# ruff: noqa: S608 - queries are made of constants only
"""One flag for a common cause instead of one for each station it strikes.

Two ways: stations that stop within seconds of each other (a power dip), which chance would hardly
bring, and flags of several stations that say the same of the same pool, crew or fleet, or begin at
the same time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from twin.flags.flag import Flag, clock
from twin.kpi.state_map import MINOR_STOP
from twin.run.run import Run

TOGETHER_S = 10.0
"""Stops that begin within this time may have a common cause."""
LEAST_STATIONS = 3
"""Fewest stations of a common cause."""
ALPHA = 1e-4
"""Highest p-value, every moment of the run counted."""
SAME_TIME_S = 300.0
"""Flags that begin within this time may have a common cause."""

SHARED = {"waiting_worker": "pool", "waiting_repair": "crew", "waiting_transport": "fleet"}
"""Causes of flags that lie with something stations share."""
OF_CYCLES = frozenset({"slow_cycle", "drift", "spread", "micro_stops"})
"""Causes of flags on cycle times."""
LOT_CAUSES = frozenset({"product_effect", "lot_effect"})
"""Causes that explain a slow cycle by some of its lots."""
EXPLAINED = 0.6
"""Share of a slow cycle's shift that they must explain."""
AT_ONCE = frozenset({"slow_cycle", "drift", "spread", "micro_stops", "minor_stops", "scrap_burst"})
"""Causes of flags that are a common cause where they begin at once on several stations."""


def common_flags(run: Run) -> Iterator[Flag]:
    """Find moments at which several stations stopped together."""
    rows = run.sql(
        "SELECT resource, start_s, end_s FROM states WHERE kind = 'machine' AND start_s > 0"
        f" AND state IN ('down', 'waiting_repair') AND reason <> '{MINOR_STOP}'"
        " ORDER BY start_s"
    )
    station = {m: s.id for s in run.plant.stations.values() for m in s.machine_ids}
    rows["station"] = rows["resource"].astype(str).map(station)
    rows = _first_of_failure(rows.dropna(subset=["station"]))
    if len(rows) < LEAST_STATIONS:
        return
    rate = len(rows) / max(run.horizon_s, 1.0)
    for group in _clusters(rows):
        n = group["station"].nunique()
        expected = rate * TOGETHER_S
        tests = max(run.horizon_s / TOGETHER_S, 1.0)
        p = min(1.0, float(stats.poisson.sf(n - 2, expected)) * rate * run.horizon_s)
        if n >= LEAST_STATIONS and p <= ALPHA:
            yield _stop_flag(run, group, p=p, expected=expected * tests)


def _first_of_failure(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the beginning of each failure: waiting for the crew and repair are one."""
    rows = rows.sort_values(["resource", "start_s"])
    follows = rows["resource"].eq(rows["resource"].shift()) & rows["start_s"].eq(
        rows["end_s"].shift()
    )
    return rows[~follows].sort_values("start_s")


def _clusters(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    begins = rows["start_s"].to_numpy(dtype=np.float64)
    k = 0
    while k < len(begins):
        end = int(np.searchsorted(begins, begins[k] + TOGETHER_S, side="right"))
        if end - k >= LEAST_STATIONS:
            yield rows.iloc[k:end]
            k = end
        else:
            k += 1


def _stop_flag(run: Run, group: pd.DataFrame, *, p: float, expected: float) -> Flag:
    names = sorted({*group["station"]})
    since_s, until_s = float(group["start_s"].min()), float(group["end_s"].max())
    lost_s = float((group["end_s"] - group["start_s"]).sum())
    return Flag(
        workcell="",
        resource=run.plant.id,
        since_s=since_s,
        until_s=until_s,
        cause="common_stop",
        substep=None,
        lost_units=0.0,
        severity="warning",
        evidence={
            "expected": expected, "observed": len(names), "unit": "stations that stop together",
            "n": len(group), "p_value": p, "method": "Poisson test of stops that begin together",
            "stations": names, "lost_s": lost_s, "open": until_s >= run.horizon_s,
            "plant_loss_units": None,
        },
        title=f"{len(names)} stations stopped together",
        text=f"At {clock(run.scenario.start, since_s)} {len(names)} stations stopped within"
        f" {TOGETHER_S:.0f} s: {', '.join(names[:6])}{' ...' if len(names) > 6 else ''}. Look for"
        " a common cause: power, compressed air, network, an emergency stop.",
    )  # fmt: skip


def joined(run: Run, flags: list[Flag]) -> list[Flag]:
    """Return the flags, those with a common cause as one.

    The flag of the common cause lists the stations and keeps the sum of the units lost there.
    """
    flags = [flag for flag in flags if not _said_better(run, flag, flags)]
    groups: dict[tuple[str, str], list[Flag]] = {}
    for flag in flags:
        key = _shared(run, flag)
        if key is not None:
            groups.setdefault(key, []).append(flag)
    for group in _at_once(flags):
        groups[group[0].cause, f"at {group[0].since_s:g}"] = group
    merged = [g for g in groups.values() if len({f.resource for f in g}) >= LEAST_STATIONS]
    gone = {id(flag) for group in merged for flag in group}
    left = [flag for flag in flags if id(flag) not in gone]
    return left + [
        _common(run, group, what)
        for (_, what), group in groups.items()
        if any(group is one for one in merged)
    ]


def _said_better(run: Run, flag: Flag, flags: list[Flag]) -> bool:
    """Whether a finding on cycle times is that of some lots alone, which another flag names."""
    if flag.cause not in OF_CYCLES:
        return False
    shift = float(flag.evidence.get("extra_s", 0.0)) / max(float(flag.evidence["expected"]), 1e-9)
    return any(
        other.cause in LOT_CAUSES
        and other.evidence["measure"] == "cycle"
        and flag.resource in {other.resource, *run.plant.stations[other.resource].machine_ids}
        and other.since_s < flag.until_s
        and flag.since_s < other.until_s
        and (other.evidence["observed"] - 1.0) * other.evidence["share_of_lots"]
        >= EXPLAINED * (shift if flag.cause in {"slow_cycle", "drift"} else 0.0)
        for other in flags
    )


def _shared(run: Run, flag: Flag) -> tuple[str, str] | None:
    """Return the cause and what it lies with, if that is something stations share."""
    station = run.plant.stations.get(flag.resource)
    if station is None or flag.cause not in SHARED:
        return None
    if flag.cause == "waiting_worker":
        return (flag.cause, station.attend.pool) if station.attend else None
    if flag.cause == "waiting_repair":
        crews = sorted({m.crew for m in station.failure_modes.values() if m.crew})
        return (flag.cause, crews[0]) if crews else None
    fleet = str(flag.evidence.get("fleet", ""))
    return (flag.cause, fleet) if fleet else None


def _at_once(flags: list[Flag]) -> list[list[Flag]]:
    found: list[list[Flag]] = []
    chosen = sorted((f for f in flags if f.cause in AT_ONCE), key=lambda f: (f.cause, f.since_s))
    for flag in chosen:
        last = found[-1] if found else None
        if last and last[0].cause == flag.cause and flag.since_s - last[0].since_s <= SAME_TIME_S:
            last.append(flag)
        else:
            found.append([flag])
    return [group for group in found if len({f.resource for f in group}) >= LEAST_STATIONS]


def _common(run: Run, group: list[Flag], what: str) -> Flag:
    """Return one flag for several."""
    first = max(group, key=lambda f: (f.severity == "critical", f.lost_units))
    names = sorted({flag.resource for flag in group})
    at_once = what.startswith("at ")
    words = first.cause.replace("_", " ")
    since_s = min(flag.since_s for flag in group)
    where = f"since {clock(run.scenario.start, since_s)}" if at_once else f"because of {what}"
    return replace(
        first,
        workcell="",
        resource=run.plant.id if at_once else what,
        since_s=since_s,
        until_s=max(flag.until_s for flag in group),
        lost_units=sum(flag.lost_units for flag in group),
        evidence={
            **first.evidence,
            "common": True,
            "stations": names,
            "of_each": {f.resource: f.evidence.get("observed") for f in group},
        },
        title=f"{len(names)} stations: {words}",
        text=f"{len(names)} stations have the same finding ({words}) {where}:"
        f" {', '.join(names[:6])}{' ...' if len(names) > 6 else ''}. The worst: {first.text}",
    )
