"""Vehicles and cranes, and the network they drive on."""

from __future__ import annotations

from itertools import pairwise

from pydantic import Field

from twin.plant.base import Fraction, Id, Model, NonNegative, Positive, Vec2, Vec3


class Stop(Model):
    """A place beside the lanes where a vehicle loads, unloads, parks or charges."""

    node: Id = Field(description="Lane node it is reached from and left to")
    position_m: Vec2
    charger: bool = False
    place: Id | None = Field(None, description="Buffer, source or sink served here; None: parking")


class RouteNetwork(Model):
    """One-way lanes between nodes, and stops beside them.

    Deadlock freedom needs: every node reachable from every other, no two opposite lanes between
    the same two nodes, stops off the lanes.
    """

    id: Id
    nodes: dict[Id, Vec2]
    lanes: list[list[Id]] = Field(description="Each a one-way chain of nodes")
    stops: dict[Id, Stop]

    @property
    def edges(self) -> list[tuple[str, str]]:
        """Directed lane segments, each once, in order of declaration."""
        pairs = [(a, b) for lane in self.lanes for a, b in pairwise(lane)]
        return list(dict.fromkeys(pairs))


class Battery(Model):
    """Energy store of a vehicle, as shares of full charge."""

    runtime_h: Positive = Field(description="Driving time from full to empty")
    charge_h: Positive = Field(description="Time from empty to full")
    charge_below: Fraction = 0.2
    charge_to: Fraction = 0.9


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
    battery: Battery | None = None

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
