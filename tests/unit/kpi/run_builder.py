"""Small runs written by hand: a plant as plain data, tables as short rows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from twin.plant.scenario import Scenario
from twin.run.run import Run
from twin.run.tables import TABLES
from twin.run.writer import RunWriter

SIZE = [1.0, 1.0, 1.0]
ITEM = {"id": "battery_cell", "product": True, "units_per_lot": 2}
_DEFAULTS: dict[str, object] = {"f8": 0.0, "i8": -1, "i4": 1, "text": ""}


def station(id_: str, **values: Any) -> dict[str, Any]:
    """A station as plain data: a discrete one with a cycle of 10 s unless told otherwise."""
    base = {"id": id_, "kind": "discrete", "position_m": [0, 0, 0], "size_m": SIZE}
    if values.get("kind") != "robot":
        base["cycle"] = {"mean_s": 10.0, "cv": 0.1}
    return {**base, **values}


def robot(id_: str, **values: Any) -> dict[str, Any]:
    """A robot with two moves, a grip and a release."""
    poses = {"a": {"xyz_m": [0.5, 0, 0.5]}, "b": {"xyz_m": [0, 0.5, 0.5]}}
    steps = [
        {"name": "approach", "to": "a"},
        {"name": "grip", "wait": {"mean_s": 0.5, "cv": 0.06}, "action": "grip"},
        {"name": "carry", "to": "b"},
        {"name": "release", "wait": {"mean_s": 0.4, "cv": 0.06}, "action": "release"},
    ]
    program = {"start": "b", "poses": poses, "steps": steps, "move_cv": 0.01}
    return {"id": id_, "model": "any", "position_m": [0, 0, 0], "program": program, **values}


def scenario(
    stations: Iterable[dict[str, Any]], *, horizon_s: float = 100.0, **values: Any
) -> Scenario:
    """A scenario of one line with one workcell ``wc``; `values` overwrite parts of the plant."""
    workcell = {"id": "wc", "stations": list(stations)}
    workcell |= {k: values.pop(k) for k in ("buffers", "conveyors", "robots") if k in values}
    plant = {
        "id": "p",
        "building": {"size_m": [10, 10, 5]},
        "items": [ITEM],
        "lines": [{"id": "line", "workcells": [workcell]}],
    }
    outer = {k: values.pop(k) for k in ("warmup_s", "seed") if k in values}
    return Scenario.model_validate(
        {"id": "s", "horizon_s": horizon_s, "plant": plant | values, **outer}
    )


def write_run(
    folder: Path, made: Scenario, *, status: str = "complete", **tables: list[dict[str, Any]]
) -> Run:
    """Write tables given as rows; columns left out get neutral values."""
    writer = RunWriter(folder, made)
    for name, rows in tables.items():
        columns = TABLES[name].columns
        writer.append(
            name, {c.name: [row.get(c.name, _DEFAULTS[c.type]) for row in rows] for c in columns}
        )
    writer.close(status, made.horizon_s)  # type: ignore[arg-type]
    return Run.open(folder)


def states(resource: str, *intervals: tuple[str, float], kind: str = "machine") -> list[Any]:
    """Intervals one after the other from time 0: ``("down/minor_stop", 4.0)``."""
    rows, now = [], 0.0
    for what, length_s in intervals:
        state, _, reason = what.partition("/")
        rows.append(
            {
                "resource": resource,
                "kind": kind,
                "state": state,
                "reason": reason,
                "start_s": now,
                "end_s": now + length_s,
            }
        )
        now += length_s
    return rows


def cycle(station_id: str, start_s: float, duration_s: float, **values: Any) -> dict[str, Any]:
    """One row of ``cycles``: one good unit unless told otherwise."""
    return {
        "unit": 1,
        "station": station_id,
        "machine": station_id,
        "start_s": start_s,
        "duration_s": duration_s,
        "end_s": start_s + duration_s,
        "n": 1,
        "result": "ok",
        **values,
    }
