"""Worker pools: workers wait at home, walk to a machine, work there, and walk back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import cos, dist, hypot, radians, sin
from typing import Protocol

from sim.core.timer import Timer
from sim.core.world import World
from sim.record import mode as modes
from twin.motion.leg import waiting_m
from twin.plant.base import Vec2, Vec3
from twin.plant.people import WorkerPool

REACH_M = 0.4
"""How far from the front of a machine a worker stands (assumed)."""


class Footprint(Protocol):
    """How large a machine is and where its front is."""

    @property
    def size_m(self) -> Vec3:
        """Length, width and height."""

    @property
    def heading_deg(self) -> float:
        """Direction of its length; the front is to the right of it."""


class Workplace(Protocol):
    """A machine or vehicle a worker can be called to."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def station(self) -> Footprint:
        """Its size and direction."""

    @property
    def position_m(self) -> Vec3:
        """The middle of its footprint."""


@dataclass(frozen=True)
class Call:
    """Work somebody is waited for."""

    place: str
    at_m: Vec2
    work_s: float
    begun: Callable[[float], None]
    done: Callable[[float], None]


def stand_m(machine: Workplace) -> Vec2:
    """Return where a worker stands: at the middle of the machine's front side."""
    station = machine.station
    away_m = station.size_m[1] / 2 + REACH_M
    heading = radians(station.heading_deg)
    x, y, _ = machine.position_m
    return (x + away_m * sin(heading), y - away_m * cos(heading))


class Worker:
    """One worker of a pool."""

    def __init__(self, world: World, pool: Pool, worker: str, home_m: Vec2) -> None:
        self.id = worker
        self.on_duty = False
        self.call: Call | None = None
        self._pool = pool
        self._home_m = home_m
        self._row = world.recorder.row
        self._log = world.recorder.states(worker, "worker")
        self._log.enter(modes.OFF_SHIFT, 0.0)
        self._timer = Timer(world.env, self._rang)
        self._then: Callable[[float], None] = self._at_home
        self._from_m = self._to_m = home_m
        self._origin = self._target = pool.model.id
        self._left_at = 0.0
        self._walking = False

    def position_m(self, now: float) -> Vec2:
        """Return where the worker is."""
        if not self._walking:
            return self._to_m
        (x0, y0), (x1, y1) = self._from_m, self._to_m
        share = (now - self._left_at) * self._pool.model.walk_mps / hypot(x1 - x0, y1 - y0)
        return (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)

    def staff(self, now: float, *, on_duty: bool) -> None:
        """Come on duty, or go off duty as soon as the present work is done."""
        self.on_duty = on_duty
        if self.call is None and not self._walking:
            self._log.enter(modes.IDLE if on_duty else modes.OFF_SHIFT, now)

    def answer(self, call: Call, now: float) -> None:
        """Walk to a call, breaking off the way home."""
        if self._walking:
            self._timer = self._timer.cancelled()
            self._stop_walking(now)
        self.call = call
        self._walk(now, call.at_m, call.place, self._begin)

    def end(self, now: float) -> None:
        """Note the way walked so far at the end of the run."""
        if self._walking:
            self._stop_walking(now)

    def _walk(self, now: float, to_m: Vec2, target: str, then: Callable[[float], None]) -> None:
        self._from_m, self._to_m = self._to_m, to_m
        self._target = target
        length_m = dist(self._from_m, to_m)
        if not length_m:
            then(now)
            return
        self._walking = True
        self._left_at = now
        self._then = then
        self._log.enter(modes.DRIVING, now)
        self._timer.arm(now + length_m / self._pool.model.walk_mps)

    def _rang(self, timer: Timer) -> None:
        if self._walking:
            self._stop_walking(timer.due_s)
        self._then(timer.due_s)

    def _stop_walking(self, now: float) -> None:
        here = self.position_m(now) if now < self._timer.due_s else self._to_m
        speed = self._pool.model.walk_mps
        self._walking = False
        self._to_m = here
        self._row(
            "moves",
            self.id,
            "worker",
            "walk",
            -1,
            -1,
            self._origin,
            self._target,
            *self._from_m,
            0.0,
            *here,
            0.0,
            self._left_at,
            0.0,
            now,
            speed,
            speed,
            speed,
            0,
        )
        self._origin = self._target

    def _begin(self, now: float) -> None:
        call = self.call
        if call is None:
            raise RuntimeError(f"{self.id} begins work without a call")
        self._log.enter(
            modes.REPAIRING if self._pool.model.kind == "repair" else modes.AT_WORK, now
        )
        self._then = self._done
        self._timer.arm(now + call.work_s)
        call.begun(now)

    def _done(self, now: float) -> None:
        call, self.call = self.call, None
        self._pool.free(self, now)
        if self.call is None:
            self._walk(now, self._home_m, self._pool.model.id, self._at_home)
        if call is not None:
            call.done(now)

    def _at_home(self, now: float) -> None:
        self._log.enter(modes.IDLE if self.on_duty else modes.OFF_SHIFT, now)


class Pool:
    """The workers of one pool: calls are answered in order, by the nearest free worker."""

    def __init__(self, world: World, model: WorkerPool) -> None:
        self.model = model
        self.workers = [
            Worker(world, self, worker, waiting_m(model.home_m, k))
            for k, worker in enumerate(model.worker_ids)
        ]
        self._waiting: deque[Call] = deque()

    def staff(self, n: int, now: float) -> None:
        """Put the first `n` workers on duty and all others off."""
        for k, worker in enumerate(self.workers):
            worker.staff(now, on_duty=k < n)
        for worker in self.workers:
            self.free(worker, now)

    def call(
        self,
        machine: Workplace,
        now: float,
        work_s: float,
        *,
        begun: Callable[[float], None],
        done: Callable[[float], None],
    ) -> None:
        """Send the nearest free worker for `work_s` of work, or the next who becomes free."""
        call = Call(machine.id, stand_m(machine), work_s, begun, done)
        free = [w for w in self.workers if w.on_duty and w.call is None]
        if free:
            nearest = min(free, key=lambda w: dist(w.position_m(now), call.at_m))
            nearest.answer(call, now)
        else:
            self._waiting.append(call)

    def free(self, worker: Worker, now: float) -> None:
        """Give a worker the call that waits longest, if there is one."""
        if self._waiting and worker.on_duty and worker.call is None:
            worker.answer(self._waiting.popleft(), now)
