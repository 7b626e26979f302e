"""The still part of the scene: what stands where, as plain data for the browser."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twin import palette
from twin.motion.place import buffer_slots_m
from twin.plant.place import Buffer, Conveyor, Sink, Source
from twin.plant.plant import Plant, Workcell
from twin.plant.robot import Robot, RobotModel
from twin.plant.station import Station
from twin.plant.transport import RouteNetwork

Json = dict[str, Any]
Point = tuple[float, float, float]

ABNORMAL = ("down", "waiting_repair", "maintenance", "protective_stop", "waiting_traffic")
"""States shown in colour around a machine; everything else stays grey."""

LABEL_CLEARANCE_M = 0.8
LOWEST_LABEL_M = 3.0


def palette_json() -> Json:
    """Colours with a meaning."""
    return {
        "normal": palette.NORMAL,
        "selected": palette.SELECTED,
        "warning": palette.WARNING,
        "critical": palette.CRITICAL,
        "good": palette.GOOD,
    }


def states_json() -> list[Json]:
    """States in the order their codes mean."""
    return [
        {"name": name, "colour": colour, "abnormal": name in ABNORMAL}
        for name, colour in palette.STATE_COLOURS.items()
    ]


def building_json(plant: Plant) -> Json:
    """Hall, zones, lanes, docks."""
    return {
        "building": {"size": plant.building.size_m},
        "zones": [
            {
                "id": z.id,
                "label": z.label,
                "kind": z.kind,
                "corner": z.corner_m,
                "size": z.size_m,
                "height": z.height_m,
            }
            for z in plant.zones
        ],
        "networks": [_network(n) for n in plant.networks],
        "docks": [*map(_dock, plant.sources), *map(_dock, plant.sinks)],
    }


def _network(network: RouteNetwork) -> Json:
    nodes = network.nodes
    return {
        "id": network.id,
        "edges": [[nodes[a], nodes[b]] for a, b in network.edges],
        "stops": [
            {"id": k, "position": s.position_m, "node": nodes[s.node], "charger": s.charger}
            for k, s in network.stops.items()
        ],
    }


def _dock(dock: Source | Sink) -> Json:
    return {"id": dock.id, "label": dock.label, "position": dock.position_m, "size": dock.size_m}


def items_json(plant: Plant) -> list[Json]:
    """Items in the order their numbers mean."""
    return [
        {"id": i.id, "label": i.label or i.id, "carrier": i.carrier, "size": i.size_m}
        for i in plant.items
    ]


def machines_json(plant: Plant) -> list[Json]:
    """Every machine of every station."""
    return [
        _machine(station, index, machine)
        for station in plant.stations.values()
        for index, machine in enumerate(station.machine_ids)
    ]


def _machine(station: Station, index: int, machine: str) -> Json:
    label = station.label or station.id
    return {
        "id": machine,
        "station": station.id,
        "label": f"{label} {index + 1}" if station.machines > 1 else label,
        "workcell": station.workcell,
        "kind": station.kind,
        "asset": station.asset,
        "position": station.machine_position_m(index),
        "heading_deg": station.heading_deg,
        "size": station.size_m,
        "rack": station.rack.model_dump() if station.rack else None,
    }


def place_json(place: Buffer | Conveyor | Station, plant: Plant, workcell: str) -> Json:
    """One buffer, conveyor or store."""
    known: Json = {"id": place.id, "label": place.label or place.id, "workcell": workcell}
    if isinstance(place, Station):
        slots = place.rack.slots * place.machines if place.rack else 0
        return {**known, "store": True, "capacity": slots}
    if isinstance(place, Conveyor):
        shape: Json = {"path": place.path_m, "width": place.width_m, "height": place.height_m}
    else:
        slots_z = buffer_slots_m(place, plant.item_by_id[place.item])[:, 2]
        shape = {
            "position": place.position_m,
            "heading_deg": place.heading_deg,
            "size": place.size_m,
            "shelves": sorted({round(float(z), 3) for z in slots_z}),
        }
    return {**known, **shape, "capacity": place.capacity}


def part_of(plant: Plant, robot: Robot) -> int:
    """Return the number of the item a robot carries: a single piece, not a carrier full of them."""
    single = [k for k, item in enumerate(plant.items) if item.carrier == "none"]
    stocks: dict[str, Buffer | Conveyor] = {**plant.buffers, **plant.conveyors}
    for station in plant.stations.values():
        if station.robot == robot.id:
            taken = [stocks[t.place].item for t in station.take if t.place in stocks]
            fitting = [k for k in single if plant.items[k].id in taken]
            return (fitting or single or [-1])[-1]
    return (single or [-1])[-1]


def robot_json(robot: Robot, part: int) -> Json:
    """One robot; its steps come with the data."""
    return {
        "id": robot.id,
        "label": robot.label or robot.id,
        "workcell": robot.workcell,
        "model": robot.model,
        "position": robot.position_m,
        "heading_deg": robot.heading_deg,
        "tool": robot.tool,
        "tool_length": robot.tool_length_m,
        "part": part,
    }


def model_json(model: RobotModel) -> Json:
    """Kinematics of a robot model."""
    return {
        "label": model.label,
        "joints": [{"origin": j.origin_m, "axis": j.axis} for j in model.joints],
        "flange": model.flange_m,
        "link_radius": model.link_radius_m,
    }


def movers_json(plant: Plant) -> list[Json]:
    """Vehicles, cranes and workers, in the order their numbers mean."""
    return [*_vehicles(plant), *_cranes(plant), *_workers(plant)]


def _vehicles(plant: Plant) -> Iterable[Json]:
    stops = {name: stop for n in plant.networks for name, stop in n.stops.items()}
    for fleet in plant.fleets:
        for k, (vehicle, home) in enumerate(zip(fleet.vehicle_ids, fleet.homes, strict=True)):
            yield {
                "id": vehicle,
                "kind": "agv",
                "label": f"{fleet.label or fleet.id} {k + 1}",
                "size": fleet.size_m,
                "position": (*stops[home].position_m, 0.0),
            }


def _cranes(plant: Plant) -> Iterable[Json]:
    for crane in plant.cranes:
        yield {
            "id": crane.id,
            "kind": "crane",
            "label": crane.label or crane.id,
            "size": crane.mast_m,
            "height": crane.height_m,
            "position": (*crane.rail_m[0], 0.0),
        }


def _workers(plant: Plant) -> Iterable[Json]:
    for pool in plant.pools:
        for k, worker in enumerate(pool.worker_ids):
            yield {
                "id": worker,
                "kind": "worker",
                "label": f"{pool.label or pool.id} {k + 1}",
                "size": (0.5, 0.6, 1.8),
                "position": (*pool.home_m, 0.0),
            }


def workcells_json(plant: Plant) -> list[Json]:
    """Workcells with what belongs to them and where their name is shown."""
    return [_workcell(cell, line.id) for line in plant.lines for cell in line.workcells]


def _workcell(cell: Workcell, line: str) -> Json:
    machines = [m for s in cell.stations for m in s.machine_ids]
    things = [t.id for group in (cell.robots, cell.buffers, cell.conveyors) for t in group]
    return {
        "id": cell.id,
        "label": cell.label or cell.id,
        "line": line,
        "members": [*machines, *things],
        "label_at": label_point(cell),
    }


def label_point(cell: Workcell) -> Point:
    """Return the point above the middle of a workcell's machines (or buffers)."""
    spots = [
        (*s.machine_position_m(k)[:2], s.size_m[2])
        for s in cell.stations
        for k in range(s.machines)
    ] or [(b.position_m[0], b.position_m[1], b.size_m[2]) for b in cell.buffers]
    if not spots:
        return (0.0, 0.0, LABEL_CLEARANCE_M)
    xs, ys, tops = zip(*spots, strict=True)
    middle = (sum(xs) / len(xs), sum(ys) / len(ys))
    return (*middle, max(max(tops) + LABEL_CLEARANCE_M, LOWEST_LABEL_M))


def tour_json(plant: Plant) -> list[Json]:
    """Stops of the fly-through: from outside, through the lines in process order, and out."""
    length, width, _ = plant.building.size_m
    away = 0.55 * max(length, width)
    stops = [_stop((-0.25 * length, -0.35 * width, away), (length / 3, width / 2, 0))]
    for cell in plant.workcells():
        x, y, z = label_point(cell)
        side = -1 if y > width / 2 else 1
        stops.append(_stop((x - 9, y + side * 9, max(z, 3.0) + 2.5), (x + 2, y, z / 3)))
    return [*stops, _stop((1.1 * length, -0.5 * width, away), (length / 2, width / 2, 0))]


def _stop(eye: Point, target: Point) -> Json:
    return {
        "eye": [round(float(c), 2) for c in eye],
        "target": [round(float(c), 2) for c in target],
    }
