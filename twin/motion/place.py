"""Where lots are in buffers, stores, conveyors and machines, in metres in the hall."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.plant.base import Vec2, Vec3
from twin.plant.item import Item
from twin.plant.place import Buffer, Conveyor
from twin.plant.plant import Plant
from twin.plant.station import Station
from twin.plant.transport import Crane

Floats = NDArray[np.float64]

MACHINE_HEIGHT_M = 0.95
"""Height at which lots are drawn inside machines."""


def placed_m(centre_m: Vec3, heading_deg: float, local_m: ArrayLike) -> Floats:
    """Return points (..., 3) of an object's own frame as points in the hall."""
    heading = math.radians(heading_deg)
    cosine, sine = math.cos(heading), math.sin(heading)
    turn = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    return np.asarray(np.asarray(local_m, dtype=float) @ turn.T + np.array(centre_m))


def slots_m(store: Station) -> Floats:
    """Return the centre of every slot of a store (n, 3), in the order of slot numbers.

    Slots are counted over all towers; inside a tower along its length first, then up, then deeper.

    Raises
    ------
    ValueError
        The station has no rack.
    """
    if store.rack is None:
        raise ValueError(f"station '{store.id}' has no rack")
    rack, (length, width, height) = store.rack, store.size_m
    depth, level, column = np.meshgrid(
        np.arange(rack.deep), np.arange(rack.levels), np.arange(rack.columns), indexing="ij"
    )
    local = np.stack(
        [
            ((column + 0.5) / rack.columns - 0.5) * length,
            ((depth + 0.5) / rack.deep - 0.5) * width,
            (level + 0.5) / rack.levels * height,
        ],
        axis=-1,
    ).reshape(-1, 3)
    towers = [
        placed_m(store.machine_position_m(k), store.heading_deg, local)
        for k in range(store.machines)
    ]
    return np.concatenate(towers)


def slot_m(store: Station, slot: int) -> Vec3:
    """Return the centre of one slot of a store."""
    x, y, z = _slots(store.model_dump_json(by_alias=True))[slot].tolist()
    return (x, y, z)


@lru_cache(maxsize=64)
def _slots(store_json: str) -> Floats:
    return slots_m(Station.model_validate_json(store_json))


def buffer_slots_m(buffer: Buffer, item: Item) -> Floats:
    """Return where each lot of a full buffer stands (capacity, 3): the centre of its bottom.

    Lots fill the footprint in rows; where it is too small for all, on several shelves.
    """
    length, width, height = buffer.size_m
    across = max(1, int(length / (item.size_m[0] + 0.05)))
    rows = max(1, int(width / (item.size_m[1] + 0.05)))
    shelves = max(1, math.ceil(buffer.capacity / (across * rows)))
    while shelves == 1 and across > 1 and (across - 1) * rows >= buffer.capacity:
        across -= 1
    index = np.arange(buffer.capacity)
    local = np.stack(
        [
            (index % across + 0.5) / across * length - length / 2,
            (index // across % rows + 0.5) / rows * width - width / 2,
            0.15 + index // (across * rows) * max(height - 0.15, 0.1) / shelves,
        ],
        axis=1,
    )
    return placed_m(buffer.position_m, buffer.heading_deg, local)


def hand_over_m(place: Buffer | Conveyor, *, put: bool) -> Vec3:
    """Return where a crane or vehicle puts lots to a place, or takes them from it."""
    if isinstance(place, Conveyor):
        return (*place.path_m[0 if put else -1], place.height_m)
    x, y, z = place.position_m
    return (x, y, z + place.size_m[2] / 2)


def inside_machine_m(station: Station, index: int, n_lots: int = 1) -> Floats:
    """Return where `n_lots` lots lie inside a machine (n_lots, 3): side by side, in layers."""
    length, width, height = station.size_m
    across = max(1, math.ceil(math.sqrt(n_lots / 2)))
    k = np.arange(n_lots)
    layers = max(1, math.ceil(n_lots / (2 * across)))
    local = np.stack(
        [
            ((k % across + 0.5) / across - 0.5) * length * 0.8,
            ((k // across % 2 + 0.5) / 2 - 0.5) * width * 0.8 * (n_lots > 1),
            np.minimum(MACHINE_HEIGHT_M, height)
            + (k // (2 * across)) / layers * max(height - MACHINE_HEIGHT_M, 0.0) * 0.8,
        ],
        axis=1,
    )
    return placed_m(station.machine_position_m(index), station.heading_deg, local)


def machine_positions_m(plant: Plant) -> dict[str, Vec3]:
    """Return the floor position of every machine by id."""
    return {
        machine: station.machine_position_m(k)
        for station in plant.stations.values()
        for k, machine in enumerate(station.machine_ids)
    }


class RailFoot:
    """The points of a crane's rail that are nearest to others, within its ends."""

    __slots__ = ("_dx", "_dy", "_square", "_x", "_y")

    def __init__(self, crane: Crane) -> None:
        (self._x, self._y), (x1, y1) = crane.rail_m
        self._dx, self._dy = x1 - self._x, y1 - self._y
        self._square = self._dx * self._dx + self._dy * self._dy

    def of(self, x: float, y: float) -> Vec2:
        """Return the point nearest to (x, y)."""
        dx, dy = self._dx, self._dy
        share = ((x - self._x) * dx + (y - self._y) * dy) / self._square
        share = min(max(share, 0.0), 1.0)
        return (self._x + share * dx, self._y + share * dy)


def rail_foot_m(crane: Crane, point: Vec2) -> Vec2:
    """Return the point of a crane's rail that is nearest to a point, within its ends."""
    return RailFoot(crane).of(*point)
