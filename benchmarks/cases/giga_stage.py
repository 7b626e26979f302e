"""The whole stage of an hour of the gigafactory: time, memory, size, and opening it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.result import Figure, Result
from sim import simulate
from twin.plant.load import load_scenario

TITLE = "Stage of an hour of giga_29gwh"
PLANT = "giga_29gwh"
HORIZON_S = 3600.0
CPU_S = 60.0
MEMORY_MB = 2000.0
OPEN_S = 1.0

_WRITE = """
import json, resource, sys, time
from twin.run.run import Run
from twin.usd import write_stage

run = Run.open(sys.argv[1])
begin = time.process_time()
report = write_stage(run, sys.argv[2])
cpu_s = time.process_time() - begin
peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
print(json.dumps({"cpu_s": cpu_s, "peak_mb": peak_mb, "mb": report.bytes / 1e6}))
"""
_OPEN = """
import json, sys, time
from pxr import Usd

begin = time.process_time()
stage = Usd.Stage.Open(sys.argv[1])
cpu_s = time.process_time() - begin
prims = sum(1 for _ in stage.Traverse())
found = {"cpu_s": cpu_s, "prims": prims, "prototypes": len(stage.GetPrototypes())}
print(json.dumps({**found, "layers": len(stage.GetUsedLayers())}))
"""


def measure(size: float, plant: str = PLANT) -> Result:
    """Simulate, write and open, each of the last two in a process of its own."""
    with tempfile.TemporaryDirectory() as parent:
        run, stage = Path(parent) / "run", Path(parent) / "stage"
        simulate(load_scenario(plant, horizon_s=HORIZON_S * size), run)
        written = _apart(_WRITE, run, stage)
        opened = _apart(_OPEN, stage / "root.usda")
    holds = f"{opened['prims']:,.0f} prims, {opened['prototypes']:.0f} prototypes"
    return Result(
        "giga_stage",
        TITLE,
        figures=(
            Figure("writing it", written["cpu_s"], "CPU s", CPU_S, note=f"{written['mb']:.0f} MB"),
            Figure("most memory while writing", written["peak_mb"], "MB", MEMORY_MB),
            Figure("opening it", opened["cpu_s"], "CPU s", OPEN_S, note=holds),
            Figure("layers", opened["layers"], ""),
        ),
    )


def _apart(program: str, *arguments: Path) -> dict[str, float]:
    """Run a program in a process of its own; return the numbers it prints."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
