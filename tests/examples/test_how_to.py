"""What the how-to pages about flow show works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sim import simulate
from sim.dispatch import RULES
from twin.cli import app
from twin.kpi import kpis
from twin.kpi.registry import DEFINITIONS
from twin.plant.load import load_scenario
from twin.plant.plant import Workcell
from twin.run.run import Run

PAGES = Path(__file__).parents[2] / "docs" / "how-to"
ROUTES = (PAGES / "routes-and-rework.md").read_text("utf-8")
ORDERS = (PAGES / "products-and-orders.md").read_text("utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def run_cli(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.mark.parametrize(("page", "name"), [(ROUTES, "rework"), (ORDERS, "orders")])
def test_the_plant_of_a_page_runs_with_the_commands_shown(
    page: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(f"{name}.yaml").write_text(blocks(page, "yaml")[0], "utf-8")
    commands = [line.split() for line in blocks(page, "console")[0].splitlines()]
    assert commands
    for command in commands:
        assert command[0] == "celltwin"
        done = run_cli(*command[1:])
        assert done.exit_code == 0, done.output
    run = Run.open(Path("runs") / f"{name}-1")
    assert run.manifest.totals["shipped"] > 50


def test_smaller_buffers_deadlock_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = re.sub(r"    release: .*\n", "", blocks(ROUTES, "yaml")[0])
    text = text.replace("id: queue, item: part, capacity: 12", "id: queue, item: part, capacity: 3")
    text = text.replace(
        "id: broken, item: part, capacity: 4", "id: broken, item: part, capacity: 2"
    )
    text = text.replace("mean_s: 20,", "mean_s: 11,").replace("mean_s: 60, cv: 0.5", "mean_s: 120")
    Path("rework.yaml").write_text(text, "utf-8")
    done = run_cli("run", "rework.yaml", "--horizon", "40h", "--out", "r")
    assert done.exit_code == 2, done.output
    shown = " ".join(blocks(ROUTES, "text")[0].split()).removesuffix("...")
    for part in re.findall(r"'\w+' waits for room in '\w+' \(\d of \d lots\)", shown):
        assert part in " ".join(done.stderr.split())
    assert Run.open("r").manifest.status == "failed"
    assert run_cli("kpi", "r").exit_code == 0, "the run can be read"


def test_a_missing_recipe_is_refused_as_the_page_says(tmp_path: Path) -> None:
    text = re.sub(r" *- \{product: large, cycle.*\n", "", blocks(ORDERS, "yaml")[0])
    path = tmp_path / "orders.yaml"
    path.write_text(text, "utf-8")
    done = run_cli("run", path, "--out", tmp_path / "r")
    assert done.exit_code == 2
    shown = " ".join(blocks(ORDERS, "text")[0].split())
    assert shown in " ".join(done.stderr.replace(f"{tmp_path}/", "").split())


def test_the_dispatch_rule_of_the_page_works(tmp_path: Path) -> None:
    text = blocks(ORDERS, "yaml")[0].replace("earliest_due_date", "least_slack")
    path = tmp_path / "orders.yaml"
    path.write_text(text, "utf-8")
    try:
        exec(blocks(ORDERS, "python")[0], {})
        run = simulate(load_scenario(path, horizon_s=7_200.0), tmp_path / "r")
    finally:
        RULES.pop("least_slack", None)
    assert len(run.table("orders")) == 3


def test_orders_have_key_figures_and_other_plants_do_not(tmp_path: Path) -> None:
    path = tmp_path / "orders.yaml"
    path.write_text(blocks(ORDERS, "yaml")[0], "utf-8")
    run = simulate(load_scenario(path, horizon_s=7_200.0), tmp_path / "r")
    found = kpis(run).to_json()["orders"]
    rows = run.table("orders")
    late = rows["finished_s"] > rows["due_s"]
    assert {f"orders.{key}" for key in found} == {
        d.path for d in DEFINITIONS if d.group == "orders"
    }
    assert found["n"] == found["finished"] == 3
    assert found["on_time_share"] == pytest.approx(1 - late.mean())
    assert found["mean_tardiness_s"] == pytest.approx(rows["tardiness_s"].mean())
    assert found["good_units"] + found["scrap_units"] == 60
    plain = tmp_path / "rework.yaml"
    plain.write_text(blocks(ROUTES, "yaml")[0], "utf-8")
    other = simulate(load_scenario(plain, horizon_s=600.0), tmp_path / "other")
    assert "orders" not in kpis(other).to_json()


@pytest.mark.parametrize("block", blocks(ROUTES, "yaml")[1:])
def test_fragments_are_keys_of_a_station(block: str) -> None:
    """Short blocks show keys of a station as they stand in a plant file."""
    from ruamel.yaml import YAML

    said = YAML(typ="safe").load(block)
    needed = {"id": "s", "kind": "discrete", "position_m": [0, 0, 0], "size_m": [1, 1, 1]}
    cell = Workcell.model_validate({"id": "w", "stations": [{**needed, **said}]})
    assert cell.stations[0].model_fields_set >= set(said)
