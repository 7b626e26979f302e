"""The same model in every simulator: rates, ratios, and whether they agree with the exact value."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.check import Estimate, expected, observed
from benchmarks.measure import rounds
from benchmarks.model import Line, Outcome, Queue
from benchmarks.result import Result, Row
from benchmarks.subjects import CELLTWIN, SUBJECTS, Subject

LINE = "A: line of 10 machines, exponential work, buffers of 5, saturated"
BREAKDOWNS = "B: the same line with breakdowns (MTBF 100, MTTR 5, clock of working time)"
QUEUE = "C: M/M/1 at load 0.8"

LINE_S = 40_000.0
QUEUE_S = 200_000.0
WARM_S = 200.0


def line(size: float, repeat: int, *, peers: bool = True) -> Result:
    """Compare on case A."""
    return _compare("line", LINE, Line(LINE_S * size), repeat, peers=peers)


def breakdowns(size: float, repeat: int, *, peers: bool = True) -> Result:
    """Compare on case B."""
    model = Line(LINE_S * size, mtbf_s=100.0)
    return _compare("breakdowns", BREAKDOWNS, model, repeat, peers=peers)


def queue(size: float, repeat: int, *, peers: bool = True) -> Result:
    """Compare on case C."""
    return _compare("queue", QUEUE, Queue(QUEUE_S * size), repeat, peers=peers)


def _compare(case: str, title: str, model: Line | Queue, repeat: int, *, peers: bool) -> Result:
    subjects = [s for s in SUBJECTS if peers or s.package == "simpy"]
    unable = {s.name: _unable(s, model) for s in subjects}
    works = {}
    for subject in subjects:
        if not unable[subject.name]:
            run = subject.simulator(_function(subject, model))
            with tempfile.TemporaryDirectory() as folder:
                run(_short(model), Path(folder) / "warm")
            works[subject.name] = partial(run, _scaled(model, subject.length))

    def look(outcome: Outcome) -> tuple[int, Estimate]:
        return outcome.visits, observed(model, outcome)

    timings = rounds(works, repeat, after=look)
    reference = expected(model)
    rows = []
    for subject in subjects:
        timing = timings.get(subject.name)
        if timing is None:
            rows.append(Row(subject.name, subject.records, why=unable[subject.name]))
            continue
        visits, found = timing.value()
        rows.append(
            Row(
                subject.name,
                subject.records,
                cpu_s=timing.best_s,
                spread=timing.median_s / timing.best_s,
                visits=visits,
                observed=found,
                agrees=found.agrees_with(reference),
            )
        )
    quantity = "mean time in system, s" if isinstance(model, Queue) else "units/s"
    rows.sort(key=lambda row: (row.subject != CELLTWIN, -(row.rate or 0.0)))
    return Result(case, title, tuple(rows), quantity, reference)


def _function(subject: Subject, model: Line | Queue) -> str:
    return (subject.queue if isinstance(model, Queue) else subject.line) or ""


def _unable(subject: Subject, model: Line | Queue) -> str:
    """Return why a simulator is not measured; empty if it is."""
    if not _function(subject, model):
        return "cannot simulate this case"
    if isinstance(model, Line) and model.mtbf_s and not subject.breaks_down:
        return "models other breakdowns"
    return "" if subject.installed else "not installed"


def _scaled(model: Line | Queue, factor: float) -> Line | Queue:
    return replace(model, horizon_s=model.horizon_s * factor)


def _short(model: Line | Queue) -> Line | Queue:
    """Return a model that is simulated untimed, so that imports and compilation are over."""
    return replace(model, horizon_s=WARM_S)
