"""Standing orders: lots that wait at one place are to be carried to another."""

from __future__ import annotations

from sim.core.timer import Timer
from sim.core.world import World
from sim.places.place import Place
from sim.transport.fleet import Fleet
from sim.transport.trip import Trip
from twin.errors import PlantError, Problem
from twin.plant.transport import Transport


class Order:
    """A standing order: makes a trip whenever enough lots wait and the target has room.

    With `max_wait` it makes a smaller trip when lots have waited for so long; with `period` it
    makes trips at the times of a timetable only, with the lots that wait then.
    """

    def __init__(
        self, world: World, fleet: Fleet, model: Transport, ends: tuple[Place, Place]
    ) -> None:
        self._world = world
        self._fleet = fleet
        self._model = model
        self._n = model.lots
        self._origin, self._target = ends
        self._checking = False
        self._since_s: float | None = None
        self._timer = Timer(world.env, self._rang)
        if model.period is None:
            for place in ends:
                place.watchers.append(self.check)
        else:
            self._timer.arm(model.period)

    def check(self, now: float) -> None:
        """Make as many trips as are possible now."""
        if self._checking or self._model.period is not None:
            return
        self._checking = True
        while self._origin.stock >= self._n and self._target.room >= self._n:
            self._since_s = None
            self._ask(self._n, now)
        if self._model.max_wait is not None:
            self._look_after_the_rest(now, self._model.max_wait)
        self._checking = False

    def _look_after_the_rest(self, now: float, max_wait_s: float) -> None:
        """Make a smaller trip for lots that have waited too long, or see to it later."""
        if not self._origin.stock:
            self._since_s = None
        elif self._since_s is None:
            self._since_s = now
        while self._since_s is not None and now >= self._since_s + max_wait_s:
            n = self._within_reach()
            if n < self._model.min_lots:
                return
            self._ask(n, now)
            self._since_s = now if self._origin.stock else None
        if self._since_s is not None and self._timer.callbacks is None:
            self._timer.arm(self._since_s + max_wait_s)

    def _rang(self, timer: Timer) -> None:
        now, period_s = timer.due_s, self._model.period
        if period_s is None:
            self.check(now)
            return
        timer.arm(now + period_s)
        n = self._within_reach()
        if n:
            self._ask(n, now)

    def _within_reach(self) -> int:
        return min(self._n, self._origin.stock, self._target.room)

    def _ask(self, n: int, now: float) -> None:
        self._origin.promise(n, now)
        self._target.reserve(n, now)
        model = self._model
        self._fleet.request(
            Trip(
                self._world.numbers.job(), self._origin, self._target, n,
                priority=model.priority, asked_s=now, due_s=now + model.due,
            ),
            now,
        )  # fmt: skip


def check_transports(transports: list[Transport]) -> None:
    """Refuse transports that go in a circle: their vehicles could wait for each other for ever."""
    following: dict[str, list[str]] = {}
    for transport in transports:
        following.setdefault(transport.source, []).append(transport.target)
    for start, first in following.items():
        reached, ahead = set(), [*first]
        while ahead:
            place = ahead.pop()
            if place == start:
                raise PlantError(
                    Problem(start, "transports from here lead back here.", "Break the circle.")
                )
            if place not in reached:
                reached.add(place)
                ahead += following.get(place, [])
