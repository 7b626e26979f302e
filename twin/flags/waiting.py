"""Stations that lose their time waiting for a vehicle, a worker or the repair crew.

A plant file states no expected waiting, so these are thresholds, not tests: never critical, and
what the plant loses is left open. A station that is starved or blocked as well loses nothing by
waiting, and is not flagged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from twin.flags.congestion import transport_cause
from twin.flags.flag import Flag, name_of
from twin.kpi.ideal import ideal_row_s, nominal_robot_cycles
from twin.kpi.records import StateTimes, seconds_in, state_times
from twin.kpi.window import kpi_window
from twin.plant.station import Station
from twin.plant.transport import AgvFleet
from twin.run.run import Run

LEAST_SHARE = 0.10
"""Waiting for a service above this share of attended time is flagged ..."""
MOST_SPARE = 0.10
"""... unless the station is starved or blocked for more than this share anyway."""
LEAST_REPAIR_WAIT = 0.5
"""Waiting for the repair crew is flagged above this share of the repair time itself ..."""
LEAST_REPAIR_SHARE = 0.02
"""... and this share of attended time."""

SERVICES = {
    "waiting_transport": "transport",
    "waiting_worker": "a worker",
    "waiting_robot": "a robot",
    "waiting_repair": "the repair crew",
}
"""States that wait for a service, and its name."""


def waiting_flags(run: Run) -> Iterator[Flag]:
    """Find stations limited by waiting for a service."""
    window = kpi_window(run)
    states, _ = state_times(run, window)
    for station in run.plant.stations.values():
        times = _times(states, station)
        attended_s = sum(times.values()) - seconds_in(times, ("off_shift",))
        if attended_s <= 0:
            continue
        spare = seconds_in(times, ("starved", "blocked")) / attended_s
        shares = {state: seconds_in(times, (state,)) / attended_s for state in SERVICES}
        repair = times.get(("down", ""), 0.0) / attended_s
        for state, share in shares.items():
            limit = LEAST_SHARE
            if state == "waiting_repair":
                limit = max(LEAST_REPAIR_WAIT * repair, LEAST_REPAIR_SHARE)
            if share >= limit and (spare <= MOST_SPARE or state == "waiting_repair"):
                flag = _flag(run, station, state, share=share, attended_s=attended_s, limit=limit)
                yield _with_fleets(run, flag, fleet_use(run, states))


def fleet_use(run: Run, states: StateTimes) -> dict[str, float]:
    """Return the share of time in which the vehicles of each fleet were not idle."""
    found = {}
    for fleet in run.plant.fleets:
        total = idle = 0.0
        for vehicle in fleet.vehicle_ids:
            times = states.get(vehicle, {})
            total += sum(times.values())
            idle += seconds_in(times, ("idle",))
        if total:
            found[fleet.id] = 1.0 - idle / total
    return found


def _times(states: StateTimes, station: Station) -> dict[tuple[str, str], float]:
    total: dict[tuple[str, str], float] = {}
    for machine in station.machine_ids:
        for state, s in states.get(machine, {}).items():
            total[state] = total.get(state, 0.0) + s
    return total


def _with_fleets(run: Run, flag: Flag, used: dict[str, float]) -> Flag:
    """Add why the vehicles did not come to a flag about transport."""
    if flag.cause != "waiting_transport" or not used:
        return flag
    names = {f.id: name_of(f.label, f.id) for f in run.plant.fleets}
    shares = ", ".join(f"{names[k]} {100 * share:.0f} %" for k, share in used.items())
    text = f"{flag.text} Time the vehicles were not idle: {shares}."
    evidence = {**flag.evidence, "fleets_not_idle": used}
    fleet = _fleet_of(run, flag.resource)
    if fleet is not None:
        why = transport_cause(run, fleet, flag.since_s, flag.until_s)
        evidence |= {"transport_cause": why.name, **why.evidence}
        text = f"{text} {why.detail} {why.action}"
    return replace(flag, evidence=evidence, text=text)


def _fleet_of(run: Run, station: str) -> AgvFleet | None:
    """Return the fleet that brings to a station or takes from it."""
    model = run.plant.stations[station]
    places = {*model.puts, *(take.place for take in model.take)}
    fleets = {t.fleet for t in run.plant.transports if {t.source, t.target} & places}
    return next((f for f in run.plant.fleets if f.id in fleets), None)


def _flag(
    run: Run, station: Station, cause: str, *, share: float, attended_s: float, limit: float
) -> Flag:
    window, service = kpi_window(run), SERVICES[cause]
    cycles = nominal_robot_cycles(run) if station.kind == "robot" else {}
    ideal_s = ideal_row_s(station, cycles)
    lost = (share - limit) * attended_s / ideal_s if ideal_s else 0.0
    name = name_of(station.label, station.id)
    return Flag(
        workcell=run.plant.workcell_of.get(station.id, station.workcell),
        resource=station.id,
        since_s=window.from_s,
        until_s=window.to_s,
        cause=cause,
        substep=None,
        lost_units=lost,
        severity="warning",
        evidence={
            "expected": limit,
            "observed": share,
            "unit": "share of attended time",
            "n": station.machines,
            "p_value": None,
            "method": "threshold",
            "open": True,
            "plant_loss_units": None,
        },
        title=f"{name}: waiting for {service}",
        text=f"{name} waits for {service} {100 * share:.0f} % of the time"
        f" (flagged from {100 * limit:.0f} %).",
    )
