"""Faults of stations, people, vehicles and roads that cannot be are named with their line."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from twin.errors import PlantError
from twin.plant.base import Duration
from twin.plant.load import load_scenario
from twin.plant.widened import widened

HEAD = "id: trial\nplant: small.yaml\nfaults:\n"


def problems(bench, *faults: str) -> list[str]:
    bench.write(bench.text)
    body = "".join(f"  - {{{fault}}}\n" for fault in faults)
    with pytest.raises(PlantError) as caught:
        load_scenario(bench.write(HEAD + body, "trial.yaml"))
    return [str(problem) for problem in caught.value.problems]


WEAR = "kind: machine_wear, at: 1h, growth_per_h: 0.1"
SCRAP = "kind: scrap_burst, at: 1h, extra_scrap: 0.1"
LOT = "kind: lot_effect, at: 1h, factor: 2"
STOPS = "kind: micro_stops, at: 1h, length_s: 5"
LANE = "kind: lane_closed, at: 1h, until: 2h"
SPREAD = "kind: variance_growth, at: 1h, factor: 2"
WRONG = "kind: wrong_master_data"


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (f"{WEAR}, station: stak", "station 'stak' does not exist (nearest: 'stack')."),
        (f"{WEAR}, station: stack, machine: stack_9", "station 'stack' has no machine 'stack_9'"),
        (f"{WEAR}, station: tray_load", "is the program of its robot. Use a fault of its robot"),
        (f"{WEAR}, station: soak", "station 'soak' is a store: its lots keep their own time"),
        (f"{WEAR}, station: stack, reset_by: oil", "station 'stack' has no maintenance 'oil'."),
        ("kind: machine_wear, at: 1h, station: stack", "changes nothing: it does not grow."),
        (f"{WEAR}, station: stack, until: 30min", "ends at 1800 s, before it starts at 3600 s."),
        ("kind: variance_growth, at: 0, station: stack, factor: 0", "'factor' is 0, must be great"),
        (f"{SPREAD}, station: tray_load", "is the program of its robot."),
        (f"{STOPS}, per_h: 6, station: soak", "its towers do not work, so they have no short"),
        (f"{STOPS}, per_h: 0, station: stack", "'per_h' is 0, must be greater than 0."),
        ("kind: scrap_burst, at: 0, station: stack, extra_scrap: 1.2", "must be at most 1."),
        ("kind: scrap_burst, at: 0, station: stack, extra_scrap: 0", "changes nothing"),
        (f"{SCRAP}, station: stack, product: puch_cell", "(nearest: 'pouch_cell')."),
        (f"{SCRAP}, station: stack, product: pouch_cell", "no lot of product 'pouch_cell' comes"),
        (f"{SCRAP}, station: soak, origin: supply", "treats several lots at once"),
        (f"{LOT}, station: stack, origin: suply", "'suply' does not exist (nearest: 'supply')."),
        (f"{LOT}, station: stack, origin: soak", "origin 'soak' is a store"),
        (f"{LOT}, station: tray_load, origin: stack", "is the program of its robot."),
        ("kind: product_effect, at: 0, station: stack, product: x, factor: 2", "'x' does not"),
        (f"{WRONG}, station: stack", "changes nothing: all factors are 1."),
        (f"{WRONG}, station: stack, yield_factor: 1.1", "a yield of 1 times 1.1 is above 1."),
        (f"{WRONG}, station: stack, cycle_factor: 1.1, at: 1h", "unknown key 'at'"),
        (f"{WRONG}, station: soak, mtbf_factor: 2", "station 'soak' has no failures."),
        ("kind: slow_repair, at: 0, station: soak, factor: 2", "has no failures that could be"),
        ("kind: worker_shortage, at: 0, pool: repare, missing: 1", "(nearest: 'repair')."),
        ("kind: worker_shortage, at: 0, pool: repair, missing: 3", "it has 2. Give 1 to 2."),
        ("kind: worker_shortage, at: 0, pool: repair, missing: 0", "must be at least 1."),
        ("kind: agv_battery_ageing, at: 0, fleet: amrs, capacity_factor: 0.5", "(nearest: 'amr')."),
        ("kind: agv_battery_ageing, at: 0, fleet: amr, capacity_factor: 0.5", "has no 'battery'"),
        ("kind: agv_battery_ageing, at: 0, fleet: amr", "changes nothing: both factors are 1."),
        ("kind: agv_battery_ageing, at: 0, fleet: amr, vehicle: amr_4, capacity_factor: 0.5",
         "fleet 'amr' has no vehicle 'amr_4' (nearest: 'amr_1')."),
        (f"{LANE}, network: ailse, node: a", "network 'ailse' does not exist (nearest: 'aisle')."),
        (f"{LANE}, network: aisle, node: e", "network 'aisle' has no node 'e'"),
        ("kind: lane_closed, at: 1h, network: aisle, node: a", "'until' is missing."),
    ],
)  # fmt: skip
def test_impossible_fault_is_named_with_its_line(bench, fault: str, message: str) -> None:
    found = problems(bench, fault)
    hit = [problem for problem in found if message in problem]
    assert hit, found
    assert ":4: " in hit[0]


def test_all_problems_are_told_at_once(bench) -> None:
    found = problems(bench, f"{WEAR}, station: soak", f"{WEAR}, station: tray_load")
    assert [problem.split("trial.yaml:")[1][0] for problem in found] == ["4", "5"]


def test_two_spreads_of_one_machine_at_a_time_are_refused(bench) -> None:
    one = f"{SPREAD}, station: stack, machine: stack_1"
    (problem,) = problems(bench, f"{SPREAD}, station: stack", one)
    assert "overlaps with another 'variance_growth' of station 'stack_1'." in problem
    (problem,) = problems(
        bench, f"{LANE}, network: aisle, node: a", f"{LANE}, network: aisle, node: a"
    )
    assert "overlaps with another 'lane_closed' of node 'a'." in problem


def test_spreads_of_two_machines_may_overlap(bench) -> None:
    bench.write(bench.text)
    body = "".join(f"  - {{{SPREAD}, station: stack, machine: stack_{k}}}\n" for k in (1, 2))
    made = load_scenario(bench.write(HEAD + body, "trial.yaml"))
    assert [fault.kind for fault in made.faults] == ["variance_growth"] * 2


def test_a_network_with_zones_cannot_be_closed(bench) -> None:
    zones = "    zones: {z: {nodes: [a], max_vehicles: 1}}\n    stops:\n      pick"
    bench.text = bench.text.replace("    stops:\n      pick", zones)
    (problem,) = problems(bench, f"{LANE}, network: aisle, node: b")
    assert "network 'aisle' has blocks or zones" in problem


@pytest.mark.parametrize(
    "given",
    [
        {"mean_s": 10, "cv": 0.1},
        {"mean_s": 10, "cv": 0.1, "kind": "gamma"},
        {"mean_s": 10, "cv": 0.1, "kind": "normal"},
        {"mean_s": 10, "cv": 0.1, "kind": "uniform"},
        {"mean_s": 10, "cv": 0.1, "kind": "triangular"},
        {"mean_s": 10, "cv": 0.1, "kind": "weibull"},
        {"mean_s": 10, "shape": 5, "kind": "weibull"},
        {"mean_s": 10, "kind": "exponential"},
        {"mean_s": 10, "k": 4, "kind": "erlang"},
        {"low_s": 8, "high_s": 12, "kind": "uniform"},
        {"low_s": 8, "mode_s": 9, "high_s": 12, "kind": "triangular"},
        {"low_s": 5, "high_s": 25, "mean_s": 10, "cv": 0.1, "kind": "beta"},
        {"low_s": 5, "high_s": 25, "alpha": 4, "beta": 9, "kind": "beta"},
        {"values_s": [8, 9, 13], "kind": "empirical"},
        {"values_s": [8, 9, 13], "weights": [1, 2, 1], "kind": "discrete"},
        {"values_s": [8, 9, 13], "kind": "trace", "mean_s": 20},
    ],
)
def test_a_wider_duration_has_the_same_mean_and_the_spread_asked_for(given) -> None:
    before = Duration.model_validate(given)
    after = widened(before, 1.5)
    assert after is not None
    again = Duration.model_validate({**after.model_dump(exclude_defaults=True)})
    assert again.mean_s == pytest.approx(before.mean_s)
    assert again.variation == pytest.approx(1.5 * before.variation)
    assert math.isfinite(again.scale)


@pytest.mark.parametrize(
    "given",
    [
        {"mean_s": 10, "kind": "constant"},
        {"mean_s": 10, "cv": 0.5, "kind": "uniform"},
        {"mean_s": 10, "cv": 0.9, "kind": "normal"},
        {"low_s": 1, "high_s": 19, "kind": "uniform"},
        {"values_s": [1, 19], "kind": "empirical"},
        {"low_s": 5, "high_s": 25, "mean_s": 10, "cv": 0.8, "kind": "beta"},
    ],
)
def test_a_duration_that_would_become_negative_has_no_wider_one(given, tmp_path: Path) -> None:
    assert widened(Duration.model_validate(given), 2.0) is None
