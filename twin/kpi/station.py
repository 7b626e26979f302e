"""KPIs of one station: output, OEE, states, failures and energy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from twin.kpi.ideal import PER_LOT, ideal_row_s, rows_are_lots
from twin.kpi.oee import Oee, StationTime, oee
from twin.kpi.policy import TPM, Policy
from twin.kpi.reasons import Reasons
from twin.kpi.records import CycleSums, seconds_in
from twin.kpi.sources import Sources
from twin.kpi.state_map import AVAILABILITY_LOSSES, PLANNED_LOSSES, UNPLANNED_LOSSES, meaning
from twin.kpi.work_done import WorkDone, has_own_cycles, work_done
from twin.plant.station import Power, Station
from twin.run.tables import STATES

_NO_UNITS = "no unit was finished in the window"


@dataclass(frozen=True)
class StationKpis:
    """KPIs of one station over the window; see `twin.kpi.registry` for units and definitions."""

    throughput_per_h: float | None
    processed: int
    good: int
    scrapped: int
    first_pass_yield: float | None
    scrap_ratio: float | None
    mean_cycle_s: float | None
    ideal_cycle_s: float | None
    utilisation: float | None
    oee: Oee
    state_shares: dict[str, float]
    failures: int
    mtbf_h: float | None
    mttr_h: float | None
    energy_kwh: float
    energy_by_state_kwh: dict[str, float]
    energy_kwh_per_good_unit: float | None
    why: dict[str, str] = field(default_factory=dict)
    mean_down_h: float | None = None


def station_kpis(sources: Sources, station: Station, policy: Policy = TPM) -> StationKpis:
    """Compute the KPIs of one station, its OEE by a policy."""
    why = Reasons()
    hours = sources.window.length_h
    times = sources.times_of(station.machine_ids)
    cycles = sources.cycles.get(station.id, {})
    output = _output(sources, station, cycles.values())
    result = oee(_station_time(sources, station, times, cycles, output), policy)
    energy = energy_kwh(times, station.power)
    failures = sum(sources.failures.get(m, 0) for m in station.machine_ids)
    down_s = times.get(("down", ""), 0.0)
    awaited_s = times.get(("waiting_repair", ""), 0.0)
    operating_h = times.get(("working", ""), 0.0) / 3600
    no_failure = "it did not fail in the window"
    shares = sum(c.row_shares for c in cycles.values())
    treated_s = sum(c.treated_s for c in cycles.values())
    per_row = _ideal_row_s(sources, station)
    no_ideal = "its ideal cycle time is unknown"
    return StationKpis(
        throughput_per_h=why.ratio("throughput_per_h", output.good, hours, "the window is empty"),
        processed=output.processed,
        good=output.good,
        scrapped=output.scrapped,
        first_pass_yield=why.ratio("first_pass_yield", output.good, output.processed, _NO_UNITS),
        scrap_ratio=why.ratio("scrap_ratio", output.scrapped, output.processed, _NO_UNITS),
        mean_cycle_s=why.ratio("mean_cycle_s", treated_s, shares, _NO_UNITS),
        ideal_cycle_s=why.value("ideal_cycle_s", _visible_cycle_s(station, per_row), no_ideal),
        utilisation=why.ratio(
            "utilisation", _working_s(result), result.planned_s, "there is no planned time"
        ),
        oee=result,
        state_shares=state_shares(times),
        failures=failures,
        mtbf_h=why.ratio("mtbf_h", operating_h, failures, no_failure),
        mttr_h=why.ratio("mttr_h", down_s / 3600, failures, no_failure),
        mean_down_h=why.ratio("mean_down_h", (down_s + awaited_s) / 3600, failures, no_failure),
        energy_kwh=energy,
        energy_by_state_kwh=energy_by_state(times, station.power),
        energy_kwh_per_good_unit=why.ratio(
            "energy_kwh_per_good_unit", energy, output.good, _NO_UNITS
        ),
        why=why.why,
    )


def state_shares(times: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Return the share of recorded time in every state; empty where nothing is recorded."""
    total = sum(times.values())
    if total <= 0:
        return {}
    return {state: seconds_in(times, (state,)) / total for state in STATES}


def energy_by_state(times: Mapping[tuple[str, str], float], power: Power) -> dict[str, float]:
    """Return the energy, in kWh, of machines that spent these times in their states."""
    kw = {"working": power.working_kw, "idle": power.idle_kw, "down": power.down_kw}
    found = dict.fromkeys(kw, 0.0)
    for state, seconds in times.items():
        found[meaning(*state).power] += kw[meaning(*state).power] * seconds / 3600
    return found


def energy_kwh(times: Mapping[tuple[str, str], float], power: Power) -> float:
    """Return the electric energy of machines that spent these times in their states."""
    kw = {"working": power.working_kw, "idle": power.idle_kw, "down": power.down_kw}
    return sum(kw[meaning(*state).power] * s for state, s in times.items()) / 3600


