"""Repeating assets of the library: racks of columns and levels, conveyors, shelves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenes.assets.stock import resized, stock
from twin.plant.base import Vec3
from twin.usd.shape import Mesh, Shape

Floats = NDArray[np.float64]


def repeat(
    shape: Shape, name: str, size_m: Vec3, spots_m: Sequence[Vec3] | Floats, *, far: bool = True
) -> None:
    """Draw a module of the library, stretched to a size, at several spots.

    Its copies become one mesh per surface. Where `far` is False, it is not seen from afar.
    """
    spots = np.asarray(spots_m, dtype=float).reshape(-1, 3)
    if not len(spots):
        return
    found = stock(name)
    shape.coarse = shape.coarse or Shape()
    levels = [(shape, found.near), (shape.coarse, found.far)]
    for target, surfaces in levels if far else levels[:1]:
        for look, surface in surfaces.items():
            target.mesh(look, _tiled(resized(surface, found, size_m), spots))


def place(shape: Shape, position_m: Sequence[float], heading_deg: float = 0.0) -> None:
    """Place what is drawn from now on, from nearby and from afar."""
    shape.coarse = shape.coarse or Shape()
    for target in (shape, shape.coarse):
        target.at(position_m, heading_deg)


def spread(length_m: float, parts: int, margin_m: float) -> Floats:
    """Return where the `parts` + 1 ends of equal parts of a length are, kept off its ends."""
    ends = length_m * (np.arange(parts + 1) / parts - 0.5)
    return np.clip(ends, margin_m - length_m / 2, length_m / 2 - margin_m)


def grid(x_m: ArrayLike, y_m: ArrayLike, z_m: ArrayLike) -> Floats:
    """Return every combination of coordinates (n, 3)."""
    return np.stack(np.meshgrid(x_m, y_m, z_m, indexing="ij"), axis=-1).reshape(-1, 3)


def _tiled(mesh: Mesh, spots_m: Floats) -> Mesh:
    copies, corners = len(spots_m), len(mesh.points)
    starts = np.repeat(np.arange(copies) * corners, len(mesh.indices))
    return replace(
        mesh,
        points=(spots_m[:, None, :] + mesh.points).reshape(-1, 3),
        counts=np.tile(mesh.counts, copies),
        indices=np.tile(mesh.indices, copies) + starts,
        normal_indices=np.tile(mesh.normal_indices, copies),
    )
