"""Motion of vehicles and capacity of nodes and blocks, by hand.

Trapezoid: from ``v0`` to ``v1`` over `L` m with acceleration `a` and at most `v` m/s takes
``(2 v - v0 - v1) / a + (L - (2 v^2 - v0^2 - v1^2) / (2 a)) / v`` s where `v` is reached, else
``(2 sqrt(a L + (v0^2 + v1^2) / 2) - v0 - v1) / a`` s (integrate constant acceleration).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.support.traffic import fleet_plant, running
from twin.motion.vehicle import leg_time_s, turn_time_s


@pytest.mark.parametrize(
    ("length_m", "v_in", "v_out", "expected_s"),
    [
        (10.0, 0.0, 0.0, 12.0),  # 2 s up over 1 m, 2 s down over 1 m, 8 m at 1 m/s
        (2.0, 0.0, 0.0, 4.0),  # reaches 1 m/s just so
        (0.5, 0.0, 0.0, 2.0),  # triangle: 1 s up to 0.5 m/s, 1 s down
        (10.0, 1.0, 0.0, 11.0),  # rolling in: 9 m at 1 m/s, 2 s down
        (10.0, 0.0, 1.0, 11.0),
        (10.0, 1.0, 1.0, 10.0),
        (1.0, 1.0, 0.0, 2.0),  # just the way to brake
    ],
)
def test_trapezoid(length_m: float, v_in: float, v_out: float, expected_s: float) -> None:
    assert leg_time_s(length_m, v_in, v_out, 1.0, 0.5) == pytest.approx(expected_s, abs=1e-12)


def test_turns_take_the_short_way_round() -> None:
    assert turn_time_s(270.0, 45.0) == pytest.approx(2.0)
    assert turn_time_s(-180.0, 45.0) == pytest.approx(4.0)


def cross(n: int, *, zone: bool = False, **fleet: Any) -> Any:
    """Two straight lanes of 40 m that cross in the middle, each closed by a far way round."""
    nodes = {"w": [-20, 0], "x": [0, 0], "e": [20, 0], "s": [0, -20], "n": [0, 20],
             "ne": [20, 20], "sw": [-20, -20]}  # fmt: skip
    stops: dict[str, Any] = {}
    for k in range(n):
        stops[f"a{k}"] = {"node": "w", "position_m": [-22, -1.0 - k], "place": "a"}
        stops[f"b{k}"] = {"node": "s", "position_m": [-1.0 - k, -22], "place": "b"}
        stops[f"oe{k}"] = {"node": "e", "position_m": [22, -1.0 - k], "place": "out"}
        stops[f"h{k}"] = {"node": "ne", "position_m": [22, 21.0 + k]}
        stops[f"i{k}"] = {"node": "ne", "position_m": [24, 21.0 + k]}
    network = {
        "nodes": nodes, "stops": stops,
        "lanes": [["w", "x", "e", "ne", "n"], ["s", "x", "n", "sw", "w"], ["sw", "s"],
                  ["ne", "sw"]],
        "zones": {"z": {"nodes": ["w", "x", "s", "e"], "max_vehicles": 1}} if zone else {},
    }  # fmt: skip
    return fleet_plant(
        network, [f"h{k}" for k in range(n)] + [f"i{k}" for k in range(n)],
        {"a": 30, "b": 30}, [{"from": "a", "to": "out"}, {"from": "b", "to": "out"}],
        load_s=0.0, unload_s=0.0, speed_empty_mps=1.0, turn_dps=1e12, **fleet,
    )  # fmt: skip


def arrivals_s(moves: dict[str, np.ndarray], node: str) -> np.ndarray:
    return np.sort(moves["end_s"][moves["target"] == node])


def test_a_crossing_lets_one_through_in_the_time_of_two_legs() -> None:
    """A node is free again when the vehicle has arrived at the next one, 20 m ahead: after 20 s
    rolling, 22 s from rest to rest.  Only then the next one begins its leg of 20 m to the crossing.

    So vehicles arrive there at least 40 s apart; the closest two take less than 10 s more.
    """
    with running(cross(4)) as run:
        run.run_until_shipped(60, limit_s=50_000.0)
        gaps = np.diff(arrivals_s(run.moves(), "x"))
    assert 40.0 - 1e-9 <= gaps.min() <= 50.0


def inside_spans(moves: dict[str, np.ndarray], inside: set[str]) -> list[tuple[float, float, str]]:
    """Return from arriving in a set of nodes to being out of it again, by vehicle.

    When a ring turns, one may be on its way into a full zone while another is on its way out.
    """
    spans = []
    for mover in dict.fromkeys(moves["mover"]):
        rows = np.flatnonzero(moves["mover"] == mover)
        for k in rows[np.argsort(moves["start_s"][rows], kind="stable")]:
            was, will = moves["origin"][k] in inside, moves["target"][k] in inside
            if will and not was:
                begin_s = moves["end_s"][k]
            elif was and not will:
                spans.append((begin_s, moves["end_s"][k], str(mover)))
    return sorted(spans)


def test_a_zone_of_one_serialises_all_its_nodes() -> None:
    together = {}
    for zone in (False, True):
        with running(cross(4, zone=zone)) as run:
            run.run_until_shipped(60, limit_s=100_000.0)
            spans = inside_spans(run.moves(), {"w", "x", "s", "e"})
        together[zone] = sum(b[0] < a[1] - 1e-9 for a, b in pairwise(spans))
        assert len(spans) > 100
    assert together[False] > 50
    assert together[True] == 0


def corridor(allow: str, n: int) -> Any:
    """A dead end of 30 m, driven both ways: nodes p (outside), c1, c2 (10 and 20 m further in)."""
    stops: dict[str, Any] = {}
    for k in range(n):
        stops[f"in{k}"] = {"node": "c2", "position_m": [30, 1.0 + k], "place": "a"}
        stops[f"out{k}"] = {"node": "q", "position_m": [-10, -2.0 - k], "place": "out"}
        stops[f"h{k}"] = {"node": "r", "position_m": [-20, -2.0 - k]}
    network = {
        "nodes": {"p": [0, 0], "c1": [10, 0], "c2": [20, 0], "q": [-10, 0], "r": [-20, 0],
                  "t": [-10, 20]},
        "lanes": [["p", "c1", "c2"], ["c2", "c1", "p"], ["p", "q", "r", "t", "p"]],
        "stops": stops,
        "blocks": {"spur": {"nodes": ["c1", "c2"], "allow": allow}},
    }  # fmt: skip
    return fleet_plant(
        network, [f"h{k}" for k in range(n)], {"a": 20}, [{"from": "a", "to": "out"}],
        load_s=0.0, unload_s=0.0, speed_empty_mps=1.0, turn_dps=1e12,
    )  # fmt: skip


@pytest.mark.parametrize("allow", ["one_vehicle", "one_direction"])
def test_a_dead_end_holds_one_way_at_a_time(allow: str) -> None:
    """Nobody drives in while somebody drives out: intervals from p and back never overlap."""
    with running(corridor(allow, 4)) as run:
        run.run_until_shipped(20, limit_s=20_000.0, step_s=2.0)
        moves = run.moves()
    spans: dict[str, list[tuple[float, float]]] = {"in": [], "out": []}
    for mover in dict.fromkeys(moves["mover"]):
        rows = np.flatnonzero(moves["mover"] == mover)
        rows = rows[np.argsort(moves["start_s"][rows], kind="stable")]
        for k in rows:
            if (moves["origin"][k], moves["target"][k]) == ("p", "c1"):
                begin_s = moves["start_s"][k]
            elif str(moves["target"][k]).startswith("in"):
                spans["in"].append((begin_s, moves["end_s"][k]))
            elif str(moves["origin"][k]).startswith("in"):
                begin_s = moves["start_s"][k]
            elif (moves["origin"][k], moves["target"][k]) == ("c1", "p"):
                spans["out"].append((begin_s, moves["end_s"][k]))
    assert len(spans["out"]) == 20
    for start, end in spans["in"]:
        assert all(end <= a + 1e-9 or b <= start + 1e-9 for a, b in spans["out"])
    together = [
        (one, other) for one in spans["in"] for other in spans["in"]
        if one[0] < other[0] < one[1] - 1e-9
    ]  # fmt: skip
    if allow == "one_vehicle":
        assert not together


def test_a_dead_end_by_hand() -> None:
    """From the stop to c2: sqrt(101) m from rest to rest.  There it turns, and drives straight
    through c1 and p to q: 10 m from rest, 10 m at full speed, 10 m to rest: 11 + 10 + 11 s.
    """
    with running(corridor("one_vehicle", 1)) as run:
        run.run_until_shipped(20, limit_s=20_000.0)
        moves = run.moves()
    left_s = moves["start_s"][moves["origin"] == "in0"]
    at_q_s = moves["end_s"][(moves["target"] == "q") & (moves["purpose"] == "deliver")]
    np.testing.assert_allclose(at_q_s - left_s, (np.sqrt(101) + 2) + 11 + 10 + 11, atol=1e-6)
