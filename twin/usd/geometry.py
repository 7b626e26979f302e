"""Shapes as meshes: one mesh per material, with normals and extent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Vt

from twin.usd.layer import TOKEN, Layer
from twin.usd.material import add_materials, material_path
from twin.usd.shape import Mesh, Shape

LIBRARY = "../../materials/materials.usda"
LAMP_M = 0.16
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
    """Write a signal lamp; its display colour is what the state of the machine changes."""
    x, y, z = spot_m
    shape = Shape()
    shape.rod("lamp", (x, y, z), (x, y, z + LAMP_M), 0.06, sides=16)
    made = add_mesh(layer, f"{prim}/Lamp", shape.meshes()["lamp"])
    name = "primvars:displayColor"
    layer.attribute(made, name, Sdf.ValueTypeNames.Color3fArray, Vt.Vec3fArray([colour]))
    made.attributes[name].SetInfo("interpolation", "constant")


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
