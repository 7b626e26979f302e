"""The pilot plant: an 8-hour shift, and the command ``celltwin demo``."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measure import rounds
from benchmarks.result import Figure, Result
from sim import simulate
from twin.plant.load import load_scenario
from twin.plant.scenario import Scenario
from twin.run.run import Run

TITLE = "Pilot plant: a shift of 8 hours"
SCENARIO = "pilot_shift"
ROOT = Path(__file__).parents[2]


def measure(size: float, repeat: int) -> Result:
    """Time the shift in this process and the demo in one of its own."""
    hours = 8 * size
    scenario = load_scenario(SCENARIO, horizon_s=hours * 3600)
    timing = rounds({"shift": partial(simulated, scenario)}, repeat, after=_rows)["shift"]
    rows, cycles = timing.value()
    figures = [
        Figure(f"simulating {hours:g} h", timing.best_s, "CPU s"),
        Figure("rows written", rows / timing.best_s, "rows/CPU s", note=f"{rows:,} rows"),
        Figure(
            "visits of units", cycles / timing.best_s, "cycles/CPU s", note=f"{cycles:,} cycles"
        ),
        Figure("faster than the plant", hours * 3600 / timing.best_s, "x"),
    ]
    if size >= 1:
        spent = demo_cpu_s()
        figures.append(
            Figure("celltwin demo --no-serve", spent, "CPU s",
                   note="8 h, stage and key figures, from the start of Python")
        )  # fmt: skip
    return Result("shift", TITLE, figures=tuple(figures))


def simulated(scenario: Scenario, folder: Path) -> Run:
    """Simulate a scenario into a folder."""
    return simulate(scenario, folder)


def demo_cpu_s() -> float:
    """Return the CPU seconds of ``celltwin demo --no-serve``."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "twin.cli", "demo", "--no-serve", "--out", f"{folder}/demo"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=True,
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _rows(run: Run) -> tuple[int, int]:
    return sum(run.manifest.rows.values()), run.manifest.rows["cycles"]
