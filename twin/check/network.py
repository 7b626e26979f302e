"""Routes of vehicles over the lanes, and what a fleet needs of its network.

That lanes connect, stops lie beside them and transports have stops is checked when the plant is
loaded; here is what can be computed from a plant that loads.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from itertools import pairwise

from twin.check.where import problem
from twin.errors import Problem
from twin.plant.load import LoadedPlant
from twin.plant.plant import Plant
from twin.plant.transport import AgvFleet, RouteNetwork, Stop

TURN_DEG = 1.0
"""Smaller changes of direction are driven through."""


@dataclass(frozen=True)
class Route:
    """A way over the lanes from one stop to another.

    Attributes
    ----------
    straights_m : tuple of float
        Lengths of the straight parts; the vehicle stands still between two of them.
    turned_deg : float
        Sum of the turns on the spot.
    """

    straights_m: tuple[float, ...]
    turned_deg: float


def network_problems(loaded: LoadedPlant) -> list[Problem]:
    """Return fleets with batteries on networks without a charger."""
    found = []
    for fleet in loaded.plant.fleets:
        network = network_of(loaded.plant, fleet)
        if fleet.battery and not any(stop.charger for stop in network.stops.values()):
            what = f"fleet '{fleet.id}' has batteries, but network '{network.id}' has no charger."
            remedy = "Set 'charger: true' at a stop, or remove 'battery'."
            found.append(problem(loaded, f"fleets.{fleet.id}", what, remedy))
    return found


def network_of(plant: Plant, fleet: AgvFleet) -> RouteNetwork:
    """Return the network a fleet drives on."""
    return next(network for network in plant.networks if network.id == fleet.network)


def stop_at(network: RouteNetwork, place: str) -> Stop:
    """Return the first stop that serves a place."""
    return next(stop for stop in network.stops.values() if stop.place == place)


def route(network: RouteNetwork, start: Stop, end: Stop) -> Route:
    """Return the shortest way from one stop to another, leaving and entering the stops included."""
    nodes = [network.nodes[name] for name in _shortest_path(network, start.node, end.node)]
    points = [start.position_m, *nodes, end.position_m]
    legs = [(a, b) for a, b in pairwise(points) if a != b]
    straights: list[float] = []
    turned_deg = 0.0
    heading = math.nan
    for a, b in legs:
        towards = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
        turn = abs((towards - heading + 180) % 360 - 180)
        if turn <= TURN_DEG:
            straights[-1] += math.dist(a, b)
        else:
            straights.append(math.dist(a, b))
            turned_deg += 0.0 if math.isnan(turn) else turn
        heading = towards
    return Route(tuple(straights), turned_deg)


def _shortest_path(network: RouteNetwork, start: str, end: str) -> list[str]:
    """Return the nodes of the shortest way (Dijkstra), both ends included.

    Raises
    ------
    ValueError
        The network is not connected; loading a plant file makes sure that it is.
    """
    following: dict[str, list[str]] = {}
    for a, b in network.edges:
        following.setdefault(a, []).append(b)
    heap: list[tuple[float, list[str]]] = [(0.0, [start])]
    done: set[str] = set()
    while heap:
        length, path = heapq.heappop(heap)
        node = path[-1]
        if node == end:
            return path
        if node in done:
            continue
        done.add(node)
        for after in following.get(node, ()):
            step = math.dist(network.nodes[node], network.nodes[after])
            heapq.heappush(heap, (length + step, [*path, after]))
    raise ValueError(f"no lanes lead from node '{start}' to node '{end}'")
