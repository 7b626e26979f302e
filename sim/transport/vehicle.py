"""Vehicles: how they drive from stop to stop, node by node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sim.core.lot import Lot
from sim.core.timer import Timer
from sim.core.world import World
from sim.record import mode as modes
from sim.transport.guarded import GuardedTraffic
from sim.transport.law import Law, Steps
from sim.transport.network import Point, Roads
from sim.transport.traffic import Traffic


class Owner(Protocol):
    """Who decides what a vehicle does."""

    def left_stop(self, stop: str, now: float) -> None:
        """It has left a stop."""

    def breaks_down(self, now: float) -> bool:
        """Whether it breaks down where it stands."""

    def fails_within(self, work_s: float) -> bool:
        """Whether it has failed, or will before it has driven for so long."""


class Vehicle:
    """One vehicle on its roads; `drive` takes it to a stop.

    It drives through a node at full speed where the way is straight and the node behind it could
    be claimed in time; else it stops there, turns on the spot, and goes on when it may.
    """

    __slots__ = (
        "_arrived", "_before", "_claimed", "_departing", "_faced", "_guard", "_k", "_law",
        "_moving", "_note", "_number", "_owner", "_purpose", "_rolling", "_route", "_timer",
        "_traffic", "_v_max", "can_break", "driving_s", "halted", "here", "home", "id", "job",
        "loaded_s", "log", "lots", "needs",
    )  # fmt: skip

    def __init__(
        self,
        world: World,
        owner: Owner,
        vehicle: str,
        home: str,
        *,
        law: Law,
        roads: Roads,
        traffic: Traffic,
    ) -> None:
        number = world.recorder.names.number
        self.id = vehicle
        self.home = home
        self.lots: list[Lot] = []
        self.needs: list[Point] = []
        self.job = -1
        self.driving_s = 0.0
        self.loaded_s = 0.0
        self.can_break = False
        self.halted = False
        self.here = roads.points[home]
        self.log = world.recorder.states(vehicle, "agv")
        self._owner = owner
        self._law = law
        self._v_max = law.speeds_mps
        self._traffic = traffic
        self._guard = traffic if isinstance(traffic, GuardedTraffic) else None
        self._note = world.recorder.legs.add
        self._before = world.recorder.legs.before
        self._number = number(vehicle)
        self._timer = Timer(world.env, self._reached)
        self._route: Steps = ()
        self._k = 0
        self._claimed = 0
        self._moving = False
        self._departing = False
        self._rolling = False
        self._faced = roads.edges[roads.node_of(home), home]
        self._purpose: float = number("park")
        self._arrived: Callable[[float], None] = self._stay
        self.log.enter(modes.IDLE, 0.0)

    @property
    def committed_to(self) -> Point:
        """The node or stop from which it can still choose its way."""
        return self._route[self._claimed - 1].target if self._claimed > self._k else self.here

    @property
    def has_arrived(self) -> bool:
        """Whether it is at the end of its way."""
        return self._k == len(self._route)

    @property
    def stands(self) -> bool:
        """Whether it is not on its way from one point to the next."""
        return not self._moving

    @property
    def stands_at(self) -> str | None:
        """The stop it stands at; None if it is on its way."""
        return self.here.name if self.here.is_stop and not self._moving else None

    @property
    def stands_on(self) -> Point | None:
        """The node it stands on; None if it is at a stop or on its way."""
        return None if self.here.is_stop or self._moving else self.here

    def stand_at(self, stop: str, roads: Roads) -> None:
        """Begin the run at a stop (initial state)."""
        self.here = roads.points[stop]
        self._faced = roads.edges[roads.node_of(stop), stop]

    def drive(
        self, now: float, stop: str, purpose: float, arrived: Callable[[float], None]
    ) -> None:
        """Drive to a stop that is reserved for it, and call `arrived` there.

        On its way already, it turns off at the first node it has not claimed yet.
        """
        self._purpose, self._arrived = purpose, arrived
        loaded = bool(self.lots)
        ahead = self._route[self._k : self._claimed]
        start = ahead[-1].target if ahead else self.here
        way = self._law.way(start.name, stop, loaded=loaded)
        self._route = self._law.joined(ahead, way, loaded=loaded)
        self._claimed -= self._k
        self._k = 0
        if not self._moving and not self.halted:
            self._traffic.give_up(self, now)
            self.go_on(now)

    def halt(self, now: float) -> None:
        """Stay where it stands until `resume`, and wait for nothing."""
        self.halted = True
        self._traffic.give_up(self, now)
        self._traffic.look_again(now)

    def resume(self, now: float) -> None:
        """Go on after `halt`."""
        self.halted = False
        self.go_on(now)

    def granted(self, now: float, arrive_s: float) -> None:
        """The nodes it waited for are its own."""
        self._claimed = self._k + self._n_ahead(self._k)
        depart_s = arrive_s - self.leg_s()
        if depart_s > now:
            self._moving = self._departing = True
            self._timer.arm(depart_s)
        else:
            self._leg(now, may_roll=arrive_s <= now)

    def leg_s(self) -> float:
        """Return how long it takes to the next point, stopping there."""
        step = self._route[self._k]
        turn_s = self._law.turn_s(self._faced, step.edge) if step.has_length else 0.0
        return turn_s + step.leg_s[0]

    def go_on(self, now: float) -> None:
        """Drive the next leg, wait for it, or arrive."""
        k = self._k
        if k == len(self._route):
            self._arrived(now)
        elif self._claimed > k or self._claim():
            self._leg(now, may_roll=True)
        else:
            self.log.enter(modes.WAITING_TRAFFIC, now)
            self._traffic.wait(self, self._ahead(k), now)

    def _claim(self) -> bool:
        """Claim the next point of the route that is not claimed yet."""
        point = self._route[self._claimed].target
        if point.is_stop:
            self._claimed += 1
            return True
        if self._guard is None:
            if point.holder is not None:
                return False
            point.holder = self
            self._claimed += 1
            return True
        if not self._guard.claim(self, self._ahead(self._claimed)):
            return False
        self._claimed += self._n_ahead(self._claimed)
        return True

    def _n_ahead(self, k: int) -> int:
        """Return how many edges from the k-th on are claimed together: through blocks."""
        n = 1
        for step in self._route[k:]:
            if step.target.block is None:
                return n
            n += 1
        return n - 1

    def _ahead(self, k: int) -> list[Point]:
        points = [step.target for step in self._route[k : k + self._n_ahead(k)]]
        return [point for point in points if not point.is_stop]

    def _leg(self, now: float, *, may_roll: bool) -> None:
        """Turn where it stands, if it must, and drive to the next point of the route."""
        k, rolling, lots = self._k, self._rolling, self.lots
        step = self._route[k]
        v_max = self._v_max[bool(lots)]
        if self.can_break and step.rolls[rolling] and may_roll:
            may_roll = not self._owner.fails_within(self.leg_s() if not rolling else step.leg_s[2])
        rolls_out = step.rolls[rolling] and may_roll and (self._claimed > k + 1 or self._claim())
        turn_s = 0.0
        end_s = now + step.leg_s[2 * rolling + rolls_out]
        if step.has_length:
            edge = step.edge
            if not rolling:
                turn_s = self._law.turn_s(self._faced, edge)
                end_s = now + turn_s + step.leg_s[rolls_out]
            self._faced = edge
            self._note((
                self._number, self._purpose, self.job, lots[0].id if lots else -1, edge.number,
                now, turn_s, end_s, v_max, 2 * rolling + rolls_out, len(lots), len(self._before),
            ))  # fmt: skip
        self.driving_s += end_s - now
        if lots:
            self.loaded_s += end_s - now
        self._rolling = rolls_out
        self._moving = True
        mode = modes.LOADED if lots else modes.DRIVING
        if self.log.mode != mode:
            self.log.enter(mode, now)
        self._timer.arm(end_s)

    def _reached(self, timer: Timer) -> None:
        now = timer.due_s
        if self._departing:
            self._departing = False
            self._leg(now, may_roll=False)
            return
        behind = self.here
        self.here = self._route[self._k].target
        self._k += 1
        if behind.is_stop:
            self._owner.left_stop(behind.name, now)
        elif self._guard is None and not behind.queue and behind.holder is self:
            behind.holder = None
        else:
            self._traffic.release(behind, self, now)
        self._moving = False
        if self.can_break and not self._rolling and self._owner.breaks_down(now):
            self.halted = True
            self._traffic.look_again(now)
        else:
            self.go_on(now)

    def _stay(self, now: float) -> None:
        """Nothing to do where it was created."""
