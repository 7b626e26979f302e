"""What-if runs that confirm a bottleneck."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.experiment import confirm, improvements, likeliest
from sim.experiment import tasks as tasks_module
from sim.experiment.section import sections
from sim.experiment.tasks import Task, run_tasks
from sim.restore import changed_plant
from twin.cli import app
from twin.errors import CelltwinError
from twin.plant.load import load_plant, load_scenario
from twin.run.run import Run

PLANT = """
format: 1
id: three
source: assumption
building: {size_m: [30, 10, 5]}
items: [{id: part, product: true}]
sources: [{id: supply, item: part, put: b0, position_m: [1, 5, 0]}]
sinks: [{id: exit, position_m: [28, 5, 0]}]
lines:
  - id: line
    workcells:
      - id: cell
        buffers:
          - {id: b0, item: part, capacity: 4, position_m: [3, 5, 0], size_m: [1, 1, 1]}
          - {id: b1, item: part, capacity: 4, position_m: [10, 5, 0], size_m: [1, 1, 1]}
          - {id: b2, item: part, capacity: 4, position_m: [18, 5, 0], size_m: [1, 1, 1]}
        stations:
          - {id: one, kind: discrete, position_m: [6, 5, 0], size_m: [2, 2, 2],
             take: [{from: b0}], put: b1, cycle: {mean_s: 6, cv: 0.3}}
          - {id: two, kind: discrete, position_m: [14, 5, 0], size_m: [2, 2, 2],
             take: [{from: b1}], put: b2, cycle: {mean_s: 10, cv: 0.3}}
          - {id: three, kind: discrete, position_m: [22, 5, 0], size_m: [2, 2, 2],
             take: [{from: b2}], put: exit, cycle: {mean_s: 7, cv: 0.3}}
"""


@pytest.fixture
def plant_file(tmp_path: Path) -> Path:
    path = tmp_path / "three.yaml"
    path.write_text(PLANT, "utf-8")
    return path


def test_slowest_station_brings_as_much_as_it_gets_faster(plant_file: Path) -> None:
    scenario = load_scenario(plant_file, horizon_s=20_000.0, warmup_s=1000.0)
    wanted = [one for one in improvements(scenario.plant) if one.kind == "station"]
    found = confirm(scenario, wanted, replications=3, jobs=1)
    best = found.gains[0]
    assert (best.id, best.sure, best.limits) == ("two", True, True)
    assert best.gain_pct == pytest.approx(5.0, abs=1.0)
    assert all(abs(gain.gain_pct) < 1.0 for gain in found.gains[1:])
    assert found.rates_per_h == {"three": pytest.approx(360.0, rel=0.03)}
    assert found.shipped_per_h == pytest.approx(found.rates_per_h["three"], rel=0.01)


def test_processes_give_what_one_process_gives(plant_file: Path) -> None:
    scenario = load_scenario(plant_file, horizon_s=2000.0)
    wanted = improvements(scenario.plant)[:1]
    ticks: list[tuple[float, float]] = []
    alone = confirm(scenario, wanted, replications=2, jobs=1)
    shared = confirm(
        scenario, wanted, replications=2, jobs=2, progress=lambda a, b: ticks.append((a, b))
    )
    assert alone == shared
    assert ticks[-1] == (4, 4)


def die(task: Task) -> None:
    """Stand in for a run whose process is killed."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_run_whose_process_dies_is_told(plant_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks_module, "run_task", die)
    tasks = [Task("two", seed, "", {}) for seed in (1, 2)]
    with pytest.raises(CelltwinError, match="the process of 'two' died 3 times"):
        list(run_tasks(tasks, jobs=2, tick=lambda a, b: None))


def test_cancelling_keeps_what_is_complete(plant_file: Path) -> None:
    scenario = load_scenario(plant_file, horizon_s=500.0)
    wanted = improvements(scenario.plant)

    def stop(done: float, total: float) -> None:
        if done >= 5:
            raise KeyboardInterrupt

    found = confirm(scenario, wanted, replications=2, jobs=1, progress=stop)
    assert not found.complete
    assert [gain.id for gain in found.gains] == [wanted[0].id]


def test_one_replication_is_refused(plant_file: Path) -> None:
    with pytest.raises(CelltwinError, match="must be 2 or more"):
        confirm(load_scenario(plant_file), [], replications=1)


@pytest.mark.parametrize("name", ["pilot", "line_3gwh"])
def test_every_improvement_of_a_plant_can_be_made(name: str) -> None:
    plant = load_plant(name).plant
    wanted = improvements(plant)
    assert {one.kind for one in wanted} >= {"station", "fleet", "buffer", "crew"}
    for one in wanted:
        assert changed_plant(plant, one.changes) != plant


def test_sections_are_cut_at_stores_and_long_cycles() -> None:
    plant = load_plant("pilot").plant
    found = sections(plant, 8 * 3600.0)
    assert [one.name for one in found] == ["tray_load", "fill", "degas_final_seal", "grade_pack"]
    assert {"stack", "stack_transfer", "pouch_form_insert"} <= found[0].members
    assert not any({"formation", "soak", "vac_bake"} & one.members for one in found)


def test_likeliest_are_those_that_wait_least(plant_file: Path, tmp_path: Path) -> None:
    from sim import simulate

    run = simulate(load_scenario(plant_file, horizon_s=3000.0), tmp_path / "run")
    chosen = likeliest(run, 0.05, 3)
    assert "two" in {one.id for one in chosen}
    assert len(chosen) == 3
    assert len(likeliest(run, 0.05, None)) == len(improvements(run.plant))


def test_command_prints_and_keeps_the_result(plant_file: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    runner = CliRunner()
    made = runner.invoke(app, ["run", str(plant_file), "--horizon", "1h", "--out", out])
    assert made.exit_code == 0
    args = ["bottleneck", out, "--replications", "2", "--most", "3", "--jobs", "1"]
    done = runner.invoke(app, args)
    assert done.exit_code == 0, done.stderr
    assert "Turning point" in done.stdout
    assert "two" in done.stdout
    kept = json.loads((tmp_path / "run" / "bottleneck.json").read_text("utf-8"))
    assert kept["what_if"]["slowest"] == "three"
    assert Run.open(out).manifest.status == "complete"
    quick = runner.invoke(app, ["bottleneck", out, "--no-confirm", "--json"])
    assert json.loads(quick.stdout)["what_if"] is None
