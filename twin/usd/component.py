"""Components: an interface that is small to open, and a payload with the geometry."""

from __future__ import annotations

from pathlib import Path

from pxr import Gf, Sdf, Vt

from twin.palette import NORMAL, linear_rgb
from twin.plant.base import Vec3
from twin.usd.geometry import LIBRARY, add_lamp, add_shape
from twin.usd.layer import Layer, extent
from twin.usd.library import drawn
from twin.usd.moving_part import add_moving_parts
from twin.usd.shape import AssetSpec, MovingPart, Shape
from twin.usd.span import STILL

FOLDER = "assets"
VERSION = "1.1"
LOD = "lod"
FAR = "_low"
"""What the root of the coarse geometry adds to the name of the component."""

LOOK = "/_Look"
FAR_LOOK = "/_Far"
"""The classes in a payload that hold its meshes."""

INTANGIBLE = frozenset(
    {
        "ceiling",
        "girder",
        "hall",
        "lanes",
        "lights",
        "marker",
        "roof",
        "room",
        "services",
        "sign",
        "site",
        "truss",
        "zone",
    }
)
"""Kinds without a box to bump into: around them, or on the floor."""

_SEMANTICS = "class"
_CUBE = ((-0.5, -0.5, -0.5), (0.5, 0.5, 0.5))


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
    write_shape(stage / folder / name, name, shape, library)
    solid = None if spec.kind in INTANGIBLE else shape.bounds_m()
    labels = (spec.kind,) if spec.kind == name else (spec.kind, name)
    write_interface(stage / folder, name, shape.bounds_m(), solid_m=solid, labels=labels)
    return tuple(shape.parts)


def write_shape(folder: Path, name: str, shape: Shape, library: str = LIBRARY) -> None:
    """Write the payload of a component: its shape, and the coarse one for looks from afar."""
    layer = Layer(folder / "payload.usdc", STILL, f"/{name}")
    for root, prototype, seen in (
        (f"/{name}", LOOK, shape),
        (f"/{name}{FAR}", FAR_LOOK, shape.from_afar()),
    ):
        layer.define(root)
        add_instanced(layer, f"{root}/Look", prototype, seen, library)
        add_moving_parts(layer, root, shape)
        if shape.lamp_m is not None:
            add_lamp(layer, root, shape.lamp_m, Gf.Vec3f(*linear_rgb(NORMAL)))
    layer.save()


def add_instanced(
    layer: Layer, path: str, prototype: str, shape: Shape, library: str = LIBRARY
) -> None:
    """Write a shape as a class and an instance of it, so that all copies share one prototype."""
    layer.define_class(prototype)
    add_shape(layer, prototype, shape, library)
    made = layer.define(path)
    made.instanceable = True
    layer.reference(made, "", prototype)


def write_interface(
    folder: Path,
    name: str,
    bounds_m: tuple[Vec3, Vec3],
    *,
    solid_m: tuple[Vec3, Vec3] | None = None,
    labels: tuple[str, ...] = (),
) -> None:
    """Write the interface of a component.

    It says kind, asset info, extents and semantic labels, offers the payload in two levels of
    detail, and holds the box of what is `solid_m`.
    """
    layer = Layer(folder / name / f"{name}.usda", STILL, f"/{name}")
    prim = layer.define(f"/{name}", kind="component")
    identifier = Sdf.AssetPath(f"./{name}.usda")
    layer.asset_info(prim, {"identifier": identifier, "name": name, "version": VERSION})
    _offer_detail(prim, name)
    layer.apply(prim, "GeomModelAPI")
    layer.attribute(prim, "extentsHint", Sdf.ValueTypeNames.Float3Array, extent(*bounds_m))
    if labels:
        add_labels(layer, prim, labels)
    if solid_m is not None:
        add_collision(layer, f"/{name}/Collision", solid_m)
    layer.save()


def add_labels(layer: Layer, prim: Sdf.PrimSpec, labels: tuple[str, ...]) -> None:
    """Write semantic labels: what it is, the most general first."""
    layer.apply(prim, f"SemanticsLabelsAPI:{_SEMANTICS}")
    tokens = Sdf.ValueTypeNames.TokenArray
    layer.attribute(prim, f"semantics:labels:{_SEMANTICS}", tokens, Vt.TokenArray(labels))


def add_collision(layer: Layer, path: str, bounds_m: tuple[Vec3, Vec3]) -> None:
    """Write a box that physics bumps into and pictures leave out."""
    low, high = Gf.Vec3d(*bounds_m[0]), Gf.Vec3d(*bounds_m[1])
    prim = layer.define(path, "Cube")
    layer.apply(prim, "PhysicsCollisionAPI")
    layer.attribute(prim, "purpose", Sdf.ValueTypeNames.Token, "guide", uniform=True)
    layer.attribute(prim, "size", Sdf.ValueTypeNames.Double, 1.0)
    layer.attribute(prim, "extent", Sdf.ValueTypeNames.Float3Array, extent(*_CUBE))
    layer.attribute(prim, "xformOp:translate", Sdf.ValueTypeNames.Double3, (low + high) / 2)
    scale = Gf.Vec3f(*(max(size, 1e-3) for size in high - low))
    layer.attribute(prim, "xformOp:scale", Sdf.ValueTypeNames.Float3, scale)
    layer.order(prim, "xformOp:translate", "xformOp:scale")


def _offer_detail(prim: Sdf.PrimSpec, name: str) -> None:
    """Add the payload as a variant set of two levels of detail."""
    variants = Sdf.VariantSetSpec(prim, LOD)
    for level, target in (("high", f"/{name}"), ("low", f"/{name}{FAR}")):
        made = Sdf.VariantSpec(variants, level).primSpec
        made.payloadList.Prepend(Sdf.Payload("./payload.usdc", Sdf.Path(target)))
    prim.variantSetNameList.Prepend(LOD)
    prim.variantSelections[LOD] = "high"
