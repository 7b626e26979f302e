"""Plant key figures on small runs with values computed by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from twin.kpi import Window, kpis
from twin.kpi.own import OwnValue, save_own
from twin.kpi.registry import DEFINITIONS, definition
from twin.run.run import Run

HOUR = 3600.0


def event(time_s: float, name: str, lot: int, n: int = 1, **values: Any) -> dict[str, Any]:
    return {
        "time_s": time_s,
        "event": name,
        "lot": lot,
        "n": n,
        "item": "battery_cell",
        "station": "a",
        **values,
    }


def level(place: str, time_s: float, change: int, lot: int, **values: Any) -> dict[str, Any]:
    return {"place": place, "time_s": time_s, "change": change, "level": 0, "lot": lot, **values}


@pytest.fixture
def full(build: ModuleType, tmp_path: Path) -> Run:
    """Two stations, a robot, a buffer, vehicles, a crane, workers; 100 s, warm-up 20 s."""
    made = build.scenario(
        [
            build.station("a", put="b1", take=[{"from": "b0"}]),
            build.station("t", kind="robot", robot="r", take=[{"from": "b1"}]),
        ],
        warmup_s=20.0,
        robots=[build.robot("r")],
        buffers=[
            {
                "id": name,
                "item": "battery_cell",
                "capacity": 4,
                "position_m": [0, 0, 0],
                "size_m": [1, 1, 1],
            }
            for name in ("b0", "b1")
        ],
        building={"size_m": [10, 10, 5], "base_load_kw": 36.0, "dry_room_load_kw": 72.0},
        fleets=[
            {
                "id": "amr", "network": "n", "homes": ["h1", "h2"], "size_m": [1, 1, 1],
                "speed_loaded_mps": 1, "speed_empty_mps": 1, "acceleration_mps2": 1,
                "load_s": 1, "unload_s": 1,
            }
        ],
        cranes=[
            {
                "id": "cr", "rail_m": [[0, 0], [5, 0]], "reach_m": 1, "height_m": 5,
                "speed_mps": 1, "lift_mps": 1, "acceleration_mps2": 1,
                "lift_acceleration_mps2": 1, "fork_s": 1,
            }
        ],
        pools=[
            {
                "id": "crew", "kind": "repair", "home_m": [0, 0], "staff": {"day": 1},
                "walk_mps": 1.0,
            }
        ],
        takt_s=18.0,
        costs={"energy_per_kwh": 0.2},
    )  # fmt: skip
    states = build.states("a", ("working", 80.0), ("starved", 20.0))
    states += build.states("t", ("starved", 50.0), ("working", 50.0))
    states += build.states("r", ("starved", 50.0), ("working", 50.0), kind="robot")
    states += build.states("amr_1", ("idle", 40.0), ("driving", 20.0), ("loaded", 40.0), kind="agv")
    states += build.states("amr_2", ("idle", 100.0), kind="agv")
    states += build.states("cr", ("idle", 60.0), ("loaded", 40.0), kind="crane")
    states += build.states(
        "crew_1", ("off_shift", 60.0), ("idle", 30.0), ("working", 10.0), kind="worker"
    )
    move = {
        "mover": "amr_1", "kind": "agv", "job": 1, "load": 1, "start_s": 50, "end_s": 60,
        "to_x_m": 3.0, "to_y_m": 4.0, "v_max_mps": 1.0,
    }  # fmt: skip
    steps = [
        {"robot": "r", "cycle": c, "step": k, "name": name, "start_s": 50 + 10 * c + 2 * k,
         "nominal_s": 2.0, "actual_s": 2.0 + (0.5 * c if name == "grip" else 0.0)}
        for c in range(5)
        for k, name in enumerate(("approach", "grip", "carry", "release"))
    ]  # fmt: skip
    (tmp_path / "full").mkdir()
    run: Run = build.write_run(
        tmp_path / "full",
        made,
        states=states,
        cycles=[build.cycle("a", 10.0 * k, 10.0) for k in range(8)]
        + [build.cycle("t", 50 + 10.0 * k, 10.0) for k in range(5)],
        levels=[level("b1", 0.0, 1, 1), level("b1", 40.0, 1, 2), level("b1", 60.0, -1, 1)],
        units=[
            event(0.0, "created", 1),
            event(10.0, "created", 2),
            event(30.0, "created", 3),
            event(40.0, "scrapped", 3),
            event(60.0, "shipped", 2),
            event(90.0, "created", 4),
        ],
        moves=[move, {**move, "load": 0, "job": 2, "to_y_m": 0.0}],
        substeps=steps,
    )
    save_own(run.folder, {"mine": OwnValue(1.0, "s", "Of a script.")})
    return run


def test_plant_figures_by_hand(full: Run) -> None:
    found = kpis(full)
    assert (found.from_s, found.to_s) == (20.0, 100.0)
    assert found.shipped_units == 1
    assert found.scrapped_units == 1
    assert found.throughput_per_h == pytest.approx(3600 / 80)
    assert found.plan_per_h == 200.0
    assert found.throughput_vs_plan == pytest.approx(45 / 200)
    assert found.product_yield == 0.5
    # units 1 and 2 from 20 s (2 until 60), 3 from 30 to 40, 4 from 90 on
    assert found.mean_wip == pytest.approx((80 + 40 + 10 + 10) / 80)
    assert found.final_wip == 2
    assert found.mean_flow_time_s == 50.0
    assert found.little_flow_time_s == pytest.approx(1.75 / 45 * 3600)
    assert found.why == {}


def test_energy_by_hand(full: Run) -> None:
    found = kpis(full)
    assert found.energy.base_load_kwh == pytest.approx(36 * 80 / 3600)
    assert found.energy.dry_room_kwh == pytest.approx(72 * 80 / 3600)
    assert found.energy_kwh == pytest.approx(0.8 + 1.6)
    assert found.energy_kwh_per_good_unit == pytest.approx(2.4)


def test_only_time_inside_the_window_counts(full: Run) -> None:
    station = kpis(full).stations["a"]
    assert station.oee.calendar_s == 80.0
    assert station.state_shares["working"] == pytest.approx(60 / 80)
    assert station.processed == 6, "cycles that ended by 20 s belong to the warm-up"
    assert station.oee.performance == pytest.approx(1.0)
    assert station.oee.oee == pytest.approx(0.75)


def test_a_cycle_cut_by_the_window_counts_by_its_share(full: Run) -> None:
    found = kpis(full, Window(25.0, 55.0)).stations["a"]
    assert found.oee.performance == pytest.approx(1.0, abs=1e-12)
    assert found.oee.losses["speed"] == pytest.approx(0.0, abs=1e-9)
    assert found.processed == 3


def test_buffer_levels_by_hand(full: Run) -> None:
    found = kpis(full).buffers
    assert found["b1"].mean_level == pytest.approx((20 * 1 + 20 * 2 + 40 * 1) / 80)
    assert (found["b1"].max_level, found["b1"].min_level, found["b1"].final_level) == (2, 1, 1)
    assert found["b1"].fill_share == pytest.approx(found["b1"].mean_level / 4)
    assert found["b0"].mean_level == 0.0


def test_robot_substeps_by_hand(full: Run) -> None:
    robot = kpis(full).robots["r"]
    assert [*robot.substeps] == ["approach", "grip", "carry", "release"]
    grip = robot.substeps["grip"]
    assert (grip.nominal_s, grip.mean_s, grip.n) == (2.0, 3.0, 5)
    assert grip.p95_s == pytest.approx(3.9)
    assert robot.nominal_cycle_s == 8.0
    assert robot.mean_cycle_s == 9.0
    assert robot.station == "t"
    assert robot.utilisation == pytest.approx(45 / 80)
    station = kpis(full).stations["t"]
    assert station.ideal_cycle_s == 8.0
    assert station.oee.performance == pytest.approx(8 / 10)


def test_fleet_crane_and_workers_by_hand(full: Run) -> None:
    found = kpis(full)
    fleet = found.fleets["amr"]
    assert fleet.utilisation == pytest.approx(60 / 160)
    assert fleet.loaded_share == pytest.approx(40 / 160)
    assert (fleet.members, fleet.trips, fleet.distance_m) == (2, 1, pytest.approx(8.0))
    assert found.cranes["cr"].utilisation == pytest.approx(0.5)
    crew = found.pools["crew"]
    assert crew.utilisation == pytest.approx(10 / 40), "off-shift time does not count"
    assert crew.state_shares["off_shift"] == pytest.approx(0.5)


def test_workcell_figures_follow_little(full: Run) -> None:
    found = kpis(full).workcells["wc"]
    in_work = 60 / 80 + 50 / 80
    assert found.mean_wip == pytest.approx(2 * 1.25 + in_work), "lots of two units in b1"
    assert found.throughput_per_h == pytest.approx(5 * 45)
    assert found.flow_time_s == pytest.approx(found.mean_wip / (5 * 45) * 3600)


def test_a_line_is_judged_by_the_station_that_limits_it(full: Run) -> None:
    found = kpis(full)
    line = found.lines["line"]
    assert found.bottleneck is not None
    assert line.oee_station == found.bottleneck.station, "the plant has one line"
    assert line.oee == found.stations[line.oee_station].oee.oee
    assert line.throughput_per_h == found.workcells["wc"].throughput_per_h
    assert line.mean_wip == found.workcells["wc"].mean_wip
    assert line.energy_kwh == pytest.approx(sum(s.energy_kwh for s in found.stations.values()))


def test_bottleneck_is_the_station_that_waits_least(full: Run) -> None:
    found = kpis(full).bottleneck
    assert found is not None
    assert found.station == "a"
    assert found.external_share == pytest.approx(0.25)


def leaves(data: object, path: str = "") -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in {"why", "definitions"}:
                yield from leaves(value, f"{path}.{key}" if path else key)
    else:
        yield path


def test_every_value_has_unit_and_definition_and_every_definition_a_value(full: Run) -> None:
    data = kpis(full).to_json()
    used = {definition(path).path for path in leaves(data)}
    wanted = {d.path for d in DEFINITIONS if d.group not in {"orders", "ergonomics"}}
    assert used == wanted, "it has no orders and no lifts"
    assert set(data["definitions"]) == used
    assert all(d["definition"] for d in data["definitions"].values())


def test_json_is_plain_and_nulls_have_reasons(build: ModuleType, tmp_path: Path) -> None:
    run = build.write_run(tmp_path / "r", build.scenario([build.station("a")]))
    data = kpis(run).to_json()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    for group in (data, data["stations"]["a"], data["stations"]["a"]["oee"]):
        nulls = {k for k, v in group.items() if v is None and k != "bottleneck"}
        assert nulls
        assert nulls <= set(group["why"])
        assert all(group["why"][k] for k in nulls)


def test_unknown_ages_give_no_flow_time_but_little_does(build: ModuleType, tmp_path: Path) -> None:
    run = build.write_run(
        tmp_path / "r",
        build.scenario([build.station("a")]),
        units=[
            event(0.0, "created", 1, 10),
            event(5.0, "created", 2, 10),
            event(50.0, "shipped", 1, 10),
            event(60.0, "shipped", 2, 10),
        ],
    )
    found = kpis(run)
    assert found.mean_flow_time_s is None
    assert found.why["mean_flow_time_s"].startswith("10 of the 20 shipped units were in the plant")
    assert found.flow_time_units == 10
    assert found.little_flow_time_s is not None


def test_packed_units_keep_their_age_and_count_once(build: ModuleType, tmp_path: Path) -> None:
    run = build.write_run(
        tmp_path / "r",
        build.scenario([build.station("a")]),
        units=[
            event(10.0, "created", 1, 2),
            event(20.0, "created", 2, 2),
            event(30.0, "packed", 3, 2, parent=1),
            event(30.0, "packed", 3, 2, parent=2),
            event(80.0, "shipped", 3, 4),
        ],
    )
    found = kpis(run)
    assert found.mean_flow_time_s == pytest.approx(65.0)
    assert found.mean_wip == pytest.approx((2 * 10 + 4 * 60) / 100)
    assert found.final_wip == 0


def test_joined_product_units_leave_wip(build: ModuleType, tmp_path: Path) -> None:
    run = build.write_run(
        tmp_path / "r",
        build.scenario([build.station("a")]),
        units=[
            event(0.0, "created", 1, 4),
            event(50.0, "created", 2, 1),
            event(50.0, "joined", 2, 4, parent=1),
        ],
    )
    assert kpis(run).mean_wip == pytest.approx((4 * 50 + 50) / 100)
    assert kpis(run).final_wip == 1


def test_parts_that_turn_into_product_count_from_their_creation(
    build: ModuleType, tmp_path: Path
) -> None:
    items = [build.ITEM, {"id": "part"}]
    run = build.write_run(
        tmp_path / "r",
        build.scenario([build.station("a")], items=items),
        units=[event(20.0, "created", 1, item="part"), event(70.0, "shipped", 1)],
    )
    found = kpis(run)
    assert found.mean_wip == pytest.approx(0.5)
    assert found.mean_flow_time_s == pytest.approx(50.0)


def test_a_plant_without_product_items_counts_every_item(build: ModuleType, tmp_path: Path) -> None:
    run = build.write_run(
        tmp_path / "r",
        build.scenario([build.station("a")], items=[{"id": "part"}]),
        units=[event(20.0, "created", 1, item="part"), event(70.0, "shipped", 1, item="part")],
    )
    assert kpis(run).shipped_units == 1


def store(**values: Any) -> dict[str, Any]:
    return {"kind": "store", "rack": {"columns": 2, "levels": 2}, "crane": "cr", **values}


def test_a_store_is_judged_by_its_slots(build: ModuleType, tmp_path: Path) -> None:
    """4 slots, 100 s: a finished lot stays from 0 to 50 (treated 40), another from 60 on."""
    made = build.scenario([build.station("s", cycle={"mean_s": 40.0}, **store())])
    run = build.write_run(
        tmp_path / "r",
        made,
        states=build.states("s", ("working", 50.0), ("starved", 10.0), ("working", 40.0)),
        cycles=[build.cycle("s", 0.0, 40.0, unit=-1, lot=1, n=2)],
        levels=[level("s", 0.0, 1, 1), level("s", 50.0, -1, 1), level("s", 60.0, 1, 2)],
        units=[event(40.0, "scrapped", 1, 1, station="s")],
    )
    found = kpis(run)
    station = found.stations["s"]
    assert station.oee.calendar_s == 400.0
    assert station.oee.losses["starved"] == pytest.approx(400 - 90)
    assert station.oee.losses["blocked"] == pytest.approx(10)
    assert station.oee.performance == pytest.approx(1.0)
    assert station.oee.quality == 0.5, "one of two units scrapped, told by the genealogy"
    assert station.oee.oee == pytest.approx(40 / 400)
    assert station.mean_cycle_s == pytest.approx(40.0)
    assert found.buffers["s"].capacity == 4


def test_a_batch_in_progress_is_work_not_loss(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("o", kind="batch", batch_lots=2, cycle={"mean_s": 60.0})])
    run = build.write_run(
        tmp_path / "r",
        made,
        states=build.states("o", ("working", 100.0)),
        cycles=[build.cycle("o", 0.0, 66.0, unit=-1, lot=k, n=4) for k in (1, 2)],
    )
    station = kpis(run).stations["o"]
    assert station.ideal_cycle_s == 60.0
    assert station.processed == 8
    assert station.oee.performance == pytest.approx(60 / 66), "the open batch runs like the first"
    assert station.oee.losses["speed"] == pytest.approx(100 * 6 / 66)
    assert kpis(run).workcells["wc"].why["throughput_per_h"] == "no product units pass here"


def test_a_first_batch_in_progress_counts_at_the_ideal_speed(
    build: ModuleType, tmp_path: Path
) -> None:
    made = build.scenario([build.station("o", kind="batch", batch_lots=3, product="battery_cell")])
    run = build.write_run(
        tmp_path / "r", made, states=build.states("o", ("starved", 50.0), ("working", 50.0))
    )
    found = kpis(run)
    station = found.stations["o"]
    assert station.oee.performance == pytest.approx(1.0)
    assert station.oee.oee is None
    assert "no unit was finished" in station.oee.why["oee"]
    assert found.workcells["wc"].mean_wip == pytest.approx(0.5 * 3 * 2), "3 lots of 2 units"


def test_a_slow_store_has_a_speed_loss(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("s", cycle={"mean_s": 40.0}, **store())])
    run = build.write_run(
        tmp_path / "r",
        made,
        states=build.states("s", ("working", 100.0)),
        cycles=[build.cycle("s", 0.0, 50.0, unit=-1, lot=1, n=2)],
        levels=[level("s", 0.0, 1, 1), level("s", 50.0, -1, 1), level("s", 50.0, 1, 2)],
    )
    result = kpis(run).stations["s"].oee
    assert result.performance == pytest.approx(0.8)
    assert result.losses["speed"] == pytest.approx(20.0), "also of the lot that is not finished"


def test_machines_of_a_station_are_summed(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a", machines=2)])
    states = build.states("a_1", ("working", 100.0)) + build.states("a_2", ("blocked", 100.0))
    cycles = [build.cycle("a", 10.0 * k, 10.0, machine="a_1") for k in range(10)]
    station = kpis(build.write_run(tmp_path / "r", made, states=states, cycles=cycles)).stations[
        "a"
    ]
    assert station.oee.calendar_s == 200.0
    assert station.oee.availability == 0.5
    assert station.oee.oee == pytest.approx(0.5)


def test_a_run_that_ended_in_its_warm_up_has_reasons_for_everything(
    build: ModuleType, tmp_path: Path
) -> None:
    made = build.scenario([build.station("a")], warmup_s=200.0)
    found = kpis(build.write_run(tmp_path / "r", made, status="cancelled"))
    assert found.throughput_per_h is None
    assert found.mean_wip is None
    assert "warm-up" in found.why["throughput_per_h"]
    json.dumps(found.to_json(), allow_nan=False)


def test_a_killed_run_has_unrecorded_time(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a")])
    run = build.write_run(tmp_path / "r", made, states=build.states("a", ("working", 70.0)))
    result = kpis(run).stations["a"].oee
    assert result.losses["unrecorded"] == pytest.approx(30.0)
    assert result.planned_s == pytest.approx(70.0)


def test_failures_and_policies_of_a_run_by_hand(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a")])
    intervals = [
        ("working", 40.0),
        ("waiting_repair/breakdown", 10.0),
        ("down/breakdown", 20.0),
        ("maintenance", 20.0),
        ("down/minor_stop", 4.0),
        ("working", 6.0),
    ]
    cycles = [build.cycle("a", 10.0 * k, 10.0) for k in range(4)]
    run = build.write_run(tmp_path / "r", made, states=build.states("a", *intervals), cycles=cycles)
    station = kpis(run).stations["a"]
    assert station.failures == 1
    assert station.mtbf_h == pytest.approx(46.0 / 3600)
    assert station.mttr_h == pytest.approx(20.0 / 3600)
    assert station.mean_down_h == pytest.approx(30.0 / 3600)
    expected = {"tpm": (80.0, 50 / 80), "iso22400": (80.0, 46 / 80), "smrp": (100.0, 50 / 100)}
    for name, (planned_s, availability) in expected.items():
        found = kpis(run, policy=name)
        result = found.stations["a"].oee
        assert found.oee_policy["name"] == result.policy == name
        assert result.planned_s == pytest.approx(planned_s)
        assert result.availability == pytest.approx(availability)
        assert result.oee == pytest.approx(46.0 / planned_s)  # ideal: 40 s done, 6 s under way
        assert found.stations["a"].utilisation == pytest.approx(46.0 / planned_s)
        assert (
            found.to_json()["oee_policy"]["counts"]["maintenance"] == result.counts["maintenance"]
        )


def test_same_run_gives_the_same_figures_to_the_last_digit(pilot_run: Run) -> None:
    figures = [kpis(Run.open(pilot_run.folder)).to_json() for _ in range(3)]
    assert figures[0] == figures[1] == figures[2]
