"""Layout: nothing overlaps, everything is inside the hall, vehicles have room.

Rules
-----
* Machines, buffers, sources, sinks, robots, conveyors and crane rails may touch, not overlap.
* A conveyor may reach `DOCK_M` into what stands at its ends.
* A robot may stand on what is no higher than its pedestal.
* Vehicles sweep their lanes with their width; a vehicle at a stop may reach `DOCK_M` into the
  place it serves, and must leave the lanes free.
"""

from __future__ import annotations

from collections.abc import Iterator

from twin.check.footprint import DOCK_M, Footprint, docked, footprints, shrunk
from twin.check.network import network_of
from twin.check.rectangle import near_pairs, overlap_m, swept
from twin.check.where import position, problem
from twin.errors import Problem
from twin.plant.load import LoadedPlant
from twin.plant.transport import AgvFleet, RouteNetwork

TOUCH_M = 1e-3
"""Overlaps up to a millimetre are rounding."""


def layout_problems(loaded: LoadedPlant) -> list[Problem]:
    """Return every overlap and everything that sticks out of the hall."""
    standing = footprints(loaded.plant)
    found = [*_outside(loaded, standing), *_zones_outside(loaded), *_overlaps(loaded, standing)]
    for fleet in loaded.plant.fleets:
        found += _vehicle_problems(loaded, fleet, standing)
    return list(dict.fromkeys(found))


def _overlaps(loaded: LoadedPlant, standing: list[Footprint]) -> Iterator[Problem]:
    deepest: dict[tuple[str, str], tuple[Footprint, Footprint, float]] = {}
    for one, other in near_pairs(standing):
        depth = overlap_m(one.rectangle, other.rectangle)
        if depth <= TOUCH_M or one.id == other.id or _stands_on(one, other):
            continue
        key = (min(one.id, other.id), max(one.id, other.id))
        if key not in deepest or depth > deepest[key][2]:
            deepest[key] = (one, other, depth)
    for one, other, depth in deepest.values():
        place = position(loaded, other.address).rpartition(":")[2]
        yield problem(
            loaded,
            one.address,
            f"{one.what} overlaps {other.what} (line {place}) by {depth:.2f} m.",
            "Move one of them apart.",
        )


def _stands_on(one: Footprint, other: Footprint) -> bool:
    """Whether one of the two is a robot whose pedestal is as high as the other thing."""
    robots = [f for f in (one, other) if f.address.startswith("robots.")]
    below = [f for f in (one, other) if f not in robots]
    return len(robots) == 1 and below[0].top_m <= robots[0].bottom_m + TOUCH_M


def _outside(loaded: LoadedPlant, standing: list[Footprint]) -> Iterator[Problem]:
    length, width, height = loaded.plant.building.size_m
    for thing in standing:
        x_min, y_min, x_max, y_max = thing.rectangle.bounds
        out = max(-x_min, -y_min, x_max - length, y_max - width)
        if out > TOUCH_M:
            yield _out(loaded, thing.address, f"{thing.what} stands {out:.2f} m outside the hall")
        elif thing.top_m > height + TOUCH_M:
            too_high = thing.top_m - height
            yield _out(
                loaded, thing.address, f"{thing.what} is {too_high:.2f} m higher than the hall"
            )


def _out(loaded: LoadedPlant, address: str, what: str) -> Problem:
    length, width, height = loaded.plant.building.size_m
    hall = f"({length:g} x {width:g} x {height:g} m)"
    return problem(loaded, address, f"{what} {hall}.", "Move it or enlarge 'building.size_m'.")


def _zones_outside(loaded: LoadedPlant) -> Iterator[Problem]:
    length, width, _ = loaded.plant.building.size_m
    for zone in loaded.plant.zones:
        (x, y), (dx, dy) = zone.corner_m, zone.size_m
        out = max(-x, -y, x + dx - length, y + dy - width)
        if out > TOUCH_M:
            what = f"zone '{zone.id}' reaches {out:.2f} m outside the hall"
            yield _out(loaded, f"zones.{zone.id}", what)
    for pool in loaded.plant.pools:
        x, y = pool.home_m
        out = max(-x, -y, x - length, y - width)
        if out > TOUCH_M:
            what = f"home of pool '{pool.id}' is {out:.2f} m outside the hall"
            yield _out(loaded, f"pools.{pool.id}", what)


def _vehicle_problems(
    loaded: LoadedPlant, fleet: AgvFleet, standing: list[Footprint]
) -> Iterator[Problem]:
    network = network_of(loaded.plant, fleet)
    if network is None:
        return
    lanes = _lane_strips(network, fleet)
    stops = [
        docked(fleet, network, name, stop)
        for name, stop in network.stops.items()
        if stop.node in network.nodes
    ]
    yield from _outside(loaded, [*lanes, *stops])
    served = {name: stop.place for name, stop in network.stops.items()}
    moving = {id(one) for one in (*lanes, *stops)}
    on_lane = {id(one) for one in lanes}
    for pair in near_pairs([*lanes, *stops, *standing]):
        vehicle, thing = sorted(pair, key=lambda one: (id(one) not in moving, id(one) in on_lane))
        if id(vehicle) not in moving or (id(vehicle) in on_lane and id(thing) in on_lane):
            continue
        shape = shrunk(vehicle, DOCK_M) if served.get(vehicle.id) == thing.id else vehicle
        depth = overlap_m(shape.rectangle, thing.rectangle)
        if depth > TOUCH_M:
            yield _in_the_way(loaded, fleet, vehicle, thing, depth)


def _in_the_way(
    loaded: LoadedPlant, fleet: AgvFleet, vehicle: Footprint, thing: Footprint, depth_m: float
) -> Problem:
    what = f"fleet '{fleet.id}': {vehicle.what} overlaps {thing.what} by {depth_m:.2f} m."
    return problem(loaded, vehicle.address, what, "Move the stop, the lane or the thing.")


def _lane_strips(network: RouteNetwork, fleet: AgvFleet) -> list[Footprint]:
    return [
        Footprint(
            f"{a}-{b}",
            f"vehicle on lane '{a}' - '{b}'",
            f"networks.{network.id}.nodes.{a}",
            swept(network.nodes[a], network.nodes[b], fleet.size_m[1]),
            0.0,
            fleet.size_m[2],
        )
        for a, b in network.edges
        if a in network.nodes and b in network.nodes
    ]
