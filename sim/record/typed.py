"""Logs of typed columns: rows noted as flat lists of numbers, read out as one array a column."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable

import numpy as np

Column = np.ndarray

SETTLE_VALUES = 512
"""Fewer numbers than this are not worth arrays of their own."""


class TypedLog:
    """Rows of numbers; `add` takes one or more whole rows.

    Parameters
    ----------
    codes : str
        One letter a column: ``d`` for floating-point, ``q`` for whole numbers.
    """

    __slots__ = ("_codes", "_settled", "_values", "add")

    def __init__(self, codes: str) -> None:
        self._codes = codes
        self._values: list[float] = []
        self._settled: list[Column] = []
        self.add: Callable[[Iterable[float]], None] = self._values.extend

    def __len__(self) -> int:
        """Return the number of rows noted."""
        width = len(self._codes)
        settled = sum(map(len, self._settled[::width])) if self._settled else 0
        return len(self._values) // width + settled

    def settle(self) -> None:
        """Turn the rows into arrays if they are many: soon, while they are in the cache.

        Thousands of scattered numbers cost several times as much to read a simulated hour later.
        """
        if len(self._values) >= SETTLE_VALUES:
            self._settled += self._to_columns()

    def take(self) -> list[Column]:
        """Return the columns so far and forget them."""
        columns = self._to_columns()
        if self._settled:
            width, blocks = len(self._codes), self._settled + columns
            columns = [np.concatenate(blocks[k::width]) for k in range(width)]
            self._settled.clear()
        return columns

    def _to_columns(self) -> list[Column]:
        values, width = self._values, len(self._codes)
        n = len(values) // width
        columns = [
            np.frombuffer(struct.pack(f"{n}{code}", *values[k::width]), dtype=code)
            for k, code in enumerate(self._codes)
        ]
        values.clear()
        return columns
