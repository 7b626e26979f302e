"""The machine-repair problem: N machines, c repairmen, exponential times (Palm 1947).

Birth-death chain of the number down: up rates (N - n) f, down rates min(n, c) r; its exact
solution by the balance equations of the chain (own solver), here checked against the closed form
of c = N (independent machines). Source: Kleinrock, Queueing Systems 1, section 3.8.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim import simulate
from tests.support.plants import buffer, scenario, source, station, tiny_plant
from tests.support.statistics import batch_means
from twin.run.run import Run

N = 5
FAIL_S, REPAIR_S = 600.0, 200.0
HORIZON_S = 400_000.0


def distribution(n_machines: int, n_repairmen: int) -> np.ndarray:
    """Probabilities of 0 .. N machines down."""
    weights = [1.0]
    for n in range(n_machines):
        up = (n_machines - n) / FAIL_S
        down = min(n + 1, n_repairmen) / REPAIR_S
        weights.append(weights[-1] * up / down)
    return np.array(weights) / sum(weights)


def test_the_solver_agrees_with_independent_machines() -> None:
    """With a repairman each, the number down is binomial with R / (F + R)."""
    theory = stats.binom(N, REPAIR_S / (FAIL_S + REPAIR_S)).pmf(np.arange(N + 1))
    np.testing.assert_allclose(distribution(N, N), theory)


def shop(folder: Path, crew: int, *, seed: int = 2) -> Run:
    """N machines that always work, next to a crew that need not walk."""
    mode = {"mtbf_h": FAIL_S / 3600, "mttr_h": REPAIR_S / 3600, "crew": "crew"}
    plant = tiny_plant(
        [station("m", take="b", put="out", cycle=50.0, machines=N, breakdown=mode)],
        buffers=[buffer("b", capacity=20)],
        sources=[source("src", "b")],
        shifts=[{"id": "day", "start": "00:00", "hours": 24}],
        pools=[{"id": "crew", "kind": "repair", "home_m": [0, -0.9], "staff": {"day": crew},
                "walk_mps": 1000.0}],
    )  # fmt: skip
    return simulate(scenario(plant, HORIZON_S, seed=seed), folder)


@pytest.mark.parametrize("crew", [1, 2, 5])
def test_machines_up_and_waiting(crew: int, tmp_path: Path) -> None:
    run = shop(tmp_path / "r", crew)
    p = distribution(N, crew)
    down = np.arange(N + 1)
    waiting = np.maximum(down - crew, 0)
    found = {state: number_in(run, (state,)) for state in ("working", "waiting_repair")}
    for state, theory in (("working", (N - down) @ p), ("waiting_repair", waiting @ p)):
        mean, half_width = batch_means(found[state])
        assert half_width < 0.2
        assert abs(mean - float(theory)) <= max(half_width, 1e-9)
    all_up, half_width = batch_means((found["working"] == N).astype(float))
    assert half_width < 0.03
    assert abs(all_up - p[0]) <= half_width


def number_in(run: Run, states: tuple[str, ...]) -> np.ndarray:
    """Machines in some states, every 10 s."""
    rows = run.table("states", where="kind = 'machine'")
    rows = rows[rows["state"].isin(states)]
    times = np.arange(2_000.0, run.horizon_s, 10.0)
    began = np.searchsorted(np.sort(rows["start_s"].to_numpy()), times, side="right")
    ended = np.searchsorted(np.sort(rows["end_s"].to_numpy()), times, side="right")
    return np.asarray(began - ended, dtype=float)


def test_repair_calls_by_priority_then_by_waiting_time(tmp_path: Path) -> None:
    """All fail while the crew is busy: the critical ones first, and among equals the oldest call.

    Calls: a 10 s, then b 20, c 30 (critical), d 40, e 50 (critical); each repair takes 100 s.
    Order a, c, e, b, d: begins at 10, 110, 210, 310, 410.
    """
    priority = {"c": 5, "e": 5}
    names = "abcde"
    plant = tiny_plant(
        [station(n, take="buf", put="out", cycle=1.0, priority=priority.get(n, 0),
                 breakdown={"mtbf_h": 1e6, "mttr_h": 1, "crew": "crew"}) for n in names],
        buffers=[buffer("buf", capacity=20)],
        sources=[source("src", "buf")],
        shifts=[{"id": "day", "start": "00:00", "hours": 24}],
        pools=[{"id": "crew", "kind": "repair", "home_m": [0, -0.9], "staff": {"day": 1},
                "walk_mps": 1.0}],
    )  # fmt: skip
    faults = [{"kind": "breakdown", "at": 10.0 * (k + 1), "machine": n, "repair": 100.0}
              for k, n in enumerate(names)]  # fmt: skip
    for order in (faults, faults[::-1]):
        folder = tmp_path / str(order is faults)
        run = simulate(scenario(plant, 600.0, faults=order), folder)
        down = run.table("states", where="state = 'down'").sort_values("start_s")
        assert list(down["resource"]) == ["a", "c", "e", "b", "d"]
        assert list(down["start_s"]) == [10, 110, 210, 310, 410]


def test_kinds_of_failure_call_their_own_crews(tmp_path: Path) -> None:
    """Two repairs at once by two crews; a team of two begins when both have walked there."""
    pool = {"kind": "repair", "walk_mps": 1.0}
    kinds = {
        "jam": {"mtbf_h": 1e6, "mttr_h": 1, "crew": "fitters", "workers": 2},
        "drive": {"mtbf_h": 1e6, "mttr_h": 1, "crew": "electricians", "skill": "drives"},
    }
    plant = tiny_plant(
        [station(n, take="buf", put="out", cycle=1.0, breakdowns=kinds) for n in "ab"],
        buffers=[buffer("buf", capacity=20)],
        sources=[source("src", "buf")],
        shifts=[{"id": "day", "start": "00:00", "hours": 24}],
        pools=[
            {"id": "fitters", "home_m": [0, -30.9], "staff": {"day": 2}, **pool},
            {"id": "electricians", "home_m": [0, -20.9], "staff": {"day": 2},
             "skills": {"drives": [2]}, **pool},
        ],
    )  # fmt: skip
    faults = [
        {"kind": "breakdown", "at": 100, "machine": "a", "repair": 60, "mode": "jam"},
        {"kind": "breakdown", "at": 100, "machine": "b", "repair": 60, "mode": "drive"},
    ]
    run = simulate(scenario(plant, 400.0, faults=faults), tmp_path / "r")
    homes = run.table("moves", where="kind = 'worker' AND start_s = 100").set_index("mover")
    assert set(homes.index) == {"fitters_1", "fitters_2", "electricians_2"}
    down = run.table("states", where="state = 'down'").set_index("resource")["start_s"]
    fitters = homes.loc[["fitters_1", "fitters_2"], "end_s"]
    assert down["a"] == fitters.max()
    assert down["b"] == homes.loc["electricians_2", "end_s"]
    first = fitters.idxmin()
    if fitters.min() < fitters.max():
        waiting = run.table("states", where=f"resource = '{first}' AND reason LIKE 'waiting%'")
        assert list(waiting["end_s"]) == [fitters.max()]
    assert math.isclose(fitters.min() - 100, 30.0, abs_tol=2.0)
