"""A run written by hand: one hour, a robot that grips one second longer from 00:30 on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.card import Shown, at_rest
from dashboard.runs import Runs
from twin.plant.scenario import Scenario
from twin.run.run import Run
from twin.run.tables import TABLES
from twin.run.writer import RunWriter

END_S = 3600.0
FAULT_S = 1800.0
SIZE = [1.0, 1.0, 1.0]


def place(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "position_m": [0, 0, 0], "size_m": SIZE, **more}


def plant() -> dict[str, Any]:
    poses = {"a": {"xyz_m": [0.5, 0, 0.5]}, "b": {"xyz_m": [0, 0.5, 0.5]}}
    steps = [
        {"name": "approach", "to": "b"},
        {"name": "grip", "wait": {"mean_s": 1.0, "kind": "constant"}, "action": "grip"},
        {"name": "place_part", "to": "a"},
    ]
    arm = {
        "id": "arm", "label": "Insertion robot", "model": "kuka_kr10_r1420",
        "position_m": [1, 1, 0],
        "program": {"start": "a", "poses": poses, "steps": steps},
    }  # fmt: skip
    cycle = {"mean_s": 20.0, "kind": "constant"}
    soak = place(
        "soak", kind="store", take=[{"from": "trays"}], put=None, machines=2,
        rack={"columns": 2, "levels": 2}, cycle={"mean_s": 600.0, "kind": "constant"},
    )  # fmt: skip
    return {
        "id": "tiny",
        "label": "Tiny plant",
        "takt_s": 20.0,
        "building": {"size_m": [20, 10, 5], "base_load_kw": 3.0},
        "items": [{"id": "battery_cell", "product": True}],
        "sources": [{"id": "goods_in", "item": "battery_cell", "put": "feed",
                     "position_m": [0, 0, 0]}],
        "sinks": [{"id": "goods_out", "position_m": [9, 0, 0]}],
        "lines": [
            {
                "id": "line_1",
                "workcells": [
                    {
                        "id": "mixing", "label": "Mixing",
                        "stations": [place("mix", label="Mixer", kind="discrete", machines=2,
                                           cycle=cycle, take=[{"from": "feed"}], put="parts")],
                        "buffers": [place("feed", item="battery_cell", capacity=10)],
                    },
                    {
                        "id": "inserting", "label": "Inserting",
                        "stations": [place("insert", label="Insertion", kind="robot", robot="arm",
                                           take=[{"from": "parts"}], put="trays")],
                        "robots": [arm],
                        "buffers": [
                            place("parts", label="Parts", item="battery_cell", capacity=4),
                            place("trays", item="battery_cell", capacity=5),
                        ],
                    },
                    {"id": "soaking", "label": "Soaking", "stations": [soak]},
                ],
            }
        ],
    }  # fmt: skip


def scenario(**changes: Any) -> Scenario:
    return Scenario.model_validate(
        {"id": "hour", "label": "One hour", "horizon_s": END_S, "plant": plant(), **changes}
    )


def write(writer: RunWriter, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    columns = list(zip(*rows, strict=True))
    names = [c.name for c in TABLES[table].columns]
    writer.append(table, dict(zip(names, columns, strict=True)))


def grip_s(t_s: float) -> float:
    return 2.0 if t_s >= FAULT_S else 1.0


def robot_rows(writer: RunWriter) -> None:
    steps, cycles, states, signals = [], [], [], []
    for k in range(180):
        t = 20.0 * k
        cause = "vacuum_leak" if t >= FAULT_S else ""
        times = ((2.0, 2.0, ""), (1.0, grip_s(t), cause), (3.0, 3.0, ""))
        begin = t
        for index, (nominal, actual, why) in enumerate(times):
            name = ("approach", "grip", "place_part")[index]
            steps.append(("arm", k, k, index, name, begin, nominal, actual, why))
            begin += actual
        cycles.append((k, k, "insert", "insert", t, begin - t, begin, 1, "ok"))
        for resource, kind in (("insert", "machine"), ("arm", "robot")):
            states.append((resource, kind, "working", "", t, begin))
            states.append((resource, kind, "starved", "", begin, t + 20.0))
        signals.append(("arm", "vacuum_kpa", t, 60.0 if cause else 80.0))
        signals.append(("arm", "motor_current_a", t, 4.0))
    write(writer, "substeps", steps)
    write(writer, "cycles", cycles)
    write(writer, "states", states)
    write(writer, "signals", signals)


def machine_rows(writer: RunWriter) -> None:
    cycles, states = [], []
    for k in range(90):
        t = 40.0 * k
        cycles.append((k, k, "mix", "mix_1", t, 20.0, t + 20.0, 1, "ok"))
        states.append(("mix_1", "machine", "working", "", t, t + 20.0))
        states.append(("mix_1", "machine", "starved", "", t + 20.0, t + 40.0))
    states.append(("mix_2", "machine", "working", "", 0.0, 900.0))
    states.append(("mix_2", "machine", "down", "breakdown", 900.0, 1200.0))
    states.append(("mix_2", "machine", "down", "minor_stop", 1200.0, 1260.0))
    states.append(("mix_2", "machine", "working", "", 1260.0, END_S))
    write(writer, "cycles", cycles)
    write(writer, "states", states)


def flow_rows(writer: RunWriter) -> None:
    units = []
    for k in range(180):
        t = 20.0 * k
        units.append((t, "created", k, -1, "battery_cell", 1, -1, "goods_in"))
        units.append((t + 10.0, "shipped", k, -1, "battery_cell", 1, -1, "goods_out"))
    write(writer, "units", units)
    levels = [
        ("parts", 0.0, 1, 1, 1, -1),
        ("parts", 600.0, 1, 2, 2, -1),
        ("parts", 1200.0, -1, 1, 1, -1),
        ("soak", 0.0, 1, 1, 9, 0),
        ("soak", 100.0, 1, 2, 10, 1),
    ]
    write(writer, "levels", levels)


def write_run(folder: Path, *, status: str = "complete", **changes: Any) -> Path:
    writer = RunWriter(folder, scenario(**changes))
    robot_rows(writer)
    machine_rows(writer)
    flow_rows(writer)
    if status == "running":
        writer.flush(END_S)
    else:
        writer.close(status, END_S)  # type: ignore[arg-type]
    return folder


@pytest.fixture(scope="session")
def runs_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a complete run, a cancelled one, a broken one, and things that are no run."""
    folder = tmp_path_factory.mktemp("dashboard") / "runs"
    write_run(folder / "hour")
    write_run(folder / "stopped", status="cancelled")
    broken = folder / "broken"
    shutil.copytree(folder / "hour", broken)
    head = json.loads((broken / "run.json").read_text())
    (broken / "run.json").write_text(json.dumps({**head, "format": [9, 0]}))
    (folder / "notes").mkdir()
    (folder / "readme.txt").write_text("no run")
    write_run(folder.parent / "outside")
    return folder


