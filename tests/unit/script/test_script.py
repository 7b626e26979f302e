"""Scenario scripts: what they may do, that they stay reproducible, how their errors read."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim import simulate
from sim.dispatch import RULES
from sim.script.error import ScriptError
from sim.transport.dispatch import VEHICLE_RULES
from tests.support.flows import order, products
from tests.support.plants import (
    buffer,
    everything,
    line,
    scenario,
    source,
    station,
    tiny_plant,
)
from twin.cli import app
from twin.errors import PlantError
from twin.kpi import kpis
from twin.kpi.own import FILE_NAME
from twin.plant.load import load_scenario
from twin.plant.scenario import Scenario
from twin.run.run import Run
from twin.run.scenario_file import scenario_hash

IMPORTS = "from sim.script import PlantControl, Rules\n"


def script(body: str) -> dict[str, str]:
    """A script whose `setup` has this body."""
    inner = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return {"path": "my_script.py", "text": f"{IMPORTS}def setup(plant):\n{inner}\n"}


def two_stations(body: str, horizon_s: float = 1000.0, **more: Any) -> Scenario:
    return line([10.0, 10.0], horizon_s=horizon_s, script=script(body), **more)


def run_of(made: Scenario, folder: Path) -> Run:
    return simulate(made, folder / "run", force=True)


def ends(run: Run, station: str) -> list[float]:
    found = run.sql("SELECT end_s FROM cycles WHERE station = ? ORDER BY end_s", [station])
    return [float(t) for t in found["end_s"]]


def test_machine_slowed_down_from_a_time_on(tmp_path: Path) -> None:
    made = two_stations("plant.at(100, lambda: plant.machine('s1').slow_down(3))")
    assert ends(run_of(made, tmp_path), "s1")[8:14] == [90, 100, 130, 160, 190, 220]


def test_machine_stopped_by_a_process(tmp_path: Path) -> None:
    body = """
    def breaker():
        yield plant.wait(95)
        plant.machine("s2").stop(50, cause="test")
        yield plant.wait(1)
        assert plant.machine("s2").state == "down"
        assert plant.machine("s2").reason == "breakdown"
    plant.process(breaker())
    """
    run = run_of(two_stations(body), tmp_path)
    (alarm,) = run.table("alarms").itertuples()
    assert (alarm.resource, alarm.cause, alarm.raised_s, alarm.closed_s) == ("s2", "test", 95, 145)


def test_cycle_time_by_a_function_of_time(tmp_path: Path) -> None:
    body = "plant.machine('s1').cycle_time_by(lambda now, usual: usual + now / 10)"
    assert ends(run_of(two_stations(body), tmp_path), "s1")[:3] == pytest.approx([10, 21, 33.1])


def test_result_by_a_function_of_the_unit(tmp_path: Path) -> None:
    body = "plant.machine('s1').result_by(lambda unit, now: unit % 5 != 0)"
    run = run_of(two_stations(body), tmp_path)
    cycles = run.table("cycles", where="station = 's1'")
    assert len(cycles) > 50
    assert ((cycles["result"] == "scrap") == (cycles["unit"] % 5 == 0)).all()


def test_results_and_cycles_of_lots_and_batches(tmp_path: Path) -> None:
    body = """
    for machine in plant.station("check"):
        machine.result_by(lambda unit, now: unit % 2 == 0)
        machine.cycle_time_by(lambda now, usual: 2.0)
    for machine in plant.station("bake"):
        machine.slow_down(0.5)
    assert [tower.state for tower in plant.station("rest")] == ["starved"]
    """
    made = scenario(everything(yield_=1.0), 3000.0, script=script(body))
    run = run_of(made, tmp_path)
    cycles = run.table("cycles", where="station = 'check'")
    assert len(cycles) > 20
    assert set(cycles["duration_s"]) == {2.0}
    assert ((cycles["result"] == "ok") == (cycles["unit"] % 2 == 0)).all()
    usual = simulate(scenario(everything(yield_=1.0), 3000.0), tmp_path / "usual")
    of_bake = "SELECT duration_s FROM cycles WHERE station = 'bake' ORDER BY start_s LIMIT 1"
    assert run.sql(of_bake).iloc[0, 0] == pytest.approx(usual.sql(of_bake).iloc[0, 0] / 2)


def test_source_held_and_released(tmp_path: Path) -> None:
    body = """
    plant.at(100, plant.source("src").hold)
    plant.at(500, lambda: plant.source("src").release(2))
    plant.at(700, plant.source("src").go_on)
    """
    run = run_of(two_stations(body, arrivals=20.0), tmp_path)
    made = run.sql("SELECT time_s FROM units WHERE event = 'created'")["time_s"].tolist()
    assert made == [20, 40, 60, 80, 500, 500, *range(720, 1000, 20)]


def test_place_shows_its_lots(tmp_path: Path) -> None:
    body = """
    seen = []
    plant.every(100, lambda: seen.append((plant.place("b1").level, plant.place("b1").room)))
    plant.kpi("levels", lambda run: float(sum(n for n, _ in seen)), unit="lots", definition="x")
    plant.kpi("rooms", lambda run: float(sum(n for _, n in seen)), unit="lots", definition="x")
    plant.kpi("first", lambda run: float(plant.place("b0").lots[0].units), unit="1", definition="x")
    """
    made = two_stations(body)
    own = kpis(run_of(made, tmp_path)).script
    assert own["levels"].value is not None
    assert own["levels"].value + (own["rooms"].value or 0.0) == 5 * 9
    assert own["first"].value == 1


def test_transport_ordered_and_workers_staffed(tmp_path: Path) -> None:
    body = """
    def order():
        assert plant.pool("operators").on_duty == 1
        plant.pool("operators").staff(0)
        assert plant.pool("operators").on_duty == 0
        assert plant.pool("operators").busy in (0, 1)
        done = [plant.order_trip("agv", "mags", "desk", lots=99)]
        assert done == [False]
    plant.at(50, order)
    plant.at(100, lambda: trips.append(plant.order_trip("agv", "mags", "desk")))
    trips = []
    plant.kpi("ordered", lambda run: float(trips[0]), unit="1", definition="x")
    """
    made = scenario(everything(attend=True, trip=4), 600.0, script=script(body))
    run = run_of(made, tmp_path)
    assert kpis(run).script["ordered"].value in (0.0, 1.0)


def test_own_fault_begins_and_ends(tmp_path: Path) -> None:
    body = """
    slow = plant.machine("s1").slow_down
    plant.fault("dip", lambda fault: slow(fault.values["factor"]), lambda fault: slow(1))
    """
    fault = {"kind": "script", "name": "dip", "at": 100, "until": 200, "values": {"factor": 5}}
    run = run_of(two_stations(body, faults=[fault]), tmp_path)
    assert ends(run, "s1")[9:15] == [100, 150, 200, 210, 220, 230]


def test_own_rule_chooses_vehicles_for_one_run(tmp_path: Path) -> None:
    text = (
        "def last(trip, now):\n    return max(now.vehicles, key=lambda v: v.index)\n"
        "def rules(rules):\n    rules.add('vehicle', 'last', last)\n"
    )
    plant = everything(vehicles=3).model_dump(by_alias=True)
    plant["fleets"][0]["choose_vehicle"] = "last"
    made = scenario(plant, 600.0, script={"path": "rules.py", "text": text})  # type: ignore[arg-type]
    run = run_of(made, tmp_path)
    jobs = run.sql("SELECT mover FROM moves WHERE kind = 'agv' AND job >= 0 ORDER BY start_s")
    assert jobs["mover"].tolist()[0] == "agv_3"
    assert "last" not in VEHICLE_RULES


RULE = """
def newest(job, now_s):
    return -job.arrived_s
