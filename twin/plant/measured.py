"""Measured durations: values in a column of a CSV or Parquet file beside the plant file."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from twin.errors import nearest
from twin.plant.tree import Node, Problems, from_plain

MOST_VALUES = 200_000
SUFFIXES = (".csv", ".parquet")


def with_measured_values(root: Node, problems: Problems) -> Node:
    """Return the tree with the values of files written into the durations that name them.

    Parameters
    ----------
    root : Node
        An expanded plant.
    problems : Problems
        Receives files and columns that cannot be read.
    """
    return _Reader(problems).visit(root)


class _Unreadable(Exception):  # noqa: N818 - never leaves this module
    """Why a column cannot be used, and the remedy."""


class _Reader:
    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.known: dict[tuple[Path, str], list[float]] = {}

    def visit(self, node: Node) -> Node:
        if node.text("kind") in {"empirical", "trace"} and "file" in node.fields:
            return self.filled(node)
        return node.map_children(lambda _, child: self.visit(child))

    def filled(self, node: Node) -> Node:
        """Return a duration with the values of its file."""
        file, column = node.fields["file"], node.text("column")
        subject = f"{node.text('kind')} duration"
        if "values_s" in node.fields:
            what = "has both 'values_s' and 'file'."
            self.problems.add(file, what, "Remove one of them.", subject=subject)
        elif not isinstance(file.value, str):
            self.problems.add(file, "'file' must be a text.", subject=subject)
        elif not column:
            what = "'column' is missing: which column of the file holds the seconds?"
            self.problems.add(file, what, subject=subject)
        else:
            try:
                values = self.values(_beside(file), column)
            except _Unreadable as error:
                what, remedy = error.args
                self.problems.add(file, what, remedy, subject=subject)
            else:
                made = from_plain(values, file.where, file.line)
                cited = [Node(x.value, x.where, x.line, file.source, file.note) for x in made.items]
                return node.with_value({**node.fields, "values_s": made.with_value(cited)})
        nothing = from_plain([1.0], file.where, file.line)
        return node.with_value({"values_s": nothing, **node.fields})

    def values(self, path: Path, column: str) -> list[float]:
        """Return a column, read once."""
        key = (path, column)
        if key not in self.known:
            self.known[key] = _checked(path, _column(path, column))
        return self.known[key]


def _beside(file: Node) -> Path:
    """Return the path of a file named in another: relative to that one."""
    said = Path(str(file.value)).expanduser()
    written_in = Path(file.where.rpartition(":")[0])
    return said if said.is_absolute() or not written_in.is_file() else written_in.parent / said


def _column(path: Path, column: str) -> list[object]:
    if path.suffix.lower() not in SUFFIXES:
        raise _Unreadable(f"'{path.name}' is no .csv and no .parquet file.", "Convert it.")
    if not path.is_file():
        there = [p.name for p in path.parent.glob("*") if p.suffix.lower() in SUFFIXES]
        raise _Unreadable(f"'{path}': no such file{nearest(path.name, there)}.", "")
    if path.suffix.lower() == ".csv":
        return _csv_column(path, column)
    return _parquet_column(path, column)


def _csv_column(path: Path, column: str) -> list[object]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            _require(path, column, [*(rows.fieldnames or ())])
            return [row[column] for row in rows]
    except (UnicodeDecodeError, csv.Error) as error:
        raise _Unreadable(f"'{path.name}' cannot be read as CSV: {error}.", "") from None


def _parquet_column(path: Path, column: str) -> list[object]:
    import pyarrow as pa  # noqa: PLC0415 - slow to import, rarely needed
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        _require(path, column, pq.read_schema(path).names)
        values: list[object] = pq.read_table(path, columns=[column])[column].to_pylist()
    except (pa.ArrowInvalid, OSError) as error:
        first = str(error).splitlines()[0]
        raise _Unreadable(f"'{path.name}' cannot be read as Parquet: {first}.", "") from None
    return values


def _require(path: Path, column: str, known: list[str]) -> None:
    if column not in known:
        close = nearest(column, known)
        remedy = "" if close else f"It has: {', '.join(known[:12])}."
        raise _Unreadable(f"'{path.name}' has no column '{column}'{close}.", remedy)


def _checked(path: Path, values: list[object]) -> list[float]:
    if not values:
        raise _Unreadable(f"'{path.name}' holds no values.", "")
    if len(values) > MOST_VALUES:
        what = f"'{path.name}' holds {len(values):,} values, at most {MOST_VALUES:,} are read."
        raise _Unreadable(what, "Take a sample of them.")
    return [_seconds(path, k, value) for k, value in enumerate(values)]


def _seconds(path: Path, row: int, value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if math.isfinite(number) and number >= 0:
        return number
    what = f"'{path.name}', row {row + 1}: {value!r} is no time in seconds >= 0."
    raise _Unreadable(what, "Correct the row or leave it out.")
