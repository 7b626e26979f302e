"""Times of the cycles of a visit that was interrupted: nothing overlaps, whatever became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from sim.record.columns import GOES_ON, Gap
from sim.record.visits import Visit, wall_clocks
from tests.support.plants import buffer, exponential, scenario, source, station, tiny_plant
from twin.plant.load import load_scenario
from twin.run.run import Run

BREAKDOWN = {"mtbf_h": 0.05, "mttr_h": 0.005}


def clocks(lengths: list[float], *gaps: Gap) -> list[list[float]]:
    begun, _, ended = wall_clocks([Visit(100.0, 0.0, np.array(lengths), gaps)])
    return [begun.tolist(), ended.tolist()]


def test_unit_that_goes_on_keeps_its_start_and_ends_later() -> None:
    assert clocks([2, 2, 2], (3.0, 10.0, GOES_ON)) == [[100, 102, 114], [102, 114, 116]]


def test_scrapped_unit_ends_at_the_stop_and_the_next_begins_after_it() -> None:
    assert clocks([2, 1, 2], (3.0, 10.0, 2)) == [[100, 102, 113], [102, 103, 115]]


def test_unit_scrapped_at_its_very_start_takes_no_time() -> None:
    assert clocks([0, 2], (0.0, 10.0, 1)) == [[100, 110], [100, 112]]
    assert clocks([2, 0, 2], (2.0, 10.0, 2)) == [[100, 102, 112], [102, 102, 114]]


def test_last_unit_scrapped_delays_nothing() -> None:
    assert clocks([2, 1], (3.0, 10.0, 2)) == [[100, 102], [102, 103]]


def test_stop_right_after_a_scrapped_unit_does_not_reach_it() -> None:
    lengths = [0.1, 0.2, 0.7]
    at_s = 0.1 + 0.2 - 1e-12
    (_, second, third), (_, ended, _) = clocks(lengths, (at_s, 5.0, 2), (at_s, 7.0, GOES_ON))
    assert (second, ended) == (pytest.approx(100.1), pytest.approx(100.3))
    assert third >= 105.3 - 1e-9


def failing(folder: Path, policy: str, **more: Any) -> Run:
    plant = tiny_plant(
        [station("s", take="in", put="out", cycle=exponential(1.5),
                 breakdown={**BREAKDOWN, "unit": policy}, **more)],
        buffers=[buffer("in")],
        sources=[source("src", "in", units_per_lot=3)],
    )  # fmt: skip
    return simulate(scenario(plant, 20_000.0), folder / "r")


@pytest.mark.parametrize("policy", ["resume", "restart", "scrap"])
@pytest.mark.parametrize("more", [{}, {"units_per_lot_out": 2}, {"yield": 0.9}])
def test_units_of_a_lot_never_overlap(policy: str, more: dict[str, Any], tmp_path: Path) -> None:
    run = failing(tmp_path, policy, **more)
    rows = run.sql("SELECT start_s, duration_s, end_s, result FROM cycles ORDER BY start_s, end_s")
    begun, ended = rows["start_s"].to_numpy(), rows["end_s"].to_numpy()
    assert len(rows) > 5_000
    assert (begun[1:] >= ended[:-1] - 1e-6).all()
    down = run.sql("SELECT start_s, end_s FROM states WHERE state = 'down'").to_numpy()
    assert len(down) > 50
    inside = np.searchsorted(down[:, 0], begun + 1e-6) - 1
    within = (inside >= 0) & (begun < down[inside, 1] - 1e-6)
    assert not within.any(), "a unit begins while its machine is down"
    if policy == "scrap":
        cut = rows[rows["result"].astype(str) == "scrap"]
        at_stop = np.isin(np.round(cut["end_s"], 6), np.round(down[:, 0], 6))
        assert at_stop.sum() >= len(down) - 1
        assert np.allclose((cut["end_s"] - cut["start_s"])[at_stop], cut["duration_s"][at_stop])


@pytest.mark.parametrize("policy", ["resume", "restart", "scrap"])
def test_robots_begin_no_sub_step_while_they_are_down(policy: str, tmp_path: Path) -> None:
    robot, machine = "robot_pouch", "pouch_form_insert"
    changes = {f"stations.{machine}.breakdown": {**BREAKDOWN, "mtbf_h": 0.02, "unit": policy}}
    made = load_scenario("pilot_shift", horizon_s=3600.0, changes=changes)
    run = simulate(made, tmp_path / "r")
    steps = run.sql(f"SELECT start_s FROM substeps WHERE robot = '{robot}' ORDER BY start_s")
    down = run.sql(
        f"SELECT start_s, end_s FROM states WHERE resource = '{machine}' AND state = 'down'"
        " AND reason = 'breakdown' ORDER BY start_s"
    ).to_numpy()
    assert len(down) >= 5
    begun = steps["start_s"].to_numpy()
    inside = np.searchsorted(down[:, 0], begun + 1e-6) - 1
    assert not ((inside >= 0) & (begun < down[inside, 1] - 1e-6)).any()
