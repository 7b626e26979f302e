"""Where things are in the stage: one prim path per id of the plant."""

from __future__ import annotations

from dataclasses import dataclass

from twin.plant.plant import Plant

ROOT = "/Plant"
BUILDING = f"{ROOT}/Building"
LINES = f"{ROOT}/Lines"
VEHICLES = f"{ROOT}/Vehicles"
CHARGERS = f"{ROOT}/Chargers"
CRANES = f"{ROOT}/Cranes"
PEOPLE = f"{ROOT}/People"
FLOW = f"{ROOT}/Flow"
FLAGS = f"{ROOT}/Flags"
CAMERAS = f"{ROOT}/Cameras"
LIGHTS = f"{ROOT}/Lights"
ANNOTATIONS = f"{ROOT}/Annotations"


@dataclass(frozen=True)
class Paths:
    """Prim paths of a plant.

    Attributes
    ----------
    workcells : dict
        Workcell id -> path.
    things : dict
        Path of everything else with an id of its own: stations, machines, robots, buffers,
        conveyors, sources, sinks, vehicles, cranes and workers.
    """

    workcells: dict[str, str]
    things: dict[str, str]


def paths_of(plant: Plant) -> Paths:
    """Return the prim path of everything in a plant."""
    workcells: dict[str, str] = {}
    things: dict[str, str] = {}
    for line in plant.lines:
        for workcell in line.workcells:
            base = workcells[workcell.id] = f"{LINES}/{line.id}/{workcell.id}"
            for station in workcell.stations:
                things[station.id] = f"{base}/{station.id}"
                if station.machines > 1:
                    things |= {m: f"{base}/{station.id}/{m}" for m in station.machine_ids}
            ids = [r.id for r in workcell.robots] + [b.id for b in workcell.buffers]
            ids += [c.id for c in workcell.conveyors]
            things |= {id_: f"{base}/{id_}" for id_ in ids}
    docks = [source.id for source in plant.sources] + [sink.id for sink in plant.sinks]
    things |= {dock: f"{BUILDING}/Docks/{dock}" for dock in docks}
    things |= {v: f"{VEHICLES}/{v}" for fleet in plant.fleets for v in fleet.vehicle_ids}
    things |= {crane.id: f"{CRANES}/{crane.id}" for crane in plant.cranes}
    things |= {w: f"{PEOPLE}/{w}" for pool in plant.pools for w in pool.worker_ids}
    return Paths(workcells, things)
