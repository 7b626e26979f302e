"""MSER-5: by hand, against its formula, and on runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.unit.kpi.run_builder import scenario, station, write_run
from twin.cli import app
from twin.errors import CelltwinError
from twin.kpi.warmup import find_warmup, mser, settled_window
from twin.run.run import Run

ITEMS = [{"id": "battery_cell", "product": True}]


def events(fill_s: float, horizon_s: float, step_s: float = 10.0) -> list[dict[str, Any]]:
    """A unit every `step_s`, each shipped after `fill_s`; half a step off the edges of bins."""
    rows: list[dict[str, Any]] = []
    for k in range(int(horizon_s / step_s)):
        at_s = (k + 0.5) * step_s
        about = {"lot": k + 1, "unit": k + 1, "item": "battery_cell", "n": 1}
        rows.append({"time_s": at_s, "event": "created", "station": "a", **about})
        if at_s + fill_s < horizon_s:
            rows.append({"time_s": at_s + fill_s, "event": "shipped", "station": "out", **about})
    return sorted(rows, key=lambda row: row["time_s"])


def run_of(folder: Path, fill_s: float, horizon_s: float) -> Run:
    made = scenario([station("a")], items=ITEMS, horizon_s=horizon_s)
    return write_run(folder, made, units=events(fill_s, horizon_s))


def test_what_is_different_at_the_start_is_left_out() -> None:
    assert mser([0.0] * 5 + [10.0] * 95) == 5
    assert mser([0.0] * 7 + [10.0] * 93) == 10, "in whole batches of five"
    assert mser([3.3] * 100) == 0


def test_a_trend_and_a_short_series_are_too_early_to_say() -> None:
    assert mser([*range(100)]) is None
    assert mser([1.0] * 49) is None


def test_it_is_the_smallest_standard_error() -> None:
    """The formula, written out once more: batches left out one by one."""
    rng = np.random.default_rng(4)
    for _ in range(20):
        start = rng.exponential(8.0) * np.exp(-np.arange(500) / rng.uniform(5, 60))
        values = start + rng.normal(5.0, 1.0, 500)
        means = values.reshape(100, 5).mean(axis=1)
        errors = [means[d:].var() / (100 - d) for d in range(96)]
        best = int(np.argmin(errors))
        assert mser(values) == (None if best > 50 else 5 * best)


def test_a_plant_that_fills_for_1000_s_has_warmed_up_then(tmp_path: Path) -> None:
    """From then on one unit comes and one leaves every 10 s, and 100 are in the plant."""
    found = find_warmup(run_of(tmp_path / "run", 1000.0, 10_000.0))
    assert found.settled_s == {"throughput": 1000.0, "wip": 1000.0}
    assert found.length_s == 1000.0


def test_a_run_that_ends_before_it_has_settled_is_refused(tmp_path: Path) -> None:
    run = run_of(tmp_path / "run", 7000.0, 10_000.0)
    assert find_warmup(run).length_s is None
    with pytest.raises(CelltwinError, match="does not settle in the first half of its 10000 s"):
        settled_window(run)
    nothing = run_of(tmp_path / "nothing", 20_000.0, 10_000.0)
    assert find_warmup(nothing).settled_s == {"throughput": None, "wip": None}


def test_key_figures_after_another_warm_up(tmp_path: Path) -> None:
    folder = str(run_of(tmp_path / "run", 1000.0, 10_000.0).folder)
    done = CliRunner().invoke(app, ["kpi", folder, "--warmup", "auto", "--json"])
    assert done.exit_code == 0
    assert '"from_s": 1000.0' in done.stdout
    assert '"throughput_per_h": 360.0' in done.stdout
    assert "Warm-up found: 0:16:40" in done.stderr
    given = CliRunner().invoke(app, ["kpi", folder, "--warmup", "1h", "--json"])
    assert '"from_s": 3600.0' in given.stdout
    late = CliRunner().invoke(app, ["kpi", folder, "--warmup", "3h"])
    assert (late.exit_code, "not within the run" in late.stderr) == (2, True)
