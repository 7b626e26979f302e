"""Accumulating conveyors."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from math import dist

from sim.core.lot import Lot
from sim.core.timer import Timer
from sim.core.world import World
from sim.places.place import Giver, Place
from twin.plant.place import Conveyor


class Belt(Place):
    """A place whose lots can be taken once they have travelled its whole length.

    Lots that wait at the end do not hold up the ones behind them: these close up.
    """

    def __init__(self, world: World, conveyor: Conveyor) -> None:
        super().__init__(world, conveyor.id, conveyor.capacity)
        self._names = world.recorder.names
        self._add_move = world.recorder.add_move
        self._travel_s = sum(dist(a, b) for a, b in pairwise(conveyor.path_m)) / conveyor.speed_mps
        self._ends = (
            *conveyor.path_m[0],
            conveyor.height_m,
            *conveyor.path_m[-1],
            conveyor.height_m,
        )
        self._speed_mps = conveyor.speed_mps
        self._travelling: deque[float] = deque()
        self._timer = Timer(world.env, self._first_is_through)

    def put(self, lot: Lot, giver: Giver, now: float) -> bool:
        """Take in a lot if there is room, and let it travel; else remember the giver."""
        if not self.room:
            self.givers.append(giver)
            return False
        self.room -= 1
        due_s = now + self._travel_s
        self._lots.append(lot)
        self._note((now, lot.id, -1))
        self._note_move(lot, now, due_s)
        if not self._travelling:
            self._timer.arm(due_s)
        self._travelling.append(due_s)
        return True

    def travel_left_s(self, now: float) -> list[float]:
        """Return how long the last lots still travel."""
        return [due_s - now for due_s in self._travelling]

    def lay_on(self, lot: Lot, due_s: float) -> None:
        """Put a lot that is on its way, before anything runs (initial state)."""
        self.room -= 1
        self._lots.append(lot)
        self._note((0.0, lot.id, -1))
        self._note_move(lot, due_s - self._travel_s, due_s)
        if not self._travelling:
            self._timer.arm(due_s)
        self._travelling.append(due_s)

    def _note_move(self, lot: Lot, now: float, due_s: float) -> None:
        names, speed = self._names, self._speed_mps
        own = names[self.id]
        self._add_move((
            own, names["conveyor"], names["convey"], -1, lot.id, own, own,
            *self._ends, now, 0.0, due_s, speed, speed, speed, 1,
        ))  # fmt: skip

    def _first_is_through(self, timer: Timer) -> None:
        now = timer.due_s
        self._travelling.popleft()
        if self._travelling:
            self._timer.arm(self._travelling[0])
        self.stock += 1
        if self.takers:
            self.takers.popleft().supplied(now)
        self._changed(now)
