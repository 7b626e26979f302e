"""The diagnosis of one workcell: what is wrong there, and what was looked at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from twin.diagnose.disorder import disorder
from twin.diagnose.finding import Disorder, Finding, Judged, OddCycle, lasting
from twin.diagnose.judged import MOST_MACHINES, judge, oddest
from twin.diagnose.subject import Subject, subject_of
from twin.diagnose.wording import counted
from twin.flags import flags as find_flags
from twin.flags.cycle_stream import LEAST_SHARE
from twin.flags.flag import CRITICAL_CAPACITY_LOSS, Flag, name_of, period
from twin.flags.substep import LEAST_CYCLE_SHARE, LEAST_STEP_SHARE
from twin.run.run import Run
from twin.signature.score import LIMIT, LOAD_LIMIT, is_imported

NOTES = "import.json"
ODD_WORDS = ("stopped", "load_lost", "overload", "slow")
"""Verdicts on single cycles that cost something."""

FEW_CYCLES = 30
"""Cycles of a workcell below which nothing found means little."""


def diagnose(run: Run, name: str, flags: Sequence[Flag] | None = None) -> Finding:
    """Find what is wrong at a workcell, why, and what it costs.

    Parameters
    ----------
    run : Run
        A simulated run or imported logs.
    name : str
        A workcell, or a station, machine or robot of one.
    flags : sequence of Flag, optional
        Flags of the run, where they are known already.

    Raises
    ------
    RunError
        The plant has no such thing.
    """
    subject = subject_of(run, name)
    every = list(find_flags(run) if flags is None else flags)
    own = [f for f in every if _is_own(subject, f)]
    disorders = tuple(disorder(run, subject.station_of(f.resource), f, every) for f in own)
    judged, odd = _judged(run, subject)
    notes = _notes(run)
    label = name_of(subject.workcell.label, subject.workcell.id)
    return Finding(
        run=run.name,
        status=run.manifest.status,
        start=run.scenario.start,
        length_s=run.horizon_s,
        imported=is_imported(run),
        source=run.scenario.description if is_imported(run) else "",
        cleaned=tuple(str(note.get("what", "")) for note in notes.get("notes", [])),
        workcell=subject.workcell.id,
        label=label,
        asked=subject.asked,
        headline=_headline(run, label, disorders, judged),
        disorders=disorders,
        elsewhere=tuple(_elsewhere(subject, [f for f in every if f not in own])),
        judged=judged,
        odd=odd,
        thresholds=_thresholds(run, subject),
    )


def _is_own(subject: Subject, flag: Flag) -> bool:
    if subject.whole:
        return flag.workcell == subject.workcell.id
    return flag.resource in subject.names


def _elsewhere(subject: Subject, others: list[Flag]) -> list[str]:
    """Return findings on others that name this workcell, or all of the plant."""
    names = {s.id for s in subject.stations}
    found = []
    for flag in others:
        concerns = set(map(str, flag.evidence.get("stations", [])))
        waits = set(map(str, flag.evidence.get("waits_caused_s", {})))
        if names & concerns:
            found.append(f"One of several with the same trouble: {flag.text}")
        elif names & waits:
            found.append(f"It waits for others: {flag.title}.")
        elif flag.workcell == subject.workcell.id:
            found.append(f"In the same workcell: {flag.title}.")
    return found


def _judged(run: Run, subject: Subject) -> tuple[tuple[Judged, ...], tuple[OddCycle, ...]]:
    found, odd = [], []
    for resource in subject.resources[:MOST_MACHINES]:
        station = subject.station_of(resource)
        if station is not None:
            judged, scores = judge(run, station, resource)
            found.append(judged)
            odd += oddest(scores) if scores else []
    return tuple(found), tuple(odd)


def _headline(
    run: Run, label: str, disorders: tuple[Disorder, ...], judged: tuple[Judged, ...]
) -> str:
    if not disorders:
        return _healthy(label, judged)
    first = disorders[0]
    what = first.cause.replace("_", " ")
    joint = f" in joint {first.joint}" if first.joint else ""
    when = period(run.scenario.start, first.since_s, first.until_s, is_open=first.open)
    sure = first.sure if first.cause_sure is None else first.cause_sure
    how = f", {100 * sure:.0f} % sure" if sure is not None else ""
    more = f" ({len(disorders) - 1} more below)" if len(disorders) > 1 else ""
    return f"{label}: {what}{joint} {when}{how}{more}."


def _healthy(label: str, judged: tuple[Judged, ...]) -> str:
    n = sum(one.n for one in judged)
    counts = {
        word: sum(one.odd.get(word, 0) for one in judged if word not in lasting(one.odd))
        for word in ODD_WORDS
    }
    odd = ", ".join(f"{k} {word.replace('_', ' ')}" for word, k in counts.items() if k)
    if odd:
        return f"{label}: no lasting change in {n:,} cycles, but single odd ones: {odd}."
    if n < FEW_CYCLES:
        return f"{label}: nothing found in {counted(n, 'cycle')}, too few to tell much by."
    return f"{label}: nothing found in {n:,} cycles."


def _thresholds(run: Run, subject: Subject) -> tuple[str, ...]:
    found = []
    if any(r in run.plant.robots for r in subject.resources):
        found.append(
            f"a sub-step that changes by {100 * LEAST_STEP_SHARE:.0f} %, and by"
            f" {100 * LEAST_CYCLE_SHARE:.0f} % of the cycle"
        )
    if any(r not in run.plant.robots for r in subject.resources):
        found.append(f"a cycle that changes by {100 * LEAST_SHARE:.0f} %")
    found.append(f"critical from {100 * CRITICAL_CAPACITY_LOSS:.0f} % of the capacity lost")
    found.append(
        f"a single cycle {LIMIT:g} standard deviations off the usual"
        f" ({LOAD_LIMIT:g} for a load that is missing)"
    )
    return tuple(found)


def _notes(run: Run) -> dict[str, Any]:
    """Return what an import noted beside its run; nothing for a simulated one."""
    path = run.folder / NOTES
    if not path.is_file():
        return {}
    try:
        notes = json.loads(path.read_text("utf-8"))
    except ValueError:
        return {}
    return notes if isinstance(notes, dict) else {}
