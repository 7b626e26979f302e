"""Which improvement would bring how much: paired runs of the twin with common random numbers.

Every change is simulated with the same seeds as the plant as it is. Random streams belong to things
and purposes, so a change elsewhere leaves their draws alone, and the difference of a pair is the
change and little luck. Of the differences of n pairs the mean and its t interval are told
(Law 2015, *Simulation Modeling and Analysis*, 10.2.1 and 11.2). Intervals are for one change at a
time; of twenty changes without effect one may look like one at 95 %.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import stats

from sim.experiment.improvement import Improvement
from sim.experiment.outcome import Outcome
from sim.experiment.section import Section, long_cycle, sections
from sim.experiment.tasks import Task, run_tasks
from twin.check.capacity import station_capacities
from twin.errors import CelltwinError, Problem
from twin.plant.scenario import Scenario

CONFIDENCE = 0.95

Progress = Callable[[float, float], None]

Found = defaultdict[str, dict[int, Outcome]]
"""Change -> seed -> what the run brought; the plant as it is has the name ''."""


@dataclass(frozen=True)
class Gain:
    """What one improvement brings, in products per hour.

    Attributes
    ----------
    kind, id, label, what : str
        The improvement.
    section : str
        The section whose rate is told: its own; of vehicles and crews the slowest.
    gain_per_h, low_per_h, high_per_h : float
        Mean difference of the section's rate, and its 95 % interval.
    gain_pct : float
        The mean as a percentage of the rate as it is.
    shipped_gain_per_h : float
        Mean difference of shipped products within the run.
    n : int
        Pairs.
    limits : bool
        Whether its section is the slowest.
    """

    kind: str
    id: str
    label: str
    what: str
    section: str
    gain_per_h: float
    low_per_h: float
    high_per_h: float
    gain_pct: float
    shipped_gain_per_h: float
    n: int
    limits: bool

    @property
    def sure(self) -> bool:
        """Whether the interval lies above zero."""
        return self.low_per_h > 0


@dataclass(frozen=True)
class Confirmation:
    """The result of an experiment: gains in the slowest section first, the largest first.

    Attributes
    ----------
    rates_per_h : dict
        Section (named by its last station) -> products per hour of the plant as it is.
    shipped_per_h : float
        Shipped products of the plant as it is.
    slowest : str
        Section with the smallest rate.
    decoupled : dict
        Stations that cut the plant into sections -> products per hour by the plant file.
    gains : tuple of Gain
    seeds : tuple of int
    horizon_s, warmup_s : float
    complete : bool
        False where it was cancelled: then only what was done is there.
    """

    rates_per_h: dict[str, float]
    shipped_per_h: float
    slowest: str
    decoupled: dict[str, float | None]
    gains: tuple[Gain, ...]
    seeds: tuple[int, ...]
    horizon_s: float
    warmup_s: float
    complete: bool

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        data = asdict(self)
        for gain, one in zip(data["gains"], self.gains, strict=True):
            gain["sure"] = one.sure
        return {**data, "confidence": CONFIDENCE}


def confirm(
    scenario: Scenario,
    wanted: Sequence[Improvement],
    *,
    replications: int = 4,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Confirmation:
    """Simulate a scenario as it is and with each improvement, with the same seeds.

    Ctrl-C ends it early; improvements with at least two pairs are then told.

    Parameters
    ----------
    scenario : Scenario
        Its own seed is the first; its faults hold in all runs.
    wanted : sequence of Improvement
    replications : int
        Pairs for each, at least 2.
    jobs : int, optional
        Processes; default: one for each processor.
    progress : callable, optional
        Called with (runs done, runs in all).

    Raises
    ------
    CelltwinError
        Fewer than 2 replications, or a simulation failed.
    """
    if replications < 2:
        raise CelltwinError(
            Problem(
                "--replications", f"is {replications}, must be 2 or more.", "An interval needs two."
            )
        )
    seeds = tuple(scenario.seed + k for k in range(replications))
    cut = sections(scenario.plant, scenario.horizon_s - scenario.warmup_s)
    found: Found = defaultdict(dict)
    complete = True
    try:
        for task, brought in run_tasks(
            _tasks(scenario, wanted, seeds, cut), jobs=jobs, tick=progress or _quiet
        ):
            found[task.name][task.seed] = brought
    except KeyboardInterrupt:
        complete = False
        if len(found[""]) < 2:
            raise
    return _told(scenario, wanted, found, seeds=seeds, cut=cut, complete=complete)


def _told(
    scenario: Scenario,
    wanted: Sequence[Improvement],
    found: Found,
    *,
    seeds: tuple[int, ...],
    cut: Sequence[Section],
    complete: bool,
) -> Confirmation:
    """Return what the runs that were done say."""
    base = found[""]
    rates = {s.name: float(np.mean([o.rates_per_h[s.name] for o in base.values()])) for s in cut}
    slowest = min(rates, key=lambda name: rates[name], default="")
    gains = []
    for one in wanted:
        section = next((s.name for s in cut if one.id in s.members), slowest)
        pairs = _pairs(base, found[_key(one)], section)
        if len(pairs) >= 2:
            gains.append(_gain(one, pairs, section, limits=section == slowest))
    return Confirmation(
        rates_per_h=rates,
        shipped_per_h=float(np.mean([o.shipped_per_h for o in base.values()])),
        slowest=slowest,
        decoupled=_decoupled(scenario),
        gains=tuple(sorted(gains, key=lambda g: (not g.limits, -g.gain_per_h))),
        seeds=seeds,
        horizon_s=scenario.horizon_s,
        warmup_s=scenario.warmup_s,
        complete=complete,
    )


def _decoupled(scenario: Scenario) -> dict[str, float | None]:
    """Return what stations with long cycles can do by the plant file."""
    window_s, plant = scenario.horizon_s - scenario.warmup_s, scenario.plant
    rows, _ = station_capacities(plant)
    return {r.id: r.product_per_h for r in rows if long_cycle(plant.stations[r.id], window_s)}


def _tasks(
    scenario: Scenario,
    wanted: Sequence[Improvement],
    seeds: tuple[int, ...],
    cut: Sequence[Section],
) -> list[Task]:
    """Return all runs: those of the plant as it is first, then one change after the other."""
    needed = {section.name: section.needed for section in cut}
    text = scenario.model_dump_json(by_alias=True, exclude_defaults=True)
    return [
        Task(name, seed, text, needed, changes)
        for name, changes in [("", {}), *((_key(one), one.changes) for one in wanted)]
        for seed in seeds
    ]


Pair = tuple[float, float, float]
"""Rate as it is, difference of the rate, difference of shipped products."""


def _pairs(base: dict[int, Outcome], better: dict[int, Outcome], section: str) -> list[Pair]:
    return [
        (
            base[seed].rates_per_h.get(section, base[seed].shipped_per_h),
            _rate(better[seed], section) - _rate(base[seed], section),
            better[seed].shipped_per_h - base[seed].shipped_per_h,
        )
        for seed in sorted(set(base) & set(better))
    ]


def _rate(one: Outcome, section: str) -> float:
    return one.rates_per_h.get(section, one.shipped_per_h)


def _key(one: Improvement) -> str:
    return f"{one.kind} {one.id}"


def _gain(one: Improvement, pairs: Sequence[Pair], section: str, *, limits: bool) -> Gain:
    """Return mean and t interval of the paired differences."""
    now, gain, shipped = np.array(pairs).T
    n = len(pairs)
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, n - 1) * gain.std(ddof=1) / np.sqrt(n))
    mean = float(gain.mean())
    return Gain(
        kind=one.kind,
        id=one.id,
        label=one.label,
        what=one.what,
        section=section,
        gain_per_h=mean,
        low_per_h=mean - half,
        high_per_h=mean + half,
        gain_pct=100 * mean / float(now.mean()) if now.any() else 0.0,
        shipped_gain_per_h=float(shipped.mean()),
        n=n,
        limits=limits,
    )


def _quiet(done: float, total: float) -> None:
    del done, total
