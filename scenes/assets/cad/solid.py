"""Solids of CAD models and how parts made of them are placed; `parts` offers all of it too.

Lengths are in metres. A part is a dictionary of solids by the name of their surface.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from build123d import (
    Axis,
    Box,
    Cylinder,
    Location,
    Plane,
    Polygon,
    Pos,
    RegularPolygon,
    Vector,
    chamfer,
    extrude,
    revolve,
)

if TYPE_CHECKING:
    from scenes.assets.cad.model import Model

Solid = Any
Part = dict[str, list[Any]]
Spot = Sequence[float]

THIN_M = 0.03
"""Round bars thinner than this are octagons: nobody sees the difference."""


def put(model: Model, part: Part, at_m: Spot = (0.0, 0.0, 0.0), heading_deg: float = 0.0) -> None:
    """Add a part to a model, turned about the vertical and moved."""
    for surface, solids in placed(part, at_m, heading_deg).items():
        model.add(surface, *solids)


def placed(part: Part, at_m: Spot = (0.0, 0.0, 0.0), heading_deg: float = 0.0) -> Part:
    """Return a part turned about the vertical and moved."""
    where = Location(tuple(at_m), (0.0, 0.0, heading_deg))
    return {surface: [s.moved(where) for s in solids] for surface, solids in part.items()}


def joined(*parts: Part) -> Part:
    """Return several parts as one."""
    made: Part = {}
    for part in parts:
        for surface, solids in part.items():
            made.setdefault(surface, []).extend(solids)
    return made


def tilted(part: Part, turn_deg: Spot, at_m: Spot = (0.0, 0.0, 0.0)) -> Part:
    """Return a part turned about x, y and z (in this order, fixed axes) and moved."""
    where = Location(tuple(at_m), tuple(turn_deg))
    return {surface: [s.moved(where) for s in solids] for surface, solids in part.items()}


def block(size_m: Spot, at_m: Spot = (0.0, 0.0, 0.0), bevel_m: float = 0.0) -> Solid:
    """Return a box on the middle of its foot; `bevel_m` chamfers its vertical edges."""
    solid = Box(*size_m)
    if bevel_m:
        solid = chamfer(solid.edges().filter_by(Axis.Z), bevel_m)
    return Pos(at_m[0], at_m[1], at_m[2] + size_m[2] / 2) * solid


def slab(size_m: Spot, at_m: Spot = (0.0, 0.0, 0.0), bevel_m: float = 0.02) -> Solid:
    """Return a box whose vertical and upper edges are chamfered: housings, hoods, tables."""
    solid = Box(*size_m)
    edges = solid.edges().filter_by(Axis.Z) + solid.faces().sort_by(Axis.Z)[-1].edges()
    return Pos(at_m[0], at_m[1], at_m[2] + size_m[2] / 2) * chamfer(edges, bevel_m)


def bar(start_m: Spot, end_m: Spot, radius_m: float) -> Solid:
    """Return a round bar between two points."""
    start, along = Vector(*start_m), Vector(*end_m) - Vector(*start_m)
    plane = Plane(origin=start + along * 0.5, z_dir=along.normalized())
    if radius_m < THIN_M:
        prism = extrude(RegularPolygon(radius_m, 8), along.length)
        return plane.location * Pos(0, 0, -along.length / 2) * prism
    return plane.location * Cylinder(radius_m, along.length)


def plate(outline_m: Sequence[Spot], thick_m: float, at_m: Spot = (0.0, 0.0, 0.0)) -> Solid:
    """Return an upright plate: an outline of (x, z), thick along y, its back at `at_m`."""
    face = Polygon(*[tuple(corner) for corner in outline_m], align=None)
    upright = Plane(origin=tuple(at_m), x_dir=(1, 0, 0), z_dir=(0, -1, 0))
    return upright.location * extrude(face, -thick_m)


def revolved(profile_m: Sequence[Spot]) -> Solid:
    """Return a body turned about the vertical from a closed outline of (radius, height)."""
    face = Plane.XZ.location * Polygon(*[tuple(corner) for corner in profile_m], align=None)
    return revolve(face, Axis.Z)
