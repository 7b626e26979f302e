"""Rooms: openings where lanes and belts pass their walls, with doors that open."""

from __future__ import annotations

import itertools

import pytest

from twin.plant.load import load_plant
from twin.plant.place import Zone
from twin.plant.plant import Plant
from twin.usd.floor import lane_half_m, standing_on
from twin.usd.library import drawn
from twin.usd.room import Gap, openings
from twin.usd.shape import AssetSpec


@pytest.fixture(scope="module", params=["pilot", "line_3gwh"])
def plant(request: pytest.FixtureRequest) -> Plant:
    return load_plant(request.param).plant


def spot(zone: Zone, side: int, along: float) -> tuple[float, float]:
    (x, y), (length, width) = zone.corner_m, zone.size_m
    return [
        (x + length / 2 + along, y),
        (x + length, y + width / 2 + along),
        (x + length / 2 - along, y + width),
        (x, y + width / 2 - along),
    ][side]


def crossings(plant: Plant, zone: Zone) -> list[tuple[float, float]]:
    """Where lanes cross the walls of a room, found by walking along them in small steps."""

    def inside(x: float, y: float) -> bool:
        (x0, y0), (length, width) = zone.corner_m, zone.size_m
        return x0 < x < x0 + length and y0 < y < y0 + width

    found = []
    for network in plant.networks:
        ways = [(network.nodes[a], network.nodes[b]) for a, b in network.edges]
        ways += [(network.nodes[s.node], s.position_m) for s in network.stops.values()]
        for (ax, ay), (bx, by) in ways:
            n = 2000
            steps = [(ax + (bx - ax) * k / n, ay + (by - ay) * k / n) for k in range(n + 1)]
            found += [b for a, b in itertools.pairwise(steps) if inside(*a) != inside(*b)]
    return found


def test_every_lane_passes_walls_through_an_opening(plant: Plant) -> None:
    standing, passed = standing_on(plant), 0
    for zone in (zone for zone in plant.zones if zone.height_m > 0):
        gaps = [
            (spot(zone, side, along), wide)
            for side, found in enumerate(openings(plant, zone, standing))
            for kind, along, wide, _ in found
            if kind in {"lane", "airlock"}
        ]
        for x, y in crossings(plant, zone):
            passed += 1
            half = max(lane_half_m(plant, network) for network in plant.networks)
            assert any(
                max(abs(x - gx), abs(y - gy)) + half <= wide / 2 + 0.11 for (gx, gy), wide in gaps
            ), (zone.id, x, y)
    assert passed >= 2


def test_openings_of_a_wall_do_not_overlap(plant: Plant) -> None:
    standing = standing_on(plant)
    for zone in (zone for zone in plant.zones if zone.height_m > 0):
        for found in openings(plant, zone, standing):
            edges = sorted((along - wide / 2, along + wide / 2) for _, along, wide, _ in found)
            assert all(a[1] <= b[0] for a, b in itertools.pairwise(edges)), zone.id


def test_airlocks_have_doors_that_slide_and_dry_rooms_have_exits(plant: Plant) -> None:
    standing = standing_on(plant)
    for zone in plant.zones:
        if zone.kind == "airlock" and zone.height_m > 0:
            gaps = openings(plant, zone, standing)
            kinds = [kind for side in gaps for kind, *_ in side]
            assert kinds.count("airlock") >= 2
            options = {"kind": zone.kind, "gaps": gaps}
            shape = drawn(AssetSpec("room", (*zone.size_m, zone.height_m), options))
            assert len(shape.parts) == 2 * kinds.count("airlock")
            assert {part.motion for part in shape.parts} == {"sliding"}
        if zone.kind == "dry_room":
            gaps = openings(plant, zone, standing)
            assert sum(kind == "person" for side in gaps for kind, *_ in side) >= 2


def test_walls_leave_their_openings_free() -> None:
    gaps: tuple[tuple[Gap, ...], ...] = ((("lane", 1.0, 2.0, 2.4),), (), (), ())
    shape = drawn(AssetSpec("room", (10.0, 8.0, 4.0), {"kind": "dry_room", "gaps": gaps}))
    glass = shape.meshes()["glass"].points
    front = glass[abs(glass[:, 1]) < 0.1]
    in_gap = (front[:, 0] > 5.05) & (front[:, 0] < 6.95) & (front[:, 2] < 2.4)
    assert len(front)
    assert not in_gap.any()
