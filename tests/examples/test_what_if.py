"""The commands and the code of the how-to on what-ifs, and the example of the plant state."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from twin.plant.load import load_plant
from twin.plant.state import PlantState
from twin.plant.state_rules import check_state
from twin.run.run import Run

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "how-to" / "what-if.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def run(command: list[str], folder: Path) -> str:
    path = os.pathsep.join([str(folder / "bin"), os.environ["PATH"]])
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, check=False, capture_output=True,
        text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_commands_and_code_run_and_show_what_the_breakdown_cost(tmp_path: Path) -> None:
    shim = tmp_path / "bin" / "celltwin"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m twin.cli "$@"\n', "utf-8")
    shim.chmod(0o755)
    for block in blocks("sh"):
        run(["bash", "-eu", "-c", block], tmp_path)
    same, more = (Run.open(tmp_path / "runs" / name) for name in ("same", "more"))
    assert more.manifest.totals["shipped"] > 1.2 * same.manifest.totals["shipped"]
    (code,) = blocks("python")
    assert re.search(
        r"'same': [\d.]+, 'faster': [\d.]+", run([sys.executable, "-c", code], tmp_path)
    )


def test_the_example_of_a_plant_state_fits_the_starter_plant() -> None:
    page = (DOCS / "plant-state.md").read_text("utf-8")
    example = json.loads(re.findall(r"```json\n(.*?)```", page, re.DOTALL)[1])
    state = PlantState.model_validate(example["plant"])
    assert not check_state(state, load_plant("starter").plant, "example")
