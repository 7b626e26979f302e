"""Faults that switch something on and off: short stops, slow repairs, people, batteries, roads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from sim.core.world import World
from sim.faults.window import holds
from sim.people.pool import Pool
from sim.stations.breakdown import FailureMode, WorkClock
from sim.stations.machine import Machine
from sim.transport.carrier import Carrier
from sim.transport.network import Point
from sim.transport.traffic import Traffic
from twin.plant.base import Duration
from twin.plant.station_faults import BatteryAgeing, MicroStops, SlowRepair, WorkerShortage


class ExtraStops(WorkClock):
    """Short stops of one machine: a Poisson process on its working time while the fault holds."""

    __slots__ = ("_machine", "_name")

    def __init__(self, world: World, machine: Machine, fault: MicroStops) -> None:
        purpose = f"micro_stops@{fault.at:g}"
        gap = Duration(mean_s=3600 / fault.per_h, kind="exponential")
        length = Duration(mean_s=fault.length_s, kind="exponential")
        super().__init__(
            world.draws(gap, machine.id, f"{purpose}/gap"),
            world.draws(length, machine.id, f"{purpose}/length"),
            minor=True,
        )
        self._name = purpose
        self._machine = machine
        self.due_age_s = math.inf
        machine.age.add(self)

    @property
    def id(self) -> str:
        """Which cause it is."""
        return self._name

    def switch(self, now: float, on: bool) -> None:
        """Begin or end."""
        self._machine.replan(now, self._begin if on else self._end)

    def _begin(self) -> None:
        self.due_age_s = self._machine.age.age_s + self._gap.one()
        self._machine.age.refresh()

    def _end(self) -> None:
        self.due_age_s = math.inf
        self._machine.age.refresh()


class Repaired(Protocol):
    """A machine or tower."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def modes(self) -> list[FailureMode]:
        """Its kinds of failure."""


class SlowRepairs:
    """How much longer the repairs of one machine take."""

    def __init__(self, machine: Repaired, faults: Sequence[SlowRepair]) -> None:
        self.id = "slow_repairs"
        self._modes = machine.modes
        self._faults = [*faults]

    def switch(self, now: float, _on: bool) -> None:
        """Take the repair times that hold now; a repair that has begun goes on as it was."""
        factor = math.prod(fault.factor for fault in self._faults if holds(fault, now))
        for mode in self._modes:
            mode.repair_factor = factor


class Shortage:
    """The workers of one pool who are missing."""

    def __init__(self, pool: Pool, faults: Sequence[WorkerShortage]) -> None:
        self.id = "shortage"
        self._pool = pool
        self._faults = [*faults]

    def switch(self, now: float, _on: bool) -> None:
        """Put on duty who is left; who is at work ends it first."""
        missing = sum(fault.missing for fault in self._faults if holds(fault, now))
        self._pool.miss(missing, now)


class Ageing:
    """The batteries of one vehicle."""

    def __init__(self, carrier: Carrier, faults: Sequence[BatteryAgeing]) -> None:
        self.id = "ageing"
        self._carrier = carrier
        self._faults = [*faults]

    def switch(self, now: float, _on: bool) -> None:
        """Take the capacity and the charging power that hold now."""
        held = [fault for fault in self._faults if holds(fault, now)]
        self._carrier.age_battery(
            math.prod(f.capacity_factor for f in held),
            math.prod(f.charge_rate_factor for f in held),
        )


class Closure:
    """A closed lane node: to the traffic it is a vehicle that stands on it.

    It claims the node when it is free, first come, first served, and never waits while it holds
    it. So for all others it is what a broken vehicle is, and the proof that no vehicle waits for
    ever holds as it does for those (see docs/background-vehicles.md).
    """

    halted = False

    def __init__(self, traffic: Traffic, point: Point) -> None:
        self.id = f"closed_{point.name}"
        self.needs: list[Point] = []
        self.here = point
        self._traffic = traffic

    def leg_s(self) -> float:
        """It drives nowhere."""
        return 0.0

    def granted(self, now: float, arrive_s: float) -> None:
        """Hold the node."""

    def switch(self, now: float, on: bool) -> None:
        """Close the node as soon as it is free, or open it."""
        traffic, needs = self._traffic, [self.here]
        if on:
            if not traffic.claim(self, needs):
                traffic.wait(self, needs, now)
        elif self.needs:
            traffic.give_up(self, now)
        else:
            traffic.release(self.here, self, now)
