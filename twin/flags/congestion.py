"""Fleets that cannot keep up: traffic, a blocked road, batteries, breakdowns, or too few vehicles.

A plant file states no expected traffic, so congestion is a threshold. Charging is compared with
what the batteries of the plant file would need for the driving done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from twin.flags.cause import Cause
from twin.flags.flag import Flag, name_of
from twin.flags.time_grid import Floats
from twin.kpi.window import Window, kpi_window
from twin.plant.transport import AgvFleet, Battery
from twin.run.run import Run

LEAST_TRAFFIC = 0.15
"""Share of a fleet's time in traffic from which it is congested."""
LEAST_BLOCK_S = 300.0
"""A road is blocked where a vehicle waits this long for a node, and no broken one stands there."""
LEAST_DOWN = 0.10
"""Share of a fleet's time in breakdowns that matters."""
MUCH_CHARGING = 0.30
"""Share of a fleet's time on chargers that leaves too little for work."""
ALL_BUSY = 0.90
"""Share of time in which vehicles are not idle from which there are too few of them."""
SLOW_CHARGING = 1.3
"""Charging time over what the driving done needs from which a battery is flagged."""
SHALLOW = 0.85
"""Driving between charges over that of a new battery from which a battery is flagged."""
LEAST_CHARGES = 4

Evidence = dict[str, object]

ACTIONS = {
    "lane_blocked": "Clear the road at the node named.",
    "agv_congestion": "Spread the traffic: another way, another parking place, fewer vehicles.",
    "agv_battery_ageing": "Measure the battery of the vehicle and replace it if it is worn.",
    "agv_breakdowns": "Look at the failures of the vehicles.",
    "agv_charging": "Charge when there is little work, or add chargers or vehicles.",
    "too_few_vehicles": "Add a vehicle, or shorten the ways.",
    "long_ways": "Shorten the ways or the loading times: vehicles are free most of the time.",
}
"""What to do, by cause."""


@dataclass(frozen=True)
class FleetTime:
    """Seconds of the vehicles of a fleet by state, and their number."""

    by_state: dict[str, float]
    vehicles: int

    def share(self, *states: str) -> float:
        """Return the share of all time in some states."""
        total = sum(self.by_state.values())
        return sum(self.by_state.get(s, 0.0) for s in states) / total if total else 0.0

    @property
    def shares(self) -> dict[str, float]:
        """Share of time by state."""
        return {state: self.share(state) for state in sorted(self.by_state)}


def fleet_flags(run: Run) -> Iterator[Flag]:
    """Find fleets in traffic jams, and vehicles whose batteries are not what they should be."""
    window = kpi_window(run)
    for fleet in run.plant.fleets:
        yield from _traffic(run, fleet, window)
        if fleet.battery is not None:
            yield from _batteries(run, fleet, fleet.battery)


def transport_cause(run: Run, fleet: AgvFleet, start_s: float, end_s: float) -> Cause:
    """Return why stations wait for the vehicles of a fleet in some stretch of time."""
    times = fleet_time(run, fleet, Window(start_s, end_s))
    must = fleet.battery is not None and _charges_when_low(run, fleet, fleet.battery)
    spare = times.share("idle") if must else times.share("idle", "charging")
    evidence: dict[str, object] = {"fleet": fleet.id, "vehicle_time_shares": times.shares}
    down = times.share("down", "waiting_repair")
    verdicts = (
        ("agv_breakdowns", down, down >= LEAST_DOWN, "broken down"),
        ("agv_congestion", times.share("waiting_traffic"),
         times.share("waiting_traffic") >= LEAST_TRAFFIC, "stuck in traffic"),
        ("agv_charging", times.share("charging"),
         must and times.share("charging") >= MUCH_CHARGING and spare < 1 - ALL_BUSY,
         "on chargers"),
        ("too_few_vehicles", 1.0 - spare, spare <= 1 - ALL_BUSY, "busy"),
    )  # fmt: skip
    name = name_of(fleet.label, fleet.id)
    for cause, share, applies, words in verdicts:
        if applies:
            detail = f"Vehicles of {name} are {words} {100 * share:.0f} % of the time."
            return Cause(cause, evidence, ACTIONS[cause], 0.7, None, detail)
    detail = f"Vehicles of {name} have {100 * spare:.0f} % of their time to spare: a trip is"
    detail += " ordered only when its lots are there, and takes its time."
    return Cause("long_ways", evidence, ACTIONS["long_ways"], 0.5, None, detail)


def fleet_time(run: Run, fleet: AgvFleet, window: Window) -> FleetTime:
    """Return what the vehicles of a fleet did."""
    rows = run.sql(
        f"SELECT state, sum({window.overlap_sql()}) AS s FROM states"  # noqa: S608
        f" WHERE kind = 'agv' AND resource IN (SELECT unnest(?)) AND {window.touches_sql()}"
        " GROUP BY state",
        [list(fleet.vehicle_ids)],
    )
    by_state = {str(state): float(s) for state, s in rows.itertuples(index=False)}
    return FleetTime(by_state, len(fleet.vehicle_ids))


