"""Release rules: CONWIP, kanban and demand, against theory and each other.

CONWIP: a line of exponential stations in which N lots circulate is a closed network of product
form; mean value analysis (Reiser and Lavenberg 1980, J. ACM 27) is exact:
R_i(n) = s_i (1 + L_i(n - 1)), X(n) = n / sum R_i(n), L_i(n) = X(n) R_i(n).

Kanban: with one machine a stage, K cards at a buffer are the same as a buffer of K - 1 and blocking
after service: the lot that would be blocked in the machine lies in the buffer instead (Berkley,
B. J. (1991), Eur. J. Oper. Res. 54, on tandem queues and kanban lines).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.flows import LARGE, starts
from tests.support.plants import (
    buffer,
    exponential,
    scenario,
    sink,
    source,
    station,
    tiny_plant,
)  # fmt: skip
from tests.support.statistics import batch_means
from twin.run.run import Run

MEANS_S = [1.0, 0.6, 1.3]


def conwip_line(folder: Path, *, wip: int, until: str, horizon_s: float, **more: Any) -> Run:
    """Three exponential stations; `more` goes into each."""
    places = ["b0", "b1", "b2", "out"]
    plant = tiny_plant(
        [station(f"s{k + 1}", take=places[k], put=places[k + 1], cycle=exponential(mean_s), **more)
         for k, mean_s in enumerate(MEANS_S)],
        buffers=[buffer(name, capacity=LARGE) for name in places[:3]],
        sources=[source("src", "b0", release={"kind": "conwip", "wip": wip, "until": until})],
    )  # fmt: skip
    return simulate(scenario(plant, horizon_s, seed=8), folder / "r")


def throughput(means_s: list[float], n: int) -> float:
    """Mean value analysis of a closed cyclic network."""
    level = np.zeros(len(means_s))
    rate = 0.0
    for k in range(1, n + 1):
        stay = np.array(means_s) * (1 + level)
        rate = k / stay.sum()
        level = rate * stay
    return float(rate)


def test_mean_value_analysis_for_equal_stations() -> None:
    """N lots in M equal stations: mu N / (N + M - 1)."""
    assert throughput([1.0, 1.0, 1.0], 4) == pytest.approx(4 / 6)


@pytest.mark.parametrize("wip", [1, 3, 8])
def test_conwip_throughput_is_that_of_a_closed_network(wip: int, tmp_path: Path) -> None:
    run = conwip_line(tmp_path, wip=wip, until="out", horizon_s=60_000.0)
    ends = np.sort(run.table("cycles", ["end_s"], where="station = 's3'")["end_s"].to_numpy())
    mean, half_width = batch_means(np.diff(ends[100:]))
    theory = 1 / throughput(MEANS_S, wip)
    assert half_width < 0.02 * theory
    assert abs(mean - theory) <= half_width


def test_a_section_may_end_at_a_station(tmp_path: Path) -> None:
    """Until s2: only the first two stations are the closed network; s3 gets what they make."""
    run = conwip_line(tmp_path, wip=2, until="s2", horizon_s=60_000.0)
    ends = np.sort(run.table("cycles", ["end_s"], where="station = 's2'")["end_s"].to_numpy())
    mean, half_width = batch_means(np.diff(ends[100:]))
    theory = 1 / throughput(MEANS_S[:2], 2)
    assert abs(mean - theory) <= half_width < 0.02 * theory


def test_there_are_never_more_lots_than_cards_and_scrap_gives_its_card_back(tmp_path: Path) -> None:
    run = conwip_line(tmp_path, wip=4, until="out", horizon_s=5_000.0, **{"yield": 0.7})
    events = run.table("units").sort_values("time_s", kind="stable")
    change = np.where(events["event"] == "created", 1, -1)
    inside = np.cumsum(change)
    last_at = np.flatnonzero(np.diff(events["time_s"].to_numpy()) > 0)
    assert (inside[last_at] == 4).all(), "there is always work outside"
    assert (events["event"] == "scrapped").sum() > 500


def kanban_line(folder: Path, *, cards: bool) -> Run:
    """Four stations; buffers between them of 3 lots, or of 4 with 4 cards."""
    places = ["b0", "b1", "b2", "b3", "out"]
    extra = {"capacity": 4, "kanban": 4} if cards else {"capacity": 3}
    plant = tiny_plant(
        [station(f"s{k + 1}", take=places[k], put=places[k + 1], cycle=exponential(1.0))
         for k in range(4)],
        buffers=[buffer("b0"), *(buffer(name, **extra) for name in places[1:4])],
        sources=[source("src", "b0")],
    )  # fmt: skip
    return simulate(scenario(plant, 20_000.0, seed=9), folder / "r")


def test_kanban_is_blocking_with_one_place_less(tmp_path: Path) -> None:
    """Every cycle of every station begins at the very same time."""
    pull = kanban_line(tmp_path / "pull", cards=True)
    push = kanban_line(tmp_path / "push", cards=False)
    for name in ("s1", "s2", "s3", "s4"):
        np.testing.assert_array_equal(starts(pull, name), starts(push, name))
    waits = [run.table("states", where="state = 'blocked' AND resource = 's1'")
             for run in (pull, push)]  # fmt: skip
    pulled_s, pushed_s = ((rows["end_s"] - rows["start_s"]).sum() for rows in waits)
    assert pulled_s == pytest.approx(pushed_s, rel=1e-9)
    reasons = set(pull.table("states", where="state = 'blocked'")["reason"].astype(str))
    assert reasons == {"no_card"}


def test_parallel_machines_share_the_cards(tmp_path: Path) -> None:
    """Two machines, 2 cards, a consumer of 10 s: never more than 2 lots in work and in the buffer.

    Machines of 1 s start at 0 (both); the lots wait until the consumer takes at 1 and at 11.
    """
    plant = tiny_plant(
        [station("make", take="in", put="mid", cycle=1.0, machines=2, pitch_m=[2, 0]),
         station("use", take="mid", put="out", cycle=10.0)],
        buffers=[buffer("in"), buffer("mid", capacity=2, kanban=2)],
        sources=[source("src", "in")],
    )  # fmt: skip
    run = simulate(scenario(plant, 32.5), tmp_path / "r")
    assert starts(run, "make").tolist() == [0.0, 0.0, 1.0, 11.0, 21.0, 31.0]


def test_a_sink_with_demand_pulls(tmp_path: Path) -> None:
    """Demand every 5 s, a station of 2 s: it ships at 5, 10, 15 and is blocked in between."""
    run = pulled(tmp_path, demand_s=5.0, horizon_s=21.0)
    shipped = run.table("units", where="event = 'shipped'")["time_s"].tolist()
    assert shipped == [5.0, 10.0, 15.0, 20.0]
    assert starts(run, "s1").tolist() == [0.0, 5.0, 10.0, 15.0]
    assert backlog(run)[-1] == 0


def test_unmet_demand_is_backlog(tmp_path: Path) -> None:
    """Demand every 2 s, a station of 5 s: at 20 s ten were asked for and four have come."""
    run = pulled(tmp_path, demand_s=2.0, horizon_s=20.5, cycle_s=5.0)
    assert backlog(run)[-1] == 10 - 4


def test_poisson_demand_is_a_make_to_stock_queue(tmp_path: Path) -> None:
    """The station always has finished goods up to the buffer: a base-stock queue.

    With a station of mean s, demand at rate lam and room for S finished lots (buffer S - 2, one in
    the packer whose work takes no time to speak of, one blocked in the station), the shortfall is
    an M/M/1 queue: the mean backlog is rho**(S + 1) / (1 - rho) (Buzacott and Shanthikumar 1993,
    Stochastic Models of Manufacturing Systems, section 4.2).
    """
    rho, stock = 0.7, 3
    plant = tiny_plant(
        [station("make", take="in", put="stock", cycle=exponential(rho)),
         station("pack", take="stock", put="out", cycle=1e-9)],
        buffers=[buffer("in"), buffer("stock", capacity=stock - 2)],
        sources=[source("src", "in")],
        sinks=[{**sink(), "demand": {"interval": exponential(1.0)}}],
    )  # fmt: skip
    run = simulate(scenario(plant, 150_000.0, seed=10), tmp_path / "r")
    rows = run.table("signals", where="signal = 'backlog_lots'")
    times = np.arange(1_000.0, run.horizon_s, 2.0)
    at = np.searchsorted(rows["time_s"].to_numpy(), times, "right") - 1
    mean, half_width = batch_means(rows["value"].to_numpy()[at])
    theory = rho ** (stock + 1) / (1 - rho)
    assert half_width < 0.12 * theory
    assert abs(mean - theory) <= half_width


def pulled(folder: Path, *, demand_s: float, horizon_s: float, cycle_s: float = 2.0) -> Run:
    every = {"mean_s": demand_s, "kind": "constant"}
    plant = tiny_plant(
        [station("s1", take="in", put="out", cycle=cycle_s)],
        buffers=[buffer("in")],
        sources=[source("src", "in")],
        sinks=[{**sink(), "demand": {"interval": every}}],
    )
    return simulate(scenario(plant, horizon_s), folder / "r")


def backlog(run: Run) -> list[float]:
    return run.table("signals", where="signal = 'backlog_lots'")["value"].tolist()
