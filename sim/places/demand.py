"""Sinks that pull: they accept lots on demand only, and count the demand they could not meet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.core.lot import Lot
from sim.core.timer import Timer
from sim.core.world import World
from sim.places.ends import Exit
from sim.places.place import Giver
from sim.record.columns import Columns
from twin.plant.routing import Demand

SIGNAL = "backlog_lots"


class DemandExit(Exit):
    """A sink with demand: its room is the backlog, which a demand raises and a lot lowers."""

    def __init__(self, world: World, sink: str, demand: Demand) -> None:
        super().__init__(world, sink)
        self.room = 0
        self._interval = world.draws(demand.interval, sink, "demand")
        self._timer = Timer(world.env, self._demanded)
        names = world.recorder.names
        self._resource, self._signal = names[sink], names[SIGNAL]
        self._changes: list[tuple[float, int]] = [(0.0, 0)]
        world.recorder.add_block_source(self)

    def start(self, now: float) -> None:
        """Begin to ask for lots."""
        self._timer.arm(now + self._interval.one())

    def put(self, lot: Lot, giver: Giver, now: float) -> bool:
        """Ship a lot if one is asked for; else remember the giver and return False."""
        if not self.room:
            self.givers.append(giver)
            return False
        self.room -= 1
        self._changes.append((now, self.room + self.inbound))
        return super().put(lot, giver, now)

    def reserve(self, n: int, now: float) -> None:  # noqa: ARG002
        """Keep demand for `n` lots of an ordered transport."""
        self.room -= n
        self.inbound += n

    def deliver(self, lot: Lot, now: float) -> None:
        """Ship a lot of a transport that was ordered for it."""
        self.inbound -= 1
        self._changes.append((now, self.room + self.inbound))
        super().deliver(lot, now)

    def flush(self, now: float, *, final: bool) -> Iterator[tuple[str, Columns]]:  # noqa: ARG002
        """Return the backlog as a signal, one sample for each change."""
        if not self._changes:
            return
        times, values = np.array(self._changes, dtype=float).T
        n = len(times)
        yield "signals", {
            "resource": np.full(n, self._resource), "signal": np.full(n, self._signal),
            "time_s": times, "value": values,
        }  # fmt: skip
        self._changes = []

    def _demanded(self, timer: Timer) -> None:
        now = timer.due_s
        self._timer.arm(now + self._interval.one())
        self.room += 1
        self._changes.append((now, self.room + self.inbound))
        if self.givers:
            self.givers.popleft().room_made(now)
        if self.watchers:
            self._changed(now)
