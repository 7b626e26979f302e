"""The part in a robot's gripper: there from the end of a grip to the end of a release."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Vt

from twin.motion.track import Occurrences
from twin.plant.plant import Plant
from twin.plant.robot import Robot, RobotModel
from twin.usd.instancer import INT64S, FlowLayer, Slots
from twin.usd.joint import chain
from twin.usd.span import CODES_PER_S, Span

Floats = NDArray[np.float64]

_EIGHT = tuple(product((-0.34, -0.34 / 3, 0.34 / 3, 0.34), (-0.17, 0.17)))


def add_gripped(
    flow: FlowLayer, robot: Robot, model: RobotModel, done: Occurrences, *, path: str
) -> None:
    """Write the pieces a robot carries, at the tip of its tool."""
    item = gripped_item(flow.plant)
    if item is None or not len(done.start_s):
        return
    spots = _EIGHT if robot.tool == "vacuum_8" else ((0.0, 0.0),)
    points, turn = _below_tip(model, spots, flow.sizes[item][2])
    slots = Slots([item] * len(spots), points, [turn] * len(spots))
    prim = flow.instancer(f"{path}/{chain()[6]}/Tip/Load", slots, kind="subcomponent")
    times, carries = carrying(robot, done, flow.span)
    none, everything = Vt.Int64Array(), Vt.Int64Array(range(len(spots)))
    flow.layer.attribute(prim, "invisibleIds", INT64S)
    values = [none if on else everything for on in carries]
    flow.layer.linear(f"{prim.path}.invisibleIds", times * CODES_PER_S, values)


def gripped_item(plant: Plant) -> str | None:
    """Return the item robots hold: the last single piece that counts as product."""
    single = [i.id for i in plant.items if i.carrier == "none" and i.units_per_lot == 1]
    return single[-1] if single else None


def carrying(robot: Robot, done: Occurrences, span: Span) -> tuple[Floats, list[bool]]:
    """Return the times at which a robot takes or leaves a part, and whether it then has one."""
    steps = robot.program.steps
    actions = np.array([step.action for step in steps])[done.step % len(steps)]
    rows = np.flatnonzero(actions != "none")
    times, takes = done.end_s[rows], actions[rows] == "grip"
    before = rows[times <= span.start_s]
    first = bool(len(before)) and bool(actions[before[-1]] == "grip")
    inside = (times > span.start_s) & (times <= span.end_s)
    return np.append(span.start_s, times[inside]), [first, *takes[inside].tolist()]


def _below_tip(
    model: RobotModel, spots: tuple[tuple[float, float], ...], thick_m: float
) -> tuple[Floats, Gf.Quath]:
    """Return where pieces hang in the frame of the tip, and how they are turned."""
    flange = np.array(model.flange_m)
    out = flange / (float(np.linalg.norm(flange)) or 1.0)
    side = np.array([0.0, 1, 0]) if abs(out[2]) > 0.9 else np.array([0.0, 0, 1])
    third = np.cross(out, side)
    depth = max(thick_m, 0.03)
    points = np.array([out * depth + a * side + b * third for a, b in spots])
    return points, _turn(third, -out)


def _turn(x_axis: Floats, z_axis: Floats) -> Gf.Quath:
    """Return the rotation that brings x and z to two given axes."""
    y_axis = np.cross(z_axis, x_axis)
    rows = [Gf.Vec3d(*axis.tolist()) for axis in (x_axis, y_axis, z_axis)]
    matrix = Gf.Matrix3d()
    for k, row in enumerate(rows):
        matrix.SetRow(k, row)
    quaternion = matrix.ExtractRotation().GetQuat()
    norm = math.copysign(1.0, quaternion.GetReal())
    return Gf.Quath(Gf.Quatd(quaternion.GetReal() * norm, quaternion.GetImaginary() * norm))
