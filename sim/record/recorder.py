"""The recorder: collects the logs of all behaviours and writes the tables of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, cast

import numpy as np
import pyarrow as pa

from sim.errors import InvariantBroken
from sim.record import gather
from sim.record.alarms import Alarms
from sim.record.columns import Columns
from sim.record.legs import LegLog
from sim.record.log import CycleLog, LevelLog, Log, StateLog
from sim.record.mode import MODES
from sim.record.result import RESULTS
from sim.record.typed import TypedLog
from twin.run.tables import TABLES
from twin.run.writer import RunWriter

FLAT = ("moves", "alarms", "lot_products", "orders")
"""Tables that are noted row by row."""

UNITS = ("time_s", "event", "lot", "unit", "of", "item", "n", "parent", "station")
"""What is noted of units: a row of the table stands for each of the `of` units from `unit` on."""


class CycleReader(Protocol):
    """Something that looks at the cycles when they are written."""

    def read(self, lots: np.ndarray, start_s: np.ndarray) -> None:
        """See which lots have been worked on, and since when."""

    def flush(self, *, final: bool) -> None:
        """Note what has become known; everything, at the end of the run."""


class Settling(Protocol):
    """A log that can take in what it has noted lately."""

    def settle(self) -> None:
        """Keep the rows so far as arrays."""


class BlockSource(Protocol):
    """Something that has whole columns ready at a flush."""

    def flush(self, now: float, *, final: bool) -> Iterator[tuple[str, Columns]]:
        """Return (table, columns) of what is complete; everything, at the end of the run.

        Texts are given as their numbers in `Recorder.names`.
        """


class Names(dict[str, int]):
    """Texts of the flat tables as numbers: ``names[text]``, the same every time."""

    def __missing__(self, text: str) -> int:
        """Give a new text the next number."""
        self[text] = len(self)
        return self[text]

    def number(self, text: str) -> int:
        """Return the number of a text, the same every time."""
        return self[text]

    def texts(self, numbers: np.ndarray) -> pa.DictionaryArray:
        """Return the texts of numbers."""
        return coded([*self], numbers)


_TEXTS = {
    name: [k for k, column in enumerate(table.columns) if column.type == "text"]
    for name, table in TABLES.items()
}
"""Positions of the text columns of every table."""


class Recorder:
    """Notes everything that happens and writes it in time order at every flush.

    Parameters
    ----------
    writer : RunWriter, optional
        The open run folder; may be given later, before the first flush.
    """

    _writer: RunWriter

    def __init__(self, writer: RunWriter | None = None) -> None:
        if writer is not None:
            self._writer = writer
        self.names = Names()
        self._states: list[StateLog] = []
        self._levels: list[LevelLog] = []
        self._cycles: list[CycleLog] = []
        self._flat = {name: Log(len(TABLES[name].columns)) for name in FLAT}
        self.legs = LegLog(self._flat["moves"], self.names.number("agv"))
        self.add_move = self._flat["moves"].add
        """Takes the columns of ``moves`` of one leg, texts as their numbers in `names`."""
        self._units = TypedLog("dqqqqqqqq")
        self.add_units: Callable[[Iterable[float]], None] = self._units.add
        """Takes the numbers `UNITS`, texts as their numbers in `names`."""
        self.alarms = Alarms(self.row)
        self._sources: list[BlockSource] = []
        self._readers: list[CycleReader] = []

    def write_to(self, writer: RunWriter) -> None:
        """Write to this run folder from now on."""
        self._writer = writer

    def states(self, resource: str, kind: str, *, also: tuple[str, str] | None = None) -> StateLog:
        """Open the log of a resource's states."""
        self._states.append(StateLog(resource, kind, also=also))
        return self._states[-1]

    def levels(self, place: str) -> LevelLog:
        """Open the log of a place's level."""
        self._levels.append(LevelLog(place))
        return self._levels[-1]

    def cycles(self, station: str, machine: str) -> CycleLog:
        """Open the log of a machine's cycles."""
        self._cycles.append(CycleLog(station, machine))
        return self._cycles[-1]

    def row(self, table: str, *values: float | str) -> None:
        """Note one row of a table of `FLAT`, column by column."""
        names, row = self.names, list(values)
        for k in _TEXTS[table]:
            row[k] = names[row[k]]  # type: ignore[index]
        self._flat[table].add(row)  # type: ignore[arg-type]

    def add_block_source(self, source: BlockSource) -> None:
        """Ask `source` for its columns at every flush."""
        self._sources.append(source)

    def add_cycle_reader(self, reader: CycleReader) -> None:
        """Show the cycles to `reader` at every flush."""
        self._readers.append(reader)

    def settle(self) -> None:
        """Take in what has been noted lately; called often between two flushes."""
        for logs in (self._cycles, self._levels, self._states, [self._units]):
            for log in cast("Sequence[Settling]", logs):
                log.settle()

    def flush(self, now_s: float, *, final: bool = False) -> None:
        """Write everything that is complete and close the parts."""
        self._write_blocks(now_s, final=final)
        if final:
            self.alarms.end(now_s)
        self._write_states()
        self._write_levels(now_s)
        self._write_cycles()
        for reader in self._readers:
            reader.flush(final=final)
        self._write_units()
        for table in self._flat:
            self._write_flat(table)
        self._writer.flush(now_s)

    def close_states(self, now_s: float) -> None:
        """End all open state intervals."""
        for log in self._states:
            log.close(now_s)

    def _write_states(self) -> None:
        rows = gather.states(self._states).by_time("end_s")
        ids, kinds = [], []
        for log in self._states:
            ids += [log.resource, log.also[0] if log.also else ""]
            kinds += [log.kind, log.also[1] if log.also else ""]
        mode = rows.columns.pop("mode")
        self._writer.append(
            "states",
            {
                "resource": coded(ids, rows.owner),
                "kind": coded(kinds, rows.owner),
                "state": coded([state for state, _ in MODES], mode),
                "reason": coded([reason for _, reason in MODES], mode),
                **rows.columns,
            },
        )

    def _write_levels(self, now_s: float) -> None:
        rows = gather.levels(self._levels).by_time("time_s")
        times = rows.columns["time_s"]
        if len(times) and times[-1] > now_s:
            raise InvariantBroken("nothing_from_the_future", f"a level is noted at {times[-1]} s")
        place = coded([log.place for log in self._levels], rows.owner)
        self._writer.append("levels", {"place": place, **rows.columns})

    def _write_cycles(self) -> None:
        rows = gather.cycles(self._cycles).by_time("end_s")
        for reader in self._readers:
            reader.read(rows.columns["lot"], rows.columns["start_s"])
        result = coded(RESULTS, rows.columns.pop("result"))
        self._writer.append(
            "cycles",
            {
                "station": coded([log.station for log in self._cycles], rows.owner),
                "machine": coded([log.machine for log in self._cycles], rows.owner),
                "result": result,
                **rows.columns,
            },
        )

    def _write_units(self) -> None:
        columns = gather.runs(dict(zip(UNITS, self._units.take(), strict=True)), "unit", "of")
        for name in ("event", "item", "station"):
            columns[name] = self.names.texts(columns[name])
        self._writer.append("units", columns)

    def _write_flat(self, table: str) -> None:
        rows = self.legs.take() if table == "moves" else self._flat[table].take()
        columns = TABLES[table].columns
        self._writer.append(
            table,
            {
                c.name: self.names.texts(rows[:, k]) if c.type == "text" else rows[:, k]
                for k, c in enumerate(columns)
            },
        )

    def _write_blocks(self, now_s: float, *, final: bool) -> None:
        blocks: dict[str, list[Columns]] = {}
        for source in self._sources:
            for table, columns in source.flush(now_s, final=final):
                blocks.setdefault(table, []).append(columns)
        for table, parts in blocks.items():
            joined = {
                c.name: np.concatenate([p[c.name] for p in parts]) for c in TABLES[table].columns
            }
            self._writer.append(
                table,
                {
                    c.name: self.names.texts(joined[c.name]) if c.type == "text" else joined[c.name]
                    for c in TABLES[table].columns
                },
            )


def coded(texts: Sequence[str], numbers: np.ndarray) -> pa.DictionaryArray:
    """Return ``texts[number]`` for all numbers as a dictionary of the texts that occur."""
    index = numbers.astype(np.int32, copy=False)
    used = np.flatnonzero(np.bincount(index, minlength=len(texts))).tolist()
    occurring = list(dict.fromkeys(texts[k] for k in used))
    position = {text: k for k, text in enumerate(occurring)}
    codes = np.zeros(max(len(texts), 1), dtype=np.int32)
    codes[used] = [position[texts[k]] for k in used]
    return pa.DictionaryArray.from_arrays(codes.take(index), pa.array(occurring, type=pa.string()))
