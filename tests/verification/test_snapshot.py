"""A run that goes on from a snapshot is the run that was never interrupted, bit for bit.

The digest of a run is a hash over every value of every row of every table, so equal digests mean
equal tables: before the snapshot (taken over from the old run) and after it (simulated again).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim import Checkpoints, Snapshot, WhatIf, fork, restore, resume, simulate
from sim.core.timer import advance
from sim.record import mode as modes
from sim.run import Running
from sim.script.rules import Rules
from sim.snapshot.kinds import SnapshotError
from sim.snapshot.take import Camera
from tests.support.plants import everything, scenario
from tests.verification.test_conservation import CHOICES, FORCED, check_levels, check_units, run_of
from twin.plant.load import load_scenario
from twin.plant.scenario import Scenario, SnapshotStart
from twin.run.run import Run
from twin.run.writer import RunWriter

TROUBLE: dict[str, Any] = {
    "breakdown": {"mtbf_h": 0.05, "mttr_h": 0.005, "crew": "crew", "clock": "calendar"},
    "attend": True, "performance": 0.9, "machines": 3, "vehicles": 4, "tray": 4,
}  # fmt: skip
TIMES = (0.5, 99.0, 101.0, 345.6, 777.7, 1500.0, 2999.0)


def checkpoints_of(run: Run) -> list[Path]:
    return sorted((run.folder / "checkpoint").iterdir())


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The plant with everything, and everything going wrong, with checkpoints at `TIMES`."""
    fault = {"kind": "breakdown", "at": 100.0, "machine": "cut", "repair": 20.0}
    case = scenario(everything(**TROUBLE), 3000.0, seed=3, initial="steady", faults=[fault])
    folder = tmp_path_factory.mktemp("troubled")
    return simulate(case, folder / "run", checkpoints=Checkpoints(at_s=TIMES))


def test_checkpoints_change_nothing(troubled: Run, tmp_path: Path) -> None:
    alone = simulate(troubled.scenario, tmp_path / "r")
    assert alone.manifest.digest == troubled.manifest.digest
    assert not (alone.folder / "checkpoint").exists()
    assert len(checkpoints_of(troubled)) == len(TIMES)


@pytest.mark.parametrize("k", range(len(TIMES)))
def test_continued_run_equals_the_uninterrupted_one(k: int, troubled: Run, tmp_path: Path) -> None:
    again = restore(checkpoints_of(troubled)[k], tmp_path / "again")
    assert again.manifest.rows == troubled.manifest.rows
    assert again.manifest.totals == troubled.manifest.totals
    assert again.manifest.digest == troubled.manifest.digest
    assert again.warmup_s == TIMES[k]


def test_the_snapshot_of_a_continued_run_is_the_same_file(troubled: Run, tmp_path: Path) -> None:
    paths = checkpoints_of(troubled)
    again = restore(paths[2], tmp_path / "again", checkpoints=Checkpoints(at_s=TIMES[3:]))
    for mine, its in zip(checkpoints_of(again), paths[3:], strict=True):
        a, b = Snapshot.read(mine), Snapshot.read(its)
        assert a.plant == b.plant
        for key in ("objects", "new", "events", "now_s"):
            assert a.engine[key] == b.engine[key], (mine.name, key)


def is_interesting(name: str, running: Running) -> bool:
    factory = running._factory
    assert factory is not None
    vehicles = [c.driver for f in factory.fleets.values() for c in f.vehicles]
    return {
        "vehicle on its way with a lot": any(v.lots and v.stands_at is None for v in vehicles),
        "vehicle waits in traffic": any(v.log.mode == modes.WAITING_TRAFFIC for v in vehicles),
        "machine waits for repair": any(
            m.log.mode == modes.WAITING_REPAIR for m in factory.machines.values()
        ),
        "machine is attended": any(m.log.mode == modes.ATTENDED for m in factory.machines.values()),
        "batch in work": factory.machines["bake_1"].log.mode == modes.WORKING,
        "crane carries": any([*crane.held()] for crane in factory.cranes),
        "tower down": any(t.down for s in factory.stores.values() for t in s.towers),
        "machine waits for room": any(m.waits_for_room() for m in factory.machines.values()),
    }[name]


@pytest.mark.parametrize("moment", [
    "vehicle on its way with a lot", "vehicle waits in traffic", "machine waits for repair",
    "machine is attended", "batch in work", "crane carries", "tower down", "machine waits for room",
])  # fmt: skip
def test_continuing_at_a_moment(moment: str, troubled: Run, tmp_path: Path) -> None:
    case = troubled.scenario.model_copy(update={"horizon_s": 2000.0})
    whole = simulate(case, tmp_path / "whole")
    running = Running(case)
    running.write_to(RunWriter(tmp_path / "found", case))
    running.begin(Rules())
    env = running.world.env
    while not is_interesting(moment, running):
        advance(env, env.now + 0.7)
        assert env.now < 1900.0, f"never: {moment}"
    snapshot = Camera(case, running._factory, running._writer).take()  # type: ignore[arg-type]
    path = tmp_path / "found" / "checkpoint" / "x.json.gz"
    snapshot.write(path)
    assert restore(path, tmp_path / "again").manifest.digest == whole.manifest.digest


