"""Writing the stage of a run."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pxr import Sdf, UsdUtils

from twin.flags import flags
from twin.motion.motion import Motion
from twin.plant.load import robot_model
from twin.run.run import Run
from twin.usd import annotation, camera, flag, flow, movement, topology, value
from twin.usd.catalogue import OWN, PLACEHOLDER, Catalogue, catalogue
from twin.usd.component import write_component
from twin.usd.folder import refuse_in_use, written_at_once
from twin.usd.material import write_materials
from twin.usd.own_asset import OwnAsset, own_asset, own_asset_problems, write_own_asset
from twin.usd.path import paths_of
from twin.usd.robot import write_robot
from twin.usd.shape import AssetSpec
from twin.usd.span import Span, span_of

Progress = Callable[[float, float], None]

LAYERS = (annotation.FILE, flag.FILE, camera.FILE, value.FILE, movement.FILE, flow.FILE)
"""Sublayers of the root, the strongest first."""

PACKAGE = "stage.usdz"
_EPOCH_S = time.mktime((1980, 1, 2, 0, 0, 0, 0, 0, -1))
_SCHEMA = Path(__file__).parent / "schema"


@dataclass(frozen=True)
class StageReport:
    """What was written.

    Attributes
    ----------
    root : Path
        The layer to open.
    usdz : Path or None
        The package, where one was asked for.
    files : tuple of Path
        Every file, relative to the folder of the stage.
    n_prims : int
        Prims the root layer defines.
    n_assets : int
        Different assets.
    bytes : int
        Size of all files together, without the package.
    seconds : float
        Time it took, on the wall.
    warnings : tuple of str
        What is shown as a box because its own file cannot be used.
    """

    root: Path
    usdz: Path | None
    files: tuple[Path, ...]
    n_prims: int
    n_assets: int
    bytes: int
    seconds: float
    warnings: tuple[str, ...] = ()


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
            _package(new)
    files = tuple(sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file()))
    return StageReport(
        root=folder / topology.FILE,
        usdz=folder / PACKAGE if usdz else None,
        files=files,
        n_prims=n_prims,
        n_assets=len(made.specs) + len(made.robots),
        bytes=sum((folder / f).stat().st_size for f in files if f.name != PACKAGE),
        seconds=time.perf_counter() - began,
        warnings=tuple(own_asset_problems(run.plant)),
    )


def _write(
    folder: Path, span: Span, run: Run, *, bake: bool, tick: Progress
) -> tuple[Catalogue, int]:
    """Write every file of the stage."""
    plant, paths = run.plant, paths_of(run.plant)
    made, motion = catalogue(plant, paths), Motion(run)
    jobs: list[Callable[[], object]] = [
        lambda: _write_content(folder, span, run, made),
        lambda: movement.write_animation(folder, span, run, motion, paths),
        lambda: movement.bake(folder) if bake else None,
        lambda: flow.write_flow(folder, span, motion, run, made=made, paths=paths),
        lambda: value.write_values(folder, span, run, paths),
        lambda: flag.write_flags(folder, span, flags(run), made, paths),
        lambda: camera.write_cameras(folder, span, plant),
        lambda: annotation.write_annotations(folder, span, plant, paths),
    ]
    for k, job in enumerate(jobs):
        tick(k, len(jobs))
        job()
    n_prims = topology.write_root(folder, span, run, made, paths, layers=list(LAYERS))
    tick(len(jobs), len(jobs))
    return made, n_prims


def _write_content(folder: Path, span: Span, run: Run, made: Catalogue) -> None:
    """Write materials, schema and components."""
    write_materials(folder, span)
    shutil.copytree(_SCHEMA, folder / "schema", ignore=shutil.ignore_patterns("__pycache__"))
    for name, spec in made.specs.items():
        _write_asset(folder, span, name, spec)
    for name, robot in made.robots.items():
        write_robot(folder, span, name, robot, robot_model(run.plant, robot.model))


def _write_asset(folder: Path, span: Span, name: str, spec: AssetSpec) -> None:
    """Write an asset; what cannot be shown is a box with its name."""
    if spec.kind == OWN:
        found = own_asset(str(spec.options["path"]))
        if isinstance(found, OwnAsset):
            write_own_asset(folder, span, name, found)
            return
        spec = replace(spec, kind=PLACEHOLDER)
    write_component(folder, span, name, spec)


def _package(folder: Path) -> None:
    """Pack the stage into one file."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:  # the package keeps the files' times; with these it is always the same
        os.utime(path, (_EPOCH_S, _EPOCH_S))
    root = Sdf.AssetPath(str(folder / topology.FILE))
    UsdUtils.CreateNewUsdzPackage(root, str(folder / PACKAGE))
    for path in files:
        os.utime(path)


def _quiet(done: float, total: float) -> None:
    del done, total
