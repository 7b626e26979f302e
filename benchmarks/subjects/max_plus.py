"""The line without events: the recursion of departure times (max-plus algebra).

With blocking after service and B places in the buffer behind station i, unit k leaves it at

    D[i, k] = max( max(D[i, k-1], D[i-1, k]) + S[i, k],  D[i+1, k-B-1] ).

An operating-time breakdown lengthens the time at the machine, so S is the work plus the repairs
of the failures that fall into it: their number is Poisson, the sum of exponential repairs gamma.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.model import Floats, Line


def service_times(
    model: Line, rng: np.random.Generator, shape: tuple[int, int]
) -> Callable[[], Floats]:
    """Return a function that draws the times S, repairs included, of one more station."""

    def draw() -> Floats:
        work = rng.exponential(model.mean_s, shape)
        if model.mtbf_s is None:
            return work
        failures = rng.poisson(work / model.mtbf_s)
        return work + rng.standard_gamma(failures) * model.mttr_s

    return draw


def throughput_samples(model: Line, draw: Callable[[], Floats]) -> Floats:
    """Return the throughput of independent runs after a warm-up of a sixth of the units."""
    service = np.stack([draw() for _ in range(model.stations)], axis=1)
    units = len(service)
    first = units // 6
    times = [left[-1].copy() for left in departures(service, model.capacity)]
    return np.asarray((units - 1 - first) / (times[-1] - times[first]))


def departures(service: Floats, capacity: int) -> Iterator[Floats]:
    """Yield D[:, k] unit by unit; `service` is (units, stations, runs)."""
    stations, runs = service.shape[1:]
    depth = capacity + 1
    ring = np.zeros((depth, stations, runs))
    before = np.zeros((stations, runs))
    for k, work in enumerate(service):
        room = ring[k % depth]
        here = np.zeros(runs)
        now = np.empty((stations, runs))
        for i in range(stations):
            here = np.maximum(before[i], here) + work[i]
            if i + 1 < stations:
                here = np.maximum(here, room[i + 1])
            now[i] = here
        ring[k % depth] = before = now
        yield now
