"""Vehicles and cranes, and the network they drive on."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from pydantic import Field

from twin.plant.base import Fraction, Id, Model, NonNegative, Positive, TimeS, Vec2, Vec3
from twin.plant.failure import Breakdown


class Stop(Model):
    """A place beside the lanes where a vehicle loads, unloads, parks or charges."""

    node: Id = Field(description="Lane node it is reached from and left to")
    position_m: Vec2
    charger: bool = False
    place: Id | None = Field(None, description="Buffer, source or sink served here; None: parking")


class LaneBlock(Model):
    """Nodes that vehicles enter only when the whole way through them is free.

    Lanes that touch a block may be opposite to each other: a corridor driven both ways, or a
    dead end. Vehicles never wait inside a block.
    """

    nodes: list[Id] = Field(
        min_length=1, description="For `one_direction` in the order in which they lie"
    )
    allow: Literal["one_vehicle", "one_direction"] = Field(
        "one_vehicle",
        description="one_vehicle: one at a time; one_direction: several that go the same way",
    )


class LaneZone(Model):
    """Nodes that only so many vehicles may be on at a time."""

    nodes: list[Id] = Field(min_length=1)
    max_vehicles: int = Field(ge=1)


class RouteNetwork(Model):
    """One-way lanes between nodes, and stops beside them.

    Deadlock freedom needs: every node reachable from every other, no two opposite lanes between
    the same two nodes unless a block holds one of them, stops off the lanes.
    """

    id: Id
    nodes: dict[Id, Vec2]
    lanes: list[list[Id]] = Field(description="Each a one-way chain of nodes")
    stops: dict[Id, Stop]
    blocks: dict[Id, LaneBlock] = Field(default_factory=dict)
    zones: dict[Id, LaneZone] = Field(default_factory=dict)

    @property
    def edges(self) -> list[tuple[str, str]]:
        """Directed lane segments, each once, in order of declaration."""
        pairs = [(a, b) for lane in self.lanes for a, b in pairwise(lane)]
        return list(dict.fromkeys(pairs))


class Battery(Model):
    """Energy store of a vehicle, as shares of full charge."""

    runtime_h: Positive = Field(description="Driving time from full to empty")
    runtime_loaded_h: Positive | None = Field(
        None, description="Driving time from full to empty with a load; None: `runtime_h`"
    )
    idle_h: Positive | None = Field(
        None, description="Time from full to empty when not driving; None: standing uses nothing"
    )
    charge_h: Positive = Field(description="Time from empty to full")
    charge_below: Fraction = Field(0.2, description="Charged before the next trip below this")
    charge_to: Fraction = Field(0.9, description="Level at which charging ends")
    charge_when: Literal["below", "opportunity", "after_trips", "after_time"] = Field(
        "below",
        description="When a vehicle drives to a charger, beside `charge_below`, which always "
        "holds; opportunity: whenever it has nothing to do. One that parks at a charger charges",
    )
    charge_after_trips: int = Field(10, ge=1, description="after_trips: trips between charges")
    charge_after: TimeS = Field(4 * 3600.0, description="after_time: time since the last charge")


class AgvFleet(Model):
    """Identical vehicles on one network."""

    id: Id
    label: str = ""
    network: Id
    homes: list[Id] = Field(
        min_length=1, description="Parking stop of each vehicle: one vehicle each"
    )
    size_m: Vec3
    speed_loaded_mps: Positive
    speed_empty_mps: Positive
    acceleration_mps2: Positive
    turn_dps: Positive = Field(90.0, description="Turning on the spot, degrees per second")
    load_s: NonNegative = Field(description="Docking and loading")
    unload_s: NonNegative = Field(description="Docking and unloading")
    handling_cv: NonNegative = Field(
        0.0,
        description="Coefficient of variation of `load_s` and `unload_s` (gamma; 1: exponential)",
    )
    battery: Battery | None = None
    breakdown: Breakdown | None = Field(
        None, description="operating: driving, loading and unloading age a vehicle"
    )
    choose_trip: Id = Field(
        "oldest",
        description="Which trip starts next: oldest, nearest, priority, due, or a rule of a script",
    )
    choose_vehicle: Id = Field(
        "nearest",
        description="Which free vehicle carries it out: nearest, longest_idle, least_used, "
        "round_robin, or a rule of a script",
    )
    park: Literal["home", "nearest", "stay"] = Field(
        "home",
        description="Where a vehicle without work goes; nearest: the nearest free parking stop; "
        "stay: it stays at its stop until somebody needs the stop",
    )

    @property
    def vehicle_ids(self) -> tuple[str, ...]:
        """Ids of the vehicles, ``amr_1``..."""
        return tuple(f"{self.id}_{k + 1}" for k in range(len(self.homes)))


class Transport(Model):
    """A standing order: whenever lots wait at one place and the other has room, carry them."""

    id: Id
    source: Id = Field(alias="from", description="Place the lots wait at")
    target: Id = Field(alias="to", description="Place that receives them")
    fleet: Id
    lots: int = Field(1, ge=1, description="Lots per trip; a trip starts when so many wait")
    max_wait: TimeS | None = Field(
        None, description="Time after which a trip starts with fewer lots; None: it waits"
    )
    min_lots: int = Field(1, ge=1, description="Fewest lots of a trip after `max_wait`")
    period: TimeS | None = Field(
        None,
        description="Trips start only at multiples of this time, with the lots that wait then; "
        "None: whenever there are enough",
    )
    priority: int = Field(0, description="For the rule `priority`: higher goes first")
    due: TimeS = Field(
        3600.0, description="For the rule `due`: time after which a trip should have been made"
    )


class Crane(Model):
    """A stacker crane on a straight rail; moves one lot at a time between slots and buffers."""

    id: Id
    label: str = ""
    rail_m: tuple[Vec2, Vec2] = Field(description="Ends of the rail on the floor")
    reach_m: Positive = Field(description="How far to each side the forks reach from the rail")
    height_m: Positive
    speed_mps: Positive = Field(description="Along the rail")
    lift_mps: Positive
    acceleration_mps2: Positive
    lift_acceleration_mps2: Positive
    fork_s: Positive = Field(description="One pick-up or one put-down with the forks")
    mast_m: Vec2 = Field((1.2, 0.8), description="Footprint of the mast")
    breakdown: Breakdown | None = Field(
        None, description="operating: travelling and moving the forks age a crane"
    )
