"""The road network of a fleet: points, roads with length and heading, and shortest routes."""

from __future__ import annotations

from collections import deque
from functools import cached_property
from itertools import pairwise
from math import atan2, degrees, dist
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sim.record.recorder import Recorder
from twin.plant.base import Vec2
from twin.plant.transport import RouteNetwork

if TYPE_CHECKING:
    from sim.transport.group import Group
    from sim.transport.traffic import Driver


class Point:
    """A lane node or a stop.

    Attributes
    ----------
    name : str
    is_stop : bool
    holder : Driver or None
        Who has claimed it; nobody claims stops here.
    queue : deque of Driver
        Who waits for it.
    node : int
        Number of the node, or of the node a stop is reached from.
    block, zone : Group or None
        What it belongs to.
    """

    __slots__ = ("block", "holder", "is_stop", "name", "node", "queue", "zone")

    def __init__(self, name: str, node: int, *, is_stop: bool) -> None:
        self.name = name
        self.node = node
        self.is_stop = is_stop
        self.holder: Driver | None = None
        self.queue: deque[Driver] = deque()
        self.block: Group | None = None
        self.zone: Group | None = None

    @property
    def id(self) -> str:
        """Its name."""
        return self.name


class Edge:
    """A straight piece of road; to and from stops as well as between nodes.

    Attributes
    ----------
    index : int
        Its number in the network.
    number : int
        Its number in the records.
    origin, target : Point
    length_m, heading_deg : float
    """

    __slots__ = ("heading_deg", "index", "length_m", "number", "origin", "target")

    def __init__(
        self, index: int, ends: tuple[Point, Point], at_m: tuple[Vec2, Vec2], records: Recorder
    ) -> None:
        self.index = index
        self.origin, self.target = ends
        from_m, to_m = at_m
        self.length_m = dist(from_m, to_m)
        self.heading_deg = degrees(atan2(to_m[1] - from_m[1], to_m[0] - from_m[0]))
        origin, target = (records.names.number(end.name) for end in ends)
        self.number = records.legs.edge((origin, target, *from_m, 0.0, *to_m, 0.0))


Way = tuple[Edge, ...]


class Roads:
    """Nodes, lanes and stops of a network, and the shortest ways between them.

    All are kept in the order of their ids, which decides between ways of the same length and
    between free stops: never the order of the plant file.

    Parameters
    ----------
    model : RouteNetwork
    records : Recorder
        Where the edges are noted.
    """

    def __init__(self, model: RouteNetwork, records: Recorder) -> None:
        self.model = model
        self.stops = dict(sorted(model.stops.items()))
        self._records = records
        self._names = sorted(model.nodes)
        self._lanes = sorted(model.edges)
        self._index = index = {node: k for k, node in enumerate(self._names)}
        self.points = {name: Point(name, k, is_stop=False) for name, k in index.items()}
        self.points |= {
            name: Point(name, index[stop.node], is_stop=True) for name, stop in self.stops.items()
        }
        self.edges: dict[tuple[str, str], Edge] = {}
        for a, b in self._lanes:
            self._add(a, b, model.nodes[a], model.nodes[b])
        for name, stop in self.stops.items():
            self._add(name, stop.node, stop.position_m, model.nodes[stop.node])
            self._add(stop.node, name, model.nodes[stop.node], stop.position_m)
        self._ways: dict[tuple[str, str], Way] = {}
        self._lengths_m: dict[int, list[float]] = {}

    def state(self) -> dict[str, object]:
        """Return what a snapshot looks at: ways are found again."""
        return {"points": self.points, "edges": self.edges}

    def stops_at(self, place: str) -> list[str]:
        """Return the stops that serve a place."""
        return [name for name, stop in self.stops.items() if stop.place == place]

    def lengths_m(self, stop: str) -> list[float]:
        """Return the length of the shortest way to a stop's node from every node, by number."""
        target = self.points[stop].node
        lengths = self._lengths_m.get(target)
        if lengths is None:
            lengths = self._lengths_m[target] = self._shortest[0][:, target].tolist()
        return lengths

    def node_of(self, point: str) -> str:
        """Return the node of a stop, or the node itself."""
        return self.stops[point].node if point in self.stops else point

    def way(self, start: str, stop: str) -> Way:
        """Return the shortest way from a node or stop to a stop; empty if it is there."""
        found = self._ways.get((start, stop))
        if found is None:
            found = self._ways[start, stop] = self._way(start, stop)
        return found

    def _way(self, start: str, stop: str) -> Way:
        if start == stop:
            return ()
        nodes = self._trace(self.node_of(start), self.stops[stop].node)
        points = [*([start] if start in self.stops else []), *nodes, stop]
        return tuple(self.edges[a, b] for a, b in pairwise(points))

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
        ends = (self.points[a], self.points[b])
        self.edges[a, b] = Edge(len(self.edges), ends, (from_m, to_m), self._records)

    @cached_property
    def _shortest(self) -> tuple[np.ndarray, np.ndarray]:
        n = len(self._names)
        lanes = [(self._index[a], self._index[b]) for a, b in self._lanes]
        lengths = [self.edges[pair].length_m for pair in self._lanes]
        rows, columns = zip(*lanes, strict=True) if lanes else ((), ())
        graph = csr_array((lengths, (rows, columns)), shape=(n, n))
        found: tuple[np.ndarray, np.ndarray] = dijkstra(graph, return_predecessors=True)
        return found
