"""Memory does not grow with the horizon: what is over is written and forgotten every hour.

The largest size of all Python objects during a run (tracemalloc), four times as long: a run that
kept its rows, lots or draws would need about four times as much.
"""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from sim import simulate
from tests.support.plants import everything, scenario
from twin.plant.load import load_scenario
from twin.plant.scenario import Scenario

HOUR_S = 3600.0


def peak_bytes(made: Scenario, horizon_s: float, folder: Path) -> int:
    tracemalloc.start()
    try:
        simulate(made.model_copy(update={"horizon_s": horizon_s}), folder)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["starter", "everything"])
def test_memory_is_flat_over_the_horizon(name: str, tmp_path: Path) -> None:
    starter = name == "starter"
    made = load_scenario("starter") if starter else scenario(everything(), HOUR_S, initial="steady")
    peak_bytes(made, HOUR_S / 4, tmp_path / "warm")  # imports and caches are filled once
    short = peak_bytes(made, 3 * HOUR_S, tmp_path / "short")
    long = peak_bytes(made, 12 * HOUR_S, tmp_path / "long")
    assert long < 1.25 * short
