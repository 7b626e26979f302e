"""Machines that work through the units of a lot, one cycle after the other.

This is one behaviour for discrete, robot, web and assembly stations: they differ in where units
come from (`feed`), how long cycles take (`pace`) and what is put out (`outlet`). A visit is one
event: the times of the units inside it are cumulative sums of drawn cycle times.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from sim.core.decisions import Decisions
from sim.core.lot import Lot
from sim.core.world import World
from sim.places.place import Place
from sim.record.visits import Visit
from sim.stations.feed import Feed, JoinFeed, LotFeed
from sim.stations.machine import Machine
from sim.stations.outlet import Outlet, Packed, Together
from sim.stations.pace import Pace
from twin.plant.state import LotState, MachineState
from twin.plant.station import Station


class UnitMachine(Machine):
    """One machine that works unit by unit."""

    __slots__ = (
        "_cycles_s",
        "_draw",
        "_feed",
        "_first",
        "_good",
        "_input",
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
        put: Place,
    ) -> None:
        super().__init__(world, station, index)
        self._feed = feed
        self._pace = pace
        self._draw = pace.draw
        self._input = feed.place if isinstance(feed, LotFeed) else None
        self._take: Callable[[UnitMachine, float], Lot | None] = (
            feed.next_lot if self._input is None else self._input.take
        )
        self._outlet = outlet
        self._put = put
        self._per_cycle = station.units_per_cycle
        self._quality: Decisions | None = (
            world.chances(station.yield_, self.id, "quality") if station.yield_ < 1 else None
        )
        self._prepares = station.attend is not None or station.setup_s > 0
        self._lot: Lot | None = None
        self._start = 0.0
        self._work_s = 0.0
        self._good: np.ndarray | None = None
        self._ruined = False
        self._passes_on = isinstance(outlet, Together) and station.product is None
        self._note_single = self.cycles.add_single
        self.cycles.visits.per_cycle = self._per_cycle
        self._first = 0
        self._last = 0
        self._cycles_s = np.empty(0)
        self._out: deque[Lot] = deque()

    def held(self) -> Iterator[Lot]:
        """The rest of the lot in work, what is finished, and what feed and outlet keep."""
        if self._lot is not None:
            rest = self._lot.numbers[self._first :]
            if len(rest):
                yield Lot(0, self._lot.item, int(rest[0]), rest)
        yield from self._out
        yield from self._feed.held()
        yield from self._outlet.held()

    def shut(self) -> None:
        """Take nothing new."""
        self._take, self._input = self._nothing, None

    def _nothing(self, _machine: UnitMachine, now: float) -> None:
        """Come to rest instead of taking a lot."""
        self._at_gate(now)

    def open_again(self) -> None:
        """Take again."""
        feed = self._feed
        self._input = feed.place if isinstance(feed, LotFeed) else None
        self._take = feed.next_lot if self._input is None else self._input.take

    def open_lot(self, k: int, lot: Lot) -> None:
        """Put a lot, partly used up, into input `k` of an assembly machine (initial state)."""
        if not isinstance(self._feed, JoinFeed):
            raise TypeError(f"{self.id} does not join components")
        self._feed.load(k, lot)

    # For scripts -------------------------------------------------------------------------------

    @property
    def pace(self) -> Pace:
        """How long its cycles take."""
        return self._pace

    def use_pace(self, pace: Pace) -> None:
        """Take cycle times from another pace, from the next visit on."""
        self._pace, self._draw = pace, pace.draw

    def use_quality(self, quality: Decisions) -> None:
        """Let somebody else decide which units are good."""
        self._quality = quality

    def lot_in_work(self) -> Lot | None:
        """Return the lot it works on."""
        return self._lot

    # Plant states ------------------------------------------------------------------------------

    def content(self, now: float) -> MachineState:
        """Return what is inside: the lot in work, what is finished, open lots, collected units."""
        rest = 0 if self._lot is None else self._lot.n - self._first
        item = self._lot.item if self._lot is not None else ""
        return MachineState(
            lots=[LotState(item=item, n=rest)] if rest else [],
            left_s=self.work_left_s(now) if rest else None,
            done=[LotState(item=lot.item, n=lot.n) for lot in self._out],
            open=self._feed.open_lots() if isinstance(self._feed, JoinFeed) else {},
            collected=[LotState(item=lot.item, n=lot.n) for lot in self._outlet.held()],
            down_s=self.repair_left_s(now),
        )

    def load(self, lot: Lot, left_s: float | None) -> None:
        """Begin the run with a lot in work (initial state)."""
        self._lot = lot
        self._left_s = -1.0 if left_s is None else left_s

    def finish(self, lots: list[Lot]) -> None:
        """Begin the run with finished lots that wait for room (initial state)."""
        self._out.extend(lots)
        self._then = self._hand_over

    def collect(self, lot: Lot) -> None:
        """Begin the run with units collected for the next outgoing lot (initial state)."""
        if not isinstance(self._outlet, Packed):
            raise TypeError(f"{self.id} does not collect units")
        self._outlet.collect(lot)

    def start(self, now: float) -> None:
        """Go on with the lot loaded as the initial state, or look for work."""
        if self._lot is None:
            self._then(now)
            return
        if self._out:
            self._lot.keep(self._lot.numbers)
            self._good = self._draw_quality(self._lot.n)
            self._hand_over(now)
            return
        left_s = self._left_s
        self._begin(now)
        if left_s >= 0:
            self.work_on(now, left_s)
            self._start = now - (self._total_s - self._left_s)

    @property
    def outlet(self) -> Outlet:
        """Where finished units go."""
        return self._outlet

    # The visit ---------------------------------------------------------------------------------

    def _next(self, now: float) -> None:
        lot = self._take(self, now)
        if lot is None:
            if self._input is not None:
                self.starve(self._input, now)
            return
        self._lot = lot
        self._first = 0
        if self._prepares and self._feed.fresh:
            self._prepare(now, self._begin)
        elif not lot.single:
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

    def _begin(self, now: float) -> None:
        lot = self._lot
        if lot is None:
            raise RuntimeError(f"{self.id} begins without a lot")
        if lot.single:
            self._start = now
            self._ruined = False
            self._work_s = self._pace.one(now)
            self._work(now, self._work_s)
        else:
            self._good = self._draw_quality(lot.n)
            self._begin_part(now)

    def _draw_quality(self, n: int) -> np.ndarray | None:
        """Return which units of a lot will be good; None if all are."""
        good = None if self._quality is None else self._quality.many(n)
        return None if good is None or good.all() else good

    def _begin_part(self, now: float) -> None:
        """Work up to the unit that completes an outgoing lot, or to the end of the lot."""
        self._start = now
        self._ruined = False
        self._last = self._part_end()
        n_cycles = -(-(self._last - self._first) // self._per_cycle)
        self._cycles_s = self._pace.many(n_cycles, now)
        self._work(now, float(self._cycles_s.sum()))

    def _part_end(self) -> int:
        need, n = self._outlet.need, self._lot.n if self._lot else 0
        if need is None or need > n - self._first:
            return n
        units = need
        if self._good is not None:
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
        if not lot.single:
            self._finish_part(lot, now)
            return
        good = not self._ruined and (self._quality is None or self._quality.one())
        self._note_single((lot.unit, lot.id, self._start, self._work_s, now, not good))
        self._lot = None
        if self._pace.noted:
            cut_s = np.array([self._work_s]) if self._ruined else None
            self._pace.done(self._start, lot.numbers, cut_s, self._gaps)
        if not good:
            self._world.scrap(now, lot, lot.unit, self.station.id)
            self._next(now)
        elif not self._passes_on:
            self._out.extend(self._outlet.add(lot, None, now))
            self._hand_over(now)
        elif self._put.put(lot, self, now):
            self._next(now)
        else:
            self._out.append(lot)
            self._block(self._put, now)

    def _finish_part(self, lot: Lot, now: float) -> None:
        units = lot.numbers[self._first : self._last]
        visit = Visit(self._start, 0.0, self._cycles_s, tuple(self._gaps))
        if self._pace.noted:
            cut_s = self._cycles_s if self._ruined else None
            self._pace.done(self._start, units[:: self._per_cycle], cut_s, self._gaps)
        if self._good is None:
            self.cycles.visits.add(visit, lot.id, units)
        else:
            good = self._good[self._first : self._last]
            self.cycles.visits.add(visit, lot.id, units, ~good)
            for unit in units[~good].tolist():
                self._world.scrap(now, lot, unit, self.station.id)
            units = units[good]
        if self._outlet.need is None:
            self._lot = None
        self._first = self._last
        n = lot.n
        self._out.extend(self._outlet.add(lot, units, now))
        if self._lot is not None and self._first == n:
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

    def _cycle_ends(self) -> Sequence[float]:
        single = self._lot is None or self._lot.single
        return (self._total_s,) if single else np.cumsum(self._cycles_s).tolist()

    def _lot_ends(self) -> bool:
        return self._lot is None or self._lot.single or self._last == self._lot.n

    def _unit_span(self, position_s: float) -> tuple[float, float]:
        if self._lot is None or self._lot.single:
            return 0.0, self._total_s
        ends = np.cumsum(self._cycles_s)
        k = self._cycle_at(position_s)
        return float(ends[k] - self._cycles_s[k]), float(ends[k])

    def _ruin_unit(self, position_s: float) -> None:
        begin_s, _ = self._unit_span(position_s)
        self._ruined = True
        if self._lot is None or self._lot.single:
            self._work_s = position_s
            return
        k = self._cycle_at(position_s)
        self._cycles_s[k] = position_s - begin_s
        first = self._first + k * self._per_cycle
        if self._good is None:
            self._good = np.ones(self._lot.n, dtype=bool)
        self._good[first : min(first + self._per_cycle, self._last)] = False

    def _cycle_at(self, position_s: float) -> int:
        ends = np.cumsum(self._cycles_s)
        return min(int(np.searchsorted(ends, position_s, side="right")), len(ends) - 1)
