"""Rooms in the hall: where their walls need openings, and of what kind."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from twin.plant.base import Vec2
from twin.plant.place import Zone
from twin.plant.plant import Plant
from twin.usd.floor import Floor, lane_half_m, standing_on

Gap = tuple[str, float, float, float]
"""What passes (`lane`, `airlock`, `belt` or `person`), middle along the wall, width, height."""

LANE_HEIGHT_M = 2.4
PERSON_M, PERSON_HEIGHT_M = 1.0, 2.1
EXIT_PITCH_M = 25.0
"""People get out of a room by a door this near, along every wall."""

_BELT_SIDE_M = 0.2
_NEAR_M, _SIDE_M = 0.4, 0.1
_SHIFTS_M = (0.0, 2.0, -2.0, 4.0, -4.0)

Gaps = tuple[tuple[Gap, ...], tuple[Gap, ...], tuple[Gap, ...], tuple[Gap, ...]]


def openings(plant: Plant, zone: Zone, standing: Floor) -> Gaps:
    """Return the openings of the walls y = 0, x = length, y = width, x = 0 of a room.

    Lanes of vehicles get an opening as wide as the vehicles and room beside them, those of an
    airlock with doors; conveyors get a hatch, and walls get doors for people where nothing is
    `standing` in the way.
    """
    passes = [(kind, a, b, wide) for kind, a, b, wide in _ways(plant)]
    found = [_crossings(zone, k, passes) for k in range(4)]
    first, second, third, fourth = (
        (*_merged(gaps), *_exits(zone, k, gaps, standing)) for k, gaps in enumerate(found)
    )
    return first, second, third, fourth


def portals(plant: Plant) -> Iterator[tuple[Vec2, str, int]]:
    """Yield the openings of rooms for vehicles or people: middle, kind, and side of the room."""
    standing = standing_on(plant)
    for zone in plant.zones:
        if zone.height_m > 0:
            for side, gaps in enumerate(openings(plant, zone, standing)):
                for kind, along, _, _ in gaps:
                    if kind != "belt":
                        yield _spot(zone, side, along), kind, side


def _ways(plant: Plant) -> Iterator[tuple[str, Vec2, Vec2, float]]:
    """Yield what may pass through walls: kind, from, to, width."""
    for network in plant.networks:
        wide = 2 * lane_half_m(plant, network) + 2 * _SIDE_M
        for start, end in network.edges:
            yield "lane", network.nodes[start], network.nodes[end], wide
        for stop in network.stops.values():
            yield "lane", network.nodes[stop.node], stop.position_m, wide
    for workcell in plant.workcells():
        for conveyor in workcell.conveyors:
            for a, b in pairwise(conveyor.path_m):
                yield "belt", a, b, conveyor.width_m + 2 * _BELT_SIDE_M


def _crossings(zone: Zone, side: int, passes: list[tuple[str, Vec2, Vec2, float]]) -> list[Gap]:
    """Return where ways cross a wall of a room, as openings."""
    found = []
    for kind, a, b, wide in passes:
        along = _crossed(zone, side, a, b)
        if along is not None:
            door = "airlock" if kind == "lane" and zone.kind == "airlock" else kind
            found.append((door, round(along, 3), wide, LANE_HEIGHT_M))
    return list(dict.fromkeys(found))


def _crossed(zone: Zone, side: int, a: Vec2, b: Vec2) -> float | None:
    """Return where along a wall a straight way crosses it."""
    axis = 1 if side % 2 == 0 else 0
    level = zone.corner_m[axis] + (zone.size_m[axis] if side in {1, 2} else 0.0)
    if (a[axis] - level) * (b[axis] - level) > 0 or a[axis] == b[axis]:
        return None
    share = (level - a[axis]) / (b[axis] - a[axis])
    other = 1 - axis
    spot = a[other] + share * (b[other] - a[other])
    middle = zone.corner_m[other] + zone.size_m[other] / 2
    if abs(spot - middle) > zone.size_m[other] / 2:
        return None
    return (spot - middle) * (1.0 if side in {0, 1} else -1.0)


def _merged(gaps: list[Gap]) -> list[Gap]:
    """Return openings as wide as all that overlap or nearly touch."""
    made: list[Gap] = []
    for gap in sorted(gaps, key=lambda gap: (gap[0] == "belt", gap[1])):
        kind, along, wide, high = gap
        if made and made[-1][0] == kind:
            _, last, last_wide, _ = made[-1]
            low, reach = last - last_wide / 2, max(last + last_wide / 2, along + wide / 2)
            if along - wide / 2 - (last + last_wide / 2) < _NEAR_M:
                made[-1] = (kind, (low + reach) / 2, reach - low, high)
                continue
        made.append(gap)
    return made


def _exits(zone: Zone, side: int, gaps: list[Gap], standing: Floor) -> Iterator[Gap]:
    """Yield doors for people along a wall, off the other openings and off what stands there."""
    if zone.kind == "airlock" or (zone.kind == "office" and side not in {0, 3}):
        return
    long = zone.size_m[0] if side % 2 == 0 else zone.size_m[1]
    n = max(1, round(long / EXIT_PITCH_M))
    for k in range(n):
        for shift in _SHIFTS_M:
            along = long * ((k + 0.5) / n - 0.5) + shift
            apart = all(
                abs(along - at) > (wide + PERSON_M) / 2 + _NEAR_M for _, at, wide, _ in gaps
            )
            spot = np.array([_spot(zone, side, along)])
            if apart and standing.free_spots(spot, PERSON_M / 2 + 0.1)[0]:
                yield "person", round(along, 3), PERSON_M, PERSON_HEIGHT_M
                break


def _spot(zone: Zone, side: int, along: float) -> Vec2:
    """Return the spot in the hall of a place along a wall."""
    (x, y), (length, width) = zone.corner_m, zone.size_m
    spots = (
        (x + length / 2 + along, y),
        (x + length, y + width / 2 + along),
        (x + length / 2 - along, y + width),
        (x, y + width / 2 - along),
    )
    return spots[side]
