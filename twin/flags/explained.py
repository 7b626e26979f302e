"""Flags of stations with their cause, the action to take, and who waits because of them."""

from __future__ import annotations

from dataclasses import replace

from twin.flags.congestion import ACTIONS as FLEET_ACTIONS
from twin.flags.flag import Flag, name_of
from twin.flags.origin import waits_caused
from twin.flags.station_cause import ACTIONS as STATION_ACTIONS
from twin.flags.station_cause import station_cause
from twin.plant.station import Station
from twin.run.run import Run

OF_CYCLES = frozenset({"slow_cycle", "drift", "spread", "micro_stops", "minor_stops"})
"""Findings on the cycles of a station, whose cause is looked for."""
OF_STATIONS = OF_CYCLES | {
    "breakdown", "frequent_failures", "long_repairs", "waiting_repair", "waiting_worker",
    "product_effect", "lot_effect",
}  # fmt: skip
"""Findings on a station, whose effect on others is looked for."""
ACTIONS = {
    **STATION_ACTIONS,
    **FLEET_ACTIONS,
    "worker_shortage": "Find replacements, or move people from where there is time to spare.",
    "common_stop": "Look at what the stations share: power, compressed air, network, safety.",
    "frequent_failures": STATION_ACTIONS["breakdowns"],
    "breakdown": "Find out what failed and what the repair waited for; keep that part in stock.",
    "long_repairs": "See what repairs wait for: people, parts or a diagnosis.",
    "minor_stops": STATION_ACTIONS["micro_stops"],
}
"""What to do, by the cause of a flag."""
BEHIND_CYCLES = frozenset({
    "slow_cycle", "machine_wear", "wrong_master_data", "variance_growth", "product_effect",
    "lot_effect", "micro_stops", "breakdowns", "scrap_burst",
})  # fmt: skip
"""What can be behind a finding on cycles: waiting is not in them, so it is no cause of them."""
MOST = 12
"""Flags that are looked into: those that lose most units."""
LEAST_WAIT_S = 60.0
"""Waiting of another station that is told."""
LEAST_BEFORE_S = 600.0
"""Time before a flag that tells what is usual."""
NAMED = 5


def explained(run: Run, flags: list[Flag]) -> list[Flag]:
    """Return the flags, those of stations that lose most with cause, action and effect on others.

    In the evidence: ``why``, ``why_confidence``, ``why_detail``, ``action`` and the numbers of the
    cause, and ``waits_caused_s``: machine-seconds that other stations waited because of this one.
    """
    chosen = sorted((f for f in flags if _station(run, f)), key=lambda f: -f.lost_units)[:MOST]
    looked_into = {id(flag) for flag in chosen}
    found = [_explained(run, flag) if id(flag) in looked_into else flag for flag in flags]
    return [_with_action(flag) for flag in found]


def _with_action(flag: Flag) -> Flag:
    """Add what to do, where the finding itself says it."""
    if flag.cause not in ACTIONS or "action" in flag.evidence:
        return flag
    return replace(flag, evidence={**flag.evidence, "action": ACTIONS[flag.cause]})


def _station(run: Run, flag: Flag) -> Station | None:
    """Return the station a flag is of, if it is one to look into."""
    if flag.cause not in OF_STATIONS or flag.evidence.get("common"):
        return None
    known = run.plant.stations.get(flag.resource)
    if known is not None:
        return known
    return next((s for s in run.plant.stations.values() if flag.resource in s.machine_ids), None)


def _explained(run: Run, flag: Flag) -> Flag:
    station = _station(run, flag)
    if station is None:
        return flag
    evidence, text = dict(flag.evidence), flag.text
    if flag.cause in OF_CYCLES and station.kind != "robot":
        cause = station_cause(
            run, station, flag.since_s, flag.until_s, creeps=flag.cause == "drift"
        )
        if cause.name in BEHIND_CYCLES:
            found = {k: v for k, v in cause.evidence.items() if k not in evidence}
            evidence |= {**found, "why": cause.name, "why_confidence": cause.confidence}
            evidence["why_detail"] = cause.detail
            evidence.setdefault("action", cause.action)
            text = f"{text} {cause.detail} {cause.action}"
    waits = waits_of(run, station, flag)
    if waits:
        evidence["waits_caused_s"] = waits
        names = ", ".join(
            f"{name_of(run.plant.stations[k].label, k)} {s / 60:.0f} min"
            for k, s in [*waits.items()][:NAMED]
        )
        text = f"{text} Others waited for it: {names}."
    return replace(flag, evidence=evidence, text=text)


def waits_of(run: Run, station: Station, flag: Flag) -> dict[str, float]:
    """Return how long other stations waited because of one, the longest first.

    Only what is beyond the time before the flag counts: what they waited for it, and what they
    waited for anything. A station that would have waited for another in that time loses nothing.
    """
    total, every = _caused(run, station, flag.since_s, flag.until_s)
    if flag.since_s >= LEAST_BEFORE_S:
        scale = (flag.until_s - flag.since_s) / flag.since_s
        before, every_before = _caused(run, station, 0.0, flag.since_s)
        total = {
            name: min(
                s - scale * before.get(name, 0.0), every[name] - scale * every_before.get(name, 0.0)
            )
            for name, s in total.items()
        }
    ranked = sorted(total.items(), key=lambda item: (-item[1], item[0]))
    return {name: round(s, 3) for name, s in ranked if s >= LEAST_WAIT_S and name != station.id}


def _caused(
    run: Run, station: Station, start_s: float, end_s: float
) -> tuple[dict[str, float], dict[str, float]]:
    """Return by station the waiting that one station causes, and all waiting."""
    own: dict[str, float] = {}
    every: dict[str, float] = {}
    for origin, by_station in waits_caused(run, start_s, end_s).items():
        for name, seconds in by_station.items():
            every[name] = every.get(name, 0.0) + seconds
            if origin.resource == station.id:
                own[name] = own.get(name, 0.0) + seconds
    return own, every
