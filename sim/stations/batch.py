"""Batch machines (ovens, chambers): several lots are treated together.

One machine of a station collects lots at a time, so that parallel machines do not share out the
lots of one batch among them. A batch starts when it is full and leaves lot by lot.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from sim.core.lot import Lot
from sim.core.world import World
from sim.places.place import Place, Taker
from sim.record import mode as modes
from sim.stations.losses import Losses
from sim.stations.machine import Machine
from sim.stations.pace import Pace
from twin.plant.state import LotState, MachineState
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
    """One machine that treats `batch_lots` lots together."""

    def __init__(
        self,
        world: World,
        station: Station,
        index: int,
        *,
        take: Place,
        put: Place,
        gate: Gate,
        pace: Pace,
    ) -> None:
        super().__init__(world, station, index)
        self._take = take
        self._put = put
        self._gate = gate
        self._pace = pace
        self._quality = world.chances(station.yield_, self.id, "quality")
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
    def pace(self) -> Pace:
        """How long a batch takes."""
        return self._pace

    def use_pace(self, pace: Pace) -> None:
        """Take the times from another pace, from the next batch on."""
        self._pace = pace

    def content(self, now: float) -> MachineState:
        """Return what is inside: a batch in work or being collected, or what is left of one."""
        lots = [LotState(item=lot.item, n=lot.n) for lot in self._lots]
        left_s, down_s = self.work_left_s(now), self.repair_left_s(now)
        if left_s is None and self.waits_for_room():
            return MachineState(done=lots, down_s=down_s)
        return MachineState(lots=lots, left_s=left_s, down_s=down_s)

    def load(
        self, lots: list[Lot], share_done: float = 0.0, *, left_s: float | None = None
    ) -> None:
        """Begin the run in the middle of a batch, or while it is collected (initial state)."""
        self._lots.extend(lots)
        if len(lots) == self.station.batch_lots:
            self._work_s = self._pace.one(0.0)
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
            self._gate.leave(self, now)
            self._at_gate(now)
            return
        if not self._gate.enter(self):
            self._wait_in(self._gate.waiting, now)
            return
        while len(self._lots) < self.station.batch_lots:
            lot = self._take.take(self, now)
            if lot is None:
                self.starve(self._take, now, modes.COLLECTING if self._lots else modes.STARVED)
                return
            self._lots.append(lot)
        self._queue = None
        self._prepare(now, self._begin)
        self._gate.leave(self, now)

    def _begin(self, now: float) -> None:
        self._start = now
        self._ruined = False
        self._work_s = self._pace.one(now)
        self._work(now, self._work_s)

    def _finished(self, now: float) -> None:
        for lot in self._lots:
            self.cycles.add_lot((lot.id, self._start, self._work_s, now, lot.n))
            if self._losses is not None:
                self._losses.take(lot, 0 if self._ruined else self._losses.good(lot.n), now)
                continue
            good = self._quality.many(lot.n) & (not self._ruined)
            if lot.n == 1 or not good.all():
                units = lot.numbers
                for unit in units[~good].tolist():
                    self._world.scrap(now, lot, unit, self.station.id)
                lot.keep(units[good])
        self._lots = deque(lot for lot in self._lots if lot.n)
        self._hand_over(now)

    def _hand_over(self, now: float) -> None:
        while self._lots:
            if not self._put.put(self._lots[0], self, now):
                self._block(self._put, now)
                return
            self._lots.popleft()
        self._next(now)

    def _ruin_unit(self, position_s: float) -> None:
        self._ruined = True
        self._work_s = position_s

    def _abandon(self, now: float) -> None:
        self._gate.leave(self, now)
