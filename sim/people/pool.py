"""Worker pools: workers wait at home, walk to a machine, work there, and walk back."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field
from math import dist, hypot
from typing import Protocol

from sim.core.timer import Timer
from sim.core.world import World
from sim.record import mode as modes
from twin.motion.leg import waiting_m
from twin.plant.base import Vec2, Vec3
from twin.plant.people import WorkerPool
from twin.plant.stand import stand_m


class Footprint(Protocol):
    """How large a machine is and where its front is."""

    @property
    def size_m(self) -> Vec3:
        """Length, width and height."""

    @property
    def heading_deg(self) -> float:
        """Direction of its length; the front is to the right of it."""

    @property
    def priority(self) -> int:
        """Whose calls are answered first: the highest."""


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


@dataclass(eq=False)
class Call:
    """Work that workers are waited for.

    Attributes
    ----------
    n : int
        Workers it takes; they begin when all are there.
    skill : str, optional
        What they must be able to do.
    stays : bool
        Whether they stay after `work_s`, until they are told to leave.
    team : list of Worker
        Who answers it.
    """

    place: str
    at_m: Vec2
    work_s: float
    begun: Callable[[float], None]
    done: Callable[[float], None]
    n: int = 1
    skill: str | None = None
    stays: bool = False
    team: list[Worker] = field(default_factory=list)
    _there: int = 0
    _ready: int = 0

    def arrived(self, now: float) -> bool:
        """Count a worker who has come; begin with the last one."""
        self._there += 1
        if self._there < self.n:
            return False
        for worker in self.team:
            worker.work(now)
        self.begun(now)
        return True

    def worked(self) -> bool:
        """Count a worker whose work is done; True for the last one."""
        self._ready += 1
        return self._ready == self.n

    def leave(self, now: float) -> None:
        """Let the workers go who have stayed."""
        for worker in self.team:
            worker.leave(now)

    def leave_at(self, due_s: float) -> None:
        """Let the workers go who have stayed, later."""
        for worker in self.team:
            worker.leave_at(due_s)


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
        if not call.arrived(now):
            self._log.enter(modes.WAITING_TEAM, now)

    def work(self, now: float) -> None:
        """Begin the work of the call: everybody it takes is there."""
        if self.call is None:
            raise RuntimeError(f"{self.id} works without a call")
        self._log.enter(
            modes.REPAIRING if self._pool.model.kind == "repair" else modes.AT_WORK, now
        )
        self._then = self._done
        self._timer.arm(now + self.call.work_s)

    def _done(self, now: float) -> None:
        call = self.call
        if call is None:
            raise RuntimeError(f"{self.id} ends work without a call")
        if not call.stays:
            self.leave(now)
        if call.worked():
            call.done(now)

    def leave_at(self, due_s: float) -> None:
        """Leave the place of work later."""
        self._then = self.leave
        self._timer.arm(due_s)

    def leave(self, now: float) -> None:
        """Answer the next call, or walk home."""
        self.call = None
        self._pool.free(self, now)
        if self.call is None:
            self._walk(now, self._home_m, self._pool.model.id, self._at_home)

    def _at_home(self, now: float) -> None:
        self._log.enter(modes.IDLE if self.on_duty else modes.OFF_SHIFT, now)


@dataclass(order=True)
class Waiting:
    """A call nobody could answer yet: the highest priority first, then the longest wait."""

    rank: tuple[int, int]
    call: Call = field(compare=False)


class Pool:
    """The workers of one pool.

    Calls are answered by priority, then in the order they came, by the nearest free workers who
    have the skill. A call that takes more workers than are free keeps those who are for itself,
    so that no later call overtakes it with them, unless too few are on duty at all.
    """

    def __init__(self, world: World, model: WorkerPool) -> None:
        self.model = model
        self.workers = [
            Worker(world, self, worker, waiting_m(model.home_m, k))
            for k, worker in enumerate(model.worker_ids)
        ]
        self._able = {
            skill: {self.workers[n - 1] for n in numbers} for skill, numbers in model.skills.items()
        }
        self._waiting: list[Waiting] = []
        self._n_calls = 0
        self._planned = 0
        self._missing = 0

    def miss(self, n: int, now: float) -> None:
        """Let `n` of those who should be on duty be missing, from now on."""
        self._missing = n
        self.staff(self._planned, now)

    def staff(self, n: int, now: float) -> None:
        """Put the first `n` workers on duty, less those who are missing, and all others off."""
        self._planned = n
        for k, worker in enumerate(self.workers):
            worker.staff(now, on_duty=k < n - self._missing)
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
        n: int = 1,
        skill: str | None = None,
        stays: bool = False,
    ) -> Call:
        """Send workers for `work_s` of work, now or as soon as there are enough."""
        here = machine.station
        at_m = stand_m(machine.position_m, here.size_m, here.heading_deg)
        call = Call(machine.id, at_m, work_s, begun, done, n, skill, stays)
        self._n_calls += 1
        insort(self._waiting, Waiting((-machine.station.priority, self._n_calls), call))
        self._serve(now)
        return call

    def free(self, worker: Worker, now: float) -> None:
        """Give a worker the first call that suits, if there is one."""
        if self._waiting and worker.on_duty and worker.call is None:
            self._serve(now, worker)

    def _serve(self, now: float, first: Worker | None = None) -> None:
        """Answer the calls that can be answered; `first` is asked before nearer workers."""
        idle = [w for w in self.workers if w.on_duty and w.call is None]
        for waiting in [*self._waiting]:
            if not idle:
                return
            call = waiting.call
            able = [w for w in idle if call.skill is None or w in self._able[call.skill]]
            if len(able) >= call.n:
                self._waiting.remove(waiting)
                self._send(call, able, now, first)
                able = call.team
            elif self._present(call.skill) < call.n:
                continue
            idle = [w for w in idle if w not in able]

    def _present(self, skill: str | None) -> int:
        """Return how many on duty can answer a call for a skill."""
        return sum(w.on_duty and (skill is None or w in self._able[skill]) for w in self.workers)

    def _send(self, call: Call, free: list[Worker], now: float, first: Worker | None) -> None:
        free.sort(key=lambda w: (w is not first, dist(w.position_m(now), call.at_m)))
        call.team = free[: call.n]
        for worker in call.team:
            worker.call = call
        for worker in call.team:
            worker.answer(call, now)
