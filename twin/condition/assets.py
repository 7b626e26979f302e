"""Assets of a plant: robots, machines and vehicles, and the vibration class each has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from twin.condition.zones import ZONES, Zones, class_of_power
from twin.plant.plant import Plant
from twin.plant.vibration_class import VibrationClass

AssetKind = Literal["robot", "machine", "vehicle", "other"]
VIBRATION = ("vibration_mms", "vibration_mm_s")
"""Signals judged by vibration zones: RMS velocity in mm/s."""


@dataclass(frozen=True)
class Asset:
    """One asset: its kind, where it belongs, and its vibration class.

    Attributes
    ----------
    id : str
    kind : {'robot', 'machine', 'vehicle', 'other'}
        ``other``: a resource with signals that the plant does not know.
    workcell : str
        Empty where it belongs to none.
    vibration_class : str
    assumption : str
        How the class was found; empty where the plant file gives it.
    """

    id: str
    kind: AssetKind
    workcell: str
    vibration_class: VibrationClass
    assumption: str

    @property
    def zones(self) -> Zones:
        """Bounds of its vibration zones."""
        return ZONES[self.vibration_class]


def assets(plant: Plant) -> dict[str, Asset]:
    """Return every asset of a plant by its id."""
    found: dict[str, Asset] = {}
    for robot in plant.robots.values():
        given, told = robot.vibration_class, "class I assumed: a drive up to 15 kW"
        found[robot.id] = _asset(robot.id, "robot", robot.workcell, given, ("I", told))
    for station in plant.stations.values():
        power_kw = station.power.working_kw
        assumed = class_of_power(power_kw)
        told = f"class {assumed} assumed from {power_kw:g} kW while working"
        for machine in station.machine_ids:
            given = station.vibration_class
            found[machine] = _asset(machine, "machine", station.workcell, given, (assumed, told))
    for vehicle in (v for fleet in plant.fleets for v in fleet.vehicle_ids):
        found[vehicle] = _vehicle(vehicle)
    return found


def asset_of(known: Mapping[str, Asset], resource: str) -> Asset:
    """Return an asset of a plant, or what stands for one the plant does not know."""
    told = "class I assumed: the plant does not know it"
    return known.get(resource) or _asset(resource, "other", "", None, ("I", told))


def _vehicle(vehicle: str) -> Asset:
    return _asset(vehicle, "vehicle", "", None, ("I", "class I assumed: a drive up to 15 kW"))


def _asset(
    id_: str,
    kind: AssetKind,
    workcell: str,
    given: VibrationClass | None,
    assumed: tuple[VibrationClass, str],
) -> Asset:
    return Asset(id_, kind, workcell, given or assumed[0], "" if given else assumed[1])
