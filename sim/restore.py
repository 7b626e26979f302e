"""Going on from a snapshot: the same run, or what would be if something were different."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.checkpoints import Checkpoints
from sim.run import Progress, Running, conclude, finish
from sim.script.rules import own_rules
from sim.snapshot.file import FOLDER, Snapshot, latest_checkpoint
from sim.snapshot.kinds import fail
from twin.errors import PlantError
from twin.plant.assembly import checked_plant
from twin.plant.change import apply_changes
from twin.plant.plant import Plant
from twin.plant.scenario import Scenario
from twin.plant.tree import Problems, from_plain
from twin.run.history import History
from twin.run.lock import refuse_busy, run_lock
from twin.run.manifest import FILE_NAME
from twin.run.run import Run
from twin.run.scenario_file import scenario_hash
from twin.run.writer import RunWriter


@dataclass(frozen=True)
class WhatIf:
    """What is different from a snapshot on.

    Attributes
    ----------
    changes : mapping
        Path -> value, as in a scenario's ``set``.
    horizon_s, seed : optional
        Replace the run's own; with another seed all draws after the snapshot are others.
    warmup_s : float, optional
        Left out of all key figures; by default everything before the snapshot.
    """

    changes: Mapping[str, object] = field(default_factory=dict)
    horizon_s: float | None = None
    warmup_s: float | None = None
    seed: int | None = None


def restore(
    source: str | Path,
    out: str | Path,
    what_if: WhatIf | None = None,
    *,
    checkpoints: Checkpoints | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Go on from a snapshot in a new run folder, which begins with the past of the old one.

    Without changes the new run is, row by row, what the old one is or would have become.

    Parameters
    ----------
    source : str or Path
        A run, whose last checkpoint is taken, or a file in the ``checkpoint`` folder of a run.
    out : str or Path
        The run folder to write.
    what_if : WhatIf, optional
        What is different from the snapshot on.
    checkpoints : Checkpoints, optional
        When the new run saves its state.
    force, progress
        As of `simulate`.

    Raises
    ------
    CelltwinError
        The snapshot cannot be used, or something in it has no place in the changed plant.
    """
    path, run = _located(Path(source))
    if run.resolve() == Path(out).resolve():
        raise fail(str(out), "is the run to go on from.", "Choose another folder, or use --resume.")
    snapshot, old = _read(path, run)
    wanted = what_if or WhatIf()
    scenario = _changed(old, snapshot.now_s, wanted)
    before = old if wanted.changes else None
    running = Running(scenario, checkpoints)
    with own_rules() as rules:
        running.go_on(snapshot.engine, before, rules)
        history = _history(snapshot, run)
        refuse_busy(Path(out))
        running.write_to(RunWriter(Path(out), scenario, force=force, history=history))
        return finish(running, progress)


def resume(run: str | Path, *, progress: Progress | None = None) -> Run:
    """Finish a run that was cancelled or killed, from its last checkpoint.

    What it wrote after the checkpoint is replaced; the result is that of a run never interrupted.

    Raises
    ------
    CelltwinError
        The run is complete, has no checkpoint that can be used, or is being written by another
        process.
    """
    folder = Path(run)
    Run.open(folder)
    with run_lock(folder):
        return _resumed(folder, progress)


def _resumed(folder: Path, progress: Progress | None) -> Run:
    """Finish a run whose folder is kept for this process."""
    if Run.open(folder).manifest.status == "complete":
        raise fail(str(folder), "is complete: there is nothing to resume.", "Use --from-snapshot.")
    snapshot, scenario = _read(latest_checkpoint(folder), folder)
    running = Running(scenario, Checkpoints.of(snapshot.engine["run"]))
    with own_rules() as rules:
        running.go_on(snapshot.engine, None, rules)
        running.write_to(RunWriter(folder, scenario, history=_history(snapshot, folder)))
        return conclude(running, progress)


def fork(
    source: str | Path, folder: str | Path, what_ifs: Mapping[str, WhatIf], *, force: bool = False
) -> dict[str, Run]:
    """Go on from one snapshot several times: name -> what if becomes name -> run.

    All runs have the same past and the same random streams, so that they differ by the changes
    and not by luck. Each is written to ``folder/name``.
    """
    return {
        name: restore(source, Path(folder) / name, what_if, force=force)
        for name, what_if in what_ifs.items()
    }


def changed_plant(plant: Plant, changes: Mapping[str, object]) -> Plant:
    """Return a resolved plant with changes by path.

    Raises
    ------
    PlantError
        A path leads nowhere, or the changed plant breaks a rule; all problems at once.
    """
    if not changes:
        return plant
    problems = Problems()
    root = from_plain(plant.model_dump(mode="json", by_alias=True, exclude_defaults=True), plant.id)
    given = {path: from_plain(value, "--set") for path, value in changes.items()}
    made = checked_plant(apply_changes(root, given, problems), problems)
    if problems or made is None:
        raise PlantError(problems)
    return made


def _located(source: Path) -> tuple[Path, Path]:
    """Return the snapshot file and the run folder it belongs to."""
    if source.is_dir():
        return latest_checkpoint(source), source
    run = source.parent.parent
    if not source.is_file():
        raise fail(str(source), "is neither a run nor a snapshot file.", "Correct the name.")
    if source.parent.name != FOLDER or not (run / FILE_NAME).is_file():
        raise fail(
            str(source),
            "is not in the 'checkpoint' folder of a run, whose tables a continued run begins with.",
            "Give the file where the run wrote it, or use it as a warm start: "
            "initial: {snapshot: FILE}.",
        )
    return source, run


def _read(path: Path, run: Path) -> tuple[Snapshot, Scenario]:
    snapshot = Snapshot.read(path)
    if not snapshot.engine:
        raise fail(
            str(path),
            "has no section 'engine', so no run can be continued from it.",
            "Use it as a warm start: initial: {snapshot: FILE}.",
        )
    scenario = Run.open(run).scenario
    if scenario_hash(scenario) != snapshot.engine["scenario_hash"]:
        raise fail(
            str(path),
            "was written by another scenario than the one of the run it lies in.",
            "Simulate again with --checkpoint-every.",
        )
    return snapshot, scenario


def _history(snapshot: Snapshot, run: Path) -> History:
    noted = snapshot.engine["run"]
    return History(run, noted["parts"], noted["rows"])


def _changed(old: Scenario, now_s: float, what_if: WhatIf) -> Scenario:
    horizon_s = old.horizon_s if what_if.horizon_s is None else what_if.horizon_s
    if horizon_s <= now_s:
        raise fail(
            "--horizon",
            f"{horizon_s:g} s is not after the snapshot at {now_s:g} s.",
            "Give a later one: it counts from the start of the run.",
        )
    warmup_s = max(old.warmup_s, now_s) if what_if.warmup_s is None else what_if.warmup_s
    if warmup_s >= horizon_s:
        raise fail("--warmup", f"{warmup_s:g} s must be shorter than {horizon_s:g} s.")
    return old.model_copy(
        update={
            "plant": changed_plant(old.plant, what_if.changes),
            "horizon_s": horizon_s,
            "warmup_s": warmup_s,
            "seed": old.seed if what_if.seed is None else what_if.seed,
        }
    )