# Traffic -------------------------------------------------------------------------------------


def _traffic(run: Run, fleet: AgvFleet, window: Window) -> Iterator[Flag]:
    waits = _waits(run, fleet, window)
    if waits.empty:
        return
    by_node = waits.groupby("node")["s"].agg(["sum", "max"]).sort_values("sum")
    share = fleet_time(run, fleet, window).share("waiting_traffic")
    long = waits[(waits["s"] >= LEAST_BLOCK_S) & ~_behind_broken(run, waits)]
    blocked = not long.empty
    if not blocked and share < LEAST_TRAFFIC:
        return
    longest = long.sort_values("s")["node"].astype(str).tolist()
    node = longest[-1] if blocked else str(by_node.index[-1])
    here = long[long["node"] == node] if blocked else waits
    longest_s = float(by_node["max"].to_dict()[node])
    total_s = float(by_node["sum"].to_dict()[node])
    since_s, until_s = float(here["start_s"].min()), float(here["end_s"].max())
    name = name_of(fleet.label, fleet.id)
    nodes = {str(n): s for n, s in [*by_node["sum"].to_dict().items()][:-6:-1]}
    cause = "lane_blocked" if blocked else "agv_congestion"
    text = (
        f"Vehicles of {name} waited up to {longest_s / 60:.0f} min for node {node}:"
        f" {total_s / 60:.0f} vehicle minutes in all. Something stands on the road there."
        if blocked
        else f"Vehicles of {name} wait in traffic {100 * share:.0f} % of the time, most of it"
        f" for node {node} ({total_s / 60:.0f} vehicle minutes)."
    )
    evidence: dict[str, object] = {
        "expected": LEAST_TRAFFIC, "observed": share, "unit": "share of vehicle time in traffic",
        "n": len(waits), "node": node, "waits_s": nodes, "longest_wait_s": longest_s,
    }  # fmt: skip
    yield _flag(run, fleet.id, cause, (since_s, until_s), title=f"{name}: "
                f"{'road blocked' if blocked else 'traffic jams'} at {node}",
                text=text, evidence=evidence)  # fmt: skip


def _waits(run: Run, fleet: AgvFleet, window: Window) -> pd.DataFrame:
    """Return the waits in traffic, each with the node that was waited for."""
    rows = run.sql(
        "WITH waits AS (SELECT resource, greatest(start_s, ?) AS start_s, end_s FROM states"
        " WHERE kind = 'agv' AND state = 'waiting_traffic' AND end_s > ?"
        " AND resource IN (SELECT unnest(?))),"
        " legs AS (SELECT mover, start_s, target FROM moves WHERE kind = 'agv')"
        " SELECT w.resource, w.start_s, w.end_s, w.end_s - w.start_s AS s,"
        " coalesce(l.target, '?') AS node FROM waits w"
        " ASOF LEFT JOIN legs l ON w.resource = l.mover AND w.end_s <= l.start_s",
        [window.from_s, window.from_s, list(fleet.vehicle_ids)],
    )
    return rows[rows["s"] > 0]


def _behind_broken(run: Run, waits: pd.DataFrame) -> pd.Series:
    """Return which waits are mostly those behind a vehicle that is broken down."""
    down = run.sql(
        "SELECT start_s, end_s FROM states WHERE kind = 'agv' AND state IN ('down',"
        " 'waiting_repair')"
    )
    begin, end = (waits[c].to_numpy(dtype=np.float64)[:, None] for c in ("start_s", "end_s"))
    overlap = np.minimum(end, down["end_s"].to_numpy()) - np.maximum(
        begin, down["start_s"].to_numpy()
    )
    share = np.maximum(overlap, 0.0).sum(axis=1) / (end - begin)[:, 0]
    return pd.Series(share >= 0.5, index=waits.index)


# Batteries -----------------------------------------------------------------------------------


def _batteries(run: Run, fleet: AgvFleet, battery: Battery) -> Iterator[Flag]:
    for vehicle in fleet.vehicle_ids:
        rows = run.sql(
            "SELECT state, start_s, end_s, end_s - start_s AS s FROM states"
            " WHERE kind = 'agv' AND resource = ? ORDER BY start_s",
            [vehicle],
        )
        charges = _charges(rows, battery)
        found = _slow_charging(charges, battery)
        if found is None and _charges_when_low(run, fleet, battery):
            found = _shallow(charges, battery)
        if found is not None:
            since_s, text, evidence = found
            yield _flag(
                run, vehicle, "agv_battery_ageing", (since_s, run.horizon_s),
                title=f"{vehicle.replace('_', ' ')}: worn battery",
                text=f"{vehicle.replace('_', ' ')} {text}", evidence=evidence,
            )  # fmt: skip


