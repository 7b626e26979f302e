"""Lots: units that move as one, and the numbers they carry."""

from __future__ import annotations

import numpy as np

from sim.core.tag import Tag

Units = np.ndarray[tuple[int], np.dtype[np.int64]]


class Lot:
    """Some units of one item that travel together.

    Units that are numbered without a gap are kept as a range, so that a roll of thousands of
    metres costs no more than one piece.

    Attributes
    ----------
    id : int
        Number of the lot, from 1.
    item : str
        What it holds.
    n : int
        Units in it.
    unit : int
        Number of its first unit.
    single : bool
        Whether it came into being as one piece.
    tag : Tag or None
        Product, order and passes, where the plant has such.
    """

    __slots__ = ("_units", "id", "item", "n", "single", "tag", "unit")

    def __init__(
        self, lot: int, item: str, first_unit: int, units: Units | None = None, *, n: int = 1
    ) -> None:
        self.id = lot
        self.item = item
        self._units = units
        self.n = n if units is None else len(units)
        self.unit = first_unit
        self.single = units is None and n == 1
        self.tag: Tag | None = None

    @property
    def units(self) -> Units | None:
        """Numbers of all its units; None for a single piece."""
        return None if self.single else self.numbers

    @property
    def numbers(self) -> Units:
        """Numbers of all its units."""
        if self._units is None:
            return np.arange(self.unit, self.unit + self.n)
        return self._units

    def numbered(self, first: int, last: int) -> Units:
        """Numbers of its units from the first-th up to the last-th, which is left out."""
        if self._units is None:
            return np.arange(self.unit + first, self.unit + last)
        return self._units[first:last]

    def keep(self, units: Units) -> None:
        """Reduce or replace the units of the lot."""
        self._units = units
        self.n = len(units)
        self.single = False
        if self.n:
            self.unit = int(units[0])

    def renumber(self, first_unit: int, n: int) -> None:
        """Replace the units of the lot by the `n` units from `first_unit` on."""
        self._units = None
        self.unit, self.n, self.single = first_unit, n, False

    def drop(self, n: int) -> None:
        """Take the first `n` units out of the lot."""
        if self._units is not None:
            self.keep(self._units[n:])
        else:
            self.renumber(self.unit + n, self.n - n)

    def shorten(self, n: int) -> None:
        """Keep the first `n` units alone."""
        if self._units is not None:
            self.keep(self._units[:n])
        else:
            self.renumber(self.unit, n)


def part_of(lot: Lot, units: Units) -> Lot:
    """Return some units of a lot as if they were a lot, to count them (number 0)."""
    part = Lot(0, lot.item, int(units[0]), units)
    part.tag = lot.tag
    return part


def piece_of(lot: Lot, first_unit: int, n: int, *, number: int = 0) -> Lot:
    """Return `n` units in a row of a lot as if they were a lot."""
    piece = Lot(number, lot.item, first_unit, n=n)
    piece.tag = lot.tag
    return piece


class Numbers:
    """Gives lots, units and jobs their numbers, in the order they come into being."""

    __slots__ = ("_jobs", "_lots", "_next_unit")

    def __init__(self) -> None:
        self._lots = 0
        self._jobs = 0
        self._next_unit = 1

    def lot(self) -> int:
        """Return the number of a new lot."""
        self._lots += 1
        return self._lots

    def job(self) -> int:
        """Return the number of a new job."""
        self._jobs += 1
        return self._jobs

    def units(self, n: int) -> int:
        """Reserve `n` unit numbers and return the first."""
        first = self._next_unit
        self._next_unit = first + n
        return first

    def new_lot(self, item: str, n: int) -> Lot:
        """Return a lot of `n` fresh units."""
        number, first = self._lots + 1, self._next_unit
        self._lots, self._next_unit = number, first + n
        return Lot(number, item, first, n=n)

    def lot_of(self, item: str, units: Units) -> Lot:
        """Return a lot of units that exist already."""
        return Lot(self.lot(), item, int(units[0]), None if len(units) == 1 else units)
