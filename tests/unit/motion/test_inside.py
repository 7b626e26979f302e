from __future__ import annotations

import numpy as np
import pytest

from twin.errors import CelltwinError
from twin.motion.inside import DOOR_S, GATE_S, inside_s, web_speed_mps
from twin.motion.motion import Motion
from twin.motion.track import Track, vehicle_tracks, worker_tracks
from twin.plant.place import Zone
from twin.run.run import Run


def worked_s(run: Run, machine: str, t_s: float) -> float:
    """Time a machine has worked before a moment, from its states."""
    rows = run.table("states", where=f"resource = '{machine}' AND state = 'working'")
    ends = np.minimum(rows["end_s"].to_numpy(float), t_s)
    return float(np.maximum(ends - rows["start_s"].to_numpy(float), 0).sum())


def test_web_runs_at_its_speed_while_its_machine_works(shift: Run, motion: Motion) -> None:
    station = shift.plant.stations["notch_cathode"]
    speed = web_speed_mps(station)
    assert speed == pytest.approx(1 / (station.mean_cycle_s * station.units_per_m))
    for t_s in np.random.default_rng(1).uniform(0, shift.horizon_s, 60).tolist():
        exact = speed * worked_s(shift, "notch_cathode", t_s)
        assert motion.web_travel_m("notch_cathode", t_s) == pytest.approx(exact, abs=1e-6)
    assert motion.web_travel_m("notch_cathode", shift.horizon_s) > 100


def test_discrete_machines_have_no_web(shift: Run, motion: Motion) -> None:
    assert web_speed_mps(shift.plant.stations["stack"]) == 0
    with pytest.raises(CelltwinError, match="no web machine 'stack_1'"):
        motion.web_travel_m("stack_1", 0.0)


def test_doors_are_shut_while_a_batch_is_inside(shift: Run, motion: Motion) -> None:
    batches = {m for s in shift.plant.stations.values() if s.kind == "batch" for m in s.machine_ids}
    rows = shift.table("states", ["resource", "state", "start_s", "end_s"])
    work = rows[rows["resource"].isin(batches) & (rows["state"] == "working")]
    assert len(work) > 10
    for row in work.itertuples():
        t = np.linspace(row.start_s, row.end_s - 1e-6, 7)
        assert (motion.door_share(row.resource, t) == 0).all(), row


def test_doors_are_open_while_the_machine_waits(shift: Run, motion: Motion) -> None:
    seen = 0
    for machine, line in motion.doors.items():
        rows = shift.table("states", where=f"resource = '{machine}'")
        rows = rows[rows["state"].isin(["starved", "waiting_worker", "setup"])]
        for row in rows.itertuples():
            first, last = row.start_s + DOOR_S, row.end_s - DOOR_S
            if row.start_s > 0 and last > first:
                seen += int(line.at((first + last) / 2) == 1)
    assert seen >= 1


def test_way_through_a_zone_is_clipped_at_its_sides() -> None:
    zone = Zone(id="z", kind="robot_cell", corner_m=(2, 0), size_m=(4, 2))
    xyz = np.array([[0.0, 1, 0], [10, 1, 0], [10, 9, 0], [3, 1, 0], [3, 1, 0]])
    track = Track(np.array([0.0, 10, 20, 30, 40]), xyz, np.zeros(5))
    (first, second) = inside_s(zone, track)
    assert first == pytest.approx((2.0, 6.0))
    # from (10, 9) to (3, 1): y = 2 at 7/8 of the way, where x = 3.875; then it stays
    assert second == pytest.approx((20 + 10 * 7 / 8, 40.0))


def test_way_beside_a_zone_is_not_inside() -> None:
    zone = Zone(id="z", kind="robot_cell", corner_m=(2, 0), size_m=(4, 2))
    track = Track(np.array([0.0, 10]), np.array([[0.0, 3, 0], [10, 3, 0]]), np.zeros(2))
    assert inside_s(zone, track) == []


def test_gates_are_open_while_someone_is_inside(shift: Run, motion: Motion) -> None:
    zones = {zone.id: zone for zone in shift.plant.zones}
    passed = 0
    people, vehicles = worker_tracks(shift).values(), vehicle_tracks(shift).values()
    for zone, line in motion.gates.items():
        for mover in (*people, *(vehicles if zones[zone].kind == "airlock" else ())):
            for start, end in inside_s(zones[zone], mover):
                t = np.linspace(start - GATE_S, end + GATE_S, 9)
                assert (line.at(t) == 1).all()
                passed += 1
    assert passed > 5
    assert any(line.at(shift.horizon_s / 2) == 0 for line in motion.gates.values())
