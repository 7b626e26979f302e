"""The plant: everything a plant file says, validated, with look-ups by id."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from pydantic import Field

from twin.plant.base import Id, Model, NonNegative, Positive, Vec3
from twin.plant.cost import Costs
from twin.plant.item import Item, Nameplate, Product
from twin.plant.people import Calendar, Shift, WorkerPool
from twin.plant.place import Buffer, Conveyor, Sink, Source, Zone
from twin.plant.robot import Robot, RobotModel
from twin.plant.routing import Order
from twin.plant.station import Station
from twin.plant.transport import AgvFleet, Crane, RouteNetwork, Transport

Place = Buffer | Conveyor | Source | Sink | Station


class Workcell(Model):
    """Stations, robots and places that people speak of together."""

    id: Id
    label: str = ""
    area: Id | None = Field(None, description="Zone it lies in")
    stations: list[Station] = Field(default_factory=list)
    robots: list[Robot] = Field(default_factory=list)
    buffers: list[Buffer] = Field(default_factory=list)
    conveyors: list[Conveyor] = Field(default_factory=list)


class Line(Model):
    """Workcells in the order of the process."""

    id: Id
    label: str = ""
    calendar: Id | None = Field(None, description="When its stations are worked")
    workcells: list[Workcell]


class Building(Model):
    """The hall: its lower-left corner is the origin, x along its length."""

    size_m: Vec3
    base_load_kw: NonNegative = Field(0.0, description="Lighting, ventilation, utilities")
    dry_room_load_kw: NonNegative = Field(0.0, description="Dehumidifiers of the dry room")


class Plant(Model):
    """A validated plant. Lists keep the order of the file; look-ups are by id."""

    format: int = Field(1, ge=1, le=1, description="Version of the plant file format")
    id: Id
    label: str = ""
    description: str = ""
    products: list[Product] = Field(default_factory=list)
    nameplate: Nameplate | None = None
    building: Building
    items: list[Item]
    zones: list[Zone] = Field(default_factory=list)
    lines: list[Line]
    sources: list[Source] = Field(default_factory=list)
    sinks: list[Sink] = Field(default_factory=list)
    networks: list[RouteNetwork] = Field(default_factory=list)
    fleets: list[AgvFleet] = Field(default_factory=list)
    transports: list[Transport] = Field(default_factory=list)
    cranes: list[Crane] = Field(default_factory=list)
    shifts: list[Shift] = Field(default_factory=list)
    calendars: list[Calendar] = Field(default_factory=list)
    calendar: Id | None = Field(
        None, description="When the stations are worked that have no calendar of their own"
    )
    closed: list[str] = Field(
        default_factory=list, description="Dates (2026-12-24) on which no shift begins"
    )
    pools: list[WorkerPool] = Field(default_factory=list)
    robot_models: list[RobotModel] = Field(
        default_factory=list, description="Own robot models, beside the built-in ones"
    )
    robot_sensors: Literal["none", "basic", "full"] = Field(
        "full",
        description="Signals the robots send: none; basic (grips, and the whole arm's current and "
        "temperature); full (also each joint's, tool current and vibration). No result of a run "
        "depends on it but the table of signals",
    )
    orders: list[Order] = Field(default_factory=list, description="Brought by sources in turn")
    costs: Costs | None = Field(None, description="What things cost, for the key figures of cost")
    takt_s: Positive | None = Field(None, description="Planned time between good products")

    def workcells(self) -> Iterator[Workcell]:
        """Every workcell, line by line."""
        for line in self.lines:
            yield from line.workcells

    @cached_property
    def stations(self) -> dict[str, Station]:
        """Stations by id, in file order, with `workcell` and `line` filled in."""
        return {s.id: s for w in self.workcells() for s in w.stations}

    @cached_property
    def robots(self) -> dict[str, Robot]:
        """Robots by id, with `workcell` and `line` filled in."""
        return {r.id: r for w in self.workcells() for r in w.robots}

    @cached_property
    def buffers(self) -> dict[str, Buffer]:
        """Buffers by id."""
        return {b.id: b for w in self.workcells() for b in w.buffers}

    @cached_property
    def conveyors(self) -> dict[str, Conveyor]:
        """Conveyors by id."""
        return {c.id: c for w in self.workcells() for c in w.conveyors}

    @cached_property
    def stores(self) -> dict[str, Station]:
        """Stations of kind ``store`` by id."""
        return {s.id: s for s in self.stations.values() if s.kind == "store"}

    @cached_property
    def item_by_id(self) -> dict[str, Item]:
        """Items by id."""
        return {i.id: i for i in self.items}

    @cached_property
    def workcell_of(self) -> dict[str, str]:
        """Workcell id of every station, machine, robot, buffer and conveyor id."""
        found: dict[str, str] = {}
        for cell in self.workcells():
            for station in cell.stations:
                found[station.id] = cell.id
                found.update(dict.fromkeys(station.machine_ids, cell.id))
            things: list[Robot | Buffer | Conveyor] = [*cell.robots, *cell.buffers, *cell.conveyors]
            found.update({thing.id: cell.id for thing in things})
        return found

    def calendar_of(self, station: Station) -> Calendar | None:
        """Return the calendar a station keeps to; None if it is always worked."""
        if station.kind == "store" or station.off_shift == "run_through":
            return None
        line = next((one.calendar for one in self.lines if one.id == station.line), None)
        name = station.calendar or line or self.calendar
        return next((one for one in self.calendars if one.id == name), None)

    def plan_per_h(self) -> float | None:
        """Planned good products per operating hour, from the nameplate."""
        if self.nameplate is None or not self.products:
            return None
        units = self.nameplate.gwh_per_year * 1e9 / self.products[0].energy_wh
        return units / self.nameplate.operating_h_per_year
