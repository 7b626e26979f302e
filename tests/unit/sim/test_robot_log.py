"""What is noted of robots: sub-steps of whole and of cut cycles, and signals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import run as running
from sim import simulate
from twin.plant.load import load_scenario
from twin.plant.robot_faults import signals_of
from twin.run.run import Run

ROBOT, STATION = "robot_pouch", "pouch_form_insert"


def failing(folder: Path, policy: str) -> Run:
    """An hour in which the machine of a robot fails every minute or so."""
    breakdown = {"mtbf_h": 0.02, "mttr_h": 0.005, "unit": policy}
    changes = {f"stations.{STATION}.breakdown": breakdown}
    return simulate(load_scenario("pilot_shift", horizon_s=3600.0, changes=changes), folder)


@pytest.mark.parametrize("policy", ["resume", "scrap"])
def test_sub_steps_add_up_to_the_work_and_never_overlap(policy: str, tmp_path: Path) -> None:
    run = failing(tmp_path / "r", policy)
    steps = run.table("substeps", where=f"robot = '{ROBOT}'").sort_values(["cycle", "step"])
    starts, ends = steps["start_s"].to_numpy(), (steps["start_s"] + steps["actual_s"]).to_numpy()
    assert (starts[1:] > ends[:-1] - 1e-6).all()
    assert (steps["actual_s"] > 0).all()
    cycles = run.table("cycles", where=f"station = '{STATION}'").set_index("unit")
    assert (cycles["result"] == "scrap").sum() >= (5 if policy == "scrap" else 0)
    worked = steps.groupby("unit")["actual_s"].sum()
    np.testing.assert_allclose(worked.loc[cycles.index], cycles["duration_s"], atol=1e-9)


def test_what_is_sensed_does_not_depend_on_when_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def signals(name: str, flush_s: float) -> pd.DataFrame:
        monkeypatch.setattr(running, "FLUSH_S", flush_s)
        run = simulate(load_scenario("pilot_shift", horizon_s=3000.0), tmp_path / name)
        found = run.table("signals").astype({"resource": str, "signal": str})
        return found.sort_values(["resource", "signal", "time_s"], ignore_index=True)

    rare, often = signals("rare", 3600.0), signals("often", 300.0)
    assert set(rare["signal"]) == set(signals_of("full", vacuum=True))
    pd.testing.assert_frame_equal(rare, often, check_exact=True)
