# ruff: noqa: S608 - queries are made of column names and numbers only
"""The rows of a run that concern some units or lots: as few parts as possible are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from twin.run.run import Run
from twin.trace.zones import UNIT, Zones

JOINED = "joined"
MANY = 16
"""More spans of numbers than this are not written out as ranges."""


class Event(NamedTuple):
    """One row of ``units``."""

    time_s: float
    event: str
    lot: int
    unit: int
    item: str
    n: int
    parent: int
    station: str

    @property
    def units(self) -> range:
        """Numbers of the units it is about; none where the row stands for a whole lot.

        The `n` of a joined row counts the components, its unit is the product.
        """
        if self.unit < 0:
            return range(0)
        return range(self.unit, self.unit + (1 if self.event == JOINED else self.n))


class Cycle(NamedTuple):
    """One row of ``cycles``."""

    unit: int
    lot: int
    station: str
    machine: str
    start_s: float
    duration_s: float
    end_s: float
    n: int
    result: str


class Level(NamedTuple):
    """One row of ``levels``."""

    place: str
    time_s: float
    change: int
    level: int
    lot: int
    slot: int


class Rows:
    """Looks up rows by unit, lot and parent."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._zones: dict[str, Zones] = {}

    def events(
        self, *, units: Iterable[int] = (), lots: Iterable[int] = (), parents: Iterable[int] = ()
    ) -> list[Event]:
        """Return the genealogy of units, of lots, and of what was made from `parents`."""
        named = {"unit": [*units], "lot": [*lots], "parent": [*parents]}
        return [Event(*row) for row in self._read("units", named, Event._fields)]

    def cycles(self, *, units: Iterable[int] = (), lots: Iterable[int] = ()) -> list[Cycle]:
        """Return the cycles of units, and all cycles of lots."""
        named = {"unit": [*units], "lot": [*lots]}
        return [Cycle(*row) for row in self._read("cycles", named, Cycle._fields)]

    def lot_cycles(self, lots: Iterable[int]) -> list[Cycle]:
        """Return the cycles of lots: one for all units of a lot at a machine, with its scrap."""
        chosen = (
            "-1, lot, station, machine, min(start_s), sum(duration_s), max(end_s),"
            " CAST(sum(n) AS BIGINT), coalesce(CAST(sum(n) FILTER (result = 'scrap') AS BIGINT)"
            " || ' scrapped', 'ok')"
        )
        rows = self._read(
            "cycles", {"lot": [*lots]}, (chosen,), "GROUP BY lot, station, machine ORDER BY 7"
        )
        return [Cycle(*row) for row in rows]

    def levels(self, lots: Iterable[int]) -> list[Level]:
        """Return where lots came in and went out."""
        rows = self._read("levels", {"lot": [*lots]}, Level._fields)
        return sorted((Level(*row) for row in rows), key=lambda row: row.time_s)

    def _read(
        self, table: str, numbers: Mapping[str, list[int]], columns: Iterable[str], end: str = ""
    ) -> list[tuple[Any, ...]]:
        wanted = {column: found for column, found in numbers.items() if found}
        if not wanted:
            return []
        if table not in self._zones:
            self._zones[table] = Zones(self.run, table)
        parts = self._zones[table].parts(wanted)
        if not parts:
            return []
        where = " OR ".join(_condition(table, c, found) for c, found in wanted.items())
        query = f"SELECT {', '.join(columns)} FROM rows WHERE {where} {end}"
        made = self.run.read(parts, query)
        if len(spans_of(wanted.get(UNIT, ()))) > MANY:
            made = made.filter(pa.array(_concerned(made, wanted)))
        return [*zip(*(column.to_pylist() for column in made.columns), strict=True)]


def _condition(table: str, column: str, numbers: list[int]) -> str:
    """Return the SQL condition of rows about these numbers; units may be given as ranges.

    Of many units it is that of the whole range they lie in; `_concerned` has the last word then.
    """
    spans = spans_of(numbers)
    if len(spans) > MANY and column == UNIT:
        spans = [(spans[0][0], spans[-1][1])]
    if len(spans) > MANY:
        return f"{column} IN ({', '.join(map(str, numbers))})"
    return "(" + " OR ".join(_one(table, column, first, last) for first, last in spans) + ")"


def _concerned(made: pa.Table, wanted: Mapping[str, list[int]]) -> np.ndarray:
    """Return which rows are about one of the numbers of one of the columns."""
    found = np.zeros(len(made), dtype=bool)
    for column, numbers in wanted.items():
        values, have = np.unique(numbers), made[column].to_numpy()
        if column != UNIT:
            found |= np.isin(have, values)
            continue
        more = np.maximum(made["n"].to_numpy(), 1) - 1
        if "event" in made.column_names:
            more = np.where(np.array(made["event"].to_pylist()) == JOINED, 0, more)
        at = np.searchsorted(values, have)
        following = np.append(values, np.iinfo(np.int64).max)[at]
        found |= (have >= 0) & (following <= have + more)
    return found


def _one(table: str, column: str, first: int, last: int) -> str:
    if column != "unit":
        return f"{column} BETWEEN {first} AND {last}"
    within = f"unit BETWEEN {first} AND {last}"
    joined = f" AND event <> '{JOINED}'" if table == "units" else ""
    return f"({within} OR (n > 1 AND unit >= 0 AND unit < {first} AND unit + n > {first}{joined}))"


def spans_of(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return numbers as spans (first, last) without gaps."""
    spans: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return spans
