"""A fleet of vehicles in traffic, where `benchmarks.vehicles` is there to measure it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from benchmarks.result import Figure, Result

TITLE = "Vehicles: 100 on about 500 nodes, with traffic"
MODULE = "benchmarks.vehicles"
TRANSPORTS = "transports_per_cpu_s"
TARGET = 8_000.0


def measure(module: str = MODULE) -> Result:
    """Return the figures the module measures, or that it is missing."""
    if find_spec(module) is None:
        return Result("vehicles", TITLE, left_out=f"there is no module {module}")
    measured: Callable[[], dict[str, float]] = import_module(module).measure
    figures = tuple(
        Figure(name, value, "", TARGET if name == TRANSPORTS else None, more_is_better=True)
        for name, value in measured().items()
    )
    return Result("vehicles", TITLE, figures=figures)
