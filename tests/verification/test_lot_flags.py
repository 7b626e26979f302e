"""Rows that stand for whole lots are judged by the cycles in them, not as one long cycle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim import simulate
from tests.support.plants import buffer, scenario, source, station, tiny_plant
from twin.flags import flags
from twin.kpi.series import cycle_times
from twin.kpi.window import Window
from twin.run.run import Run

ITEMS = [
    {"id": "roll", "unit": "m", "units_per_lot": 400, "carrier": "coil"},
    {"id": "sheet", "unit": "sheet", "units_per_lot": 600, "product": True},
]


def cutter(folder: Path, **more: Any) -> Run:
    cut = station("cut", take="rolls", put="out", kind="web", product="sheet", units_per_m=5,
                  record="lot", cycle={"mean_s": 0.1, "cv": 0.3})  # fmt: skip
    plant = tiny_plant(
        [cut],
        buffers=[buffer("rolls", item="roll")],
        sources=[source("src", "rolls", item="roll")],
        items=ITEMS,
    )
    return simulate(scenario(plant, 30_000.0, **more), folder / "run")


def test_ordinary_lots_raise_no_flag(tmp_path):
    assert [flag.cause for flag in flags(cutter(tmp_path))] == []


def test_slow_cycles_of_lots_are_found(tmp_path):
    slow = {"kind": "slow_cycle", "station": "cut", "at": 15_000.0, "factor": 1.2}
    found = list(flags(cutter(tmp_path, faults=[slow])))
    assert [(flag.resource, flag.cause) for flag in found] == [("cut", "slow_cycle")]
    assert found[0].since_s == pytest.approx(15_000.0, abs=120)
    assert found[0].evidence["observed"] == pytest.approx(0.12, rel=0.01)


def test_chart_shows_the_mean_cycle_of_a_lot(tmp_path):
    run = cutter(tmp_path)
    rows = cycle_times(run, Window(0.0, run.horizon_s), "cut")
    assert list(rows.columns) == ["machine", "time_s", "duration_s", "result"]
    assert rows["duration_s"].mean() == pytest.approx(0.1, rel=0.01)
