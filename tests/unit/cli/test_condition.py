"""The commands ``condition`` and ``alarms``, and the policy of ``kpi``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from twin.cli import app
from twin.run.run import Run


def run_cli(*arguments: str | Path, exit_code: int = 0) -> Result:
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    assert done.exit_code == exit_code, done.output
    return done


@pytest.fixture
def leaking(pilot_run: Run, tmp_path: Path) -> Path:
    """A copy of the run with the leaking gripper, to write beside."""
    return Path(shutil.copytree(pilot_run.folder, tmp_path / "leaking"))


def test_condition_prints_state_limit_and_standard(pilot_run: Run) -> None:
    done = run_cli("condition", pilot_run.folder)
    assert "ISO 10816-1, class I (up to 15 kW)" in done.stdout
    assert "class I assumed" in done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if "vacuum_kpa" in line]
    assert {row[0]: row[3] for row in rows}["robot_pouch"] == "alarm"


def test_condition_as_json(pilot_run: Run) -> None:
    data = json.loads(run_cli("condition", pilot_run.folder, "--json").stdout)
    assert data["assets"]["robot_pouch"] == "alarm"
    assert {"asset", "position", "state", "value", "limit", "zone", "standard", "group",
            "since_s"} <= set(data["positions"][0])  # fmt: skip


def test_alarms_are_listed_taken_on_and_resolved(leaking: Path) -> None:
    data = json.loads(run_cli("alarms", leaking, "--json").stdout)
    assert data["unacknowledged"] == data["n"] > 0
    key = next(a["id"] for a in data["alarms"] if a["code"] == "vacuum_kpa_low")
    assert "maintenance" in run_cli("alarms", leaking, "ack", key, "--at", "7h").stderr
    codes = ("--mode", "leak", "--cause", "wear", "--action", "replaced", "--note", "cup")
    assert "resolved" in run_cli("alarms", leaking, "resolve", key, *codes).stderr
    after = json.loads(run_cli("alarms", leaking, "--json").stdout)
    (done,) = [a for a in after["alarms"] if a["id"] == key]
    assert (done["mode"], done["action"], done["note"]) == ("leak", "replaced", "cup")
    assert (done["acknowledged_s"], done["resolved_s"]) == (25200.0, 28800.0)
    assert after["unacknowledged"] == data["n"] - 1
    assert [row["name"] for row in after["actions"]] == ["replaced"]
    shown = run_cli("alarms", leaking).stdout
    assert all(title in shown for title in ("Failures", "Actions", "Assets longest in alarm"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ack",), "ack needs the id of an alarm"),
        (("resolve", "x:y:1"), "resolve needs --mode, --cause and --action"),
        (("ack", "x:y:1"), "is no alarm of this run"),
        (("list", "x:y:1"), "needs ack or resolve before it"),
        (("list", "--note", "hm"), "needs ack or resolve before it"),
    ],
)
def test_mistakes_end_with_2(leaking: Path, arguments: tuple[str, ...], told: str) -> None:
    assert told in run_cli("alarms", leaking, *arguments, exit_code=2).stderr
    assert not (leaking / "alarms.json").exists()


def test_kpi_names_its_policy(short_run: Run) -> None:
    by_policy = {
        name: json.loads(run_cli("kpi", short_run.folder, "--policy", name, "--json").stdout)
        for name in ("tpm", "iso22400", "smrp")
    }
    for name, data in by_policy.items():
        assert data["oee_policy"]["name"] == name
        assert data["oee_policy"]["source"]
        for station in data["stations"].values():
            result = station["oee"]
            inside = sum(
                result["losses"][k] or 0.0 for k, w in result["counts"].items() if "out" not in w
            )
            assert inside + (result["fully_productive_s"] or 0.0) == pytest.approx(
                result["planned_s"], rel=1e-9, abs=1e-6
            )
    tpm, iso = by_policy["tpm"]["stations"], by_policy["iso22400"]["stations"]
    assert all(tpm[k]["oee"]["oee"] == pytest.approx(iso[k]["oee"]["oee"]) for k in tpm)
    assert any(tpm[k]["oee"]["availability"] != iso[k]["oee"]["availability"] for k in tpm)
    assert "OEE policy smrp" in run_cli("kpi", short_run.folder, "--policy", "smrp").stderr


def test_an_unknown_policy_ends_with_2(short_run: Run) -> None:
    done = run_cli("kpi", short_run.folder, "--policy", "smpr", exit_code=2)
    assert "'smpr' is no OEE policy (nearest: 'smrp')" in done.stderr


def test_a_long_list_is_cut_and_says_so(leaking: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from twin.cli import condition

    monkeypatch.setattr(condition, "LATEST", 1)
    done = run_cli("alarms", leaking)
    n = json.loads(run_cli("alarms", leaking, "--json").stdout)["n"]
    assert f"The latest 1 of {n}; --json has all." in done.stderr
