"""Writing the stage of a run."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from twin.run.run import Run
from twin.usd import root
from twin.usd.catalogue import Catalogue, catalogue
from twin.usd.folder import refuse_in_use, written_at_once
from twin.usd.own_asset import own_asset_problems
from twin.usd.package import PACKAGE, package
from twin.usd.path import paths_of
from twin.usd.plant_part import write_plant
from twin.usd.report import StageReport, report_of
from twin.usd.run_part import Progress, write_run
from twin.usd.span import Span, span_of


def write_stage(
    run: Run,
    out: str | Path | None = None,
    *,
    bake: bool = False,
    usdz: bool = False,
    window: tuple[float, float] | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> StageReport:
    """Write the OpenUSD stage of a run; it appears complete or not at all.

    Parameters
    ----------
    run : Run
        A run, complete or not.
    out : str or Path, optional
        Folder to write; by default ``stage`` inside the run's folder.
    bake : bool
        Write robot motion as plain time samples instead of value clips.
    usdz : bool
        Also write everything as one ``stage.usdz``.
    window : (float, float), optional
        The part of the run to write, in seconds since its start.
    force : bool
        Replace a stage that is there already; never a folder that is no stage.
    progress : callable, optional
        Called with (steps done, steps in all).

    Raises
    ------
    CelltwinError
        The window lies outside the run, or the folder is in use or cannot be written.
    """
    began = time.perf_counter()
    folder = run.folder / "stage" if out is None else Path(out)
    span = span_of(run, window)
    refuse_in_use(folder, force=force)
    with written_at_once(folder) as new:
        made, n_prims = _write(new, span, run, bake=bake, tick=progress or _quiet)
        if usdz:
            package(new)
    packed = folder / PACKAGE if usdz else None
    report = report_of(folder, made, n_prims=n_prims, began=began, usdz=packed)
    return replace(report, warnings=tuple(own_asset_problems(run.plant)))


def _write(
    folder: Path, span: Span, run: Run, *, bake: bool, tick: Progress
) -> tuple[Catalogue, int]:
    """Write every file of the stage."""
    plant, paths = run.plant, paths_of(run.plant)
    made = catalogue(plant, paths)
    n_prims = write_plant(folder, plant, made, paths)
    write_run(folder, span, run, made, paths, bake=bake, tick=tick)
    root.write_root(folder, span, run, root.PLANT_FILE)
    return made, n_prims


def _quiet(done: float, total: float) -> None:
    del done, total
