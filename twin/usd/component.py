"""Components: an interface that is small to open, and a payload with the geometry."""

from __future__ import annotations

from pathlib import Path

from pxr import Gf, Sdf

from twin.palette import NORMAL, linear_rgb
from twin.plant.base import Vec3
from twin.usd.geometry import LIBRARY, add_lamp, add_shape
from twin.usd.layer import Layer, extent
from twin.usd.library import drawn
from twin.usd.moving_part import add_moving_parts
from twin.usd.shape import AssetSpec, MovingPart, Shape
from twin.usd.span import STILL

FOLDER = "assets"
VERSION = "1.0"


def interface_file(name: str, folder: str = FOLDER) -> str:
    """Return the file of a component, relative to the stage."""
    return f"{folder}/{name}/{name}.usda"


def write_component(
    stage: Path, name: str, spec: AssetSpec, *, folder: str = FOLDER, library: str = LIBRARY
) -> tuple[MovingPart, ...]:
    """Write a component whose geometry is one rigid shape, shared by all its instances.

    Parts that move by themselves stand beside it, and are returned.

    Parameters
    ----------
    stage : Path
        The stage, or the folder of a run in it.
    name : str
    spec : AssetSpec
    folder : str
        Where components are in it.
    library : str
        The material library, seen from the component.
    """
    shape = drawn(spec)
    layer = Layer(stage / folder / name / "payload.usdc", STILL, f"/{name}")
    layer.define(f"/{name}")
    add_instanced(layer, f"/{name}/Look", "/_Look", shape, library)
    add_moving_parts(layer, f"/{name}", shape)
    if shape.lamp_m is not None:
        add_lamp(layer, f"/{name}", shape.lamp_m, Gf.Vec3f(*linear_rgb(NORMAL)))
    layer.save()
    write_interface(stage / folder, name, shape.bounds_m())
    return tuple(shape.parts)


def add_instanced(
    layer: Layer, path: str, prototype: str, shape: Shape, library: str = LIBRARY
) -> None:
    """Write a shape as a class and an instance of it, so that all copies share one prototype."""
    layer.define_class(prototype)
    add_shape(layer, prototype, shape, library)
    made = layer.define(path)
    made.instanceable = True
    layer.reference(made, "", prototype)


def write_interface(folder: Path, name: str, bounds_m: tuple[Vec3, Vec3]) -> None:
    """Write the interface of a component: kind, asset info, extents and payload."""
    layer = Layer(folder / name / f"{name}.usda", STILL, f"/{name}")
    prim = layer.define(f"/{name}", kind="component")
    identifier = Sdf.AssetPath(f"./{name}.usda")
    layer.asset_info(prim, {"identifier": identifier, "name": name, "version": VERSION})
    prim.payloadList.Prepend(Sdf.Payload("./payload.usdc"))
    layer.apply(prim, "GeomModelAPI")
    layer.attribute(prim, "extentsHint", Sdf.ValueTypeNames.Float3Array, extent(*bounds_m))
    layer.save()