def test_pilot_plant_with_robots_continues_exactly(tmp_path: Path) -> None:
    """Robots draw cycles in advance, and sensors depend on when tables are written."""
    case = load_scenario("pilot_shift", horizon_s=5000.0)
    first = case.model_copy(update={"horizon_s": 4000.0})
    whole = simulate(case, tmp_path / "whole")
    short = simulate(first, tmp_path / "short",
                     checkpoints=Checkpoints(every_s=1800.0, at_s=(1234.5, 4000.0)))  # fmt: skip
    for path in checkpoints_of(short):
        again = restore(path, tmp_path / "again", WhatIf(horizon_s=5000.0), force=True)
        assert again.manifest.digest == whole.manifest.digest, path.name


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    choices=CHOICES,
    forced=FORCED,
    seed=st.integers(0, 2**31),
    initial=st.sampled_from(["empty", "steady"]),
    at_s=st.floats(0.001, 899.0),
)
def test_any_plant_continues_exactly_from_any_time(
    choices: dict[str, Any], forced: list[tuple[float, str]], seed: int, initial: str, at_s: float
) -> None:
    case = run_of(choices, forced, seed=seed, initial=initial)
    with tempfile.TemporaryDirectory() as folder:
        whole = simulate(case, Path(folder) / "whole", checkpoints=Checkpoints(at_s=(at_s,)))
        again = restore(whole.folder, Path(folder) / "again")
        assert again.manifest.digest == whole.manifest.digest


SCRIPT = """
import json, os, signal, sys
from sim import Checkpoints, simulate
from twin.plant.scenario import Scenario
def kill(now, horizon):
    if now > 8000.0:
        os.kill(os.getpid(), signal.SIGKILL)
case = Scenario.model_validate(json.load(sys.stdin))
simulate(case, sys.argv[1], checkpoints=Checkpoints(every_s=2500.0), progress=kill)
"""


def test_a_killed_run_is_resumed_to_the_same_end(tmp_path: Path) -> None:
    case = scenario(everything(**TROUBLE), 9000.0, seed=5)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "killed")], check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p or "." for p in sys.path)},
        capture_output=True, text=True, input=case.model_dump_json(by_alias=True),
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    killed = Run.open(tmp_path / "killed")
    assert killed.manifest.status == "running"
    assert len(checkpoints_of(killed)) == 3
    whole = simulate(killed.scenario, tmp_path / "whole")
    finished = resume(killed.folder)
    assert finished.manifest.status == "complete"
    assert finished.manifest.digest == whole.manifest.digest
    assert finished.manifest.rows == whole.manifest.rows
    assert len(finished.table("cycles")) == whole.manifest.rows["cycles"]
    with pytest.raises(SnapshotError, match="is complete"):
        resume(killed.folder)


CHANGES: list[dict[str, object]] = [
    {"stations.join.machines": 4},
    {"stations.pack.machines": 2},
    {"buffers.cells.capacity": 9},
    {"stations.test.cycle.mean_s": 0.5},
    {"stations.test.breakdown": None},
    {"stations.test.breakdown.clock": "operating"},
    {"stations.bake.batch_lots": 1},
    {"stations.rest.machines": 2},
    {"fleets.agv.homes": ["home_0", "home_1", "home_2"], "stations.test.yield": 1.0},
    {"pools.operators.staff.day": 3},
    {"stations.check.performance": 1.0},
]


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_a_changed_plant_goes_on_and_adds_up(changes: dict[str, object], tmp_path: Path) -> None:
    plant = everything(**{**TROUBLE, "vehicles": 2})
    case = scenario(plant, 2400.0, seed=4, initial="steady")
    base = simulate(case, tmp_path / "base", checkpoints=Checkpoints(at_s=(1200.0,)))
    what_if = restore(base.folder, tmp_path / "what_if", WhatIf(changes))
    check_levels(what_if)
    check_units(what_if)
    query = "SELECT * EXCLUDE (machine) FROM cycles WHERE end_s < 1200"
    assert base.sql(query).astype(str).equals(what_if.sql(query).astype(str))
    late = what_if.table("units", where="event = 'shipped' AND time_s > 1800")
    assert len(late) > 0


def test_an_added_machine_works(tmp_path: Path) -> None:
    case = scenario(everything(**TROUBLE), 2400.0, seed=4, initial="steady")
    base = simulate(case, tmp_path / "base", checkpoints=Checkpoints(at_s=(1200.0,)))
    runs = fork(base.folder, tmp_path, {
        "same": WhatIf(),
        "more": WhatIf({"stations.join.machines": 4}),
        "luck": WhatIf(seed=5),
    })  # fmt: skip
    assert runs["same"].manifest.digest == base.manifest.digest
    assert runs["luck"].manifest.digest != base.manifest.digest
    states = runs["more"].table("states", where="resource = 'join_4'")
    assert states["start_s"].min() == 1200.0
    assert len(runs["more"].table("cycles", where="machine = 'join_4'")) > 10


