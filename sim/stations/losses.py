"""Scrap of lots whose units are not followed one by one: how many, not which."""

from __future__ import annotations

from sim.core.lot import Lot
from sim.core.world import World
from twin.plant.station import Station


class Losses:
    """Draws how many units of a lot are good.

    Every unit is good with the station's yield, independently of the others: the number of good
    ones is binomial, the number worked on until enough are good is negative binomial.
    """

    def __init__(self, world: World, station: Station, machine: str) -> None:
        self._world = world
        self._station = station.id
        self._yield = station.yield_
        self._rng = world.stream(machine, "losses")

    def good(self, n: int) -> int:
        """Return how many of `n` units are good."""
        return n if self._yield >= 1 else int(self._rng.binomial(n, self._yield))

    def until(self, need: int, n: int) -> tuple[int, int]:
        """Return units worked on until `need` are good, of at most `n`, and the good ones."""
        if self._yield >= 1:
            return min(need, n), min(need, n)
        worked = need + int(self._rng.negative_binomial(need, self._yield))
        if worked <= n:
            return worked, need
        good = need
        while good >= need:
            good = self.good(n)
        return n, good

    def take(self, lot: Lot, good: int, now: float) -> None:
        """Take the scrap out of a lot: its last units, for which ones it is does not matter."""
        if good < lot.n:
            self._world.scrap_some(now, lot, lot.n - good, self._station)
            lot.shorten(good)
