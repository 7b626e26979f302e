"""Triangles of CAD solids: one mesh per surface, smooth on curved faces, sharp between faces.

The same solids always give the same numbers: points are rounded to `GRID_M` and sorted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from build123d import GeomType
from numpy.typing import NDArray
from OCP.BRep import BRep_Tool
from OCP.BRepMesh import BRepMesh_IncrementalMesh
from OCP.BRepTools import BRepTools
from OCP.TopAbs import TopAbs_REVERSED
from OCP.TopLoc import TopLoc_Location

from scenes.assets.stretch import Surface
from twin.usd.shape import Mesh

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRID_M = 1e-5
FINE = (0.02, 0.8)
"""How far triangles may be off a curved face (m), and turn from one to the next (rad)."""

COARSE = (0.1, 1.5)
_ROUND = frozenset({GeomType.CYLINDER, GeomType.CONE, GeomType.SPHERE, GeomType.REVOLUTION})
_ALL_AXES = 4


def surface_of(solids: list[Any], fineness: tuple[float, float] = FINE) -> Surface:
    """Return the mesh of solids that share a surface."""
    made = [_solid_mesh(solid, fineness) for solid in solids]
    starts = np.cumsum([0] + [len(mesh.points) for mesh in made])
    normal_starts = np.cumsum([0] + [len(mesh.normals) for mesh in made])
    indices = [m.indices + s for m, s in zip(made, starts, strict=False)]
    normal_indices = [m.normal_indices + s for m, s in zip(made, normal_starts, strict=False)]
    normals = np.concatenate([mesh.normals for mesh in made])
    distinct, which = np.unique(normals, axis=0, return_inverse=True)
    mesh = Mesh(
        points=np.concatenate([m.points for m in made]),
        counts=np.concatenate([m.counts for m in made]),
        indices=np.concatenate(indices),
        normals=distinct,
        normal_indices=which.ravel()[np.concatenate(normal_indices)],
    )
    return Surface(mesh, np.diff(starts), np.array([_round_axis(solid) for solid in solids]))


def span_m(solid: Any) -> float:
    """Return the diagonal of a solid's box."""
    return float(solid.bounding_box().diagonal)


def _solid_mesh(solid: Any, fineness: tuple[float, float]) -> Mesh:
    """Return the closed mesh of one solid: its faces share their points, not their normals."""
    linear, angular = fineness
    BRepTools.Clean_s(solid.wrapped)
    BRepMesh_IncrementalMesh(solid.wrapped, linear, False, angular, False)
    points, normals, corners, corner_normals = [], [], [], []
    n_points = n_normals = 0
    for face in solid.faces():
        spots, triangles = _face_triangles(face)
        smooth = _face_normals(spots, triangles)
        points.append(spots)
        normals.append(smooth)
        corners.append(triangles + n_points)
        corner_normals.append(triangles + n_normals)
        n_points, n_normals = n_points + len(spots), n_normals + len(smooth)
    merged, which = _merged(np.concatenate(points))
    triangles = which[np.concatenate(corners)]
    kept = _has_area(merged, triangles)
    return Mesh(
        points=merged,
        counts=np.full(int(kept.sum()), 3),
        indices=triangles[kept].ravel(),
        normals=np.concatenate(normals),
        normal_indices=np.concatenate(corner_normals)[kept].ravel(),
    )


def _face_triangles(face: Any) -> tuple[Floats, Ints]:
    """Return points (rounded, each once) and triangles of one face, seen from outside."""
    where = TopLoc_Location()
    found = BRep_Tool.Triangulation_s(face.wrapped, where)
    move = where.Transformation()
    nodes = (found.Node(k + 1).Transformed(move) for k in range(found.NbNodes()))
    spots = np.array([(p.X(), p.Y(), p.Z()) for p in nodes])
    corners = [found.Triangle(k + 1).Get() for k in range(found.NbTriangles())]
    merged, which = _merged(spots)
    triangles = which[np.array(corners) - 1]
    if face.wrapped.Orientation() == TopAbs_REVERSED:
        triangles = triangles[:, ::-1]
    return merged, triangles


def _merged(points: Floats) -> tuple[Floats, Ints]:
    """Return distinct points on the grid, and which of them each point is."""
    grid = np.round(points / GRID_M).astype(np.int64)
    distinct, which = np.unique(grid, axis=0, return_inverse=True)
    return np.round(distinct * GRID_M, 5) + 0.0, which.ravel()


def _face_normals(points: Floats, triangles: Ints) -> Floats:
    """Return the normal at every point of one face, weighted by the area around it."""
    areas = _areas(points, triangles)
    sums = np.zeros_like(points)
    for corner in range(3):
        np.add.at(sums, triangles[:, corner], areas)
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(np.round(sums / np.where(length > 0, length, 1.0), 4) + 0.0)


def _areas(points: Floats, triangles: Ints) -> Floats:
    a, b, c = (points[triangles[:, k]] for k in range(3))
    return np.cross(b - a, c - a)


def _has_area(points: Floats, triangles: Ints) -> NDArray[np.bool_]:
    return np.asarray(np.linalg.norm(_areas(points, triangles), axis=1) > GRID_M * GRID_M)


def _round_axis(solid: Any) -> int:
    """Return which axis a solid is round about, by its faces and its box."""
    if not any(face.geom_type in _ROUND for face in solid.faces()):
        return 0
    size = np.array(tuple(solid.bounding_box().size))
    alike = [abs(size[(k + 1) % 3] - size[(k + 2) % 3]) < 0.01 * size.max() for k in range(3)]
    if all(alike):
        return _ALL_AXES
    return alike.index(True) + 1 if any(alike) else 0
