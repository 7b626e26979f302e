"""Inspection: every good unit gets a result; lots are split by it."""

from __future__ import annotations

import numpy as np

from sim.core.lot import Lot
from sim.core.tag import Tag
from sim.core.uniforms import Outcomes
from sim.core.world import World
from sim.record.result import OK, RESULTS, SCRAPPED, result_code
from twin.plant.station import Station


class Inspection:
    """The results of one machine."""

    def __init__(self, world: World, station: Station, machine: str) -> None:
        results = sorted(station.results, key=lambda result: result.name)
        self._world = world
        self._station = station.id
        self._names = [result.name for result in results]
        self._codes = np.array([result_code(name) for name in self._names])
        self._draws = Outcomes(
            [result.share for result in results],
            world.stream(machine, "result"),
            world.stream(machine, "result/many"),
        )

    def one(self) -> int:
        """Return the result of one unit, as a code."""
        return int(self._codes[self._draws.one()])

    def many(self, n: int) -> np.ndarray:
        """Return the results of `n` units, as codes."""
        return np.asarray(self._codes[self._draws.many(n)])

    def sort(self, lot: Lot, codes: np.ndarray, now: float) -> list[Lot]:
        """Return the lots a lot of good units falls into, one for each result.

        The lot goes on with the units that share the result of its first; the others become lots
        of their own.
        """
        units = lot.numbers
        first = codes[0]
        lots = [lot]
        for code in sorted(set(codes.tolist()) - {int(first)}):
            lots.append(self._split(lot, units[codes == code], now))
            self._mark(lots[-1], code)
        if len(lots) > 1:
            lot.keep(units[codes == first])
        self._mark(lot, int(first))
        return lots

    def _mark(self, lot: Lot, code: int) -> None:
        if lot.tag is None:
            lot.tag = Tag()
        lot.tag.result = RESULTS[code]

    def _split(self, lot: Lot, units: np.ndarray, now: float) -> Lot:
        world = self._world
        part = world.numbers.lot_of(lot.item, units)
        if lot.tag is not None:
            world.label(now, part, lot.tag.copy())
        for unit in units.tolist():
            world.note_units(
                now, "packed", part, place=self._station, n=1, unit=unit, parent=lot.id
            )
        return part


def judged(good: np.ndarray, codes: np.ndarray | None) -> np.ndarray:
    """Return the codes of units: scrapped where they are not good."""
    return np.where(good, OK if codes is None else codes, SCRAPPED)
