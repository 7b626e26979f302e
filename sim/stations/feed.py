"""What a machine works on next: lots, rolls cut into units, or units joined from components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from sim.core.lot import Lot
from sim.core.world import World
from sim.places.place import Place
from sim.stations.progress import lot_state
from twin.plant.state import LotState
from twin.plant.station import Station

if TYPE_CHECKING:
    from sim.stations.machine import Machine
    from sim.stations.selection import Selection


class Feed(Protocol):
    """Where the units of a machine come from."""

    fresh: bool
    """Whether something new was taken in for the last lot, so that it must be attended."""

    def next_lot(self, machine: Machine, now: float) -> Lot | None:
        """Return the next lot of units; None if the machine now waits at a place."""

    def held(self) -> Iterator[Lot]:
        """Lots kept between visits."""


class LotFeed:
    """Takes lots as they are."""

    fresh = True

    def __init__(self, place: Place) -> None:
        self.place = place

    def next_lot(self, machine: Machine, now: float) -> Lot | None:
        """Return the next lot."""
        lot = self.place.take(machine, now)
        if lot is None:
            machine.starve(self.place, now)
        return lot

    def held(self) -> Iterator[Lot]:
        """Nothing is kept between visits."""
        return iter(())


class RollFeed:
    """Takes rolls; the units cut from one are fresh units of the product."""

    fresh = True

    def __init__(self, world: World, station: Station, place: Place | Selection) -> None:
        self._world = world
        self._place = place
        self._station = station.id
        self._product = station.product
        self._units_per_m = station.units_per_m or 1.0

    def next_lot(self, machine: Machine, now: float) -> Lot | None:
        """Return the units of the next roll; a roll shorter than one unit is used up."""
        while True:
            lot = self._place.take(machine, now)
            if lot is None:
                machine.starve(self._place, now)
                return None
            self._cut(lot, now)
            if lot.n:
                return lot

    def held(self) -> Iterator[Lot]:
        """Nothing is kept between visits."""
        return iter(())

    def _cut(self, roll: Lot, now: float) -> None:
        world, n = self._world, int(roll.n * self._units_per_m + 1e-9)
        world.ledger.consumed[roll.item] += roll.n
        roll.item = self._product or roll.item
        first = world.numbers.units(n)
        if roll.tag is not None:
            roll.tag.change(n - roll.n, now)
        roll.renumber(first, n)
        world.ledger.created[roll.item] += n
        world.note_units(now, "created", roll, place=self._station, n=n)


class JoinFeed:
    """Joins components from open lots (magazines) into fresh units of the product.

    Components are loaded one input after the other; a machine starves at the first input that
    cannot supply. What is left in an open lot stays in the machine.
    """

    fresh = False

    def __init__(self, world: World, station: Station, places: list[Place]) -> None:
        self._world = world
        self._station = station.id
        self._product = station.product or ""
        self.inputs = [
            Input(place, take.units) for place, take in zip(places, station.take, strict=True)
        ]
        self._loaded = False

    def load(self, k: int, lot: Lot) -> None:
        """Put an open lot into input `k` (initial state)."""
        self.inputs[k].load(lot)

    def open_lots(self) -> dict[str, list[LotState]]:
        """Return the open lots by the place they were taken from."""
        return {
            entry.place.id: [lot_state(lot) for lot in entry.lots]
            for entry in self.inputs
            if entry.lots
        }

    def next_lot(self, machine: Machine, now: float) -> Lot | None:
        """Return one unit, all of whose components have been taken out of the open lots."""
        if not self._supplied(machine, now):
            return None
        self.fresh, self._loaded = self._loaded, False
        product = self._world.create(now, self._product, 1, self._station)
        for entry in self.inputs:
            for parent, n in entry.use():
                self._world.ledger.consumed[parent.item] += n
                self._world.note_units(
                    now,
                    "joined",
                    product,
                    place=self._station,
                    n=n,
                    unit=product.unit,
                    parent=parent.id,
                )
                if parent.tag is not None:
                    self._world.inherit(now, product, parent, n)
        return product

    def _supplied(self, machine: Machine, now: float) -> bool:
        """Load components until there are enough for one unit; else let the machine wait."""
        for entry in self.inputs:
            while entry.available < entry.needed:
                lot = entry.place.take(machine, now)
                if lot is None:
                    machine.starve(entry.place, now)
                    return False
                entry.load(lot)
                self._loaded = True
        return True

    def held(self) -> Iterator[Lot]:
        """The open lots."""
        for entry in self.inputs:
            yield from entry.lots


class Input:
    """One input of an assembly machine: its open lots, of which the first is being used up."""

    def __init__(self, place: Place, needed: int) -> None:
        self.place = place
        self.needed = needed
        self.available = 0
        self.lots: list[Lot] = []

    def load(self, lot: Lot) -> None:
        """Add an open lot."""
        self.lots.append(lot)
        self.available += lot.n

    def products(self) -> int:
        """Return how many products it can supply at once; with products and orders, of one lot."""
        if self.lots[0].tag is None:
            return self.available // self.needed
        return max(self.lots[0].n // self.needed, 1)

    def use(self) -> Iterator[tuple[Lot, int]]:
        """Take out the components of one product: (lot, units taken) for each lot touched."""
        missing = self.needed
        self.available -= missing
        while missing:
            lot = self.lots[0]
            n = min(lot.n, missing)
            missing -= n
            lot.drop(n)
            if not lot.n:
                self.lots.pop(0)
            yield lot, n

    def use_for(self, n: int) -> Iterator[tuple[int, int, Lot, int]]:
        """Take out the components of `n` products: (first, products, lot, units for each)."""
        k = 0
        while k < n:
            lot = self.lots[0]
            products = min(n - k, lot.n // self.needed)
            if products:
                self.available -= products * self.needed
                lot.drop(products * self.needed)
                if not lot.n:
                    self.lots.pop(0)
                yield k, products, lot, self.needed
                k += products
                continue
            for touched, used in self.use():
                yield k, 1, touched, used
            k += 1
