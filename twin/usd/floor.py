"""The floor of a plant: what stands on it or passes over it, and where there is room."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from twin.motion.leg import mover_homes
from twin.plant.base import Vec2, Vec3
from twin.plant.place import Sink, Source, Zone
from twin.plant.plant import Plant
from twin.plant.transport import RouteNetwork

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]
"""Lower-left and upper-right corner of a rectangle of floor."""

KEPT_FREE = frozenset({"walkway", "agv_aisle", "robot_cell", "restricted", "airlock", "office"})
"""Kinds of zones in which nothing else may stand."""

FRONT_M = 1.3
"""Room that people need on the side of a machine where they operate it (+y of its frame)."""

LANE_MARGIN_M = 0.35
"""Room beside a vehicle on its lane."""

WALL_M = 0.25
ROBOT_M, ROBOT_HIGH_M = 0.5, 2.5
HOME_M = 0.45
_STOP_M = 0.95


@dataclass(frozen=True)
class Floor:
    """What is taken of the floor.

    Attributes
    ----------
    size_m : (length, width)
    taken : array (n, 4)
        Rectangles: lower-left and upper-right corner.
    """

    size_m: Vec2
    taken: Floats

    def free(self, box: Box, margin_m: float = 0.0) -> bool:
        """Return whether a rectangle lies in the hall and touches nothing that is taken."""
        x0, y0, x1, y1 = box
        length, width = self.size_m
        if x0 < 0 or y0 < 0 or x1 > length or y1 > width:
            return False
        low, high = self.taken[:, :2] - margin_m, self.taken[:, 2:] + margin_m
        clear = (high[:, 0] <= x0) | (low[:, 0] >= x1) | (high[:, 1] <= y0) | (low[:, 1] >= y1)
        return bool(clear.all())

    def free_spots(self, spots_m: Floats, half_m: float) -> NDArray[np.bool_]:
        """Return which squares around spots (n, 2), `half_m` to every side, touch nothing."""
        low, high = spots_m.min(axis=0) - half_m, spots_m.max(axis=0) + half_m
        near = (self.taken[:, 2:] > low).all(axis=1) & (self.taken[:, :2] < high).all(axis=1)
        taken = self.taken[near]
        over = (taken[:, 2:] > spots_m[:, None, :] - half_m).all(axis=2)
        under = (taken[:, :2] < spots_m[:, None, :] + half_m).all(axis=2)
        inside = ((spots_m >= half_m) & (spots_m <= np.array(self.size_m) - half_m)).all(axis=1)
        return np.asarray(inside & ~(over & under).any(axis=1))

    def with_more(self, boxes: list[Box]) -> Floor:
        """Return the floor with more things on it."""
        if not boxes:
            return self
        return Floor(self.size_m, np.vstack([self.taken, np.array(boxes)]))


def floor_of(plant: Plant) -> Floor:
    """Return what a plant takes of its floor, with room to operate machines and to pass."""
    boxes = [*machines(plant), *_fronts(plant), *_places(plant), *corridors(plant), *_zones(plant)]
    length, width, _ = plant.building.size_m
    return Floor((length, width), np.array(boxes).reshape(-1, 4))


def standing_on(plant: Plant) -> Floor:
    """Return the floor with what stands on it alone."""
    length, width, _ = plant.building.size_m
    return Floor((length, width), np.array([*machines(plant)]).reshape(-1, 4))


def machines(plant: Plant) -> Iterator[Box]:
    """Yield the footprints of machines, robots, buffers, conveyors and rails."""
    yield from (box for box, _ in machine_boxes(plant))
    yield from conveyors(plant)
    for crane in plant.cranes:
        yield between(*crane.rail_m, max(crane.mast_m) / 2 + 0.3)


def machine_boxes(plant: Plant) -> Iterator[tuple[Box, float]]:
    """Yield the footprints of machines, robots and buffers, and how high they are."""
    for workcell in plant.workcells():
        for station in workcell.stations:
            for k in range(station.machines):
                spot = station.machine_position_m(k)
                yield around(spot, station.size_m, station.heading_deg), station.size_m[2]
        for robot in workcell.robots:
            yield around(robot.position_m, (2 * ROBOT_M, 2 * ROBOT_M, 0.0)), ROBOT_HIGH_M
        for buffer in workcell.buffers:
            box = around(buffer.position_m, buffer.size_m, buffer.heading_deg)
            yield box, buffer.size_m[2]


def conveyors(plant: Plant) -> Iterator[Box]:
    """Yield the floor below conveyors."""
    for workcell in plant.workcells():
        for conveyor in workcell.conveyors:
            for a, b in pairwise(conveyor.path_m):
                yield between(a, b, conveyor.width_m / 2 + 0.1)


def corridors(plant: Plant) -> Iterator[Box]:
    """Yield what vehicles sweep: along every lane, and from lanes to stops."""
    for network in plant.networks:
        half = lane_half_m(plant, network)
        nodes = network.nodes
        for a, b in network.edges:
            yield between(nodes[a], nodes[b], half)
        for stop in network.stops.values():
            yield between(nodes[stop.node], stop.position_m, half)
            yield around((*stop.position_m, 0.0), (2 * _STOP_M, 2 * _STOP_M, 0.0))


def lane_half_m(plant: Plant, network: RouteNetwork) -> float:
    """Return half the width of a lane: of its widest vehicle, with room beside it."""
    sizes = [min(f.size_m[:2]) for f in plant.fleets if f.network == network.id]
    return max(sizes, default=1.0) / 2 + LANE_MARGIN_M


def around(spot_m: Vec3, size_m: Vec3, heading_deg: float = 0.0) -> Box:
    """Return the rectangle around a footprint that is turned."""
    turn = math.radians(heading_deg)
    cosine, sine = abs(math.cos(turn)), abs(math.sin(turn))
    half_x = (size_m[0] * cosine + size_m[1] * sine) / 2
    half_y = (size_m[0] * sine + size_m[1] * cosine) / 2
    return spot_m[0] - half_x, spot_m[1] - half_y, spot_m[0] + half_x, spot_m[1] + half_y


def between(a: Vec2, b: Vec2, half_m: float) -> Box:
    """Return the rectangle around a way and `half_m` to either side."""
    return (
        min(a[0], b[0]) - half_m,
        min(a[1], b[1]) - half_m,
        max(a[0], b[0]) + half_m,
        max(a[1], b[1]) + half_m,
    )


def _fronts(plant: Plant) -> Iterator[Box]:
    """Yield where people stand at machines."""
    for workcell in plant.workcells():
        for station in workcell.stations:
            turn = math.radians(station.heading_deg)
            ahead = (station.size_m[1] + FRONT_M) / 2
            for k in range(station.machines):
                x, y, z = station.machine_position_m(k)
                spot = (x - ahead * math.sin(turn), y + ahead * math.cos(turn), z)
                yield around(spot, (station.size_m[0], FRONT_M, 0.0), station.heading_deg)


def _places(plant: Plant) -> Iterator[Box]:
    """Yield docks with the way to their door, and where movers wait."""
    length, width, _ = plant.building.size_m
    docks: list[Source | Sink] = [*plant.sources, *plant.sinks]
    for dock in docks:
        x0, y0, x1, y1 = around(dock.position_m, dock.size_m)
        ways = {x0: (0.0, y0, x1, y1), y0: (x0, 0.0, x1, y1),
                length - x1: (x0, y0, length, y1), width - y1: (x0, y0, x1, width)}  # fmt: skip
        yield ways[min(ways)]
    for home in mover_homes(plant).values():
        yield around(home, (2 * HOME_M, 2 * HOME_M, 0.0))


def _zones(plant: Plant) -> Iterator[Box]:
    """Yield the zones that must stay free."""
    for zone in plant.zones:
        if zone.kind in KEPT_FREE:
            x0, y0, x1, y1 = whole(zone)
            yield x0 - 0.1, y0 - 0.1, x1 + 0.1, y1 + 0.1


def whole(zone: Zone) -> Box:
    """Return the rectangle of a zone."""
    (x, y), (length, width) = zone.corner_m, zone.size_m
    return x, y, x + length, y + width


def walls(plant: Plant, half_m: float = WALL_M) -> Iterator[Box]:
    """Yield the walls of rooms as rectangles of floor."""
    for zone in plant.zones:
        if zone.height_m > 0:
            (x0, y0), (length, width) = zone.corner_m, zone.size_m
            x1, y1 = x0 + length, y0 + width
            for a, b in pairwise([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]):
                yield between(a, b, half_m)
