"""Faults of stations, lots, fleets and pools are found, named, and told from each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import buffer, line, scenario, sink, source, station, tiny_plant
from twin.flags import flags
from twin.flags.common_cause import common_flags
from twin.flags.congestion import fleet_flags, transport_cause
from twin.flags.flag import Flag
from twin.flags.product_effect import product_flags, rare_p, stretch
from twin.flags.quality import scrap_flags
from twin.flags.staffing import staffing_flags
from twin.flags.station_cause import ACTIONS, station_cause
from twin.plant.plant import Plant
from twin.run.run import Run

HOUR = 3600.0
Faults = list[dict[str, Any]]
Make = Callable[..., Run]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def run(plant: Plant, faults: Faults = [], horizon_s: float = 4 * HOUR, **more: Any) -> Run:  # noqa: B006
        made = scenario(plant, horizon_s, faults=faults, **more)
        return simulate(made, tmp_path / f"run_{len([*tmp_path.iterdir()])}")

    return run


def fault(kind: str, at: str = "1h", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "at": at, "station": "s1", **more}


def one_station(**more: Any) -> Plant:
    given = {"cycle": {"mean_s": 10, "cv": 0.05}, **more}
    return tiny_plant(
        [station("s1", take="b0", put="out", **given)],
        buffers=[buffer("b0")],
        sources=[source("src", "b0")],
        sinks=[sink()],
    )


def two_products() -> Plant:
    products = [{"id": name, "item": "part", "energy_wh": 1} for name in ("red", "blue")]
    return tiny_plant(
        [station("s1", take="b0", put="out", cycle={"mean_s": 10, "cv": 0.05}, **{"yield": 0.95})],
        buffers=[buffer("b0")],
        sources=[source("src", "b0", mix={"red": 1, "blue": 1})],
        products=products,
    )


def coils(machines: int = 2) -> Plant:
    return tiny_plant(
        [
            station("cut", take="coils", put="b1", cycle={"mean_s": 3, "cv": 0.05},
                    machines=machines, units_per_lot_out=5, product="sheet"),
            station("s1", take="b1", put="out", cycle={"mean_s": 1, "cv": 0.05}),
        ],
        buffers=[buffer("coils", item="coil", capacity=1), buffer("b1", item="sheet", capacity=3)],
        sources=[source("src", "coils", item="coil", units_per_lot=40)],
        items=[
            {"id": "coil", "size_m": [1, 1, 1]},
            {"id": "sheet", "size_m": [0.3, 0.2, 0.1], "product": True},
        ],
    )  # fmt: skip


# Causes of one station -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        (fault("slow_cycle", factor=1.15), "slow_cycle"),
        (fault("machine_wear", growth_per_h=0.1), "machine_wear"),
        (fault("variance_growth", factor=2.5), "variance_growth"),
        (fault("micro_stops", per_h=40, length_s=10), "minor_stops"),
    ],
)
def test_the_cause_of_a_slow_station_is_named(
    make: Make, given: dict[str, Any], cause: str
) -> None:
    run = make(one_station(), [given])
    found = station_cause(run, "s1", HOUR, 4 * HOUR)
    assert found.name == {"minor_stops": "micro_stops"}.get(cause, cause), found
    assert found.action == ACTIONS[found.name]
    assert 0 < found.confidence <= 1
    assert found.detail


def test_the_growth_of_a_worn_tool_is_measured(make: Make) -> None:
    run = make(one_station(), [fault("machine_wear", growth_per_h=0.1)])
    found = station_cause(run, "s1", HOUR, 4 * HOUR)
    assert found.evidence["growth_per_h"] == pytest.approx(0.1, abs=0.01)


def test_a_cycle_that_never_was_right_is_an_error_of_the_plant_file(make: Make) -> None:
    wrong = {"kind": "wrong_master_data", "station": "s1", "cycle_factor": 1.1}
    found = station_cause(make(one_station(), [wrong]), "s1", 0.0, 4 * HOUR)
    assert found.name == "wrong_master_data"
    assert found.evidence["cycle_factor"] == pytest.approx(1.1, abs=0.01)


def test_one_product_is_told_from_a_slow_station(make: Make) -> None:
    slow = make(two_products(), [fault("product_effect", product="blue", factor=1.3)])
    found = station_cause(slow, "s1", HOUR, 4 * HOUR)
    assert (found.name, found.evidence["product"]) == ("product_effect", "blue")
    whole = make(two_products(), [fault("slow_cycle", factor=1.15)])
    assert station_cause(whole, "s1", HOUR, 4 * HOUR).name == "slow_cycle"


def test_one_bad_coil_is_told_from_a_slow_station(make: Make) -> None:
    late = fault("lot_effect", origin="src", factor=1.5, at="30min", until="31min")
    run = make(coils(machines=1), [late], horizon_s=2 * HOUR)
    slow = run.sql("SELECT min(start_s) AS a, max(start_s) AS b, any_value(lot) AS lot FROM cycles"
                   " WHERE station = 's1' AND duration_s > 1.3").iloc[0]  # fmt: skip
    found = station_cause(run, "s1", float(slow["a"]), float(slow["b"]) + 1)
    assert found.name == "lot_effect", found
    parents = run.sql("SELECT DISTINCT parent FROM units WHERE lot = ?", [int(slow["lot"])])
    assert found.evidence["source_lot"] in parents["parent"].tolist()


def test_a_station_that_starves_names_who_starves_it(make: Make) -> None:
    down = {"kind": "breakdown", "at": 1800, "machine": "s1", "repair": 3000}
    run = simulate_line(make, [down])
    found = station_cause(run, "s3", 1800, 5000)
    assert found.name == "starved"
    assert "s1" in found.detail
    assert next(iter(found.evidence["origins_s"])) == "s1/breakdowns"  # type: ignore[call-overload]


def simulate_line(make: Make, faults: Faults) -> Run:
    return make(line([5.0, 5.0, 5.0], horizon_s=1.0, capacity=2).plant, faults, 2 * HOUR)


def test_a_healthy_station_has_no_cause(make: Make) -> None:
    assert station_cause(make(one_station()), "s1", HOUR, 4 * HOUR).name == "none"


def test_a_flag_says_why_what_to_do_and_who_waits(make: Make) -> None:
    plant = line([{"mean_s": 10, "cv": 0.05}] * 3, horizon_s=1.0, capacity=2).plant
    worn = {"kind": "machine_wear", "at": "1h", "station": "s2", "growth_per_h": 0.1}
    (flag,) = (f for f in flags(make(plant, [worn])) if f.resource == "s2")
    assert flag.evidence["why"] == "machine_wear"
    assert flag.evidence["action"] == ACTIONS["machine_wear"]
    assert set(flag.evidence["waits_caused_s"]) == {"s1", "s3"}
    assert flag.evidence["growth_per_h"] == pytest.approx(0.1, abs=0.02)
    assert "Others waited for it" in flag.text


# Scrap and lots ------------------------------------------------------------------------------


@pytest.mark.parametrize("record", ["unit", "lot"])
def test_a_burst_of_scrap_is_found_in_its_time(make: Make, record: str) -> None:
    plant = tiny_plant(
        [station("s1", take="b0", put="out", cycle=2.0, record=record, **{"yield": 0.97})],
        buffers=[buffer("b0")],
        sources=[source("src", "b0", units_per_lot=10)],
    )
    (flag,) = scrap_flags(make(plant, [fault("scrap_burst", extra_scrap=0.1, until="2h")]))
    assert flag.cause == "scrap_burst"
    assert flag.since_s == pytest.approx(HOUR, abs=300)
    assert flag.until_s == pytest.approx(2 * HOUR, abs=300)
    assert flag.evidence["observed"] == pytest.approx(0.127, abs=0.03)
    assert [*scrap_flags(make(plant))] == []


def test_lots_of_one_upstream_machine_are_named(make: Make) -> None:
    late = fault("lot_effect", origin="cut_2", factor=1.2, at="0s")
    (flag,) = product_flags(make(coils(), [late], HOUR))
    assert (flag.cause, flag.resource) == ("lot_effect", "s1")
    assert flag.evidence["group"] == "cut_2"
    assert flag.evidence["observed"] == pytest.approx(1.2, abs=0.02)


@pytest.mark.parametrize("kind", ["product_effect", "scrap_burst"])
def test_one_product_is_named(make: Make, kind: str) -> None:
    more = {"factor": 1.2} if kind == "product_effect" else {"extra_scrap": 0.2}
    (flag,) = product_flags(make(two_products(), [fault(kind, at="0s", product="blue", **more)]))
    assert flag.cause == "product_effect"
    assert flag.evidence["group"] == "blue"
    assert flag.evidence["measure"] == ("cycle" if kind == "product_effect" else "scrap")


def test_a_slow_hour_is_no_effect_of_the_lots_in_it(make: Make) -> None:
    run = make(coils(), [fault("slow_cycle", factor=1.5, at="20min", until="40min")], HOUR)
    assert [*product_flags(run)] == []


def test_a_slow_cycle_that_lots_explain_is_said_once(make: Make) -> None:
    found = flags(make(coils(), [fault("lot_effect", origin="cut_2", factor=1.2, at="0s")], HOUR))
    assert [flag.cause for flag in found if flag.resource == "s1"] == ["lot_effect"]


# Fleets --------------------------------------------------------------------------------------


def vehicles(*, home_chargers: bool = False) -> Plant:
    law = {
        "size_m": [1, 1, 1], "speed_loaded_mps": 1.0, "speed_empty_mps": 1.0,
        "acceleration_mps2": 0.5, "load_s": 5.0, "unload_s": 5.0,
        "battery": {"runtime_h": 1.0, "charge_h": 0.25},
    }  # fmt: skip
    stops = {
        "pick": {"node": "n2", "position_m": [23, 0], "place": "here"},
        "drop": {"node": "n4", "position_m": [-3, 10], "place": "out"},
        "home_1": {"node": "n3", "position_m": [23, 10], "charger": home_chargers},
        "home_2": {"node": "n3", "position_m": [20, 13], "charger": home_chargers},
        "charge": {"node": "n1", "position_m": [0, -3], "charger": True},
    }
    roads = {
        "id": "roads",
        "nodes": {"n1": [0, 0], "n2": [20, 0], "n3": [20, 10], "n4": [0, 10]},
        "lanes": [["n1", "n2", "n3", "n4", "n1"]],
        "stops": stops,
    }
    return tiny_plant(
        [],
        buffers=[buffer("here")],
        sources=[source("src", "here")],
        networks=[roads],
        fleets=[{"id": "agv", "network": "roads", "homes": ["home_1", "home_2"], **law}],
        transports=[{"id": "t", "from": "here", "to": "out", "fleet": "agv"}],
    )


def fleet_fault(**more: Any) -> dict[str, Any]:
    return {"kind": "agv_battery_ageing", "fleet": "agv", "at": "0s", **more}


def test_a_blocked_road_is_named_with_its_node_and_time(make: Make) -> None:
    closed = {"kind": "lane_closed", "network": "roads", "node": "n1", "at": "1h", "until": "2h"}
    (flag,) = fleet_flags(make(vehicles(), [closed]))
    assert (flag.cause, flag.evidence["node"]) == ("lane_blocked", "n1")
    assert flag.since_s == pytest.approx(HOUR, abs=120)
    assert flag.until_s == pytest.approx(2 * HOUR, abs=120)


def test_a_broken_vehicle_is_no_blocked_road(make: Make) -> None:
    down = {"kind": "breakdown", "machine": "agv_1", "at": "1h", "repair": "30min"}
    run = make(vehicles(), [down])
    waits = run.sql("SELECT max(end_s - start_s) AS s FROM states WHERE state = 'waiting_traffic'")
    assert waits["s"].iloc[0] > 600
    assert "lane_blocked" not in {flag.cause for flag in fleet_flags(run)}


@pytest.mark.parametrize(
    ("factors", "sign"),
    [({"capacity_factor": 0.5}, "low capacity"), ({"charge_rate_factor": 0.4}, "slow charging")],
)
def test_a_worn_battery_is_told_by_how_it_wears(
    make: Make, factors: dict[str, float], sign: str
) -> None:
    run = make(vehicles(), [fleet_fault(**factors, vehicle="agv_2")], 8 * HOUR)
    (flag,) = (f for f in fleet_flags(run) if f.cause == "agv_battery_ageing")
    assert (flag.resource, flag.evidence["sign"]) == ("agv_2", sign)


def test_healthy_vehicles_have_no_flag(make: Make) -> None:
    assert [*fleet_flags(make(vehicles(), horizon_s=8 * HOUR))] == []
    assert [*fleet_flags(make(vehicles(home_chargers=True), horizon_s=8 * HOUR))] == []


def test_why_vehicles_do_not_come(make: Make) -> None:
    run = make(vehicles())
    assert transport_cause(run, run.plant.fleets[0], HOUR, 4 * HOUR).name == "too_few_vehicles"
    down = {"kind": "breakdown", "machine": "agv_1", "at": "1h", "repair": "3h"}
    run = make(vehicles(), [down])
    assert transport_cause(run, run.plant.fleets[0], HOUR, 4 * HOUR).name == "agv_breakdowns"


# Common causes -------------------------------------------------------------------------------


def long_line(**more: Any) -> Plant:
    return line([10.0] * 6, horizon_s=1.0, capacity=3, station_options=more).plant


def test_stations_that_stop_together_are_one_flag(make: Make) -> None:
    dip = [
        {"kind": "breakdown", "machine": f"s{k}", "at": 5000 + k, "repair": 300}
        for k in range(1, 6)
    ]
    rare = {"breakdown": {"mtbf_h": 5, "mttr_h": 0.05}}
    (flag,) = common_flags(make(long_line(**rare), dip))
    assert flag.cause == "common_stop"
    assert flag.since_s == pytest.approx(5001, abs=30)
    assert set(flag.evidence["stations"]) >= {"s2", "s3", "s4"}


def test_stations_that_stop_by_chance_are_none(make: Make) -> None:
    often = {"breakdown": {"mtbf_h": 0.5, "mttr_h": 0.02}}
    for seed in range(1, 4):
        assert [*common_flags(make(long_line(**often), seed=seed))] == []


def test_a_slow_down_of_all_stations_is_one_flag(make: Make) -> None:
    slow = [
        {"kind": "slow_cycle", "at": "2h", "station": f"s{k}", "factor": 1.3} for k in range(1, 7)
    ]
    found: list[Flag] = flags(make(long_line(), slow))
    (flag,) = (f for f in found if f.cause == "slow_cycle")
    assert flag.evidence["common"] is True
    assert flag.evidence["stations"] == [f"s{k}" for k in range(1, 7)]


def test_missing_people_are_counted_against_the_shifts(make: Make) -> None:
    people: dict[str, Any] = {
        "pools": [{"id": "crew", "kind": "operator", "home_m": [1, 1], "walk_mps": 1,
                   "staff": {"early": 3, "late": 1}}],
        "shifts": [
            {"id": "early", "start": "00:00", "hours": 3,
             "breaks": [{"start": "01:00", "length": "15min"}]},
            {"id": "late", "start": "03:00", "hours": 21},
        ],
    }  # fmt: skip
    attend = {"pool": "crew", "work": {"mean_s": 5, "kind": "constant"}}
    plant = tiny_plant(
        [station("s1", take="b0", put="out", cycle=10.0, attend=attend)],
        buffers=[buffer("b0")], sources=[source("src", "b0")], **people,
    )  # fmt: skip
    assert [*staffing_flags(make(plant))] == []
    short = {"kind": "worker_shortage", "pool": "crew", "missing": 2, "at": "90min", "until": "2h"}
    (flag,) = staffing_flags(make(plant, [short]))
    assert (flag.cause, flag.resource) == ("worker_shortage", "crew")
    assert flag.since_s == pytest.approx(1.5 * HOUR, abs=120)
    assert flag.until_s == pytest.approx(2 * HOUR, abs=120)
    assert flag.evidence["observed"] == pytest.approx(1.0)


def test_healthy_plants_have_none_of_these_flags(make: Make) -> None:
    """12 seeds of 6 stations and 2 h are 144 station-hours; the goal allows 0.2 false alarms."""
    detectors = (scrap_flags, product_flags, common_flags, fleet_flags, staffing_flags)
    usual = {"breakdown": {"mtbf_h": 1, "mttr_h": 0.05}, "yield": 0.95}
    plant = line([{"mean_s": 10, "cv": 0.1}] * 6, horizon_s=1.0, capacity=3,
                 station_options=usual).plant  # fmt: skip
    for seed in range(1, 13):
        run = make(plant, seed=seed, horizon_s=2 * HOUR)
        assert [flag.title for detector in detectors for flag in detector(run)] == []


def test_rare_scrap_on_one_group_is_no_proof() -> None:
    """Three scrapped of 65, all in a group of 24: one in 19 by chance (24 23 22 / 65 64 63)."""
    assert rare_p(3, 0, 24, 41) == pytest.approx(24 * 23 * 22 / (65 * 64 * 63))
    assert rare_p(30, 0, 60, 60) < 1e-9


# When it began -------------------------------------------------------------------------------


def test_an_effect_of_lots_is_dated_by_when_it_begins(make: Make) -> None:
    (flag,) = product_flags(make(coils(), [fault("lot_effect", origin="cut_2", factor=1.3)]))
    assert flag.cause == "lot_effect"
    assert flag.since_s == pytest.approx(HOUR, abs=600)
    assert flag.evidence["observed"] == pytest.approx(1.3, abs=0.03), (
        "not thinned by the time before"
    )


def test_a_difference_holds_in_a_stretch_of_blocks() -> None:
    difference, weight = np.array([0.0, 0.01, 0.2, 0.21, 0.19, 0.0]), np.ones(6)
    assert stretch(difference, weight) == slice(2, 5)
    assert stretch(np.array([0.1, 0.11, 0.1]), np.ones(3)) == slice(0, 3)
    assert stretch(np.array([0.1, -0.3]), np.ones(2)) == slice(0, 2), "no difference on the whole"


def test_an_ageing_battery_is_dated_by_when_it_begins(make: Make) -> None:
    old = {**fleet_fault(capacity_factor=0.7, vehicle="agv_2"), "at": "3h"}
    (flag,) = fleet_flags(make(vehicles(), [old], 8 * HOUR))
    assert flag.resource == "agv_2"
    assert 3 * HOUR < flag.since_s < 4 * HOUR


def test_a_ramp_that_shows_late_is_wear_where_the_detector_saw_a_ramp(make: Make) -> None:
    run = make(one_station(), [fault("machine_wear", growth_per_h=0.1)])
    late = station_cause(run, "s1", 2.5 * HOUR, 4 * HOUR, creeps=True)
    assert late.name == "machine_wear"
    step = make(one_station(), [fault("slow_cycle", factor=1.1)])
    assert station_cause(step, "s1", HOUR, 4 * HOUR).name == "slow_cycle"


def test_who_would_have_waited_anyway_does_not_wait_because_of_it(make: Make) -> None:
    """s2 always waits for s1; a fault of s1 counts by what s2 waits longer."""
    plant = line([10.0, 5.0], horizon_s=1.0).plant
    run = make(plant, [fault("slow_cycle", factor=1.1, station="s1")])
    (flag,) = (f for f in flags(run) if f.resource == "s1")
    # s2 works 5 s of each cycle: before it waits 1/2 of the time, then 6/11
    extra = 3 * HOUR * (6 / 11 - 1 / 2)
    assert flag.evidence["waits_caused_s"]["s2"] == pytest.approx(extra, rel=0.1)
