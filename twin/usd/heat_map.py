"""Optional heat maps: tiles under and above machines and places, in the colours of a scale.

A machine covers most of its tile, so another one hovers above it: read from above and from afar.
"""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
from pxr import Gf, Sdf

from twin.palette import linear_rgb, rgb
from twin.plant.base import Vec2, Vec3
from twin.plant.plant import Plant
from twin.run.run import Run
from twin.usd.catalogue import Catalogue
from twin.usd.digit import draw_number
from twin.usd.geometry import add_mesh
from twin.usd.heat import Heat, heat_maps
from twin.usd.layer import TOKEN, Layer
from twin.usd.path import Paths
from twin.usd.shape import Shape
from twin.usd.span import Span

FILE = "layers/heat_map.usdc"
SET = "heat_map"
PRIM = "HeatMap"
N_COLOURS = 20
SCALE = (
    "#440154", "#482878", "#3e4989", "#31688e", "#26828e",
    "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725",
)  # fmt: skip
"""Viridis (S. van der Walt, N. Smith, 2015), from 0 to 1: perceptually uniform, also in grey."""

MARGIN_M = 0.4
ABOVE_M = 0.35
"""From the top of a thing to the tile above it."""

_HIGH_M = 0.03
_ROBOT_M: Vec3 = (1.4, 1.4, 2.0)
_LID_M = 0.05


def scale_colour(value: float) -> str:
    """Return the colour of a value from 0 to 1, as sRGB hex."""
    at = min(max(value, 0.0), 1.0) * (len(SCALE) - 1)
    low = min(int(at), len(SCALE) - 2)
    first, last = np.array(rgb(SCALE[low])), np.array(rgb(SCALE[low + 1]))
    mixed = first + (at - low) * (last - first)
    return "#" + "".join(f"{round(c * 255):02x}" for c in mixed.tolist())


def step_of(value: float) -> int:
    """Return which of the `N_COLOURS` steps of the scale a value falls into."""
    return min(int(min(max(value, 0.0), 1.0) * N_COLOURS), N_COLOURS - 1)


def write_heat_maps(folder: Path, span: Span, run: Run, made: Catalogue, paths: Paths) -> None:
    """Write every map as a prim of one layer."""
    maps = heat_maps(run, span)
    layer = Layer(folder / FILE, span, f"/{next(iter(maps))}")
    ground = Ground(run.plant, made, paths)
    for name, heat in maps.items():
        _add_map(layer, f"/{name}", heat, ground)
    layer.save()


def _add_map(layer: Layer, root: str, heat: Heat, ground: Ground) -> None:
    layer.define(root, kind="assembly")
    path = f"{root}/{PRIM}"
    prim = layer.define(path, kind="component", label=heat.label)
    layer.attribute(prim, "twin:note", Sdf.ValueTypeNames.String, heat.meaning, uniform=True)
    _add_scale(layer, path)
    layer.define(f"{path}/Tiles")
    for id_, value in sorted(heat.values.items()):
        shape = ground.tile(id_)
        if shape is not None:
            _add_tile(layer, path, id_, value, shape)
    _add_legend(layer, path)


def _add_scale(layer: Layer, path: str) -> None:
    """Write one surface for each step of the scale, and one for numbers."""
    layer.define(f"{path}/Scale", "Scope")
    steps = {f"step_{k}": scale_colour((k + 0.5) / N_COLOURS) for k in range(N_COLOURS)}
    for name, colour in {**steps, "ink": "#f2f2f2"}.items():
        material = layer.define(f"{path}/Scale/{name}", "Material")
        shader = layer.define(f"{path}/Scale/{name}/Surface", "Shader")
        layer.attribute(shader, "info:id", TOKEN, "UsdPreviewSurface", uniform=True)
        value = Gf.Vec3f(*linear_rgb(colour))
        layer.attribute(shader, "inputs:diffuseColor", Sdf.ValueTypeNames.Color3f, value)
        layer.attribute(shader, "inputs:roughness", Sdf.ValueTypeNames.Float, 0.9)
        layer.attribute(shader, "outputs:surface", TOKEN)
        surface = layer.attribute(material, "outputs:surface", TOKEN)
        surface.connectionPathList.explicitItems.append(f"{shader.path}.outputs:surface")


