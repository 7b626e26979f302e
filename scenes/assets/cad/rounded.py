"""Rounded bodies: housings with round corners, and limbs lofted through rings.

Lengths are in metres.
"""

from __future__ import annotations

from collections.abc import Sequence

from build123d import Axis, Box, Ellipse, Plane, Pos, Sphere, chamfer, fillet, loft

from scenes.assets.cad.solid import Solid, Spot

Ring = tuple[float, float, float, float, float]
"""Middle (x, y, z) of an ellipse that lies flat, and its half axes along x and y."""


def rounded(
    size_m: Spot, at_m: Spot, radius_m: float, *, top_m: float = 0.0, foot_m: float = 0.0
) -> Solid:
    """Return a box with round vertical edges, chamfered along its top and its foot."""
    solid = Box(*size_m)
    solid = fillet(solid.edges().filter_by(Axis.Z), radius_m)
    faces = solid.faces().sort_by(Axis.Z)
    if top_m:
        solid = chamfer(faces[-1].edges(), top_m)
    if foot_m:
        solid = chamfer(solid.faces().sort_by(Axis.Z)[0].edges(), foot_m)
    return Pos(at_m[0], at_m[1], at_m[2] + size_m[2] / 2) * solid


def lofted(rings: Sequence[Ring]) -> Solid:
    """Return a body through flat ellipses, from the lowest to the highest, straight between."""
    sections = [Plane.XY * Pos(x, y, z) * Ellipse(rx, ry) for x, y, z, rx, ry in rings]
    return loft(sections, ruled=True)


def ball(centre_m: Spot, radius_m: float) -> Solid:
    """Return a ball."""
    return Pos(*centre_m) * Sphere(radius_m)
