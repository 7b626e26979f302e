"""The road network of a fleet: edges with length and heading, and shortest routes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import atan2, degrees, dist

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from twin.plant.base import Vec2
from twin.plant.transport import RouteNetwork


@dataclass(frozen=True, slots=True)
class Edge:
    """A straight piece of road; to and from stops as well as between nodes."""

    origin: str
    target: str
    from_m: Vec2
    to_m: Vec2
    length_m: float
    heading_deg: float


class Roads:
    """Nodes, lanes and stops of a network, and the shortest ways between them."""

    def __init__(self, model: RouteNetwork) -> None:
        self.model = model
        self.stops = model.stops
        self._index = {node: k for k, node in enumerate(model.nodes)}
        self._names = list(model.nodes)
        self.edges: dict[tuple[str, str], Edge] = {}
        for a, b in model.edges:
            self._add(a, b, model.nodes[a], model.nodes[b])
        for name, stop in model.stops.items():
            self._add(name, stop.node, stop.position_m, model.nodes[stop.node])
            self._add(stop.node, name, model.nodes[stop.node], stop.position_m)
        self._paths: dict[tuple[str, str], list[str]] = {}

    def stops_at(self, place: str) -> list[str]:
        """Return the stops that serve a place."""
        return [name for name, stop in self.stops.items() if stop.place == place]

    def distance_m(self, node: str, stop: str) -> float:
        """Return the length of the shortest way from a node to a stop's node."""
        lengths, _ = self._shortest
        return float(lengths[self._index[node], self._index[self.stops[stop].node]])

    def node_of(self, point: str) -> str:
        """Return the node of a stop, or the node itself."""
        return self.stops[point].node if point in self.stops else point

    def path(self, start: str, goal: str) -> list[str]:
        """Return the nodes of the shortest way between two nodes, both included."""
        found = self._paths.get((start, goal))
        if found is None:
            found = self._paths[start, goal] = self._trace(start, goal)
        return found

    def _trace(self, start: str, goal: str) -> list[str]:
        _, before = self._shortest
        first, k = self._index[start], self._index[goal]
        way = [k]
        while k != first:
            k = int(before[first, k])
            if k < 0:
                raise ValueError(f"no way from {start} to {goal}")
            way.append(k)
        return [self._names[k] for k in reversed(way)]

    def _add(self, a: str, b: str, from_m: Vec2, to_m: Vec2) -> None:
        heading = degrees(atan2(to_m[1] - from_m[1], to_m[0] - from_m[0]))
        self.edges[a, b] = Edge(a, b, from_m, to_m, dist(from_m, to_m), heading)

    @cached_property
    def _shortest(self) -> tuple[np.ndarray, np.ndarray]:
        n = len(self._names)
        lanes = [(self._index[a], self._index[b]) for a, b in self.model.edges]
        lengths = [self.edges[pair].length_m for pair in self.model.edges]
        rows, columns = zip(*lanes, strict=True) if lanes else ((), ())
        graph = csr_array((lengths, (rows, columns)), shape=(n, n))
        found: tuple[np.ndarray, np.ndarray] = dijkstra(graph, return_predecessors=True)
        return found
