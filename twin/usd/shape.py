"""Geometry of composite things: boxes and round bars, merged into one mesh per material."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.plant.base import Vec3

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Mesh:
    """Polygons of one material.

    Attributes
    ----------
    points : array (n, 3)
        Corners.
    counts, indices : arrays
        Corners of each face, and which they are.
    normals : array (m, 3)
        Unit normals.
    normal_indices : array
        The normal of each corner of each face, like `indices`.
    """

    points: Floats
    counts: Ints
    indices: Ints
    normals: Floats
    normal_indices: Ints


@dataclass(frozen=True)
class AssetSpec:
    """What a generator is asked to draw.

    Attributes
    ----------
    kind : str
        Name of the generator.
    size_m : (length, width, height)
        Bounding box; its origin is the centre of the footprint, x along the length.
    options : dict
        What else decides the look, e.g. columns and levels of a rack.
    """

    kind: str
    size_m: Vec3
    options: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class MovingPart:
    """A part that moves by itself, drawn in its own frame.

    Attributes
    ----------
    name : str
        Prim name.
    motion : str
        ``turning``: round its axis, as a web passes over it. ``sliding``: along its axis, and
        ``swinging``: round its axis, from closed to open, like a door.
    origin_m : Vec3
        Origin of its frame in the asset; the axis runs through it.
    axis : Vec3
        Unit vector in the frame of the asset.
    amount : float
        Turning: radius in metres at which the web touches it; sliding: travel in metres;
        swinging: angle in degrees, positive counter-clockwise about the axis.
    shape : Shape
        What it looks like, around its origin, turned as it is at rest (closed).
    """

    name: str
    motion: Literal["turning", "sliding", "swinging"]
    origin_m: Vec3
    axis: Vec3
    amount: float
    shape: Shape


PARTED_M = 1e-4
FAR_SHARE = 0.15
"""Pieces smaller than this share of a shape are left out of what is seen from afar."""

_CORNERS = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
_FACES = np.array(
    [[4, 6, 7, 5], [0, 1, 3, 2], [2, 3, 7, 6], [0, 4, 5, 1], [1, 5, 7, 3], [0, 2, 6, 4]]
)
_FACE_NORMALS = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1.0]])
_BOX = Mesh(
    points=_CORNERS,
    counts=np.full(6, 4),
    indices=_FACES.ravel(),
    normals=_FACE_NORMALS,
    normal_indices=np.repeat(np.arange(6), 4),
)


class Shape:
    """Collects boxes and bars; what is added is placed where `at` said last.

    Attributes
    ----------
    lamp_m : Vec3 or None
        Where the signal lamp of a machine is, in its own frame.
    coarse : Shape or None
        What is seen from afar, where a generator draws that too.
    parts : list of MovingPart
        What moves by itself.
    """

    def __init__(self) -> None:
        self.lamp_m: Vec3 | None = None
        self.coarse: Shape | None = None
        self.parts: list[MovingPart] = []
        self._pieces: dict[str, list[Mesh]] = {}
        self.at((0.0, 0.0, 0.0))

    def at(self, position_m: Sequence[float], heading_deg: float = 0.0) -> Shape:
        """Place everything added from now on, turned about the vertical."""
        heading = math.radians(heading_deg)
        cosine, sine = math.cos(heading), math.sin(heading)
        self._turn = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
        self._shift = np.array(position_m, dtype=float)
        return self

    def box(self, material: str, centre_m: ArrayLike, size_m: ArrayLike) -> None:
        """Add a box with axes parallel to the frame."""
        points = np.asarray(centre_m, dtype=float) + _CORNERS * np.asarray(size_m, dtype=float)
        self._add(material, replace(_BOX, points=points))

    def beam(
        self, material: str, start_m: ArrayLike, end_m: ArrayLike, *, width_m: float, thick_m: float
    ) -> None:
        """Add a flat bar between two points; its width is horizontal."""
        start, end = np.asarray(start_m, dtype=float), np.asarray(end_m, dtype=float)
        length = float(np.linalg.norm(end - start))
        along = (end - start) / length
        across = np.cross(np.array([0.0, 0.0, 1.0]), along)
        across = across / np.linalg.norm(across) if abs(along[2]) < 0.999 else np.array([0.0, 1, 0])
        frame = np.stack([along, across, np.cross(along, across)])
        points = (_CORNERS * (length, width_m, thick_m)) @ frame + (start + end) / 2
        self._add(material, replace(_BOX, points=points, normals=_FACE_NORMALS @ frame))

    def rod(
        self,
        material: str,
        start_m: ArrayLike,
        end_m: ArrayLike,
        radius_m: float,
        radius_end_m: float | None = None,
        *,
        sides: int = 12,
    ) -> None:
        """Add a round bar, or a cone where `radius_end_m` differs (0 makes a point)."""
        start, end = np.asarray(start_m, dtype=float), np.asarray(end_m, dtype=float)
        last_m = radius_m if radius_end_m is None else radius_end_m
        axis = (end - start) / np.linalg.norm(end - start)
        ring = _ring(axis, sides)
        points = [start + radius_m * ring, end + last_m * ring if last_m else end[None, :]]
        faces, smooth = _bar_faces(sides, pointed=not last_m)
        piece = Mesh(
            points=np.concatenate(points),
            counts=np.array([len(face) for face in faces]),
            indices=np.concatenate(faces),
            normals=np.concatenate([ring, [-axis, axis]]),
            normal_indices=np.concatenate(smooth),
        )
        self._add(material, piece)

    def turning(self, name: str, centre_m: ArrayLike, axis: ArrayLike, radius_m: float) -> Shape:
        """Add a reel or roller the web runs over; draw into what is returned, around (0, 0, 0).

        A positive turn about `axis` is forwards. The shape returned keeps the directions of this
        frame: only its origin is at `centre_m`.
        """
        return self._part(name, "turning", centre_m, axis, radius_m)

    def sliding(self, name: str, origin_m: ArrayLike, axis: ArrayLike, travel_m: float) -> Shape:
        """Add a door that opens by sliding along an axis; draw it closed, like `turning`."""
        return self._part(name, "sliding", origin_m, axis, travel_m)

    def swinging(self, name: str, hinge_m: ArrayLike, axis: ArrayLike, angle_deg: float) -> Shape:
        """Add a door that opens by turning about its hinge; draw it closed, like `turning`."""
        return self._part(name, "swinging", hinge_m, axis, angle_deg)

    def mesh(self, material: str, mesh: Mesh) -> None:
        """Add a mesh."""
        self._add(material, mesh)

    def from_afar(self) -> Shape:
        """Return what is seen from afar: `coarse`, or this without its small pieces."""
        if self.coarse is not None:
            return self.coarse
        least = FAR_SHARE * float(np.linalg.norm(np.subtract(*self.bounds_m())))
        made = Shape()
        for material, pieces in self._pieces.items():
            if kept := [p for p in pieces if np.linalg.norm(np.ptp(p.points, axis=0)) >= least]:
                made._pieces[material] = kept
        return made if made._pieces else self

    def meshes(self) -> dict[str, Mesh]:
        """Return one mesh per material, in the order materials were first used."""
        return {material: _merged(pieces) for material, pieces in self._pieces.items()}

    def bounds_m(self) -> tuple[Vec3, Vec3]:
        """Return the lowest and highest corner, with moving parts at rest."""
        points = self.points_m()
        low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        return (low[0], low[1], low[2]), (high[0], high[1], high[2])

    def points_m(self) -> Floats:
        """Return all corners (n, 3), with moving parts at rest."""
        own = [p.points for pieces in self._pieces.values() for p in pieces]
        moving = [part.shape.points_m() + part.origin_m for part in self.parts]
        return np.concatenate([*own, *moving])

    def _part(
        self,
        name: str,
        motion: Literal["turning", "sliding", "swinging"],
        origin_m: ArrayLike,
        axis: ArrayLike,
        amount: float,
    ) -> Shape:
        """Add a moving part, placed like everything else; its shape is turned with this frame."""
        drawn = Shape()
        drawn._turn = self._turn
        x, y, z = (np.asarray(origin_m, dtype=float) @ self._turn + self._shift).tolist()
        along = np.asarray(axis, dtype=float)
        u, v, w = (along / np.linalg.norm(along) @ self._turn).tolist()
        self.parts.append(MovingPart(name, motion, (x, y, z), (u, v, w), amount, drawn))
        return drawn

    def _add(self, material: str, piece: Mesh) -> None:
        placed = replace(
            piece,
            points=piece.points @ self._turn + self._shift,
            normals=piece.normals @ self._turn,
        )
        self._pieces.setdefault(material, []).append(placed)


def _ring(axis: Floats, sides: int) -> Floats:
    """Return `sides` unit vectors around an axis."""
    helper = np.array([0.0, 0.0, 1.0] if abs(axis[2]) < 0.9 else [1.0, 0.0, 0.0])
    u = np.cross(helper, axis)
    u /= np.linalg.norm(u)
    v = np.cross(axis, u)
    angle = np.arange(sides) * (2 * np.pi / sides)
    return np.asarray(np.cos(angle)[:, None] * u + np.sin(angle)[:, None] * v)


def _bar_faces(sides: int, *, pointed: bool) -> tuple[list[Ints], list[Ints]]:
    """Return faces of a bar and their normals: sides (smooth), foot and, if flat, head."""
    k, after = np.arange(sides), (np.arange(sides) + 1) % sides
    foot, flat = k[::-1], np.full(sides, sides)
    if pointed:
        tip = np.full(sides, sides)
        return [*np.stack([k, after, tip], axis=1), foot], [*np.stack([k, after, k], axis=1), flat]
    quads = np.stack([k, after, after + sides, k + sides], axis=1)
    smooth = np.stack([k, after, after, k], axis=1)
    return [*quads, foot, k + sides], [*smooth, flat, flat + 1]


def _merged(pieces: list[Mesh]) -> Mesh:
    starts = np.cumsum([0] + [len(p.points) for p in pieces])
    normal_starts = np.cumsum([0] + [len(p.normals) for p in pieces])
    normals = np.concatenate([p.normals for p in pieces])
    normal_indices = np.concatenate(
        [p.normal_indices + n for p, n in zip(pieces, normal_starts, strict=False)]
    )
    distinct, which = np.unique(np.round(normals, 6) + 0.0, axis=0, return_inverse=True)
    return Mesh(
        points=_parted(np.concatenate([p.points for p in pieces])),
        counts=np.concatenate([p.counts for p in pieces]),
        indices=np.concatenate([p.indices + n for p, n in zip(pieces, starts, strict=False)]),
        normals=distinct,
        normal_indices=which.ravel()[normal_indices],
    )


def _parted(points: Floats) -> Floats:
    """Move points that coincide 0.1 mm apart.

    Pieces that touch stay closed bodies of their own: welded, they would share edges of four faces.
    """
    _, which, counts = np.unique(
        np.round(points, 5), axis=0, return_inverse=True, return_counts=True
    )
    shared = np.flatnonzero(counts[which.ravel()] > 1)
    order = shared[np.argsort(which.ravel()[shared], kind="stable")]
    groups = which.ravel()[order]
    first = np.searchsorted(groups, groups)
    moved = points.copy()
    moved[order, 0] += (np.arange(len(order)) - first) * PARTED_M
    return moved
