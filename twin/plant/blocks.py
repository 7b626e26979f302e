"""Blocks and zones of a route network: what they may hold, and how many vehicles are safe.

``docs/background-vehicles.md`` has the proof that vehicles never wait for each other for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from twin.plant.reporter import Reporter
from twin.plant.transport import LaneBlock, RouteNetwork

_Passage = tuple[str, str, frozenset[str]]
"""Node before the blocks, node behind them, blocks driven through."""


def check_blocks(network: RouteNetwork, report: Reporter) -> None:
    """Report blocks and zones that share nodes, that have no order, or that are one-way traps.

    Parameters
    ----------
    network : RouteNetwork
    report : Reporter
        Receives every problem.
    """
    for key, groups in (("blocks", network.blocks), ("zones", network.zones)):
        owner: dict[str, str] = {}
        for name, group in groups.items():
            for node in group.nodes:
                if node in owner:
                    what = f"node '{node}' is in '{owner[node]}' already."
                    remedy = f"A node belongs to one of the {key} at most."
                    report.at("networks", network.id, f"{key}.{name}.nodes", what, remedy)
                owner.setdefault(node, name)
    edges = set(network.edges)
    for name, block in network.blocks.items():
        if block.allow == "one_direction":
            for a, b in _out_of_order(block, edges):
                what = f"lanes join '{a}' and '{b}', which are not next to each other in 'nodes'."
                remedy = "A block with 'one_direction' is a chain: list its nodes in order."
                report.at("networks", network.id, f"blocks.{name}.nodes", what, remedy)


def _out_of_order(block: LaneBlock, edges: set[tuple[str, str]]) -> list[tuple[str, str]]:
    neighbours = set(pairwise(block.nodes))
    return [
        (a, b)
        for a, b in combinations(block.nodes, 2)
        if ((a, b) in edges or (b, a) in edges) and (a, b) not in neighbours
    ]


def max_on_lanes(network: RouteNetwork) -> int | None:
    """Return how many vehicles may be on the lanes at once; None: as many as there are.

    Only blocks that are driven through in two ways need a limit: vehicles could fill all nodes
    from the exit of one passage to the entry of another and back, and all wait for the same
    block. With one vehicle fewer than the shortest such ring has nodes, they cannot.
    """
    passages = _passages(network)
    shared = [
        (one, other)
        for one, other in combinations(passages, 2)
        if one[0] != other[0] and one[1] != other[1] and one[2] & other[2]
    ]
    if not shared:
        return None
    n_nodes = _counts(network, passages)
    index = {node: k for k, node in enumerate(network.nodes)}
    rings = [
        n_nodes[index[x], index[f]] + n_nodes[index[y], index[e]] for (e, x, _), (f, y, _) in shared
    ]
    limits = [int(ring) - 1 for ring in rings if np.isfinite(ring)]
    limits += [zone.max_vehicles for zone in network.zones.values()]
    return max(1, min(limits)) if limits else None


def _counts(network: RouteNetwork, passages: list[_Passage]) -> np.ndarray:
    """Return the fewest nodes outside blocks on the way from each node to each, both counted."""
    index = {node: k for k, node in enumerate(network.nodes)}
    inside = {node for block in network.blocks.values() for node in block.nodes}
    steps = {(a, b) for a, b in network.edges if not {a, b} & inside}
    steps |= {(e, x) for e, x, _ in passages}
    rows = [index[a] for a, _ in steps]
    columns = [index[b] for _, b in steps]
    n = len(index)
    graph = csr_array((np.ones(len(steps)), (rows, columns)), shape=(n, n))
    return np.asarray(shortest_path(graph, unweighted=True)) + 1


def _passages(network: RouteNetwork) -> list[_Passage]:
    """Return the ways through blocks from node to node; ways to stops inside are none."""
    block_of = {node: name for name, block in network.blocks.items() for node in block.nodes}
    following: dict[str, list[str]] = {}
    for a, b in network.edges:
        following.setdefault(a, []).append(b)
    found: dict[_Passage, None] = {}
    for a, b in network.edges:
        if a not in block_of and b in block_of:
            for exit_, blocks in _exits(b, following, block_of):
                if exit_ != a:
                    found[a, exit_, blocks] = None
    return sorted(found, key=lambda p: (p[0], p[1], sorted(p[2])))


def _exits(
    start: str, following: dict[str, list[str]], block_of: dict[str, str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the nodes outside blocks that are reached through blocks, with the blocks passed."""
    first = (start, frozenset({block_of[start]}))
    seen, todo = {first}, [first]
    while todo:
        node, passed = todo.pop()
        for after in following.get(node, ()):
            if after not in block_of:
                yield after, passed
                continue
            step = (after, passed | {block_of[after]})
            if step not in seen:
                seen.add(step)
                todo.append(step)
