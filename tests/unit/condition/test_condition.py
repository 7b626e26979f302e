"""The condition of a run: positions, zones, people's actions, and the same code on a stream."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import pytest

from twin.condition import Condition, Watch, acknowledge, condition
from twin.condition.acknowledgement import Acknowledgement, save_acknowledgement
from twin.condition.assets import assets
from twin.condition.condition import position_state
from twin.run.run import Run

RunMaker = Callable[..., Run]
PRESS = ("press", "vibration_mms")
RISING = [1.0] * 100 + [2.0] * 20 + [5.0] * 20


def position(found: Condition, judge: str) -> dict[str, object]:
    (one,) = [asdict(p) for p in found.positions if p.judge == judge]
    return one


def test_vibration_is_judged_by_zones_and_by_its_own_past(make_run: RunMaker) -> None:
    found = condition(make_run({PRESS: RISING}))
    zones = position(found, "zones")
    assert (zones["state"], zones["zone"], zones["limit"]) == ("alarm", "D", 1.8)
    assert (zones["standard"], zones["group"]) == ("ISO 10816-1", "class I (up to 15 kW)")
    assert zones["since_s"] == 107.0  # the 8th value of 2.0
    assert zones["assumption"] == "class I assumed from 0 kW while working"
    learned = position(found, "learned")
    assert (learned["state"], learned["zone"], learned["standard"]) == ("alarm", None, None)
    assert learned["limit"] == pytest.approx(1.05)
    assert found.assets() == {"press": "alarm"}


def test_the_class_of_the_plant_file_counts(make_run: RunMaker) -> None:
    found = condition(make_run({PRESS: RISING}, vibration_class="2_flexible"))
    zones = position(found, "zones")
    assert (zones["limit"], zones["zone"]) == (4.5, "C")
    assert zones["standard"] == "ISO 10816-3 / 20816-3"
    assert zones["assumption"] == ""
    assert zones["since_s"] == 127.0  # the 8th value of 5.0


def test_a_signal_too_short_to_learn_from_says_so(make_run: RunMaker) -> None:
    found = condition(make_run({("press", "temp_c"): [20.0] * 7}))
    learned = position(found, "learned")
    assert (learned["state"], learned["limit"]) == ("healthy", None)
    assert learned["why"] == "learning: 7 of 60 values, 6 of 0 s"


def test_a_resource_the_plant_does_not_know_is_judged_too(make_run: RunMaker) -> None:
    found = condition(make_run({("pump", "vibration_mm_s"): RISING}))
    zones = position(found, "zones")
    assert (zones["asset"], zones["kind"], zones["state"]) == ("pump", "other", "alarm")
    assert zones["assumption"] == "class I assumed: the plant does not know it"


def test_a_run_without_signals_has_no_positions(make_run: RunMaker) -> None:
    found = condition(make_run({}))
    assert (found.positions, found.history, found.assets()) == ((), (), {})


def test_the_same_values_as_a_stream_give_the_same(make_run: RunMaker) -> None:
    run = make_run({PRESS: RISING, ("press", "vacuum_kpa"): [80.0] * 90 + [60.0] * 50})
    rows = run.table("signals").sort_values("time_s", kind="stable")
    watch = Watch(assets(run.plant))
    events = [
        (p.asset.id, p.signal, p.judge, event.kind, event.time_s, event.state)
        for row in rows.to_dict("records")
        for p, event in watch.update(row["resource"], row["signal"], row["time_s"], row["value"])
    ]
    found = condition(run)
    told = [(h.asset, h.position, h.judge, h.kind, h.time_s, h.state) for h in found.history]
    assert len(events) == 6
    assert sorted(events) == sorted(told)
    assert tuple(position_state(p, m) for p, m in watch.all()) == found.positions


def test_maintenance_lies_between_acknowledging_and_resolving(make_run: RunMaker) -> None:
    run = make_run({PRESS: [1.0] * 100 + [2.0] * 200})
    codes = {"mode": "bearing", "cause": "wear", "action": "replaced"}
    first = "press:vibration_mms_zone:107"
    acknowledge(run, first, at_s=150.0)
    acknowledge(run, first, at_s=200.0, codes=codes)
    told = [(h.kind, h.time_s, h.alarm) for h in condition(run).history if h.judge == "zones"]
    # the values stay bad: logged while in maintenance, raised anew once resolved
    assert told == [
        ("warning", 102.0, ""),
        ("alarm", 107.0, first),
        ("acknowledged", 150.0, first),
        ("alarm_in_maintenance", 158.0, first),
        ("resolved", 200.0, first),
        ("warning", 203.0, ""),
        ("alarm", 208.0, "press:vibration_mms_zone:208"),
    ]


def test_an_acknowledgement_after_the_last_value_counts(make_run: RunMaker) -> None:
    run = make_run({PRESS: RISING})
    save_acknowledgement(run.folder, "press:vibration_mms_zone:107", Acknowledgement(900.0))
    zones = position(condition(run), "zones")
    assert (zones["state"], zones["since_s"], zones["time_s"]) == ("maintenance", 900.0, 139.0)


def test_a_healthy_simulated_run_has_no_event(short_run: Run) -> None:
    found = condition(short_run)
    assert len(found.positions) > 50
    assert found.history == ()
    assert set(found.assets().values()) == {"healthy"}


def test_a_leaking_gripper_is_in_alarm_and_nothing_else(pilot_run: Run) -> None:
    found = condition(pilot_run)
    bad = {(p.asset, p.position) for p in found.positions if p.state != "healthy"}
    assert ("robot_pouch", "vacuum_kpa") in bad
    assert ("robot_pouch", "grip_time_s") in bad
    assert {asset for asset, _ in bad} == {"robot_pouch"}
    assert min(h.time_s for h in found.history) > 7200.0
