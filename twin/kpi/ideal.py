"""Ideal cycle times: what OEE and flags compare the work with."""

from __future__ import annotations

from twin.plant.station import Station
from twin.run.run import Run

PER_LOT = ("batch", "store")
"""Kinds of station that treat a whole lot (or batch) in one cycle."""


def rows_are_lots(station: Station) -> bool:
    """Whether the station's ``cycles`` rows are whole lots; their scrap is in the genealogy."""
    return station.kind in PER_LOT or station.record == "lot"


def cycles_in_row(station: Station, n: float) -> float:
    """Return how many cycles a row of `n` units stands for."""
    if station.kind in PER_LOT or station.record == "unit":
        return 1.0
    return float(max(1, -(-n // station.units_per_cycle)))


def nominal_robot_cycles(run: Run) -> dict[str, float]:
    """Return the nominal program time of every robot that worked, in seconds."""
    rows = run.sql(
        "SELECT robot, sum(nominal_s) FROM (SELECT robot, step, median(nominal_s) AS nominal_s"
        " FROM substeps GROUP BY robot, step) GROUP BY robot ORDER BY robot"
    )
    return {str(robot): float(seconds) for robot, seconds in rows.itertuples(index=False)}


def ideal_row_s(station: Station, robot_cycles_s: dict[str, float]) -> float | None:
    """Return the ideal machine time of one unit (``batch``: of one lot), in seconds.

    The time at performance 1: ``cycle.mean_s`` shared by the units of a cycle (or the lots of a
    batch), for a robot its program without variation. A ``store`` is judged per slot: one lot
    takes ``cycle.mean_s`` of one slot. None where the plant or the run does not tell.
    """
    if station.kind == "robot":
        cycle_s = robot_cycles_s.get(station.robot or "")
        return None if cycle_s is None else cycle_s / station.units_per_cycle
    if station.cycle is None or any(recipe.cycle for recipe in station.recipes):
        return None
    return _per_row_s(station, station.cycle.mean_s)


def ideal_product_row_s(
    station: Station, product: str, robot_cycles_s: dict[str, float]
) -> float | None:
    """Return the ideal machine time of one unit (``batch``: of one lot) of a product, in seconds.

    As `ideal_row_s`, with the product's own cycle where its recipe at the station has one.
    """
    recipe = station.recipe(product)
    if recipe is not None and recipe.cycle is not None:
        return _per_row_s(station, recipe.cycle.mean_s)
    if station.kind == "robot":
        return ideal_row_s(station, robot_cycles_s)
    return None if station.cycle is None else _per_row_s(station, station.cycle.mean_s)


def _per_row_s(station: Station, cycle_s: float) -> float:
    if station.kind == "batch":
        return cycle_s / station.batch_lots
    return cycle_s if station.kind == "store" else cycle_s / station.units_per_cycle


def running_pace(station: Station) -> float:
    """Return what nominal times are multiplied with where minor stops are not modelled one by one.

    Performance below 1 then means slower running.
    """
    return 1.0 if station.minor_stop_s > 0 else 1.0 / station.performance
