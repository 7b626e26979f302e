"""Blocks and zones: sets of nodes with a rule about who may be on them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.transport.network import Point

if TYPE_CHECKING:
    from sim.transport.traffic import Driver


class Group:
    """A block or zone and the vehicles that hold nodes of it.

    Attributes
    ----------
    name : str
    limit : int
        Vehicles that may be inside at once.
    members : dict
        Nodes held by each vehicle inside.
    ways : dict
        Direction of each vehicle inside a block: +1, -1, or 0 where it has none.
    """

    __slots__ = ("_order", "limit", "members", "name", "ways")

    def __init__(self, name: str, limit: int, order: dict[str, int] | None = None) -> None:
        self.name = name
        self.limit = limit
        self.members: dict[Driver, int] = {}
        self.ways: dict[Driver, int] = {}
        self._order = order

    def way(self, points: list[Point]) -> int:
        """Return the direction in which a way leads through this block."""
        if self._order is None:
            return 0
        inside = [self._order[p.name] for p in points if p.block is self]
        return (inside[-1] > inside[0]) - (inside[-1] < inside[0])

    def conflicts(self, driver: Driver, way: int) -> list[Driver]:
        """Return the vehicles inside that keep one with a direction out of a block."""
        return [
            other
            for other in self.members
            if other is not driver and (not way or self.ways.get(other) != way)
        ]

    def enter(self, driver: Driver) -> None:
        """Note that a vehicle holds one node more."""
        self.members[driver] = self.members.get(driver, 0) + 1

    def leave(self, driver: Driver) -> None:
        """Note that a vehicle holds one node less."""
        n = self.members.get(driver, 0) - 1
        if n > 0:
            self.members[driver] = n
        else:
            self.members.pop(driver, None)
            self.ways.pop(driver, None)
