"""Modes: a state with its reason, as one small number that is cheap to compare and to log."""

from __future__ import annotations

MODES: list[tuple[str, str]] = []


def mode(state: str, reason: str = "") -> int:
    """Return the number of a state with a reason."""
    pair = (state, reason)
    if pair not in MODES:
        MODES.append(pair)
    return MODES.index(pair)


WORKING = mode("working")
STARVED = mode("starved")
COLLECTING = mode("starved", "collecting")
BLOCKED = mode("blocked")
NO_TRIP_IN = mode("waiting_transport", "supply")
NO_TRIP_OUT = mode("waiting_transport", "removal")
WAITING_WORKER = mode("waiting_worker")
ATTENDED = mode("setup", "attended")
CHANGING_ROLL = mode("setup", "changing_roll")
MINOR_STOP = mode("down", "minor_stop")
BREAKDOWN = mode("down", "breakdown")
WAITING_REPAIR = mode("waiting_repair", "breakdown")
MAINTENANCE = mode("maintenance")
MAINTENANCE_WAIT = mode("maintenance", "waiting_crew")
MAINTENANCE_COUNTED = mode("maintenance", "in_planned_time")
UNLOADED = mode("setup", "unloaded")
NO_CARD = mode("blocked", "no_card")
CHANGEOVER = mode("setup", "changeover")

IDLE = mode("idle")
DRIVING = mode("driving")
LOADED = mode("loaded")
LOADING = mode("loading")
UNLOADING = mode("unloading")
WAITING_TRAFFIC = mode("waiting_traffic")
WAITING_STOP = mode("waiting_traffic", "stop_taken")
CHARGING = mode("charging")
AT_WORK = mode("working", "attending")
REPAIRING = mode("working", "repairing")
WAITING_TEAM = mode("idle", "waiting_for_others")
OFF_SHIFT = mode("off_shift")
PROTECTIVE_STOP = mode("protective_stop")
