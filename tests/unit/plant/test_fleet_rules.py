"""Blocks, zones, batteries, breakdowns of vehicles, and timetables of transports."""

from __future__ import annotations

from typing import Any

import pytest

from twin.plant.blocks import max_on_lanes
from twin.plant.transport import RouteNetwork

LANES = "[[a, b, c, d, a]]"
LAW = "load_s: 30, unload_s: 30"
BATTERY = "battery: {runtime_h: 8, charge_h: 2"
BRING = "to: sheets, fleet: amr"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (LANES, f"{LANES}\n    blocks: {{w: {{nodes: [x]}}}}", "node 'x' does not exist"),
        (LANES, f"{LANES}\n    zones: {{w: {{nodes: [x], max_vehicles: 1}}}}", "node 'x' does not"),
        (
            LANES,
            f"{LANES}\n    blocks: {{v: {{nodes: [a]}}, w: {{nodes: [a, b]}}}}",
            "node 'a' is in 'v' already. A node belongs to one of the blocks at most.",
        ),
        (
            LANES,
            f"{LANES}\n    zones: {{w: {{nodes: [a, a], max_vehicles: 1}}}}",
            "node 'a' is in 'w' already. A node belongs to one of the zones at most.",
        ),
        (
            LANES,
            f"{LANES}\n    blocks: {{w: {{nodes: [a, c, b], allow: one_direction}}}}",
            "lanes join 'a' and 'b', which are not next to each other in 'nodes'.",
        ),
        (LANES, f"{LANES}\n    zones: {{w: {{nodes: [a], max_vehicles: 0}}}}", "max_vehicles"),
        (
            "park: {node: d, position_m: [3, 8]}",
            "park: {node: d, position_m: [3, 8], place: sheets}",
            "home 'park' is the stop of place 'sheets': a parked vehicle bars it.",
        ),
        (
            LAW,
            f"{LAW}, {BATTERY}, charge_below: 0.9}}",
            "'charge_below' is 0.9, not less than 'charge_to' (0.9).",
        ),
        (
            LAW,
            f"{LAW}, {BATTERY}, charge_after_trips: 3}}",
            "'charge_after_trips' is for 'charge_when: after_trips', this is 'below'.",
        ),
        (
            LAW,
            f"{LAW}, {BATTERY}, charge_when: after_trips, charge_after: 3}}",
            "'charge_after' is for 'charge_when: after_time', this is 'after_trips'.",
        ),
        (
            LAW,
            f"{LAW}, breakdown: {{mtbf_h: 9, mttr_h: 1, unit: scrap}}",
            "a vehicle has no unit in work: what it carries stays on it. Remove 'unit'.",
        ),
        (
            LAW,
            f"{LAW}, breakdown: {{mtbf_h: 9, mttr_h: 1, crew: operators}}",
            "'breakdown.crew' names 'operators', whose kind is 'operator', not 'repair'.",
        ),
        (LAW, f"{LAW}, breakdown: {{mtbf_h: 9, mttr_h: 1, crew: x}}", "pool 'x' does not exist"),
        (BRING, f"{BRING}, max_wait: 60, min_lots: 2", "'min_lots' is 2, more than 'lots' (1)."),
        (
            BRING,
            f"{BRING}, min_lots: 1",
            "'min_lots' is for trips that start after 'max_wait', which is missing.",
        ),
        (BRING, f"{BRING}, period: 0", "'period' must be greater than 0."),
        (
            BRING,
            f"{BRING}, period: 60, max_wait: 60",
            "has 'period' and 'max_wait': trips of a timetable do not wait for lots.",
        ),
    ],
)
def test_what_does_not_fit_is_named(bench: Any, old: str, new: str, message: str) -> None:
    problems = bench.after(old, new)
    assert any(message in problem for problem in problems), problems


@pytest.mark.parametrize("allow", ["one_vehicle", "one_direction"])
def test_opposite_lanes_are_legal_where_a_block_holds_one_end(bench: Any, allow: str) -> None:
    text = bench.changed(
        LANES, f"[[a, b, c, d, a], [a, d]]\n    blocks: {{w: {{nodes: [d], allow: {allow}}}}}"
    )
    bench.load(text)
    (problem,) = bench.problems(text.replace("nodes: [d]", "nodes: [b]"))
    assert "straight back" in problem
    assert "put one of the two nodes into a block" in problem


def two_halls(n_left: int, n_right: int, *, zones: dict[str, Any] | None = None) -> RouteNetwork:
    """Return two loops of lanes joined by a corridor of two nodes that is driven both ways."""
    left = [f"l{k}" for k in range(n_left)]
    right = [f"r{k}" for k in range(n_right)]
    nodes = {name: (float(k), 0.0) for k, name in enumerate([*left, *right, "c1", "c2"])}
    return RouteNetwork.model_validate(
        {
            "id": "halls",
            "nodes": nodes,
            "lanes": [left, right, [left[-1], "c1", "c2", right[0]],
                      [right[-1], "c2", "c1", left[0]]],
            "stops": {},
            "blocks": {"corridor": {"nodes": ["c1", "c2"]}},
            "zones": zones or {},
        }
    )  # fmt: skip


def test_lanes_hold_one_vehicle_less_than_both_loops() -> None:
    """The ring that could wait for ever: out of the corridor, round a hall and back, twice."""
    assert max_on_lanes(two_halls(3, 4)) == 3 + 4 - 1
    assert max_on_lanes(two_halls(2, 2)) == 3


def test_zones_beside_a_passage_lower_the_limit() -> None:
    zones = {"z": {"nodes": ["l0", "l1"], "max_vehicles": 2}}
    assert max_on_lanes(two_halls(3, 4, zones=zones)) == 2


def test_a_dead_end_needs_no_limit() -> None:
    network = RouteNetwork.model_validate(
        {
            "id": "spur",
            "nodes": {"a": (0, 0), "b": (1, 0), "c": (0, 1), "s": (5, 5)},
            "lanes": [["a", "b", "c", "a"], ["a", "s", "a"]],
            "stops": {},
            "blocks": {"spur": {"nodes": ["s"]}},
        }
    )
    assert max_on_lanes(network) is None


def test_a_one_way_passage_needs_no_limit() -> None:
    ring = {"a": (0, 0), "b": (1, 0), "c": (0, 1)}
    network = RouteNetwork.model_validate(
        {"id": "ring", "nodes": ring, "lanes": [["a", "b", "c", "a"]], "stops": {},
         "blocks": {"crossing": {"nodes": ["b"]}}}
    )  # fmt: skip
    assert max_on_lanes(network) is None
