"""Importing logs: read, clean, learn the plant, write the run."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from twin.errors import Problem, RunError
from twin.imports.clean import not_overlapping
from twin.imports.cycles import add_cycles, add_events
from twin.imports.learn import learned_plant
from twin.imports.mapping import AnyLog, CycleLog, LogMapping, SampleLog
from twin.imports.observed import (
    CYCLE_COLUMNS,
    SAMPLE_COLUMNS,
    STATE_COLUMNS,
    Content,
    Observed,
    joined,
)
from twin.imports.read import files_of, read_log
from twin.imports.report import Report
from twin.imports.samples import add_samples
from twin.imports.timeline import stopped_s
from twin.imports.write import write_run
from twin.plant.scenario import Scenario
from twin.plant.yaml_source import shown_path

Progress = Callable[[float, float], None]


@dataclass(frozen=True)
class ImportResult:
    """What an import wrote.

    Attributes
    ----------
    folder : Path
        The run.
    report : Report
        What was done to the logs.
    machines : dict
        Machine -> cycles.
    start : str
        Wall-clock time of the run's start, ISO 8601.
    length_s : float
    """

    folder: Path
    report: Report
    machines: dict[str, int]
    start: str
    length_s: float

    def to_json(self) -> dict[str, Any]:
        """Return plain data, as in ``import.json``."""
        return {
            "start": self.start,
            "length_s": self.length_s,
            "machines": self.machines,
            **self.report.to_json(),
        }


def import_logs(
    paths: Sequence[str | Path],
    mapping: LogMapping,
    out: str | Path,
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Turn logs of a plant into a run folder.

    Parameters
    ----------
    paths : sequence of path
        CSV (any separator, decimal point or comma) and Parquet files.
    mapping : LogMapping
        Which columns mean what.
    out : path
        Folder of the run; appears only if everything could be read.
    force : bool
        Replace a run that is there.
    progress : callable, optional
        Called with (files done, files in all).

    Raises
    ------
    RunError
        A file is missing, unreadable or fits no log; a column is missing; there is too little
        data; the folder is in use. All problems of all files at once.
    """
    report, found = Report(), Observed()
    _read_all(found, _jobs(paths, mapping), mapping, report, progress or _quiet)
    content = _content(found, mapping, report)
    machines, counts = sorted(found.spans), content.cycles["machine"].value_counts()
    scenario = _scenario(mapping, content, machines)
    result = ImportResult(
        Path(out),
        report,
        {m: int(counts.get(m, 0)) for m in machines},
        scenario.start,
        scenario.horizon_s,
    )
    write_run(
        Path(out),
        scenario,
        found,
        content,
        cleaning=mapping.cleaning,
        force=force,
        notes=json.dumps(result.to_json(), indent=2),
    )
    return result


def _content(found: Observed, mapping: LogMapping, report: Report) -> Content:
    """Return what was observed on all machines together."""
    cycles = not_overlapping(joined(found.cycles, CYCLE_COLUMNS), report)
    told = joined(found.states, STATE_COLUMNS)
    samples = joined(found.samples, SAMPLE_COLUMNS)
    _refuse_too_little(cycles, samples, sorted(found.spans), mapping)
    cycles["stopped"] = stopped_s(cycles, told)
    report.cycles, report.samples = len(cycles), len(samples)
    start_s = min(first for first, _ in found.spans.values())
    end_s = max(last for _, last in found.spans.values())
    return Content(cycles, told, samples, (start_s, end_s))


def _scenario(mapping: LogMapping, content: Content, machines: list[str]) -> Scenario:
    """Return the plant the run is judged by, as a scenario."""
    learned = learned_plant(mapping, content.cycles, machines)
    start_s, end_s = content.span
    return Scenario(
        id=mapping.id,
        label=mapping.label,
        description=mapping.source,
        plant=learned.plant,
        horizon_s=end_s - start_s,
        initial="empty",
        seed=0,
        start=datetime.fromtimestamp(start_s, UTC).replace(tzinfo=None).isoformat(),
        sources=learned.sources,
    )


def _jobs(paths: Sequence[str | Path], mapping: LogMapping) -> list[tuple[Path, AnyLog]]:
    """Return every file with the log it holds; refuse files that are missing or fit none."""
    wanted = [Path(p) for p in paths]
    jobs = [(path, log) for log in mapping.logs for path in files_of(log, wanted)]
    used = {path for path, _ in jobs}
    problems = [
        Problem(shown_path(p), "does not exist.", "Give the files to import.")
        for p in wanted
        if not p.is_file()
    ]
    problems += [
        Problem(
            shown_path(p),
            "fits none of the logs of the mapping "
            f"({'; '.join(', '.join(log.files) for log in mapping.logs)}).",
            "Add its name under 'files', or leave it out.",
        )
        for p in wanted
        if p.is_file() and p not in used
    ]
    if problems:
        raise RunError(problems)
    if not jobs:
        raise RunError(Problem("celltwin import", "no file was given.", "Name the logs."))
    return jobs


def _read_all(
    found: Observed,
    jobs: list[tuple[Path, AnyLog]],
    mapping: LogMapping,
    report: Report,
    tick: Progress,
) -> None:
    problems: list[Problem] = []
    for k, (path, log) in enumerate(jobs):
        tick(k, len(jobs))
        try:
            _add(found, path, log, mapping, report)
        except RunError as error:
            problems.extend(error.problems)
    if problems:
        raise RunError(problems)
    tick(len(jobs), len(jobs))


def _add(found: Observed, path: Path, log: AnyLog, mapping: LogMapping, report: Report) -> None:
    frame, file = read_log(path, log, report), path.name
    if isinstance(log, SampleLog):
        add_samples(found, frame, log, file=file, cleaning=mapping.cleaning, report=report)
    elif isinstance(log, CycleLog):
        add_cycles(found, frame, log, file=file, report=report)
    else:
        add_events(found, frame, log, file=file, report=report)


def _refuse_too_little(
    cycles: pd.DataFrame, samples: pd.DataFrame, machines: list[str], mapping: LogMapping
) -> None:
    """Refuse a log from which nothing can be learned; leave out machines with too few cycles."""
    least = mapping.cleaning.least_cycles
    counts = cycles["machine"].value_counts()
    wants_cycles = any(not isinstance(log, SampleLog) or log.cycle for log in mapping.logs)
    if not machines or (cycles.empty and samples.empty):
        raise RunError(
            Problem("celltwin import", "the logs hold no usable row.", "Check the mapping.")
        )
    if wants_cycles and (counts.empty or counts.max() < least):
        most = int(counts.max()) if not counts.empty else 0
        raise RunError(
            Problem(
                "celltwin import",
                f"no machine has more than {most} usable cycles; {least} are needed for a verdict.",
                "Give a longer log, or lower 'cleaning.least_cycles'.",
            )
        )


def _quiet(done: float, total: float) -> None:
    del done, total
