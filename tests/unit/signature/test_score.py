"""Scores of single cycles."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.unit.imports.conftest import SIGNALS, imported, samples, text_of  # noqa: F401
from twin.cli import app
from twin.errors import RunError
from twin.imports import ImportResult
from twin.run.run import Run
from twin.signature import signature
from twin.signature.score import robust_z, shortest_half, skewed_z

Imported = Callable[..., ImportResult]


def test_shortest_half_gives_mean_and_deviation_of_normal_values() -> None:
    rng = np.random.default_rng(3)
    found = np.array([shortest_half(rng.normal(5, 2, 200)) for _ in range(400)])
    assert found[:, 0].mean() == pytest.approx(5, abs=0.15)
    assert found[:, 1].mean() == pytest.approx(2, rel=0.06)


def test_shortest_half_ignores_a_third_of_bad_values() -> None:
    rng = np.random.default_rng(3)
    values = np.concatenate([rng.normal(5, 1, 200), rng.normal(20, 1, 90)])
    middle, sd = shortest_half(values)
    assert middle == pytest.approx(5, abs=0.6)
    assert sd < 2


def test_the_long_tail_of_a_skewed_signal_is_usual() -> None:
    rng = np.random.default_rng(4)
    idle = pd.Series(np.abs(rng.normal(0, 0.01, 4000)))  # magnitude of a current that is zero
    assert (robust_z(idle, 500) > 4).mean() > 0.01
    assert (skewed_z(idle, 500) > 4).mean() < 0.0005
    fair = pd.Series(rng.normal(5, 1, 4000))
    assert skewed_z(fair, 500).std() == pytest.approx(1, rel=0.12)
    some = pd.concat([pd.Series(rng.normal(20, 1, 30)), fair], ignore_index=True)
    assert skewed_z(some, 500)[:30].min() > 8  # bad ones among the first hide nothing
    assert skewed_z(pd.Series([np.nan] * 5), 5).isna().all()


def with_faults() -> str:
    """A log whose cycle 5 has a stop of 30 s, and whose cycle 9 draws half the current."""
    rows, shift = [], 0.0
    for t, n, amp, speed in samples(30):
        drawn = str(float(amp) / 2) if n == "9" else amp
        rows.append([str(float(t) + shift), n, drawn, speed])
        if n == "5" and speed == "0.0" and shift == 0:
            rows += [[str(float(t) + k), n, "2.0", "0.0"] for k in range(1, 31)]
            shift = 30.0
    return text_of(rows)


def test_stop_and_lost_load_are_told_apart(imported: Imported) -> None:  # noqa: F811
    run = Run.open(imported(SIGNALS, with_faults()).folder)
    found = signature(run, "arm")
    odd = found.cycles[found.cycles["verdict"] != "normal"]
    assert list(zip(odd["start_s"], odd["verdict"], strict=True)) == [
        (50.0, "stopped"),
        (120.0, "load_lost"),
    ]
    assert found.baseline["duration_s"] == pytest.approx(10)
    assert found.baseline["load_a"] == pytest.approx(2, abs=0.05)


def test_robot_of_a_simulated_run_has_scores_too(short_run: Run) -> None:
    found = signature(short_run, "robot_pouch")
    assert found.n > 50
    assert found.missing == ("standstill_s: no joint speeds",)
    assert found.baseline["load_a"] > 1
    assert (found.cycles["verdict"] == "normal").mean() > 0.95


def test_a_lasting_fault_is_odd_and_what_was_before_is_usual(pilot_run: Run) -> None:
    found = signature(pilot_run, "robot_pouch").cycles
    before = found["start_s"] < 7200
    assert (found["verdict"][before] == "normal").mean() > 0.95
    assert (found["verdict"][~before] == "slow").mean() > 0.95


def test_unknown_machine_and_too_few_cycles_are_refused(short_run: Run) -> None:
    with pytest.raises(RunError, match=r"no robot or machine of this run \(nearest: 'robot_pouch'"):
        signature(short_run, "robot_poch")
    with pytest.raises(RunError, match="10 are needed"):
        signature(short_run, "formation_1")


def test_cycles_command_prints_odd_cycles(imported: Imported) -> None:  # noqa: F811
    folder: Path = imported(SIGNALS, with_faults()).folder
    done = CliRunner().invoke(app, ["cycles", str(folder), "arm"])
    assert done.exit_code == 0
    assert "stopped" in done.stdout
    assert "26 normal" in done.stderr
    data = json.loads(CliRunner().invoke(app, ["cycles", str(folder), "arm", "--json"]).stdout)
    assert data["n"] == 28
    assert data["cycles"][0]["verdict"] == "normal"
