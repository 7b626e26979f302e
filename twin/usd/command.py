"""What ``celltwin stage`` is asked for, and doing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from twin.errors import CelltwinError, Problem
from twin.run.run import Run
from twin.usd.own_asset import own_asset_problems
from twin.usd.run_part import Progress
from twin.usd.several import add_run, write_comparison
from twin.usd.stage import write_stage
from twin.usd.workcell import write_workcell


@dataclass(frozen=True)
class StageOrder:
    """What to write.

    Attributes
    ----------
    runs : tuple of Path
        Folders of runs.
    out : Path or None
        Folder to write; a file with `workcell`.
    onto : Path or None
        Stage to lay the run over.
    workcell : str or None
        Id of the only workcell to write.
    window : (float or None, float or None)
        Start and end in seconds; None: those of the run.
    bake, usdz, force : bool
    """

    runs: tuple[Path, ...]
    out: Path | None = None
    onto: Path | None = None
    workcell: str | None = None
    window: tuple[float | None, float | None] = (None, None)
    bake: bool = False
    usdz: bool = False
    force: bool = False


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes
    ----------
    root : Path
        The file to open.
    warnings : tuple of str
    """

    root: Path
    warnings: tuple[str, ...]


def carry_out(order: StageOrder, tick: Progress) -> Written:
    """Write what is asked for; return the file to open and what could not be shown.

    Raises
    ------
    CelltwinError
        Options that exclude each other, or whatever hinders the writing.
    """
    problems = [*_problems(order)]
    if problems:
        raise CelltwinError(problems)
    runs = [Run.open(folder) for folder in order.runs]
    window = _window(order, min(run.horizon_s for run in runs))
    own = order.out or order.runs[0] / "stage"
    if order.workcell:
        file = write_workcell(runs[0], order.workcell, order.out, window=window, force=order.force)
        return Written(file, _warnings(runs))
    bake, force = order.bake, order.force
    if order.onto:
        done = add_run(runs[0], order.onto, bake=bake, window=window, force=force, progress=tick)
    elif len(runs) > 1:
        done = write_comparison(
            runs, own, bake=bake, usdz=order.usdz, window=window, force=force, progress=tick
        )
    else:
        force = force or order.out is None
        done = write_stage(
            runs[0], own, bake=bake, usdz=order.usdz, window=window, force=force, progress=tick
        )
    return Written(done.root, _warnings(runs))


def _warnings(runs: list[Run]) -> tuple[str, ...]:
    """Return what is shown as a box because its own file cannot be used, each once."""
    return tuple(dict.fromkeys(text for run in runs for text in own_asset_problems(run.plant)))


def _window(order: StageOrder, horizon_s: float) -> tuple[float, float] | None:
    start, end = order.window
    if start is None and end is None:
        return None
    return (start or 0.0, horizon_s if end is None else end)


def _problems(order: StageOrder) -> Iterator[Problem]:
    """Yield what excludes each other."""
    several = len(order.runs) > 1
    if several and order.onto:
        yield Problem("--onto", "takes one run at a time.", "Add the runs one after the other.")
    if several and order.workcell:
        yield Problem("--workcell", "takes one run.", "Name only one run.")
    if several and not order.out and not order.onto:
        what = f"is needed for a stage of {len(order.runs)} runs."
        yield Problem("--out", what, "Say where to write it.")
    if order.onto and order.out:
        yield Problem("--out", "goes not with --onto.", "The run is written into that stage.")
    if order.onto and order.usdz:
        yield Problem("--usdz", "goes not with --onto.", "Pack a stage of this run alone.")
    if order.workcell and order.onto:
        yield Problem("--workcell", "goes not with --onto.", "It is a file of its own.")
    if order.workcell and not order.usdz:
        yield Problem("--workcell", "is written as a package.", "Add --usdz.")
