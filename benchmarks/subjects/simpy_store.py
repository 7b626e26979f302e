"""Idiomatic SimPy: one process per machine and ``simpy.Store`` for every buffer."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import simpy

from benchmarks.draws import exponential
from benchmarks.model import Line, Outcome, Queue

Steps = Generator[simpy.Event, Any, None]

TABLES = {
    "cycles": ("station", "unit", "start_s", "duration_s", "end_s"),
    "states": ("resource", "state", "start_s", "end_s"),
    "levels": ("place", "time_s", "change", "level", "unit"),
}


@dataclass
class Records:
    """Rows of the tables, as a user would collect them."""

    cycles: list[tuple[Any, ...]] = field(default_factory=list)
    states: list[tuple[Any, ...]] = field(default_factory=list)
    levels: list[tuple[Any, ...]] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write the tables as Parquet."""
        folder.mkdir(parents=True)
        for name, columns in TABLES.items():
            frame = pd.DataFrame(getattr(self, name), columns=list(columns))
            frame.to_parquet(folder / f"{name}.parquet")


class Machine:
    """One machine: takes a unit, works, breaks down while it works, and puts the unit."""

    def __init__(
        self,
        env: simpy.Environment,
        model: Line,
        k: int,
        *,
        ends: tuple[simpy.Store, simpy.Store],
        records: Records | None,
    ) -> None:
        self.env = env
        self.name = f"s{k + 1}"
        self.before, self.after = ends
        self.draw = exponential(model.mean_s, model.seed, k)
        self.breaks = model.mtbf_s is not None
        self.gap = exponential(model.mtbf_s or 1.0, model.seed, k, 1)
        self.repair = exponential(model.mttr_s, model.seed, k, 2)
        self.until_failure = self.gap()
        self.records = records
        self.visits = 0
        self.left: list[float] = []
        env.process(self.run() if records is None else self.run_recorded(records))

    def run(self) -> Steps:
        """Work and note nothing but when units leave."""
        while True:
            unit = yield self.before.get()
            if self.breaks:
                yield from self.work(self.draw())
            else:
                yield self.env.timeout(self.draw())
            self.visits += 1
            yield self.after.put(unit)
            self.left.append(self.env.now)

    def run_recorded(self, records: Records) -> Steps:
        """Work and note cycles, states and levels."""
        env, name, before, after = self.env, self.name, self.before, self.after
        while True:
            began = env.now
            unit = yield before.get()
            if env.now > began:
                records.states.append((name, "starved", began, env.now))
            records.levels.append((name, env.now, -1, len(before.items), unit))
            start = env.now
            duration = self.draw()
            if self.breaks:
                yield from self.work(duration)
            else:
                yield env.timeout(duration)
                records.states.append((name, "working", start, env.now))
            self.visits += 1
            done = env.now
            records.cycles.append((name, unit, start, duration, done))
            yield after.put(unit)
            records.levels.append((name, env.now, 1, len(after.items), unit))
            if env.now > done:
                records.states.append((name, "blocked", done, env.now))
            self.left.append(env.now)

    def work(self, duration: float) -> Steps:
        """Work for `duration`, with the breakdowns that become due, and note the states."""
        env, records = self.env, self.records
        while True:
            start = env.now
            part = min(duration, self.until_failure)
            yield env.timeout(part)
            self.until_failure -= part
            duration -= part
            if records is not None:
                records.states.append((self.name, "working", start, env.now))
            if duration <= 0:
                return
            start = env.now
            yield env.timeout(self.repair())
            self.until_failure = self.gap()
            if records is not None:
                records.states.append((self.name, "down", start, env.now))


def line(model: Line, folder: Path) -> Outcome:
    """Simulate a line and write its tables."""
    return _line(model, folder)


def line_bare(model: Line, folder: Path) -> Outcome:  # noqa: ARG001
    """Simulate a line without records."""
    return _line(model, None)


def _line(model: Line, folder: Path | None) -> Outcome:
    env = simpy.Environment()
    records = None if folder is None else Records()
    buffers = [simpy.Store(env, model.capacity) for _ in range(model.stations)]
    places = [*buffers, simpy.Store(env)]
    machines = [
        Machine(env, model, k, ends=(places[k], places[k + 1]), records=records)
        for k in range(model.stations)
    ]

    def source() -> Steps:
        unit = 0
        while True:
            yield buffers[0].put(unit)
            unit += 1

    env.process(source())
    env.run(until=model.horizon_s)
    if records is not None and folder is not None:
        records.write(folder)
    visits = sum(machine.visits for machine in machines)
    return Outcome(visits, lambda: np.asarray(machines[-1].left))


def queue(model: Queue, folder: Path) -> Outcome:
    """Simulate a queue and write when every unit came, was begun and left."""
    rows: list[tuple[float, float, float]] = []
    outcome = _queue(model, rows.append)
    folder.mkdir(parents=True)
    frame = pd.DataFrame(rows, columns=["arrived_s", "start_s", "end_s"])
    frame.to_parquet(folder / "units.parquet")
    return outcome


def queue_bare(model: Queue, folder: Path) -> Outcome:  # noqa: ARG001
    """Simulate a queue and note the times in the system only."""
    return _queue(model, None)


def _queue(model: Queue, note: Callable[[tuple[float, float, float]], None] | None) -> Outcome:
    env = simpy.Environment()
    waiting = simpy.Store(env)
    interval = exponential(model.interval_s, model.seed, 0)
    service = exponential(model.mean_s, model.seed, 1)
    stays: list[float] = []

    def source() -> Steps:
        while True:
            yield env.timeout(interval())
            yield waiting.put(env.now)

    def machine() -> Steps:
        while True:
            arrived = yield waiting.get()
            start = env.now
            yield env.timeout(service())
            stays.append(env.now - arrived)
            if note is not None:
                note((arrived, start, env.now))

    env.process(source())
    env.process(machine())
    env.run(until=model.horizon_s)
    return Outcome(len(stays), lambda: np.asarray(stays))
