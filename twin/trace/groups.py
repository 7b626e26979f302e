"""Row groups of a table: decoded once each, and asked for the rows about some numbers.

A row group is the least of a Parquet file that can be decoded by itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

JOINED = "joined"
UNIT = "unit"
FEW_VALUES = 4
"""Up to so many numbers are compared one by one."""
FEW_GROUPS = 3
"""Up to so many row groups are decoded without threads."""

Wanted = Mapping[str, np.ndarray]
"""Sorted numbers that are looked for, by column."""


class Group:
    """The decoded rows of one row group.

    Parameters
    ----------
    rows : pa.Table
        Its columns; texts are dictionaries.
    """

    def __init__(self, rows: pa.Table) -> None:
        self._arrays = {
            name: rows[name].chunk(0) if rows[name].num_chunks == 1 else rows[name].combine_chunks()
            for name in rows.column_names
        }

    def numbers(self, column: str) -> np.ndarray:
        """Return a column of numbers; of texts, which text of its dictionary."""
        array = self._arrays[column]
        if isinstance(array, pa.DictionaryArray):
            array = array.indices
        return np.asarray(array.to_numpy(zero_copy_only=False))

    def texts(self, column: str) -> list[str]:
        """Return the dictionary of a column of texts."""
        found: list[str] = self._arrays[column].dictionary.to_pylist()
        return found

    def more(self) -> np.ndarray:
        """Return how many units each row is about, beside the first.

        The `n` of a joined row counts components.
        """
        more = np.maximum(self.numbers("n").astype(np.int64), 1) - 1
        if "event" in self._arrays and JOINED in self.texts("event"):
            more[self.numbers("event") == self.texts("event").index(JOINED)] = 0
        return more

    def about(self, wanted: Wanted) -> np.ndarray:
        """Return the positions of the rows about one of the numbers of one of the columns."""
        found = np.zeros(len(self._arrays["lot"]), dtype=bool)
        for column, values in wanted.items():
            found |= self._units(values) if column == UNIT else _among(self.numbers(column), values)
        return np.flatnonzero(found)

    def _units(self, values: np.ndarray) -> np.ndarray:
        first, more = self.numbers(UNIT), self.more()
        following = np.append(values, np.iinfo(np.int64).max)[np.searchsorted(values, first)]
        return np.asarray((first >= 0) & (following <= first + more))

    def only(self, at: np.ndarray, column: str, texts: Iterable[str]) -> np.ndarray:
        """Return those of some positions whose row has one of these texts in a column."""
        known = self.texts(column)
        codes = [known.index(text) for text in texts if text in known]
        return np.asarray(at[np.isin(self.numbers(column)[at], codes)])

    def rows(self, at: np.ndarray, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return some rows, as plain values."""
        taken = []
        for column in columns:
            values = self.numbers(column)[at].tolist()
            if isinstance(self._arrays[column], pa.DictionaryArray):
                texts = self.texts(column)
                values = [texts[k] for k in values]
            taken.append(values)
        return [*zip(*taken, strict=True)]


def _among(have: np.ndarray, values: np.ndarray) -> np.ndarray:
    if len(values) > FEW_VALUES:
        return np.isin(have, values)
    found = np.zeros(len(have), dtype=bool)
    for value in values.tolist():
        found |= have == value
    return found


class Groups:
    """The row groups of the parts of one table, decoded when asked for and kept.

    Parameters
    ----------
    parts : sequence of Path
    """

    def __init__(self, parts: Sequence[Path]) -> None:
        self._parts = parts
        self._known: dict[tuple[int, int], Group] = {}

    def get(self, wanted: Iterable[tuple[int, int]]) -> list[Group]:
        """Return row groups, each named by the numbers of its part and of it within the part."""
        named = [*wanted]
        new = [name for name in named if name not in self._known]
        if len(new) > FEW_GROUPS:
            with ThreadPoolExecutor(min(os.cpu_count() or 1, len(new))) as pool:
                self._known.update(zip(new, pool.map(self._decode, new), strict=True))
        else:
            self._known.update((name, self._decode(name)) for name in new)
        return [self._known[name] for name in named]

    def _decode(self, name: tuple[int, int]) -> Group:
        with pq.ParquetFile(self._parts[name[0]], memory_map=True) as file:
            return Group(file.read_row_group(name[1], use_threads=False))
