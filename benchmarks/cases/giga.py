"""A week of the 29 GWh plant, every record on."""

from __future__ import annotations

import resource
import tempfile
from pathlib import Path

from benchmarks.measure import cpu_s
from benchmarks.result import Figure, Result
from sim import simulate
from twin.errors import CelltwinError
from twin.plant.load import load_scenario

TITLE = "Gigafactory: a week of giga_29gwh"
PLANT = "giga_29gwh"
WEEK_S = 7 * 24 * 3600.0
CPU_S = 60.0
MEMORY_GB = 2.0


def measure(size: float, plant: str = PLANT) -> Result:
    """Time a week once, and note the largest memory of this process."""
    try:
        scenario = load_scenario(plant, horizon_s=WEEK_S * size)
    except CelltwinError:
        return Result("giga", TITLE, left_out=f"there is no plant {plant}")
    with tempfile.TemporaryDirectory() as parent:
        spent, run = cpu_s(lambda: simulate(scenario, Path(parent) / "run"))
    rows = run.manifest.rows
    memory_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return Result(
        "giga",
        TITLE,
        figures=(
            Figure(f"simulating {7 * size:g} days", spent, "CPU s", CPU_S * size,
                   note=f"{sum(rows.values()):,} rows, {rows['cycles']:,} cycles"),
            Figure("faster than the plant", scenario.horizon_s / spent, "x"),
            Figure("largest memory of the process", memory_gb, "GB", MEMORY_GB),
        ),
    )  # fmt: skip
