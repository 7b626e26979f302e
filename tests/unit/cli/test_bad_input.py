"""Every wrong input ends with a clear message, exit code 2, and nothing written."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from twin.cli import app
from twin.plant.library import find_plant

STARTER = find_plant("starter").read_text("utf-8")


def run_cli(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def line_of(text: str, part: str) -> int:
    return next(k for k, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


WRONG = {
    "misspelt key": (
        "            capacity: 20 ",
        "            capasity: 20 ",
        ["capasity", "capacity"],
    ),
    "unknown reference": ("put: belt_1", "put: bolt_1", ["bolt_1", "nearest: 'belt_1'"]),
    "negative time": ("mean_s: 9.0", "mean_s: -9.0", ["-9", "mean_s"]),
    "cyclic route": ("put: belt_2", "put: infeed", ["infeed"]),
    "lot that does not divide": (
        "put: exit\n",
        "put: exit\n            units_per_cycle: 2\n",
        ["units_per_cycle"],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_plant_is_refused_with_line_and_nothing_written(name: str) -> None:
    before, after, said = WRONG[name]
    assert STARTER.count(before) >= 1
    text = STARTER.replace(before, after, 1)
    Path("wrong.yaml").write_text(text, "utf-8")
    done = run_cli("run", "wrong.yaml", "--horizon", "1min", "--out", "runs/x")
    assert done.exit_code == 2, done.output
    assert "wrong.yaml:" in done.stderr
    assert all(part in done.stderr for part in said), done.stderr
    assert "Traceback" not in done.output
    assert not Path("runs").exists()


def test_line_of_a_misspelt_key_is_named() -> None:
    text = STARTER.replace("            capacity: 20 ", "            capasity: 20 ", 1)
    Path("wrong.yaml").write_text(text, "utf-8")
    done = run_cli("check", "wrong.yaml")
    assert f"wrong.yaml:{line_of(text, 'capasity')}:" in done.stderr


def test_all_problems_are_reported_at_once() -> None:
    text = STARTER
    for before, after, _ in (WRONG["misspelt key"], WRONG["unknown reference"]):
        text = text.replace(before, after, 1)
    Path("wrong.yaml").write_text(text, "utf-8")
    done = run_cli("check", "wrong.yaml")
    assert done.exit_code == 2
    assert "capasity" in done.stderr
    assert "bolt_1" in done.stderr


def test_overlapping_machines_are_refused_by_check() -> None:
    text = STARTER.replace("position_m: [13.7, 7, 0]", "position_m: [8.7, 7, 0]", 1)
    Path("wrong.yaml").write_text(text, "utf-8")
    done = run_cli("check", "wrong.yaml")
    assert done.exit_code == 2
    assert "weld" in done.stderr
    assert "press" in done.stderr
    assert "overlap" in done.stderr


def test_unreachable_stop_is_refused_by_check() -> None:
    text = find_plant("pilot").read_text("utf-8")
    wrong = text.replace("    nodes:\n", "    nodes:\n      cut: [2, 58]\n      off: [4, 58]\n", 1)
    wrong = wrong.replace("    lanes:\n", "    lanes:\n      - [cut, off]\n", 1)
    wrong = wrong.replace("at_boxes: {node: n6b", "at_boxes: {node: off", 1)
    assert wrong != text
    Path("wrong.yaml").write_text(wrong, "utf-8")
    done = run_cli("check", "wrong.yaml")
    assert done.exit_code == 2
    assert "off" in done.stderr
    assert "reach" in done.stderr


def test_binary_file_is_refused() -> None:
    Path("wrong.yaml").write_bytes(bytes(range(256)))
    done = run_cli("run", "wrong.yaml", "--out", "runs/x")
    assert done.exit_code == 2
    assert "wrong.yaml" in done.stderr
    assert not Path("runs").exists()


@pytest.mark.parametrize("command", ["kpi", "flags", "stage", "dashboard"])
def test_missing_run_is_refused(command: str) -> None:
    done = run_cli(command, "runs/nothing")
    assert done.exit_code == 2, done.output
    assert "runs/nothing" in done.stderr
    assert not Path("runs").exists()


def test_file_in_place_of_a_folder_of_runs_is_refused() -> None:
    Path("notes.txt").write_text("dear", "utf-8")
    done = run_cli("dashboard", "notes.txt")
    assert done.exit_code == 2
    assert "notes.txt" in done.stderr
    assert "is a file" in done.stderr


@pytest.mark.parametrize("command", ["kpi", "flags", "stage"])
def test_run_of_another_format_is_refused(command: str) -> None:
    Path("old").mkdir()
    Path("old/run.json").write_text(json.dumps({"format": [99, 0]}), "utf-8")
    done = run_cli(command, "old")
    assert done.exit_code == 2
    assert "format 99" in done.stderr
    assert [p.name for p in Path("old").iterdir()] == ["run.json"]


def test_port_in_use_is_refused_before_anything_is_simulated() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        Path("runs").mkdir()
        for arguments in (["demo", "--out", "runs/d"], ["dashboard", "runs"]):
            done = run_cli(*arguments, "--port", port)
            assert done.exit_code == 2, done.output
            assert str(port) in done.stderr
        assert not any(Path("runs").iterdir())


def test_run_that_exists_is_left_alone() -> None:
    Path("s.yaml").write_text(STARTER, "utf-8")
    assert run_cli("run", "s.yaml", "--horizon", "1min", "--out", "r").exit_code == 0
    before = Path("r/run.json").read_text("utf-8")
    done = run_cli("run", "s.yaml", "--horizon", "2min", "--out", "r")
    assert done.exit_code == 2
    assert "--force" in done.stderr
    assert Path("r/run.json").read_text("utf-8") == before
    assert run_cli("run", "s.yaml", "--horizon", "2min", "--out", "r", "--force").exit_code == 0


def test_folder_that_is_no_run_is_never_replaced() -> None:
    Path("mine").mkdir()
    Path("mine/letter.txt").write_text("dear", "utf-8")
    done = run_cli("run", "starter", "--horizon", "1min", "--out", "mine", "--force")
    assert done.exit_code == 2
    assert [p.name for p in Path("mine").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("option", "value"), [("--horizon", "soon"), ("--warmup", "-1h"), ("--set", "novalue")]
)
def test_wrong_option_is_refused(option: str, value: str) -> None:
    done = run_cli("run", "starter", option, value, "--out", "r")
    assert done.exit_code == 2
    assert option in done.stderr
    assert not Path("r").exists()


def test_unknown_plant_names_the_nearest() -> None:
    done = run_cli("run", "pilott")
    assert done.exit_code == 2
    assert "pilot" in done.stderr


def test_set_of_an_unknown_path_names_the_nearest() -> None:
    done = run_cli("run", "starter", "--set", "stations.wold.machines=2", "--out", "r")
    assert done.exit_code == 2
    assert "weld" in done.stderr
