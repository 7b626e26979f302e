"""Breakdowns of vehicles and cranes: a broken one stands where it is, and keeps what it holds.

A failure while driving, loading or unloading shows when the vehicle or crane next stands still.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sim.core.timer import Timer
from sim.core.world import World
from sim.people.pool import Pool
from sim.record import mode as modes
from sim.record.log import StateLog
from sim.stations.breakdown import (
    CalendarFailures,
    FailureMode,
    Stop,
    WorkClock,
    time_to_failure,
)
from twin.plant.base import Vec2, Vec3
from twin.plant.failure import Breakdown


class Failing(Protocol):
    """A vehicle or crane as its breakdowns see it."""

    id: str
    log: StateLog

    @property
    def operated_s(self) -> float:
        """Time it has driven, loaded and unloaded so far."""

    @property
    def at_m(self) -> Vec2:
        """Where it stands."""

    @property
    def body_m(self) -> Vec3:
        """Its size."""

    def stop_now(self, now: float) -> None:
        """Break down at once, if it stands; it calls `Outage.strikes`."""


@dataclass(frozen=True)
class Body:
    """What a worker needs to know of a vehicle: how far from its middle to stand."""

    size_m: Vec3
    heading_deg: float = 0.0
    priority: int = 0


@dataclass(frozen=True)
class Roadside:
    """Where a worker repairs a vehicle."""

    id: str
    station: Body
    position_m: Vec3


class Outage:
    """The breakdowns of one vehicle or crane."""

    def __init__(
        self, world: World, vehicle: Failing, breakdown: Breakdown | None, crew: Pool | None
    ) -> None:
        self.down = False
        self._vehicle = vehicle
        self._crew = crew
        self._alarms = world.recorder.alarms
        self._pending: deque[Stop] = deque()
        self._timer = Timer(world.env, self._rang)
        self._stop = Stop(0.0)
        self._resume: Callable[[float], None] = self._begun
        self.modes: list[FailureMode] = []
        self._failures: CalendarFailures | None = None
        self._clock: WorkClock | None = None
        if breakdown is None:
            return
        mode = FailureMode("breakdown", breakdown, breakdown.code, "breakdown", crew)
        self.modes.append(mode)
        if breakdown.clock == "calendar":
            self._failures = CalendarFailures(world, mode, vehicle.id, self.fail)
        else:
            self._clock = WorkClock(
                world.draws(time_to_failure(breakdown), vehicle.id, "breakdown/gap"),
                world.draws(breakdown.repair, vehicle.id, "breakdown/length"),
                minor=False,
                mode=mode,
            )

    def fail(self, now: float, stop: Stop) -> None:
        """Let the vehicle fail as soon as it stands still; one that is down fails again later."""
        self._pending.append(stop)
        if not self.down:
            self._vehicle.stop_now(now)

    def is_due(self, work_s: float) -> bool:
        """Whether a failure has come that does not show yet, or comes within so much work."""
        clock = self._clock
        return bool(self._pending) or (
            clock is not None and self._vehicle.operated_s + work_s >= clock.due_age_s
        )

    def strikes(self, now: float, resume: Callable[[float], None]) -> bool:
        """Whether the vehicle, which stands still, breaks down now; `resume` follows the repair."""
        clock = self._clock
        if clock is not None and self._vehicle.operated_s >= clock.due_age_s:
            self._pending.append(clock.stop())
        if not self._pending:
            return False
        self._resume = resume
        self._begin(now)
        return True

    def _begin(self, now: float) -> None:
        vehicle, stop = self._vehicle, self._pending.popleft()
        self.down = True
        self._stop = stop
        self._alarms.raise_(vehicle.id, "breakdown", stop.cause, "critical", now)
        if self._crew is None:
            vehicle.log.enter(modes.BREAKDOWN, now)
            self._timer.arm(now + stop.length_s)
            return
        vehicle.log.enter(modes.WAITING_REPAIR, now)
        place = Roadside(vehicle.id, Body(vehicle.body_m), (*vehicle.at_m, 0.0))
        needs = stop.mode.model if stop.mode else None
        self._crew.call(
            place,
            now,
            stop.length_s,
            begun=self._begun,
            done=self._repaired,
            n=needs.workers if needs else 1,
            skill=needs.skill if needs else None,
        )

    def _begun(self, now: float) -> None:
        self._vehicle.log.enter(modes.BREAKDOWN, now)

    def _rang(self, timer: Timer) -> None:
        self._repaired(timer.due_s)

    def _repaired(self, now: float) -> None:
        self.down = False
        self._alarms.close(self._vehicle.id, "breakdown", now)
        if self._stop.repaired is not None:
            self._stop.repaired(now)
        if self._pending:
            self._begin(now)
        else:
            self._resume(now)
