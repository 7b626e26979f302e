"""Cost: of material, energy, labour, machines and floor; by step; per unit; of scrap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.kpi.energy import Energy, stored_kwh
from twin.kpi.reasons import Reasons
from twin.kpi.scrap import scrap_cost
from twin.kpi.sources import Sources
from twin.kpi.station import StationKpis
from twin.plant.cost import Costs
from twin.plant.plant import Plant
from twin.plant.station import Station

KINDS = ("material", "energy", "labour", "machines", "floor")


@dataclass(frozen=True)
class StepCost:
    """Cost of one station; labour and floor are not divided among steps."""

    material: float
    energy: float
    machines: float
    total: float


@dataclass(frozen=True)
class CostKpis:
    """Cost of a window, in the currency of the plant file.

    ``left_out`` names what the plant file gives no cost of; ``total`` is that of the rest.
    """

    currency: str
    total: float
    per_good_unit: float | None
    per_kwh: float | None
    scrap: float | None
    by_kind: dict[str, float | None]
    by_step: dict[str, StepCost]
    left_out: list[str]
    why: dict[str, str] = field(default_factory=dict)


def cost(
    sources: Sources, stations: Mapping[str, StationKpis], used: Energy, shipped: int
) -> CostKpis | None:
    """Compute the cost of a window; None where the plant file has no costs."""
    plant = sources.run.plant
    costs = plant.costs
    if costs is None:
        return None
    hours = sources.window.length_h
    steps = {s.id: _step(costs, s, stations[s.id], hours) for s in plant.stations.values()}
    bought = _bought(sources, costs)
    kinds: dict[str, float | None] = {
        "material": _if(
            costs.materials or costs.step_materials,
            bought + sum(step.material for step in steps.values()),
        ),
        "energy": (None if costs.energy_per_kwh is None else used.total_kwh * costs.energy_per_kwh),
        "labour": _if(costs.labour_per_h, _labour(sources, costs)),
        "machines": _if(costs.machines, sum(step.machines for step in steps.values())),
        "floor": _floor(plant, costs, hours),
    }
    total = sum(value for value in kinds.values() if value is not None)
    why = Reasons()
    nothing = "nothing was shipped in the window"
    per_unit = why.ratio("per_good_unit", total, shipped, nothing)
    no_energy = nothing if plant.products else "the plant has no product"
    per_kwh = why.ratio("per_kwh", total, stored_kwh(plant, shipped), no_energy)
    for kind, value in kinds.items():
        if value is None:
            why.missing(f"by_kind.{kind}", "the plant file gives no such cost")
    lost, reason = scrap_cost(plant, stations, {k: step.total for k, step in steps.items()})
    return CostKpis(
        currency=costs.currency,
        total=total,
        per_good_unit=per_unit,
        per_kwh=per_kwh,
        scrap=why.value("scrap", lost, reason),
        by_kind=kinds,
        by_step=steps,
        left_out=_left_out(plant, costs, kinds),
        why=why.why,
    )


def _if(given: object, value: float) -> float | None:
    return value if given else None


def _step(costs: Costs, station: Station, found: StationKpis, hours: float) -> StepCost:
    machine = costs.machines.get(station.id)
    rate = machine.rate_per_h(costs.hours_per_year) if machine else 0.0
    material = costs.step_materials.get(station.id, 0.0) * found.processed
    power = found.energy_kwh * (costs.energy_per_kwh or 0.0)
    machines = rate * station.machines * hours
    return StepCost(material, power, machines, material + power + machines)


def _bought(sources: Sources, costs: Costs) -> float:
    """Return the cost of what the sources brought in the window."""
    return sum(n * costs.materials.get(item, 0.0) for item, n in sources.supplied.items())


def _labour(sources: Sources, costs: Costs) -> float:
    """Return the cost of all hours on duty, at work or not."""
    spent = 0.0
    for pool in sources.run.plant.pools:
        times = sources.times_of(pool.worker_ids)
        on_duty_s = sum(s for (state, _), s in times.items() if state != "off_shift")
        spent += on_duty_s / 3600 * costs.labour_per_h.get(pool.id, 0.0)
    return spent


def _floor(plant: Plant, costs: Costs, hours: float) -> float | None:
    if costs.floor_per_m2_year is None:
        return None
    length, width, _ = plant.building.size_m
    area = length * width if costs.floor_m2 is None else costs.floor_m2
    return area * costs.floor_per_m2_year * hours / costs.hours_per_year


def _left_out(plant: Plant, costs: Costs, kinds: Mapping[str, float | None]) -> list[str]:
    """Name what has no cost: whole kinds, and single things of a kind that has some."""
    missing = [kind for kind, value in kinds.items() if value is None]
    supplied = {source.item for source in plant.sources}
    things = {
        "material": sorted(supplied - costs.materials.keys()),
        "labour": [p.id for p in plant.pools if p.id not in costs.labour_per_h],
        "machines": [s for s in plant.stations if s not in costs.machines],
    }
    return missing + [
        f"{kind}: {', '.join(names)}"
        for kind, names in things.items()
        if names and kind not in missing
    ]
