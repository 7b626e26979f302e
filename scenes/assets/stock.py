"""The asset library: meshes made from CAD, read from `scenes/assets/library`.

`python -m scenes.assets.build` writes them; nothing here needs CAD.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf

from scenes.assets.stretch import Surface, moved_spot, stretched, stretches
from twin.plant.base import Vec3
from twin.usd.component import FAR_LOOK, LOOK
from twin.usd.shape import AssetSpec, Mesh, Shape

LIBRARY = Path(__file__).parent / "library"
SIZE = "twin:size_m"
LAMP = "twin:lamp_m"
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
    near, far : dict
        Name of the surface -> its mesh; for looks from nearby and from afar.
    """

    size_m: Vec3
    lamp_m: Vec3 | None
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
        near=_surfaces(layer, LOOK),
        far=_surfaces(layer, FAR_LOOK),
    )


def draw_stock(shape: Shape, name: str, size_m: Vec3 | None = None) -> None:
    """Draw an asset of the library into a shape, stretched to a size."""
    found = stock(name)
    along = stretches(found.size_m, size_m or found.size_m)
    shape.coarse = shape.coarse or Shape()
    for target, surfaces in ((shape, found.near), (shape.coarse, found.far)):
        for look, surface in surfaces.items():
            target.mesh(look, stretched(surface, along))
    if found.lamp_m is not None:
        shape.lamp_m = moved_spot(found.lamp_m, along)


def draw_named(name: str, shape: Shape, spec: AssetSpec) -> None:
    """Draw an asset of the library in the size that is asked for."""
    draw_stock(shape, name, spec.size_m)


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
