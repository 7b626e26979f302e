"""Serial lines of two to five stations against their exact Markov chain.

Exponential or Erlang service, blocking after service, an inexhaustible source and finite buffers:
the line is a finite Markov chain (`tests.support.theory.line`), first solved for balanced lines by
Hillier and Boling, Operations Research 15 (1967) 286. The capacity of a buffer counts the places
between two stations, without the units inside them.

Compared is the mean time between units leaving the line, which is 1 / throughput. Control
variates are the drawn service times of every station: their means are known.

Without any place between the stations (B = 0) a machine keeps its unit until the next one takes it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sim import simulate
from tests.support.comparison import Case, Comparison
from tests.support.plants import line
from tests.support.statistics import controlled
from tests.support.theory.line import Server, throughput
from tests.support.visits import visits

WARMUP = 500


def between_units(
    servers: list[Server], buffers: list[int], horizon_s: float, folder: Path
) -> Comparison:
    cycles = [
        {"mean_s": server.mean_s, "cv": server.stages**-0.5, "kind": "gamma"} for server in servers
    ]
    run = simulate(line([*cycles], horizon_s=horizon_s, capacity=buffers, seed=2), folder)
    own = [visits(run, f"s{i + 1}") for i in range(len(servers))]
    n = len(own[-1])
    gaps = np.diff(own[-1].end_s[WARMUP - 1 : n])
    controls = [
        (seen.duration_s[WARMUP:n], server.mean_s)
        for seen, server in zip(own, servers, strict=True)
    ]
    mean, half_width = controlled(gaps, controls)
    return Comparison(1 / throughput(servers, buffers), mean, half_width)


E = Server
LINES: dict[str, tuple[list[Server], list[int], float]] = {
    "2 balanced, B = 0": ([E()] * 2, [0], 80_000),
    "2 balanced, B = 1": ([E()] * 2, [1], 80_000),
    "2 balanced, B = 4": ([E()] * 2, [4], 80_000),
    "2 unbalanced (1/1.2, 1/0.9), B = 2": ([E(1 / 1.2), E(1 / 0.9)], [2], 80_000),
    "2 unbalanced (0.8, 1.2), B = 0": ([E(0.8), E(1.2)], [0], 80_000),
    "3 balanced, B = 0": ([E()] * 3, [0, 0], 80_000),
    "3 balanced, B = 1": ([E()] * 3, [1, 1], 80_000),
    "3 balanced, B = 4": ([E()] * 3, [4, 4], 80_000),
    "3 with a slow middle (1, 1.3, 1), B = 2, 3": ([E(), E(1.3), E()], [2, 3], 80_000),
    "3 Erlang-2, B = 1": ([E(1, 2)] * 3, [1, 1], 50_000),
    "3 mixed (exponential, Erlang-4, Erlang-2), B = 1, 2": (
        [E(0.9), E(1.0, 4), E(1.1, 2)], [1, 2], 50_000,
    ),
    "3 Erlang-2, unbalanced (0.9, 1, 1.2), B = 0": (
        [E(0.9, 2), E(1.0, 2), E(1.2, 2)], [0, 0], 100_000,
    ),
    "4 balanced, B = 0": ([E()] * 4, [0, 0, 0], 80_000),
    "4 Erlang-3, B = 0, 1, 0": ([E(1, 3)] * 4, [0, 1, 0], 50_000),
    "4 balanced, B = 1": ([E()] * 4, [1, 1, 1], 80_000),
    "4 bowl (1.1, 0.9, 0.9, 1.1), B = 2": ([E(1.1), E(0.9), E(0.9), E(1.1)], [2, 2, 2], 80_000),
    "5 balanced, B = 1": ([E()] * 5, [1, 1, 1, 1], 80_000),
    "5 rising (0.8 ... 1.2), B = 4, 3, 2, 1": (
        [E(0.8), E(0.9), E(1.0), E(1.1), E(1.2)], [4, 3, 2, 1], 80_000,
    ),
}  # fmt: skip

CASES: dict[str, Case] = {
    f"{name}: s between units": partial(between_units, *setting) for name, setting in LINES.items()
}


@pytest.mark.parametrize("name", CASES)
def test_throughput_is_exact(name: str, tmp_path: Path) -> None:
    CASES[name](tmp_path / "r").check()


def test_another_capacity_is_told_apart(tmp_path: Path) -> None:
    """One place more changes the throughput by more than the interval is wide."""
    seen = between_units([E()] * 2, [4], 80_000, tmp_path / "r")
    for wrong in (3, 5):
        other = 1 / throughput([E()] * 2, wrong)
        assert abs(seen.simulated - other) > 2 * seen.half_width


def test_a_wrong_service_time_is_noticed(tmp_path: Path) -> None:
    """Control variates cannot hide it: they would not agree with their mean."""
    slower = {"mean_s": 1.03, "cv": 1.0, "kind": "gamma"}
    seen = visits(simulate(line([slower], horizon_s=50_000, seed=2), tmp_path / "r"), "s1")
    with pytest.raises(AssertionError, match="off its known mean"):
        controlled(np.diff(seen.end_s), [(seen.duration_s[1:], 1.0)])
