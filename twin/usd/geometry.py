"""Shapes as meshes: one mesh per material, with normals and extent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Vt

from twin.usd.layer import TOKEN, Layer
from twin.usd.material import add_materials, material_path
from twin.usd.shape import Mesh, Shape

LIBRARY = "../../materials/materials.usda"
LAMP_M = 0.21
_TIERS = 3
_RING_M = 0.01
_CASE = Gf.Vec3f(0.04, 0.045, 0.05)
_POINTS = Sdf.ValueTypeNames.Point3fArray
_INTS = Sdf.ValueTypeNames.IntArray


def add_shape(layer: Layer, prim: str, shape: Shape, library: str = LIBRARY) -> None:
    """Write a shape below a prim, with the materials it needs."""
    meshes = shape.meshes()
    add_materials(layer, prim, list(meshes), library)
    for look, mesh in meshes.items():
        made = add_mesh(layer, f"{prim}/{look}", mesh)
        layer.apply(made, "MaterialBindingAPI")
        binding = Sdf.RelationshipSpec(made, "material:binding", custom=False)
        binding.targetPathList.explicitItems.append(material_path(prim, look))


def add_lamp(layer: Layer, prim: str, spot_m: tuple[float, float, float], colour: Gf.Vec3f) -> None:
    """Write a stacked signal lamp; the display colour of its tiers is what the state changes."""
    x, y, z = spot_m
    tier = LAMP_M / _TIERS
    lamp, case = Shape(), Shape()
    case.rod("lamp", (x, y, z), (x, y, z + _RING_M), 0.052, sides=12)
    for k in range(_TIERS):
        foot, head = z + tier * k + _RING_M, z + tier * (k + 1)
        lamp.rod("lamp", (x, y, foot), (x, y, head - _RING_M), 0.048, sides=16)
        case.rod("lamp", (x, y, head - _RING_M), (x, y, head), 0.052, sides=12)
    for name, shape, shown in (("Lamp", lamp, colour), ("LampCase", case, _CASE)):
        made = add_mesh(layer, f"{prim}/{name}", shape.meshes()["lamp"])
        attribute = "primvars:displayColor"
        array = Sdf.ValueTypeNames.Color3fArray
        layer.attribute(made, attribute, array, Vt.Vec3fArray([shown]))
        made.attributes[attribute].SetInfo("interpolation", "constant")


def add_mesh(layer: Layer, path: str, mesh: Mesh) -> Sdf.PrimSpec:
    """Write one polygon mesh."""
    prim = layer.define(path, "Mesh")
    points = _vectors(mesh.points)
    layer.attribute(prim, "points", _POINTS, points)
    layer.attribute(prim, "faceVertexCounts", _INTS, _ints(mesh.counts))
    layer.attribute(prim, "faceVertexIndices", _INTS, _ints(mesh.indices))
    layer.attribute(prim, "subdivisionScheme", TOKEN, "none", uniform=True)
    normals = layer.attribute(
        prim, "primvars:normals", Sdf.ValueTypeNames.Normal3fArray, _vectors(mesh.normals)
    )
    normals.SetInfo("interpolation", "faceVarying")
    layer.attribute(prim, "primvars:normals:indices", _INTS, _ints(mesh.normal_indices))
    box = _vectors(np.stack([mesh.points.min(axis=0), mesh.points.max(axis=0)]))
    layer.attribute(prim, "extent", Sdf.ValueTypeNames.Float3Array, box)
    return prim


def _vectors(values: NDArray[np.float64]) -> Vt.Vec3fArray:
    return Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(values, dtype=np.float32))


def _ints(values: NDArray[np.int64]) -> Vt.IntArray:
    return Vt.IntArray.FromNumpy(np.ascontiguousarray(values, dtype=np.int32))
