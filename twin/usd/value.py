"""The KPI layer: states, counters and key figures as held values, and the colour of lamps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pxr import Gf, Sdf, Vt

from twin.kpi import kpis
from twin.palette import LAMP_OFF, NORMAL, STATE_PAINT, linear_rgb
from twin.plant.plant import Plant
from twin.run.run import Run
from twin.usd.cycle_value import add_alarms, add_cycles, add_lines, count
from twin.usd.ergonomic_score import add_scores
from twin.usd.layer import TOKEN, Layer
from twin.usd.path import LINES, ROOT, Paths
from twin.usd.span import Span

Floats = NDArray[np.float64]

FILE = "layers/kpi.usdc"
COUNT_EVERY_S = 60.0
_FIGURES = {
    "oee": "oee",
    "availability": "availability",
    "performance": "performance",
    "quality": "quality",
    "throughput_per_h": "throughputPerH",
}


def write_values(folder: Path, span: Span, run: Run, paths: Paths) -> None:
    """Write what the tables say about machines, robots, vehicles, people and places."""
    layer = Layer(folder / FILE, span)
    _add_states(layer, span, run, paths)
    _add_levels(layer, span, run, paths)
    _add_parts_out(layer, span, run, paths)
    _add_figures(layer, run, paths)
    add_cycles(layer, span, run, paths)
    add_lines(layer, span, run)
    add_alarms(layer, span, run, paths)
    layer.save()


def has_lamp(plant: Plant) -> frozenset[str]:
    """Return the ids of everything that has a signal lamp."""
    machines = [m for s in plant.stations.values() for m in s.machine_ids]
    return frozenset([*machines, *plant.robots, *(crane.id for crane in plant.cranes)])


def _add_states(layer: Layer, span: Span, run: Run, paths: Paths) -> None:
    rows = run.table("states", ["resource", "state", "reason", "start_s"])
    lamps = has_lamp(run.plant)
    for resource, own in groups(rows, "resource", "start_s"):
        if resource not in paths.things:
            continue
        start = own["start_s"].to_numpy(float)
        chosen = span.steps(start)
        codes = span.codes(start[chosen])
        path = paths.things[resource]
        states = own["state"].astype(str).tolist()[chosen]
        _tokens(layer, path, "twin:kpi:state", codes, states)
        _tokens(layer, path, "twin:kpi:reason", codes, own["reason"].astype(str).tolist()[chosen])
        if resource in lamps:
            _colour_lamp(layer, f"{path}/Lamp", codes, states)


def _colour_lamp(layer: Layer, lamp: str, codes: Floats, states: list[str]) -> None:
    """Colour a lamp while its state is abnormal."""
    colours = [NORMAL if s in LAMP_OFF else STATE_PAINT[s] for s in states]
    kept = changes(codes, colours)
    values = [Vt.Vec3fArray([Gf.Vec3f(*linear_rgb(colours[k]))]) for k in kept]
    name = "primvars:displayColor"
    layer.attribute(layer.over(lamp), name, Sdf.ValueTypeNames.Color3fArray)
    layer.held(f"{lamp}.{name}", codes[kept], values)


def _add_levels(layer: Layer, span: Span, run: Run, paths: Paths) -> None:
    rows = run.table("levels", ["place", "time_s", "level"])
    for place, own in groups(rows, "place", "time_s"):
        if place in paths.things:
            counts = (own["time_s"].to_numpy(float), own["level"].to_numpy(np.int64))
            count(layer, span, f"{paths.things[place]}.twin:kpi:level", *counts)


def _add_parts_out(layer: Layer, span: Span, run: Run, paths: Paths) -> None:
    """Add the number of good units finished, counted once a minute."""
    rows = run.sql(
        f"SELECT station, ceil(end_s / {COUNT_EVERY_S}) * {COUNT_EVERY_S} AS time_s,"  # noqa: S608
        " sum(n) AS n FROM cycles WHERE result = 'ok' GROUP BY ALL ORDER BY station, time_s"
    )
    for station, own in groups(rows, "station", "time_s"):
        time = np.append(0.0, own["time_s"].to_numpy(float))
        total = np.append(0, np.cumsum(own["n"].to_numpy(np.int64)))
        count(layer, span, f"{paths.things[station]}.twin:kpi:partsOut", time, total)


def _add_figures(layer: Layer, run: Run, paths: Paths) -> None:
    """Add the key figures of the whole run as defaults."""
    found = kpis(run)
    add_scores(layer, found.ergonomics, paths)
    for station, own in found.stations.items():
        prim = layer.over(paths.things[station])
        for key, name in _FIGURES.items():
            _figure(layer, prim, name, getattr(own.oee, key, getattr(own, key, None)))
    for line, of_line in found.lines.items():
        prim = layer.over(f"{LINES}/{line}")
        _figure(layer, prim, "oee", of_line.oee)
        _figure(layer, prim, "throughputPerH", of_line.throughput_per_h)
    _figure(layer, layer.over(ROOT), "throughputPerH", found.throughput_per_h)


def _figure(layer: Layer, prim: Sdf.PrimSpec, name: str, value: float | None) -> None:
    if value is not None:
        layer.attribute(prim, f"twin:kpi:{name}", Sdf.ValueTypeNames.Float, float(value))


def _tokens(layer: Layer, path: str, name: str, codes: Floats, values: list[str]) -> None:
    kept = changes(codes, values)
    layer.attribute(layer.over(path), name, TOKEN)
    layer.linear(f"{path}.{name}", codes[kept], [values[k] for k in kept])


def changes(codes: Floats, values: Sequence[object]) -> list[int]:
    """Return which steps count: the last one at each time, where it changes something."""
    kept: list[int] = []
    for k, value in enumerate(values):
        if kept and codes[k] == codes[kept[-1]]:
            kept.pop()
        if not kept or values[kept[-1]] != value:
            kept.append(k)
    return kept


def groups(rows: pd.DataFrame, by: str, time: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of each thing, ordered by time."""
    ordered = rows.sort_values(time, kind="stable")
    for name, own in ordered.groupby(by, observed=True, sort=True):
        yield str(name), own
