"""Mapping files and the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.unit.imports.conftest import CYCLES, SIGNALS, samples, text_of
from twin.cli import app
from twin.errors import PlantError
from twin.imports import load_mapping


def problems(tmp_path: Path, text: str) -> str:
    (tmp_path / "map.yaml").write_text(text, "utf-8")
    with pytest.raises(PlantError) as caught:
        load_mapping(tmp_path / "map.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("column: t,", "colunm: t,", "map.yaml:6"),
        ("kind: samples", "kind: sounds", "sounds"),
        (
            "    cycle: n\n    signals: {current_j1_a: amp, speed_j1_rad_s: speed}\n",
            "",
            "no signal",
        ),
        ("    cycle: n\n", "    cycle: n\n    value: v\n", "'signal' and 'value' belong together"),
        ("id: cobot", "id: my cobot", "my cobot"),
    ],
)
def test_wrong_mappings_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SIGNALS
    assert said in problems(tmp_path, SIGNALS.replace(old, new))


def test_cycles_need_an_end_or_a_duration(tmp_path: Path) -> None:
    text = CYCLES.replace("    end: {column: end, format: seconds}\n", "")
    assert "needs one of 'end' and 'duration_s'" in problems(tmp_path, text)


def test_import_command_writes_a_run_and_tells_what_it_did(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(SIGNALS, "utf-8")
    (tmp_path / "log.csv").write_text(text_of(samples()), "utf-8")
    args = ["import", str(tmp_path / "log.csv"), "--map", str(tmp_path / "map.yaml")]
    done = CliRunner().invoke(app, [*args, "--out", str(tmp_path / "run"), "--json"])
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["machines"] == {"arm": 18}
    assert json.loads((tmp_path / "run" / "import.json").read_text())["cycles"] == 18
    again = CliRunner().invoke(app, [*args, "--out", str(tmp_path / "run")])
    assert again.exit_code == 2
    assert "--force" in again.stderr


def test_import_command_refuses_files_that_fit_no_log(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(
        SIGNALS.replace("kind: samples", "kind: samples\n    files: [arm_*.csv]"), "utf-8"
    )
    (tmp_path / "log.csv").write_text(text_of(samples()), "utf-8")
    args = [
        str(tmp_path / "log.csv"),
        str(tmp_path / "no.csv"),
        "--map",
        str(tmp_path / "map.yaml"),
    ]
    done = CliRunner().invoke(app, ["import", *args, "--out", str(tmp_path / "run")])
    assert done.exit_code == 2
    assert "does not exist" in done.stderr
    assert "fits none of the logs of the mapping (arm_*.csv)" in done.stderr
    assert not (tmp_path / "run").exists()
