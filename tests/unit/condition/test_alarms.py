"""Alarms and what is done about them: ids, states, times, errors, and the file beside the run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from twin.condition import Alarm, acknowledge, alarms
from twin.condition.acknowledgement import FILE_NAME, LOCK_NAME
from twin.condition.alarms import unmatched
from twin.condition.codes import codes_markdown
from twin.condition.pareto import actions_data, assets_data, covered_s, failures_data
from twin.condition.zones import zones_markdown
from twin.errors import RunError
from twin.run.lock import run_lock
from twin.run.run import Run
from twin.run.writer import RunWriter

RunMaker = Callable[..., Run]
CODES = {"mode": "bearing", "cause": "wear", "action": "replaced"}


def row(code: str, raised_s: float, closed_s: float, *, still: int = 0) -> dict[str, object]:
    return {
        "resource": "press",
        "code": code,
        "cause": "electrical",
        "severity": "critical",
        "raised_s": raised_s,
        "closed_s": closed_s,
        "open": still,
    }


@pytest.fixture
def run(make_run: RunMaker) -> Run:
    """Two breakdowns (one still open) and a vibration from 107 s on."""
    vibration = {("press", "vibration_mms"): [1.0] * 100 + [2.0] * 20}
    rows = [row("breakdown", 50.0, 150.0), row("breakdown", 900.5, 1000.0, still=1)]
    return make_run(vibration, rows)


def one(run: Run, key: str) -> Alarm:
    (found,) = [a for a in alarms(run) if a.id == key]
    return found


def tables(run: Run) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted((run.folder / "tables").rglob("*.parquet"))}


def test_alarms_of_engine_and_condition_are_one_list(run: Run) -> None:
    told = [(a.id, a.origin, a.status, a.time_in_alarm_s, a.severity) for a in alarms(run)]
    assert told == [
        ("press:breakdown:50", "engine", "over", 100.0, "critical"),
        ("press:vibration_mms_high:107", "condition", "active", 893.0, "warning"),
        ("press:vibration_mms_zone:107", "condition", "active", 893.0, "critical"),
        ("press:breakdown:900.5", "engine", "active", 99.5, "critical"),
    ]


def test_acknowledge_then_resolve_changes_no_table(run: Run) -> None:
    before, manifest = tables(run), (run.folder / "run.json").read_bytes()
    key = "press:vibration_mms_zone:107"
    taken = acknowledge(run, key, at_s=200.0, note="heard it")
    assert (taken.status, taken.acknowledged, taken.ended_s) == ("maintenance", True, 1000.0)
    done = acknowledge(run, key, at_s=300.0, codes=CODES)
    assert (done.status, done.time_in_alarm_s) == ("resolved", 193.0)
    assert done.done is not None
    assert (done.done.acknowledged_s, done.done.resolved_s) == (200.0, 300.0)
    assert (done.done.mode, done.done.cause, done.done.action) == ("bearing", "wear", "replaced")
    assert done.done.note == "heard it"
    assert (tables(run), (run.folder / "run.json").read_bytes()) == (before, manifest)
    assert sorted(p.name for p in run.folder.glob("alarms*")) == [FILE_NAME]


def test_with_codes_both_happen_at_once_at_the_end_of_the_run(run: Run) -> None:
    done = acknowledge(run, "press:breakdown:50", codes=CODES).done
    assert done is not None
    assert (done.acknowledged_s, done.resolved_s) == (1000.0, 1000.0)
    assert one(run, "press:breakdown:50").time_in_alarm_s == 100.0  # the engine closed it


def test_an_unknown_alarm_names_the_nearest(run: Run) -> None:
    with pytest.raises(RunError, match=r"no alarm of this run \(nearest: 'press:breakdown:50'\)"):
        acknowledge(run, "press:breakdwn:50")
    assert not (run.folder / FILE_NAME).exists()


def test_all_problems_are_told_at_once(run: Run) -> None:
    codes = {"mode": "baering", "cause": "", "action": "replaced"}
    with pytest.raises(RunError) as caught:
        acknowledge(run, "press:breakdown:50", at_s=20.0, codes=codes)
    text = str(caught.value)
    assert "20 s is not between 50 s and 1000 s" in text
    assert "'baering' is no mode code (nearest: 'bearing')" in text
    assert "--cause: missing" in text
    assert len(caught.value.problems) == 3


def test_nothing_is_acknowledged_or_resolved_twice(run: Run) -> None:
    key = "press:breakdown:50"
    acknowledge(run, key)
    with pytest.raises(RunError, match="acknowledged already"):
        acknowledge(run, key)
    acknowledge(run, key, codes=CODES)
    with pytest.raises(RunError, match="resolved already"):
        acknowledge(run, key, codes=CODES)


def test_a_resolution_before_the_acknowledgement_is_refused(run: Run) -> None:
    acknowledge(run, "press:breakdown:50", at_s=400.0)
    with pytest.raises(RunError, match="300 s is not between 400 s"):
        acknowledge(run, "press:breakdown:50", at_s=300.0, codes=CODES)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "cannot be read"),
        ('{"version": 2, "alarms": {}}', "has version 2"),
        ('{"version": 1, "alarms": {"x": {"acknowledged_s": "soon"}}}', "a time is no number"),
        ('{"version": 1, "alarms": {"x": {"done": 1}}}', "cannot be read"),
        ('{"version": 1}', "cannot be read"),
    ],
)
def test_a_damaged_file_is_told(run: Run, text: str, told: str) -> None:
    (run.folder / FILE_NAME).write_text(text, "utf-8")
    with pytest.raises(RunError, match=told):
        alarms(run)


def test_two_writers_are_refused_and_lose_nothing(run: Run) -> None:
    acknowledge(run, "press:breakdown:50")
    before = (run.folder / FILE_NAME).read_bytes()
    with run_lock(run.folder, LOCK_NAME), pytest.raises(RunError, match="is being written by"):
        acknowledge(run, "press:breakdown:900.5")
    assert (run.folder / FILE_NAME).read_bytes() == before


def test_a_run_still_going_can_be_acknowledged(run: Run) -> None:
    with run_lock(run.folder):
        assert acknowledge(run, "press:breakdown:50").status == "maintenance"


def test_a_run_that_is_replaced_loses_what_was_done(run: Run) -> None:
    acknowledge(run, "press:breakdown:50")
    RunWriter(run.folder, run.scenario, force=True).close("complete", 1000.0)
    assert alarms(Run.open(run.folder)) == []
    assert not (run.folder / FILE_NAME).exists()


def test_entries_that_fit_no_alarm_are_told(run: Run) -> None:
    data = {"version": 1, "alarms": {"gone:breakdown:1": {"acknowledged_s": 2.0}}}
    (run.folder / FILE_NAME).write_text(json.dumps(data), "utf-8")
    assert unmatched(run, alarms(run)) == ["gone:breakdown:1"]


def test_time_in_alarm_of_an_asset_counts_overlaps_once(run: Run) -> None:
    found = alarms(run)
    assert sum(a.time_in_alarm_s for a in found) == 100.0 + 2 * 893.0 + 99.5
    assert covered_s(found) == 950.0  # 50 to 1000
    (press,) = assets_data(found, run.plant)
    assert (press.asset, press.n, press.unacknowledged, press.time_s) == ("press", 4, 4, 950.0)


def test_pareto_by_hand(run: Run) -> None:
    acknowledge(run, "press:vibration_mms_zone:107", at_s=300.0, codes=CODES)
    found = alarms(run)
    whole = 893.0 + 199.5 + 193.0
    assert [(r.name, r.n, r.time_s) for r in failures_data(found)] == [
        ("vibration_mms_high", 1, 893.0),
        ("breakdown", 2, 199.5),
        ("bearing", 1, 193.0),
    ]
    shares = [r.cumulated_share for r in failures_data(found)]
    assert shares == pytest.approx([893 / whole, 1092.5 / whole, 1.0])
    assert [(r.name, r.n, r.time_s) for r in actions_data(found)] == [("replaced", 1, 193.0)]


def test_without_alarms_there_is_no_bar(make_run: RunMaker) -> None:
    run = make_run({})
    assert failures_data(alarms(run)) == actions_data(alarms(run)) == []
    assert [r.n for r in assets_data([], run.plant)] == [0]


def test_docs_have_every_zone_and_code() -> None:
    page = (Path(__file__).parents[3] / "docs/condition.md").read_text("utf-8")
    assert zones_markdown() in page, "run: python docs/generate.py"
    assert codes_markdown() in page, "run: python docs/generate.py"


def test_assets_of_alarms_are_ordered_and_unknown_ones_counted(make_run: RunMaker) -> None:
    rows = [row("breakdown", 10.0, 20.0), row("breakdown", 30.0, 60.0) | {"resource": "pump"}]
    run = make_run({}, rows)
    found = assets_data(alarms(run), run.plant)
    assert [(r.asset, r.kind, r.n, r.time_s) for r in found] == [
        ("pump", "other", 1, 30.0),
        ("press", "machine", 1, 10.0),
    ]
