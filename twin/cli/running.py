"""The ways to a run: from the beginning, from a snapshot, or the rest of an interrupted one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.cli.output import clock, progress, say
from twin.errors import CelltwinError, Problem

if TYPE_CHECKING:
    from sim import Checkpoints
    from twin.plant.scenario import Scenario
    from twin.run.run import Run


@dataclass(frozen=True)
class Wanted:
    """What the options of ``celltwin run`` ask for."""

    horizon_s: float | None
    warmup_s: float | None
    seed: int | None
    changes: dict[str, Any]
    every_s: float | None
    at_s: tuple[float, ...]
    script: str | None

    @property
    def nothing(self) -> bool:
        """Whether no option is given."""
        options = (self.horizon_s, self.warmup_s, self.seed, self.every_s, self.script)
        return not (self.changes or self.at_s) and all(option is None for option in options)

    def checkpoints(self, horizon_s: float) -> Checkpoints:
        """Return when to save the state.

        Raises
        ------
        CelltwinError
            A time is not within the run.
        """
        from sim import Checkpoints

        problems = [
            Problem(
                "--checkpoint-at", f"{at_s:g} s is not in the run, which ends at {horizon_s:g} s."
            )
            for at_s in self.at_s
            if not 0 < at_s <= horizon_s
        ]
        if self.every_s is not None and not 0 < self.every_s <= horizon_s:
            what = f"{self.every_s:g} s must be longer than 0 s and within {horizon_s:g} s."
            problems.append(Problem("--checkpoint-every", what))
        if problems:
            raise CelltwinError(problems)
        return Checkpoints(self.every_s, self.at_s)


def begun(
    what: str, wanted: Wanted, snapshot: Path | None, out: Path | None, *, force: bool
) -> Run:
    """Simulate a plant or scenario from the beginning, maybe with a given plant state."""
    from sim.snapshot.file import latest_checkpoint
    from twin.plant.load import load_scenario

    if snapshot is not None and snapshot.is_dir():
        snapshot = latest_checkpoint(snapshot)
    scenario = load_scenario(
        what,
        horizon_s=wanted.horizon_s,
        warmup_s=wanted.warmup_s,
        seed=wanted.seed,
        changes=wanted.changes,
        snapshot=snapshot,
        script=wanted.script,
    )
    checkpoints = wanted.checkpoints(scenario.horizon_s)
    folder = out or free_folder(f"{scenario.id}-{scenario.seed}")
    return simulated(scenario, folder, force=force, checkpoints=checkpoints)


def continued(source: Path, wanted: Wanted, out: Path | None, *, force: bool) -> Run:
    """Go on from a snapshot in a run folder of its own."""
    from sim import WhatIf, restore

    if wanted.script is not None:
        what = "a run goes on with the script it was begun with."
        raise CelltwinError(Problem("--script", what, "Leave it out."))
    what_if = WhatIf(wanted.changes, wanted.horizon_s, wanted.warmup_s, wanted.seed)
    checkpoints = wanted.checkpoints(wanted.horizon_s or float("inf"))
    run = source if source.is_dir() else source.resolve().parent.parent
    folder = out or free_folder(f"{run.name}-on")
    with progress(f"Going on from {source}") as tick:
        done = restore(source, folder, what_if, checkpoints=checkpoints, force=force, progress=tick)
    say_done(done)
    return done


def resumed(run: Path, wanted: Wanted, *, others: tuple[object, ...]) -> Run:
    """Finish an interrupted run."""
    from sim import resume

    if not wanted.nothing or any(other is not None for other in others):
        raise CelltwinError(
            Problem(
                "--resume",
                "goes on exactly as the run was begun, so it takes no other options.",
                "For something different use --from-snapshot.",
            )
        )
    with progress(f"Resuming {run}") as tick:
        done = resume(run, progress=tick)
    say_done(done)
    return done


def simulated(
    scenario: Scenario, folder: Path, *, force: bool, checkpoints: Checkpoints | None = None
) -> Run:
    """Simulate a scenario into a folder."""
    from sim import simulate

    with progress(f"Simulating {scenario.id} for {clock(scenario.horizon_s)}") as tick:
        done = simulate(scenario, folder, force=force, progress=tick, checkpoints=checkpoints)
    say_done(done)
    return done


def say_done(done: Run) -> None:
    """Say where a run is and what it is known by."""
    rows, digest = done.manifest.rows["cycles"], done.manifest.digest
    say(f"Run: {done.folder} ({rows:,} cycles, digest {digest})")


def free_folder(name: str) -> Path:
    """Return a run folder that does not exist yet."""
    base = Path("runs") / name
    folder, k = base, 2
    while folder.exists():
        folder, k = base.with_name(f"{base.name}-{k}"), k + 1
    return folder
