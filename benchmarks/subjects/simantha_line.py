"""simantha: its own source, machines, buffers and sink, with its data collection on.

Its clock counts whole steps; a subclass gives machines continuous work times, which its event list
accepts. Its failures scrap the unit in work, so it has no case with breakdowns here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from simantha import Buffer, Machine, Sink, Source, System

from benchmarks.draws import exponential
from benchmarks.model import Line, Outcome


class DrawnMachine(Machine):
    """A machine whose work is drawn as for the other simulators."""

    def __init__(self, name: str, draw: Callable[[], float]) -> None:
        self.draw = draw
        super().__init__(name, cycle_time=1, initial_remaining_process=0)

    def get_cycle_time(self) -> float:
        """Return the next work time."""
        return self.draw()


def line(model: Line, folder: Path) -> Outcome:  # noqa: ARG001
    """Simulate a line."""
    n = model.stations
    source, sink = Source(), Sink()
    machines = [
        DrawnMachine(f"s{k + 1}", exponential(model.mean_s, model.seed, k)) for k in range(n)
    ]
    buffers = [Buffer(f"b{k}", capacity=model.capacity) for k in range(1, n)]
    chain: list[Any] = [source, machines[0]]
    for buffer, machine in zip(buffers, machines[1:], strict=True):
        chain += [buffer, machine]
    chain.append(sink)
    source.define_routing(downstream=[chain[1]])
    sink.define_routing(upstream=[chain[-2]])
    for before, asset, after in zip(chain, chain[1:], chain[2:], strict=False):
        asset.define_routing(upstream=[before], downstream=[after])
    System(chain).simulate(simulation_time=model.horizon_s, verbose=False)
    left = sink.level_data["time"][1:]
    return Outcome(sum(m.parts_made for m in machines), lambda: np.asarray(left, dtype=float))
