"""What a machine that works through whole lots puts out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from sim.core.lot import Lot
from sim.core.tag import NO_KIND, Kind, kind_of
from sim.core.world import World
from sim.stations.outlet import label_packed
from twin.plant.plant import Plant
from twin.plant.station import Station


class LotOutlet(Protocol):
    """Collects the good units of parts of lots and gives them out as lots."""

    @property
    def need(self) -> int | None:
        """Good units missing in the open lot; None where a lot is worked through in one go."""

    def turn_to(self, lot: Lot) -> None:
        """Open the outgoing lot that the units of this one belong to."""

    def add(self, part: Lot, now: float) -> list[Lot]:
        """Take the good units of a part of a lot; return the lots that are complete."""

    def held(self) -> Iterator[Lot]:
        """The open lot."""


class Strips:
    """A lot stays one lot, or is cut lengthways into several that leave together."""

    need = None

    def __init__(self, world: World, station: Station, lanes: int) -> None:
        self._world = world
        self._station = station.id
        self._lanes = lanes
        self._product = station.product

    def turn_to(self, lot: Lot) -> None:
        """Every lot is its own."""

    def add(self, part: Lot, now: float) -> list[Lot]:
        """Return the lot, or the strips it is cut into."""
        if self._product and part.item != self._product:
            self._world.ledger.consumed[part.item] += part.n
            self._world.ledger.created[self._product] += part.n
            part.item = self._product
        if self._lanes == 1:
            return [part] if part.n else []
        world, first = self._world, part.unit
        share, longer = divmod(part.n, self._lanes)
        strips = []
        for lane in range(self._lanes):
            n = share + (lane < longer)
            strips.append(Lot(world.numbers.lot(), part.item, first, n=n))
            if part.tag is not None and n:
                world.label(now, strips[-1], part.tag.copy())
            world.note_units(now, "packed", strips[-1], place=self._station, n=n, parent=part.id)
            first += n
        return [strip for strip in strips if strip.n]

    def held(self) -> Iterator[Lot]:
        """Nothing is kept."""
        return iter(())


class Collected:
    """Good units are collected into lots of `size`, whichever lot of one order they came from."""

    def __init__(self, world: World, station: Station, size: int) -> None:
        self._world = world
        self._station = station.id
        self._product = station.product
        self._size = size
        self._open: list[Lot] = []
        self._kind = NO_KIND
        self._others: dict[Kind, list[Lot]] = {}
        self.need: int = size

    def turn_to(self, lot: Lot) -> None:
        """Go on with the open lot of the product and order of `lot`; every one has its own."""
        kind = kind_of(lot.tag)
        if kind == self._kind:
            return
        self._others[self._kind] = self._open
        self._kind, self._open = kind, self._others.pop(kind, [])
        self.need = self._size - sum(part.n for part in self._open)

    def add(self, part: Lot, now: float) -> list[Lot]:
        """Collect a part, which is not more than what is needed; return the lot if it is full."""
        if part.n:
            self._open.append(part)
            self.need -= part.n
        return [] if self.need else [self._close(now)]

    def refit(self) -> bool:
        """Adapt to another size (a changed plant); return whether it still fits."""
        opened = (self._open, *self._others.values())
        needs = [self._size - sum(part.n for part in parts) for parts in opened]
        self.need = needs[0]
        return min(needs) > 0

    def collect(self, lot: Lot) -> None:
        """Begin the run with units collected already (initial state)."""
        self.turn_to(lot)
        self._open.append(lot)
        self.need -= lot.n

    def held(self) -> Iterator[Lot]:
        """The parts collected so far."""
        for opened in (self._open, *self._others.values()):
            yield from opened

    def _close(self, now: float) -> Lot:
        world = self._world
        item = self._product or self._open[0].item
        full = world.numbers.new_lot(item, self._size)
        label_packed(world, full, [(part, part.n) for part in self._open], now)
        for part in self._open:
            world.ledger.consumed[part.item] += part.n
            world.ledger.created[item] += part.n
            world.note_units(now, "packed", full, place=self._station, n=part.n, parent=part.id)
        self._open = []
        self.need = self._size
        return full


def lot_size_out(plant: Plant, station: Station) -> int | None:
    """Return the units of a lot that leaves a station; None where lots stay together."""
    if station.units_per_lot_out is None and station.kind == "web" and station.product:
        return plant.item_by_id[station.product].units_per_lot
    return station.units_per_lot_out


def lot_outlet(world: World, station: Station) -> LotOutlet:
    """Return the outlet of a station that works through whole lots."""
    size = lot_size_out(world.plant, station)
    if station.lanes is not None or size is None:
        return Strips(world, station, station.lanes or 1)
    return Collected(world, station, size)
