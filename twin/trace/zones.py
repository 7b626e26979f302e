# ruff: noqa: S608 - queries are made of column names and numbers only
"""Which parts of a table hold a number, so that a trace reads few of them.

A number is in few parts. The index of a column lists every pair of number and part, sorted by
number; of units, every pair of a block of 64 and part. Rows about more units than that (sheets) are
told by zones instead: for every part and every place (station, event) the smallest and the largest
unit. The index of a big run is kept in ``RUN/index``; it follows from the tables and can be deleted
at any time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from twin.run.run import Run

FOLDER = "index"
FEW_PARTS = 48
FEW_ROWS = 2_000_000
"""A table with no more parts and rows is read as a whole: faster than making an index."""

UNIT = "unit"
WIDE = "wide"
BLOCK = 6
"""Bits of a unit's number within its block."""
PART_BITS = 20
"""Bits of the part in a pair; a pair is the number, shifted, and the part."""
_NAME = "parse_filename(filename)"
_GROUPS = {"units": "event || station", "cycles": "station"}
_MORE = {
    "units": "CASE WHEN event = 'joined' THEN 0 ELSE greatest(n, 1) - 1 END",
    "cycles": "greatest(n, 1) - 1",
}
"""Units a row is about, beside the first; the `n` of a joined row counts components."""


class Zones:
    """Where the numbers of one table of a run are.

    Parameters
    ----------
    run : Run
    table : str
        ``units``, ``cycles`` or ``levels``.
    """

    def __init__(self, run: Run, table: str) -> None:
        self._run = run
        self._table = table
        self._parts = run.parts(table)
        few = len(self._parts) <= FEW_PARTS and run.manifest.rows.get(table, 0) <= FEW_ROWS
        self._whole = few

    def parts(self, numbers: Mapping[str, Iterable[int]]) -> list[Path]:
        """Return the parts that may hold one of the numbers in its column, in order."""
        if self._whole:
            return self._parts
        found = np.zeros(len(self._parts), dtype=bool)
        for column, wanted in numbers.items():
            values = np.array(sorted(set(wanted)), dtype=np.int64)
            if column == UNIT:
                found[self._of(column, np.unique(values >> BLOCK))] = True
                found[self._of_wide(values)] = True
            else:
                found[self._of(column, values)] = True
        return [part for part, chosen in zip(self._parts, found, strict=True) if chosen]

    def _of_wide(self, values: np.ndarray) -> np.ndarray:
        """Return which parts have a zone of wide rows with one of the units in it."""
        low, high, part = self._index(WIDE).T
        inside = np.searchsorted(values, low, "left") < np.searchsorted(values, high, "right")
        return np.asarray(part[inside])

    def _of(self, column: str, values: np.ndarray) -> np.ndarray:
        """Return which parts one of the numbers is in."""
        pairs = self._index(column)
        first = np.searchsorted(pairs, values << PART_BITS)
        after = np.searchsorted(pairs, (values + 1) << PART_BITS)
        rows = [pairs[a:b] for a, b in zip(first.tolist(), after.tolist(), strict=True)]
        return np.concatenate([np.empty(0, dtype=np.int64), *rows]) & ((1 << PART_BITS) - 1)

    def _index(self, column: str) -> np.ndarray:
        """Return the index of a column, made anew where the run has grown since."""
        names = ",".join(part.name for part in self._parts).encode()
        stem = f"{self._table}_{column}"
        mark = hashlib.blake2b(names, digest_size=8).hexdigest()
        path = self._run.folder / FOLDER / f"{stem}-{mark}.npy"
        if not path.is_file():
            made = self._wide() if column == WIDE else self._pairs(column)
            if not _kept(made, path, stem):
                return made
        return np.asarray(np.load(path, mmap_mode="r"))

    def _pairs(self, column: str) -> np.ndarray:
        """Return every pair of number and part as one number, sorted."""
        if column == UNIT:
            more = _MORE[self._table]
            small = f"FROM rows WHERE unit >= 0 AND {more} >> {BLOCK} = 0"
            query = (
                "SELECT DISTINCT number, name FROM ("
                f"SELECT unit >> {BLOCK} AS number, {_NAME} AS name {small} UNION ALL"
                f" SELECT (unit + {more}) >> {BLOCK} AS number, {_NAME} AS name {small})"
            )
        else:
            query = (
                f"SELECT DISTINCT {column} AS number, {_NAME} AS name FROM rows WHERE {column} >= 0"
            )
        rows = self._run.read(self._parts, query)
        pairs = (rows["number"].to_numpy() << PART_BITS) | self._numbered(rows["name"])
        return np.asarray(np.sort(pairs))

    def _wide(self) -> np.ndarray:
        """Return the zones of wide rows (n, 3): smallest unit, largest unit, part."""
        more = _MORE[self._table]
        rows = self._run.read(
            self._parts,
            f"SELECT {_NAME} AS name, min(unit) AS low, max(unit + {more}) AS high FROM rows"
            f" WHERE unit >= 0 AND {more} >> {BLOCK} > 0 GROUP BY {_NAME}, {_GROUPS[self._table]}",
        )
        low, high = (rows[name].to_numpy().astype(np.int64) for name in ("low", "high"))
        return np.stack([low, high, self._numbered(rows["name"])], axis=1)

    def _numbered(self, names: pa.ChunkedArray) -> np.ndarray:
        """Return the number of the part of every name."""
        known = {part.name: k for k, part in enumerate(self._parts)}
        coded = names.combine_chunks().dictionary_encode()
        code = [known[name] for name in coded.dictionary.to_pylist()]
        return np.asarray(np.array(code, dtype=np.int64)[coded.indices.to_numpy()])


def _kept(made: np.ndarray, path: Path, stem: str) -> bool:
    """Keep an index beside the run, instead of an older one; False where that cannot be."""
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(exist_ok=True)
        with temporary.open("wb") as file:
            np.save(file, made)
        os.replace(temporary, path)
        for old in path.parent.glob(f"{stem}-*.npy"):
            if old != path:
                old.unlink()
    except OSError:
        temporary.unlink(missing_ok=True)
        return False
    return True
