"""Report problems of a validated plant at the place of the file they stem from."""

from __future__ import annotations

from dataclasses import dataclass

from twin.plant.origin import Index
from twin.plant.reference import SINGULAR
from twin.plant.tree import Problems


@dataclass(frozen=True)
class Reporter:
    """Notes problems about objects by list and id.

    Attributes
    ----------
    index : Index
        Where things stand.
    problems : Problems
        Receives the problems.
    """

    index: Index
    problems: Problems

    def at(self, kind: str, name: str, key: str, what: str, remedy: str = "") -> None:
        """Note a problem of the object `name` in the list `kind`, at one of its keys."""
        address = f"{kind}.{name}.{key}" if key else f"{kind}.{name}"
        node = self.index.node(address)
        self.problems.add(node, what, remedy, subject=f"{SINGULAR[kind]} '{name}'")
