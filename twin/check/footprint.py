"""Footprints: the floor that each thing of a plant takes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from twin.check.rectangle import Rectangle, swept
from twin.plant.base import Vec2, Vec3
from twin.plant.load import robot_model
from twin.plant.place import Conveyor
from twin.plant.plant import Plant
from twin.plant.robot import Robot
from twin.plant.transport import AgvFleet, RouteNetwork, Stop

DOCK_M = 0.3
"""A conveyor may reach this far into what it serves, a vehicle at its stop too."""

BASE_RADII = 5.0
"""Side of a robot's base plate in radii of its arm: 0.45 m for a small arm, 0.8 m for a big one."""


@dataclass(frozen=True)
class Footprint:
    """The floor one thing takes.

    Attributes
    ----------
    id : str
    what : str
        As people say it: ``machine 'stack_2'``.
    address : str
        Of the object in the plant file.
    rectangle : Rectangle
    bottom_m, top_m : float
        Height above the floor it begins and ends at.
    """

    id: str
    what: str
    address: str
    rectangle: Rectangle
    bottom_m: float = 0.0
    top_m: float = 0.0


def footprints(plant: Plant) -> list[Footprint]:
    """Return the footprints of everything that stands on the floor, conveyors by segment."""
    found = [*_machines(plant), *_boxes(plant), *_robots(plant), *_rails(plant)]
    found += [part for one in plant.conveyors.values() for part in conveyor_parts(one)]
    return found


def _machines(plant: Plant) -> Iterator[Footprint]:
    for station in plant.stations.values():
        for k, machine in enumerate(station.machine_ids):
            x, y, z = station.machine_position_m(k)
            shape = Rectangle((x, y), station.size_m[:2], station.heading_deg)
            address = f"stations.{station.id}"
            yield Footprint(
                machine, f"machine '{machine}'", address, shape, z, z + station.size_m[2]
            )


def _boxes(plant: Plant) -> Iterator[Footprint]:
    for buffer in plant.buffers.values():
        yield _box("buffer", buffer.id, buffer.position_m, buffer.size_m, buffer.heading_deg)
    for source in plant.sources:
        yield _box("source", source.id, source.position_m, source.size_m, 0.0)
    for sink in plant.sinks:
        yield _box("sink", sink.id, sink.position_m, sink.size_m, 0.0)


def _box(kind: str, name: str, position_m: Vec3, size_m: Vec3, heading_deg: float) -> Footprint:
    x, y, z = position_m
    shape = Rectangle((x, y), size_m[:2], heading_deg)
    return Footprint(name, f"{kind} '{name}'", f"{kind}s.{name}", shape, z, z + size_m[2])


def _robots(plant: Plant) -> Iterator[Footprint]:
    for robot in plant.robots.values():
        yield Footprint(
            robot.id,
            f"robot '{robot.id}'",
            f"robots.{robot.id}",
            robot_base(plant, robot),
            robot.position_m[2],
            robot.position_m[2],
        )


def robot_base(plant: Plant, robot: Robot) -> Rectangle:
    """Return the base plate of a robot."""
    side = BASE_RADII * robot_model(plant, robot.model).link_radius_m
    return Rectangle(robot.position_m[:2], (side, side), robot.heading_deg)


def _rails(plant: Plant) -> Iterator[Footprint]:
    for crane in plant.cranes:
        strip = swept(*crane.rail_m, crane.mast_m[1])
        what, address = f"crane '{crane.id}'", f"cranes.{crane.id}"
        yield Footprint(crane.id, what, address, strip, 0.0, crane.height_m)


def conveyor_parts(conveyor: Conveyor) -> list[Footprint]:
    """Return one footprint per segment of a conveyor, its ends shortened by `DOCK_M`."""
    path = list(conveyor.path_m)
    parts = []
    for k, (start, end) in enumerate(pairwise(path)):
        first = DOCK_M if k == 0 else 0.0
        last = DOCK_M if k == len(path) - 2 else 0.0
        inner = _shortened(start, end, first, last)
        if inner is not None:
            parts.append(swept(*inner, conveyor.width_m))
    what, address = f"conveyor '{conveyor.id}'", f"conveyors.{conveyor.id}"
    top = conveyor.height_m
    return [Footprint(conveyor.id, what, address, part, 0.0, top) for part in parts]


def _shortened(start: Vec2, end: Vec2, first_m: float, last_m: float) -> tuple[Vec2, Vec2] | None:
    length = math.dist(start, end)
    if length <= first_m + last_m:
        return None
    ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    return (
        (start[0] + first_m * ux, start[1] + first_m * uy),
        (end[0] - last_m * ux, end[1] - last_m * uy),
    )


def docked(fleet: AgvFleet, network: RouteNetwork, name: str, stop: Stop) -> Footprint:
    """Return a vehicle of the fleet standing at a stop, as it drove in from the lane."""
    x, y = network.nodes[stop.node]
    dx, dy = stop.position_m[0] - x, stop.position_m[1] - y
    heading = math.degrees(math.atan2(dy, dx))
    shape = Rectangle(stop.position_m, fleet.size_m[:2], heading)
    address = f"networks.{network.id}.stops.{name}"
    return Footprint(name, f"vehicle at stop '{name}'", address, shape, 0.0, fleet.size_m[2])


def shrunk(footprint: Footprint, by_m: float) -> Footprint:
    """Return the footprint smaller by a length at every side."""
    shape = footprint.rectangle
    size = (max(shape.size_m[0] - 2 * by_m, 0.01), max(shape.size_m[1] - 2 * by_m, 0.01))
    return replace(footprint, rectangle=replace(shape, size_m=size))
