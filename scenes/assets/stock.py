"""The asset library: meshes made from CAD, read from `scenes/assets/library`.

`python -m scenes.assets.build` writes them; nothing here needs CAD.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf

from scenes.assets.stretch import Surface, moved_spot, scaled, stretched, stretches
from twin.plant.base import Vec3
from twin.usd.component import FAR_LOOK, LOOK
from twin.usd.shape import AssetSpec, Mesh, Shape

Floats = NDArray[np.float64]

LIBRARY = Path(__file__).parent / "library"
SIZE = "twin:size_m"
LAMP = "twin:lamp_m"
WHOLE = "twin:whole"
PIECES = "twin:pieces"
ROUND = "twin:round"


@dataclass(frozen=True)
class Stock:
    """One asset of the library.

    Attributes
    ----------
    size_m : Vec3
        The box it was designed for.
    lamp_m : Vec3 or None
        Where its signal lamp is.
    whole : bool
        Whether it is scaled as a whole.
    near, far : dict
        Name of the surface -> its mesh; for looks from nearby and from afar.
    """

    size_m: Vec3
    lamp_m: Vec3 | None
    whole: bool
    near: dict[str, Surface]
    far: dict[str, Surface]


@cache
def stock_names() -> frozenset[str]:
    """Return the names of the assets in the library."""
    return frozenset(path.parent.name for path in LIBRARY.glob("*/payload.usdc"))


@cache
def stock(name: str) -> Stock:
    """Return an asset of the library."""
    layer = Sdf.Layer.FindOrOpen(str(LIBRARY / name / "payload.usdc"))
    root = layer.GetPrimAtPath(f"/{name}")
    lamp = root.attributes.get(LAMP)
    return Stock(
        size_m=_spot(root.attributes[SIZE]),
        lamp_m=_spot(lamp) if lamp else None,
        whole=bool(root.attributes[WHOLE].default),
        near=_surfaces(layer, LOOK),
        far=_surfaces(layer, FAR_LOOK),
    )


def draw_stock(name: str, shape: Shape, spec: AssetSpec) -> None:
    """Draw an asset of the library into a shape, stretched to the size that is asked for."""
    found = stock(name)
    along = stretches(found.size_m, spec.size_m)
    for target, surfaces in _levels(shape, found):
        for look, surface in surfaces.items():
            target.mesh(look, resized(surface, found, spec.size_m))
    if found.lamp_m is not None:
        shape.lamp_m = moved_spot(found.lamp_m, along)


def resized(surface: Surface, found: Stock, size_m: Vec3) -> Mesh:
    """Return the mesh of a surface of an asset that is made as large as asked for."""
    if found.whole:
        return scaled(surface.mesh, np.divide(size_m, found.size_m))
    return stretched(surface, stretches(found.size_m, size_m))


def draw_part(name: str, shape: Shape) -> None:
    """Draw an asset of the library as it is, in the frame it was designed in."""
    for target, surfaces in _levels(shape, stock(name)):
        for look, surface in surfaces.items():
            target.mesh(look, surface.mesh)


def draw_turned(name: str, shape: Shape, *, frame: Floats, at_m: Floats, length_m: float) -> None:
    """Draw an asset that reaches from its origin along x, as long as asked for.

    Parameters
    ----------
    name : str
    shape : Shape
    frame : array (3, 3)
        Where its x, y and z point to, in rows.
    at_m : array (3,)
        Where its origin is.
    length_m : float
    """
    found = stock(name)
    scale = np.array([length_m / found.size_m[0], 1.0, 1.0])
    for target, surfaces in _levels(shape, found):
        for look, surface in surfaces.items():
            mesh = surface.mesh
            points = (mesh.points * scale) @ frame + at_m
            target.mesh(look, replace(mesh, points=points, normals=mesh.normals @ frame))


def _levels(shape: Shape, found: Stock) -> tuple[tuple[Shape, dict[str, Surface]], ...]:
    """Return the shape and its coarse one, each with what belongs into it."""
    shape.coarse = shape.coarse or Shape()
    return (shape, found.near), (shape.coarse, found.far)


def _surfaces(layer: Sdf.Layer, prototype: str) -> dict[str, Surface]:
    prims = layer.GetPrimAtPath(prototype).nameChildren
    return {prim.name: _surface(prim) for prim in prims if prim.typeName == "Mesh"}


def _surface(prim: Sdf.PrimSpec) -> Surface:
    mesh = Mesh(
        points=_numbers(prim, "points").astype(np.float64),
        counts=_numbers(prim, "faceVertexCounts").astype(np.int64),
        indices=_numbers(prim, "faceVertexIndices").astype(np.int64),
        normals=_numbers(prim, "primvars:normals").astype(np.float64),
        normal_indices=_numbers(prim, "primvars:normals:indices").astype(np.int64),
    )
    pieces, about = _numbers(prim, PIECES), _numbers(prim, ROUND)
    return Surface(mesh, pieces.astype(np.int64), about.astype(np.int64))


def _numbers(prim: Sdf.PrimSpec, name: str) -> NDArray[np.generic]:
    return np.asarray(prim.attributes[name].default)


def _spot(attribute: Sdf.AttributeSpec) -> Vec3:
    x, y, z = (float(value) for value in attribute.default)
    return x, y, z
