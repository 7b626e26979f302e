"""Where lots lie that rest in buffers, stores and machines."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.motion.place import buffer_slots_m, inside_machine_m, slots_m
from twin.plant.base import Vec3
from twin.plant.plant import Plant

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """A part of a lot's life spent in one place, machine or mover."""

    lot: int
    kind: str
    where: str
    slot: int
    t0_s: float
    t1_s: float


class Positions:
    """Where lots lie that rest: each in the lowest free slot, unless the log names one."""

    def __init__(self, plant: Plant, parts: list[Part]) -> None:
        self._points: dict[str, tuple[list[Vec3], float]] = {}
        for station in plant.stations.values():
            if station.kind == "store":
                self._points[station.id] = (_tuples(slots_m(station)), station.heading_deg)
                continue
            n = station.batch_lots if station.kind == "batch" else 1
            for k, machine in enumerate(station.machine_ids):
                points = _tuples(inside_machine_m(station, k, n))
                self._points[machine] = (points, station.heading_deg)
        for buffer in plant.buffers.values():
            points = _tuples(buffer_slots_m(buffer, plant.item_by_id[buffer.item]))
            self._points[buffer.id] = (points, buffer.heading_deg)
        self._slot = _free_slots([p for p in parts if p.slot < 0 and p.where in self._points])

    def of(self, part: Part) -> tuple[Vec3, float]:
        """Return where a lot at rest lies, and its heading in degrees."""
        points, heading_deg = self._points[part.where]
        slot = part.slot if part.slot >= 0 else self._slot[part]
        return points[slot % len(points)], heading_deg


def _tuples(points_m: Floats) -> list[Vec3]:
    return [(x, y, z) for x, y, z in points_m.tolist()]


def _free_slots(parts: list[Part]) -> dict[Part, int]:
    """Return the lowest slot that is free for each part when it begins."""
    taken: dict[str, list[tuple[float, int]]] = defaultdict(list)
    free: dict[str, list[int]] = defaultdict(list)
    n: dict[str, int] = defaultdict(int)
    slots = {}
    for part in sorted(parts, key=lambda part: (part.t0_s, part.t1_s)):
        where = part.where
        while taken[where] and taken[where][0][0] <= part.t0_s:
            heapq.heappush(free[where], heapq.heappop(taken[where])[1])
        if free[where]:
            slot = heapq.heappop(free[where])
        else:
            slot, n[where] = n[where], n[where] + 1
        heapq.heappush(taken[where], (part.t1_s, slot))
        slots[part] = slot
    return slots
