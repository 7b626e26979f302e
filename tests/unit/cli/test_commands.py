"""What the commands print and write when all is well."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

import twin
from twin.cli import app
from twin.run.run import Run


def run_cli(*arguments: str | Path) -> Result:
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    assert done.exit_code == 0, done.output
    return done


@pytest.fixture(scope="module")
def starter_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "starter"
    run_cli(
        "run", "starter", "--horizon", "1h", "--warmup", "10min", "--seed", "3", "--out", folder
    )
    return folder


def test_version_is_the_package_version() -> None:
    assert run_cli("--version").stdout.strip() == f"celltwin {twin.__version__}"


def test_help_lists_the_commands_in_the_order_of_work() -> None:
    text = run_cli("--help").stdout
    names = [
        "demo",
        "plants",
        "new",
        "check",
        "schema",
        "run",
        "kpi",
        "flags",
        "stage",
        "dashboard",
    ]
    places = [text.index(f" {name} ") for name in names]
    assert places == sorted(places)


def test_plants_lists_plants_and_scenarios() -> None:
    text = run_cli("plants").stdout
    assert all(name in text for name in ("pilot", "starter", "pilot_shift", "slow_robot"))


def test_new_writes_a_plant_of_that_name_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run_cli("new", "mine")
    assert "\nid: mine\n" in Path("mine.yaml").read_text("utf-8")
    run_cli("check", "mine.yaml")
    Path("mine.yaml").write_text("kept", "utf-8")
    again = CliRunner().invoke(app, ["new", "mine"])
    assert again.exit_code == 2
    assert Path("mine.yaml").read_text("utf-8") == "kept"
    assert CliRunner().invoke(app, ["new", "2 words"]).exit_code == 2


def test_check_prints_capacity_of_every_step_and_the_bottleneck() -> None:
    done = run_cli("check", "pilot")
    for step in ("notch_cathode", "stack", "formation", "grade_pack", "amr", "stacker_crane"):
        assert f"\n {step} " in done.stdout
    assert "expected bottleneck: formation" in done.stdout


def test_check_json_is_json() -> None:
    report = json.loads(run_cli("check", "pilot", "starter", "--json").stdout)
    assert set(report) == {"pilot", "starter"}


def test_check_assumptions_lists_sources() -> None:
    assert "assumption" in run_cli("check", "pilot", "--assumptions").stdout


@pytest.mark.parametrize("kind", ["plant", "scenario"])
def test_schema_accepts_what_is_shipped(kind: str) -> None:
    schema = json.loads(run_cli("schema", kind).stdout)
    folder = Path(twin.__file__).parents[1] / "scenes" / f"{kind}s"
    for path in folder.glob("*.yaml"):
        data = YAML(typ="safe").load(path.read_text("utf-8"))
        jsonschema.validate(json.loads(json.dumps(data)), schema)


def test_run_writes_what_was_asked_for(starter_run: Path) -> None:
    run = Run.open(starter_run)
    assert run.manifest.status == "complete"
    assert (run.horizon_s, run.warmup_s, run.scenario.seed) == (3600.0, 600.0, 3)


def test_run_applies_changes(tmp_path: Path) -> None:
    out = tmp_path / "r"
    run_cli(
        "run", "starter", "--horizon", "5min", "--set", "buffers.infeed.capacity=7", "--out", out
    )
    assert Run.open(out).plant.buffers["infeed"].capacity == 7


def test_run_without_out_chooses_a_free_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        run_cli("run", "starter", "--horizon", "1min")
    assert sorted(p.name for p in Path("runs").iterdir()) == ["starter-1", "starter-1-2"]


def test_kpi_json_has_the_documented_keys(starter_run: Path) -> None:
    data = json.loads(run_cli("kpi", starter_run, "--json").stdout)
    for key in ("throughput_per_h", "mean_wip", "mean_flow_time_s", "energy_kwh"):
        assert key in data
        assert data[key] is not None or key in data["why"]
    for station in data["stations"].values():
        assert {"throughput_per_h", "oee", "state_shares"} <= set(station)
        assert sum(station["state_shares"].values()) == pytest.approx(1.0)
    assert all("mean_level" in b for b in data["buffers"].values())


def test_kpi_table_shows_every_station(starter_run: Path) -> None:
    text = run_cli("kpi", starter_run).stdout
    assert all(name in text for name in ("press", "weld", "hand_over", "throughput_per_h", "grip"))


def test_flags_json_has_the_documented_form(starter_run: Path) -> None:
    data = json.loads(run_cli("flags", starter_run, "--json").stdout)
    assert set(data) == {"flags"}


def test_stage_is_written_beside_the_run(starter_run: Path) -> None:
    run_cli("stage", starter_run, "--from", "10min", "--to", "20min")
    assert (starter_run / "stage" / "root.usda").is_file()
