"""The tutorial's commands, run one after the other in an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def celltwin_on_path(tmp_path: Path) -> dict[str, str]:
    """An environment whose `celltwin` is the one under test."""
    shim = tmp_path / "bin" / "celltwin"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m twin.cli "$@"\n', "utf-8")
    shim.chmod(0o755)
    return {**os.environ, "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}"}


def test_tutorial_commands_run_and_show_what_it_says(
    tmp_path: Path, celltwin_on_path: dict[str, str]
) -> None:
    text = (ROOT / "docs" / "tutorial" / "first-plant.md").read_text("utf-8")
    folder = tmp_path / "work"
    folder.mkdir()
    said = ""
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        if "celltwin dashboard" in block:
            continue
        done = subprocess.run(
            ["bash", "-eu", "-c", block],
            cwd=folder,
            env=celltwin_on_path,
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, f"{block}\n{done.stderr}"
        said += done.stdout
    assert re.search(r"bottleneck\W.*weld", said)
    assert re.search(r"handling\s+robot\s+1:5\d:\d\d|handling\s+robot\s+2:0\d:\d\d", said)
    assert "grip" in said
    assert (folder / "runs" / "leak" / "stage" / "root.usda").is_file()
