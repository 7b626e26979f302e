"""Where things stand in a plant file and where its numbers come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from twin.plant.base import parse_time_s
from twin.plant.citations import LAYOUT_KEYS, NOT_QUANTITIES
from twin.plant.tree import Node, Spot, walk

_TEXT_KEYS = frozenset({"id", "label", "description", "unit"})


class Index:
    """The nodes of a tree by address (``stations.stack.cycle.mean_s``)."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.nodes: dict[str, Node] = {}
        for spot in walk(root):
            self.nodes.setdefault(spot.address, spot.node)

    def node(self, address: str) -> Node:
        """Return the node at an address, or the nearest one above it."""
        while address and address not in self.nodes:
            address = address.rpartition(".")[0]
        return self.nodes.get(address, self.root)

    def lines(self) -> dict[str, int]:
        """Return the line of every address and of every object id."""
        found = {address: node.line for address, node in self.nodes.items() if address}
        for node in self.nodes.values():
            if node.id is not None:
                found.setdefault(node.id, node.line)
        return found

    def places(self) -> dict[str, str]:
        """Return ``file:line`` of every address."""
        return {address: node.where for address, node in self.nodes.items() if address}


@dataclass(frozen=True)
class Origins:
    """Where the numbers of a plant come from, by address.

    Attributes
    ----------
    sources : dict
        Address -> source text (``assumption`` if assumed).
    notes : dict
        Address -> note beside the source.
    unsourced : tuple of str
        Addresses of quantities without a source; layout coordinates are not listed.
    """

    sources: dict[str, str]
    notes: dict[str, str]
    unsourced: tuple[str, ...]


def origins(root: Node) -> Origins:
    """Collect where each number of a tree comes from; a list of numbers counts as one."""
    sources: dict[str, str] = {}
    notes: dict[str, str] = {}
    unsourced = []
    for spot in _numbers(Spot(root, (), "")):
        told = spot.node.items[0] if spot.node.items else spot.node
        if told.source is not None:
            sources[spot.address] = told.source
            if told.note is not None:
                notes[spot.address] = told.note
        elif not (LAYOUT_KEYS | NOT_QUANTITIES).intersection(spot.keys):
            unsourced.append(spot.address)
    return Origins(sources, notes, tuple(unsourced))


def _numbers(spot: Spot) -> Iterator[Spot]:
    items = spot.node.items
    key = spot.keys[-1] if spot.keys else ""
    if _is_number(spot.node, key) or (items and all(_is_number(item, key) for item in items)):
        yield spot
        return
    for name, child in spot.node.children:
        yield from _numbers(spot.child(name, child))


def _is_number(node: Node, key: str) -> bool:
    if isinstance(node.value, str):
        return key not in _TEXT_KEYS and isinstance(parse_time_s(node.value), float)
    return isinstance(node.value, int | float) and not isinstance(node.value, bool)
