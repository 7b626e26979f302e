"""Columns of text become times, numbers and ids; what cannot be read is counted, not guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.errors import Problem, RunError
from twin.imports.mapping import NameColumn, Reading, TimeColumn
from twin.imports.report import Report

Floats = NDArray[np.float64]

_MOST_UNREADABLE = 0.5
"""Share of a time column that may be unreadable before the log is refused."""
_EPOCH = pd.Timestamp("1970-01-01", tz="UTC")


def times_s(frame: pd.DataFrame, said: TimeColumn, file: str, report: Report) -> Floats:
    """Return a column of times as seconds since 1970 (or since the start), NaN where unreadable.

    Raises
    ------
    RunError
        More than half of it cannot be read, or the time zone is unknown.
    """
    raw = frame[said.column.strip()]
    if said.format in {"epoch_s", "epoch_ms", "seconds"}:
        found = numbers(raw, Reading(), file, report, quiet=True)
        found = found / 1000.0 if said.format == "epoch_ms" else found
    else:
        found = _stamps(raw, said, file)
    bad = np.isnan(found)
    if bad.mean() > _MOST_UNREADABLE:
        example = raw[bad].iloc[0]
        raise RunError(
            Problem(
                file,
                f"column '{said.column}': {int(bad.sum()):,} of {len(raw):,} values are no times "
                f"in the format '{said.format}', e.g. '{example}'.",
                "Correct 'format' in the mapping.",
            )
        )
    report.note(
        file, int(bad.sum()), f"{{n}} rows without a readable time in '{said.column}' left out."
    )
    return found


def _stamps(raw: pd.Series, said: TimeColumn, file: str) -> Floats:
    pattern = "ISO8601" if said.format == "iso" else said.format
    try:
        stamps = pd.to_datetime(raw, format=pattern, errors="coerce")
        if stamps.dt.tz is None:
            stamps = stamps.dt.tz_localize(said.timezone, ambiguous="NaT", nonexistent="NaT")
    except (KeyError, ValueError) as error:
        if "time zone" not in str(error).lower() and not isinstance(error, KeyError):
            stamps = pd.to_datetime(raw, format=pattern, errors="coerce", utc=True)
        else:
            raise RunError(
                Problem(file, f"there is no time zone '{said.timezone}'.", "E.g. Europe/Berlin.")
            ) from error
    seconds = (stamps - _EPOCH).dt.total_seconds()
    return np.asarray(seconds, dtype=np.float64)


def numbers(
    raw: pd.Series, reading: Reading, file: str, report: Report, *, quiet: bool = False
) -> Floats:
    """Return a column of numbers, NaN where it holds none; decimal commas are understood."""
    if pd.api.types.is_bool_dtype(raw) or pd.api.types.is_numeric_dtype(raw):
        return raw.to_numpy(dtype=np.float64, na_value=np.nan)
    text = raw.astype("string")
    plain = pd.to_numeric(text, errors="coerce")
    comma = pd.to_numeric(_with_comma(text), errors="coerce")
    mark = reading.decimal
    if mark is None:
        mark = "," if comma.notna().sum() > plain.notna().sum() else "."
        if mark == "," and not quiet:
            report.commas[file] = report.commas.get(file, 0) + 1
    chosen = comma if mark == "," else plain
    unread = int((text.notna() & chosen.isna()).sum())
    if not quiet:
        report.note(file, unread, f"'{raw.name}': {{n}} values are no numbers and left out.")
    return chosen.to_numpy(dtype=np.float64, na_value=np.nan)


def _with_comma(text: pd.Series) -> pd.Series:
    return text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)


def ids(frame: pd.DataFrame, said: str | NameColumn, file: str, report: Report) -> pd.Series:
    """Return the id of every row; text that is no id is made one, and that is noted."""
    if isinstance(said, str):
        return pd.Series(said, index=frame.index, dtype="string")
    raw = frame[said.column.strip()].astype("string")
    made = {text: said.names.get(text, valid_id(text)) for text in raw.dropna().unique()}
    _refuse_same(made, said.column, file)
    changed = [text for text, name in made.items() if name != text and text not in said.names]
    report.note(
        file,
        len(changed),
        f"'{said.column}': {{n}} names were made ids, e.g. '{changed[0]}' -> '{made[changed[0]]}'."
        if changed
        else "",
    )
    return raw.map(made).astype("string")


def _refuse_same(made: Mapping[str, str], column: str, file: str) -> None:
    first: dict[str, str] = {}
    for text, name in made.items():
        if name in first and first[name].lower() != text.lower():
            raise RunError(
                Problem(
                    file,
                    f"column '{column}': '{first[name]}' and '{text}' would both become '{name}'.",
                    "Give each a name under 'names'.",
                )
            )
        first.setdefault(name, text)


def valid_id(text: str) -> str:
    """Return an id made of a text: letters, digits and underscores, no digit first."""
    made = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_") or "unnamed"
    return f"_{made}" if made[0].isdigit() else made
