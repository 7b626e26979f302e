"""The small layers that put a stage together: the root, the run and the plant.

``plant.usda`` holds what does not depend on a run; ``run.usda`` holds one run. A root lays a run
over a plant, so that one plant serves any number of runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pxr import Sdf

from twin.run.run import Run
from twin.usd.layer import Layer
from twin.usd.path import ROOT
from twin.usd.span import STILL, Span

FILE = "root.usda"
RUN_FILE = "run.usda"
PLANT_FILE = "plant.usda"
INFO = "celltwin"

Options = Mapping[str, Mapping[str, tuple[str, str]]]
"""Variant set -> variant -> layer and prim it adds; an empty layer adds nothing."""


def write_root(folder: Path, span: Span, run: Run, plant: str) -> None:
    """Write the layer to open: a run over the plant at `plant`, relative to the folder."""
    layer = _stack(folder / FILE, span, [RUN_FILE, plant])
    layer.sdf.customLayerData = {INFO: run_info(run)}
    layer.save()


def write_run_layer(
    folder: Path, span: Span, run: Run, layers: Sequence[str], options: Options
) -> None:
    """Write the layer of a run: its sublayers, and optional ones as variants of the plant."""
    layer = _stack(folder / RUN_FILE, span, layers)
    layer.sdf.customLayerData = {INFO: run_info(run)}
    for name, choices in options.items():
        add_variants(layer, name, choices, next(iter(choices)))
    layer.save()


def write_plant_layer(folder: Path, layers: Sequence[str], layout: str) -> None:
    """Write the layer of a plant; `layout` says which one it is."""
    layer = _stack(folder / PLANT_FILE, STILL, layers)
    layer.sdf.customLayerData = {INFO: {"layout": layout}}
    layer.save()


def run_info(run: Run) -> dict[str, object]:
    """Return what tells one run from another."""
    return {
        "run": run.name,
        "run_digest": run.manifest.digest or "",
        "scenario": run.scenario.id,
        "seed": run.scenario.seed,
        "start": run.scenario.start,
    }


def add_variants(
    layer: Layer, name: str, choices: Mapping[str, tuple[str, str]], chosen: str
) -> None:
    """Add a set of variants to the plant; each references a prim of another layer, or nothing.

    Parameters
    ----------
    layer : Layer
    name : str
        Name of the set.
    choices : mapping
        Name of the variant -> layer and prim; an empty layer adds nothing.
    chosen : str
        The variant that is on.
    """
    prim = layer.over(ROOT)
    sets = Sdf.VariantSetSpec(prim, name)
    prim.variantSetNameList.Append(name)
    for choice, (asset, target) in choices.items():
        variant = Sdf.VariantSpec(sets, choice)
        if asset:
            reference = Sdf.Reference(asset, Sdf.Path(target))
            variant.primSpec.referenceList.Prepend(reference)
    prim.variantSelections[name] = chosen


def _stack(path: Path, span: Span, layers: Sequence[str]) -> Layer:
    layer = Layer(path, span)
    layer.sdf.subLayerPaths = [n if n.startswith("..") else f"./{n}" for n in layers]
    return layer
