"""Lines of unreliable machines against their exact Markov chain.

Exponential times to failure and to repair, exponential or Erlang service, blocking after service
(`tests.support.theory.line`). Operating clock: a machine fails only while it works, as in Buzacott,
AIIE Transactions 1 (1969) 28, and Gershwin, Manufacturing Systems Engineering (1994), chapter 3.
Calendar clock: it also fails while it is starved or blocked; a machine that is down neither takes
nor gives a unit.

Compared is the mean time between units leaving the line. Control variates are the service times
and the time down: on the operating clock service x MTTR / MTBF for each unit, on the calendar clock
MTTR / (MTBF + MTTR) of all time.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.comparison import Case, Comparison
from tests.support.plants import buffer, scenario, source, station, tiny_plant
from tests.support.statistics import controlled
from tests.support.theory.line import Server, throughput
from tests.support.visits import visits
from twin.run.run import Run

WARMUP = 500


def unreliable(servers: list[Server], buffers: list[int], horizon_s: float, seed: int = 4) -> Any:
    """Return the scenario of a line."""
    places = [f"b{k}" for k in range(len(servers))]
    stations = []
    for k, server in enumerate(servers):
        more: dict[str, Any] = {}
        if server.mtbf_s is not None:
            more["breakdown"] = {
                "mtbf_h": server.mtbf_s / 3600,
                "mttr_h": server.mttr_s / 3600,
                "clock": "calendar" if server.calendar else "operating",
            }
        cycle = {"mean_s": server.mean_s, "cv": server.stages**-0.5, "kind": "gamma"}
        put = [*places, "out"][k + 1]
        stations.append(station(f"s{k + 1}", take=places[k], put=put, cycle=cycle, **more))
    plant = tiny_plant(
        stations,
        buffers=[buffer(p, capacity=c) for p, c in zip(places, [5, *buffers], strict=True)],
        sources=[source("src", "b0")],
    )
    return scenario(plant, horizon_s, seed=seed)


def between_units(
    servers: list[Server], buffers: list[int], horizon_s: float, folder: Path
) -> Comparison:
    run = simulate(unreliable(servers, buffers, horizon_s), folder)
    own = [visits(run, f"s{i + 1}") for i in range(len(servers))]
    n = len(own[-1])
    leaves = own[-1].end_s[WARMUP - 1 : n]
    controls = []
    for i, (seen, server) in enumerate(zip(own, servers, strict=True)):
        controls.append((seen.duration_s[WARMUP:n], server.mean_s))
        if server.mtbf_s is None:
            continue
        if server.calendar:
            share = server.mttr_s / (server.mtbf_s + server.mttr_s)
            down = np.diff(down_until(run, f"s{i + 1}", leaves))
            controls.append((down - share * np.diff(leaves), 0.0))
        else:
            stops = seen.end_s - seen.start_s - seen.duration_s
            controls.append((stops[WARMUP:n], server.mean_s * server.mttr_s / server.mtbf_s))
    mean, half_width = controlled(np.diff(leaves), controls)
    return Comparison(1 / throughput(servers, buffers), mean, half_width)


def down_until(run: Run, machine: str, times: np.ndarray) -> np.ndarray:
    """Return how long a machine has been down up to each time."""
    where = f"resource = '{machine}' AND state = 'down'"
    stops = run.table("states", ["start_s", "end_s"], where=where).sort_values("start_s")
    moments = stops[["start_s", "end_s"]].to_numpy().ravel()
    length = np.repeat((stops["end_s"] - stops["start_s"]).to_numpy(), 2)
    length[0::2] = 0.0
    return np.interp(times, moments, np.cumsum(length))


def failing(mean_s: float = 1.0, *, stages: int = 1, calendar: bool = False) -> Server:
    mtbf_s, mttr_s = (5.0, 2.0) if calendar else (20.0, 6.0)
    return Server(mean_s, stages, mtbf_s=mtbf_s, mttr_s=mttr_s, calendar=calendar)


LINES: dict[str, tuple[list[Server], list[int], float]] = {
    "2 equal, operating clock, B = 1": ([failing()] * 2, [1], 120_000),
    "2 equal, operating clock, B = 8": ([failing()] * 2, [8], 120_000),
    "2 Erlang-4, operating clock, B = 4": ([failing(stages=4)] * 2, [4], 120_000),
    "2 unequal, operating clock, B = 3": (
        [failing(0.8), Server(1.0, mtbf_s=50.0, mttr_s=10.0)], [3], 120_000,
    ),
    "2 equal, calendar clock, B = 1": ([failing(calendar=True)] * 2, [1], 150_000),
    "2 equal, calendar clock, B = 8": ([failing(calendar=True)] * 2, [8], 150_000),
    "3, operating clock, the middle one reliable, B = 2, 2": (
        [failing(), Server(1.1), failing()], [2, 2], 120_000,
    ),
    "3, one on each clock and a reliable one, B = 3, 3": (
        [failing(), failing(calendar=True), Server(1.2)], [3, 3], 150_000,
    ),
}  # fmt: skip

CASES: dict[str, Case] = {
    f"{name}: s between units": partial(between_units, *setting) for name, setting in LINES.items()
}


@pytest.mark.parametrize("name", CASES)
def test_throughput_is_exact(name: str, tmp_path: Path) -> None:
    CASES[name](tmp_path / "r").check()


def test_the_clocks_are_told_apart(tmp_path: Path) -> None:
    """With one place between them machines wait often, so the calendar costs more."""
    seen = between_units([failing(calendar=True)] * 2, [1], 150_000, tmp_path / "r")
    other = 1 / throughput([Server(mtbf_s=5.0, mttr_s=2.0)] * 2, [1])
    assert abs(seen.simulated - other) > 5 * seen.half_width
