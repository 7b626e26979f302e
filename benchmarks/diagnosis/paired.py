"""Stated losses against the truth: the same run with and without the fault, same random numbers."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.diagnosis.faults import Injection, injections
from benchmarks.diagnosis.runs import scenario
from sim import simulate
from twin.flags import flags
from twin.run.run import Run

KINDS = (
    "vacuum_leak", "speed_override", "slow_cycle", "breakdown", "micro_stops", "scrap_burst",
    "machine_wear", "product_effect", "slow_repair", "lot_effect",
)  # fmt: skip
"""Kinds whose flags state a loss."""


@dataclass(frozen=True)
class Paired:
    """What a fault cost, and what its flags say; sums over the runs.

    Attributes
    ----------
    truth
        Units shipped without the fault less units shipped with it.
    plant_loss
        `plant_loss_units` of the flag about it with the largest loss.
    lost_units
        `lost_units` of that flag: what the resource could have made.
    waits_s, true_waits_s
        `waits_caused_s` in all, and how much longer other stations waited than without the fault.
    """

    injection: Injection
    truth: float
    plant_loss: float
    lost_units: float
    waits_s: float
    true_waits_s: float

    @property
    def name(self) -> str:
        """Kind, place and size."""
        told = {k: v for k, v in self.injection.values.items() if k in SHOWN}
        size = ", ".join(str(v) for v in told.values())
        return f"{self.injection.kind} ({size})"


SHOWN = (
    "robot", "station", "machine", "factor", "extra_grip_s", "repair", "per_h", "extra_scrap",
    "growth_per_h", "product", "origin",
)  # fmt: skip


def paired_losses(seeds: int) -> list[Paired]:
    """Return truth and statement for every injection of `KINDS`, `seeds` pairs of runs each."""
    with tempfile.TemporaryDirectory() as folder:
        return [_paired(one, seeds, Path(folder)) for one in injections() if one.kind in KINDS]


def _paired(injection: Injection, seeds: int, folder: Path) -> Paired:
    truth = plant = units = waits = true_waits = 0.0
    for seed in range(1, seeds + 1):
        path = folder / f"{injection.plant}_{seed}"
        if path.exists():
            healthy = Run.open(path)
        else:
            healthy = simulate(scenario(injection.plant, seed, []), path)
        faulty = simulate(scenario(injection.plant, seed, [injection]), folder / "f", force=True)
        mine = [f for f in flags(faulty) if injection.finds(f) and injection.right(f)]
        worst = max(mine, key=lambda f: f.evidence.get("plant_loss_units") or 0.0, default=None)
        truth += shipped(healthy) - shipped(faulty)
        true_waits += others_waited_s(faulty, injection) - others_waited_s(healthy, injection)
        if worst is not None:
            plant += float(worst.evidence.get("plant_loss_units") or 0.0)
            units += worst.lost_units
            waits += sum(worst.evidence.get("waits_caused_s", {}).values())
    return Paired(injection, truth, plant, units, waits, true_waits)


def shipped(run: Run) -> float:
    """Return the units shipped."""
    rows = run.sql("SELECT coalesce(sum(n), 0) AS n FROM units WHERE event = 'shipped'")
    return float(rows["n"].iloc[0])


def others_waited_s(run: Run, injection: Injection) -> float:
    """Return the machine-seconds that other stations were starved or blocked."""
    station = {m: s.id for s in run.plant.stations.values() for m in s.machine_ids}
    rows = run.sql(
        "SELECT resource, sum(end_s - start_s) AS s FROM states WHERE kind = 'machine'"
        " AND state IN ('starved', 'blocked') GROUP BY resource"
    )
    own = {str(injection.values.get(key)) for key in ("station", "machine", "robot")}
    own |= {station.get(name, "") for name in own} | ({"hand_over"} if "arm" in own else set())
    return float(
        sum(s for name, s in rows.itertuples(index=False) if station.get(str(name)) not in own)
    )
