"""Batch machines (ovens, chambers): several lots are treated together.

One machine of a station collects lots at a time, so that parallel machines do not share out the
lots of one batch among them. A batch starts when it is full, or with fewer lots when its first has
waited long enough, and leaves lot by lot.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

import numpy as np

from sim.core.decisions import Decisions
from sim.core.lot import Lot
from sim.core.timer import Timer
from sim.core.world import World
from sim.places.place import Outgoing, Place, Taker
from sim.record import mode as modes
from sim.stations.losses import Losses
from sim.stations.machine import Machine
from sim.stations.pace import Pace
from sim.stations.phase import WAITING
from sim.stations.progress import lot_state
from sim.stations.recipes import Recipes
from sim.stations.selection import Selection
from twin.plant.state import MachineState
from twin.plant.station import Station


class Gate:
    """Lets one machine of a station collect at a time."""

    def __init__(self) -> None:
        self.holder: Taker | None = None
        self.waiting: deque[Taker] = deque()

    def enter(self, machine: Taker) -> bool:
        """Let a machine collect, or make it wait its turn."""
        if self.holder is None or self.holder is machine:
            self.holder = machine
            return True
        self.waiting.append(machine)
        return False

    def leave(self, machine: Taker, now: float) -> None:
        """Let the next machine collect."""
        if self.holder is machine:
            self.holder = None
            if self.waiting:
                self.waiting.popleft().supplied(now)


class BatchMachine(Machine):
    """One machine that treats up to `batch_lots` lots together."""

    def __init__(
        self,
        world: World,
        station: Station,
        index: int,
        *,
        take: Place | Selection,
        put: Outgoing,
        gate: Gate,
        pace: Pace,
        recipes: Recipes | None = None,
    ) -> None:
        super().__init__(world, station, index)
        self._take = take
        self._recipes = recipes
        self._least = station.batch_min_lots or station.batch_lots
        self._hasty = self._least < station.batch_lots and not station.max_wait
        self._patience = Timer(world.env, self._waited)
        self._overdue = False
        self._put = put
        self.gate = gate
        self._pace = pace
        self._quality: Decisions = world.chances(station.yield_, self.id, "quality")
        self._losses = Losses(world, station, self.id) if station.record == "lot" else None
        self._lots: deque[Lot] = deque()
        self._start = 0.0
        self._work_s = 0.0
        self._ruined = False
        self._shut = False

    def shut(self) -> None:
        """Collect nothing more."""
        self._shut = True

    def open_again(self) -> None:
        """Collect again."""
        self._shut = False

    def held(self) -> Iterator[Lot]:
        """Every lot inside."""
        return iter(self._lots)

    @property
    def offered(self) -> Lot | None:
        """The finished lot that waits for room."""
        return self._lots[0] if self._lots else None

    @property
    def patient(self) -> bool:
        """Whether it waits for more lots for a limited time only."""
        return self._patience.callbacks is not None

    def change_pace(self, change: Callable[[Pace], Pace]) -> None:
        """Take the times from what is made of the present pace, from the next batch on."""
        self._pace = change(self._pace)
        if self._recipes is not None:
            self._recipes.change_pace(change)

    def change_quality(self, change: Callable[[Decisions | None], Decisions]) -> None:
        """Let what is made of the present decisions say which units are good."""
        self._quality = change(self._quality)
        if self._recipes is not None:
            self._recipes.change_quality(change)

    def use_losses(self, losses: Losses) -> None:
        """Let these losses say how many units of a lot are good."""
        self._losses = losses

    def lots_in_work(self) -> Iterator[Lot]:
        """Return the lots of the batch."""
        return iter(self._lots)

    def content(self, now: float) -> MachineState:
        """Return what is inside: a batch in work or being collected, or what is left of one."""
        lots = [lot_state(lot) for lot in self._lots]
        left_s, down_s = self.work_left_s(now), self.repair_left_s(now)
        if left_s is None and self.waits_for_room():
            return MachineState(done=lots, down_s=down_s)
        return MachineState(lots=lots, left_s=left_s, down_s=down_s)

    def load(
        self, lots: list[Lot], share_done: float = 0.0, *, left_s: float | None = None
    ) -> None:
        """Begin the run in the middle of a batch, or while it is collected (initial state)."""
        self._lots.extend(lots)
        if lots and isinstance(self._take, Selection) and self._take.key_of is not None:
            self._take.only = self._take.key_of(lots[0])
        if len(lots) == self.station.batch_lots:
            self._work_s = self._batch_pace().one(0.0)
            done_s = share_done * self._work_s
            if left_s is not None:
                self._work_s = max(self._work_s, left_s)
                done_s = self._work_s - left_s
            self._start = -done_s

    def finish(self, lots: list[Lot]) -> None:
        """Begin the run with finished lots that wait for room (initial state)."""
        self._lots.extend(lots)
        self._then = self._hand_over

    def start(self, now: float) -> None:
        """Go on with the batch loaded as the initial state, or look for work."""
        if self._work_s:
            self._work(now, self._work_s + self._start)
        else:
            self._then(now)

    def _next(self, now: float) -> None:
        if self._shut:
            self.gate.leave(self, now)
            self._at_gate(now)
            return
        if not self.gate.enter(self):
            self._wait_turn(now)
            return
        take, lots, full = self._take, self._lots, self.station.batch_lots
        while len(lots) < full:
            if self._overdue and len(lots) >= self._least and not take.stock:
                break
            lot = take.take(self, now)
            if lot is None:
                self._collect(now)
                return
            lots.append(lot)
            self._overdue |= self._hasty
            if isinstance(take, Selection) and take.key_of is not None:
                take.only = take.key_of(lot)
        self._queue = None
        self._prepare(now, self._begin)
        self._release(now)

    def _wait_turn(self, now: float) -> None:
        """Wait until another machine of the station has collected its batch."""
        self._phase = WAITING
        self._queue = self.gate.waiting
        self._then = self._next
        self.log.enter(modes.STARVED, now)

    def _collect(self, now: float) -> None:
        """Wait for more lots; the patience of the first begins to run out."""
        waits = self._lots and self._least < self.station.batch_lots and not self._overdue
        if waits and self._patience.callbacks is None:
            self._patience.arm(now + self.station.max_wait)
        self.starve(self._take, now, modes.COLLECTING if self._lots else modes.STARVED)

    def _waited(self, timer: Timer) -> None:
        """The first lot has waited long enough: start with what is there, if that is enough."""
        self._overdue = True
        if self._phase is WAITING and self._queue is not None and self._lots:
            self._queue.remove(self)
            self._next(timer.due_s)

    def _release(self, now: float) -> None:
        """Let the next machine of the station collect."""
        self._patience = self._patience.cancelled()
        self._overdue = False
        if isinstance(self._take, Selection):
            self._take.only = None
        self.gate.leave(self, now)

    def _begin(self, now: float) -> None:
        self._start = now
        self._ruined = False
        self._work_s = self._batch_pace().one(now)
        self._work(now, self._work_s)

    def _batch_pace(self) -> Pace:
        return self._pace if self._recipes is None else self._recipes.longest([*self._lots]).pace

    def _finished(self, now: float) -> None:
        for lot in self._lots:
            self.cycles.add_lot((lot.id, self._start, self._work_s, now, lot.n))
            if self._losses is not None:
                self._losses.take(lot, 0 if self._ruined else self._losses.good(lot.n), now)
                continue
            good = self._good(lot) & (not self._ruined)
            if lot.n == 1 or not good.all():
                units = lot.numbers
                for unit in units[~good].tolist():
                    self._world.scrap(now, lot, unit, self.station.id)
                lot.keep(units[good])
        self._lots = deque(lot for lot in self._lots if lot.n)
        self._hand_over(now)

    def _good(self, lot: Lot) -> np.ndarray:
        if self._recipes is None:
            return self._quality.many(lot.n)
        quality = self._recipes.of(lot).quality
        return np.ones(lot.n, dtype=bool) if quality is None else quality.many(lot.n)

    def _hand_over(self, now: float) -> None:
        while self._lots:
            if not self._put.put(self._lots[0], self, now):
                self._block(self._put, now)
                return
            self._lots.popleft()
        self._next(now)

    def _ruin_unit(self, position_s: float) -> int:
        self._ruined = True
        self._work_s = position_s
        return 1

    def _abandon(self, now: float) -> None:
        self.gate.leave(self, now)
