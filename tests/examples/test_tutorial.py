"""The tutorial's commands, run one after the other in an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


pytestmark = pytest.mark.thorough


@pytest.fixture
def celltwin_on_path(tmp_path: Path) -> dict[str, str]:
    """An environment whose `celltwin` is the one under test."""
    shim = tmp_path / "bin" / "celltwin"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m twin.cli "$@"\n', "utf-8")
    shim.chmod(0o755)
    return {**os.environ, "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}"}


def followed(page: str, folder: Path, env: dict[str, str]) -> str:
    """Run the commands of a page in a folder, but for the dashboard; return what they print."""
    text = (ROOT / "docs" / "tutorial" / page).read_text("utf-8")
    folder.mkdir()
    said = ""
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        if "celltwin dashboard" in block:
            continue
        done = subprocess.run(
            ["bash", "-eu", "-c", block],
            cwd=folder,
            env=env,
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, f"{block}\n{done.stderr}"
        said += done.stdout + done.stderr
    return said


def test_tutorial_commands_run_and_show_what_it_says(
    tmp_path: Path, celltwin_on_path: dict[str, str]
) -> None:
    folder = tmp_path / "work"
    said = followed("first-plant.md", folder, celltwin_on_path)
    assert re.search(r"bottleneck\W.*weld", said)
    assert re.search(r"handling\s+robot\s+1:5\d:\d\d|handling\s+robot\s+2:0\d:\d\d", said)
    assert "grip" in said
    assert (folder / "runs" / "leak" / "stage" / "root.usda").is_file()


def test_the_slow_robot_is_found_explained_and_priced(
    tmp_path: Path, celltwin_on_path: dict[str, str]
) -> None:
    folder = tmp_path / "work"
    said = followed("slow-robot.md", folder, celltwin_on_path)
    assert re.search(
        r"pouch\s+robot_pouch\s+2:00:\d\d\s+vacuum_leak\s+grip\s+19\d\S*\s+warning", said
    )
    assert re.search(r"pouch\s+robot_pouch\s+2:00:\d\d\s+vacuum_leak\s+grip\s+\S+\s+critical", said)
    assert "robot_pouch:vacuum_kpa_low:" in said
    assert ": resolved." in said
    assert "The plant loses up to" in said
    assert "pairs of runs" in said
    assert (folder / "pouch.usdz").is_file()
