"""Taking apart: each unit of a lot becomes units of other items."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

import numpy as np

from sim.core.lot import Lot
from sim.core.world import World
from twin.plant.routing import Part
from twin.plant.station import Station


class Apart:
    """Turns good units into their parts and gives these out as full lots of their items."""

    need = None

    def __init__(self, world: World, station: Station) -> None:
        self._world = world
        parts = sorted(station.parts, key=attrgetter("item"))
        self._trays = [_Tray(world, station.id, part) for part in parts]

    def turn_to(self, lot: Lot) -> None:
        """Parts are collected whichever lot they come from."""

    def add(self, lot: Lot, good: np.ndarray | None, now: float) -> list[Lot]:
        """Take apart the good units of a lot; return every lot of parts that became full."""
        n = 1 if good is None else len(good)
        if not n:
            return []
        self._world.ledger.consumed[lot.item] += n
        complete: list[Lot] = []
        for k, tray in enumerate(self._trays):
            complete += tray.add(lot, n, now, used=n if k == 0 else 0)
        if lot.tag is not None:
            lot.tag.change(-n, now)
        return complete

    def collect(self, lot: Lot) -> None:
        """Begin the run with parts collected already (initial state)."""
        for tray in self._trays:
            if tray.item == lot.item:
                tray.open = lot

    def held(self) -> Iterator[Lot]:
        """The parts collected so far."""
        return (tray.open for tray in self._trays if tray.open is not None)


class _Tray:
    """Collects the units of one part into full lots.

    Attributes
    ----------
    open : Lot or None
        The lot that is not full yet.
    item : str
        What it collects.
    """

    def __init__(self, world: World, station: str, part: Part) -> None:
        self._world = world
        self._station = station
        self.item = part.item
        self._part = part
        self._full = world.plant.item_by_id[part.item].units_per_lot
        self.open: Lot | None = None

    def add(self, parent: Lot, n: int, now: float, *, used: int) -> list[Lot]:
        """Add the parts of `n` units of a lot; return the lots that became full."""
        missing, complete = n * self._part.units, []
        while missing:
            lot, fresh = self._grown(parent, missing, now)
            missing -= fresh
            self._world.note_units(
                now, "joined", lot, place=self._station, n=used, unit=-1, parent=parent.id
            )
            used = 0
            if lot.n == self._full:
                complete.append(lot)
                self.open = None
        return complete

    def _grown(self, parent: Lot, missing: int, now: float) -> tuple[Lot, int]:
        """Add units to the open lot, as many as fit; return it and their number."""
        world, item = self._world, self._part.item
        n = min(missing, self._full - (self.open.n if self.open else 0))
        first = world.numbers.units(n)
        units = np.arange(first, first + n)
        lot = self.open
        if lot is None:
            lot = self.open = world.numbers.lot_of(item, units)
            if parent.tag is not None:
                world.label(now, lot, parent.tag.copy())
        else:
            lot.keep(np.concatenate([lot.numbers, units]))
        if lot.tag is not None:
            lot.tag.change(n, now)
        world.ledger.created[item] += n
        world.note_units(now, "created", lot, place=self._station, n=n, unit=first)
        return lot, n
