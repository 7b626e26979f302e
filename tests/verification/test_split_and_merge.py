"""Splits and merges, by hand.

All times are constant, so every start time follows from a few lines of arithmetic.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.flows import LARGE, route, starts, way
from tests.support.plants import (
    buffer,
    exponential,
    scenario,
    sink,
    source,
    station,
    tiny_plant,
)  # fmt: skip
from twin.run.run import Run


def split(folder: Path, rule: dict[str, Any], *, horizon_s: float, **choices: Any) -> Run:
    """A station of 1 s that splits to ``a`` and ``b``, whose stations take 3 s and 3 s."""
    size = choices.get("capacity", 1)
    plant = tiny_plant(
        [
            station("cut", take="in", put=None, cycle=choices.get("cycle", 1.0), route=rule),
            station("slow_a", take="a", put="out", cycle=choices.get("cycle_a", 3.0)),
            station("slow_b", take="b", put="out", cycle=choices.get("cycle_b", 3.0)),
        ],
        buffers=[buffer("in"), buffer("a", capacity=size), buffer("b", capacity=size)],
        sources=[source("src", "in")],
    )
    return simulate(scenario(plant, horizon_s, seed=2), folder / "r")


def test_priority_fills_the_first_before_the_second(tmp_path: Path) -> None:
    """Finished at 1, 2: both to a (in work, in the buffer); 3: a is full, so to b.

    ``a`` takes its second at 1 + 3 = 4, so what is finished at 4 finds room in a again.
    """
    run = split(tmp_path, route("priority", way("b", priority=2), way("a", priority=1)),
                horizon_s=15.5)  # fmt: skip
    assert starts(run, "slow_a").tolist() == [1.0, 4.0, 7.0, 10.0]
    assert starts(run, "slow_b").tolist() == [3.0, 6.0, 9.0, 12.0]


def test_least_full_takes_turns_when_both_are_equally_fast(tmp_path: Path) -> None:
    """Both in 3.5 s. 1: both empty, so a by name, which goes to work until 4.5; 2: a again.

    3: b, which goes to work; 4: a holds one and b none, so b; 5: a has none again and b one, so a.
    """
    run = split(tmp_path, route("least_full", way("b"), way("a")), horizon_s=8.5, capacity=2,
                cycle_a=3.5, cycle_b=3.5)  # fmt: skip
    levels = run.table("levels", ["place", "time_s", "change"], where="change > 0")
    into = levels[levels["place"].isin(["a", "b"])].sort_values("time_s")
    assert into["place"].tolist()[:5] == ["a", "a", "b", "b", "a"]


def test_round_robin_waits_for_the_one_whose_turn_it_is(tmp_path: Path) -> None:
    """a takes 3 s and b 10 s, buffers of 1: strictly in turn, so both end at the pace of b."""
    run = split(tmp_path, route("round_robin", way("b"), way("a")), horizon_s=200.0, cycle_b=10.0)
    a, b = starts(run, "slow_a"), starts(run, "slow_b")
    np.testing.assert_allclose(np.diff(b), 10.0)
    np.testing.assert_allclose(np.diff(a)[5:], 10.0)


def test_share_is_the_share_of_lots(tmp_path: Path) -> None:
    """With room for all, a share 0.7 / (0.7 + 0.3) goes to a: 99 % interval of a binomial."""
    rule = route("share", way("a", share=7), way("b", share=3))
    run = split(tmp_path, rule, horizon_s=40_000.0, cycle_a=0.1, cycle_b=0.1, capacity=100)
    n_a, n_b = len(starts(run, "slow_a")), len(starts(run, "slow_b"))
    half_width = 2.576 * np.sqrt(0.7 * 0.3 / (n_a + n_b))
    assert half_width < 0.007
    assert abs(n_a / (n_a + n_b) - 0.7) <= half_width


def test_a_split_does_not_depend_on_the_order_in_the_file(tmp_path: Path) -> None:
    ways = [way("a", share=7), way("b", share=3)]
    there = split(tmp_path / "1", route("share", *ways), horizon_s=500.0)
    back = split(tmp_path / "2", route("share", *ways[::-1]), horizon_s=500.0)
    assert there.manifest.digest == back.manifest.digest


def test_a_split_of_poisson_arrivals_is_poisson(tmp_path: Path) -> None:
    """Thinning: gaps of the lots that go to a are exponential with mean 1 / 0.7 (mean and cv)."""
    plant = tiny_plant(
        [station("cut", take="in", put=None, cycle=0.0001,
                 route=route("share", way("a", share=0.7), way("out", share=0.3))),
         station("next", take="a", put="out", cycle=0.0001)],
        buffers=[buffer("in", capacity=LARGE), buffer("a", capacity=LARGE)],
        sources=[source("src", "in", interval=exponential(1.0))],
    )  # fmt: skip
    run = simulate(scenario(plant, 60_000.0, seed=3), tmp_path / "r")
    gaps = np.diff(starts(run, "next"))
    half_width = 2.576 * gaps.std() / np.sqrt(len(gaps))
    assert half_width < 0.02
    assert abs(gaps.mean() - 1 / 0.7) <= half_width
    assert gaps.std() / gaps.mean() == pytest.approx(1.0, abs=0.025)


def merge(folder: Path, pick: str, *, horizon_s: float, a_s: float, b_s: float) -> list[str]:
    """Sources of ``a`` and ``b`` feed one station of 2 s; the places it took from, in order."""
    plant = tiny_plant(
        [station("join", take=[{"from": "b", "priority": 2}, {"from": "a", "priority": 1}],
                 put="out", cycle=2.0, pick=pick)],
        buffers=[buffer("a", capacity=50), buffer("b", capacity=50)],
        sources=[source("src_a", "a", interval={"mean_s": a_s, "kind": "constant"}),
                 source("src_b", "b", interval={"mean_s": b_s, "kind": "constant"})],
        sinks=[sink()],
    )  # fmt: skip
    run = simulate(scenario(plant, horizon_s), folder / "r")
    left = run.table("levels", ["place", "time_s", "change"], where="change < 0")
    return left.sort_values("time_s", kind="stable")["place"].tolist()


@pytest.mark.parametrize(
    ("pick", "a_s", "b_s", "taken"),
    [
        # a at 2, 4, 6 ...: there is always one when the station is free.
        ("priority", 2.0, 0.5, ["b", "a", "a", "a", "a"]),
        # b comes at 0.5; from 2 on both have lots.
        ("round_robin", 2.0, 0.5, ["b", "a", "b", "a", "b"]),
        # at 2.5 b has 4 and a 1, at 4.5 b 7 and a 2.
        ("longest", 2.0, 0.5, ["b", "b", "b", "b", "b"]),
        # arrivals: b 1.0, a 1.7, b 2.0, b 3.0, a 3.4, b 4.0, a 5.1: the oldest first.
        ("oldest", 1.7, 1.0, ["b", "a", "b", "b", "a"]),
    ],
)
def test_merge_rules(pick: str, a_s: float, b_s: float, taken: list[str], tmp_path: Path) -> None:
    assert merge(tmp_path, pick, horizon_s=11.0, a_s=a_s, b_s=b_s)[:5] == taken


@pytest.mark.parametrize("record", ["unit", "lot"])
@pytest.mark.parametrize(("pick", "origins"), [("round_robin", "baba"), ("priority", "bbbb")])
def test_a_web_station_takes_rolls_from_two_places(
    record: str, pick: str, origins: str, tmp_path: Path
) -> None:
    """Rolls of 4 m, two sheets a metre, 0.5 s a sheet and 1 s to change: one in 5 s."""
    plant = tiny_plant(
        [station("cut", take=[{"from": "a", "priority": 2}, {"from": "b", "priority": 1}],
                 put="out", kind="web", product="sheet", units_per_m=2.0, setup_s=1.0, cycle=0.5,
                 pick=pick, record=record)],
        items=[{"id": "roll", "unit": "m", "units_per_lot": 4},
               {"id": "sheet", "units_per_lot": 8, "product": True}],
        buffers=[buffer("a", item="roll"), buffer("b", item="roll")],
        sources=[source("src_a", "a", item="roll"), source("src_b", "b", item="roll")],
    )  # fmt: skip
    run = simulate(scenario(plant, 20.5, initial="steady"), tmp_path / "r")
    shipped = run.table("units", where="event = 'shipped'")
    assert sorted(set(shipped["time_s"])) == [5.0, 10.0, 15.0, 20.0]
    taken = run.table("levels", where="change < 0").sort_values("time_s")
    assert "".join(taken["place"].astype(str))[:4] == origins
