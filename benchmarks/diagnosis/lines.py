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
from twin.kpi.critical import Path, critical_path, work_shares
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


@dataclass(frozen=True)
class History:
    """When each part began, was finished and left, (parts, stations, lines)."""

    begin: Floats
    finish: Floats
    leave: Floats

    @classmethod
    def empty(cls, parts: int, n: int) -> History:
        """Return room for a run."""
        return cls(*(np.zeros((parts, STATIONS, n)) for _ in range(3)))


def run(
    service: Floats,
    buffers: np.ndarray[tuple[int, int], np.dtype[np.intp]],
    history: History | None = None,
) -> Log:
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
            here = finish = begin + service[k, :, i]
            if i < stations - 1:
                room = ring[(k - buffers[:, i] - 1) % depth, i + 1, rows]
                leave = np.maximum(here, np.where(k > buffers[:, i], room, 0.0))
                blocked[i] += leave - here
                here = leave
            last[i] = here
            if history is not None:
                history.begin[k, i], history.finish[k, i] = begin, finish
                history.leave[k, i] = here
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


def observed(lines: Lines) -> tuple[Log, Lines, Floats]:
    """Return the log of one run of every line, and what it says.

    That is the lines as estimated from it, and the share of each station's work in the critical
    path, (lines, stations).
    """
    drawn = draws(lines, PARTS, 1)
    history = History.empty(PARTS, lines.n)
    log = run(drawn.work + drawn.down, lines.buffers, history)
    shares = np.array([path_shares(history, drawn.work, k) for k in range(lines.n)])
    work, down = drawn.work.sum(axis=0), drawn.down.sum(axis=0)
    failures = np.maximum(drawn.failures.sum(axis=0), 1)
    seen = Lines(work / PARTS, work / failures, np.maximum(down / failures, 1e-6), lines.buffers)
    return Log(log.starved, log.blocked, work, down, log.length), seen, shares


def path_shares(history: History, work: Floats, line: int) -> list[float]:
    """Return the share of each station's work in the critical path, by `twin.kpi.critical`."""
    machines = {str(i): _path(history, work, line, i) for i in range(STATIONS)}
    end = float(history.leave[-1, -1, line])
    found = work_shares(machines, critical_path(machines, str(STATIONS - 1), 0.0, end))
    return [found.get(str(i), 0.0) for i in range(STATIONS)]


def _path(history: History, work: Floats, line: int, i: int) -> Path:
    begin, finish = history.begin[:, i, line], history.finish[:, i, line]
    leave, mine = history.leave[:, i, line], work[:, line, i]
    free = np.concatenate([[0.0], leave[:-1]])
    waits = [(a, b, False) for a, b in zip(free.tolist(), begin.tolist(), strict=True) if b > a]
    waits += [(a, b, True) for a, b in zip(finish.tolist(), leave.tolist(), strict=True) if b > a]
    done = np.cumsum(mine)
    return Path(
        str(i), begin.tolist(), finish.tolist(), sorted(waits),
        before=[str(i - 1)] if i else [],
        after=[str(i + 1)] if i < STATIONS - 1 else [],
        work_at=np.column_stack([begin, begin + mine, finish]).ravel(),
        work_s=np.column_stack([done - mine, done, done]).ravel(),
    )  # fmt: skip


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
    log, seen, shares = observed(lines)
    waiting = (log.starved + log.blocked) / log.length[:, None]
    chosen = {
        "critical path (celltwin)": np.argmax(shares, axis=1),
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
