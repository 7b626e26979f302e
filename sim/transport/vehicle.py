"""Vehicles: how they drive from stop to stop, node by node."""

from __future__ import annotations

from collections.abc import Callable

from sim.core.lot import Lot
from sim.core.timer import Timer
from sim.core.world import World
from sim.record import mode as modes
from sim.transport.network import Edge, Roads
from sim.transport.traffic import Traffic
from twin.motion.vehicle import leg_time_s, turn_time_s
from twin.plant.transport import AgvFleet

STRAIGHT_DEG = 0.5
"""Two edges whose headings differ by less are driven through without stopping."""


class Vehicle:
    """One vehicle on its roads; `drive` takes it to a stop.

    It drives through a node at full speed where the way is straight and the node behind it could
    be claimed in time; else it stops there, turns on the spot, and goes on when it may.
    """

    def __init__(
        self,
        world: World,
        model: AgvFleet,
        vehicle: str,
        home: str,
        *,
        roads: Roads,
        traffic: Traffic,
        left_stop: Callable[[str, float], None],
    ) -> None:
        self.id = vehicle
        self.home = home
        self.lots: list[Lot] = []
        self.wants: str | None = None
        self.job = -1
        self.driving_s = 0.0
        self.log = world.recorder.states(vehicle, "agv")
        self._model = model
        self._roads = roads
        self._traffic = traffic
        self._left_stop = left_stop
        self._row = world.recorder.row
        self._timer = Timer(world.env, self._reached)
        self._route: list[str] = [home]
        self._k = 0
        self._claimed = 0
        self._moving = False
        self._speed_mps = 0.0
        self._heading_deg = roads.edges[roads.node_of(home), home].heading_deg
        self._purpose = "park"
        self._arrived: Callable[[float], None] = self._stay
        self.log.enter(modes.IDLE, 0.0)

    @property
    def next_node(self) -> str:
        """The node from which it can still choose its way."""
        return self._roads.node_of(self._route[self._claimed])

    @property
    def stands_at(self) -> str | None:
        """The stop it stands at; None if it is on its way."""
        here = self._route[self._k]
        return here if here in self._roads.stops and not self._moving else None

    @property
    def stands_on(self) -> str | None:
        """The node it stands on; None if it is at a stop or on its way."""
        here = self._route[self._k]
        return here if here not in self._roads.stops and not self._moving else None

    def stand_at(self, stop: str) -> None:
        """Begin the run at a stop (initial state)."""
        self._route = [stop]
        self._heading_deg = self._roads.edges[self._roads.node_of(stop), stop].heading_deg

    def drive(self, now: float, stop: str, purpose: str, arrived: Callable[[float], None]) -> None:
        """Drive to a stop that is reserved for it, and call `arrived` there.

        On its way already, it turns off at the first node it has not claimed yet.
        """
        self._purpose, self._arrived = purpose, arrived
        last = self._route[self._claimed]
        if last == stop:
            way = []
        else:
            way = self._roads.path(self._roads.node_of(last), self._roads.stops[stop].node)
            way = [*(way if last in self._roads.stops else way[1:]), stop]
        self._route = self._route[self._k : self._claimed + 1] + way
        self._claimed -= self._k
        self._k = 0
        if not self._moving:
            self._traffic.give_up(self)
            self._go_on(now)

    def granted(self, now: float) -> None:
        """The next node is free."""
        self._claimed = self._k + 1
        self._leg(now)

    def _go_on(self, now: float) -> None:
        following = self._k + 1
        if following == len(self._route):
            self._arrived(now)
        elif self._claimed >= following or self._claim(following):
            self._leg(now)
        else:
            self.log.enter(modes.WAITING_TRAFFIC, now)
            self._traffic.wait(self._route[following], self, now)

    def _claim(self, k: int) -> bool:
        point = self._route[k]
        if point not in self._roads.stops and not self._traffic.claim(point, self):
            return False
        self._claimed = k
        return True

    def _leg(self, now: float) -> None:
        """Turn where it stands, if it must, and drive to the next point of the route."""
        edge = self._edge(self._k)
        model, loaded = self._model, bool(self.lots)
        v_max = model.speed_loaded_mps if loaded else model.speed_empty_mps
        v_in, turn_s = self._speed_mps, 0.0
        if not v_in and edge.length_m:
            turn_s = turn_time_s(edge.heading_deg - self._heading_deg, model.turn_dps)
        v_out = v_max if self._drives_through(edge, v_in, v_max) else 0.0
        end_s = (
            now + turn_s + leg_time_s(edge.length_m, v_in, v_out, v_max, model.acceleration_mps2)
        )
        if edge.length_m:
            self._heading_deg = edge.heading_deg
            self._row(
                "moves",
                self.id,
                "agv",
                self._purpose,
                self.job,
                self.lots[0].id if loaded else -1,
                edge.origin,
                edge.target,
                *edge.from_m,
                0.0,
                *edge.to_m,
                0.0,
                now,
                turn_s,
                end_s,
                v_in,
                v_out,
                v_max,
                len(self.lots),
            )
        self.driving_s += end_s - now
        self._speed_mps = v_out
        self._moving = True
        self.log.enter(modes.LOADED if loaded else modes.DRIVING, now)
        self._timer.arm(end_s)

    def _drives_through(self, edge: Edge, v_in: float, v_max: float) -> bool:
        """Whether it need not stop at the end of an edge; claims what it needs for that."""
        after = self._k + 2
        if after >= len(self._route):
            return False
        following = self._edge(self._k + 1)
        turn = abs((following.heading_deg - edge.heading_deg + 180.0) % 360.0 - 180.0)
        braking_m = v_max * v_max / (2 * self._model.acceleration_mps2)
        if turn > STRAIGHT_DEG or following.length_m < braking_m:
            return False
        if not v_in and edge.length_m < braking_m:
            return False
        return self._claim(after)

    def _reached(self, timer: Timer) -> None:
        now = timer.due_s
        behind = self._route[self._k]
        self._k += 1
        if behind in self._roads.stops:
            self._left_stop(behind, now)
        else:
            self._traffic.release(behind, self, now)
        self._moving = False
        self._go_on(now)

    def _edge(self, k: int) -> Edge:
        return self._roads.edges[self._route[k], self._route[k + 1]]

    def _stay(self, now: float) -> None:
        """Nothing to do where it was created."""
