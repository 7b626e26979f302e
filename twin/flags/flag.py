"""A flag: a workcell below its expectation, with cause and evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

Severity = Literal["warning", "critical"]

CRITICAL_CAPACITY_LOSS = 0.10
"""Share of its capacity a resource loses while flagged from which a flag may be critical."""


@dataclass(frozen=True)
class Flag:
    """One finding.

    Attributes
    ----------
    workcell, resource : str
        Where: id of the workcell, and of the robot, machine or station ('' and plant id for a
        finding about the whole plant).
    since_s, until_s : float
        When; `until_s` is the end of the run where it goes on (``evidence["open"]``).
    cause : str
        ``vacuum_leak``, ``slow_substep``, ``fast_substep``, ``reduced_speed``, ``slow_cycle``,
        ``fast_cycle``, ``drift``, ``spread``, ``micro_stops``, ``frequent_failures``,
        ``breakdown``, ``long_repairs``, ``minor_stops``, ``waiting_transport``, ``waiting_worker``,
        ``waiting_repair`` or ``below_plan``.
    substep : str or None
        The robot's sub-step, where one explains it.
    lost_units : float
        Units the resource could have made in the time lost: see `evidence` for the plant's loss.
    severity : {'warning', 'critical'}
        Critical from 10 % of the resource's capacity lost, if the plant loses output by it.
    evidence : dict
        ``expected``, ``observed``, ``n``, ``p_value``, ``method`` and more numbers.
    title, text : str
        For people.
    """

    workcell: str
    resource: str
    since_s: float
    until_s: float
    cause: str
    substep: str | None
    lost_units: float
    severity: Severity
    evidence: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    text: str = ""

    @property
    def why(self) -> str:
        """What was found behind it, else what it is itself: the cause to name."""
        return str(self.evidence.get("why") or self.cause)

    @property
    def diagnosis(self) -> dict[str, Any]:
        """What the diagnosis of a robot found; empty without one."""
        found = self.evidence.get("diagnosis")
        return found if isinstance(found, dict) else {}

    @property
    def joint(self) -> int | None:
        """Joint of a robot the cause sits in, from 1."""
        return self.diagnosis.get("joint")

    @property
    def cause_confidence(self) -> float | None:
        """How sure the cause is, 0 to 1; None where only the change is known."""
        found = self.diagnosis.get("confidence", self.evidence.get("why_confidence"))
        return None if found is None else float(found)

    @property
    def action(self) -> str:
        """What to do; empty where nothing is known."""
        return str(self.diagnosis.get("action") or self.evidence.get("action") or "")

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self)


def flags_json(flags: Iterable[Flag]) -> dict[str, Any]:
    """Return flags as ``{"flags": [...]}``."""
    return {"flags": [flag.to_json() for flag in flags]}


def severity_of(capacity_loss: float, plant_loss_units: float) -> Severity:
    """Return the severity of a lost share of a resource's capacity.

    A resource with time to spare costs the plant nothing: that is a warning, however large.
    """
    severe = capacity_loss >= CRITICAL_CAPACITY_LOSS and plant_loss_units > 0
    return "critical" if severe else "warning"


def clock(start: str, t_s: float) -> str:
    """Return the wall-clock time of second `t_s`: ``02:00``, on later days ``day 2 02:00``."""
    first = datetime.fromisoformat(start)
    moment = first + timedelta(seconds=round(t_s))
    days = (moment.date() - first.date()).days
    return f"day {days + 1} {moment:%H:%M}" if days else f"{moment:%H:%M}"


def period(start: str, since_s: float, until_s: float, *, is_open: bool) -> str:
    """Return ``since 02:00`` or ``from 02:00 to 03:10``."""
    since = clock(start, since_s)
    return f"since {since}" if is_open else f"from {since} to {clock(start, until_s)}"


def name_of(label: str, id_: str) -> str:
    """Return the name of a thing for people."""
    return label or id_.replace("_", " ")
