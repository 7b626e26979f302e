"""What every step can do per hour, computed from the plant file alone.

A station does ``machines x units per cycle / cycle time x availability x performance``, with
availability MTBF / (MTBF + MTTR); time a worker attends and roll changes add to the cycle. The
check multiplies this by the share of the operating hours in which the station is worked and not
under planned maintenance (`scheduled`); the rates of a steady start are those of working time.
Waiting for material, workers, room or transports is left to the simulation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from twin.check.need import Needs
from twin.check.working_time import maintenance_share, worked_share
from twin.motion.plan import plan_program
from twin.plant.item import Item
from twin.plant.load import robot_model
from twin.plant.plant import Plant
from twin.plant.station import Station

METRES = "m"
"""Unit of items that are counted in lots (rolls), because single metres mean little."""


@dataclass(frozen=True)
class Capacity:
    """What one step can do, and has to do at nameplate.

    Attributes
    ----------
    id, label : str
    kind : str
        Kind of the station; ``fleet``, ``crane`` or ``source``.
    address : str
        Of the object in the plant file.
    unit : str
        What is counted: the item's unit, lots, trips or moves.
    count : int
        Machines, vehicles, cranes.
    per_h : float
        Units per hour it can do.
    per_product : float
        Units it has to do for one good product; 0 where the product does not need it.
    worked_share : float
        Share of the operating hours in which it is worked, by its calendar.
    maintenance_share : float
        Share of its worked time that planned maintenance takes.
    """

    id: str
    label: str
    kind: str
    address: str
    unit: str
    count: int
    per_h: float
    per_product: float
    worked_share: float = 1.0
    maintenance_share: float = 0.0

    @property
    def product_per_h(self) -> float | None:
        """Good products per hour this step allows; None where it sets no limit."""
        return self.per_h / self.per_product if self.per_product > 0 else None


def availability(station: Station, cycle_s: float = 0.0) -> float:
    """Return the share of time a machine is not under repair, working all other time.

    1 / (1 + sum of MTTR / MTBF over its kinds of failure), waiting for crews left out.

    Parameters
    ----------
    station : Station
    cycle_s : float
        Mean time of a cycle, for failures that come after so many cycles.
    """
    return 1 / (1 + sum(mode.down_share(cycle_s) for mode in station.failure_modes.values()))


def station_capacities(plant: Plant) -> tuple[list[Capacity], Needs]:
    """Return the capacity of every station in file order, and the needs they imply."""
    flow = Needs(plant, {})
    per_h = {s.id: station_per_h(plant, s, flow.item(s.id)) for s in plant.stations.values()}
    needs = Needs(plant, per_h)
    return [_station_row(s, needs) for s in plant.stations.values()], needs


def scheduled(plant: Plant, steps: list[Capacity]) -> list[Capacity]:
    """Return what stations can do in an operating hour: calendars and maintenance included."""
    rows = []
    for step in steps:
        station = plant.stations[step.id]
        worked = worked_share(plant, station)
        maintained = maintenance_share(plant, station, _cycle_s(plant, station))
        per_h = step.per_h * worked * (1 - maintained)
        rows.append(replace(step, per_h=per_h, worked_share=worked, maintenance_share=maintained))
    return rows


def _station_row(station: Station, needs: Needs) -> Capacity:
    item = needs.item(station.id)
    unit, per_h, per_product = item.unit, needs.per_h[station.id], needs.processed(station)
    if station.kind in {"web", "assembly"} and station.product is not None:
        unit = needs.plant.item_by_id[station.product].unit
    elif unit == METRES:
        unit = item.carrier if item.carrier != "none" else "lot"
        per_h, per_product = per_h / item.units_per_lot, per_product / item.units_per_lot
    return Capacity(
        station.id,
        station.label or station.id,
        station.kind,
        f"stations.{station.id}",
        unit,
        station.machines,
        per_h,
        per_product,
    )


def station_per_h(plant: Plant, station: Station, item: Item) -> float:
    """Return the units per hour all machines of a station can process.

    Parameters
    ----------
    plant : Plant
    station : Station
    item : Item
        What the station takes.
    """
    visit_s, units = _visit(plant, station, item)
    up = availability(station, _cycle_s(plant, station))
    return station.machines * units * 3600.0 / visit_s * up


def _visit(plant: Plant, station: Station, item: Item) -> tuple[float, float]:
    """Return the time of one visit (cycle, roll, lot or batch) and the units it does."""
    lot = item.units_per_lot
    attend_s = station.attend.work.mean_s if station.attend else 0.0
    if station.kind == "batch":
        each = station.batch_lots if station.attend and station.attend.each == "lot" else 1
        return _cycle_s(plant, station) + each * attend_s, station.batch_lots * lot
    if station.kind == "store":
        slots = station.rack.slots if station.rack else 1
        return _cycle_s(plant, station) + attend_s, slots * lot
    if station.kind == "web":
        units = lot * (station.units_per_m or 1.0)
        return units * _cycle_s(plant, station) + attend_s + station.setup_s, units
    if station.kind == "assembly":
        return _cycle_s(plant, station) + attend_s / lot, 1.0
    units = min(station.units_per_cycle, lot)
    return _cycle_s(plant, station) + attend_s * units / lot, units


def _cycle_s(plant: Plant, station: Station) -> float:
    """Return the mean time of one cycle, minor stops included."""
    if station.kind == "robot":
        robot = plant.robots[station.robot or ""]
        nominal_s = plan_program(robot, robot_model(plant, robot.model)).cycle_s
    else:
        nominal_s = station.mean_cycle_s
    return nominal_s / station.performance


def source_capacities(plant: Plant, needs: Needs) -> list[Capacity]:
    """Return what the sources with an interval bring, in lots per hour."""
    rows = []
    for source in plant.sources:
        if source.interval is None:
            continue
        item = plant.item_by_id[source.item]
        lot = source.units_per_lot or item.units_per_lot
        rows.append(
            Capacity(
                source.id,
                source.label or source.id,
                "source",
                f"sources.{source.id}",
                item.carrier if item.carrier != "none" else item.unit,
                1,
                3600.0 / source.interval.mean_s,
                needs.supplied(source.id) / lot,
            )
        )
    return rows
