"""Machines served by operators: by hand, and the machine-interference problem.

Deterministic: k identical machines with run time r and service time s, one operator who need not
walk. For k (s) <= r + s the operator keeps up: each machine makes a unit every r + s. Above that
he is always busy: one unit every s (classical man-machine chart).
Random: exponential run time on N machines, exponential service by c operators is the chain of
`test_machine_repair` (Palm); units per second = sum over n of min(n, c) p(n) / s.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import buffer, exponential, scenario, source, station, tiny_plant
from tests.support.statistics import batch_means
from twin.run.run import Run

RUN_S, SERVICE_S = 60.0, 20.0
FIXED = {"kind": "constant", "mean_s": SERVICE_S}


def shop(folder: Path, horizon_s: float, *, machines: int = 1, workers: int = 1, cycle: Any = RUN_S,
         work: Any = FIXED, pool: dict[str, Any] | None = None, more: Any = None,
         **attend: Any) -> Run:  # fmt: skip
    plant = tiny_plant(
        [station("m", take="b", put="out", cycle=cycle, machines=machines,
                 attend={"pool": "ops", "work": work, **attend}, **(more or {}))],
        buffers=[buffer("b", capacity=50)],
        sources=[source("src", "b")],
        shifts=[{"id": "day", "start": "00:00", "hours": 24}],
        pools=[{"id": "ops", "kind": "operator", "home_m": [0, -0.9], "staff": {"day": workers},
                "walk_mps": 1e6, **(pool or {})}],
    )  # fmt: skip
    return simulate(scenario(plant, horizon_s), folder)


def spans(run: Run, state: str, resource: str = "m") -> list[tuple[float, float]]:
    rows = run.table("states", where=f"state = '{state}' AND resource = '{resource}'")
    rows = rows.sort_values("start_s")
    return [(float(a), float(b)) for a, b in zip(rows["start_s"], rows["end_s"], strict=True)]


@pytest.mark.parametrize(("machines", "per_unit_s"), [(1, 80.0), (4, 20.0), (6, 20.0)])
def test_one_operator_and_several_machines(
    machines: int, per_unit_s: float, tmp_path: Path
) -> None:
    """4 x 20 s = 60 + 20 s: up to 4 machines he keeps up; of 6 he limits the rate."""
    run = shop(tmp_path / "r", 8000.5, machines=machines)
    ends = np.sort(run.table("cycles")["end_s"].to_numpy())
    steady = np.diff(ends[8:])
    np.testing.assert_allclose(steady.mean(), per_unit_s, rtol=1e-5)
    assert ends[0] == pytest.approx(80.0, abs=1e-4)


@pytest.mark.parametrize(
    ("attend", "cycle", "worker_s", "unit_s"),
    [
        ({"during": "before"}, 60.0, 20.0, 80.0),
        ({"during": "after"}, 60.0, 20.0, 80.0),
        ({"during": "whole_cycle"}, 60.0, 80.0, 80.0),
        ({"during": "share", "share": 0.25}, 60.0, 35.0, 80.0),
    ],
)
def test_how_long_the_operator_stays(
    attend: dict[str, Any], cycle: float, worker_s: float, unit_s: float, tmp_path: Path
) -> None:
    """One machine, one operator: busy time per unit and time per unit, exactly."""
    run = shop(tmp_path / "r", 8000.0, cycle=cycle, **attend)
    assert len(run.table("cycles")) == pytest.approx(8000 / unit_s, abs=1)
    busy = sum(b - a for a, b in spans(run, "working", "ops_1"))
    assert busy == pytest.approx(8000 / unit_s * worker_s, abs=worker_s)
    working = sum(b - a for a, b in spans(run, "working"))
    assert working == pytest.approx(6000.0, abs=60.0)


def test_two_machines_share_one_operator_for_the_whole_cycle(tmp_path: Path) -> None:
    """Nobody else can run: 80 s for every unit of both together."""
    run = shop(tmp_path / "r", 8000.5, machines=2, during="whole_cycle")
    assert len(run.table("cycles")) == pytest.approx(100, abs=1)
    overlap = sorted(spans(run, "working", "m_1") + spans(run, "working", "m_2"))
    assert all(b <= c + 1e-3 for (_, b), (c, _) in pairwise(overlap))


def test_unloading_keeps_the_unit_in_the_machine(tmp_path: Path) -> None:
    """60 s of work, then 20 s until the unit leaves; 4 machines, 1 operator: as before loading."""
    run = shop(tmp_path / "r", 400.0, during="after")
    left = run.table("units", where="event = 'shipped'").sort_values("time_s")["time_s"]
    np.testing.assert_allclose(left, [80, 160, 240, 320], atol=1e-3)
    assert spans(run, "setup")[0] == pytest.approx((60.0, 80.0), abs=1e-3)


def test_a_task_for_two_waits_for_both_and_is_not_overtaken(tmp_path: Path) -> None:
    """Two workers; at 0 s machine `one` takes the first, machine `two` needs both at once.

    `one` is loaded until 20 s. At that time `two` gets both until 40 s, though `one_2`, which
    called later, could have had the idle one at 0 s: no call overtakes the team's.
    """
    work = {"pool": "ops", "work": FIXED}
    plant = tiny_plant(
        [
            station("one", take="b", put="out", cycle=1e4, attend=work, priority=2),
            station("two", take="b", put="out", cycle=1e4, attend={**work, "workers": 2},
                    priority=1),
            station("one_2", take="b", put="out", cycle=1e4, attend=work),
        ],
        buffers=[buffer("b", capacity=50)],
        sources=[source("src", "b")],
        shifts=[{"id": "day", "start": "00:00", "hours": 24}],
        pools=[{"id": "ops", "kind": "operator", "home_m": [0, -0.9], "staff": {"day": 2},
                "walk_mps": 1e6}],
    )  # fmt: skip
    run = simulate(scenario(plant, 1000.0), tmp_path / "r")
    begins = {name: spans(run, "setup", name)[0][0] for name in ("one", "two", "one_2")}
    assert begins == pytest.approx({"one": 0.0, "two": 20.0, "one_2": 40.0}, abs=1e-3)


def test_a_task_for_two_does_not_hold_up_a_shift_of_one(tmp_path: Path) -> None:
    """The first hour one worker: `two` waits for the second, `one` is loaded meanwhile."""
    work = {"pool": "ops", "work": FIXED}
    plant = tiny_plant(
        [
            station("two", take="b", put="out", cycle=1e4, attend={**work, "workers": 2},
                    priority=1),
            station("one", take="b", put="out", cycle=1e4, attend=work),
        ],
        buffers=[buffer("b", capacity=50)],
        sources=[source("src", "b")],
        shifts=[{"id": "few", "start": "00:00", "hours": 1},
                {"id": "many", "start": "01:00", "hours": 1}],
        pools=[{"id": "ops", "kind": "operator", "home_m": [0, -0.9],
                "staff": {"few": 1, "many": 2}, "walk_mps": 1e6}],
    )  # fmt: skip
    run = simulate(scenario(plant, 4000.0), tmp_path / "r")
    assert spans(run, "setup", "one") == [pytest.approx((0.0, 20.0), abs=1e-3)]
    assert spans(run, "setup", "two") == [pytest.approx((3600.0, 3620.0), abs=1e-3)]


def test_only_workers_with_the_skill_come(tmp_path: Path) -> None:
    """3 workers, worker 2 alone can do it: as if there were one operator."""
    run = shop(tmp_path / "r", 8000.5, machines=6, workers=3, pool={"skills": {"load": [2]}},
               skill="load")  # fmt: skip
    ends = np.sort(run.table("cycles")["end_s"].to_numpy())
    np.testing.assert_allclose(np.diff(ends[8:]).mean(), SERVICE_S, rtol=1e-5)
    assert spans(run, "working", "ops_1") == []
    assert spans(run, "working", "ops_3") == []


def chain(n_machines: int, n_operators: int, run_s: float, service_s: float) -> np.ndarray:
    weights = [1.0]
    for n in range(n_machines):
        weights.append(
            weights[-1] * ((n_machines - n) / run_s) / (min(n + 1, n_operators) / service_s)
        )
    return np.array(weights) / sum(weights)


@pytest.mark.parametrize("operators", [1, 2])
def test_machine_interference(operators: int, tmp_path: Path) -> None:
    machines = 6
    run = shop(tmp_path / "r", 300_000.0, machines=machines, workers=operators,
               cycle=exponential(RUN_S), work=exponential(SERVICE_S))  # fmt: skip
    p = chain(machines, operators, RUN_S, SERVICE_S)
    per_s = float(np.minimum(np.arange(machines + 1), operators) @ p) / SERVICE_S
    ends = np.sort(run.table("cycles")["end_s"].to_numpy())
    counts, _ = np.histogram(ends, np.arange(3_000.0, run.horizon_s, 300.0))
    mean, half_width = batch_means(counts / 300.0)
    assert half_width < 0.03 * per_s
    assert abs(mean - per_s) <= half_width
