"""Each detector on runs written by hand: the fault is found, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from twin.flags import flags, flags_json
from twin.flags.breakdown import count_p, total_p
from twin.flags.impact import impact
from twin.flags.stops import failures_of
from twin.run.run import Run

HOUR = 3600.0
NOMINAL = {"approach": 1.2, "grip": 0.5, "carry": 1.4, "release": 0.4}
RELEASE_TO_NEXT_S = 16.5

Write = Callable[..., Run]


def program_rows(
    robot: str, *, hours: float, seed: int, extra: Callable[[str, float], float]
) -> list[dict[str, Any]]:
    """Cycles every 20 s with the variation of the robot's program; `extra` adds seconds."""
    rng = np.random.default_rng(seed)
    rows = []
    for cycle in range(int(hours * HOUR / 20)):
        now = cycle * 20.0
        for step, (name, nominal_s) in enumerate(NOMINAL.items()):
            if name in {"grip", "release"}:
                actual_s = nominal_s * rng.lognormal(-0.0018, 0.06)
            else:
                actual_s = nominal_s * (1 + 0.01 * abs(rng.standard_normal()))
            actual_s += extra(name, cycle * 20.0)
            rows.append(
                {
                    "robot": robot, "cycle": cycle, "step": step, "name": name, "start_s": now,
                    "nominal_s": nominal_s, "actual_s": actual_s,
                }
            )  # fmt: skip
            now += actual_s
    return rows


def no_extra(_name: str, _t_s: float) -> float:
    return 0.0


@pytest.fixture
def robots(build: ModuleType, tmp_path: Path) -> Callable[..., Run]:
    """A run of two robot stations; each waits for parts from the end of a cycle to the next."""

    def write(extra_1: Callable[[str, float], float] = no_extra, **more: Any) -> Run:
        made = build.scenario(
            [
                build.station("s1", kind="robot", robot="r1"),
                build.station("s2", kind="robot", robot="r2"),
            ],
            robots=[build.robot("r1", label="First robot"), build.robot("r2")],
            horizon_s=4 * HOUR,
        )
        spare = more.pop("spare", 0.8)
        rows = []
        for station in ("s1", "s2"):
            rows += build.states(
                station, ("working", 4 * HOUR * (1 - spare)), ("starved", 4 * HOUR * spare)
            )
        substeps = program_rows("r1", hours=4, seed=1, extra=extra_1)
        substeps += program_rows("r2", hours=4, seed=2, extra=no_extra)
        return build.write_run(tmp_path / "r", made, states=rows, substeps=substeps, **more)

    return write


def test_a_healthy_plant_has_no_flags(robots: Write) -> None:
    assert flags(robots()) == []


def leak(name: str, t_s: float) -> float:
    return 0.8 if name == "grip" and t_s >= 7200 else 0.0


def test_a_slow_grip_is_found_with_robot_substep_time_and_size(robots: Write) -> None:
    (flag,) = flags(robots(leak))
    assert (flag.workcell, flag.resource, flag.substep) == ("wc", "r1", "grip")
    assert flag.since_s == pytest.approx(7200, abs=40)
    assert flag.until_s == 4 * HOUR
    assert flag.evidence["open"] is True
    assert flag.evidence["extra_s"] == pytest.approx(0.8, abs=0.01)
    assert flag.evidence["expected"] == pytest.approx(0.5, rel=0.01)
    assert flag.evidence["n"] == pytest.approx(360, abs=2)
    assert flag.evidence["p_value"] < 1e-6
    assert flag.cause == "slow_substep", "no vacuum signal, so no claim of a leak"
    assert flag.severity == "warning", "0.8 s of 4.3 s, but time to spare"
    assert flag.text.startswith("Grip takes 1.30 s instead of 0.50 s since 02:00.")


def test_lost_units_count_extra_time_in_ideal_cycles(robots: Write) -> None:
    (flag,) = flags(robots(leak))
    assert flag.lost_units == pytest.approx(360 * 0.8 / 3.5, rel=0.02)
    assert flag.evidence["plant_loss_units"] == 0.0, "the station has 80 % of its time to spare"
    assert "output does not suffer" in flag.text


def test_a_leak_without_spare_time_costs_the_plant(robots: Write) -> None:
    (flag,) = flags(robots(leak, spare=0.0))
    assert flag.evidence["plant_loss_units"] == pytest.approx(flag.lost_units)
    assert "The plant loses up to" in flag.text


