"""What stands about: pallets, bins, trolleys, boards and shelves, where there is room for them.

Where things stand follows from ids and sizes alone, not from the order of the plant file: desks
where people wait, then beside machines (never where people operate them), along the walls of the
hall, and around docks; never on a lane, a walkway or another thing, and not in front of a door.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from twin.plant.base import Vec2, Vec3
from twin.plant.place import Sink, Source
from twin.plant.plant import Plant
from twin.usd.floor import Box, Floor, around, floor_of, walls
from twin.usd.frame import FOOT_M, Rows, columns
from twin.usd.library import asset_library
from twin.usd.path import BUILDING
from twin.usd.room import portals
from twin.usd.shape import AssetSpec
from twin.usd.site import Add

CLUTTER = f"{BUILDING}/Clutter"
AT_MACHINES = ("tool_trolley", "board", "waste_bins", "locker", "mesh_box", "shelf", "tool_trolley")
IN_CLEAN_ROOMS = ("tool_trolley", "board", "waste_bins", "locker")
"""No wood and no cardboard where the air is kept dry."""

AT_DOCKS = ("pallet_load", "pallet_stack", "pallet_load", "pallet_jack", "pallet_load")
AT_WALLS = ("pallet_load", "shelf", "mesh_box", "pallet_stack", "locker", "drums", "pallet_load")
AT_HOMES = "control_desk"
THINGS = frozenset({*AT_MACHINES, *IN_CLEAN_ROOMS, *AT_DOCKS, *AT_WALLS, AT_HOMES})
BUDGET, N_WALL = 110, 56
"""At most so many things at machines, and along the walls."""

WALL_PITCH_M = 7.0
GAP_M, CLEAR_M = 0.35, 0.2
"""From a machine to what stands beside it, and around everything."""

DOOR_M = 1.2
HOME_M: Vec3 = (3.0, 3.0, 0.0)
"""Where the people of a pool wait."""

_TRIES = 24


class _Room:
    """Finds room for things, one after the other."""

    def __init__(self, floor: Floor, add: Add) -> None:
        self._floor, self._add, self._n = floor, add, 0

    def place(self, name: str, spot: Vec2, heading_deg: float) -> bool:
        """Add a thing if there is room for it."""
        size = asset_library().designed_m(name)
        box = around((*spot, 0.0), size, heading_deg)
        if not self._floor.free(box, CLEAR_M):
            return False
        self._floor = self._floor.with_more([box])
        at = (round(spot[0], 3), round(spot[1], 3), 0.0)
        self._add(f"{CLUTTER}/Thing{self._n}", AssetSpec(name, size), at, heading_deg)
        self._n += 1
        return True


def add_clutter(plant: Plant, rows: Rows, add: Add) -> None:
    """Add what stands about in a plant."""
    room = _Room(occupied(plant, rows), add)
    _at_homes(plant, room)
    _at_docks(plant, room)
    _at_machines(plant, room)
    _along_walls(plant.building.size_m, room)


def occupied(plant: Plant, rows: Rows) -> Floor:
    """Return what is taken of the floor, with walls, columns and the room before doors."""
    boxes: list[Box] = [*walls(plant)]
    half = FOOT_M / 2
    boxes += [(x - half, y - half, x + half, y + half) for x, y, _ in columns(plant, rows)]
    boxes += [(x - DOOR_M, y - DOOR_M, x + DOOR_M, y + DOOR_M) for (x, y), _, _ in portals(plant)]
    return floor_of(plant).with_more(boxes)


def _at_homes(plant: Plant, room: _Room) -> None:
    """Put a desk where people wait for work."""
    for pool in sorted(plant.pools, key=lambda pool: pool.id):
        for spot, heading in _beside((*pool.home_m, 0.0), HOME_M, 0.6, _random(pool.id)):
            if room.place(AT_HOMES, spot, heading):
                break


def _at_docks(plant: Plant, room: _Room) -> None:
    docks: list[Source | Sink] = [*plant.sources, *plant.sinks]
    for dock in sorted(docks, key=lambda dock: dock.id):
        random = _random(dock.id)
        placed = 0
        for spot, heading in _beside(dock.position_m, dock.size_m, 0.6, random):
            placed += room.place(AT_DOCKS[(placed + len(dock.id)) % len(AT_DOCKS)], spot, heading)
            if placed == 3:
                break


def _at_machines(plant: Plant, room: _Room) -> None:
    """Put things beside machines, fewer at each where there are many."""
    workcells = sorted(plant.workcells(), key=lambda workcell: workcell.id)
    each = max(1, min(3, BUDGET // max(len(workcells), 1)))
    skipped = max(1, -(-len(workcells) // BUDGET))
    rooms = [zone for zone in plant.zones if zone.kind == "dry_room"]
    for workcell in workcells[::skipped]:
        random = _random(workcell.id)
        placed = 0
        for station in sorted(workcell.stations, key=lambda station: station.id):
            k = int(random.integers(station.machines))
            spot, box = station.machine_position_m(k), station.size_m
            clean = any(_within(spot, zone.corner_m, zone.size_m) for zone in rooms)
            names = IN_CLEAN_ROOMS if clean else AT_MACHINES
            turned = around((0.0, 0.0, 0.0), box, station.heading_deg)
            size = (turned[2] - turned[0], turned[3] - turned[1], box[2])
            for place, heading in _beside(spot, size, GAP_M, random):
                if placed < each:
                    placed += room.place(names[int(random.integers(len(names)))], place, heading)


def _beside(
    spot: Vec3, size_m: Vec3, gap_m: float, random: np.random.Generator
) -> Iterator[tuple[Vec2, float]]:
    """Yield places around a footprint, the back of a thing towards it."""
    for _ in range(_TRIES):
        side = int(random.integers(4))
        along = float(random.uniform(-0.45, 0.45))
        x, y = spot[0], spot[1]
        away = gap_m + 0.35
        if side % 2 == 0:
            sign = 1 if side == 0 else -1
            place = (x + along * size_m[0], y + sign * (size_m[1] / 2 + away))
            yield place, 0.0 if side == 0 else 180.0
        else:
            sign = 1 if side == 1 else -1
            place = (x + sign * (size_m[0] / 2 + away), y + along * size_m[1])
            yield place, -90.0 if side == 1 else 90.0


def _along_walls(size: Vec3, room: _Room) -> None:
    """Put things along the walls of the hall, two or three side by side, then a gap."""
    length, width, _ = size
    pitch = max(WALL_PITCH_M, 2 * (length + width) / N_WALL)
    for side, (long, heading) in enumerate(
        ((length, 0.0), (width, 90.0), (length, 180.0), (width, -90.0))
    ):
        random = np.random.default_rng((5, side))
        for k in range(int(long / pitch)):
            along = (k + 0.5 + random.uniform(-0.35, 0.35)) * pitch
            names = [AT_WALLS[int(random.integers(len(AT_WALLS)))]] * int(random.integers(1, 3))
            for n, name in enumerate(names):
                long_m, deep_m, _ = asset_library().designed_m(name)
                at = along + n * (long_m + 0.25)
                deep = deep_m / 2 + 0.75
                spot = ((at, deep), (length - deep, at), (at, width - deep), (deep, at))[side]
                room.place(name, spot, heading + float(random.normal(0, 1.0)) * (n > 0))


def _within(spot: Sequence[float], corner: Vec2, size: Vec2) -> bool:
    return all(
        low <= at <= low + long for at, low, long in zip(spot[:2], corner, size, strict=True)
    )


def _random(name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(name.encode()))
