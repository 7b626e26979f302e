"""The ends of the plant: sources and sinks."""

from __future__ import annotations

from collections.abc import Iterator

from sim.core.lot import Lot
from sim.core.timer import Timer
from sim.core.world import World
from sim.places.place import Giver, Place
from twin.plant.place import Source


class Supply:
    """Brings lots into the plant.

    Without an interval there is always a lot waiting outside. With one, the next interval begins
    when the last lot has found room.
    """

    def __init__(self, world: World, source: Source, place: Place) -> None:
        self.id = source.id
        self._world = world
        self._place = place
        self._item = source.item
        self._n = source.units_per_lot or world.plant.item_by_id[source.item].units_per_lot
        self._timer = Timer(world.env, self._interval_over)
        self._interval = (
            world.draws(source.interval, source.id, "interval") if source.interval else None
        )
        self._outside: Lot | None = None

    def start(self, now: float) -> None:
        """Begin to supply."""
        if self._interval:
            self._timer.arm(now + self._interval.one())
        else:
            self._bring(now)

    def room_made(self, now: float) -> None:
        """Put the lot that waits outside."""
        self._bring(now)

    def release(self, lots: int, now: float) -> int:
        """Bring lots now, beside what comes by itself; return how many found room."""
        released = 0
        while released < lots and self._place.room:
            lot = self._world.create(now, self._item, self._n, self.id)
            self._place.put(lot, self, now)
            released += 1
        return released

    def hold(self) -> None:
        """Bring nothing more by itself."""
        self._timer = self._timer.cancelled()
        if self in self._place.givers:
            self._place.givers.remove(self)

    def go_on(self, now: float) -> None:
        """Bring lots by itself again."""
        self.hold()
        self.start(now)

    def transport_ordered(self, now: float) -> None:
        """Nothing changes for a source."""

    def held(self) -> Iterator[Lot]:
        """Lots outside are not in the plant."""
        return iter(())

    def _bring(self, now: float) -> None:
        place, interval = self._place, self._interval
        while place.room:
            place.put(self._world.create(now, self._item, self._n, self.id), self, now)
            if interval is not None:
                draw = interval.one
                self._timer.arm(now + draw())
                return
        place.givers.append(self)

    def _interval_over(self, timer: Timer) -> None:
        self._bring(timer.due_s)


UNLIMITED = 1_000_000_000


class Exit(Place):
    """A sink: has room for everything; what comes is shipped."""

    def __init__(self, world: World, sink: str) -> None:
        super().__init__(world, sink, UNLIMITED)
        self._world = world

    def put(self, lot: Lot, giver: Giver, now: float) -> bool:  # noqa: ARG002
        """Ship a lot."""
        self._world.ship(now, lot, self.id)
        return True

    def reserve(self, n: int, now: float) -> None:
        """Nothing to reserve: there is always room."""

    def deliver(self, lot: Lot, now: float) -> None:
        """Ship a lot that a transport brings."""
        self._world.ship(now, lot, self.id)
