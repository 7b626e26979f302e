"""Dispatch rules and setups: Cobham's formula, single-machine schedules and setup sequences.

Non-preemptive priorities (Cobham, A. (1954), Operations Research 2), M/M/1 with service time s:
R = rho s; the wait of the first class is R / (1 - rho_1), that of the second
R / ((1 - rho_1) (1 - rho)).

Single machine, all jobs there at the start: SPT has the least mean flow time (Smith 1956), EDD the
least maximum lateness (Jackson 1955).
"""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import simulate
from sim.dispatch import RULES, Job, add_rule
from tests.support.flows import LARGE, order, products
from tests.support.plants import buffer, exponential, scenario, source, station, tiny_plant
from tests.support.statistics import batch_means
from twin.run.run import Run

SERVICE_S = 0.6
RATES = {"urgent": 0.5, "usual": 0.8}


def test_wait_of_two_priority_classes(tmp_path: Path) -> None:
    plant = tiny_plant(
        [station("s", take="queue", put="out", cycle=exponential(SERVICE_S), dispatch="priority")],
        buffers=[buffer("queue", capacity=LARGE)],
        sources=[source(f"src_{name}", "queue", product=name, interval=exponential(1 / rate))
                 for name, rate in RATES.items()],
        products=[*products("urgent", priority=5), *products("usual")],
    )  # fmt: skip
    run = simulate(scenario(plant, 150_000.0, seed=11), tmp_path / "r")
    waits = run.sql(
        "SELECT p.product, c.start_s, c.start_s - l.time_s AS wait_s FROM cycles c"
        " JOIN levels l ON l.lot = c.lot AND l.change = 1"
        " JOIN lot_products p ON p.lot = c.lot ORDER BY c.start_s"
    )
    rho = {name: rate * SERVICE_S for name, rate in RATES.items()}
    rest = sum(rho.values()) * SERVICE_S
    first = rest / (1 - rho["urgent"])
    theory = {"urgent": first, "usual": first / (1 - sum(rho.values()))}
    for name, wait_s in theory.items():
        own = waits.loc[waits["product"] == name, "wait_s"].to_numpy()
        mean, half_width = batch_means(own[2_000:])
        assert half_width < (0.03 if name == "urgent" else 0.08) * wait_s
        assert abs(mean - wait_s) <= half_width


TIMES_S = {"p1": 7.0, "p2": 2.0, "p3": 4.0, "p4": 1.0}
DUE_S = {"p1": 9.0, "p2": 16.0, "p3": 6.0, "p4": 14.0}


def schedule(folder: Path, dispatch: str) -> pd.DataFrame:
    """One machine busy until 1 s, four orders at 0.5 s: the table of orders without the first."""
    plant = tiny_plant(
        [station("s", take="queue", put="out", dispatch=dispatch,
                 recipes=[{"product": "warm_up", "cycle": {"mean_s": 1.0, "kind": "constant"}},
                          *({"product": name, "cycle": {"mean_s": mean_s, "kind": "constant"}}
                            for name, mean_s in TIMES_S.items())])],
        buffers=[buffer("queue", capacity=10)],
        sources=[source("src", "queue", orders=True)],
        products=products("warm_up", *TIMES_S),
        orders=[order("o0", "warm_up", 1),
                *(order(f"o_{name}", name, 1, release=0.5, due=DUE_S[name]) for name in TIMES_S)],
    )  # fmt: skip
    run = simulate(scenario(plant, 100.0), folder / "r")
    return run.table("orders", where="product <> 'warm_up'").set_index("order")


def flow_and_lateness(sequence: tuple[str, ...]) -> tuple[float, float]:
    """Mean end time and largest end - due of a sequence that begins at 1 s."""
    ends = 1.0 + np.cumsum([TIMES_S[name] for name in sequence])
    late = [end - DUE_S[name] for end, name in zip(ends, sequence, strict=True)]
    return float(ends.mean()), float(max(late))


def test_spt_has_the_least_mean_flow_time(tmp_path: Path) -> None:
    orders = schedule(tmp_path, "shortest_processing_time")
    assert orders["finished_s"].sort_values().tolist() == [2.0, 4.0, 8.0, 15.0]
    least = min(flow_and_lateness(sequence)[0] for sequence in permutations(TIMES_S))
    assert orders["finished_s"].mean() == pytest.approx(least)


