"""Lots: units that move as one, and the numbers they carry."""

from __future__ import annotations

from itertools import count

import numpy as np

from sim.core.tag import Tag

Units = np.ndarray[tuple[int], np.dtype[np.int64]]


class Lot:
    """Some units of one item that travel together.

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
    units : array of int64, or None
        Numbers of all its units; None for a lot of one.
    tag : Tag or None
        Product, order and passes, where the plant has such.
    """

    __slots__ = ("id", "item", "n", "tag", "unit", "units")

    def __init__(self, lot: int, item: str, first_unit: int, units: Units | None = None) -> None:
        self.id = lot
        self.item = item
        self.units = units
        self.n = 1 if units is None else len(units)
        self.unit = first_unit
        self.tag: Tag | None = None

    @property
    def numbers(self) -> Units:
        """Numbers of all its units."""
        return np.array([self.unit]) if self.units is None else self.units

    def keep(self, units: Units) -> None:
        """Reduce or replace the units of the lot."""
        self.units = units
        self.n = len(units)
        if self.n:
            self.unit = int(units[0])


def part_of(lot: Lot, units: Units) -> Lot:
    """Return some units of a lot as if they were a lot, to count them (number 0)."""
    part = Lot(0, lot.item, int(units[0]), units)
    part.tag = lot.tag
    return part


class Numbers:
    """Gives lots, units and jobs their numbers, in the order they come into being."""

    __slots__ = ("_next_unit", "job", "lot")

    def __init__(self) -> None:
        self.lot = count(1).__next__
        self.job = count(1).__next__
        self._next_unit = 1

    def units(self, n: int) -> int:
        """Reserve `n` unit numbers and return the first."""
        first = self._next_unit
        self._next_unit = first + n
        return first

    def new_lot(self, item: str, n: int) -> Lot:
        """Return a lot of `n` fresh units."""
        first = self.units(n)
        units = None if n == 1 else np.arange(first, first + n)
        return Lot(self.lot(), item, first, units)

    def lot_of(self, item: str, units: Units) -> Lot:
        """Return a lot of units that exist already."""
        return Lot(self.lot(), item, int(units[0]), None if len(units) == 1 else units)
