"""What a plant needs drawn: which assets, and where each of them stands."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

from twin.motion.leg import mover_homes
from twin.motion.place import buffer_slots_m
from twin.plant.base import Vec2, Vec3
from twin.plant.own_asset import is_file
from twin.plant.place import Buffer, Conveyor, Sink, Source
from twin.plant.plant import Plant
from twin.plant.robot import Robot
from twin.plant.station import Station
from twin.plant.transport import Crane, RouteNetwork
from twin.usd.building import add_building
from twin.usd.clutter import CLUTTER
from twin.usd.floor import Box, around, lane_half_m, standing_on
from twin.usd.frame import COLUMNS
from twin.usd.library import asset_library, drawn
from twin.usd.path import BUILDING, CHARGERS, CRANES, PEOPLE, VEHICLES, Paths
from twin.usd.robot_key import robot_key
from twin.usd.room import openings
from twin.usd.shape import AssetSpec, MovingPart

OWN = "own"
"""The kind of what a USD file of the user's own draws."""

PLACEHOLDER = "placeholder"
"""The kind of what has no look of its own: a box that says what it is."""

WORKER_M: Vec3 = (0.5, 0.6, 1.8)
CHARGER_M: Vec3 = (0.7, 0.6, 1.3)
CHARGER_AWAY_M = 1.1
"""From the middle of a stop that charges to that of the charging station beside it."""

MOVING = frozenset({"vehicle", "crane", "worker", "carriage", "forks"})


@dataclass(frozen=True)
class Placement:
    """One instance of an asset.

    Attributes
    ----------
    path : str
        Prim path.
    asset : str
        Name of the asset.
    id, label : str
        Id in the plant and name for people; empty for parts of a thing.
    category : str
        Kind of thing: machine, robot, buffer...
    position_m : Vec3
    heading_deg : float
    kind : str
        Model kind; empty keeps the asset's own.
    """

    path: str
    asset: str
    id: str
    label: str
    category: str
    position_m: Vec3 = (0.0, 0.0, 0.0)
    heading_deg: float = 0.0
    kind: str = ""

    @property
    def moves(self) -> bool:
        """Whether the animation layer says where it is."""
        return self.category in MOVING


@dataclass
class Catalogue:
    """Assets by name, and every instance of them.

    Attributes
    ----------
    specs : dict
        Name -> what to draw.
    robots : dict
        Name -> a robot that looks like it.
    placements : list of Placement
    carriers : dict
        Item id -> asset name.
    up : str
        Where the plant part of the stage is, seen from the layers of a run.
    known_parts : dict
        Asset name -> what moves by itself in it, as far as it is known without drawing it.
    """

    specs: dict[str, AssetSpec] = field(default_factory=dict)
    robots: dict[str, Robot] = field(default_factory=dict)
    placements: list[Placement] = field(default_factory=list)
    carriers: dict[str, str] = field(default_factory=dict)
    up: str = "../"
    known_parts: dict[str, tuple[MovingPart, ...]] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)

    def asset(self, base: str, spec: AssetSpec) -> str:
        """Return the name of an asset; equal ones share a name."""
        name = self._name(base, repr(spec))
        self.specs.setdefault(name, spec)
        return name

    def robot(self, robot: Robot) -> str:
        """Return the name of a robot's asset; robots that look the same share it."""
        name = self._name(robot.model, repr(robot_key(robot)))
        self.robots.setdefault(name, robot)
        return name

    def add(self, placement: Placement) -> None:
        """Add an instance."""
        self.placements.append(placement)

    def parts(self, asset: str) -> tuple[MovingPart, ...]:
        """Return what moves by itself in an asset."""
        if asset not in self.known_parts:
            spec = self.specs.get(asset)
            self.known_parts[asset] = () if spec is None else tuple(drawn(spec).parts)
        return self.known_parts[asset]

    def standing(self) -> list[Box]:
        """Return the footprints of columns and of what stands about."""
        return [
            around(p.position_m, self.specs[p.asset].size_m, p.heading_deg)
            for p in self.placements
            if p.path.startswith((f"{COLUMNS}/", f"{CLUTTER}/"))
        ]

    def layout(self) -> str:
        """Return a digest of everything that is drawn and where it stands."""
        looks = sorted((name, repr(spec)) for name, spec in self.specs.items()) + sorted(
            (name, repr(robot_key(robot))) for name, robot in self.robots.items()
        )
        text = repr((looks, sorted(self.carriers.items()), sorted(map(repr, self.placements))))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _name(self, base: str, key: str) -> str:
        if key not in self._known:
            taken = {*self.specs, *self.robots}
            names = (f"{base}_{k}" if k > 1 else base for k in count(1))
            self._known[key] = next(name for name in names if name not in taken)
        return self._known[key]


