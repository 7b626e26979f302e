"""Rules of the costs of a plant."""

from __future__ import annotations

from collections.abc import Iterable

from twin.errors import nearest
from twin.plant.cost import Costs
from twin.plant.origin import Index
from twin.plant.plant import Plant
from twin.plant.tree import Problems


def check_costs(plant: Plant, index: Index, problems: Problems) -> None:
    """Report costs of things that do not exist, and machines without a full cost."""
    costs = plant.costs
    if costs is None:
        return
    supplied = {source.item for source in plant.sources}
    named: dict[str, tuple[str, Iterable[str], Iterable[str]]] = {
        "materials": ("item that a source brings", costs.materials, supplied),
        "step_materials": ("station", costs.step_materials, plant.stations),
        "labour_per_h": ("pool", costs.labour_per_h, [pool.id for pool in plant.pools]),
        "machines": ("station", costs.machines, plant.stations),
    }
    for key, (what, names, known) in named.items():
        allowed = sorted(known)
        for name in names:
            if name not in allowed:
                text = f"costs: '{key}' names '{name}', which is no {what}{nearest(name, allowed)}."
                problems.add(index.node(f"costs.{key}.{name}"), text, _allowed(allowed))
    _check_machines(costs, index, problems)


def _allowed(names: list[str]) -> str:
    return f"Allowed: {', '.join(names[:12])}." if names else "There is none."


def _check_machines(costs: Costs, index: Index, problems: Problems) -> None:
    for name, machine in costs.machines.items():
        half = (machine.investment is None) != (machine.life_years is None)
        if half or (machine.per_h is None and machine.investment is None):
            text = f"costs of the machines of '{name}' are incomplete."
            remedy = "Give 'per_h', or 'investment' with 'life_years', or all."
            problems.add(index.node(f"costs.machines.{name}"), text, remedy)
