"""Which row groups of a table hold a number, so that a trace reads few of them.

A number is in few row groups. The index of a column lists every pair of number and group, sorted by
number; of units, every pair of a block of 64 and group. Rows about more units than that (sheets)
are told by zones instead: for every group and every place (station, event) the smallest and the
largest unit. The index of a big run is kept in ``RUN/index``; it follows from the tables and can be
deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from twin.run.run import Run
from twin.trace.groups import UNIT, Group, Wanted

FOLDER = "index"
FEW_ROWS = 200_000
"""The index of a table with no more rows is not kept: making it takes no longer than reading it."""

TABLES: Mapping[str, tuple[str, ...]] = {
    "units": ("lot", "parent", UNIT),
    "cycles": ("lot", UNIT),
    "levels": ("lot",),
}
"""Tables a trace looks into, with the columns it looks for."""
WIDE = "wide"
GROUPS = "groups"
BLOCK = 6
"""Bits of a unit's number within its block."""
GROUP_BITS = 24
"""Bits of the group in a pair; a pair is the number, shifted, and the group."""
_PLACE = {"units": ("event", "station"), "cycles": ("station",)}

Index = dict[str, np.ndarray]


class Zones:
    """Where the numbers of one table of a run are.

    Parameters
    ----------
    run : Run
    table : str
        ``units``, ``cycles`` or ``levels``.
    """

    def __init__(self, run: Run, table: str) -> None:
        self._table = table
        self._folder = run.folder / FOLDER
        self.parts = run.parts(table)
        self._kept = run.manifest.rows.get(table, 0) > FEW_ROWS
        self._mark = _mark(self.parts) if self._kept else ""
        self._made: Index = {}

    def groups(self, wanted: Wanted) -> list[tuple[int, int]]:
        """Return the row groups that may hold one of the numbers in its column, in order.

        Each is the number of its part, and its number within the part.
        """
        named = self.index(GROUPS)
        found = np.zeros(len(named), dtype=bool)
        for column, values in wanted.items():
            if column == UNIT:
                found[_of(self.index(UNIT), np.unique(values >> BLOCK))] = True
                found[_of_wide(self.index(WIDE), values)] = True
            else:
                found[_of(self.index(column), values)] = True
        return [(part, group) for part, group in named[found].tolist()]

    def index(self, column: str) -> np.ndarray:
        """Return the index of a column, made anew where the run has grown since."""
        if column not in self._made:
            path = self._path(column) if self._kept else None
            if path is not None and path.is_file():
                self._made[column] = np.asarray(np.load(path, mmap_mode="r"))
            else:
                self.make()
        return self._made[column]

    def make(self) -> None:
        """Make the index of every column, and keep it beside a big run."""
        self._made = _make(self._table, self.parts)
        if self._kept:
            for column, made in self._made.items():
                _keep(made, self._path(column), f"{self._table}_{column}")

    def is_kept(self) -> bool:
        """Whether the index is there already, or is not to be kept."""
        return not self._kept or self._path(GROUPS).is_file()

    def _path(self, column: str) -> Path:
        return self._folder / f"{self._table}_{column}-{self._mark}.npy"


def has_index(run: Run) -> bool:
    """Whether a trace finds the index of a run, or needs none to be kept."""
    return all(Zones(run, table).is_kept() for table in TABLES)


def make_index(run: Run) -> None:
    """Make the index of a run, where it is big and has none, so that no trace has to."""
    for table in TABLES:
        zones = Zones(run, table)
        if not zones.is_kept():
            zones.make()


def _mark(parts: list[Path]) -> str:
    """Return a mark of the parts of a table as they are now."""
    sizes = ",".join(f"{part.name}:{part.stat().st_size}" for part in parts)
    return hashlib.blake2b(sizes.encode(), digest_size=8).hexdigest()


def _of(pairs: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return which groups one of the numbers is in."""
    first = np.searchsorted(pairs, values << GROUP_BITS)
    after = np.searchsorted(pairs, (values + 1) << GROUP_BITS)
    rows = [pairs[a:b] for a, b in zip(first.tolist(), after.tolist(), strict=True)]
    return np.concatenate([np.empty(0, dtype=np.int64), *rows]) & ((1 << GROUP_BITS) - 1)


def _of_wide(zones: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return which groups have a zone of wide rows with one of the units in it."""
    low, high, group = zones.T
    inside = np.searchsorted(values, low, "left") < np.searchsorted(values, high, "right")
    return np.asarray(group[inside])


def _make(table: str, parts: list[Path]) -> Index:
    """Return the index of a table by column, and which part and group within it each group is."""
    made: dict[str, list[np.ndarray]] = {name: [] for name in TABLES[table]}
    wide: list[np.ndarray] = []
    named: list[tuple[int, int]] = []
    for part, within, group in _decoded(table, parts):
        number = len(named)
        named.append((part, within))
        for column in TABLES[table]:
            values = group.numbers(column)
            if column == UNIT:
                values, zones = _blocks(table, group)
                wide.append(np.append(zones, np.full((len(zones), 1), number), axis=1))
            made[column].append(_distinct(values[values >= 0]) << GROUP_BITS | number)
    empty = np.empty(0, dtype=np.int64)
    index = {name: np.sort(np.concatenate([empty, *pairs])) for name, pairs in made.items()}
    index[GROUPS] = np.array(named, dtype=np.int64).reshape(-1, 2)
    if UNIT in made:
        index[WIDE] = np.concatenate([empty.reshape(0, 3), *wide])
    return index


def _decoded(table: str, parts: list[Path]) -> Iterator[tuple[int, int, Group]]:
    columns = [*TABLES[table], *(("n", *_PLACE[table]) if UNIT in TABLES[table] else ())]
    for part, path in enumerate(parts):
        with pq.ParquetFile(path, memory_map=True) as file:
            for within in range(file.num_row_groups):
                yield part, within, Group(file.read_row_group(within, columns, use_threads=False))


def _blocks(table: str, group: Group) -> tuple[np.ndarray, np.ndarray]:
    """Return the blocks of units that narrow rows are about, and the zones (n, 2) of wide rows."""
    unit, more = group.numbers(UNIT), group.more()
    wide = (unit >= 0) & (more >> BLOCK > 0)
    narrow = (unit >= 0) & ~wide
    first, last = unit[narrow] >> BLOCK, (unit[narrow] + more[narrow]) >> BLOCK
    place = np.zeros(int(wide.sum()), dtype=np.int64)
    for column in _PLACE[table]:
        place = place * len(group.texts(column)) + group.numbers(column)[wide]
    places, at = np.unique(place, return_inverse=True)
    low = np.full(len(places), np.iinfo(np.int64).max)
    high = np.full(len(places), -1, dtype=np.int64)
    np.minimum.at(low, at, unit[wide])
    np.maximum.at(high, at, unit[wide] + more[wide])
    return np.concatenate([first, last[last != first]]), np.stack([low, high], axis=1)


def _distinct(values: np.ndarray) -> np.ndarray:
    """Return distinct values; equal ones mostly follow each other."""
    first = np.sort(_changes(values))  # np.unique hashes, which is slower here
    return _changes(first)


def _changes(values: np.ndarray) -> np.ndarray:
    """Return values without those equal to the one before."""
    return values[np.append(True, values[1:] != values[:-1])] if len(values) else values


def _keep(made: np.ndarray, path: Path, stem: str) -> None:
    """Keep an index beside the run, instead of an older one, where it can be written."""
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
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
