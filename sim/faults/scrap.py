"""Faults that let a machine scrap more than usual."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.core.decisions import Decisions
from sim.core.world import World
from sim.faults.cycle_time import LotsInWork
from sim.faults.marks import Mark
from sim.faults.window import holds
from sim.stations.losses import Losses
from twin.plant.station import Station
from twin.plant.station_faults import ScrapBurst


class ExtraScrap:
    """The share of otherwise good units of one machine that stays good."""

    def __init__(
        self,
        world: World,
        machine: str,
        faults: Sequence[tuple[ScrapBurst, Mark | None]],
        lots: LotsInWork,
    ) -> None:
        self._faults = [*faults]
        self._lots = lots
        self._world = world
        self.chances = world.chances(1.0, machine, "scrap_burst")

    def left(self) -> float:
        """Return the share of good units that stays good now, of the lots in work."""
        share = 1.0
        for fault, mark in self._faults:
            if self._concerns(fault, mark):
                share *= 1.0 - fault.extra_scrap
        return share

    def _concerns(self, fault: ScrapBurst, mark: Mark | None) -> bool:
        if mark is not None:
            if not mark.has(self._lots()):
                return False
        elif not holds(fault, self._world.env.now):
            return False
        return fault.product is None or any(
            lot.tag is not None and lot.tag.product == fault.product for lot in self._lots()
        )


class FaultyQuality:
    """Which units are good, less those a fault ruins."""

    def __init__(self, scrap: ExtraScrap, usual: Decisions | None) -> None:
        self._scrap = scrap
        self._usual = usual

    def one(self) -> bool:
        """Return one decision."""
        good = self._usual is None or self._usual.one()
        chances = self._scrap.chances
        chances.share = self._scrap.left()
        return chances.one() and good

    def many(self, n: int) -> np.ndarray:
        """Return `n` decisions."""
        chances = self._scrap.chances
        chances.share = self._scrap.left()
        good = chances.many(n)
        return good if self._usual is None else good & self._usual.many(n)


class FaultyLosses(Losses):
    """How many units of a lot are good, where a fault ruins more."""

    def __init__(self, scrap: ExtraScrap, world: World, station: Station, machine: str) -> None:
        super().__init__(world, station, machine)
        self._usual = self._yield
        self._scrap = scrap

    def good(self, n: int) -> int:
        """Return how many of `n` units are good."""
        self._yield = self._usual * self._scrap.left()
        return super().good(n)

    def until(self, need: int, n: int) -> tuple[int, int]:
        """Return units worked on until `need` are good, of at most `n`, and the good ones."""
        self._yield = self._usual * self._scrap.left()
        if self._yield <= 0:
            return n, 0
        return super().until(need, n)
