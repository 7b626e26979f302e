"""Key figures of a script: computed when the run is written, and kept with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sim.script.error import line_in
from twin.kpi.own import OwnValue, save_own
from twin.run.run import Run

KpiFunction = Callable[[Run], float | None]


@dataclass(frozen=True)
class OwnKpi:
    """A key figure a script defines."""

    name: str
    function: KpiFunction
    unit: str
    definition: str


def compute(kpis: Iterable[OwnKpi], run: Run, path: str) -> None:
    """Compute key figures of a script and store them in the run folder."""
    found = {kpi.name: _value(kpi, run, path) for kpi in kpis}
    if found:
        save_own(run.folder, found)


def _value(kpi: OwnKpi, run: Run, path: str) -> OwnValue:
    try:
        value = kpi.function(run)
        number = None if value is None else float(value)
    except Exception as error:  # noqa: BLE001 - whatever a script does, the run is there
        where = f"{path}:{line_in(path, error)}"
        why = f"{where}: {type(error).__name__}: {error}"
        return OwnValue(None, kpi.unit, kpi.definition, why)
    if number is None or not math.isfinite(number):
        return OwnValue(None, kpi.unit, kpi.definition, "the script returned no number")
    return OwnValue(number, kpi.unit, kpi.definition, None)
