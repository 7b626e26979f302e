"""The part of a stage that no run changes: surfaces, components, and where they stand."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from twin.plant.load import robot_model
from twin.plant.plant import Plant
from twin.usd import annotation, guide, physics, topology
from twin.usd.catalogue import OWN, PLACEHOLDER, Catalogue
from twin.usd.component import write_component
from twin.usd.material import write_materials
from twin.usd.own_asset import OwnAsset, own_asset, write_own_asset
from twin.usd.path import Paths
from twin.usd.robot import write_robot
from twin.usd.root import write_plant_layer
from twin.usd.shape import AssetSpec, MovingPart
from twin.usd.sky import write_sky

LAYERS = (annotation.FILE, guide.FILE, physics.FILE, topology.FILE)
"""Sublayers of the plant, the strongest first."""

_SCHEMA = Path(__file__).parent / "schema"


def write_plant(folder: Path, plant: Plant, made: Catalogue, paths: Paths) -> int:
    """Write the plant into a folder; return how many prims it consists of."""
    write_materials(folder)
    write_sky(folder)
    shutil.copytree(_SCHEMA, folder / "schema", ignore=shutil.ignore_patterns("__pycache__"))
    for name, spec in made.specs.items():
        made.known_parts[name] = _write_asset(folder, name, spec)
    for name, robot in made.robots.items():
        write_robot(folder, name, robot, robot_model(plant, robot.model))
    annotation.write_annotations(folder, plant, paths)
    guide.write_guides(folder, plant, paths)
    physics.write_physics(folder, made)
    n_prims = topology.write_topology(folder, plant, made, paths)
    write_plant_layer(folder, LAYERS, made.layout())
    return n_prims


def _write_asset(folder: Path, name: str, spec: AssetSpec) -> tuple[MovingPart, ...]:
    """Write an asset and return what moves in it; what cannot be shown is a box with its name."""
    if spec.kind == OWN:
        found = own_asset(str(spec.options["path"]))
        if isinstance(found, OwnAsset):
            write_own_asset(folder, name, found)
            return ()
        spec = replace(spec, kind=PLACEHOLDER)
    return write_component(folder, name, spec)
