"""The topology: what the plant consists of, and where it stands."""

from __future__ import annotations

from pathlib import Path

from pxr import Sdf

from twin.plant.plant import Plant
from twin.usd import path as at
from twin.usd.building import declare_groups, write_shell
from twin.usd.catalogue import Catalogue, Placement
from twin.usd.component import interface_file
from twin.usd.joint import ROTATION
from twin.usd.layer import Layer
from twin.usd.light import add_lamps, add_lights
from twin.usd.moving_part import TRANSLATE
from twin.usd.path import Paths
from twin.usd.sky import FILE as SKY_FILE
from twin.usd.span import STILL

FILE = "layers/topology.usdc"
_GROUPS = {
    at.BUILDING: "Building",
    f"{at.BUILDING}/Zones": "Zones",
    f"{at.BUILDING}/Docks": "Goods in and dispatch",
    f"{at.BUILDING}/Lanes": "Lanes of vehicles",
    at.LINES: "Lines",
    at.VEHICLES: "Vehicles",
    at.CHARGERS: "Charging stations",
    at.CRANES: "Stacker cranes",
    at.PEOPLE: "People",
}
_STATEFUL = frozenset({"machine", "robot", "vehicle", "crane", "worker", "buffer", "conveyor"})
KPI_SCHEMA = "TwinKpiAPI"


def write_topology(folder: Path, plant: Plant, made: Catalogue, paths: Paths) -> int:
    """Write the layer; return how many prims it defines."""
    layer = Layer(folder / FILE, STILL)
    prim = layer.define(at.ROOT, kind="assembly", label=plant.label or plant.id)
    layer.apply(prim, KPI_SCHEMA)
    for group, label in _GROUPS.items():
        layer.define(group, kind="group", label=label)
    declare_groups(layer)
    write_shell(layer.sdf.GetPrimAtPath(at.BUILDING))
    _lines(layer, plant, paths)
    for placement in made.placements:
        _placement(layer, placement)
    add_lights(layer, plant.building.size_m, f"../{SKY_FILE}")
    add_lamps(layer, plant)
    _keep_order(layer.sdf.GetPrimAtPath(at.LINES))
    return layer.save()


def _lines(layer: Layer, plant: Plant, paths: Paths) -> None:
    """Write lines, workcells, and stations of several machines."""
    for line in plant.lines:
        prim = layer.define(f"{at.LINES}/{line.id}", kind="assembly", label=line.label or line.id)
        _identify(layer, prim, line.id, "line")
        layer.apply(prim, KPI_SCHEMA)
        for workcell in line.workcells:
            label = workcell.label or workcell.id
            prim = layer.define(paths.workcells[workcell.id], kind="assembly", label=label)
            _identify(layer, prim, workcell.id, "workcell")
            for station in workcell.stations:
                if station.machines > 1:
                    label = station.label or station.id
                    prim = layer.define(paths.things[station.id], kind="group", label=label)
                    _identify(layer, prim, station.id, "station")
                    layer.apply(prim, KPI_SCHEMA)


def _placement(layer: Layer, placement: Placement) -> None:
    prim = layer.define(placement.path, kind=placement.kind, label=placement.label)
    layer.reference(prim, f"../{interface_file(placement.asset)}")
    if placement.moves:
        layer.order(prim, TRANSLATE, ROTATION)
    else:
        layer.place(prim, placement.position_m, placement.heading_deg)
    if placement.id:
        _identify(layer, prim, placement.id, placement.category)
    if placement.category in _STATEFUL:
        layer.apply(prim, KPI_SCHEMA)


def _keep_order(prim: Sdf.PrimSpec) -> None:
    """Keep the order of the plant file; otherwise weaker layers decide it."""
    prim.nameChildrenOrder = [child.name for child in prim.nameChildren]
    for child in prim.nameChildren:
        if child.nameChildren:
            _keep_order(child)


def _identify(layer: Layer, prim: Sdf.PrimSpec, id_: str, category: str) -> None:
    """Write the id in the plant and what kind of thing it is."""
    for name, value in (("twin:id", id_), ("twin:category", category)):
        layer.attribute(prim, name, Sdf.ValueTypeNames.String, value, uniform=True)
