"""An optional layer that paints every machine, robot and vehicle by its state."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf

from twin.palette import NORMAL, STATE_PAINT, linear_rgb
from twin.run.run import Run
from twin.usd.layer import TOKEN, Layer
from twin.usd.path import ROOT, Paths
from twin.usd.span import Span
from twin.usd.value import changes, groups

Floats = NDArray[np.float64]

FILE = "layers/state_colours.usdc"
SET = "state_colours"
SCOPE = f"{ROOT}/StateColours"
_COLOUR = "inputs:diffuseColor"


def write_state_colours(folder: Path, span: Span, run: Run, paths: Paths) -> None:
    """Write one surface for each thing with states, and bind it over the thing's own surfaces."""
    layer = Layer(folder / FILE, span)
    layer.define(ROOT, kind="assembly")
    layer.define(SCOPE, "Scope")
    rows = run.table("states", ["resource", "state", "start_s"])
    for resource, own in groups(rows, "resource", "start_s"):
        if resource not in paths.things:
            continue
        start = own["start_s"].to_numpy(float)
        chosen = span.steps(start)
        colours = [STATE_PAINT.get(s, NORMAL) for s in own["state"].astype(str).tolist()[chosen]]
        material = f"{SCOPE}/{resource}"
        _add_surface(layer, material, span.codes(start[chosen]), colours)
        _paint(layer, paths.things[resource], material)
    layer.save()


def _add_surface(layer: Layer, path: str, codes: Floats, colours: list[str]) -> None:
    """Write a surface whose colour jumps from state to state."""
    material, shader = layer.define(path, "Material"), layer.define(f"{path}/Surface", "Shader")
    layer.attribute(shader, "info:id", TOKEN, "UsdPreviewSurface", uniform=True)
    layer.attribute(shader, _COLOUR, Sdf.ValueTypeNames.Color3f)
    layer.attribute(shader, "inputs:roughness", Sdf.ValueTypeNames.Float, 0.6)
    layer.attribute(shader, "outputs:surface", TOKEN)
    surface = layer.attribute(material, "outputs:surface", TOKEN)
    surface.connectionPathList.explicitItems.append(f"{path}/Surface.outputs:surface")
    kept = changes(codes, colours)
    values = [Gf.Vec3f(*linear_rgb(colours[k])) for k in kept]
    layer.attribute(shader, _COLOUR, Sdf.ValueTypeNames.Color3f, values[0])
    layer.held(f"{shader.path}.{_COLOUR}", codes[kept], values)


def _paint(layer: Layer, path: str, material: str) -> None:
    """Bind a surface to everything below a prim."""
    prim = layer.over(path)
    layer.apply(prim, "MaterialBindingAPI")
    binding = Sdf.RelationshipSpec(prim, "material:binding", custom=False)
    binding.targetPathList.explicitItems.append(material)
    binding.SetInfo("bindMaterialAs", "strongerThanDescendants")
