"""Stations that work lot by lot do what stations do that follow every unit.

Theory: the time of `n` independent cycles has mean ``n m`` and variance ``n (c m)^2``; the number
of good ones of `n` is binomial; a station with a constant cycle finishes unit k at ``k m``.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim import simulate
from tests.support.plants import buffer, scenario, sink, source, station, tiny_plant
from tests.support.statistics import CONFIDENCE
from twin.kpi import kpis
from twin.run.run import Run

ROLL, MAGAZINE = 400, 600
ITEMS = [
    {"id": "roll", "unit": "m", "units_per_lot": ROLL, "carrier": "coil"},
    {"id": "strip", "unit": "m", "units_per_lot": ROLL, "carrier": "coil"},
    {"id": "sheet", "unit": "sheet", "units_per_lot": MAGAZINE, "product": True},
]
Z = float(stats.norm.ppf((1 + CONFIDENCE) / 2))


def cutter(folder: Path, *, horizon_s: float = 4000.0, **options: Any) -> Run:
    """A notcher that cuts 400 m rolls into sheets, 5 from a metre, 0.1 s each."""
    given = {"record": "lot", "cycle": {"mean_s": 0.1, "kind": "constant"}, **options}
    cut = station("cut", take="rolls", put="out", kind="web", product="sheet",
                  units_per_m=5, **given)  # fmt: skip
    plant = tiny_plant(
        [cut],
        buffers=[buffer("rolls", item="roll")],
        sources=[source("src", "rolls", item="roll")],
        items=ITEMS,
    )
    return simulate(scenario(plant, horizon_s), folder / "run")


def shipped(run: Run) -> np.ndarray:
    events = run.table("units")
    return events[events["event"] == "shipped"]["time_s"].to_numpy()


def test_full_lots_leave_at_the_moment_their_last_unit_is_done(tmp_path):
    """600 sheets of 0.1 s: a magazine every 60 s, across the change of rolls (2,000 sheets)."""
    times = shipped(cutter(tmp_path))
    np.testing.assert_allclose(times, 60.0 * np.arange(1, len(times) + 1), rtol=0, atol=1e-6)
    assert len(times) == 66


@pytest.mark.parametrize("policy", ["resume", "restart"])
def test_unit_and_lot_record_agree_without_chance(tmp_path, policy):
    """With constant cycles and the same breakdowns both make the same sheets at the same time."""
    breakdown = {"mtbf_h": 0.05, "mttr_h": 0.01, "unit": policy}
    by_lot = shipped(cutter(tmp_path / "a", breakdown=breakdown))
    by_unit = shipped(cutter(tmp_path / "b", breakdown=breakdown, record="unit"))
    assert len(by_lot) > 30
    np.testing.assert_allclose(by_lot, by_unit, rtol=0, atol=1e-6)


def test_time_of_a_lot_has_mean_and_variance_of_the_sum(tmp_path):
    cycle = {"mean_s": 0.1, "cv": 0.5}
    run = cutter(tmp_path, horizon_s=120_000.0, cycle=cycle)
    rows = run.table("cycles")
    whole = rows[rows["n"] == MAGAZINE]["duration_s"].to_numpy()
    mean, sd = 0.1 * MAGAZINE, 0.1 * 0.5 * math.sqrt(MAGAZINE)
    half = Z * sd / math.sqrt(len(whole))
    assert half < 0.01 * mean
    assert abs(whole.mean() - mean) < half
    low, high = stats.chi2.ppf([0.005, 0.995], len(whole) - 1)
    assert low < (len(whole) - 1) * whole.var(ddof=1) / sd**2 < high


def test_share_of_good_units_is_the_yield(tmp_path):
    run = cutter(tmp_path, horizon_s=40_000.0, **{"yield": 0.9})
    rows = run.table("cycles")
    events = run.table("units")
    scrapped = int(events[events["event"] == "scrapped"]["n"].sum())
    n = int(rows["n"].sum())
    half = Z * math.sqrt(0.9 * 0.1 / n)
    assert half < 0.005
    assert abs(scrapped / n - 0.1) < half
    assert (rows["unit"] == -1).all()
    cut = kpis(run).stations["cut"]
    assert (cut.scrapped, cut.good + cut.scrapped) == (scrapped, n)
    assert cut.oee.oee == pytest.approx(1 - scrapped / n, abs=1e-3)


def test_roll_becomes_strips_that_leave_together(tmp_path):
    slit = station("slit", take="rolls", put="strips", kind="web", product="strip", record="lot",
                   lanes=4, units_per_m=4, cycle={"mean_s": 0.05, "kind": "constant"})  # fmt: skip
    wind = station("wind", take="strips", put="out", cycle=1e-3, units_per_cycle=ROLL)
    plant = tiny_plant(
        [slit, wind],
        buffers=[buffer("rolls", item="roll"), buffer("strips", item="strip", capacity=8)],
        sources=[source("src", "rolls", item="roll")],
        items=ITEMS,
    )
    run = simulate(scenario(plant, 400.0), tmp_path / "run")
    levels = run.table("levels")
    came = levels[(levels["place"] == "strips") & (levels["change"] > 0)]["time_s"].to_numpy()
    np.testing.assert_allclose(came[:8], [80.0] * 4 + [160.0] * 4)
    packed = run.table("units").query("event == 'packed'")
    assert (packed["n"] == ROLL).all()
    assert packed.groupby("parent").size().eq(4).all()


def stacker(folder: Path, horizon_s: float = 2000.0, **options: Any) -> Run:
    """A stacker that makes cassettes of 4 stacks of 5 sheets from magazines of 7 sheets."""
    items = [
        {"id": "sheet", "unit": "sheet", "units_per_lot": 7, "carrier": "magazine"},
        {"id": "cassette", "units_per_lot": 4, "carrier": "tray", "product": True},
    ]
    stack = station(
        "stack", take=[{"from": "sheets", "units": 5}], put="out", cycle=10.0,
        kind="assembly", product="cassette", units_per_lot_out=4, **options,
    )  # fmt: skip
    plant = tiny_plant(
        [stack],
        buffers=[buffer("sheets", item="sheet")],
        sources=[source("src", "sheets", item="sheet")],
        items=items,
        sinks=[sink()],
    )
    return simulate(scenario(plant, horizon_s), folder / "run")


def test_lots_of_stacks_take_as_long_as_their_stacks(tmp_path):
    run = stacker(tmp_path)
    rows = run.table("cycles").sort_values("end_s")
    np.testing.assert_allclose(rows["end_s"], 10.0 * np.arange(1, len(rows) + 1))
    np.testing.assert_allclose(shipped(run), 40.0 * np.arange(1, 1 + len(shipped(run))))


def test_every_unit_is_traced_to_its_components(tmp_path):
    """Sheets are used in order: stack k is made of sheets 5k ... 5k + 4, 7 in a magazine."""
    run = stacker(tmp_path)
    events = run.table("units")
    joined = events[events["event"] == "joined"].reset_index(drop=True)
    assert joined.groupby("unit")["n"].sum().eq(5).all()
    magazines = list(pd.unique(joined["parent"]))
    for order, unit in enumerate(pd.unique(joined["unit"])):
        mine = joined[joined["unit"] == unit]
        expected = sorted({sheet // 7 for sheet in range(5 * order, 5 * order + 5)})
        assert [magazines.index(parent) for parent in mine["parent"]] == expected


@pytest.mark.parametrize("policy", ["resume", "restart", "scrap"])
def test_nothing_is_lost_when_lots_are_interrupted(tmp_path, policy):
    """The engine counts every unit at the beginning and the end of the run."""
    run = cutter(
        tmp_path,
        horizon_s=20_000.0,
        cycle={"mean_s": 0.1, "cv": 0.3},
        breakdown={"mtbf_h": 0.02, "mttr_h": 0.002, "unit": policy},
        **{"yield": 0.8, "performance": 0.9, "minor_stop_s": 5},
    )
    totals = run.manifest.totals
    assert totals["shipped"] > 0
    assert totals["shipped.sheet"] + totals["scrapped.sheet"] <= totals["created.sheet"]
