"""One machine with a large buffer in front of it, against queueing theory.

M/M/1 with load rho and service time s: mean time in the system s / (1 - rho), mean number in the
system rho / (1 - rho).  M/G/1 (Pollaczek-Khinchine): mean wait rho s (1 + cv**2) / (2 (1 - rho)).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import simulate
from tests.support.plants import exponential, line
from tests.support.statistics import batch_means
from twin.run.run import Run

SERVICE_S = 0.5
WARMUP = 2_000


def queue(folder: Path, service: Any, horizon_s: float) -> tuple[Run, pd.DataFrame]:
    """Arrivals every second on average, and the visits of all units that were served."""
    run = simulate(
        line([service], horizon_s=horizon_s, arrivals=exponential(1.0), first_capacity=100_000,
             seed=3),
        folder,
    )  # fmt: skip
    served = run.sql(
        "SELECT l.time_s AS arrived_s, c.start_s, c.end_s FROM cycles c"
        " JOIN levels l ON l.lot = c.lot AND l.change = 1 ORDER BY c.start_s"
    )
    return run, served.iloc[WARMUP:]


@pytest.fixture(scope="module")
def mm1(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, pd.DataFrame]:
    return queue(tmp_path_factory.mktemp("mm1") / "r", exponential(SERVICE_S), 500_000.0)


def test_mm1_mean_time_in_the_system(mm1: tuple[Run, pd.DataFrame]) -> None:
    """W = 0.5 / (1 - 0.5) = 1 s."""
    served = mm1[1]
    mean, half_width = batch_means((served["end_s"] - served["arrived_s"]).to_numpy())
    assert half_width < 0.012
    assert abs(mean - 1.0) <= half_width


def test_mm1_mean_number_in_the_system(mm1: tuple[Run, pd.DataFrame]) -> None:
    """L = 0.5 / (1 - 0.5) = 1, from the number present every 2 s."""
    run, served = mm1
    times = np.arange(5_000.0, run.horizon_s, 2.0)
    arrived = np.searchsorted(served["arrived_s"].to_numpy(), times)
    left = np.searchsorted(np.sort(served["end_s"].to_numpy()), times)
    mean, half_width = batch_means((arrived - left).astype(float))
    assert half_width < 0.015
    assert abs(mean - 1.0) <= half_width


def test_mm1_utilisation_is_the_load(mm1: tuple[Run, pd.DataFrame]) -> None:
    run, _ = mm1
    working = run.table("states", where="state = 'working'")
    share = (working["end_s"] - working["start_s"]).sum() / run.horizon_s
    assert share == pytest.approx(0.5, abs=0.004)


@pytest.mark.parametrize(
    ("service", "cv"),
    [
        ({"mean_s": SERVICE_S, "kind": "constant"}, 0.0),
        ({"mean_s": SERVICE_S, "kind": "lognormal", "cv": 1.5}, 1.5),
        ({"mean_s": SERVICE_S, "kind": "gamma", "cv": 0.7}, 0.7),
    ],
)
def test_mg1_mean_wait(service: dict[str, Any], cv: float, tmp_path: Path) -> None:
    """Wq = 0.5 x 0.5 x (1 + cv**2) / (2 x 0.5) = 0.25 (1 + cv**2)."""
    _, served = queue(tmp_path / "r", service, 150_000.0)
    mean, half_width = batch_means((served["start_s"] - served["arrived_s"]).to_numpy())
    theory = 0.25 * (1 + cv * cv)
    assert half_width < 0.10 * theory
    assert abs(mean - theory) <= half_width
