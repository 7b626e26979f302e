"""A line without randomness, computed by hand.

With constant cycles c1..cN and a source that never runs out, the first unit leaves station i at
c1 + ... + ci, and the others follow at the pace of the slowest station.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import line, scenario, sink, source, station, tiny_plant


def test_a_line_runs_at_the_pace_of_its_slowest_station(tmp_path: Path) -> None:
    run = simulate(line([2.0, 3.0, 1.0], horizon_s=100.0, capacity=2), tmp_path / "r")
    last = run.table("cycles", where="station = 's3'").sort_values("end_s")
    n = len(last)
    assert n == 32
    np.testing.assert_allclose(last["end_s"], 6.0 + 3.0 * np.arange(n), rtol=0, atol=1e-9)
    np.testing.assert_allclose(last["duration_s"], 1.0)


def test_states_of_a_deterministic_line_are_exact(tmp_path: Path) -> None:
    """s3 works 1 s in every 3 s from 5 s on; s1 is blocked once the buffer before s2 is full."""
    run = simulate(line([2.0, 3.0, 1.0], horizon_s=600.0, capacity=2), tmp_path / "r")
    shares = run.sql(
        "SELECT resource, state, sum(end_s - start_s) AS s FROM states GROUP BY ALL"
    ).set_index(["resource", "state"])["s"]
    assert shares["s2", "starved"] == pytest.approx(2.0)
    assert shares["s2", "working"] == pytest.approx(598.0)
    cycles_of_s3 = (600.0 - 5.0) // 3
    assert shares["s3", "working"] == pytest.approx(cycles_of_s3 + 1.0)
    # s1 gains 1 s on s2 with every unit: unit k is finished at 2 k until the buffer is full.
    blocked = run.table("states", where="resource = 's1' AND state = 'blocked'")
    assert blocked["end_s"].iloc[0] - blocked["start_s"].iloc[0] == pytest.approx(1.0)


def test_a_setup_free_web_is_exact(tmp_path: Path) -> None:
    """A roll of 10 m gives 40 sheets of 0.5 s: two magazines of 20 sheets in 20 s."""
    items = [
        {"id": "roll", "unit": "m", "units_per_lot": 10},
        {"id": "sheet", "units_per_lot": 20, "product": True},
    ]
    plant = tiny_plant(
        [
            station("cut", take="rolls", put="out", cycle=0.5, kind="web", product="sheet",
                    units_per_m=4.0, setup_s=30.0),
        ],
        items=items,
        buffers=[{"id": "rolls", "item": "roll", "capacity": 2, "position_m": [0, 0, 0],
                  "size_m": [1, 1, 1]}],
        sources=[source("src", "rolls", item="roll")],
        sinks=[sink()],
    )  # fmt: skip
    run = simulate(scenario(plant, 110.0), tmp_path / "r")
    shipped = run.table("units", where="event = 'shipped'")
    assert list(shipped["time_s"]) == pytest.approx([40.0, 50.0, 90.0, 100.0])
    assert set(shipped["n"]) == {20}
    cycles = run.table("cycles")
    assert len(cycles) == 80
    np.testing.assert_allclose(np.sort(cycles["end_s"])[:40], 30.0 + 0.5 * np.arange(1, 41))
