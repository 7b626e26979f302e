"""Places without room: lots are handed from one machine to the next without being stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.core.lot import Lot
from sim.core.world import World
from sim.places.place import Giver, Place, Taker


class Coupling(Place):
    """A place of capacity 0: whoever gives keeps the lot until somebody takes it over.

    A lot that is offered goes straight to the taker that waits longest; a taker that comes later
    is served by the giver that waits longest. Both happen within one call, so nothing lies here
    between two events.
    """

    __slots__ = ("_pulled", "_pulls")

    def __init__(self, world: World, place: str) -> None:
        super().__init__(world, place, 0)
        self._pulls = 0
        self._pulled: list[Lot] = []

    @property
    def room(self) -> int:
        """Takers that would take a lot over at once."""
        return len(self.takers) + self._pulls

    @room.setter
    def room(self, lots: int) -> None:
        """Nothing is reserved here."""

    @property
    def stock(self) -> int:
        """Lots that are offered."""
        return len(self._lots) + len(self.givers)

    @stock.setter
    def stock(self, lots: int) -> None:
        """Nothing is promised here."""

    def waiting(self) -> Iterator[tuple[Lot, float]]:
        """Lots offered by machines, the first to be taken over first; since when is not known."""
        for lot in reversed(self._lots):
            yield lot, 0.0
        for giver in self.givers:
            offered: Lot | None = getattr(giver, "offered", None)
            if offered is not None:
                yield offered, 0.0

    def put(self, lot: Lot, giver: Giver, now: float) -> bool:
        """Hand a lot to a taker; else remember the giver, which keeps it, and return False."""
        if self._pulls:
            self._pulls -= 1
            self._pulled.append(lot)
            return True
        if self.takers:
            self._lots.append(lot)
            self.takers.popleft().supplied(now)
            if not (self._lots and self._lots[-1] is lot):
                return True
            self._lots.pop()  # the taker needs more than this lot to begin
        self.givers.append(giver)
        return False

    def take(self, taker: Taker, now: float) -> Lot | None:
        """Take over the lot that is offered; else remember the taker and return None."""
        lot = self._lots.pop() if self._lots else self._pull(now)
        if lot is None:
            self.takers.append(taker)
            return None
        self._note((now, lot.id, -1))
        self._note((now, -lot.id, -1))
        return lot

    def _pull(self, now: float) -> Lot | None:
        """Let the giver that waits longest hand over its lot."""
        if not self.givers:
            return None
        self._pulls += 1
        self.givers.popleft().room_made(now)
        return self._pulled.pop()

    def state(self) -> dict[str, Any]:
        """Return what a snapshot keeps: who waits; stock and room follow from it."""
        kept = {name: getattr(self, name) for name in Place.__slots__}
        return {**kept, "room": 0, "stock": 0}
