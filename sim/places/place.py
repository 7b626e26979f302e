"""The hand-over between places and the behaviours that put to them and take from them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from sim.core.lot import Lot
from sim.core.world import World


class Taker(Protocol):
    """Something that waits for lots at a place."""

    def supplied(self, now: float) -> None:
        """A lot has come; take it now."""

    def transport_ordered(self, now: float) -> None:
        """A transport to the place it waits at, or from it, has been ordered."""


class Giver(Protocol):
    """Something that waits for room at a place."""

    def room_made(self, now: float) -> None:
        """There is room for one lot; put it now."""

    def transport_ordered(self, now: float) -> None:
        """A transport to the place it waits at, or from it, has been ordered."""


class Queue(Protocol):
    """Where takers or givers wait."""

    def remove(self, waiting: Any, /) -> None:
        """Let one of them wait no longer."""


class Incoming(Protocol):
    """What a machine waits at for lots: a place, or a choice of places."""

    @property
    def takers(self) -> Queue:
        """Who waits for lots."""

    @property
    def inbound(self) -> int:
        """Lots on the way by transport."""


class Outgoing(Protocol):
    """What a machine puts to: a place, or a route to several."""

    @property
    def givers(self) -> Queue:
        """Who waits for room."""

    @property
    def outbound(self) -> int:
        """Lots promised to transports."""

    def put(self, lot: Lot, giver: Giver, now: float) -> bool:
        """Take in a lot if there is room; else remember the giver and return False."""


class Place:
    """Room for `capacity` lots, first in first out, with blocking after service.

    Hand-over is synchronous: a lot that comes wakes the taker that waits longest, room that is
    made wakes the giver that waits longest, all within the same call.

    Attributes
    ----------
    stock : int
        Lots that a taker may have: arrived and not promised to a transport.
    room : int
        Lots that a giver may put: free and not reserved for a transport.
    inbound, outbound : int
        Lots of ordered transports to and from this place.
    watchers : list of callables
        Called with the time whenever stock or room has changed (transport orders).
    """

    __slots__ = (
        "_lots",
        "_note",
        "capacity",
        "givers",
        "id",
        "inbound",
        "outbound",
        "room",
        "stock",
        "takers",
        "watchers",
    )

    def __init__(self, world: World, place: str, capacity: int) -> None:
        self.id = place
        self.capacity = capacity
        self.stock = 0
        self.room = capacity
        self.inbound = 0
        self.outbound = 0
        self.takers: deque[Taker] = deque()
        self.givers: deque[Giver] = deque()
        self.watchers: list[Callable[[float], None]] = []
        self._lots: deque[Lot] = deque()
        self._note = world.recorder.levels(place).add

    def put(self, lot: Lot, giver: Giver, now: float) -> bool:
        """Take in a lot if there is room; else remember the giver and return False."""
        if not self.room:
            self.givers.append(giver)
            return False
        self.room -= 1
        self._lots.append(lot)
        note = self._note
        note((now, lot.id, -1))
        self.stock += 1
        if self.takers:
            self.takers.popleft().supplied(now)
        if self.watchers:
            self._changed(now)
        return True

    def take(self, taker: Taker, now: float) -> Lot | None:
        """Give the oldest lot if there is one; else remember the taker and return None."""
        if not self.stock:
            self.takers.append(taker)
            return None
        self.stock -= 1
        lot = self._lots.popleft()
        note = self._note
        note((now, -lot.id, -1))
        self.room += 1
        if self.givers:
            self.givers.popleft().room_made(now)
        if self.watchers:
            self._changed(now)
        return lot

    def reserve(self, n: int, now: float) -> None:
        """Keep room for `n` lots of an ordered transport."""
        self.room -= n
        self.inbound += n
        for taker in self.takers:
            taker.transport_ordered(now)

    def promise(self, n: int, now: float) -> None:
        """Keep `n` lots for an ordered transport."""
        self.stock -= n
        self.outbound += n
        for giver in self.givers:
            giver.transport_ordered(now)

    def deliver(self, lot: Lot, now: float) -> None:
        """Take in a lot of a transport that reserved room for it."""
        self.inbound -= 1
        self.room += 1
        self.put(lot, NOBODY, now)

    def collect(self, now: float) -> Lot:
        """Give a lot to the transport it was promised to."""
        self.outbound -= 1
        self.stock += 1
        lot = self.take(NOBODY, now)
        if lot is None:
            raise RuntimeError(f"{self.id} has lost a promised lot")
        return lot

    def lay(self, lot: Lot, now: float) -> None:
        """Put a lot where it can be taken at once, before anything runs (initial state)."""
        self.room -= 1
        self.stock += 1
        self._lots.append(lot)
        self._note((now, lot.id, -1))

    def travel_left_s(self, now: float) -> list[float]:  # noqa: ARG002
        """Return how long the last lots still travel before they can be taken."""
        return []

    def held(self) -> Iterator[Lot]:
        """Every lot that is here."""
        return iter(self._lots)

    def _changed(self, now: float) -> None:
        for watch in self.watchers:
            watch(now)


class _Nobody:
    """Stands in for a taker or giver who never has to wait."""

    def supplied(self, now: float) -> None:
        """Nobody waits."""

    def room_made(self, now: float) -> None:
        """Nobody waits."""

    def transport_ordered(self, now: float) -> None:
        """Nobody waits."""


NOBODY = _Nobody()