def rules(rules):
    rules.add('station', 'newest', newest)
"""


def last_first(folder: Path, text: str, rule: str = "newest") -> Run:
    made = line([10.0], horizon_s=100.0, arrivals=3.9, first_capacity=9,
                station_options={"dispatch": rule},
                script={"path": "rules.py", "text": text})  # fmt: skip
    return run_of(made, folder)


def test_own_rule_chooses_lots_for_one_run(tmp_path: Path) -> None:
    """Lots come at 3.9 s, 7.8 s...; at 13.9 s and 23.9 s the newest is the third and the sixth."""
    run = last_first(tmp_path, RULE)
    lots = run.sql("SELECT lot FROM cycles ORDER BY start_s")["lot"].tolist()
    assert lots[:3] == [1, 3, 6]
    assert "newest" not in RULES


def test_rule_that_neither_script_nor_engine_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlantError, match=r"dispatch rule 'newst' does not exist .*'newest'"):
        last_first(tmp_path, RULE, rule="newst")


def test_machine_with_recipes_is_slowed_down_product_by_product(tmp_path: Path) -> None:
    text = "def setup(plant):\n    plant.machine('s').slow_down(3)\n"
    recipes = [{"product": p, "cycle": {"mean_s": s, "kind": "constant"}}
               for p, s in (("a", 1.0), ("b", 2.0))]  # fmt: skip
    plant = tiny_plant(
        [station("s", take="in", put="out", recipes=recipes)],
        buffers=[buffer("in")], sources=[source("src", "in", mix={"a": 1, "b": 1})],
        products=products("a", "b"),
    )  # fmt: skip
    run = run_of(scenario(plant, 300.0, script={"path": "s.py", "text": text}), tmp_path)
    times = run.sql(
        "SELECT DISTINCT p.product, c.duration_s FROM cycles c JOIN lot_products p USING (lot)"
    )
    assert {str(p): s for p, s in times.itertuples(index=False)} == {"a": 3.0, "b": 6.0}


def test_source_of_orders_is_held_and_releases_what_it_may(tmp_path: Path) -> None:
    """Three units in three lots; held at 15 s after one, then two more of three wished come."""
    body = """
    src = plant.source("src")
    came = []
    plant.at(15, src.hold)
    plant.at(50, lambda: came.append(src.release(3)))
    plant.kpi("came", lambda run: sum(came), unit="1", definition="Lots released.")
    """
    plant = tiny_plant(
        [station("s", take="in", put="out", cycle=1.0)],
        buffers=[buffer("in")],
        sources=[source("src", "in", orders=True, interval={"mean_s": 10, "kind": "constant"})],
        products=products("a"), orders=[order("o", "a", 3)],
    )  # fmt: skip
    run = run_of(scenario(plant, 100.0, script=script(body)), tmp_path)
    assert run.sql("SELECT start_s FROM cycles ORDER BY start_s")["start_s"].tolist() == [
        10.0, 50.0, 51.0,
    ]  # fmt: skip
    assert json.loads((run.folder / FILE_NAME).read_text("utf-8"))["came"]["value"] == 2


def test_same_seed_same_run_and_other_seed_other_run(tmp_path: Path) -> None:
    body = """
    rng = plant.random("mood")
    plant.machine("s1").cycle_time_by(lambda now, usual: usual * rng.uniform(0.5, 1.5))
    """
    digests = [
        simulate(two_stations(body, seed=seed), tmp_path / str(k)).manifest.digest
        for k, seed in enumerate((1, 1, 2))
    ]
    assert digests[0] == digests[1] != digests[2]


def test_script_that_does_nothing_changes_nothing(tmp_path: Path) -> None:
    bare = line([10.0, {"mean_s": 9.0, "cv": 0.3}], horizon_s=1000.0)
    silent = line([10.0, {"mean_s": 9.0, "cv": 0.3}], horizon_s=1000.0, script=script("pass"))
    assert (
        simulate(bare, tmp_path / "a").manifest.digest
        == simulate(silent, tmp_path / "b").manifest.digest
    )
    assert scenario_hash(bare) != scenario_hash(silent)


def test_text_is_kept_and_hashed_but_not_its_path(tmp_path: Path) -> None:
    made = two_stations("pass")
    run = run_of(made, tmp_path)
    assert made.script is not None
    assert (run.folder / "script.py").read_text("utf-8") == made.script.text
    assert Run.open(run.folder).scenario.script == made.script
    moved = made.model_copy(update={"script": made.script.model_copy(update={"path": "x.py"})})
    assert scenario_hash(moved) == scenario_hash(made)
    plain = line([10.0, 10.0], horizon_s=1000.0)
    simulate(plain, run.folder, force=True)
    assert not (run.folder / "script.py").exists()


def test_reading_a_run_executes_nothing(tmp_path: Path) -> None:
    body = "plant.kpi('answer', lambda run: run.horizon_s / 10, unit='s', definition='A tenth.')"
    run = run_of(two_stations(body), tmp_path)
    (run.folder / "script.py").write_text("raise SystemExit(3)\n", "utf-8")
    found = kpis(Run.open(run.folder)).to_json()["script"]
    assert found == {"answer": {"value": 100.0, "unit": "s", "definition": "A tenth."}}
    (run.folder / FILE_NAME).write_text("[1]", "utf-8")
    with pytest.raises(Exception, match="cannot be read"):
        kpis(Run.open(run.folder))


def test_key_figure_that_fails_is_null_with_its_line(tmp_path: Path) -> None:
    body = """
    plant.kpi("bad", lambda run: 1 / 0, unit="1", definition="x")
    plant.kpi("none", lambda run: None, unit="1", definition="x")
    """
    own = kpis(run_of(two_stations(body), tmp_path)).script
    assert own["bad"].value is None
    assert own["bad"].why == "my_script.py:3: ZeroDivisionError: division by zero"
    assert own["none"].why == "the script returned no number"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("plant.at(120, lambda: [][1])", "my_script.py:3: IndexError at 120 s: list index out of"),
        (
            "def p():\n    yield plant.wait(77)\n    1 / 0\nplant.process(p())",
            "my_script.py:5: ZeroDivisionError at 77 s",
        ),
        ("plant.place('b7')", "my_script.py:3: place 'b7' does not exist (nearest: 'b1'). at 0 s"),
        ("plant.machine('s1').slow_down(0)", "my_script.py:3: a factor of 0."),
        ("plant.machine('s1').stop(-1)", "my_script.py:3: a stop of -1 s."),
        ("plant.every(0, print)", "my_script.py:3: a period of 0 s."),
        ("plant.at(10, lambda: plant.at(5, print))", "my_script.py:3: 5 s is over: it is 10 s."),
        (
            "plant.machine('s1').cycle_time_by(lambda now, usual: -1)",
            "time of machine 's1' is -1.0 s",
        ),
        (
            "for _ in 'ab':\n    plant.kpi('x', len, unit='', definition='')",
            "there is a key figure 'x' already",
        ),
    ],
)  # fmt: skip
def test_error_names_file_line_and_time_and_the_run_is_readable(
    tmp_path: Path, body: str, says: str
) -> None:
    with pytest.raises(ScriptError) as error:
        run_of(two_stations(body), tmp_path)
    if says.startswith("my_script"):
        assert str(error.value).startswith(says)
    assert says in str(error.value)
    run = Run.open(tmp_path / "run")
    assert run.manifest.status == "failed"
    assert says in (run.manifest.error or "")
    assert run.table("states") is not None


def test_fault_that_no_script_defines_is_refused(tmp_path: Path) -> None:
    fault = {"kind": "script", "name": "dipp", "at": 100}
    body = "plant.fault('dip', print)"
    with pytest.raises(ScriptError, match=r"fault 'dipp' \(nearest: 'dip'\), which setup"):
        run_of(two_stations(body, faults=[fault]), tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def setup(plant)\n", "my_script.py:1: SyntaxError"),
        ("x = 1\ny = x / 0\n", "my_script.py:2: ZeroDivisionError"),
        ("x = 1\n", "has neither a function 'setup(plant)' nor 'rules(rules)'"),
        (
            "def rules(rules):\n    rules.add('trips', 'a', len)\n",
            "no rules of the kind 'trips' (nearest: 'trip')",
        ),
    ],
)  # fmt: skip
def test_script_that_cannot_be_used_is_refused(tmp_path: Path, text: str, says: str) -> None:
    made = line([10.0], horizon_s=100.0, script={"path": "my_script.py", "text": text})
    with pytest.raises(ScriptError) as error:
        run_of(made, tmp_path)
    assert says in str(error.value)
    assert Run.open(tmp_path / "run").manifest.status == "failed"


def test_scenario_file_names_its_script(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def setup(plant):\n    pass\n", "utf-8")
    file = tmp_path / "scenario.yaml"
    file.write_text("format: 1\nid: s\nplant: starter\nscript: mine.py\n", "utf-8")
    made = load_scenario(file)
    assert made.script is not None
    assert made.script.text.startswith("def setup")
    assert load_scenario(file, script="power_dip").script != made.script
    file.write_text("format: 1\nid: s\nplant: starter\nscript: power_dib\n", "utf-8")
    with pytest.raises(PlantError, match=r"yaml:4: .*no such script \(nearest: 'power_dip"):
        load_scenario(file)


def test_script_fault_without_a_script_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    fault = "{kind: script, name: dip, at: 1h}"
    file.write_text(f"format: 1\nid: s\nplant: starter\nfaults:\n  - {fault}\n", "utf-8")
    with pytest.raises(PlantError, match="fault 'dip': is defined by a script, and the scenario"):
        load_scenario(file)


def test_option_of_the_command_line(tmp_path: Path) -> None:
    arguments = ["run", "starter", "--horizon", "20min", "--out", str(tmp_path / "run")]
    done = CliRunner().invoke(app, [*arguments, "--script", "wip_limit"])
    assert done.exit_code == 0, done.output
    assert "held_share" in done.stdout
    again = CliRunner().invoke(app, ["kpi", str(tmp_path / "run"), "--json"])
    assert json.loads(again.stdout)["script"]["held_share"]["unit"] == "1"
    bad = tmp_path / "bad.py"
    bad.write_text("def setup(plant):\n    plant.place('nowhere')\n", "utf-8")
    failed = CliRunner().invoke(app, [*arguments, "--force", "--script", str(bad)])
    assert failed.exit_code == 2
    assert f"{bad}:2: place 'nowhere' does not exist" in failed.stderr.replace("\n", "")


def test_power_dip_slows_the_plant_while_it_lasts(tmp_path: Path) -> None:
    made = load_scenario("starter", horizon_s=3600.0, script="power_dip", changes={})
    fault = {"kind": "script", "name": "power_dip", "at": 1200, "until": 2400}
    data = {**made.model_dump(by_alias=True), "faults": [fault]}
    run = run_of(Scenario.model_validate(data), tmp_path)
    mean = run.sql(
        "SELECT start_s BETWEEN 1200 AND 2390 AS dip, avg(duration_s) AS s FROM cycles"
        " WHERE station = 'weld' GROUP BY dip ORDER BY dip"
    )["s"].tolist()
    assert mean[1] == pytest.approx(2 * mean[0], rel=0.02)
