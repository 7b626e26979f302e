"""The plant a log is judged by: its machines, with cycles by design or learned from the log."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.imports.mapping import LogMapping, StationEntry
from twin.plant.base import Duration
from twin.plant.item import Item
from twin.plant.plant import Building, Line, Plant, Workcell
from twin.plant.recipe import Recipe
from twin.plant.station import Station

Floats = NDArray[np.float64]

LEARNED_SHARE = 0.25
LEARNED_LEAST, LEARNED_MOST = 20, 500
WINSOR = 4.0
"""Cycles this many robust standard deviations off are cut back before the mean is taken."""
PITCH_M, SIZE_M = 4.0, (2.0, 2.0, 2.0)
_MAD_TO_SD = 1.4826


def learned_cycle(durations: Floats) -> tuple[Duration, int]:
    """Return the cycle learned from the first of some durations, and from how many.

    Mean and coefficient of variation of the first quarter, but at least 20 and at most 500;
    values further than 4 robust standard deviations from the median are cut back to there.
    """
    n = int(np.clip(LEARNED_SHARE * len(durations), LEARNED_LEAST, LEARNED_MOST))
    first = durations[:n]
    middle = float(np.median(first))
    spread = _MAD_TO_SD * float(np.median(np.abs(first - middle)))
    reach = WINSOR * max(spread, 0.02 * middle)
    kept = np.clip(first, max(middle - reach, 0.0), middle + reach)
    mean_s = float(kept.mean())
    cv = float(kept.std(ddof=1)) / mean_s if len(kept) > 1 and mean_s > 0 else 0.0
    return Duration(mean_s=mean_s, cv=round(cv, 6)), len(first)


def learned_plant(mapping: LogMapping, cycles: pd.DataFrame, machines: list[str]) -> LearnedPlant:
    """Return a plant with one station for every machine."""
    cells: dict[str, list[Station]] = {}
    sources: dict[str, str] = {}
    for k, machine in enumerate(machines):
        entry = mapping.stations.get(machine, StationEntry())
        mine = cycles[cycles["machine"] == machine]
        cycle, recipes = _cycles(machine, entry, mine, sources)
        cells.setdefault(entry.workcell or machine, []).append(
            Station(
                id=machine,
                label=entry.label,
                kind="discrete",
                position_m=(PITCH_M * (k + 1), PITCH_M, 0.0),
                size_m=SIZE_M,
                cycle=cycle,
                recipes=recipes,
                workcell=entry.workcell or machine,
                line="line_1",
            )
        )
    return LearnedPlant(
        Plant(
            id=mapping.id,
            label=mapping.label,
            description=mapping.source,
            building=Building(size_m=(PITCH_M * (len(machines) + 1), 2 * PITCH_M, 6.0)),
            items=[Item(id="part", product=True)],
            lines=[
                Line(
                    id="line_1",
                    workcells=[
                        Workcell(id=cell, stations=stations) for cell, stations in cells.items()
                    ],
                )
            ],
        ),
        sources,
    )


class LearnedPlant:
    """A plant, and where its numbers come from.

    Attributes
    ----------
    plant : Plant
    sources : dict
        Address in the plant -> where its number comes from.
    """

    def __init__(self, plant: Plant, sources: dict[str, str]) -> None:
        self.plant = plant
        self.sources = sources


def _cycles(
    machine: str, entry: StationEntry, mine: pd.DataFrame, sources: dict[str, str]
) -> tuple[Duration | None, list[Recipe]]:
    """Return the cycle of a machine, and of every product where the log names several."""
    if entry.cycle is not None:
        sources[f"stations.{machine}.cycle.mean_s"] = "mapping file"
        return entry.cycle, []
    if mine.empty:
        return None, []
    lengths = (mine["end"] - mine["start"] - mine["stopped"]).to_numpy(dtype=np.float64)
    cycle, n = learned_cycle(lengths)
    said = "learned from the first {n} cycles of the log"
    sources[f"stations.{machine}.cycle.mean_s"] = said.format(n=n)
    products = mine["product"].dropna().unique()
    if len(products) < 2:
        return cycle, []
    recipes = []
    for k, product in enumerate(sorted(products)):
        one, n = learned_cycle(lengths[(mine["product"] == product).to_numpy(dtype=bool)])
        recipes.append(Recipe(product=product, cycle=one))
        sources[f"stations.{machine}.recipes.{k}.cycle.mean_s"] = said.format(n=n)
    return cycle, recipes
