"""What it costs to note things: the line with and without each kind of record."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from benchmarks.measure import rounds
from benchmarks.model import Line
from benchmarks.result import Figure, Result
from benchmarks.subjects.celltwin import line_scenario
from sim.build import build
from sim.core.timer import advance
from sim.core.world import World
from sim.initial import fill
from sim.record.log import CycleLog, LevelLog, StateLog
from sim.record.recorder import Recorder
from twin.plant.scenario import Scenario
from twin.run.writer import RunWriter

TITLE = "Records: what a row costs, on line A"

HORIZON_S = 40_000.0
TICKS = 200
FLUSH_S = 3600.0
ALL = frozenset({"cycles", "states", "levels", "units"})
PER_CYCLE_US = 0.1
PER_STATE_US = 0.3


def _ignore(row: Iterable[float]) -> None:
    """Take a row and forget it."""


class _ForgetfulStates(StateLog):
    """Knows the present state, which behaviours ask for, and forgets the past."""

    __slots__ = ()

    def enter(self, mode: int, now: float) -> None:  # noqa: ARG002
        """Enter a mode."""
        self.mode = mode


class _ForgetfulLevels(LevelLog):
    __slots__ = ()

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.add = _ignore


class _ForgetfulCycles(CycleLog):
    __slots__ = ()

    def __init__(self, station: str, machine: str) -> None:
        super().__init__(station, machine)
        self.add_plain = self.add_lot = _ignore


class ForgetfulRecorder(Recorder):
    """A recorder that discards some of its tables."""

    def __init__(self, writer: RunWriter, discarded: frozenset[str]) -> None:
        super().__init__(writer)
        self._discarded = discarded
        if "units" in discarded:
            self.add_units = _ignore

    def states(self, resource: str, kind: str, *, also: tuple[str, str] | None = None) -> StateLog:
        """Open the log of a resource's states."""
        if "states" in self._discarded:
            return _ForgetfulStates(resource, kind, also=also)
        return super().states(resource, kind, also=also)

    def levels(self, place: str) -> LevelLog:
        """Open the log of a place's level."""
        return _ForgetfulLevels(place) if "levels" in self._discarded else super().levels(place)

    def cycles(self, station: str, machine: str) -> CycleLog:
        """Open the log of a machine's cycles."""
        if "cycles" in self._discarded:
            return _ForgetfulCycles(station, machine)
        return super().cycles(station, machine)


def simulate_without(discarded: frozenset[str], scenario: Scenario, folder: Path) -> dict[str, int]:
    """Simulate and write all tables but `discarded`; return the rows written."""
    writer = RunWriter(folder, scenario)
    recorder = ForgetfulRecorder(writer, discarded)
    world = World(scenario.plant, scenario.seed, recorder)
    factory = build(scenario, world)
    fill(factory, scenario)
    factory.start()
    next_flush_s = FLUSH_S
    for tick in range(TICKS):
        advance(world.env, (tick + 1) * scenario.horizon_s / TICKS)
        recorder.settle()
        if world.env.now >= next_flush_s:
            recorder.flush(world.env.now)
            next_flush_s += FLUSH_S
    factory.end(world.env.now)
    recorder.close_states(world.env.now)
    recorder.flush(world.env.now, final=True)
    writer.close("complete", world.env.now)
    return dict(writer.manifest.rows)


def measure(size: float, repeat: int) -> Result:
    """Return the cost of a row of each table: the time that is saved by discarding the table."""
    scenario = line_scenario(Line(HORIZON_S * size))
    works = {
        name: partial(simulate_without, discarded, scenario)
        for name, discarded in (
            ("nothing", frozenset[str]()),
            *((table, frozenset({table})) for table in sorted(ALL)),
            ("everything", ALL),
        )
    }
    timings = rounds(works, max(repeat, 3), after=lambda rows: rows)
    complete = timings["nothing"]
    rows = complete.value()
    figures = []
    targets = {"cycles": PER_CYCLE_US, "states": PER_STATE_US}
    for table in sorted(ALL):
        saved_s = complete.best_s - timings[table].best_s
        figures.append(
            Figure(f"one row of {table}", saved_s / rows[table] * 1e6, "us", targets.get(table),
                   note=f"{rows[table]:,} rows")
        )  # fmt: skip
    share = 1 - timings["everything"].best_s / complete.best_s
    figures.append(Figure("all records, share of the run", 100 * share, "%"))
    return Result("records", TITLE, figures=tuple(figures))
