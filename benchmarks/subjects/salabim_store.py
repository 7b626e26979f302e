"""salabim: one component per machine and ``salabim.Store`` for every buffer, monitors on."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
import salabim

from benchmarks.draws import exponential
from benchmarks.model import Line, Outcome, Queue

Steps = Generator[Any, Any, None]


class Part(salabim.Component):
    """A unit; it does nothing by itself."""


class Source(salabim.Component):
    """Puts a part whenever there is room, after `wait()` if there is an interval."""

    def setup(self, place: salabim.Store, wait: Callable[[], float] | None) -> None:
        """Know its place."""
        self.place, self.wait_s = place, wait

    def process(self) -> Steps:
        """Bring parts."""
        while True:
            if self.wait_s is not None:
                yield self.hold(self.wait_s())
            yield self.to_store(self.place, Part())


class Machine(salabim.Component):
    """Takes a part, works, breaks down while it works, and puts the part."""

    def setup(self, model: Line | Queue, k: int, ends: tuple[Any, Any]) -> None:
        """Know its places and what to draw."""
        self.before, self.after = ends
        self.draw = exponential(model.mean_s, model.seed, k)
        self.mtbf_s = model.mtbf_s if isinstance(model, Line) else None
        self.gap = exponential(self.mtbf_s or 1.0, model.seed, k, 1)
        self.repair = exponential(model.mttr_s if isinstance(model, Line) else 1, model.seed, k, 2)
        self.until_failure = self.gap()
        self.visits = 0
        self.left: list[float] = []
        self.stays: list[float] = []

    def process(self) -> Steps:
        """Work on parts."""
        while True:
            yield self.from_store(self.before)
            part = self.from_store_item()
            left_s = self.draw()
            while self.mtbf_s is not None and self.until_failure < left_s:
                yield self.hold(self.until_failure)
                left_s -= self.until_failure
                yield self.hold(self.repair())
                self.until_failure = self.gap()
            yield self.hold(left_s)
            self.until_failure -= left_s
            self.visits += 1
            yield self.to_store(self.after, part)
            self.left.append(self.env.now())
            self.stays.append(self.env.now() - part.creation_time())


def line(model: Line, folder: Path) -> Outcome:  # noqa: ARG001
    """Simulate a line."""
    env = salabim.Environment(trace=False, random_seed=model.seed, yieldless=False)
    places = [salabim.Store(f"b{k}", capacity=model.capacity) for k in range(model.stations)]
    places.append(salabim.Store("out"))
    machines = [
        Machine(f"s{k + 1}", model=model, k=k, ends=(places[k], places[k + 1]))
        for k in range(model.stations)
    ]
    Source("source", place=places[0], wait=None)
    env.run(model.horizon_s)
    visits = sum(machine.visits for machine in machines)
    return Outcome(visits, lambda: np.asarray(machines[-1].left))


def queue(model: Queue, folder: Path) -> Outcome:  # noqa: ARG001
    """Simulate a queue."""
    env = salabim.Environment(trace=False, random_seed=model.seed, yieldless=False)
    waiting, out = salabim.Store("waiting"), salabim.Store("out")
    machine = Machine("machine", model=model, k=1, ends=(waiting, out))
    Source("source", place=waiting, wait=exponential(model.interval_s, model.seed, 0))
    env.run(model.horizon_s)
    return Outcome(machine.visits, lambda: np.asarray(machine.stays))
