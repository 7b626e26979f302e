"""Little's law, exact on a sample path: the time integral of the number in the plant equals the sum
of the times its units spent there, counted up to the end of the run.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import exponential, line
from twin.run.run import Run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return simulate(
        line([exponential(1.0), exponential(0.9), exponential(1.1)], horizon_s=5_000.0,
             arrivals=exponential(1.5), capacity=4, first_capacity=50,
             station_options={"yield": 0.97}),
        tmp_path / "r",
    )  # fmt: skip


def test_number_integral_is_the_sum_of_flow_times(run: Run) -> None:
    events = run.table("units")
    born = events[events["event"] == "created"].set_index("lot")["time_s"]
    gone = events[events["event"].isin(["shipped", "scrapped"])].set_index("lot")["time_s"]
    times = np.concatenate([[0.0], np.sort(np.concatenate([born, gone])), [run.horizon_s]])
    present = [(born <= t).sum() - (gone <= t).sum() for t in times[:-1]]
    integral = float(np.dot(present, np.diff(times)))
    spent = (gone.reindex(born.index).fillna(run.horizon_s) - born).sum()
    assert integral == pytest.approx(spent, rel=1e-12)


def test_places_and_machines_hold_what_the_books_say(run: Run) -> None:
    """Lots in buffers (levels) plus units in machines (cycles) are the units in the plant."""
    levels = run.table("levels")
    cycles = run.table("cycles")
    events = run.table("units")
    for t in np.linspace(10, run.horizon_s - 10, 25):
        in_buffers = levels.loc[levels["time_s"] <= t, "change"].sum()
        born = ((events["event"] == "created") & (events["time_s"] <= t)).sum()
        gone = (events["event"].isin(["shipped", "scrapped"]) & (events["time_s"] <= t)).sum()
        working = ((cycles["start_s"] <= t) & (cycles["end_s"] > t)).sum()
        blocked = run.state_at(float(t)).states
        n_blocked = sum(state == "blocked" for state, _, _ in blocked.values())
        unfinished = sum(state == "working" for state, _, _ in blocked.values())
        assert born - gone - in_buffers == max(working, unfinished) + n_blocked
