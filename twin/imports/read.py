"""Reading the columns a mapping names from CSV and Parquet files, as text or as they are."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from twin.errors import Problem, RunError, nearest
from twin.imports.mapping import AnyLog, CycleLog, EventLog, Reading, SampleLog
from twin.imports.report import Report
from twin.plant.yaml_source import shown_path

_SNIFFED = 20
_SEPARATORS = ",;\t|"


def files_of(log: AnyLog, paths: Sequence[Path]) -> list[Path]:
    """Return the files a log is in."""
    return [p for p in paths if any(fnmatch(p.name, pattern) for pattern in log.files)]


def columns_of(log: AnyLog) -> list[str]:
    """Return the columns a log needs, each once."""
    found: list[str | None] = []
    if isinstance(log, SampleLog):
        found += [log.time.column, *log.signals.values(), log.value, log.cycle]
        found += [log.signal.column if log.signal else None, *(r.column for r in log.states)]
        named = log.resource
    else:
        named = log.machine
        found += [log.unit, log.product.column if log.product else None]
        found += [log.result.column if log.result else None]
    if isinstance(log, CycleLog):
        found += [log.start.column, log.end.column if log.end else None, log.duration_s]
    if isinstance(log, EventLog):
        found += [log.time.column, log.event, *log.pair]
    if not isinstance(named, str):
        found.append(named.column)
    return list(dict.fromkeys(c for c in found if c is not None))


def read_log(path: Path, log: AnyLog, report: Report) -> pd.DataFrame:
    """Return the columns of one file that a log needs.

    Raises
    ------
    RunError
        The file cannot be read, is empty, or lacks columns; all missing columns are named.
    """
    where = shown_path(path)
    try:
        whole = _parquet(path) if path.suffix.lower() in {".parquet", ".pq"} else _text(path, log)
    except (OSError, UnicodeError, ValueError, pa.ArrowException, csv.Error) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RunError(
            Problem(where, f"cannot be read ({first}).", "Check 'read' in the mapping.")
        ) from error
    whole.columns = pd.Index([str(c).strip() for c in whole.columns])
    wanted = columns_of(log)
    missing = [c for c in wanted if c.strip() not in whole.columns]
    if missing:
        known = [str(c) for c in whole.columns if c and not c.startswith("Unnamed:")]
        raise RunError(
            Problem(
                where,
                f"has no column '{name}'{nearest(name, known)}.",
                f"Columns are {', '.join(known[:40])}.",
            )
            for name in missing
        )
    if whole.empty:
        raise RunError(Problem(where, "holds no rows.", "Give a log with rows."))
    report.read += len(whole)
    kept = whole[[c.strip() for c in wanted]].copy()
    empty = kept.isna().all(axis=1)
    report.note(path.name, int(empty.sum()), "{n} empty rows were left out.")
    return kept[~empty].reset_index(drop=True)


def _parquet(path: Path) -> pd.DataFrame:
    frame: pd.DataFrame = pq.read_table(path).to_pandas()
    return frame


def _text(path: Path, log: AnyLog) -> pd.DataFrame:
    """Read a text file as text: numbers and times are made of it later, and what fails is told."""
    separator = log.read.separator or _separator(path, log.read)
    frame: pd.DataFrame = pd.read_csv(
        path, sep=separator, dtype=str, encoding=log.read.encoding, skipinitialspace=True,
        on_bad_lines="error", keep_default_na=True, encoding_errors="strict",
    )  # fmt: skip
    return pd.DataFrame({name: frame[name].str.strip() for name in frame})


def _separator(path: Path, reading: Reading) -> str:
    with path.open(encoding=reading.encoding, newline="") as file:
        head = "".join(line for line, _ in zip(file, range(_SNIFFED), strict=False))
    try:
        return csv.Sniffer().sniff(head, _SEPARATORS).delimiter
    except csv.Error:
        counts = {mark: head.count(mark) for mark in _SEPARATORS}
        return max(counts, key=lambda mark: counts[mark])
