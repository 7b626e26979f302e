"""The tree of a file as read: plain values that know where they stand and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from twin.errors import Problem

Scalar: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a file.

    Attributes
    ----------
    value : scalar, dict of Node or list of Node
    where : str
        ``file:line``, or the option the value was given with.
    line : int
        Line of the key (or of the list item); 0 for what is not from the file itself.
    source : str or None
        Where the value comes from, in full.
    note : str or None
    """

    value: Scalar | dict[str, Node] | list[Node]
    where: str
    line: int = 0
    source: str | None = None
    note: str | None = None

    @property
    def fields(self) -> dict[str, Node]:
        """Entries of a mapping; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """Items of a list; empty for anything else."""
        return self.value if isinstance(self.value, list) else []

    @property
    def children(self) -> Iterator[tuple[str, Node]]:
        """Keys (or positions) with their values."""
        yield from self.fields.items()
        yield from ((str(k), node) for k, node in enumerate(self.items))

    def text(self, key: str) -> str | None:
        """Return the text at `key`; None if there is none."""
        found = self.fields.get(key)
        return found.value if found and isinstance(found.value, str) else None

    @property
    def id(self) -> str | None:
        """The object's ``id``."""
        return self.text("id")

    def with_value(self, value: Scalar | dict[str, Node] | list[Node]) -> Node:
        """Return the node with another value and everything else kept."""
        return replace(self, value=value)

    def map_children(self, change: Callable[[str, Node], Node]) -> Node:
        """Return the node with `change(key, child)` in place of each child."""
        if isinstance(self.value, dict):
            return self.with_value({key: change(key, node) for key, node in self.value.items()})
        if isinstance(self.value, list):
            return self.with_value([change(str(k), node) for k, node in enumerate(self.value)])
        return self


def plain(node: Node) -> object:
    """Return the node's value as plain dicts, lists and scalars."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value


def from_plain(value: object, where: str, line: int = 0) -> Node:
    """Return plain data as a tree whose nodes all stand at `where`."""
    if isinstance(value, Mapping):
        made = {str(key): from_plain(child, where, line) for key, child in value.items()}
        return Node(made, where, line)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return Node([from_plain(child, where, line) for child in value], where, line)
    if value is None or isinstance(value, Scalar):
        return Node(value, where, line)
    return Node(str(value), where, line)


def merged(base: Node, over: Node) -> Node:
    """Return `over` laid over `base`: objects key by key, everything else replaced."""
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)) or "value" in over.value:
        return over
    result = dict(base.value)
    for key, node in over.value.items():
        result[key] = merged(result[key], node) if key in result else node
    return over.with_value(result)


@dataclass(frozen=True, slots=True)
class Spot:
    """A node with its place in the tree.

    Attributes
    ----------
    node : Node
    keys : tuple of str
        Keys and list positions from the root.
    address : str
        The path people use: an object with an id is ``<list>.<id>`` wherever it stands
        (``stations.stack.cycle.mean_s``).
    """

    node: Node
    keys: tuple[str, ...]
    address: str

    @property
    def names(self) -> tuple[str, str]:
        """The key the node stands under and the one above it, list positions left out."""
        names = [key for key in self.keys if not key.isdigit()][-2:]
        return (names[-1] if names else "", names[0] if len(names) > 1 else "")

    def child(self, key: str, node: Node) -> Spot:
        """Return the spot of a child."""
        address = f"{self.address}.{key}" if self.address else key
        if key.isdigit() and node.id is not None and self.keys:
            address = f"{self.keys[-1]}.{node.id}"
        return Spot(node, (*self.keys, key), address)


def walk(root: Node) -> Iterator[Spot]:
    """Every node below the root (and the root), each before its children."""
    stack = [Spot(root, (), "")]
    while stack:
        spot = stack.pop()
        yield spot
        stack.extend(reversed([spot.child(key, node) for key, node in spot.node.children]))


class Problems:
    """Problems found so far; one that repeats at the same place (templates, copies) counts once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Problem] = {}

    def add(self, node: Node | str, what: str, remedy: str = "", *, subject: str = "") -> None:
        """Note a problem at a node (or place); `subject` names the object concerned."""
        where = node if isinstance(node, str) else node.where
        text = f"{subject}: {what}" if subject else what
        self._found.setdefault((where, what), Problem(where, text, remedy))

    def extend(self, others: Problems) -> None:
        """Add the problems of another collection."""
        for key, problem in others._found.items():
            self._found.setdefault(key, problem)

    def __bool__(self) -> bool:
        return bool(self._found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self._found.values(), key=_position))


def _position(problem: Problem) -> tuple[str, int]:
    file, _, line = problem.where.rpartition(":")
    return (file, int(line)) if line.isdigit() else (problem.where, 0)
