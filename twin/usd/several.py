"""Several runs in one stage: laid over the plant of another, or side by side as variants."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from pxr import Sdf, Tf

from twin.errors import CelltwinError, Problem
from twin.run.run import Run
from twin.usd import root
from twin.usd.catalogue import catalogue
from twin.usd.folder import refuse_in_use, written_at_once
from twin.usd.layer import Layer
from twin.usd.package import PACKAGE, package
from twin.usd.path import ROOT, paths_of
from twin.usd.plant_part import write_plant
from twin.usd.report import StageReport, report_of
from twin.usd.run_part import Progress, write_run
from twin.usd.span import Span, span_of

RUNS = "runs"
SET = "scenario"
_UP = "../../"


def add_run(
    run: Run,
    stage: str | Path,
    *,
    bake: bool = False,
    window: tuple[float, float] | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> StageReport:
    """Lay a run over the plant of a stage that is there already.

    Its layers go to ``runs/<run>/`` in the stage, with a root of their own; nothing else changes.

    Parameters
    ----------
    run : Run
    stage : str or Path
        Folder of a stage of the same plant.
    bake, window, progress
        As for `write_stage`.
    force : bool
        Replace a run of the same name.

    Raises
    ------
    CelltwinError
        There is no stage, it is of another plant, or it holds a run of this name already.
    """
    began, folder = time.perf_counter(), Path(stage)
    span, paths = span_of(run, window), paths_of(run.plant)
    made = catalogue(run.plant, paths)
    _refuse_other_plant(folder, run, made.layout())
    own = folder / RUNS / Tf.MakeValidIdentifier(run.name)
    refuse_in_use(own, force=force)
    with written_at_once(own) as new:
        made.up = f"../{_UP}"
        write_run(new, span, run, made, paths, bake=bake, tick=progress or _quiet)
        root.write_root(new, span, run, f"{_UP}{root.PLANT_FILE}")
    return report_of(own, made, n_prims=0, began=began)


def write_comparison(
    runs: Sequence[Run],
    out: str | Path,
    *,
    bake: bool = False,
    usdz: bool = False,
    window: tuple[float, float] | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> StageReport:
    """Write several runs as one stage: variants ``scenario`` of the plant, the first one chosen.

    Runs of equal plants share it. Parameters and errors are those of `write_stage`; a window must
    lie inside all runs.
    """
    began, folder = time.perf_counter(), Path(out)
    spans = [span_of(run, window) for run in runs]
    names = variant_names(runs)
    refuse_in_use(folder, force=force)
    tick = progress or _quiet
    with written_at_once(folder) as new:
        known: dict[str, str] = {}
        n_prims = 0
        for k, (run, name, span) in enumerate(zip(runs, names, spans, strict=True)):
            tick(k, len(runs))
            n_prims += _add_variant(new, run, span, name, known, bake=bake)
        _write_choice(new, runs, names, spans)
        if usdz:
            package(new)
        tick(len(runs), len(runs))
    made = catalogue(runs[0].plant, paths_of(runs[0].plant))
    packed = folder / PACKAGE if usdz else None
    return report_of(folder, made, n_prims=n_prims, began=began, usdz=packed)


def variant_names(runs: Sequence[Run]) -> list[str]:
    """Return a valid name for each run, all different: its own, or with a number behind it."""
    names: list[str] = []
    for run in runs:
        base = Tf.MakeValidIdentifier(run.name)
        tries = [base, *(f"{base}_{k}" for k in range(2, len(runs) + 2))]
        names.append(next(name for name in tries if name not in names))
    return names


def _add_variant(
    stage: Path, run: Run, span: Span, name: str, known: dict[str, str], *, bake: bool
) -> int:
    """Write one run, and its plant where no run before has it; return the prims of the plant."""
    paths = paths_of(run.plant)
    made, own = catalogue(run.plant, paths), stage / RUNS / name
    layout, n_prims = made.layout(), 0
    if layout not in known:
        known[layout] = _UP if not known else ""
        n_prims = write_plant(own / known[layout], run.plant, made, paths)
        if known[layout] == "":
            known[layout] = f"../{name}/"
    made.up = f"../{known[layout]}"
    write_run(own, span, run, made, paths, bake=bake, tick=_quiet)
    root.write_root(own, span, run, f"{known[layout]}{root.PLANT_FILE}")
    return n_prims


def _write_choice(
    stage: Path, runs: Sequence[Run], names: Sequence[str], spans: Sequence[Span]
) -> None:
    """Write the root that lets choose among the runs."""
    whole = Span(min(s.start_s for s in spans), max(s.end_s for s in spans))
    layer = Layer(stage / root.FILE, whole)
    layer.define(ROOT, kind="assembly")
    choices = {name: (f"./{RUNS}/{name}/{root.FILE}", ROOT) for name in names}
    root.add_variants(layer, SET, choices, names[0])
    told = {name: root.run_info(run) for name, run in zip(names, runs, strict=True)}
    layer.sdf.customLayerData = {root.INFO: told}
    layer.save()


def _refuse_other_plant(stage: Path, run: Run, layout: str) -> None:
    file = stage / root.PLANT_FILE
    if not file.is_file():
        raise CelltwinError(
            Problem(
                str(stage),
                "there is no USD stage.",
                "Write one with 'celltwin stage RUN --out DIR', then lay other runs over it.",
            )
        )
    there = Sdf.Layer.FindOrOpen(str(file)).customLayerData.get(root.INFO, {}).get("layout")
    if there != layout:
        raise CelltwinError(
            Problem(
                str(stage),
                f"shows another plant than the run '{run.name}': machines, robots, buffers or "
                "places differ.",
                "Write a stage of its own, or both runs as variants: celltwin stage RUN_A RUN_B.",
            )
        )


def _quiet(done: float, total: float) -> None:
    del done, total
