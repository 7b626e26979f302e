"""A serial line of exponential stations: celltwin against idiomatic SimPy, in one process.

Both simulate the same line (buffers of 5 between stations, a source that never runs out) and both
write the same tables (cycles, states, levels) as Parquet.  Idiomatic SimPy is one process per
machine, ``simpy.Store`` for the buffers, rows collected in lists and written through pandas.

Run ``python -m benchmarks.line [stations] [units]``; times are CPU seconds of this process.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import simpy

from sim import simulate
from tests.support.plants import exponential, line

MEAN_S = 1.0
CAPACITY = 5


def celltwin(folder: Path, stations: int, horizon_s: float) -> int:
    """Simulate with the engine; return the visits."""
    run = simulate(
        line([exponential(MEAN_S)] * stations, horizon_s=horizon_s, capacity=CAPACITY), folder
    )
    return run.manifest.rows["cycles"]


class Records:
    """The tables of the idiomatic model, as lists of rows."""

    def __init__(self) -> None:
        self.cycles: list[tuple[Any, ...]] = []
        self.states: list[tuple[Any, ...]] = []
        self.levels: list[tuple[Any, ...]] = []

    def write(self, folder: Path) -> None:
        """Write the tables as Parquet."""
        folder.mkdir(parents=True, exist_ok=True)
        tables = {
            "cycles": (self.cycles, ["station", "unit", "start_s", "duration_s", "end_s"]),
            "states": (self.states, ["resource", "state", "start_s", "end_s"]),
            "levels": (self.levels, ["place", "time_s", "change", "level", "lot"]),
        }
        for name, (rows, columns) in tables.items():
            pd.DataFrame(rows, columns=columns).to_parquet(folder / f"{name}.parquet")


def machine(
    env: simpy.Environment,
    name: str,
    ends: tuple[simpy.Store, simpy.Store],
    *,
    draw: Callable[[], float],
    records: Records | None,
) -> Generator[simpy.Event, Any, None]:
    """One machine as a SimPy process."""
    before, after = ends
    while True:
        began = env.now
        unit = yield before.get()
        if records is not None:
            if env.now > began:
                records.states.append((name, "starved", began, env.now))
            records.levels.append((name, env.now, -1, len(before.items), unit))
        start = env.now
        duration = draw()
        yield env.timeout(duration)
        done = env.now
        if records is not None:
            records.cycles.append((name, unit, start, duration, done))
            records.states.append((name, "working", start, done))
        yield after.put(unit)
        if records is not None:
            records.levels.append((name, env.now, 1, len(after.items), unit))
            if env.now > done:
                records.states.append((name, "blocked", done, env.now))


def idiomatic(folder: Path, stations: int, horizon_s: float, *, record: bool) -> int:
    """Simulate with SimPy's stores and processes; return the visits."""
    env = simpy.Environment()
    records = Records() if record else None
    buffers = [simpy.Store(env, CAPACITY) for _ in range(stations)] + [simpy.Store(env)]
    visits = 0

    def draws(seed: int) -> Callable[[], float]:
        rng = np.random.default_rng(seed)

        def values() -> Generator[float, None, None]:
            nonlocal visits
            while True:
                for value in rng.exponential(MEAN_S, 512).tolist():
                    visits += 1
                    yield value

        return values().__next__

    def source() -> Generator[simpy.Event, Any, None]:
        unit = 0
        while True:
            yield buffers[0].put(unit)
            unit += 1

    env.process(source())
    for k in range(stations):
        ends = (buffers[k], buffers[k + 1])
        env.process(machine(env, f"s{k + 1}", ends, draw=draws(k), records=records))
    env.run(until=horizon_s)
    if records is not None:
        records.write(folder)
    return visits


def rate(work: Callable[[], int]) -> float:
    """Return the visits per CPU second."""
    begin = time.process_time()
    visits = work()
    return visits / (time.process_time() - begin)


def main(stations: int = 10, horizon_s: float = 40_000.0, repeats: int = 3) -> None:
    """Print the rates and their ratio, the best of `repeats` each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, plain, bare = [], [], []
        for k in range(repeats):
            ours.append(rate(lambda k=k: celltwin(folder / f"c{k}", stations, horizon_s)))
            plain.append(rate(lambda: idiomatic(folder / "s", stations, horizon_s, record=True)))
            bare.append(rate(lambda: idiomatic(folder / "s", stations, horizon_s, record=False)))
    print(f"celltwin, tables written:         {max(ours):10,.0f} visits/s")
    print(f"idiomatic SimPy, tables written:  {max(plain):10,.0f} visits/s")
    print(f"idiomatic SimPy, nothing noted:   {max(bare):10,.0f} visits/s")
    print(f"ratio with tables {max(ours) / max(plain):.2f}, without {max(ours) / max(bare):.2f}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
