"""The numbers behind a flag."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.text import number, percent
from twin.flags import Flag


def evidence(flag: Flag) -> Component:
    """Return the evidence of a flag as a small table."""
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(value)]) for name, value in evidence_rows(flag)],
        className="evidence",
    )


def evidence_rows(flag: Flag) -> list[tuple[str, str]]:
    """Return the evidence as names and values for people; what is missing is left out."""
    return [(name, text) for name, text in _rows(flag) if text]


def _rows(flag: Flag) -> Iterator[tuple[str, str]]:
    found = flag.evidence
    unit = str(found.get("unit", ""))
    yield "Expected", _value(found.get("expected"), unit)
    yield "Observed", _value(found.get("observed"), unit)
    yield "Samples", _count(found.get("n"))
    yield "Chance of a false alarm", _chance(found.get("p_value"))
    yield "Confidence", _share(_sure(flag))
    yield "Units lost there", number(flag.lost_units, 2)
    yield "Units the plant loses", _value(found.get("plant_loss_units"), "", 2)
    yield "Energy lost", _value(found.get("lost_kwh"), "kWh") if found.get("lost_kwh") else ""
    yield "Money lost", _value(found.get("lost_money"), str(found.get("currency") or ""))
    yield "Time to spare while flagged", _share(found.get("spare_share_during"))


def _sure(flag: Flag) -> Any:
    """Return how sure the cause is; without one, that something changed."""
    sure = flag.cause_confidence
    return flag.evidence.get("confidence") if sure is None else sure


def _value(value: Any, unit: str, digits: int = 3) -> str:
    if not isinstance(value, int | float):
        return ""
    return f"{number(float(value), digits)} {unit}".strip()


def _count(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else ""


def _share(value: Any) -> str:
    return percent(float(value)) if isinstance(value, int | float) else ""


def _chance(value: Any) -> str:
    if not isinstance(value, int | float):
        return ""
    return "below 1 in a million" if value < 1e-6 else f"{value:.1e}"