def catalogue(plant: Plant, paths: Paths) -> Catalogue:
    """Return everything a plant needs drawn."""
    made = Catalogue()
    for item in plant.items:
        kind = asset_library().carrier_name(item.carrier, item.id)
        made.carriers[item.id] = made.asset(kind, AssetSpec(kind, item.size_m))
    _add_building(made, plant, paths)
    for workcell in plant.workcells():
        for station in workcell.stations:
            _add_station(made, station, paths)
        for robot in workcell.robots:
            _add_robot(made, robot, paths)
        for buffer in workcell.buffers:
            _add_buffer(made, plant, buffer, paths)
        for conveyor in workcell.conveyors:
            _add_conveyor(made, conveyor, paths)
    _add_movers(made, plant)
    return made


def _add_building(made: Catalogue, plant: Plant, paths: Paths) -> None:
    add_building(plant, partial(_add_part, made))
    standing = standing_on(plant)
    for zone in plant.zones:
        spec = AssetSpec("zone", (*zone.size_m, zone.height_m), {"kind": zone.kind})
        if zone.height_m > 0:
            gaps = openings(plant, zone, standing)
            spec = AssetSpec("room", spec.size_m, {"kind": zone.kind, "gaps": gaps})
        path, asset = f"{BUILDING}/Zones/{zone.id}", made.asset(f"zone_{zone.kind}", spec)
        corner = (*zone.corner_m, 0.0)
        made.add(Placement(path, asset, zone.id, zone.label, "zone", corner))
    docks: list[Source | Sink] = [*plant.sources, *plant.sinks]
    for dock in docks:
        asset = made.asset("dock", AssetSpec("dock", dock.size_m))
        path = paths.things[dock.id]
        made.add(Placement(path, asset, dock.id, dock.label, "dock", dock.position_m))
    for network in plant.networks:
        asset = made.asset(f"lanes_{network.id}", _lanes(plant, network))
        made.add(Placement(f"{BUILDING}/Lanes/{network.id}", asset, network.id, "", "lanes"))


def _add_part(
    made: Catalogue, path: str, spec: AssetSpec, position_m: Vec3, heading_deg: float
) -> None:
    """Add a part of the building."""
    label = str(spec.options.get("label", ""))
    asset = made.asset(spec.kind, spec)
    made.add(Placement(path, asset, "", label, "building", position_m, heading_deg))


def _lanes(plant: Plant, network: RouteNetwork) -> AssetSpec:
    nodes = network.nodes
    edges = tuple((nodes[a], nodes[b]) for a, b in network.edges)
    stops = tuple((s.position_m, nodes[s.node], s.charger) for s in network.stops.values())
    options = {"edges": edges, "stops": stops, "half_m": lane_half_m(plant, network)}
    return AssetSpec("lanes", (0.0, 0.0, 0.0), options)


def _station_asset(made: Catalogue, station: Station) -> str:
    """Return the asset of a station: a file of its own, one that fits, or a box with its name."""
    label: dict[str, object] = {"label": station.label or station.id}
    if is_file(station.asset):
        options = {**label, "path": station.asset}
        base = re.sub(r"\W", "_", f"own_{Path(station.asset).stem}", flags=re.ASCII)
        return made.asset(base, AssetSpec(OWN, station.size_m, options))
    hints = (station.asset, station.id, "robot" if station.kind == "robot" else station.kind)
    kind = asset_library().generator_name(*hints)
    rack = station.rack
    options = {"columns": rack.columns, "levels": rack.levels} if rack else {}
    options |= label if kind == PLACEHOLDER else {}
    return made.asset(station.asset or kind, AssetSpec(kind, station.size_m, options))


def _add_station(made: Catalogue, station: Station, paths: Paths) -> None:
    asset, label = _station_asset(made, station), station.label or station.id
    for k, machine in enumerate(station.machine_ids):
        name = f"{label} {k + 1}" if station.machines > 1 else label
        made.add(
            Placement(
                paths.things[machine],
                asset,
                machine,
                name,
                "machine",
                station.machine_position_m(k),
                station.heading_deg,
            )
        )


def _add_robot(made: Catalogue, robot: Robot, paths: Paths) -> None:
    path, label = paths.things[robot.id], robot.label or robot.id
    place = (robot.position_m, robot.heading_deg)
    made.add(Placement(path, made.robot(robot), robot.id, label, "robot", *place))


