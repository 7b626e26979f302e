"""The line of 3.6 GWh makes what its plant file promises.

Theory (`twin.check.capacity`): the weakest step, stacking, does
``machines x 3600 / cycle x MTBF / (MTBF + MTTR) x performance x yield`` good stacks per hour; all
later steps, transports and buffers have room to spare, so the plant ships that, times the yields
that follow. Simulated: one day of the shipped plant in steady state, waiting for crews, vehicles
and magazines included.

A cell needs 12.5 days from the stacker to the dispatch. So a day shows three things: the stackers
keep their rate, with everything before them (mixing to magazines); the trays keep the rate into
and out of every store, one after the other; and no store grows or shrinks by more than that.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from sim import simulate
from tests.support.statistics import batch_means
from twin.check import check_plant
from twin.plant.load import load_plant, load_scenario
from twin.run.run import Run

WARMUP_H, HORIZON_H = 2, 26
TOLERANCE = 0.02
STEPS = (
    "hot_press_hipot",
    "tab_weld",
    "pouch_form_insert",
    "seal_3side",
    "fill",
    "formation",
    "degas_final_seal",
    "eol_test",
)
"""The steps after stacking that scrap cells, in order."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("line")
    scenario = load_scenario("line_3gwh", horizon_s=HORIZON_H * 3600.0, seed=1)
    return simulate(scenario, folder / "run")


@pytest.fixture(scope="module")
def per_h() -> float:
    """Good cells per hour that the plant file promises."""
    promised = check_plant(load_plant("line_3gwh")).capacity_per_h
    assert promised is not None
    return promised


def hourly(run: Run, sql: str) -> np.ndarray:
    """Units in every hour after the warm-up of a query for ``time_s`` and ``n``."""
    rows = run.sql(sql)
    hours = (rows["time_s"] // 3600).astype(int)
    counts = np.bincount(hours, weights=rows["n"], minlength=HORIZON_H + 1)
    return np.asarray(counts[WARMUP_H:HORIZON_H])


def share_left(first: str) -> float:
    """Share of the cells that come to the step `first` which leave the plant good."""
    stations = load_plant("line_3gwh").plant.stations.values()
    steps = STEPS[STEPS.index(first) :]
    return math.prod(next(s.yield_ for s in stations if s.id.startswith(step)) for step in steps)


def test_stackers_make_what_the_plant_file_promises(run: Run, per_h: float) -> None:
    made = hourly(
        run,
        "SELECT end_s AS time_s, n FROM cycles WHERE station LIKE 'stack\\_%\\_l1' ESCAPE '\\'"
        " AND station NOT LIKE 'stack_transfer%' AND result = 'ok'",
    )
    promised = per_h / share_left("hot_press_hipot")
    mean, half = batch_means(made, n_batches=12)
    assert half < TOLERANCE * promised
    assert abs(mean - promised) < TOLERANCE * promised


def test_plant_ships_what_the_plant_file_promises(run: Run, per_h: float) -> None:
    gone = hourly(run, "SELECT time_s, n FROM units WHERE event = 'shipped'")
    assert abs(gone.mean() - per_h) < TOLERANCE * per_h


@pytest.mark.parametrize("step", ["soak", "formation", "ht_aging", "rt_aging"])
def test_stores_take_in_as_many_trays_as_the_stackers_fill(
    run: Run, per_h: float, step: str
) -> None:
    """A tray is counted as full: cells scrapped on the way are missing in it."""
    came = hourly(
        run, f"SELECT time_s, 24 AS n FROM levels WHERE change > 0 AND place LIKE '{step}%'"
    )
    promised = per_h / share_left("fill")
    assert abs(came.mean() - promised) < TOLERANCE * promised
