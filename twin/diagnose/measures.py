"""The numbers of a flag's evidence, each with a name and a unit for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from twin.diagnose.finding import Measure

UNITS = {
    "kpa": "kPa", "s": "s", "a": "A", "c": "°C", "mps": "m/s", "mps2": "m/s²", "w": "W",
    "kw": "kW", "kwh": "kWh", "n": "N", "nm": "N m", "bar": "bar", "v": "V", "pct": "%",
    "mm": "mm", "deg": "°", "g": "g", "mms": "mm/s", "h": "h", "m": "m",
}  # fmt: skip
"""Units by the ending of a name."""
TOLD_ELSEWHERE = frozenset(
    {
        "expected", "observed", "n", "p_value", "log10_p", "confidence", "baseline_n", "effect",
        "extra_s", "plant_loss_units", "lost_kwh", "lost_money", "spare_share_before",
        "spare_share_during", "joint", "cycles", "cycles_before", "unexplained", "why_confidence",
        "nominal_cycle_s", "substeps", "z", "waits_caused_s", "losses_s", "expected_losses_s",
        "origins_s", "joints_that_fit", "planned_s", "productive_s",
    }
)  # fmt: skip
"""Numbers with a place of their own, or of no use to people."""

LEAST_SLOPE = 1e-3
"""Trend in seconds per hour below which nothing creeps."""


def measures(evidence: Mapping[str, Any]) -> tuple[Measure, ...]:
    """Return the numbers before and while something lasts; each name once."""
    found: dict[str, Measure] = {}
    for one in _all(evidence):
        found.setdefault(one.name, one)
    return tuple(found.values())


def named(key: str) -> tuple[str, str]:
    """Return name and unit of a key: ``current_j2_a`` -> ``Current joint 2``, ``A``."""
    if key == "slope_s_per_h":
        return "Trend while it lasts", "s/h"
    if key.endswith("_per_h"):
        name, unit = named(key.removesuffix("_per_h"))
        return name, f"{unit or 1}/h"
    stem, _, end = key.rpartition("_")
    unit = UNITS.get(end, "") if stem else ""
    words = (stem if unit else key).split("_")
    plain = " ".join(f"joint {w[1:]}" if w[:1] == "j" and w[1:].isdigit() else w for w in words)
    return plain[:1].upper() + plain[1:], unit


def _all(evidence: Mapping[str, Any]) -> Iterator[Measure]:
    diagnosis = evidence.get("diagnosis")
    inner = diagnosis if isinstance(diagnosis, Mapping) else {}
    yield from _steps(inner.get("substeps_s"))
    for part in (inner, evidence):
        yield from _pairs(part)
    yield from _signals(evidence.get("signals"))
    for part in (inner, evidence):
        yield from _single(part)
    yield from _losses(evidence)


def _steps(steps: object) -> Iterator[Measure]:
    if isinstance(steps, Mapping):
        for name, pair in steps.items():
            yield _measure(f"Sub-step {str(name).replace('_', ' ')}", "s", pair)


def _pairs(part: Mapping[str, Any]) -> Iterator[Measure]:
    for key, value in part.items():
        if isinstance(value, Mapping) and {"before", "during"} <= set(value):
            yield _measure(*named(key), value)


def _signals(signals: object) -> Iterator[Measure]:
    for one in signals if isinstance(signals, list) else []:
        pair = {**one, "z": one.get("standard_errors"), "n": one.get("n_during")}
        yield _measure(*named(str(one.get("signal", ""))), pair)


def _losses(evidence: Mapping[str, Any]) -> Iterator[Measure]:
    """Return where the planned time went, against what the plant file lets expect."""
    seen, expected = evidence.get("losses_s"), evidence.get("expected_losses_s") or {}
    for key, value in seen.items() if isinstance(seen, Mapping) else ():
        name = f"Time lost: {str(key).replace('_', ' ')}"
        yield Measure(name, "s", _number(expected.get(key)), _number(value))


def _single(part: Mapping[str, Any]) -> Iterator[Measure]:
    for key, value in part.items():
        number = _number(value)
        if key == "slope_s_per_h" and number is not None and abs(number) < LEAST_SLOPE:
            continue
        if number is not None and key not in TOLD_ELSEWHERE:
            name, unit = named(key)
            yield Measure(name, unit, None, number)


def _measure(name: str, unit: str, pair: Mapping[str, Any]) -> Measure:
    n = pair.get("n")
    return Measure(
        name,
        unit,
        _number(pair.get("before")),
        _number(pair.get("during")),
        _number(pair.get("z")),
        n if isinstance(n, int) else None,
    )


def _number(value: object) -> float | None:
    """Return a finite number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < float("inf") else None