def _charges(rows: pd.DataFrame, battery: Battery) -> pd.DataFrame:
    """Return when a vehicle charged, each time with what was driven and used since the last.

    The driving before the first charge, and after the last, belongs to no full charge.
    """
    charging = rows["state"] == "charging"
    k = charging.cumsum().shift(fill_value=0)
    driving = rows["s"].where(rows["state"].isin(["driving", "loaded"]), 0.0)
    found = pd.DataFrame(
        {
            "since_s": rows["start_s"].where(charging).groupby(k).min(),
            "driven_s": driving.groupby(k).sum(),
            "used": _used(rows, battery).groupby(k).sum(),
            "charged_s": rows["s"].where(charging, 0.0).groupby(k).sum(),
        }
    )
    return found.iloc[1:-1]


def _slow_charging(charges: pd.DataFrame, battery: Battery) -> tuple[float, str, Evidence] | None:
    """Compare charging with driving: what is charged is what was used, but for its two ends."""
    full_s = battery.charge_h * 3600
    needed = charges["used"].to_numpy() * full_s
    charged = charges["charged_s"].to_numpy()
    first = _onset(charged - (1 + SLOW_CHARGING) / 2 * needed)
    needed_s, charged_s = float(needed[first:].sum()), float(charged[first:].sum())
    ends_s = (battery.charge_to - battery.charge_below) * full_s
    n = len(charges) - first
    if n < LEAST_CHARGES or not needed_s or charged_s < SLOW_CHARGING * (needed_s + ends_s):
        return None
    text = (
        f"charged {charged_s / 3600:.1f} h for driving that needs"
        f" {needed_s / 3600:.1f} h: its battery takes the charge slowly."
    )
    return float(charges["since_s"].iloc[first]), text, {
        "expected": needed_s, "observed": charged_s, "unit": "s",
        "charging_over_needed": charged_s / needed_s, "n": n, "sign": "slow charging",
    }  # fmt: skip


def _onset(signs: Floats) -> int:
    """Return from which charge on the sum of the signs of ageing is largest."""
    return int(np.argmax(np.cumsum(signs[::-1])[::-1])) if len(signs) else 0


def _used(rows: pd.DataFrame, battery: Battery) -> pd.Series:
    """Return the full charges a vehicle used in each state it was in, by the plant file."""
    seconds, state = rows["s"], rows["state"]
    loaded_h = battery.runtime_loaded_h or battery.runtime_h
    used = seconds.where(state == "driving", 0.0) / (battery.runtime_h * 3600)
    used += seconds.where(state == "loaded", 0.0) / (loaded_h * 3600)
    if battery.idle_h is not None:
        rest = seconds.where(~state.isin(["driving", "loaded", "charging"]), 0.0)
        used += rest / (battery.idle_h * 3600)
    return used


def _charges_when_low(run: Run, fleet: AgvFleet, battery: Battery) -> bool:
    """Whether vehicles never charge before they must: else nothing tells how much they hold."""
    stops = next(n.stops for n in run.plant.networks if n.id == fleet.network)
    parks = fleet.homes if fleet.park == "home" else [k for k, s in stops.items() if not s.place]
    return battery.charge_when == "below" and not any(stops[name].charger for name in parks)


def _shallow(charges: pd.DataFrame, battery: Battery) -> tuple[float, str, Evidence] | None:
    """Compare driving between charges with that of a new battery."""
    full_s = (battery.charge_to - battery.charge_below) * battery.runtime_h * 3600
    first = _onset((1 + SHALLOW) / 2 * full_s - charges["driven_s"].to_numpy())
    between = charges["driven_s"].iloc[first:]
    if len(between) < LEAST_CHARGES or float(np.median(between)) > SHALLOW * full_s:
        return None
    drives_s = float(np.median(between))
    text = (
        f"drives {drives_s / 60:.0f} min between charges instead of {full_s / 60:.0f} min:"
        " its battery holds less."
    )
    return float(charges["since_s"].iloc[first]), text, {
        "expected": full_s, "observed": drives_s, "unit": "s", "n": len(between),
        "capacity_factor": drives_s / full_s, "sign": "low capacity",
    }  # fmt: skip


def _flag(
    run: Run, resource: str, cause: str, span_s: tuple[float, float], *, title: str, text: str,
    evidence: dict[str, object],
) -> Flag:  # fmt: skip
    since_s, until_s = span_s
    return Flag(
        workcell="",
        resource=resource,
        since_s=since_s,
        until_s=until_s,
        cause=cause,
        substep=None,
        lost_units=0.0,
        severity="warning",
        evidence={
            "p_value": None, "method": "threshold", "open": until_s >= run.horizon_s,
            "plant_loss_units": None, **evidence,
        },
        title=title,
        text=f"{text} {ACTIONS[cause]}",
    )  # fmt: skip
