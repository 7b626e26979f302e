"""Random durations: a family has the spread it can have, and work takes time."""

from __future__ import annotations

import math
from collections.abc import Iterator

from twin.plant.base import Duration
from twin.plant.plant import Plant
from twin.plant.reporter import Reporter
from twin.plant.station import Station

MAX_CV = {
    "constant": 0.0,
    "uniform": 1 / math.sqrt(3),
    "triangular": 1 / math.sqrt(6),
    "normal": 0.5,
}
"""Largest coefficient of variation of a family whose values stay positive (normal: nearly all)."""


def check_durations(plant: Plant, report: Reporter) -> None:
    """Report durations whose family cannot have their spread, and work that takes no time."""
    for kind, name, key, duration in _durations(plant):
        if duration.kind in MAX_CV and duration.cv > MAX_CV[duration.kind]:
            what = (
                f"a '{duration.kind}' duration with a cv of {duration.cv:g} would become negative"
            )
            if duration.kind == "constant":
                what = f"a 'constant' duration has no cv of {duration.cv:g}"
            remedy = f"Lower 'cv' to {MAX_CV[duration.kind]:.3g}, or use 'gamma' or 'lognormal'."
            report.at(kind, name, f"{key}.cv", f"{what}.", remedy)
        if (
            duration.kind == "exponential"
            and "cv" in duration.model_fields_set
            and duration.cv != 1
        ):
            what = f"an 'exponential' duration has a cv of 1, not {duration.cv:g}."
            report.at(kind, name, f"{key}.cv", what, "Remove 'cv', or use 'gamma' or 'lognormal'.")
        if duration.mean_s == 0 and key.rpartition(".")[2] in {"cycle", "interval"}:
            report.at(kind, name, f"{key}.mean_s", f"'{key}.mean_s' must be greater than 0.")


def _durations(plant: Plant) -> Iterator[tuple[str, str, str, Duration]]:
    """Yield list, id, key and value of every duration."""
    for station in plant.stations.values():
        yield from _station_durations(station)
    for source in plant.sources:
        if source.interval is not None:
            yield "sources", source.id, "interval", source.interval
    for sink in plant.sinks:
        if sink.demand is not None:
            yield "sinks", sink.id, "demand.interval", sink.demand.interval
    for robot in plant.robots.values():
        for k, step in enumerate(robot.program.steps):
            if step.wait is not None:
                yield "robots", robot.id, f"program.steps.{k}.wait", step.wait


def _station_durations(station: Station) -> Iterator[tuple[str, str, str, Duration]]:
    if station.cycle is not None:
        yield "stations", station.id, "cycle", station.cycle
    if station.attend is not None:
        yield "stations", station.id, "attend.work", station.attend.work
    for k, recipe in enumerate(station.recipes):
        if recipe.cycle is not None:
            yield "stations", station.id, f"recipes.{k}.cycle", recipe.cycle