def _add_tile(layer: Layer, path: str, id_: str, value: float, shape: Shape) -> None:
    prim = _add_painted(layer, f"{path}/Tiles/{id_}", shape, f"{path}/Scale/step_{step_of(value)}")
    layer.attribute(prim, "twin:id", Sdf.ValueTypeNames.String, id_, uniform=True)
    layer.attribute(prim, "twin:heat:value", Sdf.ValueTypeNames.Float, value, uniform=True)


def _add_painted(layer: Layer, path: str, shape: Shape, material: str) -> Sdf.PrimSpec:
    (mesh,) = shape.meshes().values()
    prim = add_mesh(layer, path, mesh)
    layer.apply(prim, "MaterialBindingAPI")
    binding = Sdf.RelationshipSpec(prim, "material:binding", custom=False)
    binding.targetPathList.explicitItems.append(material)
    return prim


def _add_legend(layer: Layer, path: str) -> None:
    """Write the scale from 0 to 100 % on the ground before the hall, with numbers."""
    layer.define(f"{path}/Legend", label="Legend, in %")
    wide = 1.0
    for k in range(N_COLOURS):
        tile = Shape()
        tile.box("tile", ((k + 0.5) * wide, -3.0, _HIGH_M), (wide, 1.6, 0.01))
        _add_painted(layer, f"{path}/Legend/step_{k}", tile, f"{path}/Scale/step_{k}")
    for k in range(0, N_COLOURS + 1, N_COLOURS // 5):
        number, shape = round(100 * k / N_COLOURS), Shape()
        spot = (k * wide, -4.6, _HIGH_M)
        draw_number(shape, "ink", number, centre_m=spot, high_m=0.8)
        _add_painted(layer, f"{path}/Legend/at_{number}", shape, f"{path}/Scale/ink")


class Ground:
    """Where things stand, as tiles."""

    def __init__(self, plant: Plant, made: Catalogue, paths: Paths) -> None:
        self._conveyors, self._buffers, self._stations = (
            plant.conveyors, plant.buffers, plant.stations,
        )  # fmt: skip
        by_path = {placement.path: placement for placement in made.placements}
        self._placements = {id_: by_path.get(path) for id_, path in paths.things.items()}
        self._specs = made.specs

    def tile(self, id_: str) -> Shape | None:
        """Return the tile under a thing, in the hall's frame; None: it is nowhere."""
        shape = Shape()
        if id_ in self._conveyors:
            conveyor = self._conveyors[id_]
            _strip(shape, list(conveyor.path_m), conveyor.width_m + 2 * MARGIN_M)
        elif id_ in self._buffers:
            buffer = self._buffers[id_]
            _tiles(shape, buffer.position_m, buffer.heading_deg, buffer.size_m)
        elif id_ in self._stations:
            station = self._stations[id_]
            for k in range(station.machines):
                spot = station.machine_position_m(k)
                _tiles(shape, spot, station.heading_deg, station.size_m)
        else:
            placement = self._placements.get(id_)
            if placement is None:
                return None
            spec = self._specs.get(placement.asset)
            size = spec.size_m if spec else _ROBOT_M
            _tiles(shape, placement.position_m, placement.heading_deg, size)
        return shape


def _tiles(shape: Shape, spot_m: Vec3, heading_deg: float, size_m: Vec3) -> None:
    """Add a tile a little wider than a footprint, and one that hovers above it."""
    shape.at((spot_m[0], spot_m[1], 0.0), heading_deg)
    length, width, height = size_m
    size = (length + 2 * MARGIN_M, width + 2 * MARGIN_M, 0.01)
    shape.box("tile", (0, 0, _HIGH_M), size)
    shape.box("tile", (0, 0, spot_m[2] + height + ABOVE_M), (length, width, _LID_M))


def _strip(shape: Shape, path_m: list[Vec2], width_m: float) -> None:
    """Add a tile along a path."""
    for (ax, ay), (bx, by) in pairwise(path_m):
        long, heading = math.hypot(bx - ax, by - ay), math.degrees(math.atan2(by - ay, bx - ax))
        shape.at(((ax + bx) / 2, (ay + by) / 2, 0.0), heading)
        shape.box("tile", (0, 0, _HIGH_M), (long, width_m, 0.01))
