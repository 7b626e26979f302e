"""A queue whose server breaks down: M/G/1 with completion times.

Operating-time failures at rate f, repair R: the completion time C of a service S is S plus the
repairs in it (preemptive resume). E C = s (1 + f r), and
E C^2 = E S^2 (1 + f r)^2 + s f E R^2. With load rho = E C / a the mean wait is that of
Pollaczek-Khinchine, a^-1 E C^2 / (2 (1 - rho)). Source: Avi-Itzhak and Naor, Operations Research
11 (1963), model A (breakdowns during service alone); Federgruen and Green (1986).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import exponential, line
from tests.support.statistics import batch_means

ARRIVAL_S, SERVICE_S = 2.0, 1.0
FAIL_S, REPAIR_S = 20.0, 8.0


@pytest.mark.parametrize(("service_cv", "repair_cv"), [(0.0, 1.0), (1.0, 0.0)])
def test_mean_wait_with_breakdowns(service_cv: float, repair_cv: float, tmp_path: Path) -> None:
    service = {"mean_s": SERVICE_S, "cv": service_cv, "kind": "gamma"}
    mode = {"time_to_failure": exponential(FAIL_S),
            "time_to_repair": {"mean_s": REPAIR_S, "cv": repair_cv, "kind": "gamma"}}  # fmt: skip
    run = simulate(
        line([service], horizon_s=400_000.0, arrivals=exponential(ARRIVAL_S),
             first_capacity=100_000, station_options={"breakdown": mode}, seed=4),
        tmp_path / "r",
    )  # fmt: skip
    served = run.sql(
        "SELECT l.time_s AS arrived_s, c.start_s, c.end_s FROM cycles c"
        " JOIN levels l ON l.lot = c.lot AND l.change = 1 ORDER BY c.start_s"
    ).iloc[2_000:]
    completion = (served["end_s"] - served["start_s"]).to_numpy()
    mean_c = SERVICE_S * (1 + REPAIR_S / FAIL_S)
    square_s = SERVICE_S**2 * (1 + service_cv**2)
    square_r = REPAIR_S**2 * (1 + repair_cv**2)
    square_c = square_s * (1 + REPAIR_S / FAIL_S) ** 2 + SERVICE_S / FAIL_S * square_r
    mean, half_width = batch_means(completion)
    assert half_width < 0.02
    assert abs(mean - mean_c) <= half_width
    mean, half_width = batch_means(completion**2)
    assert abs(mean - square_c) <= half_width < 0.1 * square_c
    theory = square_c / ARRIVAL_S / (2 * (1 - mean_c / ARRIVAL_S))
    mean, half_width = batch_means((served["start_s"] - served["arrived_s"]).to_numpy())
    assert half_width < 0.12 * theory
    assert abs(mean - theory) <= half_width
    assert np.all(completion >= 0)
