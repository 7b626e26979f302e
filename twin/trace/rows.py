"""The rows of a run that concern some units or lots: as little as possible is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from twin.run.run import Run
from twin.trace.groups import JOINED, Groups
from twin.trace.zones import Zones


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
        self._tables: dict[str, tuple[Zones, Groups]] = {}

    def events(
        self,
        *,
        units: Iterable[int] = (),
        lots: Iterable[int] = (),
        parents: Iterable[int] = (),
        only: Sequence[str] = (),
    ) -> list[Event]:
        """Return the genealogy of units, of lots, and of what was made from `parents`.

        Parameters
        ----------
        units, lots, parents : iterable of int
        only : sequence of str, optional
            Kinds of event; all by default.
        """
        named = {"unit": units, "lot": lots, "parent": parents}
        return [Event(*row) for row in self._read("units", named, Event._fields, only)]

    def cycles(self, *, units: Iterable[int] = (), lots: Iterable[int] = ()) -> list[Cycle]:
        """Return the cycles of units, and all cycles of lots."""
        named = {"unit": units, "lot": lots}
        return [Cycle(*row) for row in self._read("cycles", named, Cycle._fields)]

    def lot_cycles(self, lots: Iterable[int]) -> list[Cycle]:
        """Return the cycles of lots: one for all units of a lot at a machine, with its scrap."""
        found: dict[tuple[int, str, str], list[Cycle]] = {}
        for cycle in self.cycles(lots=lots):
            found.setdefault((cycle.lot, cycle.station, cycle.machine), []).append(cycle)
        return sorted(map(_together, found.values()), key=lambda cycle: cycle.end_s)

    def levels(self, lots: Iterable[int]) -> list[Level]:
        """Return where lots came in and went out."""
        rows = self._read("levels", {"lot": lots}, Level._fields)
        return sorted((Level(*row) for row in rows), key=lambda row: row.time_s)

    def _read(
        self,
        table: str,
        numbers: Mapping[str, Iterable[int]],
        columns: Sequence[str],
        only: Sequence[str] = (),
    ) -> list[tuple[Any, ...]]:
        """Return the rows about one of the numbers of one of the columns, in their order."""
        sets = {column: np.array(sorted(set(some)), np.int64) for column, some in numbers.items()}
        wanted = {column: values for column, values in sets.items() if len(values)}
        if not wanted:
            return []
        if table not in self._tables:
            zones = Zones(self.run, table)
            self._tables[table] = zones, Groups(zones.parts)
        zones, groups = self._tables[table]
        made: list[tuple[Any, ...]] = []
        for group in groups.get(zones.groups(wanted)):
            at = group.about(wanted)
            made += group.rows(group.only(at, "event", only) if only else at, columns)
        return made


def _together(cycles: list[Cycle]) -> Cycle:
    """Return the cycles of a lot at a machine as one."""
    n_scrap = sum(c.n for c in cycles if c.result == "scrap")
    return cycles[0]._replace(
        unit=-1,
        start_s=min(c.start_s for c in cycles),
        duration_s=sum(c.duration_s for c in cycles),
        end_s=max(c.end_s for c in cycles),
        n=sum(c.n for c in cycles),
        result=f"{n_scrap} scrapped" if n_scrap else "ok",
    )
