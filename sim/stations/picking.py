"""Feeds that choose: among places and lots, and an assembly that loads everything at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from sim.core.lot import Lot
from sim.core.world import World
from sim.places.coupling import Coupling
from sim.places.place import Place, Taker
from sim.places.shelf import Shelf
from sim.stations.feed import Feed, Input, JoinFeed
from sim.stations.selection import Selection
from twin.plant.station import Station

if TYPE_CHECKING:
    from sim.stations.machine import Machine


class PickFeed:
    """Takes the lots its selection chooses."""

    fresh = True

    def __init__(self, selection: Selection) -> None:
        self.selection = selection

    def next_lot(self, machine: Machine, now: float) -> Lot | None:
        """Return the next lot."""
        lot = self.selection.take(machine, now)
        if lot is None:
            machine.starve(self.selection, now, self.selection.mode(now))
        return lot

    def held(self) -> Iterator[Lot]:
        """Nothing is kept between visits."""
        return iter(())


def take_nothing(feed: Feed, machine: Machine, now: float) -> None:
    """Let a machine that comes to rest give back what it takes lots with (its card)."""
    if isinstance(feed, PickFeed):
        feed.selection.rest(machine, now)


class Missing:
    """The places a machine waits at for components: to the machine they look like one place."""

    def __init__(self) -> None:
        self.places: list[Place] = []

    @property
    def takers(self) -> Missing:
        """Who waits for lots: asked to `remove` a taker only."""
        return self

    @property
    def inbound(self) -> int:
        """Lots on the way to one of the places by transport."""
        return sum(place.inbound for place in self.places)

    def remove(self, taker: Taker) -> None:
        """Let a taker wait no longer."""
        for place in self.places:
            if taker in place.takers:
                place.takers.remove(taker)

    def wait(self, taker: Taker, places: list[Place]) -> None:
        """Let a taker wait at all places where something is missing."""
        self.places = places
        for place in places:
            place.takers.append(taker)


class AtOnceFeed(JoinFeed):
    """Joins components that are loaded at once, when all of them are there."""

    def __init__(self, world: World, station: Station, places: list[Place]) -> None:
        super().__init__(world, station, places)
        self._missing = Missing()

    def _supplied(self, machine: Machine, now: float) -> bool:
        self._missing.remove(machine)
        counted = [(entry, _lots_needed(entry)) for entry in self.inputs]
        short = [entry.place for entry, n in counted if n is None]
        if short:
            self._missing.wait(machine, short)
            machine.starve(self._missing, now)
            return False
        for entry, n in counted:
            for _ in range(n or 0):
                lot = entry.place.take(machine, now)
                if lot is None:
                    raise RuntimeError(f"{entry.place.id} has lost a lot that was counted")
                entry.load(lot)
                self._loaded = True
        return True


def _lots_needed(entry: Input) -> int | None:
    """Return how many lots an input must take for one product; None if they are not there."""
    units, lots = entry.available, 0
    waiting = entry.place.waiting() if isinstance(entry.place, Shelf | Coupling) else ()
    for lot, _ in islice(waiting, entry.place.stock):
        if units >= entry.needed:
            break
        units += lot.n
        lots += 1
    return lots if units >= entry.needed else None
