"""Numbers, times and names as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

STATUS_TEXTS = {
    "complete": "complete",
    "running": "running: shown as far as it is written",
    "cancelled": "cancelled: shown as far as it got",
    "failed": "failed",
    "broken": "cannot be read",
}

CAUSE_TEXTS: Mapping[str, str] = {
    "vacuum_leak": "Vacuum leak",
    "slow_substep": "Slow sub-step",
    "reduced_speed": "Reduced speed",
    "slow_cycle": "Slow cycle",
    "frequent_failures": "Frequent failures",
    "breakdown": "Breakdown",
    "long_repairs": "Long repairs",
    "minor_stops": "Minor stops",
    "waiting_transport": "Waiting for transport",
    "waiting_worker": "Waiting for a worker",
    "waiting_repair": "Waiting for repair",
    "below_plan": "Below plan",
}


def words(name: str) -> str:
    """Return an identifier as words: ``waiting_worker`` -> ``Waiting worker``."""
    plain = name.replace("_", " ").strip()
    return plain[:1].upper() + plain[1:]


def cause_text(cause: str) -> str:
    """Return the name of a cause."""
    return CAUSE_TEXTS.get(cause) or words(cause)


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with about `digits` significant digits and thousands separated."""
    if value is None:
        return "–"
    if value == 0:
        return "0"
    size = abs(value)
    places = max(0, digits - 1 - next(k for k in range(40, -40, -1) if size >= 10.0**k))
    return f"{value:,.{min(places, 6)}f}"


def percent(share: float | None) -> str:
    """Return a share as a percentage."""
    return "–" if share is None else f"{100 * share:.1f} %"


def span(seconds: float | None) -> str:
    """Return a length of time: ``4.0 s``, ``12 min``, ``7.5 h``, ``11.2 d``."""
    if seconds is None:
        return "–"
    size = abs(seconds)
    for limit, unit, scale in ((120.0, "s", 1.0), (7200.0, "min", 60.0), (172_800.0, "h", 3600.0)):
        if size < limit:
            return f"{number(seconds / scale, 2 if unit == 'min' else 3)} {unit}"
    return f"{seconds / 86400:.1f} d"


def clock(start: str, t_s: float, *, seconds: bool = False) -> str:
    """Return the wall-clock time of a moment: ``02:00``, on later days ``Tue 02:00``."""
    first = datetime.fromisoformat(start)
    moment = first + timedelta(seconds=round(t_s) if seconds else t_s)
    text = f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"
    return text if moment.date() == first.date() else f"{moment:%a} {text}"
