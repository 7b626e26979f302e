"""A machine: one timer, work that stops can interrupt, and the states it passes through."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from sim.core.lot import Lot
from sim.core.timer import Timer
from sim.core.world import World
from sim.people.pool import Call, Pool
from sim.places.place import Incoming, Outgoing, Queue
from sim.record import mode as modes
from sim.record.columns import GOES_ON, Gaps
from sim.stations.breakdown import (
    HALT,
    Stop,
    WorkAge,
    calendar_failures,
    failure_modes,
    work_clocks,
)
from sim.stations.counting import between_cycles, end_after
from sim.stations.halt import Halts
from sim.stations.phase import ATTENDED, DOWN, RUNNING, WAITING
from sim.stations.progress import Progress
from twin.plant.station import Station


class Machine(Progress):
    """One machine of a station; the kinds of station say what a visit is.

    A kind calls `_work` when it starts and is called back by `_finished`; it waits at places
    through `starve` and `_block`, and goes on in `_next` and `_hand_over`.
    """

    __slots__ = (
        "_attend_work",
        "_failures",
        "_gaps",
        "_held",
        "_pending",
        "_queue",
        "_stopped_at",
        "_turn_s",
        "_world",
        "age",
        "cycles",
        "id",
        "log",
        "modes",
        "operators",
        "position_m",
        "station",
    )

    def __init__(self, world: World, station: Station, index: int) -> None:
        self.id = station.machine_ids[index]
        self.station = station
        self.position_m = station.machine_position_m(index)
        self.operators: Pool | None = None
        self.halts: Halts | None = None
        self.log = world.recorder.states(
            self.id, "machine", also=(station.robot, "robot") if station.robot else None
        )
        self.cycles = world.recorder.cycles(station.id, self.id)
        self._world = world
        self._timer = Timer(world.env, self._rang)
        attend = station.attend
        to_the_end = attend is not None and attend.during in {"whole_cycle", "after"}
        self._clock = Timer(world.env, self._attended_over if to_the_end else self._work_over)
        self._held: Call | None = None
        self._then: Callable[[float], None] = self._next
        self._phase = WAITING
        self._queue: Queue | None = None
        self.modes = failure_modes(station)
        self.age = WorkAge(work_clocks(world, station, self.id, self.modes))
        self._turn_s = self._left_s = self._total_s = self._since = 0.0
        self._gaps: Gaps = []
        self._stop: Stop | None = None
        self._stopped_at = 0.0
        self._pending: list[Stop] = []
        self._failures = calendar_failures(world, self.modes, self.id, self.fail)
        self._attend_work = world.draws(attend.work, self.id, "attend") if attend else None
        self.log.enter(modes.STARVED, 0.0)

    # What a kind of station says ---------------------------------------------------------------

    def start(self, now: float) -> None:
        """Begin to look for work or for room; called once, when the whole plant stands."""
        self._then(now)

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

    def _ruin_unit(self, position_s: float) -> int:
        """Mark the unit in work at `position_s` as scrap; return the cycles then over."""
        raise NotImplementedError

    def _abandon(self, now: float) -> None:
        """Give up what others may be waiting for: the machine failed while it waited."""

    def _cycle_ends(self) -> Sequence[float]:
        """Return when the cycles of the work end, in seconds of work."""
        return (self._total_s,)

    def _lot_ends(self) -> bool:
        """Whether the lot is done when the present work is."""
        return True

    def shut(self) -> None:
        """Take nothing new: instead of looking for the next visit, call `_at_gate`."""
        raise NotImplementedError

    def open_again(self) -> None:
        """Look for visits again."""
        raise NotImplementedError

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

    def _block(self, place: Outgoing, now: float) -> None:
        self._phase = WAITING
        self._queue = place.givers
        self._then = self._hand_over
        self.log.enter(modes.NO_TRIP_OUT if place.outbound else modes.BLOCKED, now)

    # Preparation -------------------------------------------------------------------------------

    def _prepare(self, now: float, then: Callable[[float], None]) -> None:
        """Let a worker attend and the machine be set up, then go on."""
        self._phase = ATTENDED
        attend = self.station.attend
        if self.operators is None or attend is None or attend.during == "after":
            self._set_up(now, then)
            return
        mode = modes.CHANGING_ROLL if self.station.kind == "web" else modes.ATTENDED
        if attend.during == "share":
            then = partial(self._leave_during, then)
        self._call_operator(now, mode, partial(self._set_up, then=then), attend.during)

    def _call_operator(
        self, now: float, mode: int, done: Callable[[float], None], during: str
    ) -> None:
        attend = self.station.attend
        if self.operators is None or self._attend_work is None or attend is None:
            raise RuntimeError(f"{self.id} has nobody to call")
        self.log.enter(modes.WAITING_WORKER, now)
        call = self.operators.call(
            self,
            now,
            self._attend_work.one(),
            begun=partial(self.log.enter, mode),
            done=done,
            n=attend.workers,
            skill=attend.skill,
            stays=during in {"whole_cycle", "share"},
        )
        self._held = call if call.stays else None

    def _leave_during(self, then: Callable[[float], None], now: float) -> None:
        """Begin the visit and let the worker go after a share of its time."""
        held, self._held = self._held, None
        then(now)
        if held is not None and self.station.attend is not None:
            held.leave_at(now + (self.station.attend.share or 0.0) * self._total_s)

    def _attended_over(self, timer: Timer) -> None:
        """End a visit at which a worker is needed, or stop within it."""
        age = self.age
        if age.age_s + self._left_s > age.stop_s or not self._lot_ends():
            self._work_over(timer)
        elif self.station.attend is not None and self.station.attend.during == "after":
            age.age_s += self._left_s
            self._left_s = 0.0
            self._phase = ATTENDED
            self._call_operator(timer.due_s, modes.UNLOADED, self._unloaded, "after")
        else:
            held, self._held = self._held, None
            if held is not None:
                held.leave(timer.due_s)
            self._work_over(timer)

    def _unloaded(self, now: float) -> None:
        self._finished(now)
        if self.halts is not None:
            self.halts.back(now)

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
            if self.age.counts and not self._gaps:
                self.age.new_visit(len(self._cycle_ends()))
            self._go_down(now, self._pending.pop(0))
            return
        due_s = now + self._left_s
        age = self.age
        if age.age_s + self._left_s > age.stop_s:
            if age.counts:
                self._plan_counts()
            if age.age_s + self._left_s > age.stop_s:
                due_s = now + max(age.stop_s - age.age_s, 0.0)
        if self.log.mode != modes.WORKING:
            self.log.enter(modes.WORKING, now)
        self._clock.arm(due_s)

    def _plan_counts(self) -> None:
        """Find the next stop where cycles are counted."""
        ends_s = self._cycle_ends()
        if not self._gaps:
            self.age.new_visit(len(ends_s))
        self.age.plan(ends_s, self._total_s - self._left_s, self._left_s)

    def _work_over(self, timer: Timer) -> None:
        age = self.age
        if age.age_s + self._left_s > age.stop_s:
            self._left_s -= age.stop_s - age.age_s
            age.age_s = age.stop_s
            stop = age.stop()
            if stop.upkeep is None:
                self._go_down(timer.due_s, stop)
            else:
                self._upkeep_due(timer.due_s, stop)
        else:
            age.age_s += self._left_s
            self._left_s = 0.0
            self._finished(timer.due_s)

    # Stops -------------------------------------------------------------------------------------

    def fail(self, now: float, stop: Stop) -> None:
        """Stop the machine from outside: by the calendar or by the scenario.

        A machine that is being prepared or is down already fails when it starts to work again.
        """
        waits = stop.mode is not None and stop.mode.model.when_idle == "wait"
        if self._phase in (ATTENDED, DOWN) or (waits and self._phase is WAITING):
            self._pending.append(stop)
            return
        if self._phase is RUNNING:
            self._clock = self._clock.cancelled()
            self._left_s -= now - self._since
            self.age.age_s += now - self._since
        elif self._queue is not None:
            self._queue.remove(self)
            self._go_down(now, stop)
            self._abandon(now)
            return
        self._go_down(now, stop)

    def _go_down(self, now: float, stop: Stop) -> None:
        if stop == HALT:
            self.rest(now)
            return
        was_working = self._phase is RUNNING
        goes_on = self._run_again if was_working else self._then
        self._phase = DOWN
        self._stop, self._stopped_at = stop, now
        if stop.minor:
            self.log.enter(modes.PROTECTIVE_STOP if stop.protective else modes.MINOR_STOP, now)
            self._then = goes_on
            self._timer.arm(now + stop.length_s)
            return
        self._world.recorder.alarms.raise_(self.id, "breakdown", stop.cause, "critical", now)
        repaired = partial(self._repaired, goes_on=goes_on)
        mode = stop.mode
        if mode is None or mode.crew is None:
            self.log.enter(modes.BREAKDOWN, now)
            self._then = repaired
            self._timer.arm(now + stop.length_s)
            return
        self.log.enter(modes.WAITING_REPAIR, now)
        mode.crew.call(
            self,
            now,
            stop.length_s,
            begun=partial(self.log.enter, modes.BREAKDOWN),
            done=repaired,
            n=mode.model.workers,
            skill=mode.model.skill,
        )

    def _repaired(self, now: float, goes_on: Callable[[float], None]) -> None:
        self._world.recorder.alarms.close(self.id, "breakdown", now)
        if self._stop is not None and self._stop.repaired is not None:
            self._stop.repaired(now)
        goes_on(now)
        if self.halts is not None:
            self.halts.back(now)

    def _run_again(self, now: float) -> None:
        stop, position_s = self._stop, self._total_s - self._left_s
        extra_s, over = now - self._stopped_at, GOES_ON
        if stop is not None and stop.unit != "resume":
            lost_s, over = self._lose_unit(position_s, stop)
            extra_s += lost_s
            if self.age.counts:
                self.age.stop_s = -math.inf
        self._gaps.append((position_s, extra_s, over))
        self._stop = None
        self._run(now)
        if self.halts is not None:
            self.halts.back(now)

    def _lose_unit(self, position_s: float, stop: Stop) -> tuple[float, int]:
        """Apply the policy for the unit in work; return its work lost, and cycles that are over."""
        begin_s, end_s = self._unit_span(position_s)
        if stop.unit == "restart":
            self._left_s += position_s - begin_s
            if stop.counted:
                self.age.again()
            return position_s - begin_s, GOES_ON
        over = self._ruin_unit(position_s)
        self._left_s -= end_s - position_s
        self._total_s -= end_s - position_s
        return 0.0, over

    # Rest: off shift and maintenance -----------------------------------------------------------

    @property
    def phase(self) -> int:
        """What it is doing, as far as a stop is concerned."""
        return self._phase

    def cycle_end_s(self, now: float) -> float:
        """Return when the cycle in work ends if nothing stops it."""
        position_s = self._position_s(now)
        return now + max(end_after(self._cycle_ends(), position_s) - position_s, 0.0)

    def is_between_cycles(self, now: float) -> bool:
        """Whether the visit has just begun, or the last cycle of its lot has just ended."""
        return between_cycles(self._cycle_ends(), self._position_s(now))

    def cycles_done(self) -> int:
        """Return the cycles done so far, where they are counted."""
        return self.age.cycles_done(self._cycle_ends(), self._total_s - self._left_s)

    def rest(self, now: float) -> None:
        """Come to rest now: working, or waiting at a place."""
        halts = self.halts
        if halts is None:
            raise RuntimeError(f"{self.id} rests without a reason")
        goes_on = self._then
        if self._phase is RUNNING:
            self._clock = self._clock.cancelled()
            self._left_s -= now - self._since
            self.age.age_s += now - self._since
            self._stop, self._stopped_at = None, now
            goes_on = self._run_again
        elif self._queue is not None:
            self._queue.remove(self)
            self._abandon(now)
        self._phase = DOWN
        halts.arrive(now, goes_on)

    def halt_before_work(self) -> None:
        """Come to rest when work would begin."""
        if HALT not in self._pending:
            self._pending.append(HALT)

    def reopen(self) -> None:
        """Do not come to rest any more."""
        self.open_again()
        if HALT in self._pending:
            self._pending.remove(HALT)

    def _at_gate(self, now: float) -> None:
        """Come to rest instead of looking for the next visit."""
        self._queue = None
        self._then = self._next
        self._phase = WAITING
        self.rest(now)

    def _position_s(self, now: float) -> float:
        return self._total_s - self._left_s + (now - self._since)

    def _upkeep_due(self, now: float, stop: Stop) -> None:
        self._same_visit()
        self._run(now)
        if stop.upkeep is not None:
            stop.upkeep.due(now)

    def _rang(self, timer: Timer) -> None:
        self._then(timer.due_s)
