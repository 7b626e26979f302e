"""Ciw: one node per machine, queues with a capacity, its own blocking and its own records.

A Ciw node needs arrivals: the first one gets a unit every `FEED` mean work times, more than the
line can take, into a queue of `PLACES`; what finds no room is turned away. Breakdowns are no
feature of Ciw, so repairs lengthen the work they fall into (which is the same in law).
"""

from __future__ import annotations

import math
from pathlib import Path

import ciw
import numpy as np

from benchmarks.draws import exponential
from benchmarks.model import Floats, Line, Outcome, Queue

FEED = 1.0
PLACES = 30


class Drawn(ciw.dists.Distribution):
    """Exponential times, drawn as for the other simulators."""

    def __init__(self, mean_s: float, *key: int) -> None:
        self.draw = exponential(mean_s, *key)

    def __deepcopy__(self, memo: dict[int, object]) -> Drawn:
        """Return itself: Ciw copies distributions, and each of these serves one run only."""
        return self

    def sample(self, t: float | None = None, ind: object = None) -> float:  # noqa: ARG002
        """Return the next time."""
        return self.draw()


class Work(Drawn):
    """Exponential work with the repairs of operating-time breakdowns."""

    def __init__(self, model: Line, k: int) -> None:
        super().__init__(model.mean_s, model.seed, k)
        self.gap = exponential(model.mtbf_s or 1.0, model.seed, k, 1)
        self.repair = exponential(model.mttr_s, model.seed, k, 2)
        self.until_failure = self.gap() if model.mtbf_s else math.inf

    def sample(self, t: float | None = None, ind: object = None) -> float:  # noqa: ARG002
        """Return the next time at the node."""
        left = total = self.draw()
        while self.until_failure < left:
            left -= self.until_failure
            total += self.repair()
            self.until_failure = self.gap()
        self.until_failure -= left
        return total


def line(model: Line, folder: Path) -> Outcome:  # noqa: ARG001
    """Simulate a line."""
    ciw.seed(model.seed)
    n = model.stations
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Deterministic(FEED * model.mean_s), *[None] * (n - 1)],
        service_distributions=[Work(model, k) for k in range(n)],
        routing=np.eye(n, k=1).tolist(),
        number_of_servers=[1] * n,
        queue_capacities=[PLACES, *[model.capacity] * (n - 1)],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(model.horizon_s)
    done = [r for r in simulation.get_all_records() if r.record_type == "service"]

    def left() -> Floats:
        return np.sort([r.exit_date for r in done if r.node == n])

    return Outcome(len(done), left)


def queue(model: Queue, folder: Path) -> Outcome:  # noqa: ARG001
    """Simulate a queue."""
    ciw.seed(model.seed)
    network = ciw.create_network(
        arrival_distributions=[Drawn(model.interval_s, model.seed, 0)],
        service_distributions=[Drawn(model.mean_s, model.seed, 1)],
        number_of_servers=[1],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(model.horizon_s)
    done = sorted(simulation.get_all_records(), key=lambda r: r.exit_date)
    return Outcome(len(done), lambda: np.array([r.exit_date - r.arrival_date for r in done]))
