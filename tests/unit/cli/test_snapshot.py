"""Checkpoints, continued and resumed runs from the command line."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from twin.cli import app
from twin.run.run import Run


def run_cli(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty minutes of the starter plant with checkpoints."""
    folder = tmp_path_factory.mktemp("base") / "run"
    done = run_cli("run", "starter", "--horizon", "20min", "--checkpoint-every", "8min",
                   "--checkpoint-at", "5min", "--out", folder)  # fmt: skip
    assert done.exit_code == 0, done.output
    return folder


def test_checkpoints_are_in_the_run(base: Path) -> None:
    names = [path.name for path in sorted((base / "checkpoint").iterdir())]
    assert names == [f"{t:015.3f}.json.gz" for t in (300, 480, 960)]


def test_continuing_gives_the_same_run(base: Path, tmp_path: Path) -> None:
    done = run_cli("run", "--from-snapshot", base, "--out", tmp_path / "r")
    assert done.exit_code == 0, done.output
    assert Run.open(tmp_path / "r").manifest.digest == Run.open(base).manifest.digest


def test_a_what_if_goes_on_longer_and_differently(base: Path, tmp_path: Path) -> None:
    first = sorted((base / "checkpoint").iterdir())[0]
    done = run_cli("run", "--from-snapshot", first, "--set", "stations.weld.machines=2",
                   "--horizon", "30min", "--out", tmp_path / "r")  # fmt: skip
    assert done.exit_code == 0, done.output
    run = Run.open(tmp_path / "r")
    assert (run.horizon_s, run.warmup_s) == (1800.0, 300.0)
    assert run.plant.stations["weld"].machines == 2


def test_a_plant_begins_with_a_state(base: Path, tmp_path: Path) -> None:
    done = run_cli("run", "starter", "--from-snapshot", base, "--horizon", "5min",
                   "--out", tmp_path / "r")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert Run.open(tmp_path / "r").scenario.initial != "steady"


@pytest.mark.parametrize(("arguments", "said"), [
    (["--horizon", "5min"], "what to simulate is missing"),
    (["starter", "--checkpoint-every", "0"], "--checkpoint-every: 0 s must be longer"),
    (["starter", "--horizon", "1h", "--checkpoint-at", "2h"], "7200 s is not in the run"),
    (["starter", "--checkpoint-at", "soon"], "'soon' is no time"),
    (["--from-snapshot", "nothing.json"], "is neither a run nor a snapshot file"),
    (["--from-snapshot", "state.json"], "is not in the 'checkpoint' folder of a run"),
    (["starter", "--from-snapshot", "state.json"], "plant.places.nowhere: does not exist"),
    (["--from-snapshot", "{base}", "--horizon", "1min"], "is not after the snapshot at 960 s"),
    (["--from-snapshot", "{base}", "--warmup", "2h"], "must be shorter"),
    (["--from-snapshot", "{base}", "--out", "{base}"], "is the run to go on from"),
    (["--from-snapshot", "{base}", "--set", "stations.wold.machines=2"], "nearest: 'weld'"),
    (["--resume", "{base}"], "is complete"),
    (["--resume", "{base}", "--seed", "3"], "takes no other options"),
    (["starter", "--resume", "{base}"], "takes no other options"),
    (["--resume", "nowhere"], "there is no such run folder"),
])  # fmt: skip
def test_wrong_input_is_refused_and_nothing_written(
    arguments: list[str], said: str, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    state = {"format": [1, 0], "plant": {"places": {"nowhere": []}}}
    Path("state.json").write_text(json.dumps(state), "utf-8")
    digest = Run.open(base).manifest.digest
    done = run_cli("run", *(a.replace("{base}", str(base)) for a in arguments))
    assert done.exit_code == 2, done.output
    assert said in done.stderr
    assert "Traceback" not in done.output
    assert not Path("runs").exists()
    assert Run.open(base).manifest.digest == digest


@pytest.mark.parametrize("other", [{"celltwin": "0.0.1"}, {"layout": None}])
def test_a_snapshot_of_another_engine_is_a_warm_start_only(
    base: Path, tmp_path: Path, other: dict[str, object]
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(base, copy)
    path = sorted((copy / "checkpoint").iterdir())[-1]
    data = json.loads(gzip.decompress(path.read_bytes()))
    data["engine"] |= other
    path.write_bytes(gzip.compress(json.dumps(data).encode()))
    done = run_cli("run", "--from-snapshot", copy, "--out", tmp_path / "r")
    assert done.exit_code == 2
    assert "warm start" in done.stderr
    assert not (tmp_path / "r").exists()
    done = run_cli("run", "starter", "--from-snapshot", path, "--horizon", "1min",
                   "--out", tmp_path / "r")  # fmt: skip
    assert done.exit_code == 0, done.output
