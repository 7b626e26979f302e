"""Replications: intervals by hand, seeds, files, and what a cancelled experiment leaves."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import simulate
from sim.experiment import replicate
from sim.experiment.replications import estimate
from tests.support.plants import exponential, line
from twin.cli import app
from twin.errors import CelltwinError
from twin.kpi import kpis
from twin.plant.scenario import Scenario


def saturated(horizon_s: float = 4000.0) -> Scenario:
    return line([exponential(2.0)], horizon_s=horizon_s, first_capacity=50)


def test_interval_by_hand() -> None:
    """Mean 2.5, deviation sqrt(5/3), t(0.975, 3) = 3.18245: 2.5 +- 3.18245 x 1.29099 / 2."""
    found = estimate([1.0, 2.0, 3.0, 4.0])
    assert (found.mean, found.n) == (2.5, 4)
    assert found.deviation == pytest.approx(1.2909944)
    assert (found.low, found.high) == (pytest.approx(0.44574, abs=1e-5),
                                       pytest.approx(4.55426, abs=1e-5))  # fmt: skip
    assert (estimate([3.0]).low, estimate([3.0]).high) == (None, None)


def test_each_run_is_the_run_of_its_seed(tmp_path: Path) -> None:
    found = replicate(saturated(), 3, jobs=1)
    assert [run.seed for run in found.runs] == [1, 2, 3]
    alone = simulate(saturated().model_copy(update={"seed": 2}), tmp_path / "r")
    assert found.runs[1].values["throughput_per_h"] == kpis(alone).throughput_per_h
    assert len({run.values["throughput_per_h"] for run in found.runs}) == 3


def test_interval_holds_the_rate_of_a_saturated_machine() -> None:
    """Exponential times of 2 s, always a unit waiting: 1,800 an hour in the mean."""
    found = replicate(saturated(20_000.0), 12, jobs=1).estimates()["throughput_per_h"]
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low < 0.02 * 1800
    assert found.low < 1800 < found.high


def test_warm_up_is_found_from_the_mean_of_the_runs() -> None:
    """An M/M/1 queue of load 0.5 from empty settles within a few hundred services of 2 s."""
    scenario = line([exponential(2.0)], horizon_s=20_000.0, first_capacity=1000,
                    arrivals=exponential(4.0))  # fmt: skip
    found = replicate(scenario, 8, jobs=1).warmup()
    assert found is not None
    assert set(found.settled_s) == {"throughput", "wip"}
    assert found.length_s is not None
    assert found.length_s < 2000.0


def test_one_run_gives_no_interval() -> None:
    with pytest.raises(CelltwinError, match="must be 2 or more"):
        replicate(saturated(), 1)


def test_command_writes_runs_and_intervals(tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ["--n", "2", "--horizon", "20m", "--jobs", "2", "--seed", "5", "--out", str(out)]
    done = CliRunner().invoke(app, ["replicate", "starter", *options])
    assert done.exit_code == 0
    assert "throughput_per_h" in done.stdout
    rows = [*csv.DictReader((out / "runs.csv").read_text().splitlines())]
    assert {row["seed"] for row in rows} == {"5", "6"}
    data = json.loads((out / "replications.json").read_text())
    assert data["complete"]
    told = [float(row["throughput_per_h"]) for row in rows]
    assert data["estimates"]["throughput_per_h"]["mean"] == pytest.approx(sum(told) / 2)


def test_a_cancelled_experiment_keeps_what_was_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def interrupted(scenario: Scenario, folder: Path) -> object:
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.append(scenario.seed)
        return simulate(scenario, folder)

    monkeypatch.setattr("sim.experiment.replications.simulate", interrupted)
    out = tmp_path / "out"
    options = ["--n", "5", "--horizon", "20m", "--jobs", "1", "--out", str(out)]
    done = CliRunner().invoke(app, ["replicate", "starter", *options])
    assert done.exit_code == 130
    assert "2 of 5 runs were done" in done.stderr
    assert len((out / "runs.csv").read_text().splitlines()) == 3
    data = json.loads((out / "replications.json").read_text())
    assert (data["complete"], data["estimates"]["throughput_per_h"]["n"]) == (False, 2)


def _heed_ctrl_c() -> None:
    """Heed Ctrl-C also where the tests run in the background of a shell, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_ends_the_runs_under_way(tmp_path: Path) -> None:
    """Runs of 200 h would take minutes: they are ended at once, and their folders removed."""
    out, temporary = tmp_path / "out", tmp_path / "temporary"
    temporary.mkdir()
    options = ["starter", "--n", "9", "--horizon", "200h", "--jobs", "2", "--out", str(out)]
    command = [sys.executable, "-m", "twin.cli", "replicate", *options]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    began = subprocess.Popen(
        command,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heed_ctrl_c,  # noqa: PLW1509 - no threads here
    )
    while not any(temporary.glob("celltwin-*/run/run.json")) and began.poll() is None:
        time.sleep(0.05)
    began.send_signal(signal.SIGINT)
    _, said = began.communicate(timeout=60)
    assert (began.returncode, "Cancelled: 0 of 9" in said) == (130, True), said
    assert not [*temporary.glob("celltwin-*")]