def test_a_weaker_vacuum_makes_it_a_leak(robots: Write) -> None:
    rng = np.random.default_rng(3)
    signals = [
        {
            "resource": "r1",
            "signal": "vacuum_kpa",
            "time_s": t,
            "value": (-62.0 if t < 7200 else -38.0) + rng.normal(),
        }
        for t in np.arange(0.0, 4 * HOUR, 20.0)
    ]
    (flag,) = flags(robots(leak, signals=signals))
    assert flag.cause == "vacuum_leak"
    assert flag.evidence["signals"][0]["before"] == pytest.approx(-62, abs=0.5)
    assert "Vacuum: -37.9 instead of -61.9 kPa." in flag.text


def test_a_passing_fault_ends(robots: Write) -> None:
    def passing(name: str, t_s: float) -> float:
        return 0.5 if name == "release" and 3600 <= t_s < 5400 else 0.0

    (flag,) = flags(robots(passing))
    assert flag.substep == "release"
    assert flag.since_s == pytest.approx(3600, abs=60)
    assert flag.until_s == pytest.approx(5400, abs=60)
    assert flag.evidence["open"] is False
    assert "took" in flag.text
    assert "from 01:00 to 01:30" in flag.text


def test_all_moves_slower_is_one_flag_without_a_substep(robots: Write) -> None:
    def slow(name: str, t_s: float) -> float:
        return 0.3 * NOMINAL[name] if name in {"approach", "carry"} and t_s >= 3600 else 0.0

    (flag,) = flags(robots(slow))
    assert flag.cause == "speed_override", "all moves, one factor"
    assert flag.substep is None
    assert set(flag.evidence["substeps"]) == {"approach", "carry"}
    assert flag.evidence["extra_s"] == pytest.approx(0.3 * 2.6, rel=0.05)


def test_a_faster_step_is_a_warning_without_loss(robots: Write) -> None:
    (flag,) = flags(robots(lambda name, _t: -0.2 if name == "grip" else 0.0))
    assert flag.cause == "fast_substep"
    assert flag.severity == "warning"
    assert flag.lost_units == 0.0
    assert flag.since_s < 20.0, "from the first cycle on"


def test_recorded_causes_are_not_read(robots: Write, build: ModuleType, tmp_path: Path) -> None:
    """The simulation notes why a step was slow; a flag has to find out by itself."""
    made = robots().scenario
    rows = program_rows("r1", hours=4, seed=1, extra=no_extra)
    for row in rows:
        row["cause"] = "vacuum_leak"
    assert flags(build.write_run(tmp_path / "x", made, substeps=rows)) == []


def cycles_of(
    build: ModuleType, station: str, n: int, seed: int, factor: Callable[[float], float]
) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    return [
        build.cycle(station, 1 + 14.0 * k, 10 * factor(14.0 * k) * rng.lognormal(-0.005, 0.1))
        for k in range(n)
    ]


