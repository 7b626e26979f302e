"""Two exponential stations with a buffer between them, against the exact Markov chain.

With an inexhaustible source the state is n, the units station 1 has finished and station 2 has
not: 0 <= n <= B + 2 (B in the buffer, one in station 2, one blocked in station 1).  n rises at
rate mu1 below B + 2 and falls at rate mu2 above 0, so p(n) ~ (mu1 / mu2)**n and the throughput is
mu2 (1 - p(0)); for equal rates it is mu (B + 2) / (B + 3).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import exponential, line
from tests.support.statistics import batch_means


def throughput(mu1: float, mu2: float, capacity: int) -> float:
    weights = (mu1 / mu2) ** np.arange(capacity + 3)
    return float(mu2 * (1 - weights[0] / weights.sum()))


def test_formula_for_equal_rates() -> None:
    assert throughput(1.0, 1.0, 1) == pytest.approx(3 / 4)
    assert throughput(1.0, 1.0, 5) == pytest.approx(7 / 8)


@pytest.mark.parametrize(("mu1", "mu2", "capacity"), [(1.0, 1.0, 1), (1.0, 1.0, 4), (1.2, 0.9, 2)])
def test_throughput_is_exact(mu1: float, mu2: float, capacity: int, tmp_path: Path) -> None:
    run = simulate(
        line([exponential(1 / mu1), exponential(1 / mu2)], horizon_s=100_000.0, capacity=capacity),
        tmp_path / "r",
    )
    ends = run.table("cycles", ["end_s"], where="station = 's2'")["end_s"].to_numpy()
    mean, half_width = batch_means(np.diff(ends[100:]))
    theory = 1 / throughput(mu1, mu2, capacity)
    assert half_width < 0.02 * theory
    assert abs(mean - theory) <= half_width
