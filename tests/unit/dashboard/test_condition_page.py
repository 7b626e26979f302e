"""The page of condition and alarms: states, the picked signal, and what is noted about alarms."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.card import Shown, at_rest
from dashboard.figures.position import position_data, position_figure, signal_name
from dashboard.pages import alarms, condition
from dashboard.pages.grid import picked_id
from dashboard.pages.judged import alarms_of, condition_of, first_position
from dashboard.runs import Runs
from tests.unit.dashboard.conftest import scenario
from twin.errors import RunError
from twin.run.writer import RunWriter

CODES = {"mode": "leak", "cause": "wear", "action": "replaced"}
VACUUM = "arm:vacuum_kpa:learned"


@pytest.fixture
def own(runs_dir: Path, tmp_path: Path) -> Runs:
    """A run of one's own, about which notes may be kept."""
    shutil.copytree(runs_dir / "hour", tmp_path / "hour")
    return Runs(tmp_path, may_write=True)


@pytest.fixture
def now(own: Runs) -> Shown:
    return at_rest(own, "/condition?run=hour", None)


def text_of(component: Any) -> str:
    return json.dumps(component.to_plotly_json(), default=lambda c: c.to_plotly_json())


def test_the_worst_signal_comes_first(now: Shown) -> None:
    found = condition_of(now).positions
    worst = first_position(now, found)
    assert worst is not None
    assert (worst.asset, worst.state) == ("arm", "alarm")
    rows = [condition.row(now, p) for p in found]
    mine = next(r for r in rows if r["id"] == VACUUM)
    assert mine["asset"] == "Insertion robot"
    assert mine["position"] == "Vacuum [kPa]"
    assert mine["state"] == "alarm"
    assert mine["since"] == "00:32"
    assert "learned" in mine["why"]
    assert '"selectedRows"' in text_of(condition.positions(now))


def test_the_picked_signal_is_drawn_with_limit_and_alarm(now: Shown) -> None:
    found = condition_of(now)
    p = next(p for p in found.positions if p.position == "vacuum_kpa")
    data = position_data(now.run, p, found)
    assert data.limit is not None
    assert 60.0 < data.limit < 80.0
    assert [s.state for s in data.stretches] == ["warning", "alarm"]
    assert data.stretches[-1].end_s == now.run.horizon_s
    figure = position_figure(data)
    assert len(figure.layout.shapes) == 3  # warning, alarm, limit
    assert "Insertion robot: Vacuum" in text_of(condition.signal(now, [{"id": VACUUM}]))


@pytest.mark.parametrize("rows", [None, [], [{}], [{"id": 3}], "x", [{"id": "nothing"}]])
def test_nonsense_picks_nothing(now: Shown, rows: object) -> None:
    assert "Pick a signal" in text_of(condition.signal(now, rows))
    assert picked_id([{"id": "a"}]) == "a"


def test_codes_of_signals_read_without_their_unit() -> None:
    assert alarms.alarm_text("grip_time_s_high") == "Grip time high"
    assert alarms.alarm_text("vibration_mms_zone") == "Vibration in a bad zone"
    assert alarms.alarm_text("battery_low") == "Battery low"
    assert signal_name("load").titled == "Load"


def test_an_alarm_is_taken_on_and_resolved(own: Runs, now: Shown) -> None:
    mine = next(a for a in alarms_of(now) if a.code == "vacuum_kpa_low")
    assert "Acknowledge" in text_of(alarms.detail(now, mine.id, may_write=True))
    alarms.done(own, Shown(now.open, now.view, mine.raised_s + 60.0), mine.id, {}, "cup torn")
    taken = next(a for a in alarms_of(now) if a.id == mine.id)
    assert taken.status == "maintenance"
    assert taken.done is not None
    assert taken.done.acknowledged_s == pytest.approx(mine.raised_s + 60.0)
    assert "cup torn" in text_of(alarms.detail(now, mine.id, may_write=True))
    alarms.done(own, Shown(now.open, now.view, 0.0), mine.id, CODES, "")  # before: at the end
    over = next(a for a in alarms_of(now) if a.id == mine.id)
    assert (over.status, over.ended_s) == ("resolved", now.run.horizon_s)
    assert "Replaced" in text_of(alarms.action_list(now))
    assert "Leak" in text_of(alarms.failure_list(now))
    assert '"hidden": true' in text_of(alarms.detail(now, mine.id, may_write=True))


def test_what_is_wrong_with_a_note_is_told(own: Runs, now: Shown) -> None:
    mine = alarms_of(now)[0]
    with pytest.raises(RunError, match="Cause missing"):
        alarms.done(own, now, mine.id, {**CODES, "cause": None}, "")
    with pytest.raises(RunError, match="500 characters"):
        alarms.done(own, now, mine.id, {}, "x" * 501)
    with pytest.raises(RunError, match="no alarm of this run"):
        alarms.done(own, now, "arm:nothing:1", {}, "")
    assert not (now.run.folder / "alarms.json").exists()


def test_a_dashboard_for_others_only_shows(own: Runs, now: Shown) -> None:
    others = Runs(own.folder)
    with pytest.raises(RunError, match="only shows"):
        alarms.done(others, now, alarms_of(now)[0].id, {}, "")
    shown = text_of(alarms.detail(now, alarms_of(now)[0].id, may_write=False))
    assert "so it only shows" in shown
    assert not (now.run.folder / "alarms.json").exists()


def _ask(client: FlaskClient, alarm: str, **codes: str) -> Any:
    given = {"alarm-acknowledge": 1, "alarm-resolve": None}
    states = [
        ("alarm-id", "data", alarm), ("alarm-note", "value", "seen"),
        *((f"alarm-{name}", "value", codes.get(name)) for name in CODES),
        ("view", "data", "/condition?run=hour"), ("settled", "data", 3000.0),
    ]  # fmt: skip
    body = {
        "output": "..alarms-changed.data...alarm-error.children..",
        "outputs": [{"id": "alarms-changed", "property": "data"},
                    {"id": "alarm-error", "property": "children"}],
        "inputs": [{"id": k, "property": "n_clicks", "value": v} for k, v in given.items()],
        "state": [{"id": k, "property": p, "value": v} for k, p, v in states],
        "changedPropIds": ["alarm-acknowledge.n_clicks"],
    }  # fmt: skip
    return client.post("/_dash-update-component", json=body)


def test_the_browser_notes_what_was_done(own: Runs, now: Shown) -> None:
    mine = next(a for a in alarms_of(now) if a.code == "vacuum_kpa_low")
    with create_app(own.folder, may_write=True).server.test_client() as client:
        assert _ask(client, mine.id).status_code == 200
    taken = next(a for a in alarms_of(now) if a.id == mine.id)
    assert (taken.status, taken.done and taken.done.note) == ("maintenance", "seen")


def test_by_default_the_browser_may_not(own: Runs, now: Shown) -> None:
    with create_app(own.folder).server.test_client() as client:
        answer = _ask(client, alarms_of(now)[0].id)
    assert "only shows" in answer.text
    assert not (now.run.folder / "alarms.json").exists()


def test_a_run_without_signals_says_so(tmp_path: Path) -> None:
    RunWriter(tmp_path / "quiet", scenario()).close("complete", 60.0)
    now = at_rest(Runs(tmp_path), "/condition?run=quiet", None)
    assert condition_of(now).positions == ()
    assert "robot_sensors" in text_of(condition.positions(now))
    assert "No alarm in this run" in text_of(alarms.table(now))
