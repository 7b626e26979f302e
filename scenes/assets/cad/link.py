"""Shapes that links of robots are made of: castings between joints, discs, bolts, hoses.

Lengths are in metres. Castings are upright: their outline lies in x and z, they are thick along y.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from build123d import Circle, Cone, Plane, Pos, Rot, Vector, chamfer, extrude, make_hull

from scenes.assets.cad.solid import THIN_M, Part, Solid, Spot, bar

Disc = tuple[float, float, float]
"""Middle (x, z) and radius."""

_SEAM_DEG = 37.0
"""Where circles start: off the tangents of a hull, which would leave slivers there."""


def casting(discs: Sequence[Disc], low_y: float, high_y: float, bevel_m: float = 0.0) -> Solid:
    """Return the hull of discs, thick from one y to another, with bevelled rims."""
    circles = [Pos(x, z) * Rot(0, 0, _SEAM_DEG) * Circle(radius) for x, z, radius in discs]
    edges = [edge for circle in circles for edge in circle.edges()]
    solid = extrude(make_hull(edges), high_y - low_y)
    if bevel_m:
        faces = solid.faces().sort_by()
        solid = chamfer(faces[0].edges() + faces[-1].edges(), bevel_m)
    upright = Plane(origin=(0, high_y, 0), x_dir=(1, 0, 0), z_dir=(0, -1, 0))
    return upright.location * solid


def disc(start_m: Spot, end_m: Spot, radius_m: float, bevel_m: float = 0.0) -> Solid:
    """Return a round bar between two points, bevelled at its end."""
    solid = bar(start_m, end_m, radius_m)
    if not bevel_m:
        return solid
    along = Vector(*end_m) - Vector(*start_m)
    end = max(solid.faces(), key=lambda face: face.center().dot(along))
    return chamfer(end.edges(), bevel_m)


def hose(points_m: Sequence[Spot], radius_m: float) -> Part:
    """Return a hose with angular bends along points."""
    return {"base": [bar(a, b, min(radius_m, 0.99 * THIN_M)) for a, b in pairwise(points_m)]}


def taper(start_m: Spot, end_m: Spot, start_radius_m: float, end_radius_m: float) -> Solid:
    """Return a cone's frustum between two points."""
    start, along = Vector(*start_m), Vector(*end_m) - Vector(*start_m)
    plane = Plane(origin=start + along * 0.5, z_dir=along.normalized())
    return plane.location * Cone(start_radius_m, end_radius_m, along.length)


def bolts(centre_m: Spot, axis: Spot, circle_m: float, count: int, radius_m: float) -> list[Solid]:
    """Return heads of bolts on a circle about an axis; they stand out along it."""
    plane = Plane(origin=tuple(centre_m), z_dir=tuple(axis))
    made = []
    for k in range(count):
        turn = 2 * math.pi * (k + 0.5) / count
        foot = plane.from_local_coords((circle_m * math.cos(turn), circle_m * math.sin(turn), 0))
        head = foot + plane.z_dir * radius_m
        made.append(bar(tuple(foot - plane.z_dir * radius_m), tuple(head), radius_m))
    return made
