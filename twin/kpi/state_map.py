"""One table from the states of a run to the vocabularies people know.

PackML state names and the six big losses are the common ones; the assignment to SEMI E10 and
ISO 22400 time elements is a design decision of celltwin (the standards leave room), stated here
once and nowhere else. Starved, blocked and waiting are *external*: the machine could have run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PowerLevel = Literal["working", "idle", "down"]

MINOR_STOP = "minor_stop"
IN_PLANNED_TIME = "in_planned_time"
SPECIAL_REASONS = (MINOR_STOP, IN_PLANNED_TIME)
"""Reasons that give a state another meaning."""

EXTERNAL_LOSSES = ("starved", "blocked", "waiting_transport", "waiting_worker", "waiting_robot")
AVAILABILITY_LOSSES = (
    "breakdowns",
    "waiting_repair",
    "protective_stops",
    "setup",
    "maintenance_in_plan",
)
PERFORMANCE_LOSSES = ("minor_stops", "speed")
QUALITY_LOSSES = ("scrap",)
PLANNED_LOSSES = (
    *AVAILABILITY_LOSSES,
    *EXTERNAL_LOSSES,
    *PERFORMANCE_LOSSES,
    *QUALITY_LOSSES,
)
"""Losses inside planned time; together with fully productive time they are planned time."""

UNPLANNED_LOSSES = ("maintenance", "off_shift", "unrecorded")
"""Calendar time outside planned time."""


@dataclass(frozen=True)
class StateMeaning:
    """What one state means in each vocabulary.

    Attributes
    ----------
    state, reason : str
        State of a run; `reason` is one of `SPECIAL_REASONS`, or ``""`` for every other.
    loss : str
        Loss of `PLANNED_LOSSES` or `UNPLANNED_LOSSES` that takes the whole interval; of
        ``working`` only the part beyond the ideal cycle time counts (``speed``).
    six_big_losses : str
        Loss of total productive maintenance.
    iso22400 : str
        Time element: APT production, ADET delay, ADOT down, AUST set-up, or outside PBT.
    packml, semi_e10 : str
        State in PackML (ISA-TR88.00.02) and SEMI E10.
    packml_detail : str
        Status variable or unit mode that PackML has besides the state; empty where none.
    power : {'working', 'idle', 'down'}
        Which of the machine's powers is drawn.
    """

    state: str
    reason: str
    loss: str
    six_big_losses: str
    iso22400: str
    packml: str
    semi_e10: str
    power: PowerLevel
    packml_detail: str = ""


def _row(*values: str) -> StateMeaning:
    return StateMeaning(*values)  # type: ignore[arg-type]


STATE_MAP: tuple[StateMeaning, ...] = (
    _row("working", "", "speed", "reduced speed", "APT", "Execute", "productive", "working"),
    _row(
        "setup", "", "setup", "setup and adjustment", "AUST", "Idle", "scheduled down", "idle",
        "mode Setup",
    ),
    _row(
        "starved", "", "starved", "idling (external)", "ADET", "Suspended", "standby", "idle",
        "EquipmentStarved",
    ),
    _row(
        "blocked", "", "blocked", "idling (external)", "ADET", "Suspended", "standby", "idle",
        "EquipmentBlocked",
    ),
    _row(
        "waiting_transport", "", "waiting_transport", "idling (external)", "ADET", "Suspended",
        "standby", "idle",
    ),
    _row(
        "waiting_worker", "", "waiting_worker", "idling (external)", "ADET", "Suspended",
        "standby", "idle",
    ),
    _row(
        "waiting_robot", "", "waiting_robot", "idling (external)", "ADET", "Suspended",
        "standby", "idle",
    ),
    _row(
        "down", MINOR_STOP, "minor_stops", "minor stops", "ADET", "Held", "unscheduled down",
        "idle",
    ),
    _row(
        "down", "", "breakdowns", "equipment failure", "ADOT", "Aborted", "unscheduled down",
        "down", "StopReason",
    ),
    _row(
        "waiting_repair", "", "waiting_repair", "equipment failure", "ADOT", "Aborted",
        "unscheduled down", "down", "StopReason",
    ),
    _row(
        "protective_stop", "", "protective_stops", "equipment failure", "ADOT", "Held",
        "unscheduled down", "idle", "StopReason",
    ),
    _row(
        "maintenance", "", "maintenance", "planned stop", "outside PBT", "Stopped",
        "scheduled down", "down", "mode Maintenance",
    ),
    _row(
        "maintenance", IN_PLANNED_TIME, "maintenance_in_plan", "planned stop", "ADOT", "Stopped",
        "scheduled down", "down", "mode Maintenance",
    ),
    _row(
        "off_shift", "", "off_shift", "schedule loss", "outside PBT", "Stopped", "non-scheduled",
        "idle",
    ),
)  # fmt: skip
"""Every state of a machine or robot, in the order of `twin.run.tables.STATES`."""

BUSY_STATES: dict[str, tuple[str, ...]] = {
    "agv": ("driving", "loaded", "loading", "unloading", "waiting_traffic"),
    "crane": ("driving", "loaded", "loading", "unloading"),
    "worker": ("driving", "loaded", "loading", "unloading", "working"),
    "robot": ("working",),
    "machine": ("working",),
}
"""States in which a resource of each kind counts as used."""

_BY_STATE = {(m.state, m.reason): m for m in STATE_MAP}


def meaning(state: str, reason: str = "") -> StateMeaning:
    """Return what a state with its reason means.

    Raises
    ------
    KeyError
        The state is not one of a machine or robot.
    """
    return _BY_STATE.get((state, reason)) or _BY_STATE[state, ""]


def loss_sql() -> str:
    """Return a SQL expression that names the loss of a row of ``states``."""
    special = " ".join(
        f"WHEN reason = '{m.reason}' AND state = '{m.state}' THEN '{m.loss}'"
        for m in STATE_MAP
        if m.reason
    )
    plain = " ".join(f"WHEN state = '{m.state}' THEN '{m.loss}'" for m in STATE_MAP if not m.reason)
    return f"CASE {special} {plain} END"
