"""Blender as an independent reader: it lives in an environment of its own, and may be absent."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pxr import Usd

from twin.run.run import Run
from twin.usd import StageReport, write_stage

TREE = Path(__file__).parents[2]
PROBE = Path(__file__).with_name("probe.py")
TIMES_S = (361.3, 799.75, 1033.0)
SHOTS = {
    "overview": "Overview@800",
    "workcell": "Workcells/pouch@800",
    "flight_1": "FlyThrough@22",
    "flight_2": "FlyThrough@41",
}


@dataclass(frozen=True)
class Seen:
    """What Blender said about a stage, and where its pictures are."""

    report: dict[str, Any]
    pictures: Path


@pytest.fixture(scope="session")
def python() -> str:
    """The Python that has `bpy`."""
    asked = os.environ.get("CELLTWIN_BPY")
    found = Path(asked or TREE / ".venv-bpy" / "bin" / "python")
    if found.is_file():
        return str(found)
    if asked:
        pytest.fail(f"CELLTWIN_BPY={asked} is no program")
    pytest.skip("Blender's Python is not there: make render-env, or set CELLTWIN_BPY")


@pytest.fixture(scope="session")
def written(python: str, short_run: Run, tmp_path_factory: pytest.TempPathFactory) -> StageReport:
    """The stage of the run."""
    return write_stage(short_run, tmp_path_factory.mktemp("render") / "stage")


@pytest.fixture(scope="session")
def stage(written: StageReport) -> Usd.Stage:
    """The stage as OpenUSD reads it."""
    return Usd.Stage.Open(str(written.root))


@pytest.fixture(scope="session")
def seen(python: str, written: StageReport, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """The stage as Blender reads it."""
    pictures = tmp_path_factory.mktemp("pictures")
    frames = ",".join(str(time * 24.0) for time in TIMES_S)
    shots = [f"{name}={place}" for name, place in SHOTS.items()]
    command = [python, str(PROBE), str(written.root), frames, str(pictures), *shots]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    lines = [line for line in done.stdout.splitlines() if line.startswith("REPORT ")]
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(lines) == 1, done.stdout + done.stderr
    return Seen(json.loads(lines[0].removeprefix("REPORT ")), pictures)