@pytest.fixture(scope="session")
def run(runs_dir: Path) -> Run:
    return Run.open(runs_dir / "hour")


@pytest.fixture(scope="session")
def runs(runs_dir: Path) -> Runs:
    return Runs(runs_dir, "hour")


@pytest.fixture
def now(runs: Runs) -> Shown:
    """The robot's workcell, ten minutes into the fault."""
    return at_rest(runs, "/workcell/inserting?run=hour&t=2400", None)


class Whole(FlaskClient):
    """Reads every answer to its end, so that no file stays open."""

    def open(self, *args: Any, **given: Any) -> Any:
        return super().open(*args, **{"buffered": True, **given})


@pytest.fixture(scope="session")
def client(runs_dir: Path) -> FlaskClient:
    server = create_app(runs_dir, open_run="hour").server
    server.test_client_class = Whole
    client: FlaskClient = server.test_client()
    return client


def _walk(part: Any) -> Iterable[Any]:
    yield part
    children = getattr(part, "children", None)
    for child in children if isinstance(children, list | tuple) else [children]:
        if child is not None:
            yield from _walk(child)


@pytest.fixture(scope="session")
def text_of() -> Callable[[Any], str]:
    """All text in a component, joined by spaces."""
    return lambda part: " ".join(str(p) for p in _walk(part) if isinstance(p, str | int | float))


@pytest.fixture(scope="session")
def links_of() -> Callable[[Any], list[str]]:
    """All addresses a component links to."""
    return lambda part: [p.href for p in _walk(part) if getattr(p, "href", None)]


@pytest.fixture(scope="session")
def ids_of() -> Callable[[Any], set[str]]:
    """All ids in a component."""
    return lambda part: {p.id for p in _walk(part) if getattr(p, "id", None)}


@pytest.fixture(scope="session")
def classes_of() -> Callable[[Any], set[str]]:
    """All class names in a component."""
    return lambda part: {
        name for p in _walk(part) for name in (getattr(p, "className", None) or "").split()
    }
