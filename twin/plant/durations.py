"""Random durations: a family has the parameters and the spread it can have; work takes time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from twin.plant.base import Duration
from twin.plant.moments import WEIBULL_SHAPES, own_moments, weibull_cv
from twin.plant.plant import Plant
from twin.plant.reporter import Reporter
from twin.plant.station import Station

MAX_CV = {
    "constant": 0.0,
    "uniform": 1 / math.sqrt(3),
    "triangular": 1 / math.sqrt(6),
    "normal": 0.95,
}
"""Largest coefficient of variation of a family whose values stay positive."""

ONLY_FOR = {
    "k": ("erlang",),
    "shape": ("weibull",),
    "low_s": ("uniform", "triangular", "beta"),
    "high_s": ("uniform", "triangular", "beta"),
    "mode_s": ("triangular",),
    "alpha": ("beta",),
    "beta": ("beta",),
    "values_s": ("discrete", "empirical", "trace"),
    "weights": ("discrete",),
    "file": ("empirical", "trace"),
    "column": ("empirical", "trace"),
    "draw": ("empirical",),
    "at_end": ("trace",),
}
"""Keys that only some families use."""

NO_TIME = frozenset({"cycle", "interval", "time_to_failure"})
"""Keys of durations that must not be 0."""


@dataclass(frozen=True)
class Used:
    """A duration and where it stands: list, id and key of its object."""

    kind: str
    name: str
    key: str
    duration: Duration


def check_durations(plant: Plant, report: Reporter) -> None:
    """Report durations whose family cannot be as they say, and work that takes no time."""
    for used in _durations(plant):
        for key, what, remedy in _wrong(used.duration):
            report.at(used.kind, used.name, f"{used.key}.{key}", what, remedy)
            break
        else:
            _check_use(used, report)


def _check_use(used: Used, report: Reporter) -> None:
    last = used.key.rpartition(".")[2]
    if used.duration.mean_s == 0 and last in NO_TIME:
        what = f"'{used.key}.mean_s' must be greater than 0."
        report.at(used.kind, used.name, f"{used.key}.mean_s", what)
    if used.kind == "robots" and used.duration.kind == "trace" and used.duration.at_end == "stop":
        what = (
            "'at_end: stop' is not possible in a robot program, whose times are drawn in advance."
        )
        report.at(used.kind, used.name, f"{used.key}.at_end", what, "Write 'at_end: repeat'.")


_Said = tuple[str, str, str]
"""Key, what is wrong, remedy."""


def _wrong(d: Duration) -> Iterator[_Said]:
    """Yield what is wrong with the parameters of a duration."""
    for key, kinds in ONLY_FOR.items():
        if key in d.model_fields_set and d.kind not in kinds:
            what = f"'{key}' is for {_listed(kinds)} durations, this is '{d.kind}'."
            yield key, what, "Remove it or correct 'kind'."
    yield from _wrong_spread(d)
    if d.kind == "erlang" and d.k is None:
        yield "k", "an 'erlang' duration needs 'k'.", "Or use 'gamma' with 'cv'."
    elif d.kind == "weibull":
        yield from _wrong_weibull(d)
    elif d.kind in {"uniform", "triangular"}:
        yield from _wrong_limits(d)
    elif d.kind == "beta":
        yield from _wrong_beta(d)
    elif d.kind in {"discrete", "empirical", "trace"}:
        yield from _wrong_values(d)


def _wrong_spread(d: Duration) -> Iterator[_Said]:
    if d.kind in MAX_CV and d.cv > MAX_CV[d.kind]:
        what = f"a '{d.kind}' duration with a cv of {d.cv:g} would become negative"
        if d.kind == "normal":
            what = f"a 'normal' duration above 0 cannot have a cv of {d.cv:g}"
        if d.kind == "constant":
            what = f"a 'constant' duration has no cv of {d.cv:g}"
        yield (
            "cv",
            f"{what}.",
            f"Lower 'cv' to {MAX_CV[d.kind]:.3g}, or use 'gamma' or 'lognormal'.",
        )
    if d.kind == "exponential" and "cv" in d.model_fields_set and d.cv != 1:
        what = f"an 'exponential' duration has a cv of 1, not {d.cv:g}."
        yield "cv", what, "Remove 'cv', or use 'gamma' or 'lognormal'."
    if d.cv and (d.kind in {"erlang", "discrete", "empirical", "trace"} or _has_own(d)):
        by = {"erlang": "'k'", "weibull": "'shape'", "beta": "'alpha' and 'beta'"}
        given = by.get(d.kind, "'values_s'" if d.values_s else "its limits")
        yield "cv", f"'cv' follows from {given}.", "Remove one of them."


def _has_own(d: Duration) -> bool:
    return d.shape is not None or own_moments(d.__dict__) is not None


def _wrong_weibull(d: Duration) -> Iterator[_Said]:
    low, high = WEIBULL_SHAPES
    if d.shape is not None and not low <= d.shape <= high:
        yield "shape", f"'shape' is {d.shape:g}, must be from {low:g} to {high:g}.", ""
    least, most = weibull_cv(high), weibull_cv(low)
    if d.shape is None and not least <= d.cv <= most:
        what = f"a 'weibull' duration has a cv from {least:.3g} to {most:.3g}, this is {d.cv:g}."
        yield "cv", what, "Give 'cv' or 'shape'."


def _wrong_limits(d: Duration) -> Iterator[_Said]:
    keys = ("low_s", "mode_s", "high_s") if d.kind == "triangular" else ("low_s", "high_s")
    values = [getattr(d, key) for key in keys]
    if all(value is None for value in values):
        return
    for key, value in zip(keys, values, strict=True):
        if value is None:
            yield key, f"a '{d.kind}' duration with limits needs {_listed(keys)}.", ""
            return
    if values != sorted(values) or values[0] == values[-1]:
        shown = " <= ".join(f"{key} {value:g}" for key, value in zip(keys, values, strict=True))
        what = f"'{d.kind}' needs '{keys[0]}' below '{keys[-1]}'"
        between = " and 'mode_s' between" if d.kind == "triangular" else ""
        yield keys[0], f"{what}{between}: not so with {shown}.", ""


def _wrong_beta(d: Duration) -> Iterator[_Said]:
    if d.low_s is None or d.high_s is None or d.low_s >= d.high_s:
        yield "low_s", "a 'beta' duration needs 'low_s' below 'high_s'.", ""
    elif (d.alpha is None) != (d.beta is None):
        yield "alpha", "a 'beta' duration needs both 'alpha' and 'beta'.", "Or give mean and 'cv'."
    elif d.alpha is None:
        reach = (d.mean_s - d.low_s) * (d.high_s - d.mean_s)
        if reach <= 0:
            what = f"'mean_s' is {d.mean_s:g}, must be between {d.low_s:g} and {d.high_s:g}."
            yield "mean_s", what, ""
        elif not 0 < d.cv < math.sqrt(reach) / d.mean_s:
            most = math.sqrt(reach) / d.mean_s
            what = (
                f"'cv' is {d.cv:g}, between these limits it must be above 0 and below {most:.3g}."
            )
            yield "cv", what, ""


def _wrong_values(d: Duration) -> Iterator[_Said]:
    if not d.values_s:
        or_file = "" if d.kind == "discrete" else " or 'file'"
        yield "values_s", f"a duration of kind '{d.kind}' needs 'values_s'{or_file}.", ""
    elif d.weights and len(d.weights) != len(d.values_s):
        what = f"{len(d.weights)} weights for {len(d.values_s)} values."
        yield "weights", what, "Give each value its weight."
    elif d.weights and not sum(d.weights):
        yield "weights", "all weights are 0.", ""
    elif d.mean_s and own_moments(d.__dict__) is None:
        yield "mean_s", "values that are all 0 cannot be scaled to a mean.", "Remove 'mean_s'."


def _listed(names: tuple[str, ...]) -> str:
    quoted = [f"'{name}'" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if quoted[1:] else quoted[0]


def _durations(plant: Plant) -> Iterator[Used]:
    """Yield every duration of a plant."""
    for station in plant.stations.values():
        yield from _of_station(station)
    for source in plant.sources:
        if source.interval is not None:
            yield Used("sources", source.id, "interval", source.interval)
    for sink in plant.sinks:
        if sink.demand is not None:
            yield Used("sinks", sink.id, "demand.interval", sink.demand.interval)
    for robot in plant.robots.values():
        for k, step in enumerate(robot.program.steps):
            if step.wait is not None:
                yield Used("robots", robot.id, f"program.steps.{k}.wait", step.wait)


def _of_station(station: Station) -> Iterator[Used]:
    name = station.id
    if station.cycle is not None:
        yield Used("stations", name, "cycle", station.cycle)
    if station.attend is not None:
        yield Used("stations", name, "attend.work", station.attend.work)
    for k, recipe in enumerate(station.recipes):
        if recipe.cycle is not None:
            yield Used("stations", name, f"recipes.{k}.cycle", recipe.cycle)
    for key, mode in station.failure_modes.items():
        at = key if station.breakdown else f"breakdowns.{key}"
        if mode.time_to_failure is not None:
            yield Used("stations", name, f"{at}.time_to_failure", mode.time_to_failure)
        if mode.time_to_repair is not None:
            yield Used("stations", name, f"{at}.time_to_repair", mode.time_to_repair)
    for key, one in station.maintenance.items():
        yield Used("stations", name, f"maintenance.{key}.work", one.work)
