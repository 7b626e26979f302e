"""The simulators that are compared: one module each, all of them simulate the same model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.model import Outcome

Simulator = Callable[[Any, Path], Outcome]


@dataclass(frozen=True)
class Subject:
    """A simulator as it appears in the tables.

    Attributes
    ----------
    name : str
        What it is called.
    module : str
        Module of this package that holds it.
    line, queue : str or None
        Function that simulates a `Line` or `Queue`; None if it cannot.
    package : str
        What must be installed.
    records : str
        What it notes while it simulates.
    breaks_down : bool
        Whether it can simulate the line with breakdowns.
    length : float
        Factor on the simulated time: what is very slow or fast is timed over another length.
    """

    name: str
    module: str
    line: str | None
    queue: str | None
    package: str
    records: str
    breaks_down: bool = True
    length: float = 1.0

    @property
    def installed(self) -> bool:
        """Whether its package can be imported."""
        return find_spec(self.package) is not None

    def simulator(self, function: str) -> Simulator:
        """Return one of its functions."""
        found: Simulator = getattr(import_module(f"{__name__}.{self.module}"), function)
        return found


CELLTWIN = "celltwin"
BASE = "SimPy, tables written"
BARE = "SimPy, nothing noted"

SUBJECTS = (
    Subject(CELLTWIN, "celltwin", "line", "queue", "simpy", "all tables, written"),
    Subject(BASE, "simpy_store", "line", "queue", "simpy", "its tables, written"),
    Subject(BARE, "simpy_store", "line_bare", "queue_bare", "simpy", "times of leaving only"),
    Subject("Ciw", "ciw_nodes", "line", "queue", "ciw", "its records, in memory",
            length=0.25),
    Subject("simantha", "simantha_line", "line", None, "simantha", "its counters and levels",
            breaks_down=False, length=0.25),
    Subject("salabim", "salabim_store", "line", "queue", "salabim", "its monitors", length=0.25),
    Subject("max-plus, compiled", "compiled", "line", None, "numba", "times of leaving only",
            length=20.0),
)  # fmt: skip
