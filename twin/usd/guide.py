"""The guides layer: envelopes of robots, people and fences, hidden in ordinary pictures."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from pathlib import Path

import numpy as np
from pxr import Gf, Sdf, Vt

from twin.kpi.niosh import LEAST_H_M, MOST_H_M, MOST_V_M
from twin.motion.arm import forward, geometry
from twin.palette import SELECTED, WARNING, linear_rgb
from twin.plant.load import robot_model
from twin.plant.plant import Plant
from twin.plant.robot import RobotModel
from twin.plant.stand import stand_away_m
from twin.usd.layer import TOKEN, Layer, extent
from twin.usd.path import BUILDING, ROOT, Paths
from twin.usd.span import STILL

FILE = "layers/guides.usdc"
REACH = "Reach"
FENCE_M = 2.0
"""Height of the box over a fenced zone that has no walls of its own."""

HANDS_M, HANDS_UP_M = MOST_H_M, MOST_V_M
"""How far from the body and how high hands may lift: the revised NIOSH equation knows no more."""
HANDS_NEAR_M = LEAST_H_M
"""How close to the body the equation counts no distance at all."""

_GUARDED = frozenset({"robot_cell", "restricted"})
_DOUBLE = Sdf.ValueTypeNames.Double
_N_ANGLES = 25


def write_guides(folder: Path, plant: Plant, paths: Paths) -> None:
    """Write where robots reach, where hands lift, and what fences keep free."""
    layer = Layer(folder / FILE, STILL)
    layer.over(ROOT)
    for robot in plant.robots.values():
        model = robot_model(plant, robot.model)
        radius = reach_m(model.model_dump_json(), robot.tool_length_m)
        _sphere(layer, f"{paths.things[robot.id]}/{REACH}", shoulder_m(model), radius)
    for pool in plant.pools:
        for worker in pool.worker_ids:
            _cylinder(layer, f"{paths.things[worker]}/{REACH}", HANDS_M, HANDS_UP_M)
    _add_hands(layer, plant, paths)
    for zone in plant.zones:
        if zone.kind in _GUARDED:
            size = (*zone.size_m, zone.height_m or FENCE_M)
            _box(layer, f"{BUILDING}/Zones/{zone.id}/Envelope", size)
    layer.save()


def _add_hands(layer: Layer, plant: Plant, paths: Paths) -> None:
    """Write where hands lift at the machines of stations with lifts, about who stands there."""
    for station in plant.stations.values():
        front_m = -stand_away_m(station.size_m)
        for machine in station.machine_ids if station.lifts else ():
            for name, radius in (("HandsReach", HANDS_M), ("HandsNear", HANDS_NEAR_M)):
                path = f"{paths.things[machine]}/{name}"
                _cylinder(layer, path, radius, HANDS_UP_M, front_m)


def shoulder_m(model: RobotModel) -> tuple[float, float, float]:
    """Return the point the arm swings about: the second joint's, above the first."""
    x, y, z = (np.array(model.joints[0].origin_m) + model.joints[1].origin_m).tolist()
    first = model.joints[0].origin_m
    return (first[0], first[1], z) if abs(x - first[0]) + abs(y - first[1]) > 0 else (x, y, z)


@lru_cache(maxsize=64)
def reach_m(model_json: str, tool_length_m: float) -> float:
    """Return how far from its shoulder the tip of a robot's tool gets within the joint limits.

    The largest distance over a grid of the joints 2, 3 and 5, which alone change it much.
    """
    model = RobotModel.model_validate_json(model_json)
    arm = geometry(model)
    moved = (1, 2, 4)
    ranges = [np.linspace(arm.lower_deg[k], arm.upper_deg[k], _N_ANGLES) for k in moved]
    angles = np.zeros((_N_ANGLES**3, 6))
    angles[:, moved] = np.array(list(product(*ranges)))
    tips = forward(arm, tool_length_m, angles).tip_m
    return float(np.linalg.norm(tips - np.array(shoulder_m(model)), axis=1).max())


def _sphere(layer: Layer, path: str, centre_m: tuple[float, float, float], radius_m: float) -> None:
    prim = layer.define(path, "Sphere")
    layer.place(prim, centre_m)
    layer.attribute(prim, "radius", _DOUBLE, radius_m)
    side = (radius_m, radius_m, radius_m)
    _guide(layer, prim, (-radius_m, -radius_m, -radius_m), side, SELECTED)


def _cylinder(layer: Layer, path: str, radius_m: float, high_m: float, y_m: float = 0.0) -> None:
    """Write an upright cylinder that stands on the floor."""
    prim = layer.define(path, "Cylinder")
    layer.place(prim, (0, y_m, high_m / 2))
    layer.attribute(prim, "radius", _DOUBLE, radius_m)
    layer.attribute(prim, "height", _DOUBLE, high_m)
    half = high_m / 2
    _guide(layer, prim, (-radius_m, -radius_m, -half), (radius_m, radius_m, half), SELECTED)


def _box(layer: Layer, path: str, size_m: tuple[float, float, float]) -> None:
    """Write a box over a footprint whose corner is the origin."""
    prim = layer.define(path, "Cube")
    length, width, height = size_m
    layer.attribute(prim, "size", _DOUBLE, 1.0)
    translate, scale = "xformOp:translate", "xformOp:scale"
    middle = Gf.Vec3d(length / 2, width / 2, height / 2)
    layer.attribute(prim, translate, Sdf.ValueTypeNames.Double3, middle)
    layer.attribute(prim, scale, Sdf.ValueTypeNames.Float3, Gf.Vec3f(*size_m))
    layer.order(prim, translate, scale)
    _guide(layer, prim, (-0.5, -0.5, -0.5), (0.5, 0.5, 0.5), WARNING)


def _guide(
    layer: Layer,
    prim: Sdf.PrimSpec,
    low: tuple[float, float, float],
    high: tuple[float, float, float],
    colour: str,
) -> None:
    layer.attribute(prim, "purpose", TOKEN, "guide", uniform=True)
    layer.attribute(prim, "extent", Sdf.ValueTypeNames.Float3Array, extent(low, high))
    shade = Vt.Vec3fArray([Gf.Vec3f(*linear_rgb(colour))])
    layer.attribute(prim, "primvars:displayColor", Sdf.ValueTypeNames.Color3fArray, shade)
    clear = Vt.FloatArray([0.15])
    layer.attribute(prim, "primvars:displayOpacity", Sdf.ValueTypeNames.FloatArray, clear)
