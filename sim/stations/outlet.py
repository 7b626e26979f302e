"""What a machine puts out: the lot it took, or new lots of a given size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from sim.core.lot import Lot, part_of
from sim.core.tag import NO_KIND, Kind, kind_of
from sim.core.world import World
from twin.plant.station import Station


class Outlet(Protocol):
    """Collects good units and gives them out as lots."""

    @property
    def need(self) -> int | None:
        """Good units missing in the open lot; None if lots stay together."""

    def turn_to(self, lot: Lot) -> None:
        """Open the outgoing lot that the units of this one belong to."""

    def add(self, lot: Lot, good: np.ndarray | None, now: float) -> list[Lot]:
        """Take the good units of a lot (None: its only unit); return the lots now complete."""

    def held(self) -> Iterator[Lot]:
        """The open lot."""


class Together:
    """Lots stay together; scrap is missing, and a lot without good units is gone."""

    need = None

    def __init__(self, world: World, station: Station) -> None:
        self._ledger = world.ledger
        self._product = station.product

    def turn_to(self, lot: Lot) -> None:
        """Every lot is its own."""

    def add(self, lot: Lot, good: np.ndarray | None, now: float) -> list[Lot]:  # noqa: ARG002
        """Return the lot with its good units."""
        if good is not None and len(good) < lot.n:
            lot.keep(good)
        if self._product and lot.item != self._product:
            self._ledger.consumed[lot.item] += lot.n
            self._ledger.created[self._product] += lot.n
            lot.item = self._product
        return [lot] if lot.n else []

    def held(self) -> Iterator[Lot]:
        """Nothing is kept."""
        return iter(())


class Packed:
    """Good units are collected into lots of `size`, whichever lot of one order they came from."""

    def __init__(self, world: World, station: Station, size: int) -> None:
        self._world = world
        self._station = station.id
        self._product = station.product
        self._size = size
        self._open: list[tuple[Lot, np.ndarray]] = []
        self._kind = NO_KIND
        self._others: dict[Kind, list[tuple[Lot, np.ndarray]]] = {}
        self.need: int = size

    def turn_to(self, lot: Lot) -> None:
        """Go on with the open lot of the product and order of `lot`; every one has its own."""
        kind = kind_of(lot.tag)
        if kind == self._kind:
            return
        self._others[self._kind] = self._open
        self._kind, self._open = kind, self._others.pop(kind, [])
        self.need = self._size - sum(len(units) for _, units in self._open)

    def add(self, lot: Lot, good: np.ndarray | None, now: float) -> list[Lot]:
        """Collect units; return every lot that became full."""
        if lot.tag is not None:
            self.turn_to(lot)
        units = lot.numbers if good is None else good
        complete = []
        while len(units):
            taken, units = units[: self.need], units[self.need :]
            self._open.append((lot, taken))
            self.need -= len(taken)
            if not self.need:
                complete.append(self._close(now))
        return complete

    def refit(self) -> bool:
        """Adapt to another size (a changed plant); return whether it still fits."""
        opened = (self._open, *self._others.values())
        needs = [self._size - sum(len(part) for _, part in parts) for parts in opened]
        self.need = needs[0]
        return min(needs) > 0

    def collect(self, lot: Lot) -> None:
        """Begin the run with units collected already (initial state)."""
        self.turn_to(lot)
        self._open.append((lot, lot.numbers))
        self.need -= lot.n

    def held(self) -> Iterator[Lot]:
        """The units collected so far, as if they were lots of their own items."""
        for opened in (self._open, *self._others.values()):
            for parent, units in opened:
                yield part_of(parent, units)

    def _close(self, now: float) -> Lot:
        world = self._world
        units = np.concatenate([part for _, part in self._open])
        item = self._product or self._open[0][0].item
        packed = world.numbers.lot_of(item, units)
        label_packed(world, packed, [(lot, len(part)) for lot, part in self._open], now)
        for parent, part in self._open:
            world.ledger.consumed[parent.item] += len(part)
            world.ledger.created[item] += len(part)
            if len(part) > MAX_NAMED_UNITS:
                world.note_units(
                    now, "packed", packed, place=self._station, n=len(part), parent=parent.id
                )
                continue
            world.note_each(now, "packed", packed, place=self._station, units=part, parent=parent)
        self._open = []
        self.need = self._size
        return packed


def label_packed(world: World, packed: Lot, parts: list[tuple[Lot, int]], now: float) -> None:
    """Let a packed lot have product and order of its units, which leave their cards behind.

    `parts` says which lots the units came from, and how many of each.
    """
    tag = parts[0][0].tag
    if tag is None:
        return
    made = tag.copy(cards=False)
    world.label(now, packed, made)
    made.change(packed.n, now)
    for parent, n in parts:
        if parent.tag is not None:
            parent.tag.change(-n, now)


MAX_NAMED_UNITS = 100
"""Packed units are noted one by one up to this many from one lot (sheets in magazines are not)."""
