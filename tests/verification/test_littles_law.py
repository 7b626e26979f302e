"""Little's law, exact on a sample path: L = lambda W.

The time integral of the number inside equals the sum of the times spent inside, counted up to the
end of the run (Little, Operations Research 9 (1961) 383; for finite paths, Operations Research 59
(2011) 536). Number and times are taken from different tables where there are two: what a place
shows as its level, and when each lot came and went; what machines and vehicles did, and when lots
left the place behind them and reached the place before them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import simulate
from tests.support.plants import everything, exponential, line, scenario
from tests.support.visits import seconds_in
from twin.kpi.kpis import kpis
from twin.run.run import Run


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A line with scrap and random arrivals."""
    made = line(
        [exponential(1.0), exponential(0.9), exponential(1.1)], horizon_s=5_000.0,
        arrivals=exponential(1.5), capacity=4, first_capacity=50, station_options={"yield": 0.97},
    )  # fmt: skip
    return simulate(made, tmp_path_factory.mktemp("little") / "line")


@pytest.fixture(scope="module", params=["empty", "steady"])
def chain(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The plant with every kind of station, place and transport; nothing is scrapped."""
    made = scenario(everything(yield_=1.0), 4_000.0, initial=request.param)
    return simulate(made, tmp_path_factory.mktemp("little") / "chain")


def test_number_integral_is_the_sum_of_flow_times(served: Run) -> None:
    events = served.table("units")
    born = events[events["event"] == "created"].set_index("lot")["time_s"]
    gone = events[events["event"].isin(["shipped", "scrapped"])].set_index("lot")["time_s"]
    times = np.concatenate([[0.0], np.sort(np.concatenate([born, gone])), [served.horizon_s]])
    present = [(born <= t).sum() - (gone <= t).sum() for t in times[:-1]]
    integral = float(np.dot(present, np.diff(times)))
    spent = (gone.reindex(born.index).fillna(served.horizon_s) - born).sum()
    assert integral == pytest.approx(spent, rel=1e-12)
    assert kpis(served).mean_wip == pytest.approx(integral / served.horizon_s, rel=1e-9)


def test_wip_is_what_buffers_and_machines_hold(served: Run) -> None:
    """Lots in buffers and units in machines that work or are blocked add up to the WIP."""
    inside = sum(level_integral(served, f"b{k}") for k in range(3))
    for k in range(3):
        spent = seconds_in(served, f"s{k + 1}")
        inside += spent["working"] + spent.get("blocked", 0.0)
    assert kpis(served).mean_wip == pytest.approx(inside / served.horizon_s, rel=1e-9)


def test_mean_flow_time_is_wip_over_throughput(tmp_path: Path) -> None:
    """A line that is empty at the start and at the end: lambda W = L for its shipped units."""
    made = line([1.0, 2.0], horizon_s=1_000.0, capacity=2,
                arrivals={"mean_s": 10.0, "kind": "constant"})  # fmt: skip
    figures = kpis(simulate(made, tmp_path / "r"))
    assert figures.mean_flow_time_s == pytest.approx(3.0)
    assert figures.mean_wip == pytest.approx(99 * 3.0 / 1_000)
    rate = (figures.throughput_per_h or 0.0) / 3600
    assert figures.mean_wip == pytest.approx(rate * figures.mean_flow_time_s)


def level_integral(run: Run, place: str) -> float:
    """Return lot-seconds from the level a place shows."""
    rows = run.table("levels", ["time_s", "level"], where=f"place = '{place}'")
    rows = rows.sort_values("time_s", kind="stable")
    held = np.diff(rows["time_s"].to_numpy(), append=run.horizon_s)
    return float(np.dot(rows["level"].to_numpy(), held))


def stays(run: Run, place: str) -> pd.DataFrame:
    """Return when each lot came and went; the end of the run for a lot that is still there."""
    rows = run.table("levels", ["time_s", "change", "lot"], where=f"place = '{place}'")
    came, left = (rows[rows["change"] == c].set_index("lot")["time_s"] for c in (1, -1))
    return pd.DataFrame({"came": came, "left": left.reindex(came.index)})


@pytest.mark.parametrize(
    "place", ["rolls", "mags", "desk", "cells", "trays", "belt", "rest", "shelf"]
)
def test_levels_are_the_sum_of_stays(place: str, chain: Run) -> None:
    seen = stays(chain, place)
    spent = (seen["left"].fillna(chain.horizon_s) - seen["came"]).sum()
    assert len(seen) > 5
    assert level_integral(chain, place) == pytest.approx(spent, rel=1e-12)


def test_ovens_hold_lots_from_the_buffer_to_the_belt(chain: Run) -> None:
    """Lots leave the buffer before and reach the belt behind; ovens treat each for its time.

    In between they are collected before the batch starts, and wait after it for room on the belt.
    """
    before, behind = stays(chain, "trays")["left"], stays(chain, "belt")["came"]
    rows = chain.table("cycles", where="station = 'bake'").set_index("lot")
    lots = rows.index.intersection(before.dropna().index).intersection(behind.index)
    assert len(lots) > 20
    assert (before.loc[lots] <= rows.loc[lots, "start_s"] + 1e-9).all()
    assert (behind.loc[lots] >= rows.loc[lots, "end_s"] - 1e-9).all()
    spent = behind.loc[lots] - before.loc[lots]
    assert (spent >= rows.loc[lots, "duration_s"] - 1e-9).all()


def test_vehicles_hold_lots_between_their_places(chain: Run) -> None:
    """What vehicles drive, wait and unload with a lot is the time lots are on their way.

    A lot is on its vehicle from the end of loading to the end of unloading.
    """
    left, came = stays(chain, "mags")["left"], stays(chain, "desk")["came"]
    lots = left.dropna().index.intersection(came.index)
    moves = chain.table("moves", where="kind = 'agv' AND load > 0")
    legs = moves.groupby("lot")
    first, last = legs["start_s"].min(), legs["end_s"].max()
    assert len(lots) > 20
    assert (first.loc[lots] >= left.loc[lots] - 1e-9).all()
    np.testing.assert_allclose(came.loc[lots] - last.loc[lots], 4.0, rtol=0, atol=1e-9)


def test_stores_hold_lots_between_the_crane_and_the_crane(chain: Run) -> None:
    """A lot is in its slot from the crane's put-down to its pick-up, and on the crane otherwise."""
    belt, rest, shelf = stays(chain, "belt"), stays(chain, "rest"), stays(chain, "shelf")
    moves = chain.table("moves", where="kind = 'crane' AND load > 0")
    forks_s = 3.0
    for out, into in ((belt["left"], rest["came"]), (rest["left"], shelf["came"])):
        lots = out.dropna().index.intersection(into.index)
        assert len(lots) > 20
        for lot in lots:
            legs = moves[(moves["lot"] == lot) & (moves["start_s"] >= out[lot] - 1e-9)
                         & (moves["end_s"] <= into[lot] + 1e-9)]  # fmt: skip
            carried = (legs["end_s"] - legs["start_s"]).sum()
            assert into[lot] - out[lot] == pytest.approx(carried + forks_s, abs=1e-9)