@dataclass(frozen=True)
class _Output:
    processed: int
    good: int
    scrapped: int


def _output(sources: Sources, station: Station, rows: Collection[CycleSums]) -> _Output:
    processed = sum(c.processed for c in rows)
    scrapped = sum(c.scrapped for c in rows)
    if rows_are_lots(station):  # lot rows are always "ok": scrap is in the genealogy
        scrapped = min(processed, sources.scrapped.get(station.id, 0))
    return _Output(processed, processed - scrapped, scrapped)


def _ideal_row_s(sources: Sources, station: Station) -> float | None:
    """Return the ideal time of one unit; the mean of what was made if products have their own."""
    if has_own_cycles(station):
        done = _special(sources, station)
        return done.ideal_s / done.units if done and done.ideal_s and done.units else None
    return ideal_row_s(station, sources.robot_cycles_s)


def _visible_cycle_s(station: Station, per_row: float | None) -> float | None:
    if per_row is None:
        return None
    if station.kind == "batch":
        return per_row * station.batch_lots
    return per_row * (1 if station.kind == "store" else station.units_per_cycle)


def _working_s(result: Oee) -> float:
    """Return calendar time less all losses but those of work itself."""
    lost = sum(s or 0.0 for k, s in result.losses.items() if k not in {"speed", "scrap"})
    return result.calendar_s - lost


def _station_time(
    sources: Sources,
    station: Station,
    times: Mapping[tuple[str, str], float],
    cycles: Mapping[str, CycleSums],
    output: _Output,
) -> StationTime:
    calendar_s = sources.window.length_s * station.machines
    losses = dict.fromkeys((*PLANNED_LOSSES, *UNPLANNED_LOSSES), 0.0)
    for (state, reason), s in times.items():
        if state != "working":
            losses[meaning(state, reason).loss] += s
    special = _special(sources, station)
    undone = special.undone_units if special else 0.0
    share = output.good / (output.processed - undone) if output.processed else None
    working_s = times.get(("working", ""), 0.0)
    done_s = _ideal_done_s(sources, station, cycles.values())
    if station.kind == "store":
        return _slot_time(sources, station, losses, share, done_s)
    open_s = min(working_s, sum(sources.open_work_s.get(m, 0.0) for m in station.machine_ids))
    ideal_s = None
    if done_s is not None:
        ideal_s = done_s + open_s * _speed(done_s, working_s - open_s)
    return StationTime(calendar_s, working_s, losses, ideal_s, share)


def _ideal_done_s(
    sources: Sources, station: Station, cycles: Collection[CycleSums]
) -> float | None:
    """Return what the finished cycles, by their share inside the window, take ideally."""
    special = _special(sources, station)
    if special is not None:
        return special.ideal_s
    per_row = ideal_row_s(station, sources.robot_cycles_s)
    if per_row is None:
        return None
    by_lot = station.kind in PER_LOT
    return per_row * sum(c.row_shares if by_lot else c.unit_shares for c in cycles)


def _special(sources: Sources, station: Station) -> WorkDone | None:
    """Return what a station did whose rows are not all whole cycles of the same length."""
    works = sources.product_work.get(station.id)
    return None if works is None else work_done(station, works, sources.robot_cycles_s)


def _speed(ideal_s: float, taken_s: float) -> float:
    """Return ideal over actual time of finished work; 1 where nothing is finished.

    Unfinished work counts at this speed: how long it will take is not known yet.
    """
    return ideal_s / taken_s if ideal_s > 0 and taken_s > 0 else 1.0


def _slot_time(
    sources: Sources,
    station: Station,
    losses: Mapping[str, float],
    share: float | None,
    done_s: float | None,
) -> StationTime:
    """Judge a store by its slots: empty slots are starved, finished lots in slots are blocked."""
    slots = station.rack.slots if station.rack else 1
    calendar_s = sources.window.length_s * station.machines * slots
    outside = {*AVAILABILITY_LOSSES, "minor_stops", "maintenance", "off_shift"}
    kept = {k: s * slots for k, s in losses.items() if k in outside}
    open_s = calendar_s - sum(kept.values())
    level = sources.levels.get(station.id)
    filled = min(1.0, level.mean / (station.machines * slots)) if level else 0.0
    treated_s = min(sources.treated_s.get(station.id, 0.0), open_s * filled)
    kept["starved"] = open_s * (1.0 - filled)
    kept["blocked"] = open_s * filled - treated_s
    finished_s = sum(c.treated_s for c in sources.cycles.get(station.id, {}).values())
    ideal_s = None if done_s is None else treated_s * _speed(done_s, finished_s)
    return StationTime(calendar_s, treated_s, kept, ideal_s, share)
