"""Replications: the same scenario with other seeds, and intervals of its key figures.

Of n independent runs the mean of a key figure has the interval ``mean +- t s / sqrt(n)``, with the
quantile t of Student's distribution with n - 1 degrees of freedom (Law 2015, *Simulation Modeling
and Analysis*, 9.4.1).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from sim.experiment.tasks import run_all
from sim.run import simulate
from twin.errors import CelltwinError, Problem
from twin.kpi import kpis
from twin.kpi.kpis import Kpis
from twin.kpi.warmup import Series, WarmUp, settled, warmup_series
from twin.plant.scenario import Scenario

CONFIDENCE = 0.95
PLANT_WIDE = (
    "throughput_per_h",
    "mean_wip",
    "mean_flow_time_s",
    "product_yield",
    "energy_kwh",
    "energy_kwh_per_good_unit",
)
"""Key figures of the whole plant; those of every station come on top."""

Values = dict[str, float | None]
Told = Callable[["Replication"], None]


@dataclass(frozen=True)
class Replication:
    """Key figures of one run; one that cannot be computed is None.

    `series` is what the warm-up is found from.
    """

    seed: int
    values: Values
    series: Series


@dataclass(frozen=True)
class Estimate:
    """Mean of a key figure over the runs that have it, and its interval.

    Attributes
    ----------
    mean, deviation : float
    low, high : float or None
        The 95 % interval; None with one run.
    n : int
        Runs that have the key figure.
    """

    mean: float
    deviation: float
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Replications:
    """Runs of one scenario, by seed.

    Attributes
    ----------
    scenario : str
    horizon_s, warmup_s : float
    runs : tuple of Replication
    complete : bool
        False where it was cancelled: then only the runs that were done are there.
    """

    scenario: str
    horizon_s: float
    warmup_s: float
    runs: tuple[Replication, ...]
    complete: bool = True

    def estimates(self) -> dict[str, Estimate]:
        """Return the estimate of every key figure that at least one run has."""
        found = {}
        for name in self.runs[0].values if self.runs else ():
            values = [run.values[name] for run in self.runs]
            known = [value for value in values if value is not None]
            if known:
                found[name] = estimate(known)
        return found

    def warmup(self) -> WarmUp | None:
        """Return where the mean of all runs settles; None without runs."""
        series = [run.series for run in self.runs]
        return settled(series, self.horizon_s) if series else None

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        found = self.warmup()
        return {
            "scenario": self.scenario,
            "horizon_s": self.horizon_s,
            "warmup_s": self.warmup_s,
            "found_warmup_s": None if found is None else found.length_s,
            "complete": self.complete,
            "confidence": CONFIDENCE,
            "estimates": {name: asdict(one) for name, one in self.estimates().items()},
            "runs": [{"seed": run.seed, "values": run.values} for run in self.runs],
        }


@dataclass(frozen=True)
class _Task:
    """One run: a seed, and the scenario as JSON."""

    seed: int
    scenario: str
    name: str = field(default="", init=False)


def estimate(values: list[float]) -> Estimate:
    """Return mean, deviation and Student-t interval of values of independent runs."""
    n, mean = len(values), float(np.mean(values))
    if n < 2:
        return Estimate(mean, 0.0, None, None, n)
    deviation = float(np.std(values, ddof=1))
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, n - 1)) * deviation / n**0.5
    return Estimate(mean, deviation, mean - half, mean + half, n)


def replicate(
    scenario: Scenario,
    n: int,
    *,
    jobs: int | None = None,
    progress: Callable[[float, float], None] | None = None,
    told: Told | None = None,
) -> Replications:
    """Simulate a scenario with `n` seeds, its own and those that follow; keep no run folder.

    Ctrl-C ends it early; the runs that were done are then returned.

    Parameters
    ----------
    scenario : Scenario
    n : int
        Runs, at least 2.
    jobs : int, optional
        Processes; default: one for each processor. The result does not depend on it.
    progress : callable, optional
        Called with (runs done, runs in all).
    told : callable, optional
        Called with each run as soon as it is done.

    Raises
    ------
    CelltwinError
        Fewer than 2 runs, or a simulation failed.
    """
    if n < 2:
        raise CelltwinError(Problem("--n", f"is {n}, must be 2 or more.", "An interval needs two."))
    text = scenario.model_dump_json(by_alias=True, exclude_defaults=True)
    tasks = [_Task(scenario.seed + k, text) for k in range(n)]
    runs: list[Replication] = []
    complete = True
    try:
        for _, run in run_all(tasks, _run, jobs=jobs, tick=progress or _quiet):
            runs.append(run)
            if told is not None:
                told(run)
    except KeyboardInterrupt:
        complete = False
    runs.sort(key=lambda run: run.seed)
    return Replications(scenario.id, scenario.horizon_s, scenario.warmup_s, tuple(runs), complete)


def _run(task: _Task) -> Replication:
    scenario = Scenario.model_validate_json(task.scenario)
    seeded = scenario.model_copy(update={"seed": task.seed})
    with tempfile.TemporaryDirectory(prefix="celltwin-") as folder:
        run = simulate(seeded, Path(folder) / "run")
        return Replication(task.seed, dict(_values(kpis(run))), warmup_series(run))


def _values(found: Kpis) -> Iterator[tuple[str, float | None]]:
    for name in PLANT_WIDE:
        yield name, getattr(found, name)
    for key, station in sorted(found.stations.items()):
        yield f"stations.{key}.throughput_per_h", station.throughput_per_h
        yield f"stations.{key}.oee", station.oee.oee


def _quiet(_done: float, _total: float) -> None:
    """Tell nobody."""
