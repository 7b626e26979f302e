"""Flags of whole runs: a small plant with one fault at a time, and without."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from pydantic import TypeAdapter

from benchmarks.diagnosis.faults import Injection, injections
from benchmarks.diagnosis.score import Outcome, Score
from sim import simulate
from twin.flags import Flag, flags
from twin.plant.load import load_scenario
from twin.plant.scenario import Fault, Scenario

PLANT = Path(__file__).with_name("plant.yaml")
HORIZON_S = 6 * 3600.0
STATIONS = 6
"""Streams of stations a run has: press, robot, three welders, tester."""
EARLY_S = 600.0
"""A flag may be dated this long before its fault: the onset is an estimate."""


def faults_score(seeds: int) -> Score:
    """Return the score of flags on every injection, with `seeds` runs each, and healthy runs."""
    score = Score("flags")
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, seeds + 1):
            healthy = _flags(_scenario(seed, None), Path(folder) / "healthy")
            score.false_alarms += len(healthy)
            score.station_hours += STATIONS * HORIZON_S / 3600
            for injection in injections():
                found = _flags(_scenario(seed, injection), Path(folder) / "run")
                score.outcomes.append(_judged(injection, found))
    return score


def _scenario(seed: int, injection: Injection | None) -> Scenario:
    made = load_scenario(PLANT, horizon_s=HORIZON_S, seed=seed)
    if injection is None:
        return made
    values: dict[str, object] = {"kind": injection.kind, **injection.values}
    if injection.at_h is not None:
        values["at"] = injection.at_h * 3600
    fault: Fault = TypeAdapter(Fault).validate_python(values)
    return made.model_copy(update={"faults": [fault]})


def _flags(made: Scenario, folder: Path) -> list[Flag]:
    """Return the flags of a run that rest on a test, not on a plain threshold."""
    found = flags(simulate(made, folder, force=True))
    return [f for f in found if f.evidence.get("method") != "threshold"]


def _judged(injection: Injection, found: list[Flag]) -> Outcome:
    at_s = (injection.at_h or 0.0) * 3600 - EARLY_S
    mine = [f for f in found if injection.finds(f) and f.until_s > at_s]
    true = [f for f in mine if f.since_s >= at_s or at_s <= 0]
    false = len([f for f in found if f not in mine and f.cause != "below_plan"])
    if not true:
        return Outcome(injection.kind, None, false)
    first = max(true, key=lambda f: (injection.right(f), f.lost_units))
    delay = max(0.0, first.since_s - at_s - EARLY_S)
    return Outcome(injection.kind, delay, false, first.cause, injection.right(first))


def kinds(score: Score) -> Iterator[Score]:
    """Yield the score of every kind of fault."""
    for kind in sorted({o.group for o in score.outcomes}):
        part = score.of(kind)
        part.method = kind
        yield part
