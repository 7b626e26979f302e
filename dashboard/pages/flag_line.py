"""Cause, confidence and remedy of a flag in one line."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.text import cause_text
from twin.diagnose.disorder import cause_of
from twin.flags import Flag


def cause_with_joint(flag: Flag) -> str:
    """Return the cause, with the joint where it sits in one."""
    joint = _diagnosis(flag).get("joint")
    name = cause_text(cause_of(flag))
    return f"{name}, joint {joint}" if joint else name


def action_of(flag: Flag) -> str:
    """Return what to do; empty where nothing is known."""
    return str(_diagnosis(flag).get("action") or flag.evidence.get("action") or "")


def cause_line(flag: Flag) -> Component | None:
    """Return cause, confidence and what to do; None where the flag has no more than its text."""
    found = flag.evidence
    sure = _diagnosis(flag).get("confidence", found.get("why_confidence"))
    action = action_of(flag)
    if sure is None and not action:
        return None
    how = f" ({100 * float(sure):.0f} % sure)" if sure is not None else ""
    parts: list[Any] = [html.B(f"{cause_with_joint(flag)}{how}")]
    return html.P([*parts, f": {action}" if action else ""], className="cause-line")


def _diagnosis(flag: Flag) -> dict[str, Any]:
    found = flag.evidence.get("diagnosis")
    return found if isinstance(found, dict) else {}
