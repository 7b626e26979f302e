"""Vehicles in a closed loop: exactly by hand, and against exact mean-value analysis.

By hand: a ring of lanes 1 m/s, 0.5 m/s2 (a leg of L >= 2 m from rest to rest takes L + 2 s, a
right angle 1 s).  A stop has room for one vehicle, so one stop for
loading paces the whole loop.

Mean-value analysis (Reiser and Lavenberg, JACM 27, 1980): in a closed network of exponential
single servers (and delays) the time at server `i` with `n` customers is
``R_i(n) = S_i (1 + Q_i(n - 1))``, the throughput ``X(n) = n / (Z + sum R_i(n))`` and
``Q_i(n) = X(n) R_i(n)``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import buffer, scenario, sink, source, station, tiny_plant
from tests.support.statistics import batch_means, ratio
from twin.run.run import Run

LOAD_S, UNLOAD_S = 30.0, 20.0


def loop(folder: Path, n: int, *, horizon_s: float, along_m: tuple[float, ...] = (),
         fault: dict[str, Any] | None = None, **more: Any) -> Run:  # fmt: skip
    """A rectangle 40 m x 20 m: loading at a corner, unloading at the opposite one.

    `along_m`: where nodes lie between the first two corners.
    """
    nodes = {"n1": [0, 0], "n2": [40, 0], "n3": [40, 20], "n4": [0, 20]}
    between = {f"m{k}": [x, 0] for k, x in enumerate(along_m, 1)}
    nodes |= between
    stops: dict[str, Any] = {
        "pick": {"node": "n1", "position_m": [-2, 0], "place": "a"},
        "drop": {"node": "n3", "position_m": [42, 20], "place": "out"},
    }
    homes = [f"home_{k}" for k in range(n)]
    for k, home in enumerate(homes):
        stops[home] = {"node": "n4", "position_m": [-2.0 - k, 20]}
    plant = tiny_plant(
        [],
        buffers=[buffer("a", capacity=50)],
        sources=[source("src", "a")],
        networks=[{"id": "roads", "nodes": nodes, "stops": stops,
                   "lanes": [["n1", *between, "n2", "n3", "n4", "n1"]]}],
        fleets=[{"id": "agv", "network": "roads", "homes": homes, "size_m": [1, 1, 1],
                 "speed_loaded_mps": 1.0, "speed_empty_mps": 1.0, "acceleration_mps2": 0.5,
                 "turn_dps": 90.0, "load_s": LOAD_S, "unload_s": UNLOAD_S, **more}],
        transports=[{"id": "t", "from": "a", "to": "out", "fleet": "agv"}],
    )  # fmt: skip
    return simulate(scenario(plant, horizon_s, faults=[fault] if fault else []), folder)


def shipped_s(run: Run) -> np.ndarray:
    rows = run.table("units", where="event = 'shipped'")
    return np.sort(rows["time_s"].to_numpy())


def test_one_vehicle_alone(tmp_path: Path) -> None:
    """Pick -> drop: turn 2 + start 3 (2 m to 1 m/s) + 41 (40 m, braking) + turn 1 + 22 (20 m)
    + turn 1 + 4 (2 m) = 74 s; drop -> pick the same by symmetry; 30 s and 20 s of handling.
    """
    times = shipped_s(loop(tmp_path / "r", 1, horizon_s=4000.0))
    np.testing.assert_allclose(np.diff(times), 2 * 74.0 + LOAD_S + UNLOAD_S, atol=1e-9)


def test_a_crowded_loop_is_paced_by_the_loading_stop(tmp_path: Path) -> None:
    """Two vehicles take turns, though there are six: the stop has room for one.

    It becomes free when the last vehicle has reached n1 (time 0).  The nearest free vehicle is the
    one that unloaded last, 30 m before n4 and bound for its home 3 m behind: there at 34 s; back at
    n4 after a turn of 2 s and 5 s of driving, at 41 s; n1 1 + 22 s, at 64 s; the stop 1 + 4 s, at
    69 s; loaded at 99 s; at n1 after 2 + 3 s, at 104 s.  The other one has its home 2 m behind n4,
    is back 1 s + 1 s sooner, and waits 2 s until the one before has left for n3: 104 s as well.
    """
    times = shipped_s(loop(tmp_path / "r", 6, horizon_s=8000.0))
    np.testing.assert_allclose(np.diff(times)[len(times) // 2 :], 104.0, atol=1e-6)


def mva(n: int, delay_s: float, servers_s: list[float]) -> float:
    """Return the throughput of a closed network of exponential servers and one delay."""
    queue = np.zeros(len(servers_s))
    service = np.array(servers_s)
    throughput = 0.0
    for k in range(1, n + 1):
        times = service * (1 + queue)
        throughput = k / (delay_s + times.sum())
        queue = throughput * times
    return throughput


def test_mva_of_balanced_servers_is_known() -> None:
    """N customers at M equal servers: N / (S (N + M - 1))."""
    assert mva(5, 0.0, [2.0] * 3) == pytest.approx(5 / (2.0 * 7))


def handling_loop(
    folder: Path,
    n: int,
    *,
    picks: int,
    drops: int,
    horizon_s: float,
    load_s: float,
    unload_s: float,
) -> tuple[float, float]:
    """`n` vehicles of exponential handling times that drive in no time: s between deliveries."""
    spots = [("pick", k, "a") for k in range(picks)] + [("drop", k, "out") for k in range(drops)]
    stops: dict[str, Any] = {
        f"{kind}_{k}": {"node": "u", "position_m": [-1.0 - k, x], "place": place}
        for x, (kind, k, place) in enumerate(spots)
    }
    stops |= {f"home_{k}": {"node": "v", "position_m": [10.0, -1.0 - k]} for k in range(n)}
    plant = tiny_plant(
        [],
        buffers=[buffer("a", capacity=50)],
        sources=[source("src", "a")],
        networks=[{"id": "roads", "nodes": {"u": [0, 0], "v": [10, 0], "w": [5, 5]},
                   "lanes": [["u", "v", "w", "u"]], "stops": stops}],
        fleets=[{"id": "agv", "network": "roads", "homes": [f"home_{k}" for k in range(n)],
                 "size_m": [1, 1, 1], "speed_loaded_mps": 1e7, "speed_empty_mps": 1e7,
                 "acceleration_mps2": 1e13, "turn_dps": 1e9, "load_s": load_s,
                 "unload_s": unload_s, "handling_cv": 1.0}],
        transports=[{"id": "t", "from": "a", "to": "out", "fleet": "agv"}],
    )  # fmt: skip
    run = simulate(scenario(plant, horizon_s, seed=3), folder)
    return batch_means(np.diff(shipped_s(run))[200:])


@pytest.mark.parametrize("n", [1, 2, 4, 7])
@pytest.mark.parametrize("server", ["load", "unload"])
def test_a_loop_with_one_server_is_that_of_mean_value_analysis(
    n: int, server: str, tmp_path: Path
) -> None:
    """One stop serves the vehicles in turn; at the other end everybody has a stop of its own.

    So one end is a single exponential server and the other a delay: product form.
    """
    load_s, unload_s = (6.0, 14.0) if server == "load" else (14.0, 6.0)
    expected_s = 1 / mva(n, 14.0, [6.0])
    seen_s, half_width_s = handling_loop(
        tmp_path / "r", n, picks=1 if server == "load" else n,
        drops=n if server == "load" else 1, horizon_s=60_000.0, load_s=load_s, unload_s=unload_s,
    )  # fmt: skip
    assert half_width_s < 0.05 * expected_s
    assert abs(seen_s - expected_s) <= half_width_s


def test_a_loop_without_stops_to_spare_blocks_like_a_line_without_buffers(tmp_path: Path) -> None:
    """One stop at either end and vehicles enough: a loaded vehicle waits where it was loaded.

    Two exponential servers with blocking after service and no buffer: 3/2 of the mean service time.
    """
    seen_s, half_width_s = handling_loop(
        tmp_path / "r", 5, picks=1, drops=1, horizon_s=60_000.0, load_s=6.0, unload_s=6.0
    )
    assert half_width_s < 0.04 * 9.0
    assert abs(seen_s - 9.0) <= half_width_s


def figure_eight(folder: Path, vehicles: dict[str, int], horizon_s: float) -> Run:
    """Squares of 10 m in the east and west that share the node x, with a fleet on either.

    A fleet loads at the node behind x and unloads at the next; it has stops enough for all.
    """
    corners = {"e": [(10, 0), (10, 10), (0, 10)], "w": [(-10, 0), (-10, -10), (0, -10)]}
    nodes: dict[str, Any] = {"x": [0, 0]}
    stops: dict[str, Any] = {}
    for side, points in corners.items():
        nodes |= {f"{side}{k}": list(point) for k, point in enumerate(points)}
        out = 2 if side == "e" else -2
        for k in range(vehicles[side]):
            for kind, node, place in (("pick", 0, f"{side}_in"), ("drop", 1, f"{side}_out"),
                                      ("home", 1, None)):  # fmt: skip
                x, y = points[node]
                stops[f"{kind}_{side}{k}"] = {"node": f"{side}{node}", "place": place,
                                              "position_m": [x + out, y]}  # fmt: skip
    law = {
        "network": "roads",
        "size_m": [1, 1, 1],
        "speed_loaded_mps": 1.0,
        "load_s": 5.0,
        "speed_empty_mps": 1.0,
        "acceleration_mps2": 0.5,
        "turn_dps": 90.0,
        "unload_s": 5.0,
    }
    plant = tiny_plant(
        [],
        buffers=[buffer(f"{side}_in", capacity=50) for side in corners],
        sources=[source(f"src_{side}", f"{side}_in") for side in corners],
        networks=[{"id": "roads", "nodes": nodes, "stops": stops,
                   "lanes": [["x", "e0", "e1", "e2", "x"], ["x", "w0", "w1", "w2", "x"]]}],
        fleets=[{"id": side, "homes": [f"home_{side}{k}" for k in range(vehicles[side])], **law}
                for side in corners],
        transports=[{"id": f"t_{side}", "from": f"{side}_in", "to": f"{side}_out", "fleet": side}
                    for side in corners],
        sinks=[sink(f"{side}_out") for side in corners],
    )  # fmt: skip
    return simulate(scenario(plant, horizon_s), folder)


def test_a_crossing_passes_one_vehicle_at_a_time(tmp_path: Path) -> None:
    """What a crossing can do, from the two sides in turn: one vehicle in 25 s.

    A vehicle that waits before x claims it, turns (1 s), drives 10 m from rest to rest (12 s),
    turns (1 s), and drives 10 m from rest to full speed (11 s), for the stop is straight on; then
    it gives x back.
    """
    run = figure_eight(tmp_path / "r", {"e": 2, "w": 2}, 20_000.0)
    rows = run.table("moves", where="origin = 'x'").sort_values("end_s")
    gaps = np.diff(rows["end_s"].to_numpy())[50:]
    np.testing.assert_allclose(gaps, 25.0, atol=1e-6)
    sides = rows["mover"].astype(str).str[0].to_numpy()[50:]
    assert (sides[1:] != sides[:-1]).all()
    assert len(shipped_s(run)) == pytest.approx(20_000.0 / 25.0, rel=0.02)


def standing_fleet(folder: Path, n: int, breakdown: dict[str, Any], *, horizon_s: float) -> Run:
    """`n` vehicles without work, which fail by the calendar, and one very fast walker to repair."""
    plant = tiny_plant(
        [station("s", take="in", put="out", cycle=1e9)],
        buffers=[buffer("in")],
        sources=[source("src", "in")],
        networks=[{"id": "roads", "nodes": {"u": [0, 0], "v": [30, 0], "w": [15, 30]},
                   "lanes": [["u", "v", "w", "u"]],
                   "stops": {f"h{k}": {"node": "w", "position_m": [k, 33]} for k in range(n)}}],
        fleets=[{"id": "agv", "network": "roads", "homes": [f"h{k}" for k in range(n)],
                 "size_m": [1, 1, 1], "speed_loaded_mps": 1.0, "speed_empty_mps": 1.0,
                 "acceleration_mps2": 0.5, "load_s": 5.0, "unload_s": 5.0,
                 "breakdown": {"clock": "calendar", **breakdown}}],
        shifts=[{"id": "day", "start": "00:00", "hours": 24}],
        pools=[{"id": "crew", "kind": "repair", "home_m": [1, 1], "staff": {"day": 1},
                "walk_mps": 1e12}],
    )  # fmt: skip
    return simulate(scenario(plant, horizon_s), folder)


@pytest.mark.parametrize("n", [1, 4, 8])
def test_repair_queue_of_vehicles_is_that_of_mean_value_analysis(n: int, tmp_path: Path) -> None:
    """Vehicles are customers, being up is a delay of the MTBF, the crew is the server.

    Repairs are exponential; their number per hour is the throughput of the closed network.
    """
    mtbf_s, mttr_s, horizon_s = 36.0, 7.2, 4e4
    run = standing_fleet(
        tmp_path / "r", n, {"mtbf_h": mtbf_s / 3600, "mttr_h": mttr_s / 3600, "crew": "crew"},
        horizon_s=horizon_s,
    )  # fmt: skip
    closed = np.sort(run.table("alarms")["closed_s"].to_numpy())
    gap_s, half_width_s = batch_means(np.diff(closed))
    assert half_width_s < 0.12 * gap_s
    assert abs(gap_s - 1 / mva(n, mtbf_s, [mttr_s])) <= half_width_s
    states = run.table("states", where="kind = 'agv'")
    length = states["end_s"] - states["start_s"]
    up = float(length[states["state"] == "idle"].sum()) / (n * horizon_s)
    assert up == pytest.approx(mtbf_s / gap_s / n, rel=0.05)


def test_availability_without_a_crew(tmp_path: Path) -> None:
    """MTBF / (MTBF + MTTR): vehicles do not wait for each other to be repaired."""
    run = standing_fleet(tmp_path / "r", 4, {"mtbf_h": 0.01, "mttr_h": 0.0025}, horizon_s=4e4)
    rows = run.table("states", where="kind = 'agv'").sort_values(["resource", "start_s"])
    length = (rows["end_s"] - rows["start_s"]).to_numpy()
    up, down = (length[(rows["state"] == s).to_numpy()] for s in ("idle", "down"))
    n = min(len(up), len(down))
    share, half_width = ratio(up[:n], up[:n] + down[:n])
    assert half_width < 0.02
    assert abs(share - 0.8) <= half_width


def test_operating_clock_ages_a_vehicle_by_what_it_does(tmp_path: Path) -> None:
    """One failure for each MTBF of driving, loading and unloading; none while it waits or parks."""
    mtbf_h = 0.1
    run = loop(tmp_path / "r", 3, horizon_s=200_000.0, breakdown={"mtbf_h": mtbf_h, "mttr_h": 0.02})
    rows = run.table("states", where="kind = 'agv'")
    length = rows["end_s"] - rows["start_s"]
    at_work = rows["state"].isin(["driving", "loaded", "loading", "unloading"])
    expected = float(length[at_work].sum()) / (mtbf_h * 3600)
    failures = run.manifest.rows["alarms"]
    assert expected > 500
    assert abs(failures - expected) < 2.6 * np.sqrt(expected)
    assert set(run.table("alarms")["code"]) == {"breakdown"}


def test_a_forced_breakdown_delays_everything_behind_by_its_length(tmp_path: Path) -> None:
    """The only vehicle breaks down once: from then on every delivery is late by the repair."""
    healthy = shipped_s(loop(tmp_path / "a", 1, horizon_s=3000.0))
    model = Run.open(tmp_path / "a").plant
    fault = {"kind": "breakdown", "at": 500.0, "machine": "agv_1", "repair": 77.0}
    broken = simulate(scenario(model, 3000.0, faults=[fault]), tmp_path / "b")
    late = shipped_s(broken)
    n = len(late)
    delay = late - healthy[:n]
    assert set(np.round(delay, 9)) == {0.0, 77.0}
    assert (np.diff(delay) >= 0).all()
    (alarm,) = broken.table("alarms").to_dict("records")
    assert (alarm["resource"], alarm["code"], alarm["cause"]) == ("agv_1", "breakdown", "scenario")
    assert alarm["closed_s"] - alarm["raised_s"] == pytest.approx(77.0)
    assert 500.0 <= alarm["raised_s"] < 542.0, "it first ends its leg, or its loading"


ALONG_M = (10.0, 20.0, 30.0)


def laden_leg_s(run: Run, origin: str) -> float:
    """When the first laden vehicle begins its leg from a node."""
    moves = run.table("moves", where=f"purpose = 'deliver' AND origin = '{origin}'")
    return float(moves["start_s"].min())


def down_s(run: Run) -> list[tuple[float, float]]:
    rows = run.table("states", where="state = 'down'")
    return [(float(a), float(b)) for a, b in zip(rows["start_s"], rows["end_s"], strict=True)]


def test_a_failure_on_a_straight_way_stops_at_the_next_node_where_it_can_brake(
    tmp_path: Path,
) -> None:
    """Lanes of 10 m at 1 m/s, driven through. It fails 4 s after the node at 10 m.

    It has claimed the node at 30 m when it comes to that at 20 m, brakes on the way there (10 s
    and 11 s), is down for 50 s, and needs 12 s instead of 11 s to the corner: 1 + 1 s late each.
    """
    healthy = loop(tmp_path / "a", 1, horizon_s=600.0, along_m=ALONG_M)
    begun_s = laden_leg_s(healthy, "m1")
    fault = {"kind": "breakdown", "at": begun_s + 4.0, "machine": "agv_1", "repair": 50.0}
    broken = loop(tmp_path / "b", 1, horizon_s=600.0, along_m=ALONG_M, fault=fault)
    stopped_s = begun_s + 10.0 + 11.0
    assert down_s(broken) == [(pytest.approx(stopped_s), pytest.approx(stopped_s + 50.0))]
    late_s = shipped_s(broken)[0] - shipped_s(healthy)[0]
    assert late_s == pytest.approx(50.0 + 2.0)


def test_a_vehicle_stops_at_the_end_of_the_leg_in_which_its_clock_runs_out(tmp_path: Path) -> None:
    """By operating time the leg is known beforehand: it is braked at its end, 20 m along."""
    healthy = loop(tmp_path / "a", 1, horizon_s=600.0, along_m=ALONG_M)
    begun_s = laden_leg_s(healthy, "m1")
    rows = healthy.table("states", where=f"resource = 'agv_1' AND start_s < {begun_s}")
    idle = rows["state"].isin(["idle", "waiting_traffic"])
    idle_s = float((rows["end_s"].clip(upper=begun_s) - rows["start_s"])[idle].sum())
    failing = {"time_to_failure": {"kind": "constant", "mean_s": begun_s - idle_s + 4.0},
               "time_to_repair": {"kind": "constant", "mean_s": 50.0}}  # fmt: skip
    broken = loop(tmp_path / "b", 1, horizon_s=begun_s + 90.0, along_m=ALONG_M, breakdown=failing)
    assert down_s(broken)[0][0] == pytest.approx(begun_s + 11.0)
