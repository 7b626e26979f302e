"""One machine with a large buffer in front of it, against queueing theory.

Exact: the wait of every unit is that of Lindley's recursion, Proc. Camb. Phil. Soc. 48 (1952) 277,

    W[k + 1] = max(W[k] + S[k] - A[k + 1], 0),

given the service times S and times between arrivals A that the engine drew.

In the mean, s the service time and rho the load: M/G/1 waits rho s (1 + cv^2) / 2 (1 - rho)
(Pollaczek 1930, Khinchine 1932; M/M/1 for cv = 1); D/M/1 waits sigma s / (1 - sigma), where
sigma = exp(-(1 - sigma) T / s) (Kleinrock, Queueing Systems I, 1975, section 6.4).

Compared is the mean time in the system, wait plus service. Control variates are the times between
arrivals, the service times, their squares, and for M/G/1 the share 1 - rho of units that find the
machine idle. (For the wait alone at a high load, half a per cent would take some ten million units;
there the recursion is the stronger proof.)
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.comparison import Case, Comparison
from tests.support.plants import exponential, line
from tests.support.statistics import controlled
from tests.support.theory.queue import dm1_wait_s, mg1_wait_s
from tests.support.visits import seconds_in, visits
from twin.run.run import Run

INTERVAL_S = 1.0
WARMUP = 500


def queue(folder: Path, service: Any, *, horizon_s: float, arrivals: Any = None) -> Run:
    return simulate(
        line([service], horizon_s=horizon_s, arrivals=arrivals or exponential(INTERVAL_S),
             first_capacity=10_000, seed=3),
        folder,
    )  # fmt: skip


def arrivals_of(run: Run) -> np.ndarray:
    rows = run.sql("SELECT time_s FROM levels WHERE change = 1 ORDER BY time_s")
    return rows["time_s"].to_numpy()


def time_in_system(
    service: dict[str, Any],
    horizon_s: float,
    folder: Path,
    *,
    arrivals: dict[str, Any] | None = None,
) -> Comparison:
    run = queue(folder, service, horizon_s=horizon_s, arrivals=arrivals)
    seen = visits(run, "s1")
    n = len(seen)
    arrived = arrivals_of(run)[:n]
    used = slice(WARMUP, n)
    mean_s, cv = service["mean_s"], service.get("cv", 0.0)
    controls = [(seen.duration_s[used], mean_s)]
    if service["kind"] != "constant":
        controls.append((seen.duration_s[used] ** 2, mean_s**2 * (1 + cv**2)))
    if arrivals is None:
        waits = seen.start_s - arrived > 1e-12
        controls.append((np.diff(arrived)[WARMUP - 1 :], INTERVAL_S))
        controls.append((1.0 - waits[used], 1 - mean_s / INTERVAL_S))
        expected = mean_s + mg1_wait_s(1 / INTERVAL_S, mean_s, cv)
    else:
        expected = mean_s + dm1_wait_s(arrivals["mean_s"], mean_s)
    mean, half_width = controlled((seen.end_s - arrived)[used], controls)
    return Comparison(expected, mean, half_width)


def family(kind: str, mean_s: float, cv: float = 0.0) -> dict[str, Any]:
    return {"mean_s": mean_s, "kind": kind, "cv": cv}


REGULAR = {"mean_s": INTERVAL_S, "kind": "constant"}

CASES: dict[str, Case] = {
    f"{name}: s in the system": case
    for name, case in {
        "M/M/1, load 0.4": partial(time_in_system, exponential(0.4), 420_000),
        "M/D/1, load 0.5": partial(time_in_system, family("constant", 0.5), 250_000),
        "M/G/1, gamma cv 0.7, load 0.4": partial(
            time_in_system, family("gamma", 0.4, 0.7), 300_000
        ),
        "M/G/1, lognormal cv 1, load 0.2": partial(
            time_in_system, family("lognormal", 0.2, 1.0), 250_000
        ),
        "M/G/1, uniform cv 0.5, load 0.4": partial(
            time_in_system, family("uniform", 0.4, 0.5), 230_000
        ),
        "D/M/1, load 0.5": partial(time_in_system, exponential(0.5), 200_000, arrivals=REGULAR),
    }.items()
}


@pytest.mark.parametrize("name", CASES)
def test_time_in_system_is_exact(name: str, tmp_path: Path) -> None:
    CASES[name](tmp_path / "r").check()


@pytest.mark.parametrize(
    ("service", "arrivals"),
    [
        (exponential(0.9), None),
        (family("lognormal", 0.9, 2.0), None),
        (family("constant", 0.95), None),
        (family("gamma", 0.95, 0.5), family("uniform", 1.0, 0.5)),
        (exponential(0.9), REGULAR),
        (family("normal", 0.97, 0.2), family("triangular", 1.0, 0.3)),
    ],
)
def test_every_wait_is_that_of_lindleys_recursion(
    service: Any, arrivals: Any, tmp_path: Path
) -> None:
    run = queue(tmp_path / "r", service, horizon_s=20_000, arrivals=arrivals)
    seen = visits(run, "s1")
    n = len(seen)
    arrived = arrivals_of(run)[:n]
    steps = seen.duration_s[:-1] - np.diff(arrived)
    path = np.concatenate([[0.0], np.cumsum(steps)])
    waits = path - np.minimum.accumulate(path)
    assert waits.max() > 3
    np.testing.assert_allclose(seen.start_s - arrived, waits, rtol=0, atol=1e-7)


def test_arrivals_and_service_at_the_same_pace_never_wait(tmp_path: Path) -> None:
    """D/D/1 below load 1: unit k arrives at k and leaves at k + 0.8."""
    run = queue(tmp_path / "r", family("constant", 0.8), horizon_s=500, arrivals=REGULAR)
    seen = visits(run, "s1")
    k = np.arange(1, len(seen) + 1)
    np.testing.assert_allclose(seen.start_s, k, rtol=0, atol=1e-9)
    np.testing.assert_allclose(seen.end_s, k + 0.8, rtol=0, atol=1e-9)
    assert seconds_in(run, "s1")["working"] == pytest.approx(0.8 * 499)


def test_units_are_served_in_the_order_they_came(tmp_path: Path) -> None:
    run = queue(tmp_path / "r", exponential(0.9), horizon_s=5_000)
    assert (np.diff(visits(run, "s1").lot) == 1).all()
