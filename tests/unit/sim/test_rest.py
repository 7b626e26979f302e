"""Machines that rest (off shift, maintenance) and what they hold: rest of a lot, kanban cards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import buffer, scenario, source, station, tiny_plant
from twin.run.run import Run

DAY = {"id": "day", "start": "01:00", "hours": 3, "breaks": [{"start": "02:00", "length": "20min"}]}
CARE = {"oil": {"every_h": 2.5, "work": {"mean_s": 500, "kind": "constant"}}}


def worked(folder: Path, record: str, **options: Any) -> Run:
    plant = tiny_plant(
        [station("s", take="b", put="out", cycle=70.0, record=record, **options)],
        buffers=[buffer("b")], sources=[source("src", "b", units_per_lot=9)],
        shifts=[DAY], calendars=[{"id": "work", "shifts": ["day"]}], calendar="work",
    )  # fmt: skip
    return simulate(scenario(plant, 30 * 3600.0), folder / record)


@pytest.mark.parametrize("off_shift", ["finish", "pause", "run_through"])
@pytest.mark.parametrize("maintenance", [{}, CARE])
@pytest.mark.parametrize("more", [{}, {"units_per_lot_out": 4}])
def test_whole_lots_rest_when_their_units_would(
    off_shift: str, maintenance: dict[str, Any], more: dict[str, Any], tmp_path: Path
) -> None:
    options = {"off_shift": off_shift, "maintenance": maintenance, **more}
    states = [
        worked(tmp_path, record, **options).sql(
            "SELECT state, start_s, end_s FROM states WHERE resource = 's' ORDER BY start_s"
        )
        for record in ("unit", "lot")
    ]
    by_unit, by_lot = states
    assert by_unit["state"].tolist() == by_lot["state"].tolist()
    rests = {"off_shift"} if off_shift != "run_through" else set()
    assert rests | ({"maintenance"} if maintenance else set()) <= set(by_lot["state"].astype(str))
    times = ["start_s", "end_s"]
    np.testing.assert_allclose(by_lot[times], by_unit[times], rtol=0, atol=1e-4)


@pytest.mark.parametrize("record", ["unit", "lot"])
def test_machine_that_rests_keeps_no_card(record: str, tmp_path: Path) -> None:
    """One card: at the lot in the buffer over night, not with the machine that made it as well."""
    plant = tiny_plant(
        [station("p", take="b", put="k", cycle=100.0, calendar="work", record=record),
         station("q", take="k", put="out", cycle=103.0, calendar="work", off_shift="pause")],
        buffers=[buffer("b"), buffer("k", kanban=1)], sources=[source("src", "b")],
        shifts=[DAY], calendars=[{"id": "work", "shifts": ["day"]}],
    )  # fmt: skip
    run = simulate(scenario(plant, 48 * 3600.0), tmp_path / "r")
    made = run.sql("SELECT start_s FROM cycles WHERE station = 'p' ORDER BY start_s")["start_s"]
    hours = (made.to_numpy() / 3600) % 24
    assert ((hours >= 1) & (hours < 4)).all()
    assert (made > 24 * 3600).sum() > 50
    last = run.sql("SELECT max(time_s) AS t FROM levels WHERE place = 'k' AND change > 0")
    assert last["t"][0] > 28 * 3600, "none was finished after the shift: nothing is tested"
    levels = run.sql("SELECT max(level) AS most FROM levels WHERE place = 'k'")
    assert levels["most"].tolist() == [1]
