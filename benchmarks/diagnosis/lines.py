"""Bottlenecks of 150 random lines of four unreliable stations, against the exact order of gains.

Exponential work (mean 0.75 to 1.25), failures by working time (MTBF 15 to 60, MTTR 1 to 8), buffers
of 0 to 4, blocking after service, first station never starved, last never blocked. The truth is the
station whose work 2 % faster raises throughput most, by long runs with common random numbers: the
same failures and the same draws in every variant. Methods see the log of one run of 4,000 parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.diagnosis.streams import Floats
from twin.kpi.bottleneck import bottleneck
from twin.kpi.oee import Oee
from twin.kpi.station import StationKpis

STATIONS = 4
PARTS = 4000
FASTER = 0.98
SEED = 301


@dataclass(frozen=True)
class Lines:
    """Random lines; all arrays are (lines, stations), buffers one column less."""

    mean: Floats
    mtbf: Floats
    mttr: Floats
    buffers: np.ndarray[tuple[int, int], np.dtype[np.intp]]

    @property
    def n(self) -> int:
        """How many."""
        return len(self.mean)


def random_lines(n: int) -> Lines:
    """Return the lines of the board."""
    rng = np.random.default_rng(SEED)
    shape = (n, STATIONS)
    return Lines(
        rng.uniform(0.75, 1.25, shape), rng.uniform(15, 60, shape), rng.uniform(1, 8, shape),
        rng.integers(0, 5, (n, STATIONS - 1)),
    )  # fmt: skip


@dataclass(frozen=True)
class Draws:
    """Random numbers of one run: work, repair times and failures, (parts, lines, stations)."""

    work: Floats
    down: Floats
    failures: np.ndarray[tuple[int, int, int], np.dtype[np.int64]]


def draws(lines: Lines, parts: int, seed: int) -> Draws:
    """Draw work and repairs of every part at every station of every line.

    Failures come by working time, so their number in a part is Poisson and the sum of their
    exponential repairs gamma. Failures do not change where a station works faster: the gain is
    that of speed alone.
    """
    rng = np.random.default_rng((SEED, seed))
    work = rng.exponential(1.0, (parts, lines.n, STATIONS)) * lines.mean
    failures = rng.poisson(work / lines.mtbf)
    return Draws(work, rng.standard_gamma(failures) * lines.mttr, failures)


@dataclass(frozen=True)
class Log:
    """Times of one run in each state, (lines, stations), and the length of the run, (lines)."""

    starved: Floats
    blocked: Floats
    work: Floats
    down: Floats
    length: Floats


def run(service: Floats, buffers: np.ndarray[tuple[int, int], np.dtype[np.intp]]) -> Log:
    """Return waiting times and length of runs: the recursion of departure times.

    With B places behind station i, unit k leaves it at
    D[i, k] = max(max(D[i, k-1], D[i-1, k]) + S[i, k], D[i+1, k-B-1]).
    """
    parts, n, stations = service.shape
    depth = int(buffers.max()) + 2
    ring = np.zeros((depth, stations, n))
    last = np.zeros((stations, n))
    starved, blocked = np.zeros((stations, n)), np.zeros((stations, n))
    rows = np.arange(n)
    for k in range(parts):
        here = np.zeros(n)
        for i in range(stations):
            begin = np.maximum(last[i], here)
            starved[i] += begin - last[i]
            here = begin + service[k, :, i]
            if i < stations - 1:
                room = ring[(k - buffers[:, i] - 1) % depth, i + 1, rows]
                leave = np.maximum(here, np.where(k > buffers[:, i], room, 0.0))
                blocked[i] += leave - here
                here = leave
            last[i] = here
        ring[k % depth] = last
    zero = np.zeros((n, stations))
    return Log(starved.T, blocked.T, zero, zero, last[-1].copy())


def sensitivity(lines: Lines, parts: int, seed: int) -> Floats:
    """Return the gain in throughput by a station 2 % faster, (lines, stations)."""
    drawn = draws(lines, parts, seed)
    variants = [drawn.work + drawn.down]
    for i in range(STATIONS):
        scale = np.where(np.arange(STATIONS) == i, FASTER, 1.0)
        variants.append(drawn.work * scale + drawn.down)
    all_at_once = np.concatenate(variants, axis=1)
    length = run(all_at_once, np.tile(lines.buffers, (len(variants), 1))).length
    rates = (parts / length).reshape(len(variants), lines.n)
    return np.asarray((rates[1:] / rates[0] - 1.0).T)


def mean_sensitivity(lines: Lines, parts: int, runs: int, *, first_seed: int) -> Floats:
    """Return the mean gain over independent runs."""
    return np.asarray(
        np.mean([sensitivity(lines, parts, first_seed + k) for k in range(runs)], axis=0)
    )


def observed(lines: Lines) -> tuple[Log, Lines]:
    """Return the log of one run of every line, and the lines as estimated from it."""
    drawn = draws(lines, PARTS, 1)
    log = run(drawn.work + drawn.down, lines.buffers)
    work, down = drawn.work.sum(axis=0), drawn.down.sum(axis=0)
    failures = np.maximum(drawn.failures.sum(axis=0), 1)
    seen = Lines(work / PARTS, work / failures, np.maximum(down / failures, 1e-6), lines.buffers)
    return Log(log.starved, log.blocked, work, down, log.length), seen


def turning_point(log: Log) -> list[int]:
    """Return the bottleneck that the flags name, by `twin.kpi.bottleneck`."""
    return [_named(log, k) for k in range(len(log.length))]


def _named(log: Log, k: int) -> int:
    stations = {str(i): _kpis(log, k, i) for i in range(STATIONS)}
    found = bottleneck(stations)
    return -1 if found is None else int(found.station)


def _kpis(log: Log, k: int, i: int) -> StationKpis:
    length = float(log.length[k])
    losses: dict[str, float | None] = dict.fromkeys(
        ("waiting_transport", "waiting_worker", "waiting_robot"), 0.0
    )
    losses |= {"starved": float(log.starved[k, i]), "blocked": float(log.blocked[k, i])}
    result = Oee(None, None, None, None, None, length, length, None, losses, {})
    return StationKpis(
        None,
        PARTS,
        PARTS,
        0,
        None,
        None,
        None,
        None,
        None,
        result,
        {},
        0,
        None,
        None,
        0.0,
        {},
        None,
    )


@dataclass(frozen=True)
class Named:
    """How often a method names the true bottleneck, and what its choice gives away."""

    method: str
    top_1: float
    top_1_clear: float
    lost_gain: float


def bottleneck_scores(n: int, *, truth_parts: int, truth_runs: int) -> list[Named]:
    """Return the scores of all methods on `n` lines."""
    lines = random_lines(n)
    gain = mean_sensitivity(lines, truth_parts, truth_runs, first_seed=1000)
    log, seen = observed(lines)
    waiting = (log.starved + log.blocked) / log.length[:, None]
    chosen = {
        "turning point (celltwin)": np.array(turning_point(log)),
        "twin: 2 % faster, numbers from the log": np.argmax(
            mean_sensitivity(seen, truth_parts, max(1, truth_runs // 2), first_seed=5000), axis=1
        ),
        "least waiting": np.argmin(waiting, axis=1),
        "longest cycle, repairs left out": np.argmax(seen.mean, axis=1),
    }
    return list(_named_scores(chosen, gain))


def _named_scores(chosen: dict[str, Floats], gain: Floats) -> Iterator[Named]:
    ordered = np.sort(gain, axis=1)
    clear = ordered[:, -1] >= 1.5 * np.maximum(ordered[:, -2], 1e-9)
    rows = np.arange(len(gain))
    for method, choice in chosen.items():
        right = choice == np.argmax(gain, axis=1)
        got = gain[rows, choice]
        yield Named(
            method, float(right.mean()), float(right[clear].mean()),
            float(np.mean(1 - got / ordered[:, -1])),
        )  # fmt: skip
