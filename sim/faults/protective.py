"""Protective stops that a scenario asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from sim.core.timer import Timer
from sim.core.world import World
from sim.stations.breakdown import Stop
from sim.stations.phase import RUNNING
from twin.plant.base import Duration
from twin.plant.faults import Fault
from twin.plant.robot_faults import ProtectiveStop

CODE = "protective_stop"


class Stoppable(Protocol):
    """A machine that can be made to stop."""

    @property
    def phase(self) -> int:
        """What it is doing, as far as a stop is concerned."""

    def fail(self, now: float, stop: Stop) -> None:
        """Stop it."""


class ProtectiveStops:
    """Stops one robot again and again while it works.

    Gaps are exponential on the clock; a gap that ends while the robot stands is no stop, so the
    rate holds for each hour of work.
    """

    def __init__(self, world: World, fault: ProtectiveStop, machine: Stoppable) -> None:
        self.id = f"{fault.robot}@{fault.at:g}"
        self._fault = fault
        self._machine = machine
        self._alarms = world.recorder.alarms
        gap = Duration(mean_s=3600 / fault.rate_per_h, kind="exponential")
        purpose = f"{CODE}@{fault.at:g}"
        self._gap = world.draws(gap, fault.robot, f"{purpose}/gap")
        self._length = world.draws(fault.duration, fault.robot, f"{purpose}/length")
        self._stopped = False
        self._timer = Timer(world.env, self._rang)
        self._timer.arm(fault.at + self._gap.one())

    def _rang(self, timer: Timer) -> None:
        now, fault = timer.due_s, self._fault
        if self._stopped:
            self._stopped = False
            self._alarms.close(fault.robot, CODE, now)
        elif fault.until is not None and now >= fault.until:
            return
        elif self._machine.phase == RUNNING:
            length_s = self._length.one()
            self._stopped = True
            self._alarms.raise_(fault.robot, CODE, "safety", "warning", now)
            self._machine.fail(now, Stop(length_s, minor=True, cause=CODE, protective=True))
            self._timer.arm(now + length_s)
            return
        self._timer.arm(now + self._gap.one())


def schedule_protective_stops(
    world: World, faults: Iterable[Fault], machines: Mapping[str, Stoppable]
) -> list[ProtectiveStops]:
    """Let robots stop as the scenario says; `machines` by the robot they are moved by."""
    return [
        ProtectiveStops(world, fault, machines[fault.robot])
        for fault in faults
        if isinstance(fault, ProtectiveStop) and fault.robot in machines
    ]
