"""Parts of components that move by themselves: reels, rollers, doors.

They are prims below ``Turning``, ``Sliding`` or ``Swinging`` of a component, named by what they
are, with their axis and radius, travel or angle as attributes. The animation layer drives them.
"""

from __future__ import annotations

from pxr import Gf, Sdf

from twin.usd.geometry import add_shape
from twin.usd.joint import turn_about
from twin.usd.layer import DOUBLE3, Layer
from twin.usd.shape import MovingPart, Shape

SCOPES = {"turning": "Turning", "sliding": "Sliding", "swinging": "Swinging"}
AMOUNTS = {"turning": "radius_m", "sliding": "travel_m", "swinging": "angle_deg"}
TRANSLATE = "xformOp:translate"


def part_path(component: str, part: MovingPart) -> str:
    """Return the path of a part below its component."""
    return f"{component}/{SCOPES[part.motion]}/{part.name}"


def add_moving_parts(layer: Layer, component: str, shape: Shape) -> None:
    """Write the moving parts of a shape, each around its own origin."""
    for scope in dict.fromkeys(SCOPES[part.motion] for part in shape.parts):
        layer.define(f"{component}/{scope}")
    for part in shape.parts:
        _add(layer, component, part)


def _add(layer: Layer, component: str, part: MovingPart) -> None:
    path = part_path(component, part)
    prim = layer.define(path)
    if part.motion == "sliding":
        layer.attribute(prim, TRANSLATE, DOUBLE3, Gf.Vec3d(*part.origin_m))
        layer.order(prim, TRANSLATE)
    else:
        turn_about(part.origin_m, part.axis, DOUBLE3).define(layer, prim)
    about = f"twin:{part.motion}"
    kinds = Sdf.ValueTypeNames
    layer.attribute(prim, f"{about}:axis", kinds.Double3, Gf.Vec3d(*part.axis), uniform=True)
    amount = f"{about}:{AMOUNTS[part.motion]}"
    layer.attribute(prim, amount, kinds.Double, float(part.amount), uniform=True)
    prototype = f"/_{part.name}"
    if not layer.sdf.GetPrimAtPath(prototype):
        layer.define_class(prototype)
        add_shape(layer, prototype, part.shape)
    look = layer.define(f"{path}/Look")
    look.instanceable = True
    layer.reference(look, "", prototype)