@pytest.mark.parametrize(("changes", "said"), [
    ({"stations.join.machines": 2}, ["join_3", "not in the plant"]),
    ({"buffers.foils.capacity": 1, "buffers.trays.capacity": 1}, ["foils: holds", "capacity is 1"]),
    ({"buffers.nowhere.capacity": 1}, ["nowhere"]),
])  # fmt: skip
def test_what_has_no_place_is_refused_and_nothing_written(
    changes: dict[str, object], said: list[str], troubled: Run, tmp_path: Path
) -> None:
    with pytest.raises(Exception, match=said[0]) as caught:
        restore(checkpoints_of(troubled)[5], tmp_path / "r", WhatIf(changes))
    assert all(part in str(caught.value) for part in said)
    assert not (tmp_path / "r").exists()


def warm(plant: dict[str, Any], folder: Path, case: Scenario) -> Scenario:
    path = folder / "state.json"
    path.write_text(json.dumps({"format": [1, 0], "plant": plant}), "utf-8")
    return case.model_copy(update={"initial": SnapshotStart(snapshot=str(path))})


def test_a_state_written_by_hand_is_where_the_run_begins(tmp_path: Path) -> None:
    case = scenario(everything(yield_=1.0, tray=4), 1000.0)
    state = {
        "places": {
            "foils": [{"item": "foil", "n": 5}],
            "belt": [{"item": "tray", "n": 4}, {"item": "tray", "n": 4, "travel_s": 3.5}],
        },
        "machines": {
            "cut": {"lots": [{"item": "sheet", "n": 12}], "left_s": 1.0},
            "join_1": {"open": {"desk": [{"item": "sheet", "n": 9}]},
                       "lots": [{"item": "cell", "n": 1}], "left_s": 1.25},
            "pack": {"collected": [{"item": "cell", "n": 3}]},
            "bake_1": {"lots": [{"item": "tray", "n": 4}] * 2, "left_s": 17.0},
            "bake_2": {"lots": [{"item": "tray", "n": 4}]},
            "check": {"down_s": 60.0},
        },
        "stores": {"rest": {"slot": [1, 4], "item": "tray", "n": 4, "left_s": [0.0, 33.0],
                            "done_s": [60.0, 27.0]}},
        "vehicles": {"agv_1": {"stop": "pick", "charge": 0.5}},
    }  # fmt: skip
    run = simulate(warm(state, tmp_path, case), tmp_path / "r")
    check_units(run)
    cycles = run.table("cycles")
    first = cycles[cycles["machine"] == "join_1"].iloc[0]
    assert first["end_s"] == 1.25
    baked = cycles[cycles["machine"] == "bake_1"]
    assert (baked["end_s"].iloc[:2] == 17.0).all()
    rested = cycles[cycles["station"] == "rest"]
    assert 33.0 in set(rested["end_s"])
    check = run.table("states", where="resource = 'check'").iloc[0]
    assert (check["state"], check["start_s"], check["end_s"]) == ("down", 0.0, 60.0)
    assert run.manifest.totals["initial.tray"] == 8 + 8 + 4 + 8
    moves = run.table("moves", where="mover = 'agv_1'")
    assert moves.iloc[0]["origin"] == "pick"
    assert run.manifest.totals["shipped"] > 50


def test_the_readable_part_of_a_checkpoint_is_a_warm_start(troubled: Run, tmp_path: Path) -> None:
    """Every unit that was in the plant is there again, by item."""
    path = checkpoints_of(troubled)[4]
    start = SnapshotStart(snapshot=str(path))
    case = troubled.scenario.model_copy(update={"initial": start, "faults": []})
    run = simulate(case, tmp_path / "w")
    check_units(run)
    inside = held_units(troubled, until_s=TIMES[4])
    assert {item: run.manifest.totals.get(f"initial.{item}", 0) for item in inside} == inside
    assert run.manifest.totals["shipped"] > 30


def held_units(run: Run, until_s: float) -> dict[str, int]:
    """Return the cells and trays in a plant, by its genealogy alone."""
    events = run.table("units", where=f"time_s < {until_s}")
    n = {e: events[events["event"] == e].groupby("item", observed=True)["n"].sum()
         for e in ("created", "packed", "scrapped", "shipped")}  # fmt: skip
    cells = n["created"]["cell"] - n["scrapped"].get("cell", 0) - n["packed"]["tray"]
    trays = n["created"].get("tray", 0) + n["packed"]["tray"] - n["shipped"]["tray"]
    return {"cell": int(cells), "tray": int(trays - n["scrapped"].get("tray", 0))}


def test_a_run_with_live_processes_refuses_and_names_them(tmp_path: Path) -> None:
    case = scenario(everything(), 100.0)
    running = Running(case)
    running.write_to(RunWriter(tmp_path / "r", case))
    running.begin(Rules())
    env = running.world.env

    def my_control() -> Any:
        yield env.timeout(10.0)
        yield env.event()

    env.process(my_control())
    for until_s in (5.0, 50.0):  # in the event list, and waiting for an event that is not in it
        advance(env, until_s)
        with pytest.raises(SnapshotError, match="my_control"):
            Camera(case, running._factory, running._writer).take()  # type: ignore[arg-type]
