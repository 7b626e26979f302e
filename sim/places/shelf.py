"""Shelves: buffers from which any lot may be taken, not only the first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice

from sim.core.lot import Lot
from sim.core.world import World
from sim.places.place import Giver, Place, Taker


class Shelf(Place):
    """A buffer that knows since when each lot lies there.

    A taker that is told of a lot may leave it; then the next one who waits is told.
    """

    __slots__ = ("_since",)

    def __init__(self, world: World, place: str, capacity: int) -> None:
        super().__init__(world, place, capacity)
        self._since: deque[float] = deque()

    def waiting(self) -> Iterator[tuple[Lot, float]]:
        """Lots that may be taken, the oldest first, each with the time it came."""
        return islice(zip(self._lots, self._since, strict=True), self.stock)

    def put(self, lot: Lot, giver: Giver, now: float) -> bool:
        """Take in a lot if there is room; else remember the giver and return False."""
        if not self.room:
            self.givers.append(giver)
            return False
        self.room -= 1
        self._lots.append(lot)
        self._since.append(now)
        self._note((now, lot.id, -1))
        self.stock += 1
        self.offer(now)
        if self.watchers:
            self._changed(now)
        return True

    def offer(self, now: float) -> None:
        """Tell those who wait, in turn, until nothing is left."""
        for taker in tuple(self.takers):
            if not self.stock:
                return
            if taker in self.takers:
                self.takers.remove(taker)
                taker.supplied(now)

    def take(self, taker: Taker, now: float) -> Lot | None:
        """Give the oldest lot if there is one; else remember the taker and return None."""
        if self.stock:
            self._since.popleft()
        return super().take(taker, now)

    def take_lot(self, lot: Lot, taker: Taker, now: float) -> Lot | None:
        """Give this lot out of those that wait."""
        index = self._lots.index(lot)
        for kept in (self._lots, self._since):
            first = kept[index]
            del kept[index]
            kept.appendleft(first)  # type: ignore[arg-type]
        return self.take(taker, now)

    def lay(self, lot: Lot, now: float) -> None:
        """Put a lot where it can be taken at once, before anything runs (initial state)."""
        super().lay(lot, now)
        self._since.append(now)