def test_edd_has_the_least_maximum_lateness(tmp_path: Path) -> None:
    orders = schedule(tmp_path, "earliest_due_date")
    assert orders["finished_s"].sort_values().index.tolist() == ["o_p3", "o_p1", "o_p4", "o_p2"]
    least = min(flow_and_lateness(sequence)[1] for sequence in permutations(TIMES_S))
    assert (orders["finished_s"] - orders["due_s"]).max() == pytest.approx(least)
    assert orders.loc["o_p1", "tardiness_s"] == pytest.approx(3.0)
    assert orders.loc["o_p2", "tardiness_s"] == 0.0


def test_fifo_takes_them_as_they_came(tmp_path: Path) -> None:
    orders = schedule(tmp_path, "fifo")
    assert orders["finished_s"].sort_values().index.tolist() == ["o_p3", "o_p1", "o_p4", "o_p2"], (
        "a source brings orders of one release time by due date"
    )


def test_a_rule_of_ones_own(tmp_path: Path) -> None:
    """Longest processing time first."""

    def longest(job: Job, _now_s: float) -> float:
        return -job.processing_s

    add_rule("longest_first", longest)
    try:
        orders = schedule(tmp_path, "longest_first")
    finally:
        del RULES["longest_first"]
    assert orders["finished_s"].sort_values().index.tolist() == ["o_p1", "o_p3", "o_p2", "o_p4"]


def changeovers(folder: Path, rule: str, **more: Any) -> Run:
    """Orders A, B, A, B of one lot each; 10 s of work; 30 s from A to B, 5 s from B to A."""
    plant = tiny_plant(
        [station("s", take="queue", put="out", cycle=10.0,
                 changeover={"times_s": {"A": {"B": 30}, "B": {"A": 5}}, "rule": rule, **more})],
        buffers=[buffer("queue", capacity=10)],
        sources=[source("src", "queue", orders=True)],
        products=products("A", "B"),
        orders=[order(f"o{k}", name, 1, priority=-k) for k, name in enumerate("ABAB")],
    )  # fmt: skip
    return simulate(scenario(plant, 200.0), folder / "r")


def setups(run: Run) -> list[tuple[float, float]]:
    rows = run.table("states", where="state = 'setup' AND reason = 'changeover'")
    return list(zip(rows["start_s"].tolist(), rows["end_s"].tolist(), strict=True))


def test_setup_times_depend_on_the_sequence(tmp_path: Path) -> None:
    """A 0-10, to B 10-40, B 40-50, to A 50-55, A 55-65, to B 65-95, B 95-105."""
    run = changeovers(tmp_path, "fifo")
    assert setups(run) == [(10.0, 40.0), (50.0, 55.0), (65.0, 95.0)]
    assert run.table("cycles")["end_s"].tolist() == [10.0, 50.0, 65.0, 105.0]


def test_same_family_first_saves_setups(tmp_path: Path) -> None:
    """A 0-10, A 10-20, to B 20-50, B 50-60, B 60-70."""
    run = changeovers(tmp_path, "same_family_first")
    assert setups(run) == [(20.0, 50.0)]
    assert run.table("cycles")["end_s"].tolist() == [10.0, 20.0, 60.0, 70.0]


def test_a_machine_may_begin_set_up_for_another_family(tmp_path: Path) -> None:
    """Set up for B at first: 5 s to A before anything else."""
    run = changeovers(tmp_path, "fifo", start="B")
    assert setups(run)[0] == (0.0, 5.0)


@pytest.mark.parametrize(("pick", "shares"), [("round_robin", (10, 10)), ("priority", (0, 20))])
def test_station_takes_from_a_shelf_and_a_plain_buffer(
    pick: str, shares: tuple[int, int], tmp_path: Path
) -> None:
    """`s` takes by turns, or from the plain buffer first; `t` makes the other one a shelf."""
    plant = tiny_plant(
        [station("s", take=[{"from": "shelf", "priority": 2}, {"from": "plain", "priority": 1}],
                 put="out", cycle=1.0, pick=pick),
         station("t", take="shelf", put="out", cycle=1000.0, dispatch="earliest_due_date")],
        buffers=[buffer("shelf"), buffer("plain")],
        sources=[source("src_shelf", "shelf"), source("src_plain", "plain")],
    )  # fmt: skip
    run = simulate(scenario(plant, 20.5), tmp_path / "r")
    taken = run.sql(
        "SELECT l.place FROM cycles c JOIN levels l ON l.lot = c.lot AND l.change = -1"
        " WHERE c.station = 's'"
    )["place"]
    assert ((taken == "shelf").sum(), (taken == "plain").sum()) == shares
