"""The command ``ergonomics``, and its table in ``kpi``."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from twin.cli import app
from twin.run.run import Run


def run_cli(*arguments: str | Path, exit_code: int = 0) -> Result:
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    assert done.exit_code == exit_code, done.output
    return done


def test_every_task_with_its_limit_validity_and_remedy(pilot_run: Run) -> None:
    done = run_cli("ergonomics", pilot_run.folder)
    rows = {}
    for line in done.stdout.splitlines():
        words = line.split()
        for task in {"empty_core", "cathode_magazine", "insert"}.intersection(words):
            rows[task] = line
    assert "outside validity" in rows["empty_core"]
    assert "goal" not in rows["cathode_magazine"]
    assert "1.0 or less: design goal" in rows["insert"]
    assert "conditions not stated" in rows["insert"]
    why = "notch_cathode, notch_anode, stack ('dry_room' is a dry room)"
    assert f"Outside the method's validity, no judgement: {why}" in done.stderr
    assert "notch_anode, offcut_bin: bring it closer: H at the origin from 0.45 to" in done.stderr
    assert "no conformance claimed" in done.stderr
    assert "operators_4" in done.stdout
    assert "in dry rooms" in done.stdout


def test_ergonomics_as_json_and_beside_the_key_figures(pilot_run: Run) -> None:
    data = json.loads(run_cli("ergonomics", pilot_run.folder, "--json").stdout)
    all_of_it = json.loads(run_cli("kpi", pilot_run.folder, "--json").stdout)
    assert all_of_it["ergonomics"]["stations"].keys() == data["stations"].keys()
    index = data["stations"]["stack"]["lifting_index"]
    assert index == all_of_it["ergonomics"]["stations"]["stack"]["lifting_index"]
    shown = run_cli("kpi", pilot_run.folder).stdout
    assert "Manual handling" in shown
    assert f"{index:.4g}" in shown


def test_a_plant_without_lifts_is_said(tmp_path: Path) -> None:
    run_cli("run", "starter", "--horizon", "10m", "--out", tmp_path / "r")
    done = run_cli("ergonomics", tmp_path / "r", exit_code=2)
    assert "declares no lifts. Write 'lifts:' at the stations" in done.stderr
