"""celltwin itself: the engine with every record on, tables written to a run folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.model import Floats, Line, Outcome, Queue
from sim import simulate
from twin.plant.plant import Plant
from twin.plant.scenario import Scenario
from twin.run.run import Run

QUEUE_PLACES = 1_000_000
HOUR_S = 3600.0
NOWHERE: dict[str, Any] = {"position_m": [0, 0, 0], "size_m": [1, 1, 1]}


def line(model: Line, folder: Path) -> Outcome:
    """Simulate a line."""
    run = simulate(line_scenario(model), folder)
    return Outcome(run.manifest.rows["cycles"], lambda: _shipped(run))


def queue(model: Queue, folder: Path) -> Outcome:
    """Simulate a queue."""
    run = simulate(queue_scenario(model), folder)
    return Outcome(run.manifest.rows["cycles"], lambda: _stays(run))


def line_scenario(model: Line) -> Scenario:
    """Return the scenario of a line: a source that never runs out, machines, buffers, a sink."""
    breakdown = {} if model.mtbf_s is None else {
        "breakdown": {"mtbf_h": model.mtbf_s / HOUR_S, "mttr_h": model.mttr_s / HOUR_S},
    }  # fmt: skip
    places = [f"b{k}" for k in range(model.stations)]
    ends = zip(places, [*places[1:], "out"], strict=True)
    stations = [
        {"id": f"s{k + 1}", "kind": "discrete", "take": [{"from": before}], "put": after,
         "cycle": _exponential(model.mean_s), **breakdown, **NOWHERE}
        for k, (before, after) in enumerate(ends)
    ]  # fmt: skip
    buffers = [{"id": p, "item": "part", "capacity": model.capacity, **NOWHERE} for p in places]
    return _scenario(stations, buffers, {}, model)


def queue_scenario(model: Queue) -> Scenario:
    """Return the scenario of a queue."""
    station = {"id": "s1", "kind": "discrete", "take": [{"from": "b0"}], "put": "out",
               "cycle": _exponential(model.mean_s), **NOWHERE}  # fmt: skip
    buffer = {"id": "b0", "item": "part", "capacity": QUEUE_PLACES, **NOWHERE}
    return _scenario([station], [buffer], {"interval": _exponential(model.interval_s)}, model)


def _exponential(mean_s: float) -> dict[str, Any]:
    return {"mean_s": mean_s, "kind": "exponential", "cv": 1.0}


def _scenario(
    stations: list[dict[str, Any]],
    buffers: list[dict[str, Any]],
    arrivals: dict[str, Any],
    model: Line | Queue,
) -> Scenario:
    workcell = {"id": "cell", "stations": stations, "buffers": buffers}
    source = {"id": "source", "item": "part", "put": "b0", "position_m": [0, 0, 0], **arrivals}
    plant = Plant.model_validate(
        {
            "id": "benchmark",
            "building": {"size_m": [10, 10, 5]},
            "items": [{"id": "part", "size_m": [0.3, 0.2, 0.1], "product": True}],
            "lines": [{"id": "line", "workcells": [workcell]}],
            "sources": [source],
            "sinks": [{"id": "out", "position_m": [0, 0, 0]}],
        }
    )
    fields = {"id": "benchmark", "plant": plant, "horizon_s": model.horizon_s, "seed": model.seed}
    return Scenario.model_validate({**fields, "initial": "empty"})


def _shipped(run: Run) -> Floats:
    rows = run.sql("SELECT time_s FROM units WHERE event = 'shipped' ORDER BY time_s")
    return np.asarray(rows["time_s"], dtype=float)


def _stays(run: Run) -> Floats:
    rows = run.sql(
        "SELECT c.end_s - u.time_s AS stay_s FROM cycles c JOIN units u"
        " ON u.lot = c.lot AND u.event = 'created' ORDER BY c.end_s"
    )
    return np.asarray(rows["stay_s"], dtype=float)
