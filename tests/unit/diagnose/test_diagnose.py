"""One page about one workcell: a leak, a joint that runs hard, nothing, and a real log."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import simulate
from tests.unit.imports.conftest import SIGNALS, imported, samples, text_of  # noqa: F401
from twin.cli import app
from twin.diagnose import Finding, diagnose, markdown
from twin.diagnose.against import against
from twin.diagnose.finding import lasting
from twin.diagnose.measures import measures, named
from twin.diagnose.wording import length, number
from twin.errors import RunError
from twin.flags import flags
from twin.flags.flag import Flag
from twin.imports import ImportResult
from twin.plant.load import load_scenario
from twin.plant.robot_faults import JointFriction
from twin.plant.station_faults import MachineWear
from twin.run.run import Run

FAULT_S = 7200.0


@pytest.fixture(scope="module")
def known(pilot_run: Run) -> list[Flag]:
    return flags(pilot_run)


@pytest.fixture(scope="module")
def leak(pilot_run: Run, known: list[Flag]) -> Finding:
    return diagnose(pilot_run, "pouch", known)


def test_leak_is_named_with_its_evidence(leak: Finding) -> None:
    (found,) = leak.disorders
    assert (found.cause, found.substep, found.joint) == ("vacuum_leak", "grip", None)
    assert found.since_s == pytest.approx(FAULT_S, abs=120)
    assert found.expected == pytest.approx(0.5, abs=0.01)
    assert found.observed == pytest.approx(1.3, abs=0.02)
    by_name = {m.name: m for m in found.measures}
    vacuum = by_name["Vacuum"]
    assert vacuum.unit == "kPa"
    assert vacuum.before is not None
    assert vacuum.during is not None
    assert vacuum.during < 0.8 * vacuum.before
    assert by_name["Sub-step grip"].unit == "s"
    assert "suction" in found.action
    assert found.baseline_n is not None
    assert found.baseline_n > 400


def test_leak_says_what_it_costs_and_who_waits(leak: Finding) -> None:
    (found,) = leak.disorders
    assert found.loss.units == pytest.approx(0.8 * 968 / 4.0, rel=0.05)
    assert found.loss.plant_units == 0
    assert found.loss.kwh is not None
    assert found.loss.kwh > 0
    assert found.loss.currency == "USD"
    assert all(seconds >= 60 for _, seconds in found.waits)
    assert any("rules out a worn tool" in text for text in found.against)


def test_leak_is_told_on_one_page(leak: Finding) -> None:
    text = markdown(leak)
    assert text.startswith("# Pouch forming and insertion: vacuum leak since 02:00, 97 % sure.")
    for part in ("## Cause", "## What it costs", "## What to do", "## What this rests on",
                 "| Vacuum |", "1.44 USD", "A simulated run"):  # fmt: skip
        assert part in text
    assert "robot\\_pouch" in text
    assert len(text.splitlines()) < 90


def test_lasting_state_is_no_single_odd_cycle(leak: Finding) -> None:
    (robot,) = leak.judged
    assert lasting(robot.odd) == ["slow"]
    assert all(o.verdict != "fast" for o in leak.odd)
    assert "no single odd cycles" in markdown(leak)


@pytest.mark.parametrize("name", ["robot_pouch", "pouch"])
def test_any_name_of_the_cell_leads_to_it(
    pilot_run: Run, known: list[Flag], leak: Finding, name: str
) -> None:
    found = diagnose(pilot_run, name, known)
    assert found.workcell == leak.workcell
    assert [(d.title, d.since_s) for d in found.disorders] == [
        (d.title, d.since_s) for d in leak.disorders
    ]
    assert found.asked == name


def test_one_machine_of_several_is_looked_at_alone(pilot_run: Run, known: list[Flag]) -> None:
    found = diagnose(pilot_run, "stacking", known)
    assert [j.resource for j in found.judged] == ["stack_1", "stack_2", "stack_3"]
    station = pilot_run.plant.stations["stack"]
    assert diagnose(pilot_run, station.id, known).judged == found.judged


def test_healthy_cell_says_what_was_looked_at(pilot_run: Run, known: list[Flag]) -> None:
    found = diagnose(pilot_run, "stacking", known)
    assert found.disorders == ()
    n = sum(j.n for j in found.judged)
    assert found.headline == f"Stacking: nothing found in {n:,} cycles."
    for one in found.judged:
        assert one.observed_s == pytest.approx(one.expected_s, rel=0.02)
        assert one.recorded == pytest.approx(1.0, abs=0.01)
    text = markdown(found)
    assert "No lasting change" in text
    assert "it has no sensors" in text
    assert "## Cause" not in text


def test_joint_that_runs_hard_is_named_by_its_current(tmp_path: Path) -> None:
    fault = JointFriction(kind="joint_friction", at=3600, robot="arm", joint=1, factor=3.0)
    made = load_scenario(
        "07_robot", horizon_s=9000, seed=5, changes={"robots.arm.program.move_cv": 0.02}
    ).model_copy(update={"faults": [fault]})
    found = diagnose(simulate(made, tmp_path / "run"), "arm")
    first = found.disorders[0]
    assert (first.cause, first.joint) == ("joint_friction", 1)
    current = next(m for m in first.measures if m.name == "Current joint 1")
    assert current.unit == "A"
    assert current.before is not None
    assert current.during is not None
    assert current.during > 1.05 * current.before
    assert "joint 1" in found.headline
    assert any("next best explanation" in text for text in first.against)
    assert "no cost" in markdown(found)


def test_wearing_machine_is_told_with_cause_and_doubts(tmp_path: Path) -> None:
    fault = MachineWear(
        kind="machine_wear", at=3600, station="stack", machine="stack_2", growth_per_h=0.05
    )
    made = load_scenario("pilot_shift", horizon_s=21_600, seed=1)
    run = simulate(made.model_copy(update={"faults": [fault]}), tmp_path / "run")
    (wear,) = (d for d in diagnose(run, "stacking").disorders if d.resource == "stack_2")
    assert wear.cause == "machine_wear"
    assert wear.label == "Z-fold stacking 2"
    assert "creeps up" in wear.why
    assert any("Identical machines beside it did not change" in text for text in wear.against)
    assert "tool" in wear.action
    lost = next(m for m in wear.measures if m.name == "Time lost: speed")
    assert lost.unit == "s"
    assert lost.during is not None
    assert lost.during > 300


def with_faults() -> str:
    """A log whose cycle 5 has a stop of 30 s, and whose cycle 9 draws half the current."""
    rows, shift = [], 0.0
    for t, n, amp, speed in samples(30):
        drawn = str(float(amp) / 2) if n == "9" else amp
        rows.append([str(float(t) + shift), n, drawn, speed])
        if n == "5" and speed == "0.0" and shift == 0:
            rows += [[str(float(t) + k), n, "2.0", "0.0"] for k in range(1, 31)]
            shift = 30.0
    return text_of(rows)


def test_imported_log_tells_its_odd_cycles(
    imported: Callable[..., ImportResult],  # noqa: F811
) -> None:
    run = Run.open(imported(f'{SIGNALS}source: "cobot of hall 3"\n', with_faults()).folder)
    found = diagnose(run, "arm")
    assert found.imported
    assert found.disorders == ()
    assert [(o.start_s, o.verdict) for o in found.odd] == [(50.0, "stopped"), (120.0, "load_lost")]
    assert found.headline.endswith("but single odd ones: 1 stopped, 1 load lost.")
    text = markdown(found)
    assert "cobot of hall 3" in text
    assert "Imported logs of a real plant" in text
    assert "learned from the same logs" in text


def test_unknown_name_is_told_with_the_nearest(pilot_run: Run) -> None:
    with pytest.raises(RunError, match=r"'robot_puch' \(nearest: 'robot_pouch'\)"):
        diagnose(pilot_run, "robot_puch")
    told = CliRunner().invoke(app, ["diagnose", str(pilot_run.folder), "pouh"])
    assert told.exit_code == 2
    assert "nearest: 'pouch'" in told.output


def test_command_prints_writes_and_gives_json(
    pilot_run: Run, leak: Finding, tmp_path: Path
) -> None:
    run, page = str(pilot_run.folder), tmp_path / "page.md"
    runner = CliRunner()
    assert runner.invoke(app, ["diagnose", run, "pouch"]).stdout == markdown(leak)
    written = runner.invoke(app, ["diagnose", run, "pouch", "--out", str(page), "--json"])
    assert page.read_text("utf-8") == markdown(leak)
    data = json.loads(written.stdout)
    assert data["disorders"][0]["cause"] == "vacuum_leak"
    assert data.keys() == leak.to_json().keys()
    assert data["headline"] == leak.headline
    refused = runner.invoke(app, ["diagnose", run, "pouch", "--out", str(tmp_path / "no" / "x.md")])
    assert refused.exit_code == 2
    assert "cannot be written" in refused.output


def flag(**evidence: object) -> Flag:
    return Flag("c", "m", 0.0, 10.0, "slow_cycle", None, 0.0, "warning", evidence)


def test_doubts_are_told(pilot_run: Run) -> None:
    def texts(sure: float | None, **found: object) -> str:
        return " ".join(against(pilot_run, flag(**found), "slow_cycle", sure, []))

    assert "60 % sure" in texts(0.6)
    assert "plant file alone" in texts(None, baseline_n=0)
    assert "short: 12 cycles" in texts(0.9, baseline_n=12)
    assert "did not change" in texts(0.9, baseline_n=100, scope="local")
    assert texts(0.9, baseline_n=100, scope="only machine") == ""


def test_unrecorded_signal_of_a_rival_is_told(pilot_run: Run) -> None:
    one = flag(diagnosis={"vacuum_kpa": {"before": 80.0, "during": 60.0}})
    (text,) = against(pilot_run, one, "vacuum_leak", 0.9, [])
    assert "not ruled out" in text


def test_measures_have_names_and_units() -> None:
    found = measures(
        {
            "expected": 1.0,
            "open": True,
            "p_value": 0.0,
            "losses_s": {"speed": 30.0},
            "expected_losses_s": {"speed": 10.0},
            "diagnosis": {
                "speed_left": 0.7,
                "slope_s_per_h": 1e-6,
                "current_j3_a": {"before": 2.0, "during": 3.0, "z": 9.0, "n": 40},
            },
        }
    )
    assert [(m.name, m.unit, m.before, m.during) for m in found] == [
        ("Current joint 3", "A", 2.0, 3.0),
        ("Speed left", "", None, 0.7),
        ("Time lost: speed", "s", 10.0, 30.0),
    ]
    assert named("growth_per_h") == ("Growth", "1/h")
    assert named("slope_s_per_h") == ("Trend while it lasts", "s/h")


def test_wording() -> None:
    assert [number(v) for v in (None, 0.5, 1.3, 968.0, 12345.6, 0.00017, 79.96)] == [
        "–", "0.500", "1.30", "968", "12,346", "1.7e-04", "80.0",
    ]  # fmt: skip
    assert [length(s) for s in (30.0, 600.0, 28800.0)] == ["30 s", "10 min", "8 h"]