def test_a_slow_cycle_is_found(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a"), build.station("b")], horizon_s=4 * HOUR)
    rows = cycles_of(build, "a", 1000, 1, lambda t: 1.15 if t >= 7200 else 1.0)
    rows += cycles_of(build, "b", 1000, 2, lambda _t: 1.0)
    (flag,) = flags(build.write_run(tmp_path / "r", made, cycles=rows))
    assert (flag.resource, flag.cause, flag.substep) == ("a", "slow_cycle", None)
    assert flag.since_s == pytest.approx(7200, abs=300)
    assert flag.evidence["observed"] == pytest.approx(11.5, rel=0.02)
    assert flag.lost_units == pytest.approx(486 * 1.5 / 10, rel=0.15)


def test_one_slow_machine_of_three_is_named(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a", machines=3)], horizon_s=4 * HOUR)
    rows = []
    for k in range(3):
        mine = cycles_of(build, "a", 1000, k, lambda _t, slow=k == 1: 1.3 if slow else 1.0)  # type: ignore[misc]
        rows += [row | {"machine": f"a_{k + 1}"} for row in mine]
    (flag,) = flags(build.write_run(tmp_path / "r", made, cycles=rows))
    assert flag.resource == "a_2"


def test_all_slow_machines_are_one_flag_of_the_station(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a", machines=2)], horizon_s=4 * HOUR)
    rows = []
    for k in range(2):
        mine = cycles_of(build, "a", 1000, k, lambda t: 1.3 if t > 3600 else 1.0)
        rows += [row | {"machine": f"a_{k + 1}"} for row in mine]
    (flag,) = flags(build.write_run(tmp_path / "r", made, cycles=rows))
    assert flag.resource == "a"
    assert sorted(flag.evidence["machines"]) == ["a_1", "a_2"]


def test_performance_without_minor_stops_is_expected_slowness(
    build: ModuleType, tmp_path: Path
) -> None:
    made = build.scenario([build.station("a", performance=0.8)], horizon_s=4 * HOUR)
    rows = cycles_of(build, "a", 1000, 1, lambda _t: 1 / 0.8)
    assert flags(build.write_run(tmp_path / "r", made, cycles=rows)) == []


def breakdown(mtbf_h: float = 8.0, mttr_h: float = 0.1) -> dict[str, float]:
    return {"mtbf_h": mtbf_h, "mttr_h": mttr_h}


def test_a_repair_of_two_hours_is_found(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a", breakdown=breakdown())], horizon_s=8 * HOUR)
    rows = build.states(
        "a", ("working", 2 * HOUR), ("waiting_repair/breakdown", 300.0),
        ("down/breakdown", 2 * HOUR), ("working", 4 * HOUR - 300.0),
    )  # fmt: skip
    (flag,) = flags(build.write_run(tmp_path / "r", made, states=rows))
    assert (flag.resource, flag.cause) == ("a", "breakdown")
    assert flag.since_s == 2 * HOUR
    assert flag.until_s == 4 * HOUR + 300.0
    assert flag.evidence["expected"] == pytest.approx(360)
    assert flag.evidence["observed"] == pytest.approx(2 * HOUR)
    assert flag.severity == "critical"


def test_many_failures_are_found(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a", breakdown=breakdown())], horizon_s=8 * HOUR)
    once = [("working", 2400.0), ("down/breakdown", 480.0)]
    rows = build.states("a", *(once * 10))
    (flag,) = flags(build.write_run(tmp_path / "r", made, states=rows))
    assert flag.cause == "frequent_failures"
    assert flag.evidence["observed"] == 10
    assert flag.evidence["expected"] == pytest.approx(10 * 2400 / (8 * HOUR))


def test_expected_failures_are_no_flag(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a", breakdown=breakdown())], horizon_s=8 * HOUR)
    rows = build.states("a", ("working", 4 * HOUR), ("down/breakdown", 900.0), ("working", 13500.0))
    assert flags(build.write_run(tmp_path / "r", made, states=rows)) == []


def test_frequent_minor_stops_are_found(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario(
        [build.station("a", performance=0.95, minor_stop_s=15.0)], horizon_s=8 * HOUR
    )
    healthy = [("working", 285.0), ("down/minor_stop", 15.0)] * 96
    assert flags(build.write_run(tmp_path / "ok", made, states=build.states("a", *healthy))) == []
    often = [("working", 60.0), ("down/minor_stop", 15.0)] * 384
    (flag,) = flags(build.write_run(tmp_path / "r", made, states=build.states("a", *often)))
    assert flag.cause == "minor_stops"
    assert flag.evidence["n"] == 384


def test_waiting_for_transport_counts_only_without_spare_time(
    build: ModuleType, tmp_path: Path
) -> None:
    made = build.scenario([build.station("a")], horizon_s=8 * HOUR)
    busy = build.states("a", ("working", 6 * HOUR), ("waiting_transport", 2 * HOUR))
    (flag,) = flags(build.write_run(tmp_path / "busy", made, states=busy))
    assert flag.cause == "waiting_transport"
    assert flag.evidence["observed"] == pytest.approx(0.25)
    assert flag.severity == "warning", "a threshold is no test"
    assert flag.evidence["plant_loss_units"] is None
    assert flag.lost_units == pytest.approx(0.15 * 8 * HOUR / 10)
    spare = build.states(
        "a", ("working", 3 * HOUR), ("waiting_transport", 2 * HOUR), ("starved", 3 * HOUR)
    )
    assert flags(build.write_run(tmp_path / "spare", made, states=spare)) == []


def test_a_flag_about_transport_says_how_busy_the_vehicles_were(
    build: ModuleType, tmp_path: Path
) -> None:
    fleet = {
        "id": "amr", "label": "AMRs", "network": "n", "homes": ["h"], "size_m": [1, 1, 1],
        "speed_loaded_mps": 1, "speed_empty_mps": 1, "acceleration_mps2": 1, "load_s": 1,
        "unload_s": 1,
    }  # fmt: skip
    made = build.scenario([build.station("a")], horizon_s=8 * HOUR, fleets=[fleet])
    rows = build.states("a", ("working", 6 * HOUR), ("waiting_transport", 2 * HOUR))
    rows += build.states("amr_1", ("driving", 7 * HOUR), ("idle", HOUR), kind="agv")
    (flag,) = flags(build.write_run(tmp_path / "r", made, states=rows))
    assert flag.evidence["fleets_not_idle"] == {"amr": pytest.approx(7 / 8)}
    assert "AMRs 88 %" in flag.text


def test_waiting_long_for_the_repair_crew_is_found(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a", breakdown=breakdown())], horizon_s=8 * HOUR)
    rows = build.states(
        "a", ("working", 4 * HOUR), ("waiting_repair/breakdown", 1800.0),
        ("down/breakdown", 300.0), ("working", 4 * HOUR - 2100.0),
    )  # fmt: skip
    (flag,) = flags(build.write_run(tmp_path / "r", made, states=rows))
    assert flag.cause == "waiting_repair"
    assert "the repair crew" in flag.title


def shipping(per_h: float, hours: int, seed: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    n = rng.poisson(per_h, hours)
    return [
        {
            "time_s": (k + (j + 0.5) / n[k]) * HOUR, "event": "shipped", "lot": 1 + j,
            "item": "battery_cell", "n": 1,
        }
        for k in range(hours)
        for j in range(n[k])
    ]  # fmt: skip


def test_output_below_plan_names_the_bottleneck(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a"), build.station("b")], horizon_s=8 * HOUR, takt_s=20.0)
    rows = build.states("a", ("working", 8 * HOUR))
    rows += build.states("b", ("working", 4 * HOUR), ("starved", 4 * HOUR))
    run = build.write_run(tmp_path / "r", made, units=shipping(150, 8, 1), states=rows)
    (flag,) = flags(run)
    assert flag.cause == "below_plan"
    assert flag.evidence["expected"] == 180.0
    assert flag.evidence["bottleneck"] == "a"
    assert flag.lost_units == pytest.approx(240, abs=60)
    assert flag.workcell == "wc"


@pytest.mark.parametrize("seed", range(5))
def test_output_near_plan_is_no_flag(build: ModuleType, tmp_path: Path, seed: int) -> None:
    made = build.scenario([build.station("a")], horizon_s=8 * HOUR, takt_s=20.0)
    run = build.write_run(tmp_path / "r", made, units=shipping(180, 8, seed))
    assert flags(run) == []


def test_flags_are_plain_json(robots: Write) -> None:
    import json

    data = flags_json(flags(robots(leak)))
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    keys = {
        "workcell", "resource", "since_s", "until_s", "cause", "substep", "lost_units",
        "severity", "evidence",
    }  # fmt: skip
    assert keys <= set(data["flags"][0])


def test_an_empty_run_has_no_flags(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a")], horizon_s=8 * HOUR, takt_s=20.0)
    made = made.model_copy(update={"initial": "empty"})
    assert flags(build.write_run(tmp_path / "r", made)) == []


def test_critical_flags_come_first(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station(k) for k in "abc"], horizon_s=4 * HOUR)
    rows = cycles_of(build, "a", 1000, 1, lambda _t: 1.06)
    rows += cycles_of(build, "b", 1000, 2, lambda t: 1.3 if t > 12000 else 1.0)
    rows += cycles_of(build, "c", 1000, 3, lambda t: 1.3 if t > 9000 else 1.0)
    found = flags(build.write_run(tmp_path / "r", made, cycles=rows))
    assert [(f.resource, f.severity) for f in found] == [
        ("c", "critical"),
        ("b", "critical"),
        ("a", "warning"),
    ]
    assert found[1].lost_units < found[2].lost_units, "severity goes before units"


def test_poisson_and_gamma_tails_by_hand() -> None:
    assert count_p(1, 0.1) == pytest.approx(1 - np.exp(-0.1))
    assert count_p(0, 5.0) == 1.0
    assert total_p(30.0, 1, 10.0, 1.0) == pytest.approx(np.exp(-3.0))
    assert total_p(30.0, 2, 10.0, 1.0) == pytest.approx(np.exp(-3.0) * 4.0)
    assert total_p(10.5, 1, 10.0, 0.0) == 0.0
    assert total_p(10.0, 1, 10.0, 0.0) == 1.0


def test_waiting_and_repair_are_one_failure(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a")], horizon_s=100)
    rows = build.states(
        "a", ("working", 10.0), ("waiting_repair/breakdown", 5.0), ("down/breakdown", 20.0),
        ("down/minor_stop", 5.0), ("working", 30.0), ("down/breakdown", 30.0),
    )  # fmt: skip
    run = build.write_run(tmp_path / "r", made, states=rows)
    stops = failures_of(run.table("states", where="state IN ('down', 'waiting_repair')"))
    assert list(stops.begin_s) == [10.0, 70.0]
    assert list(stops.end_s) == [35.0, 100.0]
    assert list(stops.length_s) == [20.0, 30.0]
    assert list(stops.waiting_s) == [5.0, 0.0]


def test_spare_time_before_the_fault_covers_its_loss(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a")], horizon_s=200)
    rows = build.states("a", ("working", 80.0), ("starved", 20.0), ("working", 100.0))
    run = build.write_run(tmp_path / "r", made, states=rows)
    loss = impact(run, ("a",), 100.0, 200.0, lost_s=50.0, ideal_unit_s=10.0)
    assert loss.lost_units == 5.0
    assert loss.spare_share_before == pytest.approx(0.2)
    assert loss.plant_loss_units == pytest.approx((50 - 20) / 10)


def test_repairs_that_take_longer_from_a_time_on_are_found(
    build: ModuleType, tmp_path: Path
) -> None:
    """Six repairs as planned, then five of four times the time: dated by the seventh."""
    made = build.scenario([build.station("a", breakdown=breakdown(0.7))], horizon_s=8 * HOUR)
    usual = [("working", 2400.0), ("down/breakdown", 360.0)] * 6
    slow = [("working", 1000.0), ("down/breakdown", 1440.0)] * 5
    rows = build.states("a", *usual, *slow, ("working", 40.0))
    (flag,) = flags(build.write_run(tmp_path / "r", made, states=rows))
    assert (flag.cause, flag.evidence["n"]) == ("long_repairs", 5)
    assert flag.since_s == 6 * 2760.0 + 1000.0
    assert flag.evidence["observed"] == pytest.approx(1440)
    assert flag.evidence["excess_s"] == pytest.approx(5 * (1440 - 360))
    assert flag.evidence["confidence"] > 0.9
    assert flag.evidence["action"]


def test_repairs_of_one_kind_of_failure_are_told_from_the_others(
    build: ModuleType, tmp_path: Path
) -> None:
    kinds = {"jam": breakdown(0.7, 0.05), "motor": breakdown(2.0, 0.3)}
    made = build.scenario([build.station("a", breakdowns=kinds)], horizon_s=8 * HOUR)
    steps, alarms, now = [], [], 0.0
    for k in range(12):
        kind, length_s = ("jam", 900.0) if k % 3 else ("motor", 900.0)
        steps += [("working", 1400.0), ("down/breakdown", length_s)]
        now += 1400.0
        alarms.append({"resource": "a", "code": "breakdown", "cause": kind, "severity": "warning",
                       "raised_s": now, "closed_s": now + length_s, "open": 0})  # fmt: skip
        now += length_s
    run = build.write_run(tmp_path / "r", made, states=build.states("a", *steps), alarms=alarms)
    (flag,) = (f for f in flags(run) if f.cause == "long_repairs")
    assert flag.evidence["failure"] == "jam"
    assert flag.evidence["expected"] == pytest.approx(180)


def test_a_breakdown_is_told_while_the_machine_is_down(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a", breakdown=breakdown())], horizon_s=8 * HOUR)
    rows = build.states("a", ("working", 7 * HOUR), ("down/breakdown", HOUR))
    (flag,) = flags(build.write_run(tmp_path / "r", made, states=rows))
    assert (flag.cause, flag.evidence["open"], flag.until_s) == ("breakdown", True, 8 * HOUR)
    assert flag.evidence["machine"] == "a"
    assert flag.evidence["excess_s"] == pytest.approx(HOUR), "without it there would be no repair"


def test_a_repair_of_four_times_the_mean_is_chance(build: ModuleType, tmp_path: Path) -> None:
    made = build.scenario([build.station("a", breakdown=breakdown())], horizon_s=8 * HOUR)
    rows = build.states(
        "a", ("working", 4 * HOUR), ("down/breakdown", 1500.0), ("working", 12900.0)
    )
    assert flags(build.write_run(tmp_path / "r", made, states=rows)) == []


def test_failures_that_come_more_often_than_before_are_found(
    build: ModuleType, tmp_path: Path
) -> None:
    """The plant file lets expect more failures than ever come: only the time before tells."""
    made = build.scenario([build.station("a", breakdown=breakdown(0.4))], horizon_s=24 * HOUR)
    before = [("working", 3 * HOUR - 360.0), ("down/breakdown", 360.0)] * 6
    after = [("working", 900.0), ("down/breakdown", 360.0)] * 16
    rows = build.states("a", *before, *after, ("working", 1440.0))
    (flag,) = flags(build.write_run(tmp_path / "r", made, states=rows))
    assert flag.cause == "frequent_failures"
    assert flag.since_s == pytest.approx(18 * HOUR, abs=HOUR)
