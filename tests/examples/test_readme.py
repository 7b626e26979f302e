"""What the README shows works as it stands there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def run_command(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, cwd=folder, check=False, capture_output=True, text=True, timeout=600
    )


def test_readme_first_block_is_two_make_targets() -> None:
    commands = [line.split("#")[0].strip() for line in blocks("sh")[0].splitlines()]
    assert commands == ["make demo", "make test"]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert all(re.search(rf"(?m)^{c.split()[1]}:", makefile) for c in commands)


def test_readme_python_example_runs_and_prints_the_slow_grip(tmp_path: Path) -> None:
    (code,) = blocks("python")
    assert len(code.strip().splitlines()) <= 12
    done = run_command([sys.executable, "-c", code], tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.search(r"grip", done.stdout), done.stdout
    assert (tmp_path / "runs" / "three_stackers" / "run.json").is_file()


def test_readme_commands_run(tmp_path: Path) -> None:
    (lines,) = (b.splitlines() for b in blocks("sh") if "celltwin plants" in b)
    for line in lines:
        command = shlex.split(line, comments=True)
        assert command[0] == "celltwin"
        if command[1] == "dashboard":
            continue
        done = run_command([sys.executable, "-m", "twin.cli", *command[1:]], tmp_path)
        assert done.returncode == 0, f"{line}\n{done.stderr}"
    assert (tmp_path / "runs" / "mine" / "stage" / "root.usda").is_file()
