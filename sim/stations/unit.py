"""Machines that work through the units of a lot, one cycle after the other.

This is one behaviour for discrete, robot, web and assembly stations: they differ in where units
come from (`feed`), how long cycles take (`pace`) and what is put out (`outlet`). A visit is one
event: the times of the units inside it are cumulative sums of drawn cycle times.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

import numpy as np

from sim.core.lot import Lot, part_of
from sim.core.world import World
from sim.places.place import Outgoing
from sim.record.result import OK, SCRAPPED
from sim.stations.feed import Feed, JoinFeed, LotFeed
from sim.stations.inspection import Inspection, judged
from sim.stations.machine import ATTENDED, Machine
from sim.stations.outlet import Outlet, Together
from sim.stations.pace import Pace, wall_clock
from sim.stations.recipes import Recipes
from twin.plant.station import Station

NO_UNITS = np.empty(0, dtype=bool)


class UnitMachine(Machine):
    """One machine that works unit by unit."""

    __slots__ = (
        "_codes",
        "_cycles_s",
        "_draw",
        "_feed",
        "_first",
        "_good",
        "_input",
        "_inspection",
        "_last",
        "_lot",
        "_note_single",
        "_out",
        "_outlet",
        "_pace",
        "_passes_on",
        "_per_cycle",
        "_prepares",
        "_put",
        "_quality",
        "_recipes",
        "_ruined",
        "_start",
        "_take",
        "_work_s",
    )

    def __init__(
        self,
        world: World,
        station: Station,
        index: int,
        *,
        feed: Feed,
        pace: Pace,
        outlet: Outlet,
        put: Outgoing,
        recipes: Recipes | None = None,
    ) -> None:
        super().__init__(world, station, index)
        self._feed = feed
        self._recipes = recipes
        self._inspection = Inspection(world, station, self.id) if station.results else None
        self._codes: np.ndarray | None = None
        self._pace = pace
        self._draw = pace.draw
        self._input = feed.place if isinstance(feed, LotFeed) else None
        self._take: Callable[[UnitMachine, float], Lot | None] = (
            feed.next_lot if self._input is None else self._input.take
        )
        self._outlet = outlet
        self._put = put
        self._per_cycle = station.units_per_cycle
        self._quality = (
            world.chances(station.yield_, self.id, "quality") if station.yield_ < 1 else None
        )
        self._prepares = station.attend is not None or station.setup_s > 0 or recipes is not None
        self._lot: Lot | None = None
        self._start = 0.0
        self._work_s = 0.0
        self._good = NO_UNITS
        self._ruined = False
        self._passes_on = (
            isinstance(outlet, Together) and station.product is None and not station.results
        )
        self._note_single = self.cycles.add_single
        self._first = 0
        self._last = 0
        self._cycles_s = np.empty(0)
        self._out: deque[Lot] = deque()

    def held(self) -> Iterator[Lot]:
        """The rest of the lot in work, what is finished, and what feed and outlet keep."""
        if self._lot is not None:
            rest = self._lot.numbers[self._first :]
            if len(rest):
                yield part_of(self._lot, rest)
        yield from self._out
        yield from self._feed.held()
        yield from self._outlet.held()

    def open_lot(self, k: int, lot: Lot) -> None:
        """Put a lot, partly used up, into input `k` of an assembly machine (initial state)."""
        if not isinstance(self._feed, JoinFeed):
            raise TypeError(f"{self.id} does not join components")
        self._feed.load(k, lot)

    # The visit ---------------------------------------------------------------------------------

    def _next(self, now: float) -> None:
        lot = self._take(self, now)
        if lot is None:
            if self._input is not None:
                self.starve(self._input, now)
            return
        self._lot = lot
        self._first = 0
        if self._prepares:
            self._make_ready(lot, now)
        elif lot.units is not None:
            self._begin(now)
        else:
            self._start = now
            self._ruined = False
            self._work_s = self._left_s = self._total_s = (
                self._draw() if self._draw is not None else self._pace.one(now)
            )
            if self._gaps:
                self._gaps = []
            self._run(now)

    supplied = _next

    def _make_ready(self, lot: Lot, now: float) -> None:
        """Choose the recipe; let a worker attend and the machine be set up if need be."""
        if self._recipes is not None:
            treatment = self._recipes.of(lot)
            self._pace, self._draw = treatment.pace, treatment.pace.draw
            self._quality = treatment.quality
            self._turn_s = self._recipes.turn_to(treatment.family)
        if self._feed.fresh:
            self._prepare(now, self._begin)
        elif self._turn_s:
            self._phase = ATTENDED
            self._set_up(now, self._begin)
        else:
            self._begin(now)

    def _begin(self, now: float) -> None:
        lot = self._lot
        if lot is None:
            raise RuntimeError(f"{self.id} begins without a lot")
        if lot.units is None:
            self._start = now
            self._ruined = False
            self._work_s = self._pace.one(now)
            self._work(now, self._work_s)
        else:
            self._good = self._quality.many(lot.n) if self._quality else np.ones(lot.n, dtype=bool)
            if self._inspection is not None:
                self._codes = self._inspection.many(lot.n)
                self._good &= self._codes != SCRAPPED
            if lot.tag is not None:
                self._outlet.turn_to(lot)
            self._begin_part(now)

    def _begin_part(self, now: float) -> None:
        """Work up to the unit that completes an outgoing lot, or to the end of the lot."""
        self._start = now
        self._last = self._part_end()
        n_cycles = -(-(self._last - self._first) // self._per_cycle)
        self._cycles_s = self._pace.many(n_cycles, now)
        self._work(now, float(self._cycles_s.sum()))

    def _part_end(self) -> int:
        need, n = self._outlet.need, len(self._good)
        if need is None:
            return n
        found = np.cumsum(self._good[self._first :])
        if found[-1] < need:
            return n
        units = int(np.searchsorted(found, need)) + 1
        cycles = -(-units // self._per_cycle)
        return min(n, self._first + cycles * self._per_cycle)

    def _finished(self, now: float) -> None:
        lot = self._lot
        if lot is None:
            raise RuntimeError(f"{self.id} finishes without a lot")
        if lot.units is not None:
            self._finish_part(lot, now)
            return
        if not self._passes_on:
            self._finish_changed(lot, now)
            return
        good = not self._ruined and (self._quality is None or self._quality.one())
        self._note_single((lot.unit, lot.id, self._start, self._work_s, now, not good))
        self._lot = None
        if self._pace.noted:
            self._pace.done(self._start, lot.numbers, 1, self._gaps)
        if not good:
            self._world.scrap(now, lot, lot.unit, self.station.id)
            self._next(now)
        elif self._put.put(lot, self, now):
            self._next(now)
        else:
            self._out.append(lot)
            self._block(self._put, now)

    def _finish_changed(self, lot: Lot, now: float) -> None:
        """Finish a single unit that does not just go on as it came."""
        good = not self._ruined and (self._quality is None or self._quality.one())
        code = SCRAPPED if not good else self._inspection.one() if self._inspection else OK
        self._note_single((lot.unit, lot.id, self._start, self._work_s, now, code))
        self._lot = None
        if self._pace.noted:
            self._pace.done(self._start, lot.numbers, 1, self._gaps)
        if code == SCRAPPED:
            self._world.scrap(now, lot, lot.unit, self.station.id)
            self._next(now)
            return
        made = self._outlet.add(lot, None, now)
        if self._inspection is not None and made:
            made = self._inspection.sort(made[0], np.array([code]), now)
        self._out.extend(made)
        self._hand_over(now)

    def _finish_part(self, lot: Lot, now: float) -> None:
        units = lot.numbers[self._first : self._last]
        good = self._good[self._first : self._last]
        ends = np.cumsum(self._cycles_s)
        begun = wall_clock(ends - self._cycles_s, self._start, self._gaps)
        ended = wall_clock(ends, self._start, self._gaps)
        times = np.column_stack([begun, self._cycles_s, ended])
        per_unit = np.repeat(times, self._per_cycle, axis=0)[: len(units)]
        if self._inspection is None:
            self.cycles.add_block(lot.id, units, per_unit, ~good)
        else:
            self.cycles.add_block(lot.id, units, per_unit, judged(good, self._codes))
        if self._pace.noted:
            self._pace.done(self._start, units, self._per_cycle, self._gaps)
        for unit in units[~good].tolist():
            self._world.scrap(now, lot, unit, self.station.id)
        if self._outlet.need is None:
            self._lot = None
        self._first = self._last
        made = self._outlet.add(lot, units[good], now)
        if self._inspection is not None and self._codes is not None and made:
            made = self._inspection.sort(made[0], self._codes[good], now)
        self._out.extend(made)
        if self._lot is not None and self._first == len(self._good):
            self._lot = None
        self._hand_over(now)

    def _hand_over(self, now: float) -> None:
        while self._out:
            lot = self._out[0]
            if not self._put.put(lot, self, now):
                self._block(self._put, now)
                return
            self._out.popleft()
        if self._lot is None:
            self._next(now)
        else:
            self._begin_part(now)

    room_made = _hand_over

    # Failures ----------------------------------------------------------------------------------

    def _unit_span(self, position_s: float) -> tuple[float, float]:
        if self._lot is None or self._lot.units is None:
            return 0.0, self._total_s
        ends = np.cumsum(self._cycles_s)
        k = self._cycle_at(position_s)
        return float(ends[k] - self._cycles_s[k]), float(ends[k])

    def _ruin_unit(self, position_s: float) -> None:
        begin_s, _ = self._unit_span(position_s)
        if self._lot is None or self._lot.units is None:
            self._ruined = True
            self._work_s = position_s
            return
        k = self._cycle_at(position_s)
        self._cycles_s[k] = position_s - begin_s
        first = self._first + k * self._per_cycle
        self._good[first : min(first + self._per_cycle, self._last)] = False

    def _cycle_at(self, position_s: float) -> int:
        ends = np.cumsum(self._cycles_s)
        return min(int(np.searchsorted(ends, position_s, side="right")), len(ends) - 1)
