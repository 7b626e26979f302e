"""Machines that work through whole lots of sheets or metres that are not followed one by one.

The work of a lot is one event and one row, whatever the number of its units: its time is the sum
of its cycles, its scrap a number. A lot that is cut into full lots of the product is worked on part
by part, each up to the unit that completes one.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from sim.core.lot import Lot, piece_of
from sim.core.world import World
from sim.faults import SlowDown
from sim.places.place import Outgoing
from sim.record.columns import GOES_ON
from sim.stations.breakdown import pace_factor
from sim.stations.feed import Feed, JoinFeed
from sim.stations.losses import Losses
from sim.stations.lot_outlet import Collected, LotOutlet
from sim.stations.machine import Machine
from sim.stations.picking import take_nothing
from sim.stations.progress import lot_state
from twin.plant.state import MachineState
from twin.plant.station import Station

FEW = 30
"""Up to this many cycles are drawn one by one."""


class SumPace:
    """The time of many cycles in a row, drawn at once.

    The sum of more than `FEW` independent cycles is drawn as a normal variable with the mean and
    the variance of the sum (central limit theorem).
    """

    def __init__(
        self,
        world: World,
        station: Station,
        machine: str,
        slow: SlowDown,
        *,
        purpose: str = "cycle",
    ) -> None:
        if station.cycle is None:
            raise ValueError(f"station {station.id} has no cycle time")
        scaled = station.cycle.scaled(pace_factor(station))
        self._mean_s, self._cv = scaled.mean_s, scaled.variation
        self._draws = world.draws(scaled, machine, purpose)
        self._rng = world.stream(machine, f"{purpose}/sum")
        self._slow = slow

    def total(self, n: int, now: float) -> float:
        """Return the time of `n` cycles; a slow-down that holds now holds for all."""
        mean_s = n * self._mean_s
        if not self._cv:
            total_s = mean_s
        elif n <= FEW:
            total_s = float(self._draws.many(n).sum())
        else:
            spread = self._cv / math.sqrt(n) * float(self._rng.standard_normal())
            total_s = mean_s * min(max(1 + spread, 0.0), 2.0)
        return total_s * self._slow.factor(now)


class LotMachine(Machine):
    """One machine that works through whole lots."""

    __slots__ = (
        "_done",
        "_feed",
        "_good",
        "_losses",
        "_lot",
        "_out",
        "_outlet",
        "_pace",
        "_part",
        "_per_cycle",
        "_prepares",
        "_put",
        "_shut",
        "_start",
        "_work_s",
    )

    def __init__(
        self,
        world: World,
        station: Station,
        index: int,
        *,
        feed: Feed,
        pace: SumPace,
        outlet: LotOutlet,
        put: Outgoing,
    ) -> None:
        super().__init__(world, station, index)
        self._feed = feed
        self._pace = pace
        self._outlet = outlet
        self._put = put
        self._losses = Losses(world, station, self.id)
        self._per_cycle = station.units_per_cycle
        self._prepares = station.attend is not None or station.setup_s > 0
        self._lot: Lot | None = None
        self._out: deque[Lot] = deque()
        self._shut = False
        self._done = 0
        self._part = 0
        self._good = 0
        self._start = 0.0
        self._work_s = 0.0

    def change_pace(self, change: Callable[[SumPace], SumPace]) -> None:
        """Take the times of lots from what is made of the present pace, from the next on."""
        self._pace = change(self._pace)

    def use_losses(self, losses: Losses) -> None:
        """Let these losses say how many units of a lot are good."""
        self._losses = losses

    def lots_in_work(self) -> Iterator[Lot]:
        """Return the lot it works on, if there is one."""
        if self._lot is not None:
            yield self._lot

    def held(self) -> Iterator[Lot]:
        """The rest of the lot in work, what is finished, and what feed and outlet keep."""
        lot = self._lot
        if lot is not None and lot.n > self._done:
            yield piece_of(lot, lot.unit + self._done, lot.n - self._done)
        yield from self._out
        yield from self._feed.held()
        for part in self._outlet.held():
            yield piece_of(part, part.unit, part.n)

    def shut(self) -> None:
        """Take nothing new."""
        self._shut = True

    def open_again(self) -> None:
        """Take again."""
        self._shut = False

    # Plant states ------------------------------------------------------------------------------

    @property
    def offered(self) -> Lot | None:
        """The finished lot that waits for room."""
        return self._out[0] if self._out else None

    @property
    def outlet(self) -> LotOutlet:
        """Where finished units go."""
        return self._outlet

    def content(self, now: float) -> MachineState:
        """Return what is inside: the lot in work, what is finished, open lots, collected units."""
        lot = self._lot
        rest = 0 if lot is None else lot.n - self._done
        return MachineState(
            lots=[lot_state(lot, rest)] if lot is not None and rest else [],
            left_s=self.work_left_s(now) if rest else None,
            done=[lot_state(lot) for lot in self._out],
            open=self._feed.open_lots() if isinstance(self._feed, JoinFeed) else {},
            collected=[lot_state(part) for part in self._outlet.held()],
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
        if not isinstance(self._outlet, Collected):
            raise TypeError(f"{self.id} does not collect units")
        self._outlet.collect(lot)

    def open_lot(self, k: int, lot: Lot) -> None:
        """Put a lot, partly used up, into input `k` of an assembly machine (initial state)."""
        if not isinstance(self._feed, JoinFeed):
            raise TypeError(f"{self.id} does not join components")
        self._feed.load(k, lot)

    def start(self, now: float) -> None:
        """Go on with the lot loaded as the initial state, or look for work."""
        if self._lot is None or self._out:
            self._then(now)
            return
        left_s = self._left_s
        self._begin_part(now)
        if left_s >= 0:
            self.work_on(now, left_s)
            self._start = now - (self._total_s - self._left_s)

    # The visit ---------------------------------------------------------------------------------

    def _next(self, now: float) -> None:
        if self._shut:
            take_nothing(self._feed, self, now)
            self._at_gate(now)
            return
        lot = self._feed.next_lot(self, now)
        if lot is None:
            return
        self._lot, self._done = lot, 0
        if lot.tag is not None:
            self._outlet.turn_to(lot)
        if self._prepares and self._feed.fresh:
            self._prepare(now, self._begin_part)
        else:
            self._begin_part(now)

    def _begin_part(self, now: float) -> None:
        lot = self._working_on()
        left, need = lot.n - self._done, self._outlet.need
        if need is None:
            self._part, self._good = left, self._losses.good(left)
        else:
            self._part, self._good = self._losses.until(need, left)
        self._start = now
        self._work_s = self._pace.total(-(-self._part // self._per_cycle), now)
        self._work(now, self._work_s)

    def _finished(self, now: float) -> None:
        lot = self._working_on()
        self.cycles.add_lot((lot.id, self._start, self._work_s, now, self._part))
        if self._good < self._part:
            self._world.scrap_some(now, lot, self._part - self._good, self.station.id)
        first = lot.unit + self._done
        self._done += self._part
        ended = self._done == lot.n
        if self._outlet.need is None:
            lot.shorten(self._good)
            self._out.extend(self._outlet.add(lot, now))
        else:
            part = piece_of(lot, first, self._good, number=lot.id)
            self._out.extend(self._outlet.add(part, now))
        if ended:
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

    def _working_on(self) -> Lot:
        if self._lot is None:
            raise RuntimeError(f"{self.id} works without a lot")
        return self._lot

    # Failures ----------------------------------------------------------------------------------

    def _cycle_ends(self) -> Sequence[float]:
        n = -(-self._part // self._per_cycle)
        ends: list[float] = np.linspace(self._total_s / n, self._total_s, n).tolist()
        return ends

    def _lot_ends(self) -> bool:
        return self._lot is None or self._done + self._part == self._lot.n

    def _unit_span(self, position_s: float) -> tuple[float, float]:
        if not self._total_s:
            return 0.0, 0.0
        unit_s = self._total_s / self._part * self._per_cycle
        k = min(int(position_s / unit_s), -(-self._part // self._per_cycle) - 1)
        return k * unit_s, min((k + 1) * unit_s, self._total_s)

    def _ruin_unit(self, position_s: float) -> int:
        _, end_s = self._unit_span(position_s)
        self._good = max(self._good - self._per_cycle, 0)
        self._work_s -= end_s - position_s
        return GOES_ON
