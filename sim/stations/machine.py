"""A machine: one timer, work that stops can interrupt, and the states it passes through."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

from sim.core.lot import Lot
from sim.core.timer import Timer
from sim.core.world import World
from sim.people.pool import Pool
from sim.places.place import Incoming, Outgoing, Queue, Taker
from sim.record import mode as modes
from sim.stations.breakdown import CalendarFailures, Stop, WorkAge, work_clocks
from twin.plant.station import Station

WAITING, ATTENDED, RUNNING, DOWN = range(4)
"""Phases of a machine, as far as a failure is concerned: it waits at a place; it is being prepared
by a worker or set up, and a failure waits until work begins; it works; it is stopped."""


class Machine:
    """One machine of a station; the kinds of station say what a visit is.

    A kind calls `_work` when it starts and is called back by `_finished`; it waits at places
    through `starve` and `_block`, and goes on in `_next` and `_hand_over`.
    """

    __slots__ = (
        "_age",
        "_attend_work",
        "_calendar",
        "_clock",
        "_gaps",
        "_left_s",
        "_pending",
        "_phase",
        "_policy",
        "_queue",
        "_since",
        "_stop",
        "_stopped_at",
        "_then",
        "_timer",
        "_total_s",
        "_turn_s",
        "_world",
        "crew",
        "cycles",
        "id",
        "log",
        "operators",
        "position_m",
        "station",
    )

    def __init__(self, world: World, station: Station, index: int) -> None:
        self.id = station.machine_ids[index]
        self.station = station
        self.position_m = station.machine_position_m(index)
        self.crew: Pool | None = None
        self.operators: Pool | None = None
        self.log = world.recorder.states(
            self.id, "machine", also=(station.robot, "robot") if station.robot else None
        )
        self.cycles = world.recorder.cycles(station.id, self.id)
        self._world = world
        self._timer = Timer(world.env, self._rang)
        self._clock = Timer(world.env, self._work_over)
        self._then: Callable[[float], None] = self._next
        self._phase = WAITING
        self._queue: Queue | None = None
        self._turn_s = 0.0
        self._age = WorkAge(work_clocks(world, station, self.id))
        self._policy = station.breakdown.unit if station.breakdown else "resume"
        self._left_s = 0.0
        self._total_s = 0.0
        self._since = 0.0
        self._gaps: list[tuple[float, float]] = []
        self._stop: Stop | None = None
        self._stopped_at = 0.0
        self._pending: list[Stop] = []
        self._calendar = (
            CalendarFailures(world, station.breakdown, self.id, self.fail)
            if station.breakdown and station.breakdown.clock == "calendar"
            else None
        )
        self._attend_work = (
            world.draws(station.attend.work, self.id, "attend") if station.attend else None
        )
        self.log.enter(modes.STARVED, 0.0)

    # What a kind of station says ---------------------------------------------------------------

    def start(self, now: float) -> None:
        """Begin to look for work; called once, when the whole plant stands."""
        self._next(now)

    def held(self) -> Iterator[Lot]:
        """Every lot inside the machine."""
        raise NotImplementedError

    def _next(self, now: float) -> None:
        """Look for the next visit."""
        raise NotImplementedError

    def _hand_over(self, now: float) -> None:
        """Try to put what is finished."""
        raise NotImplementedError

    def _finished(self, now: float) -> None:
        """The work of `_work` is done."""
        raise NotImplementedError

    def _unit_span(self, position_s: float) -> tuple[float, float]:  # noqa: ARG002
        """Return start and end, in seconds of work, of the unit in work at `position_s`."""
        return 0.0, self._total_s

    def _ruin_unit(self, position_s: float) -> None:
        """Mark the unit in work at `position_s` as scrap: its work ends there."""

    def _abandon(self, now: float) -> None:
        """Give up what others may be waiting for: the machine failed while it waited."""

    # Waiting at places -------------------------------------------------------------------------

    def supplied(self, now: float) -> None:
        """A lot has come to the place it waits at."""
        self._next(now)

    def room_made(self, now: float) -> None:
        """There is room at the place it waits at."""
        self._hand_over(now)

    def transport_ordered(self, now: float) -> None:
        """A transport at the place it waits at has been ordered."""
        blocked = self.log.mode in (modes.BLOCKED, modes.NO_TRIP_OUT)
        self.log.enter(modes.NO_TRIP_OUT if blocked else modes.NO_TRIP_IN, now)

    def starve(self, place: Incoming, now: float, mode: int = modes.STARVED) -> None:
        """Wait at a place for a lot."""
        self._phase = WAITING
        self._queue = place.takers
        self._then = self._next
        self.log.enter(modes.NO_TRIP_IN if place.inbound else mode, now)

    def _wait_in(self, queue: deque[Taker], now: float) -> None:
        """Wait for a turn inside the station."""
        self._phase = WAITING
        self._queue = queue
        self._then = self._next
        self.log.enter(modes.STARVED, now)

    def _block(self, place: Outgoing, now: float) -> None:
        self._phase = WAITING
        self._queue = place.givers
        self._then = self._hand_over
        self.log.enter(modes.NO_TRIP_OUT if place.outbound else modes.BLOCKED, now)

    # Preparation -------------------------------------------------------------------------------

    def _prepare(self, now: float, then: Callable[[float], None]) -> None:
        """Let a worker attend and the machine be set up, then go on."""
        self._phase = ATTENDED
        if self.operators is None or self._attend_work is None:
            self._set_up(now, then)
            return
        self.log.enter(modes.WAITING_WORKER, now)
        mode = modes.CHANGING_ROLL if self.station.kind == "web" else modes.ATTENDED
        self.operators.call(
            self,
            now,
            self._attend_work.one(),
            begun=lambda t: self.log.enter(mode, t),
            done=lambda t: self._set_up(t, then),
        )

    def _set_up(self, now: float, then: Callable[[float], None]) -> None:
        if self._turn_s:
            turn_s, self._turn_s = self._turn_s, 0.0
            self.log.enter(modes.CHANGEOVER, now)
            self._then = partial(self._set_up, then=then)
            self._timer.arm(now + turn_s)
        elif self.station.setup_s:
            self.log.enter(modes.CHANGING_ROLL, now)
            self._then = then
            self._timer.arm(now + self.station.setup_s)
        else:
            then(now)

    # Work --------------------------------------------------------------------------------------

    def _work(self, now: float, work_s: float) -> None:
        """Work for `work_s`, stops come on top, then call `_finished`."""
        self._left_s = self._total_s = work_s
        if self._gaps:
            self._gaps = []
        self._run(now)

    def _run(self, now: float) -> None:
        self._phase = RUNNING
        self._since = now
        if self._pending:
            self._go_down(now, self._pending.pop(0))
            return
        due_s = now + self._left_s
        age = self._age
        if age.age_s + self._left_s > age.stop_s:
            due_s = now + max(age.stop_s - age.age_s, 0.0)
        if self.log.mode != modes.WORKING:
            self.log.enter(modes.WORKING, now)
        self._clock.arm(due_s)

    def _work_over(self, timer: Timer) -> None:
        age = self._age
        if age.age_s + self._left_s > age.stop_s:
            self._left_s -= age.stop_s - age.age_s
            age.age_s = age.stop_s
            self._go_down(timer.due_s, age.stop())
        else:
            age.age_s += self._left_s
            self._left_s = 0.0
            self._finished(timer.due_s)

    # Stops -------------------------------------------------------------------------------------

    def fail(self, now: float, stop: Stop) -> None:
        """Stop the machine from outside: by the calendar or by the scenario.

        A machine that is being prepared or is down already fails when it starts to work again.
        """
        if self._phase in (ATTENDED, DOWN):
            self._pending.append(stop)
            return
        if self._phase is RUNNING:
            self._clock = self._clock.cancelled()
            self._left_s -= now - self._since
            self._age.age_s += now - self._since
        elif self._queue is not None:
            self._queue.remove(self)
            self._go_down(now, stop)
            self._abandon(now)
            return
        self._go_down(now, stop)

    def _go_down(self, now: float, stop: Stop) -> None:
        was_working = self._phase is RUNNING
        goes_on = self._run_again if was_working else self._then
        self._phase = DOWN
        self._stop, self._stopped_at = stop, now
        if stop.minor:
            self.log.enter(modes.MINOR_STOP, now)
            self._then = goes_on
            self._timer.arm(now + stop.length_s)
            return
        self._world.recorder.alarms.raise_(self.id, "breakdown", stop.cause, "critical", now)
        if self.crew is None:
            self.log.enter(modes.BREAKDOWN, now)
            self._then = lambda t: self._repaired(t, goes_on)
            self._timer.arm(now + stop.length_s)
            return
        self.log.enter(modes.WAITING_REPAIR, now)
        self.crew.call(
            self,
            now,
            stop.length_s,
            begun=lambda t: self.log.enter(modes.BREAKDOWN, t),
            done=lambda t: self._repaired(t, goes_on),
        )

    def _repaired(self, now: float, goes_on: Callable[[float], None]) -> None:
        self._world.recorder.alarms.close(self.id, "breakdown", now)
        if self._calendar is not None and self._stop and self._stop.cause == "calendar":
            self._calendar.rearm(now)
        goes_on(now)

    def _run_again(self, now: float) -> None:
        stop, position_s = self._stop, self._total_s - self._left_s
        extra_s = now - self._stopped_at
        if stop is not None and not stop.minor and self._policy != "resume":
            extra_s += self._lose_unit(position_s)
        self._gaps.append((position_s, extra_s))
        self._stop = None
        self._run(now)

    def _lose_unit(self, position_s: float) -> float:
        """Apply the policy for the unit in work; return the change of its time in the machine."""
        begin_s, end_s = self._unit_span(position_s)
        if self._policy == "restart":
            self._left_s += position_s - begin_s
            return position_s - begin_s
        self._ruin_unit(position_s)
        self._left_s -= end_s - position_s
        self._total_s -= end_s - position_s
        return 0.0

    def _rang(self, timer: Timer) -> None:
        self._then(timer.due_s)
