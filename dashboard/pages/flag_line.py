"""Cause, confidence and remedy of a flag in one line."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.text import cause_text
from twin.flags import Flag


def cause_with_joint(flag: Flag) -> str:
    """Return the cause, with the joint where it sits in one."""
    name = cause_text(flag.why)
    return f"{name}, joint {flag.joint}" if flag.joint else name


def cause_line(flag: Flag) -> Component | None:
    """Return cause, confidence and what to do; None where the flag has no more than its text."""
    sure = flag.cause_confidence
    if sure is None and not flag.action:
        return None
    how = f" ({100 * sure:.0f} % sure)" if sure is not None else ""
    parts: list[Any] = [html.B(f"{cause_with_joint(flag)}{how}")]
    return html.P([*parts, f": {flag.action}" if flag.action else ""], className="cause-line")
