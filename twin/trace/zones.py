# ruff: noqa: S608 - queries are made of column names and numbers only
"""Which parts of a table can hold a number, so that a trace reads few of them.

Rows are in the order of time, and what passes one place or station in an hour are numbers close
together. For every part and every place (station, event) a zone is the smallest and the largest
unit, lot and parent. The zones of a big run are kept in ``RUN/index``; they follow from the tables
and can be deleted at any time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from twin.run.run import Run

FOLDER = "index"
FEW_PARTS = 48
FEW_ROWS = 2_000_000
"""A table with no more parts and rows is read as a whole: faster than making an index."""

_LAST_UNIT = "CASE WHEN unit < 0 THEN NULL ELSE unit + greatest(n, 1) - 1 END"
_GROUPS = {
    "units": ("event || station", {"unit": _LAST_UNIT, "lot": "lot", "parent": "parent"}),
    "cycles": ("station", {"unit": _LAST_UNIT, "lot": "lot"}),
    "levels": ("place", {"lot": "lot"}),
}


class Zones:
    """The zones of one table of a run.

    Parameters
    ----------
    run : Run
    table : str
        ``units``, ``cycles`` or ``levels``.
    """

    def __init__(self, run: Run, table: str) -> None:
        self._parts = run.parts(table)
        few = len(self._parts) <= FEW_PARTS and run.manifest.rows.get(table, 0) <= FEW_ROWS
        self._zones = None if few else _indexed(run, table, self._parts)

    def parts(self, numbers: Mapping[str, Iterable[int]]) -> list[Path]:
        """Return the parts that may hold one of the numbers in its column, in order."""
        if self._zones is None:
            return self._parts
        names = self._zones["part"].combine_chunks()
        found = np.zeros(len(names.dictionary), dtype=bool)
        for column, wanted in numbers.items():
            values = np.array(sorted(set(wanted)), dtype=np.int64)
            low = self._zones[f"{column}_low"].to_numpy()
            high = self._zones[f"{column}_high"].to_numpy()
            inside = np.searchsorted(values, low, "left") < np.searchsorted(values, high, "right")
            found[names.indices.to_numpy()[inside]] = True
        chosen = set(names.dictionary.to_numpy(zero_copy_only=False)[found])
        return [part for part in self._parts if part.name in chosen]


def _indexed(run: Run, table: str, parts: list[Path]) -> pa.Table:
    """Return the zones, read from the run's index and completed by the parts it lacks."""
    path = run.folder / FOLDER / f"{table}.parquet"
    known = pq.read_table(path, read_dictionary=["part"]) if path.is_file() else None
    covered = set(known["part"].unique().to_pylist()) if known is not None else set()
    missing = [part for part in parts if part.name not in covered]
    if not missing:
        return known
    made = _zones(run, table, missing)
    whole = made if known is None else pa.concat_tables([known, made]).unify_dictionaries()
    _save(whole, path)
    return whole


def _zones(run: Run, table: str, parts: list[Path]) -> pa.Table:
    group, columns = _GROUPS[table]
    sums = ", ".join(
        f"coalesce(min({c}) FILTER ({c} >= 0), 0) AS {c}_low,"
        f" coalesce(max({last}) FILTER ({c} >= 0), -1) AS {c}_high"
        for c, last in columns.items()
    )
    made = run.read(
        parts, f"SELECT parse_filename(filename) AS part, {sums} FROM rows GROUP BY part, {group}"
    )
    return made.set_column(0, "part", made["part"].dictionary_encode())


def _save(zones: pa.Table, path: Path) -> None:
    """Keep the zones beside the run; a run that cannot be written to is traced without."""
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(exist_ok=True)
        pq.write_table(zones, temporary)
        os.replace(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
