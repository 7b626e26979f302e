"""The check of a plant: layout, reach, routes and capacity, from its file alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from twin.check.capacity import Capacity, scheduled, source_capacities, station_capacities
from twin.check.fit import fit_problems
from twin.check.geometry import layout_problems
from twin.check.mover import crane_capacities, fleet_capacities
from twin.check.network import network_problems
from twin.check.reach import reach_problems
from twin.check.report import CheckReport
from twin.check.rule_names import rule_problems
from twin.check.where import problem
from twin.errors import Problem
from twin.plant.load import LoadedPlant
from twin.plant.plant import Plant

ROUNDING = 1e-6
"""Share by which a capacity may fall short of the nameplate and still count as meeting it."""

_NAMES = {"source": "source", "fleet": "fleet", "crane": "crane"}
_REMEDIES = {
    "source": "Shorten its 'interval'.",
    "fleet": "Add vehicles ('homes') or shorten their ways.",
    "crane": "Add a crane or make it faster.",
    "robot": "Make its program faster, or add a second robot station.",
    "store": "Add towers ('machines') or slots.",
}


def check_plant(loaded: LoadedPlant) -> CheckReport:
    """Check a plant that loads, without simulating it.

    Parameters
    ----------
    loaded : LoadedPlant

    Returns
    -------
    CheckReport
        Every problem found, and the capacity of every step.
    """
    plant = loaded.plant
    reach = reach_problems(loaded)
    layout = [*layout_problems(loaded), *fit_problems(loaded)]
    found = [*layout, *network_problems(loaded), *reach, *rule_problems(loaded)]
    report = CheckReport(
        problems=tuple(found),
        steps=() if reach else tuple(_steps(plant)),
        nameplate_per_h=plant.plan_per_h(),
        wh_per_product=plant.products[0].energy_wh if plant.products else None,
        operating_h_per_year=plant.nameplate.operating_h_per_year if plant.nameplate else None,
    )
    return replace(report, problems=(*found, *_short(loaded, report)))


def _steps(plant: Plant) -> list[Capacity]:
    stations, needs = station_capacities(plant)
    movers = [*fleet_capacities(plant, needs), *crane_capacities(plant, needs)]
    return [*scheduled(plant, stations), *source_capacities(plant, needs), *movers]


def _short(loaded: LoadedPlant, report: CheckReport) -> Iterator[Problem]:
    """Yield a problem for every step that cannot do what the nameplate needs."""
    for step in report.steps:
        needed = report.utilisation(step)
        if needed is None or needed <= 1 + ROUNDING:
            continue
        named = f"{_NAMES.get(step.kind, 'station')} '{step.id}'"
        what = (
            f"{named} can do {step.per_h:.4g} {step.unit}/h, "
            f"the nameplate needs {step.per_h * needed:.4g} ({needed:.0%} of its capacity)."
        )
        remedy = _REMEDIES.get(step.kind, "Add machines or shorten its cycle.")
        yield problem(loaded, step.address, what, remedy)
