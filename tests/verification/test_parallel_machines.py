"""Parallel machines with a common buffer, against M/M/c and M/M/c/K.

M/M/c: the mean wait is C(c, a) / (c mu - lambda) with Erlang's C (Erlang 1917). Units are served in
the order they came, and the time in the system is the wait and one service time.

Finite buffer, B places: a source does not lose lots. When the buffer is full its next lot waits
outside, and the next interval begins when that lot has found room. With exponential intervals the
number inside, counting the lot that waits outside, is the number in M/M/c/K with K = c + B + 1; so
lots come in at rate lambda (1 - p(K)), the throughput of that loss system. The chain is solved by
`tests.support.theory.markov`.

Control variates are the service times and, without a limit, the times between arrivals and the
share C(c, a) of units that wait; with a limit the drawn intervals are not in the run's tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.comparison import Case, Comparison
from tests.support.plants import exponential, line
from tests.support.statistics import controlled
from tests.support.theory.markov import throughput
from tests.support.theory.queue import erlang_c, mmc_wait_s
from tests.support.visits import Visits, visits
from twin.run.run import Run

WARMUP = 500


def machines(
    folder: Path, servers: int, service: Any, *, horizon_s: float, places: int = 10_000
) -> Run:
    options = {"machines": servers, "pitch_m": [1, 0]}
    return simulate(
        line([service], horizon_s=horizon_s, arrivals=exponential(1.0), first_capacity=places,
             station_options=options, seed=5),
        folder,
    )  # fmt: skip


def arrivals_of(run: Run, seen: Visits) -> np.ndarray:
    """Return when the lot of each visit arrived; visits are in the order of arrival."""
    arrived = run.sql("SELECT time_s FROM levels WHERE change = 1 ORDER BY lot")["time_s"]
    return arrived.to_numpy()[: len(seen)]


def time_in_system(servers: int, service_s: float, horizon_s: float, folder: Path) -> Comparison:
    run = machines(folder, servers, exponential(service_s), horizon_s=horizon_s)
    seen = visits(run, "s1")
    seen = by_lot(seen)
    arrived = arrivals_of(run, seen)
    controls = [
        (seen.duration_s[WARMUP:], service_s),
        (seen.duration_s[WARMUP:] ** 2, 2 * service_s**2),
        (np.diff(arrived)[WARMUP - 1 :], 1.0),
        ((seen.start_s - arrived > 1e-12)[WARMUP:], erlang_c(servers, service_s)),
    ]
    mean, half_width = controlled((seen.end_s - arrived)[WARMUP:], controls)
    return Comparison(service_s + mmc_wait_s(1.0, service_s, servers), mean, half_width)


def by_lot(seen: Visits) -> Visits:
    """Return the visits of lots 1, 2, ... as far as all of them are finished."""
    order = np.argsort(seen.lot, kind="stable")
    lots = seen.lot[order]
    whole = order[: int((lots == np.arange(1, len(lots) + 1)).sum())]
    return Visits(*(getattr(seen, f)[whole] for f in ("start_s", "duration_s", "end_s", "lot")))


def loss_system(servers: int, service_s: float, most: int) -> float:
    """Return the rate at which lots come into M/M/c/K."""

    def transitions(n: int) -> Iterator[tuple[int, float, float]]:
        if n < most:
            yield n + 1, 1.0, 1.0
        yield n - 1, min(n, servers) / service_s, 0.0

    return throughput(0, transitions)


def between_units(
    servers: int, service_s: float, places: int, horizon_s: float, folder: Path
) -> Comparison:
    run = machines(folder, servers, exponential(service_s), horizon_s=horizon_s, places=places)
    seen = visits(run, "s1")
    gaps = np.diff(np.sort(seen.end_s))[WARMUP:]
    mean, half_width = controlled(gaps, [(seen.duration_s[WARMUP + 1 :], service_s)])
    return Comparison(1 / loss_system(servers, service_s, servers + places + 1), mean, half_width)


CASES: dict[str, Case] = {
    "M/M/2, load 0.4: s in the system": partial(time_in_system, 2, 0.8, 300_000),
    "M/M/3, load 0.5: s in the system": partial(time_in_system, 3, 1.5, 300_000),
    "M/M/5, load 0.6: s in the system": partial(time_in_system, 5, 3.0, 300_000),
    "M/M/1/3, load 1.25, source waits: s between units": partial(
        between_units, 1, 1.25, 1, 250_000
    ),
    "M/M/2/5, load 1, source waits: s between units": partial(between_units, 2, 2.0, 2, 200_000),
    "M/M/3/6, load 0.8, source waits: s between units": partial(between_units, 3, 2.4, 2, 250_000),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_figure_is_exact(name: str, tmp_path: Path) -> None:
    CASES[name](tmp_path / "r").check()


def test_every_start_is_that_of_kiefer_and_wolfowitz(tmp_path: Path) -> None:
    """Each unit begins when it has come and the machine that is free first is free.

    Kiefer and Wolfowitz, Trans. Amer. Math. Soc. 78 (1955) 1.
    """
    run = machines(tmp_path / "r", 3, exponential(2.7), horizon_s=10_000)
    seen = by_lot(visits(run, "s1"))
    free = [0.0, 0.0, 0.0]
    for arrived, start, duration in zip(
        arrivals_of(run, seen), seen.start_s, seen.duration_s, strict=True
    ):
        first = free.index(min(free))
        assert start == pytest.approx(max(arrived, free[first]), abs=1e-7)
        free[first] = start + duration
    assert len(seen) > 9_000


def test_equal_machines_share_deterministic_work(tmp_path: Path) -> None:
    """Three machines of 3 s deliver a unit every second, and each every third."""
    options = {"machines": 3, "pitch_m": [1, 0]}
    run = simulate(line([3.0], horizon_s=300, station_options=options), tmp_path / "r")
    rows = run.table("cycles")
    assert rows.groupby("machine", observed=True)["unit"].count().tolist() == [99, 99, 99]
    np.testing.assert_allclose(np.sort(rows["end_s"]), np.repeat(3.0 * np.arange(1, 100), 3))
