"""Stacker cranes: one lot at a time, between places and slots and from store to store.

Of all flows that can move a lot now, the crane serves the one that has been able to for the
longest time, so none waits for ever. Travel along the rail and lifting happen at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import dist

import numpy as np

from sim.core.lot import Lot
from sim.core.timer import Timer
from sim.core.world import World
from sim.people.pool import Pool
from sim.places.place import Place
from sim.record import mode as modes
from sim.stations.breakdown import FailureMode, Stop
from sim.stations.store import Store
from sim.transport.outage import Outage
from twin.motion.place import RailFoot, hand_over_m, slots_m
from twin.motion.vehicle import crane_time_s
from twin.plant.base import Vec2, Vec3
from twin.plant.place import Buffer, Conveyor
from twin.plant.transport import Crane as CraneModel


@dataclass(slots=True)
class Hold:
    """A promised lot or reserved room: where, and what to do there."""

    place: str
    at_m: Vec3
    collect: Callable[[float], Lot]
    deliver: Callable[[Lot, float], None]


@dataclass(frozen=True)
class PlaceEnd:
    """A buffer or conveyor as one end of a flow."""

    place: Place
    at_m: Vec3

    @property
    def id(self) -> str:
        """The place."""
        return self.place.id

    def can_give(self) -> bool:
        """Whether a lot can be fetched."""
        return self.place.stock > 0

    def can_receive(self) -> bool:
        """Whether there is room."""
        return self.place.room > 0

    def give(self, now: float) -> Hold:
        """Promise a lot to the crane."""
        self.place.promise(1, now)
        return Hold(self.place.id, self.at_m, self.place.collect, self.place.deliver)

    def receive(self, now: float) -> Hold:
        """Reserve room for a lot."""
        self.place.reserve(1, now)
        return Hold(self.place.id, self.at_m, self.place.collect, self.place.deliver)


@dataclass(frozen=True)
class StoreEnd:
    """A store as one end of a flow."""

    store: Store
    slots_m: np.ndarray

    @property
    def id(self) -> str:
        """The store."""
        return self.store.id

    @property
    def can_give(self) -> Callable[[], bool]:
        """Whether a lot can be fetched."""
        return self.store.has_ready

    @property
    def can_receive(self) -> Callable[[], bool]:
        """Whether there is room."""
        return self.store.has_room

    def give(self, now: float) -> Hold:  # noqa: ARG002
        """Promise a lot to the crane."""
        return self._hold(self.store.promise_lot())

    def receive(self, now: float) -> Hold:  # noqa: ARG002
        """Reserve room for a lot."""
        return self._hold(self.store.reserve_slot())

    def _hold(self, slot: int) -> Hold:
        store = self.store
        x, y, z = self.slots_m[slot].tolist()
        return Hold(
            store.id,
            (x, y, z),
            partial(store.leave, slot),
            partial(store.bring, slot),
        )


End = PlaceEnd | StoreEnd


@dataclass
class Flow:
    """Lots that go from one end to another; `since_s` is when it last became possible."""

    origin: End
    target: End
    since_s: float | None = None

    def __post_init__(self) -> None:
        """Look up once what is asked at every change."""
        self.gives = self.origin.can_give
        self.receives = self.target.can_receive

    @property
    def id(self) -> str:
        """Where it begins and ends."""
        return f"{self.origin.id}>{self.target.id}"


def place_end(place: Place, model: Buffer | Conveyor, *, put: bool) -> PlaceEnd:
    """Return a buffer or conveyor as an end of a flow."""
    return PlaceEnd(place, hand_over_m(model, put=put))


def store_end(store: Store) -> StoreEnd:
    """Return a store as an end of a flow."""
    return StoreEnd(store, slots_m(store.station))


class Crane:
    """One stacker crane and the flows it serves.

    Attributes
    ----------
    operated_s : float
        Time it has travelled and moved its forks, up to the end of what it is doing.
    """

    def __init__(
        self, world: World, model: CraneModel, flows: list[Flow], crew: Pool | None = None
    ) -> None:
        self.id = model.id
        self._model = model
        self._flows = flows
        self._next_job = world.numbers.job
        self._names = world.recorder.names
        self._note_move = world.recorder.add_move
        self.log = world.recorder.states(model.id, "crane")
        self.log.enter(modes.IDLE, 0.0)
        self.operated_s = 0.0
        self._timer = Timer(world.env, self._rang)
        self._then: Callable[[float], None] = self._idle
        self._busy = True
        self._lot: Lot | None = None
        self._job = -1
        self._foot = RailFoot(model)
        (x, y), _ = model.rail_m
        self._at_m: Vec3 = (x, y, 0.0)
        self._at = model.id
        self._world = world
        self.outage: Outage | None = None
        if model.breakdown is not None:
            self.outage = Outage(world, self, model.breakdown, crew)
        for flow in flows:
            for end in (flow.origin, flow.target):
                watched = end.place if isinstance(end, PlaceEnd) else end.store
                if self.poke not in watched.watchers:
                    watched.watchers.append(self.poke)

    @property
    def target(self) -> str:
        """Where it drives to or stands."""
        return self._at

    def start(self, now: float) -> None:
        """Begin to serve."""
        self._idle(now)

    def held(self) -> Iterator[Lot]:
        """The lot on the forks."""
        if self._lot is not None:
            yield self._lot

    def poke(self, now: float) -> None:
        """Something has changed: see which flows are possible, and start if idle."""
        can_move = False
        for flow in self._flows:
            if not (flow.gives() and flow.receives()):
                flow.since_s = None
                continue
            can_move = True
            if flow.since_s is None:
                flow.since_s = now
        if can_move and not self._busy:
            self._choose(now)

    def _rang(self, timer: Timer) -> None:
        outage = self.outage
        if outage is None or not outage.strikes(timer.due_s, self._then):
            self._then(timer.due_s)

    # --- breakdowns -------------------------------------------------------------------------

    @property
    def at_m(self) -> Vec2:
        """Where it stands, or where its travel ends."""
        return self._at_m[:2]

    @property
    def body_m(self) -> Vec3:
        """Size of its mast."""
        return (*self._model.mast_m, self._model.height_m)

    @property
    def modes(self) -> list[FailureMode]:
        """Its kinds of failure."""
        return [] if self.outage is None else self.outage.modes

    def fail(self, now: float, stop: Stop) -> None:
        """Break down when it next stands still."""
        if self.outage is None:
            self.outage = Outage(self._world, self, None, None)
        self.outage.fail(now, stop)

    def stop_now(self, now: float) -> None:
        """Break down at once if it has nothing to do."""
        if not self._busy and self.outage is not None:
            self._busy = True
            self.outage.strikes(now, self._idle)

    # --- what it does -----------------------------------------------------------------------

    def _idle(self, now: float) -> None:
        self._busy = False
        self.log.enter(modes.IDLE, now)
        self.poke(now)

    def _choose(self, now: float) -> None:
        waiting = [(f.since_s, k) for k, f in enumerate(self._flows) if f.since_s is not None]
        if not waiting:
            return
        flow = self._flows[min(waiting)[1]]
        self._busy = True
        self._job = self._next_job()
        pick, drop = flow.origin.give(now), flow.target.receive(now)
        flow.since_s = None
        self.log.enter(modes.DRIVING, now)
        self._travel(now, "fetch", pick, partial(self._load, pick=pick, drop=drop))

    def _load(self, now: float, pick: Hold, drop: Hold) -> None:
        self.log.enter(modes.LOADING, now)
        self._wait(now, partial(self._carry, pick=pick, drop=drop))

    def _carry(self, now: float, pick: Hold, drop: Hold) -> None:
        self._lot = pick.collect(now)
        self.log.enter(modes.LOADED, now)
        self._travel(now, "deliver", drop, partial(self._unload, drop=drop))

    def _unload(self, now: float, drop: Hold) -> None:
        self.log.enter(modes.UNLOADING, now)
        self._wait(now, partial(self._put_down, drop=drop))

    def _put_down(self, now: float, drop: Hold) -> None:
        lot, self._lot = self._lot, None
        if lot is not None:
            drop.deliver(lot, now)
        self._idle(now)

    def _wait(self, now: float, then: Callable[[float], None]) -> None:
        self._then = then
        self.operated_s += self._model.fork_s
        self._timer.arm(now + self._model.fork_s)

    def _travel(self, now: float, purpose: str, hold: Hold, then: Callable[[float], None]) -> None:
        x, y, z = hold.at_m
        to_m: Vec3 = (*self._foot.of(x, y), z)
        due_s = now + self._travel_s(self._at_m, to_m)
        if due_s > now:
            names, lot = self._names, self._lot
            self._note_move((
                names[self.id], names["crane"], names[purpose], self._job, lot.id if lot else -1,
                names[self._at], names[hold.place], *self._at_m, *to_m, now, 0.0, due_s,
                0.0, 0.0, self._model.speed_mps, 1 if lot else 0,
            ))  # fmt: skip
        self._at_m, self._at = to_m, hold.place
        self._then = then
        self.operated_s += due_s - now
        self._timer.arm(due_s)

    def _travel_s(self, from_m: Vec3, to_m: Vec3) -> float:
        model = self._model
        return crane_time_s(
            dist(from_m[:2], to_m[:2]),
            to_m[2] - from_m[2],
            v_along=model.speed_mps,
            a_along=model.acceleration_mps2,
            v_lift=model.lift_mps,
            a_lift=model.lift_acceleration_mps2,
        )
