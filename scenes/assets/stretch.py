"""Fitting an asset to a machine's size: its ends keep their shape, the middle is stretched.

Along its length and width, the outer quarters keep their size. Upwards, everything below
`KEPT_M` stays where it is, so that the product passes at the same height. What is round about an
axis stays round: it moves as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.plant.base import Vec3
from twin.usd.shape import Mesh

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

END_SHARE = 0.25
SHRUNK = 0.7
"""Below this share of its length, an asset is scaled as a whole."""

KEPT_M = 1.3
"""Height up to which an asset is not stretched."""


@dataclass(frozen=True)
class Surface:
    """The mesh of one surface of an asset.

    Attributes
    ----------
    mesh : Mesh
    pieces : array
        Points of each solid; they follow each other.
    round : array
        The axis each solid is round about: 1 x, 2 y, 3 z, 4 all of them, 0 none.
    """

    mesh: Mesh
    pieces: Ints
    round: Ints


@dataclass(frozen=True)
class Stretch:
    """How coordinates along one axis move: linear between knots, shifted beyond them.

    Where `shrunk`, what is round is no exception.
    """

    knots_m: tuple[float, ...]
    moved_m: tuple[float, ...]
    shrunk: bool = False

    def __call__(self, along: Floats) -> Floats:
        """Return where coordinates go."""
        inside = np.clip(along, self.knots_m[0], self.knots_m[-1])
        return np.interp(inside, self.knots_m, self.moved_m) + (along - inside)


def stretches(size_m: Vec3, wanted_m: Vec3) -> tuple[Stretch, Stretch, Stretch]:
    """Return how an asset of one size becomes one of another."""
    length, width = (_ended(s, w) for s, w in zip(size_m[:2], wanted_m[:2], strict=True))
    return length, width, _raised(size_m[2], wanted_m[2])


def stretched(surface: Surface, along: tuple[Stretch, Stretch, Stretch]) -> Mesh:
    """Return the mesh of a surface with its points moved."""
    points = surface.mesh.points
    starts = np.cumsum(surface.pieces) - surface.pieces
    moved = np.empty_like(points)
    for axis, stretch in enumerate(along):
        column = points[:, axis]
        low, high = np.minimum.reduceat(column, starts), np.maximum.reduceat(column, starts)
        centre = (low + high) / 2
        shift = np.repeat(stretch(centre) - centre, surface.pieces)
        kept = (surface.round > 0) & (surface.round != axis + 1) & (not stretch.shrunk)
        rigid = np.repeat(kept, surface.pieces)
        moved[:, axis] = np.where(rigid, column + shift, stretch(column))
    return replace(surface.mesh, points=moved)


def scaled(mesh: Mesh, ratio: Floats) -> Mesh:
    """Return a mesh scaled along each axis."""
    normals = mesh.normals / ratio
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return replace(mesh, points=mesh.points * ratio, normals=normals / length)


def moved_spot(spot_m: Vec3, along: tuple[Stretch, Stretch, Stretch]) -> Vec3:
    """Return where a point goes."""
    x, y, z = (float(s(np.array([v]))[0]) for s, v in zip(along, spot_m, strict=True))
    return x, y, z


def _ended(size_m: float, wanted_m: float) -> Stretch:
    half, wanted = size_m / 2, wanted_m / 2
    if wanted_m < SHRUNK * size_m:
        return Stretch((-half, half), (-wanted, wanted), shrunk=True)
    end = END_SHARE * size_m
    return Stretch(
        (-half, end - half, half - end, half), (-wanted, end - wanted, wanted - end, wanted)
    )


def _raised(size_m: float, wanted_m: float) -> Stretch:
    if min(size_m, wanted_m) < KEPT_M * 1.2:
        return Stretch((0.0, size_m), (0.0, wanted_m))
    return Stretch((0.0, KEPT_M, size_m), (0.0, KEPT_M, wanted_m))
