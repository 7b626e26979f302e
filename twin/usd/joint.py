"""Joints of a robot as transform operations: one rotation about one axis of the link's frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf

from twin.plant.base import Vec3
from twin.plant.robot import RobotModel
from twin.usd.layer import DOUBLE3, FLOAT3, Layer

Floats = NDArray[np.float64]

ROTATION = "xformOp:rotateXYZ"
_ALIGN = "xformOp:orient:axis"


def chain() -> list[str]:
    """Return the paths of links 0 to 6 below a robot."""
    names = [f"Link{k}" for k in range(7)]
    return ["/".join(names[: k + 1]) for k in range(7)]


@dataclass(frozen=True)
class JointOps:
    """How a joint turns its link.

    An axis along x, y or z is a rotation about it, as every reader knows. For any other axis the
    frame is turned so that the axis becomes z, and back.

    Attributes
    ----------
    origin_m : Vec3
    direction : array (3,)
        Rotation vector of a turn by one degree, in the aligned frame.
    align : Gf.Quatf or None
        Turns z to the axis.
    value_type : Sdf.ValueTypeName
        Type of the rotation: double where it goes on for hours without being wrapped.
    """

    origin_m: Vec3
    direction: Floats
    align: Gf.Quatf | None
    value_type: Sdf.ValueTypeName = FLOAT3

    def define(self, layer: Layer, prim: Sdf.PrimSpec) -> None:
        """Write the transform of the link at angle zero."""
        ops = ["xformOp:translate", ROTATION]
        layer.attribute(prim, ops[0], DOUBLE3, Gf.Vec3d(*self.origin_m))
        none = Gf.Vec3f() if self.value_type == FLOAT3 else Gf.Vec3d()
        layer.attribute(prim, ROTATION, self.value_type, none)
        if self.align is not None:
            layer.attribute(prim, _ALIGN, Sdf.ValueTypeNames.Quatf, self.align)
            ops = [ops[0], _ALIGN, ROTATION, f"!invert!{_ALIGN}"]
        layer.order(prim, *ops)

    def rotations_deg(self, angles_deg: Floats) -> Floats:
        """Return values (n, 3) of the rotation for joint angles (n,)."""
        return np.asarray(np.asarray(angles_deg)[..., None] * self.direction)


def joint_of(model: RobotModel, joint: int) -> JointOps:
    """Return the operations of one joint, counted from 0."""
    made = model.joints[joint]
    return turn_about(made.origin_m, made.axis)


def turn_about(origin_m: Vec3, axis: Vec3, value_type: Sdf.ValueTypeName = FLOAT3) -> JointOps:
    """Return the operations of a turn about an axis through a point."""
    along = np.array(axis, dtype=float)
    along /= np.linalg.norm(along)
    if np.abs(along).max() > 1 - 1e-9:
        return JointOps(origin_m, np.round(along), None, value_type)
    turn = Gf.Rotation(Gf.Vec3d(0, 0, 1), Gf.Vec3d(*along.tolist()))
    up = np.array([0.0, 0, 1])
    return JointOps(origin_m, up, Gf.Quatf(turn.GetQuat()), value_type)
