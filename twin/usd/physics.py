"""What simulators of physics need: joints with limits, and bodies that the timeline moves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pxr import Gf, Sdf

from twin.plant.robot import RobotModel
from twin.usd.catalogue import Catalogue
from twin.usd.joint import chain
from twin.usd.layer import TOKEN, Layer
from twin.usd.path import ROOT
from twin.usd.span import STILL

FILE = "layers/physics.usdc"
GRAVITY_MPS2 = 9.81
_FLOAT, _BOOL = Sdf.ValueTypeNames.Float, Sdf.ValueTypeNames.Bool
_POINT, _QUAT = Sdf.ValueTypeNames.Point3f, Sdf.ValueTypeNames.Quatf


def write_physics(folder: Path, made: Catalogue) -> None:
    """Write the world's gravity, and vehicles as bodies that push others and are not pushed."""
    layer = Layer(folder / FILE, STILL)
    scene = layer.define(f"{ROOT}/Physics", "PhysicsScene")
    layer.attribute(scene, "physics:gravityDirection", Sdf.ValueTypeNames.Vector3f, (0, 0, -1))
    layer.attribute(scene, "physics:gravityMagnitude", _FLOAT, GRAVITY_MPS2)
    for placement in made.placements:
        if placement.category == "vehicle":
            add_body(layer, layer.over(placement.path))
    layer.save()


def add_body(layer: Layer, prim: Sdf.PrimSpec) -> None:
    """Make a prim a rigid body whose motion is given."""
    layer.apply(prim, "PhysicsRigidBodyAPI")
    layer.attribute(prim, "physics:kinematicEnabled", _BOOL, True)


def add_articulation(layer: Layer, robot: str, model: RobotModel) -> None:
    """Make the links of a robot rigid bodies, joined by revolute joints with limits."""
    layer.apply(layer.over(robot), "PhysicsArticulationRootAPI")
    links = [f"{robot}/{link}" for link in chain()]
    for link in links:
        add_body(layer, layer.over(link))
    layer.define(f"{robot}/Joints", "Scope")
    for k, joint in enumerate(model.joints):
        prim = layer.define(f"{robot}/Joints/J{k + 1}", "PhysicsRevoluteJoint")
        for name, body in (("physics:body0", links[k]), ("physics:body1", links[k + 1])):
            relation = Sdf.RelationshipSpec(prim, name, custom=False)
            relation.targetPathList.explicitItems.append(body)
        turn = _from_x(joint.axis)
        layer.attribute(prim, "physics:axis", TOKEN, "X", uniform=True)
        layer.attribute(prim, "physics:localPos0", _POINT, Gf.Vec3f(*joint.origin_m))
        layer.attribute(prim, "physics:localPos1", _POINT, Gf.Vec3f(0, 0, 0))
        layer.attribute(prim, "physics:localRot0", _QUAT, turn)
        layer.attribute(prim, "physics:localRot1", _QUAT, turn)
        low, high = joint.limit_deg
        layer.attribute(prim, "physics:lowerLimit", _FLOAT, float(low))
        layer.attribute(prim, "physics:upperLimit", _FLOAT, float(high))


def _from_x(axis: tuple[float, float, float]) -> Gf.Quatf:
    """Return the turn that brings x to an axis."""
    along = np.array(axis, dtype=float) / np.linalg.norm(axis)
    turn = Gf.Rotation(Gf.Vec3d(1, 0, 0), Gf.Vec3d(*along.tolist()))
    return Gf.Quatf(turn.GetQuat())
