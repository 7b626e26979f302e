"""False alarms of the whole product: every flag on runs without a fault."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.diagnosis.runs import BOARDS, run_flags, scenario
from twin.flags import Flag
from twin.plant.load import load_scenario
from twin.plant.scenario import Scenario

FIRST_SEED = 1001
"""Seeds of healthy runs: others than those of runs with faults."""
PILOT_RUNS_SHARE = 3
"""One shift of the pilot plant for so many runs of each plant of the board."""


@dataclass
class Healthy:
    """Healthy hours of one plant, and the flags on them.

    Attributes
    ----------
    tested
        Flags that rest on a test, by cause: all of them are false.
    plain
        Flags that are plain thresholds (waiting), by cause: they say what is so.
    """

    plant: str
    runs: int = 0
    station_hours: float = 0.0
    tested: Counter[str] = field(default_factory=Counter)
    plain: Counter[str] = field(default_factory=Counter)

    def add(self, found: list[Flag], hours: float) -> None:
        """Count a run."""
        self.runs += 1
        self.station_hours += hours
        for flag in found:
            plain = flag.evidence.get("method") == "threshold"
            (self.plain if plain else self.tested)[flag.cause] += 1

    def per_1000_h(self, *, plain: bool = False) -> float:
        """Return flags per 1,000 station-hours."""
        n = self.tested.total() + (self.plain.total() if plain else 0)
        return 1000 * n / self.station_hours if self.station_hours else 0.0


def healthy_runs(runs: int) -> list[Healthy]:
    """Return what is flagged on `runs` healthy runs of each plant of the board, and on shifts."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name, board in BOARDS.items():
            seen = Healthy(name)
            for seed in range(FIRST_SEED, FIRST_SEED + runs):
                found = run_flags(scenario(name, seed, []), Path(folder) / "run")
                seen.add(found, board.machines * board.horizon_s / 3600)
            results.append(seen)
        seen = Healthy("pilot_shift")
        for seed in range(FIRST_SEED, FIRST_SEED + runs // PILOT_RUNS_SHARE):
            made = _pilot(seed)
            machines = sum(s.machines for s in made.plant.stations.values())
            seen.add(run_flags(made, Path(folder) / "run"), machines * made.horizon_s / 3600)
        results.append(seen)
    return results


def total(seen: Sequence[Healthy]) -> Healthy:
    """Return all plants together."""
    both = Healthy("all")
    for one in seen:
        both.runs += one.runs
        both.station_hours += one.station_hours
        both.tested += one.tested
        both.plain += one.plain
    return both


def _pilot(seed: int) -> Scenario:
    return load_scenario("pilot_shift", seed=seed)
