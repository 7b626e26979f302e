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
from sim.core.lot import Lot, part_of
from sim.core.world import World
from sim.places.place import Outgoing
from sim.record.result import OK, SCRAPPED
from sim.record.visits import Visit
from sim.stations.counting import LEAST_S
from sim.stations.feed import Feed, JoinFeed, LotFeed
from sim.stations.inspection import Inspection, judged
from sim.stations.machine import Machine
from sim.stations.outlet import Outlet, Packed, Together
from sim.stations.pace import Pace
from sim.stations.parts import Apart
from sim.stations.phase import ATTENDED
from sim.stations.picking import take_nothing
from sim.stations.progress import lot_state
from sim.stations.recipes import Recipes
from twin.plant.state import MachineState
from twin.plant.station import Station

FLEETING = frozenset({"_pace", "_draw", "_quality"})


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
        "_note_plain",
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
        self._quality: Decisions | None = (
            world.chances(station.yield_, self.id, "quality") if station.yield_ < 1 else None
        )
        self._prepares = station.attend is not None or station.setup_s > 0 or recipes is not None
        self._lot: Lot | None = None
        self._start = 0.0
        self._work_s = 0.0
        self._good: np.ndarray | None = None
        self._ruined = False
        self._passes_on = (
            isinstance(outlet, Together) and station.product is None and not station.results
        )
        self._note_single = self.cycles.add_single
        self._note_plain = self.cycles.add_plain
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
                yield part_of(self._lot, rest)
        yield from self._out
        yield from self._feed.held()
        yield from self._outlet.held()

    def shut(self) -> None:
        """Take nothing new."""
        self._take, self._input = self._nothing, None

    def _nothing(self, _machine: UnitMachine, now: float) -> None:
        """Come to rest instead of taking a lot."""
        take_nothing(self._feed, self, now)
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

    def change_pace(self, change: Callable[[Pace], Pace]) -> None:
        """Take cycle times from what is made of the present pace, from the next visit on."""
        self._pace = change(self._pace)
        self._draw = self._pace.draw
        if self._recipes is not None:
            self._recipes.change_pace(change)

    def change_quality(self, change: Callable[[Decisions | None], Decisions]) -> None:
        """Let what is made of the present decisions say which units are good."""
        self._quality = change(self._quality)
        if self._recipes is not None:
            self._recipes.change_quality(change)

    def lots_in_work(self) -> Iterator[Lot]:
        """Return the lot it works on, if there is one."""
        if self._lot is not None:
            yield self._lot

    def lot_in_work(self) -> Lot | None:
        """Return the lot it works on."""
        return self._lot

    def content(self, now: float) -> MachineState:
        """Return what is inside: the lot in work, what is finished, open lots, collected units."""
        lot = self._lot
        rest = 0 if lot is None else lot.n - self._first
        return MachineState(
            lots=[lot_state(lot, rest)] if lot is not None and rest else [],
            left_s=self.work_left_s(now) if rest else None,
            done=[lot_state(lot) for lot in self._out],
            open=self._feed.open_lots() if isinstance(self._feed, JoinFeed) else {},
            collected=[lot_state(lot) for lot in self._outlet.held()],
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
        if not isinstance(self._outlet, Packed | Apart):
            raise TypeError(f"{self.id} does not collect units")
        self._outlet.collect(lot)

    def start(self, now: float) -> None:
        """Go on with the lot loaded as the initial state, or look for work."""
        if self._lot is None:
            self._then(now)
            return
        self._choose_recipe(self._lot)
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
    def offered(self) -> Lot | None:
        """The finished lot that waits for room."""
        return self._out[0] if self._out else None

    @property
    def outlet(self) -> Outlet:
        """Where finished units go."""
        return self._outlet

    @property
    def fleeting(self) -> frozenset[str]:
        """Attributes that refer to what the product in work demands; for snapshots."""
        return FLEETING if self._recipes is not None else frozenset()

    # The visit ---------------------------------------------------------------------------------

    def _next(self, now: float) -> None:
        lot = self._take(self, now)
        if lot is None:
            if self._input is not None:
                self.starve(self._input, now)
            return
        self._receive(lot, now)

    supplied = _next

    def _receive(self, lot: Lot, now: float) -> None:
        """Begin with a lot that was taken."""
        self._lot = lot
        self._first = 0
        if self._prepares:
            self._make_ready(lot, now)
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

    def _make_ready(self, lot: Lot, now: float) -> None:
        """Choose the recipe; let a worker attend and the machine be set up if need be."""
        self._turn_s = self._choose_recipe(lot)
        if self._feed.fresh:
            self._prepare(now, self._begin)
        elif self._turn_s:
            self._phase = ATTENDED
            self._set_up(now, self._begin)
        else:
            self._begin(now)

    def _choose_recipe(self, lot: Lot) -> float:
        """Treat a lot as its product demands; return the time of the changeover."""
        if self._recipes is None:
            return 0.0
        treatment = self._recipes.of(lot)
        self._pace, self._draw = treatment.pace, treatment.pace.draw
        self._quality = treatment.quality
        return self._recipes.turn_to(treatment.family)

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
            if self._inspection is not None:
                self._inspect(self._inspection, lot.n)
            if lot.tag is not None:
                self._outlet.turn_to(lot)
            self._begin_part(now)

    def _draw_quality(self, n: int) -> np.ndarray | None:
        """Return which units of a lot will be good; None if all are."""
        good = None if self._quality is None else self._quality.many(n)
        return None if good is None or np.count_nonzero(good) == n else good

    def _inspect(self, inspection: Inspection, n: int) -> None:
        """Give every unit of the lot its result."""
        self._codes = inspection.many(n)
        passed = self._codes != SCRAPPED
        if not passed.all():
            self._good = passed if self._good is None else self._good & passed

    def _begin_part(self, now: float) -> None:
        """Work up to the unit that completes an outgoing lot, or to the end of the lot."""
        self._start = now
        self._ruined = False
        self._last = self._part_end()
        n_cycles = -(-(self._last - self._first) // self._per_cycle)
        self._cycles_s = self._pace.many(n_cycles, now)
        self._work(now, float(np.add.reduce(self._cycles_s)))

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
        if not self._passes_on:
            self._finish_changed(lot, now)
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
            cut_s = np.array([self._work_s]) if self._ruined else None
            self._pace.done(self._start, lot.numbers, cut_s, self._gaps)
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
        units = lot.numbered(self._first, self._last)
        visit = Visit(self._start, 0.0, self._cycles_s, tuple(self._gaps))
        if self._pace.noted:
            cut_s = self._cycles_s if self._ruined else None
            self._pace.done(self._start, units[:: self._per_cycle], cut_s, self._gaps)
        codes = None if self._codes is None else self._codes[self._first : self._last]
        if self._good is None:
            self.cycles.visits.add(visit, lot.id, units, codes)
        else:
            good = self._good[self._first : self._last]
            self.cycles.visits.add(visit, lot.id, units, judged(good, codes))
            for unit in units[~good].tolist():
                self._world.scrap(now, lot, unit, self.station.id)
            units, codes = units[good], None if codes is None else codes[good]
        if self._outlet.need is None:
            self._lot = None
        self._first = self._last
        n = lot.n
        made = self._outlet.add(lot, units, now)
        if self._inspection is not None and codes is not None and made:
            made = self._inspection.sort(made[0], codes, now)
        self._out.extend(made)
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

    def _ruin_unit(self, position_s: float) -> int:
        begin_s, _ = self._unit_span(position_s)
        self._ruined = True
        if self._lot is None or self._lot.single:
            self._work_s = position_s
            return 1
        k = self._cycle_at(position_s)
        self._cycles_s[k] = position_s - begin_s
        first = self._first + k * self._per_cycle
        if self._good is None:
            self._good = np.ones(self._lot.n, dtype=bool)
        self._good[first : min(first + self._per_cycle, self._last)] = False
        return k + 1

    def _cycle_at(self, position_s: float) -> int:
        ends = np.cumsum(self._cycles_s)
        k = int(np.searchsorted(ends, position_s + LEAST_S, side="right"))
        return min(k, len(ends) - 1)
