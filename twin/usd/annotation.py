"""The annotations layer: what each workcell is, as guides that pictures leave out."""

from __future__ import annotations

from pathlib import Path

from pxr import Sdf

from twin.plant.plant import Plant
from twin.usd.camera import above
from twin.usd.layer import TOKEN, Layer
from twin.usd.path import ANNOTATIONS, Paths
from twin.usd.span import STILL

FILE = "layers/annotations.usdc"


def write_annotations(folder: Path, plant: Plant, paths: Paths) -> None:
    """Write one annotation above every workcell."""
    layer = Layer(folder / FILE, STILL)
    layer.define(ANNOTATIONS, "Scope")
    for workcell in plant.workcells():
        label = workcell.label or workcell.id
        prim = layer.define(f"{ANNOTATIONS}/{workcell.id}", label=label)
        layer.place(prim, above(workcell))
        layer.attribute(prim, "purpose", TOKEN, "guide", uniform=True)
        steps = ", ".join(s.label or s.id for s in workcell.stations)
        note = f"{label}: {steps}" if steps else label
        layer.attribute(prim, "twin:note", Sdf.ValueTypeNames.String, note, uniform=True)
        relation = Sdf.RelationshipSpec(prim, "twin:subject", custom=True)
        relation.targetPathList.explicitItems.append(paths.workcells[workcell.id])
    layer.save()
