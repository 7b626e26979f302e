"""A run that is killed leaves a folder that opens, with every part that was closed.

Parts are written to a temporary name and renamed, so a reader never sees half of one. Whatever the
moment of ``kill -9``, what can be read is the beginning of the run that was not killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import simulate
from sim.run import FLUSH_S
from tests.support.plants import everything, scenario
from twin.kpi.kpis import kpis
from twin.run.run import Run

HORIZON_S = 60 * FLUSH_S
SCRIPT = """
import sys
from sim import simulate
from tests.support.plants import everything, scenario
simulate(scenario(everything(), {horizon_s}), sys.argv[1])
"""
ROOT = Path(__file__).parents[2]


def killed(folder: Path, flushes: int, delay_s: float) -> Run:
    """Start a run in a process of its own and kill it after so many flushes and a little time."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SCRIPT.format(horizon_s=HORIZON_S), str(folder)]
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    parts = folder / "tables" / "units"
    try:
        while len(list(parts.glob("part-*.parquet"))) < flushes:
            assert process.poll() is None, "the run ended before it was killed"
            time.sleep(0.001)
        time.sleep(delay_s)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL
    return Run.open(folder)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The first hours of the same run, undisturbed."""
    made = scenario(everything(), 12 * FLUSH_S)
    return simulate(made, tmp_path_factory.mktemp("whole") / "r")


@pytest.mark.parametrize(("flushes", "delay_s"), [(1, 0.0), (2, 0.013), (3, 0.04), (5, 0.0)])
def test_a_killed_run_is_the_beginning_of_the_whole(
    flushes: int, delay_s: float, whole: Run, tmp_path: Path
) -> None:
    run = killed(tmp_path / "r", flushes, delay_s)
    assert run.manifest.status == "running"
    assert run.manifest.digest is None
    for table in ("cycles", "levels", "units", "states", "moves", "alarms"):
        n_parts = len(run.parts(table))
        seen, expected = run.table(table), whole.table(table)
        assert n_parts >= flushes - 1 or table == "alarms"
        compared = min(len(seen), len(expected))
        assert compared == len(seen)
        pd.testing.assert_frame_equal(
            plain(seen), plain(expected.iloc[:compared]), check_exact=True, obj=table
        )
    assert run.horizon_s >= (flushes - 1) * FLUSH_S
    ends = run.table("levels")["time_s"].to_numpy()
    assert np.all(ends <= run.horizon_s + 2 * FLUSH_S)


def plain(rows: pd.DataFrame) -> pd.DataFrame:
    texts = {c: str for c in rows.columns if rows[c].dtype.name == "category"}
    return rows.astype(texts).reset_index(drop=True)


def test_key_figures_of_a_killed_run_can_be_computed(tmp_path: Path) -> None:
    run = killed(tmp_path / "r", 3, 0.0)
    figures = kpis(run)
    assert figures.status == "running"
    assert figures.shipped_units > 0
