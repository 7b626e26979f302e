"""One workcell as one file for augmented reality on phones and tablets.

What AR Quick Look and other ARKit readers ask for: a package with a single binary layer, no
instancers, only preview surfaces, y up, short, and few triangles.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pxr import Gf, Sdf, Usd, UsdGeom

from twin.errors import CelltwinError, Problem, nearest
from twin.plant.plant import Plant, Workcell
from twin.run.run import Run
from twin.usd.camera import above
from twin.usd.flatten import Flattener
from twin.usd.folder import replaced_at_once
from twin.usd.joint import ROTATION
from twin.usd.layer import DOUBLE3, FLOAT3, Layer
from twin.usd.package import EPOCH_S
from twin.usd.path import FLOW, paths_of
from twin.usd.span import Span, span_of
from twin.usd.stage import write_stage

LONGEST_S = 10.0
MAX_TRIANGLES = 100_000
_PIVOT = "xformOp:translate:middle"


def write_workcell(
    run: Run,
    workcell: str,
    out: str | Path | None = None,
    *,
    window: tuple[float, float] | None = None,
    force: bool = False,
) -> Path:
    """Write one workcell with the lots in it as a package for AR; return the file.

    Parameters
    ----------
    run : Run
    workcell : str
        Id of the workcell.
    out : str or Path, optional
        File to write; by default ``WORKCELL.usdz`` inside the run's folder.
    window : (float, float), optional
        The part of the run; by default 10 s from the end of the warm-up on.
    force : bool
        Replace a file that is there already.

    Raises
    ------
    CelltwinError
        There is no such workcell, it has too many triangles, the window lies outside the run, or
        the file is there already or cannot be written.
    """
    chosen = _known(run.plant, workcell)
    span = span_of(run, window or _first(run))
    target = Path(out) if out else run.folder / f"{workcell}.usdz"
    if target.suffix != ".usdz":
        what = "is no name of a package."
        raise CelltwinError(Problem(str(target), what, "Choose a name that ends in .usdz."))
    with replaced_at_once(target, force=force) as new, tempfile.TemporaryDirectory() as scratch:
        whole = write_stage(run, Path(scratch) / "stage", bake=True, window=window_of(span))
        layer = Path(scratch) / f"{workcell}.usdc"
        n_triangles = _flatten(whole.root, layer, chosen, run.plant, span)
        if n_triangles > MAX_TRIANGLES:
            what = (
                f"has {n_triangles:,} triangles, more than the {MAX_TRIANGLES:,} AR viewers take."
            )
            raise CelltwinError(
                Problem(f"workcell '{workcell}'", what, "Split it in the plant file.")
            )
        _pack(layer, new)
    return target


def window_of(span: Span) -> tuple[float, float]:
    """Return a span as a window of the run."""
    return (span.start_s, span.end_s)


def _first(run: Run) -> tuple[float, float]:
    start = run.warmup_s if run.warmup_s + LONGEST_S <= run.horizon_s else 0.0
    return (start, min(start + LONGEST_S, run.horizon_s))


def _known(plant: Plant, workcell: str) -> Workcell:
    known = {w.id: w for w in plant.workcells()}
    if workcell not in known:
        what = f"there is no workcell '{workcell}'{nearest(workcell, [*known])}."
        raise CelltwinError(Problem("--workcell", what, f"Workcells are {', '.join(known)}."))
    return known[workcell]


def _flatten(root: Path, target: Path, workcell: Workcell, plant: Plant, span: Span) -> int:
    """Write the layer; return how many triangles it has."""
    own = paths_of(plant).workcells[workcell.id]
    flows = [f"{FLOW}/{place}" for place in _places(workcell)]
    mask = Usd.StagePopulationMask([Sdf.Path(path) for path in (own, *flows)])
    stage = Usd.Stage.OpenMasked(str(root), mask)
    top = f"/{workcell.id}"
    layer = Layer(target, Span(0.0, span.end_s - span.start_s), top)
    layer.sdf.pseudoRoot.SetInfo("upAxis", UsdGeom.Tokens.y)
    prim = layer.define(top, kind="component", label=workcell.label or workcell.id)
    layer.attribute(prim, ROTATION, FLOAT3, Gf.Vec3f(-90, 0, 0))
    x, y, _ = above(workcell)
    layer.attribute(prim, _PIVOT, DOUBLE3, Gf.Vec3d(-x, -y, 0))
    layer.order(prim, ROTATION, _PIVOT)
    flat = Flattener(layer, f"{top}/Materials", span)
    for path in (own, *flows):
        found = stage.GetPrimAtPath(path)
        if found:
            flat.copy(found, f"{top}/{'Equipment' if path == own else found.GetName()}")
    layer.save()
    return flat.n_triangles


def _places(workcell: Workcell) -> list[str]:
    machines = [m for s in workcell.stations for m in s.machine_ids]
    stores = [s.id for s in workcell.stations if s.kind == "store"]
    buffers, conveyors = workcell.buffers, workcell.conveyors
    places = [*(b.id for b in buffers), *(c.id for c in conveyors)]
    return sorted({*machines, *stores, *places})


def _pack(layer: Path, target: Path) -> None:
    """Put one layer into a package."""
    os.utime(layer, (EPOCH_S, EPOCH_S))
    writer = Sdf.ZipFileWriter.CreateNew(str(target))
    writer.AddFile(str(layer), layer.name)
    writer.Save()
