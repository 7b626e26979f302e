"""Where stores and places lie, seen from the rail of a crane."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from twin.plant.base import Vec2
from twin.plant.plant import Plant
from twin.plant.station import Rack, Station
from twin.plant.transport import Crane

Floats = NDArray[np.float64]

SLOT_SAMPLES = 40
"""Slots of a store taken to stand for all of them when mean crane times are computed."""


def rail_length_m(crane: Crane) -> float:
    """Return the length of the rail."""
    return math.dist(*crane.rail_m)


def along_m(crane: Crane, point: Vec2) -> float:
    """Return the distance of a point along the rail from its first end."""
    (x0, y0), (x1, y1) = crane.rail_m
    return ((point[0] - x0) * (x1 - x0) + (point[1] - y0) * (y1 - y0)) / rail_length_m(crane)


def aside_m(crane: Crane, point: Vec2) -> float:
    """Return how far a point lies to the side of the rail."""
    (x0, y0), (x1, y1) = crane.rail_m
    area = (point[0] - x0) * (y1 - y0) - (point[1] - y0) * (x1 - x0)
    return abs(area) / rail_length_m(crane)


def rack(store: Station) -> Rack:
    """Return the rack of a store (loading makes sure there is one)."""
    return store.rack or Rack(columns=1, levels=1)


def places(plant: Plant, stores: list[Station]) -> dict[str, tuple[Vec2, float]]:
    """Return where a crane picks up and puts down apart from slots: (point, height) by place.

    A conveyor that stores take from is emptied at its end, one they put to is filled at its start.
    """
    found: dict[str, tuple[Vec2, float]] = {}
    for store in stores:
        ends = [(take.place, -1) for take in store.take]
        ends += [(store.put, 0)] if store.put else []
        for name, end in ends:
            if name in plant.conveyors:
                conveyor = plant.conveyors[name]
                found[name] = (conveyor.path_m[end], conveyor.height_m)
            elif name in plant.buffers:
                buffer = plant.buffers[name]
                found[name] = (buffer.position_m[:2], buffer.size_m[2] / 2)
    return found


def slot_points(crane: Crane, store: Station) -> Floats:
    """Return (distance along the rail, height) of the slots of a store, at most `SLOT_SAMPLES`."""
    columns, levels = rack(store).columns, rack(store).levels
    offsets = ((np.arange(columns) + 0.5) / columns - 0.5) * store.size_m[0]
    heights = (np.arange(levels) + 0.5) / levels * store.size_m[2]
    centres = [store.machine_position_m(k)[:2] for k in range(store.machines)]
    middles = np.array([along_m(crane, centre) for centre in centres])
    x, z = np.meshgrid((middles[:, None] + offsets).ravel(), heights)
    points = np.column_stack([x.ravel(), z.ravel()])
    chosen = np.linspace(0, len(points) - 1, min(SLOT_SAMPLES, len(points))).round().astype(int)
    return np.asarray(points[chosen])
