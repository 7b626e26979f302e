"""Legs in the log of a real run: they join, take the time of their law, and keep to limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from twin.motion.leg import LEG_COLUMNS, mover_homes, waiting_m
from twin.motion.motion import Motion
from twin.motion.vehicle import crane_time_s, leg_time_s
from twin.run.run import Run

START = ["from_x_m", "from_y_m", "from_z_m"]
END = ["to_x_m", "to_y_m", "to_z_m"]


def rows(run: Run, kind: str) -> pd.DataFrame:
    found = run.table("moves", LEG_COLUMNS)
    return found[found["kind"] == kind].sort_values(["mover", "start_s"], kind="stable")


@pytest.mark.parametrize(("kind", "least"), [("agv", 200), ("crane", 50), ("worker", 15)])
def test_legs_of_a_mover_join_in_space_and_time(shift: Run, kind: str, least: int) -> None:
    found = rows(shift, kind)
    assert len(found) > least
    homes = mover_homes(shift.plant)
    for mover, own in found.groupby("mover", observed=True):
        start, end = own[START].to_numpy(float), own[END].to_numpy(float)
        np.testing.assert_allclose(start[0], homes[str(mover)], atol=1e-9)
        np.testing.assert_allclose(start[1:], end[:-1], atol=1e-9)
        assert (own["start_s"].to_numpy()[1:] >= own["end_s"].to_numpy()[:-1] - 1e-9).all()


def test_vehicle_legs_join_in_speed(shift: Run) -> None:
    for _, own in rows(shift, "agv").groupby("mover", observed=True):
        v_in, v_out = own["v_in_mps"].to_numpy(), own["v_out_mps"].to_numpy()
        wait_s = own["start_s"].to_numpy()[1:] - own["end_s"].to_numpy()[:-1]
        assert v_in[0] == 0
        assert (v_in[1:] == v_out[:-1]).all()
        assert (wait_s[v_in[1:] > 0] < 1e-6).all()
        assert (own["turn_s"].to_numpy()[v_in > 0] == 0).all()


def test_vehicle_legs_take_the_time_of_their_law(shift: Run) -> None:
    fleet = shift.plant.fleets[0]
    for leg in rows(shift, "agv").itertuples():
        length = np.hypot(leg.to_x_m - leg.from_x_m, leg.to_y_m - leg.from_y_m)
        law_s = leg_time_s(
            length, leg.v_in_mps, leg.v_out_mps, leg.v_max_mps, fleet.acceleration_mps2
        )
        assert leg.start_s + leg.turn_s + law_s == pytest.approx(leg.end_s, abs=1e-3)


def test_vehicles_keep_to_the_speed_of_their_load(shift: Run) -> None:
    fleet = shift.plant.fleets[0]
    legs = rows(shift, "agv")
    allowed = np.where(legs["load"] > 0, fleet.speed_loaded_mps, fleet.speed_empty_mps)
    assert (legs["v_max_mps"] == allowed).all()
    assert set(legs["load"] > 0) == {True, False}


def test_crane_legs_take_the_time_of_their_law(shift: Run) -> None:
    crane = shift.plant.cranes[0]
    for leg in rows(shift, "crane").itertuples():
        law_s = crane_time_s(
            np.hypot(leg.to_x_m - leg.from_x_m, leg.to_y_m - leg.from_y_m),
            leg.to_z_m - leg.from_z_m,
            v_along=crane.speed_mps,
            a_along=crane.acceleration_mps2,
            v_lift=crane.lift_mps,
            a_lift=crane.lift_acceleration_mps2,
        )
        assert leg.start_s + law_s == pytest.approx(leg.end_s, abs=1e-3)


def test_crane_stays_on_its_rail_and_below_its_height(shift: Run, motion: Motion) -> None:
    crane = shift.plant.cranes[0]
    (x0, y0), (_, y1) = crane.rail_m
    at = motion.crane_pose(crane.id, np.linspace(0, shift.horizon_s, 5001))
    assert (at[:, 0] == x0).all()
    assert at[:, 1].min() >= min(y0, y1)
    assert at[:, 1].max() <= max(y0, y1)
    assert at[:, 2].min() >= 0
    assert at[:, 2].max() <= crane.height_m


def test_workers_walk_at_their_pace(shift: Run) -> None:
    pace = {worker: pool.walk_mps for pool in shift.plant.pools for worker in pool.worker_ids}
    for leg in rows(shift, "worker").itertuples():
        length = np.hypot(leg.to_x_m - leg.from_x_m, leg.to_y_m - leg.from_y_m)
        assert leg.end_s - leg.start_s == pytest.approx(length / pace[leg.mover], abs=1e-3)


def test_movers_are_where_their_legs_begin_and_end(shift: Run, motion: Motion) -> None:
    poses = {
        "agv": lambda mover, t: motion.vehicle_pose(mover, t)[0],
        "crane": motion.crane_pose,
        "worker": lambda mover, t: motion.worker_pose(mover, t)[0],
    }
    for kind, pose in poses.items():
        for mover, own in rows(shift, kind).groupby("mover", observed=True):
            begin, end = own["start_s"].to_numpy(float), own["end_s"].to_numpy(float)
            np.testing.assert_allclose(pose(str(mover), begin), own[START], atol=1e-6)
            np.testing.assert_allclose(pose(str(mover), end), own[END], atol=1e-6)


def test_vehicle_stands_while_it_turns_and_faces_where_it_drives(
    shift: Run, motion: Motion
) -> None:
    legs = rows(shift, "agv")
    turning = legs[legs["turn_s"] > 0]
    assert len(turning) > 50
    for leg in turning.itertuples():
        t = leg.start_s + leg.turn_s * np.array([0.0, 0.3, 0.999, 1.0])
        at, heading = motion.vehicle_pose(leg.mover, t)
        np.testing.assert_allclose(at, np.tile(at[0], (4, 1)), atol=1e-9)
        way = np.degrees(np.arctan2(leg.to_y_m - leg.from_y_m, leg.to_x_m - leg.from_x_m))
        assert (heading[-1] - way + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)
        rate = shift.plant.fleets[0].turn_dps
        assert abs(heading[-1] - heading[0]) == pytest.approx(leg.turn_s * rate, abs=1e-6)


def test_waiting_workers_stand_side_by_side() -> None:
    places = [waiting_m((2.0, 3.0), k) for k in range(9)]
    assert places[0] == (2.0, 3.0)
    assert len(set(places)) == 9
    gaps = [np.hypot(a[0] - b[0], a[1] - b[1]) for a in places for b in places if a != b]
    assert min(gaps) == pytest.approx(0.7)