def _add_buffer(made: Catalogue, plant: Plant, buffer: Buffer, paths: Paths) -> None:
    slots = buffer_slots_m(buffer, plant.item_by_id[buffer.item])
    floor = buffer.position_m[2]
    shelves = tuple(sorted({round(z - floor, 4) for z in slots[:, 2].tolist()}))
    spec = AssetSpec("buffer", buffer.size_m, {"shelves_m": shelves})
    path, label = paths.things[buffer.id], buffer.label or buffer.id
    stand = (buffer.position_m, buffer.heading_deg)
    made.add(Placement(path, made.asset("buffer", spec), buffer.id, label, "buffer", *stand))


def _add_conveyor(made: Catalogue, conveyor: Conveyor, paths: Paths) -> None:
    x, y = conveyor.path_m[0]
    line = tuple((px - x, py - y) for px, py in conveyor.path_m)
    size = (0.0, conveyor.width_m, conveyor.height_m)
    asset = made.asset("conveyor", AssetSpec("conveyor", size, {"path_m": line}))
    path, label = paths.things[conveyor.id], conveyor.label or conveyor.id
    made.add(Placement(path, asset, conveyor.id, label, "conveyor", (x, y, 0.0)))


def _add_movers(made: Catalogue, plant: Plant) -> None:
    homes = mover_homes(plant)
    for fleet in plant.fleets:
        asset = made.asset("agv", AssetSpec("agv", fleet.size_m))
        for k, name in enumerate(fleet.vehicle_ids):
            label = f"{fleet.label or fleet.id} {k + 1}"
            made.add(Placement(f"{VEHICLES}/{name}", asset, name, label, "vehicle", homes[name]))
    _add_chargers(made, plant)
    for crane in plant.cranes:
        _add_crane(made, crane)
    for pool in plant.pools:
        options: dict[str, object] = {"coverall": True} if _is_dry(plant, pool.home_m) else {}
        asset = made.asset("worker", AssetSpec("worker", WORKER_M, options))
        for k, name in enumerate(pool.worker_ids):
            label = f"{pool.label or pool.id} {k + 1}"
            made.add(Placement(f"{PEOPLE}/{name}", asset, name, label, "worker", homes[name]))


def _is_dry(plant: Plant, spot_m: Vec2) -> bool:
    """Return whether a spot is in a dry room."""
    return any(
        zone.kind == "dry_room"
        and all(
            low <= value <= low + size
            for value, low, size in zip(spot_m, zone.corner_m, zone.size_m, strict=True)
        )
        for zone in plant.zones
    )


def _add_chargers(made: Catalogue, plant: Plant) -> None:
    """Add a charging station beside every stop that charges; it faces the vehicle."""
    for network in plant.networks:
        for id_, stop in network.stops.items():
            if stop.charger:
                asset = made.asset("charger", AssetSpec("charger", CHARGER_M))
                x, y = stop.position_m
                path = f"{CHARGERS}/{network.id}_{id_}"
                spot = (x, y + CHARGER_AWAY_M, 0.0)
                made.add(Placement(path, asset, "", f"Charger {id_}", "charger", spot, 180.0))


def _add_crane(made: Catalogue, crane: Crane) -> None:
    """Add mast, carriage, forks and rail of a crane."""
    (ax, ay), (bx, by) = crane.rail_m
    heading = math.degrees(math.atan2(by - ay, bx - ax))
    size, path, label = (*crane.mast_m, crane.height_m), f"{CRANES}/{crane.id}", crane.label
    mast = made.asset("crane_mast", AssetSpec("crane_mast", size))
    made.add(Placement(path, mast, crane.id, label or crane.id, "crane", (ax, ay, 0.0), heading))
    for part in ("carriage", "forks"):
        asset = made.asset(f"crane_{part}", AssetSpec(f"crane_{part}", size))
        name = f"{path}/Carriage" + ("/Forks" if part == "forks" else "")
        category = "carriage" if part == "carriage" else "forks"
        made.add(Placement(name, asset, "", "", category, kind="subcomponent"))
    length = math.hypot(bx - ax, by - ay)
    rail = made.asset("crane_rail", AssetSpec("crane_rail", (length, 0.5, 0.4)))
    middle = ((ax + bx) / 2, (ay + by) / 2, 0.0)
    rail_path = f"{CRANES}/{crane.id}_rail"
    made.add(Placement(rail_path, rail, "", "Rail", "rail", middle, heading))
