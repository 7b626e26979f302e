"""Route networks: every vehicle can always reach every stop and block no other for ever."""

from __future__ import annotations

import math
from itertools import combinations

from twin.plant.base import Vec2
from twin.plant.blocks import check_blocks
from twin.plant.origin import Index
from twin.plant.plant import Plant
from twin.plant.reporter import Reporter
from twin.plant.transport import RouteNetwork
from twin.plant.tree import Problems

LANE_CLEARANCE_M = 0.2
"""A stop nearer to a lane than this counts as standing on it."""


def check_lanes(plant: Plant, index: Index, problems: Problems) -> None:
    """Report networks on which vehicles could be stuck, and fleets without room to park.

    Parameters
    ----------
    plant : Plant
        With all references correct.
    index : Index
        Where things stand in the file.
    problems : Problems
        Receives every problem.
    """
    report = Reporter(index, problems)
    for network in plant.networks:
        _check_network(network, report)
    _check_homes(plant, report)


def _check_network(network: RouteNetwork, report: Reporter) -> None:
    def say(key: str, what: str, remedy: str = "") -> None:
        report.at("networks", network.id, key, what, remedy)

    for k, lane in enumerate(network.lanes):
        if len(lane) < 2:
            say(f"lanes.{k}", "a lane needs at least two nodes.")
    edges = set(network.edges)
    in_blocks = {node for block in network.blocks.values() for node in block.nodes}
    for a, b in sorted(edges):
        if a == b or network.nodes[a] == network.nodes[b]:
            say("lanes", f"the lane from '{a}' to '{b}' has no length.")
        elif a < b and (b, a) in edges and not {a, b} & in_blocks:
            what = f"lanes lead from '{a}' to '{b}' and straight back"
            remedy = "Make it a loop, or put one of the two nodes into a block."
            say("lanes", f"{what}: two vehicles could block each other.", remedy)
    for a, b in combinations(sorted(network.nodes), 2):
        if network.nodes[a] == network.nodes[b]:
            say(f"nodes.{b}", f"nodes '{a}' and '{b}' are at the same place.", "Use one node.")
    _check_connected(network, report)
    _check_stops(network, report)
    check_blocks(network, report)


def _check_connected(network: RouteNetwork, report: Reporter) -> None:
    """Report nodes that cannot be reached from the first node, or cannot get back to it."""
    if not network.nodes:
        report.at("networks", network.id, "nodes", "has no nodes.")
        return
    first = next(iter(network.nodes))
    forward = network.edges
    backward = [(b, a) for a, b in forward]
    for edges, words in ((forward, "be reached from"), (backward, "get back to")):
        lost = [node for node in network.nodes if node not in _reached(first, edges)]
        if lost:
            names = ", ".join(f"'{name}'" for name in lost[:5]) + (" ..." if len(lost) > 5 else "")
            what = f"{names} cannot {words} node '{first}'."
            remedy = "Every node must be reachable from every other: close the loop."
            report.at("networks", network.id, f"nodes.{lost[0]}", what, remedy)


def _reached(start: str, edges: list[tuple[str, str]]) -> set[str]:
    following: dict[str, list[str]] = {}
    for a, b in edges:
        following.setdefault(a, []).append(b)
    seen = {start}
    todo = [start]
    while todo:
        for node in following.get(todo.pop(), []):
            if node not in seen:
                seen.add(node)
                todo.append(node)
    return seen


def _check_stops(network: RouteNetwork, report: Reporter) -> None:
    at: dict[Vec2, str] = {}
    for name, stop in network.stops.items():
        near = [
            (a, b)
            for a, b in network.edges
            if _distance_m(stop.position_m, network.nodes[a], network.nodes[b]) < LANE_CLEARANCE_M
        ]
        if near:
            a, b = near[0]
            what = f"stop '{name}' stands on the lane from '{a}' to '{b}'."
            remedy = "Stops lie beside the lanes, so that others can pass."
            report.at("networks", network.id, f"stops.{name}.position_m", what, remedy)
        if stop.position_m in at:
            what = f"stops '{at[stop.position_m]}' and '{name}' are at the same place."
            report.at("networks", network.id, f"stops.{name}.position_m", what)
        at.setdefault(stop.position_m, name)


def _distance_m(point: Vec2, start: Vec2, end: Vec2) -> float:
    """Return the distance of a point from a segment."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    px, py = point[0] - start[0], point[1] - start[1]
    length2 = dx * dx + dy * dy
    share = 0.0 if length2 == 0 else min(max((px * dx + py * dy) / length2, 0.0), 1.0)
    return math.hypot(px - share * dx, py - share * dy)


def _check_homes(plant: Plant, report: Reporter) -> None:
    taken: dict[tuple[str, str], str] = {}
    stops = {network.id: network.stops for network in plant.networks}
    for fleet in plant.fleets:
        for k, home in enumerate(fleet.homes):
            served = stops[fleet.network][home].place
            if served is not None:
                what = f"home '{home}' is the stop of place '{served}': a parked vehicle bars it."
                report.at("fleets", fleet.id, f"homes.{k}", what, "Park at a stop without 'place'.")
            if (fleet.network, home) in taken:
                what = f"stop '{home}' is already a home of {taken[fleet.network, home]}."
                remedy = "Every vehicle needs its own parking stop."
                report.at("fleets", fleet.id, f"homes.{k}", what, remedy)
            taken.setdefault((fleet.network, home), f"fleet '{fleet.id}'")
