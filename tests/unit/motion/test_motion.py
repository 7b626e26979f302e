"""The pose of everything in a real run: continuous, within limits, and known by name."""

from __future__ import annotations

import numpy as np
import pytest

from twin.errors import RunError
from twin.motion.arm import geometry
from twin.motion.motion import Motion
from twin.motion.place import machine_positions_m
from twin.plant.load import robot_model
from twin.run.run import Run

STEP_S = 0.05
ROBOTS = ["robot_stack", "robot_pouch", "robot_tray", "robot_pack"]
VEHICLES = ["amr_1", "amr_2"]


@pytest.fixture(scope="module")
def slow(pilot_run: Run) -> Motion:
    return Motion(pilot_run)


@pytest.mark.parametrize("robot", ROBOTS)
def test_robots_stay_within_joint_limits(pilot_run: Run, slow: Motion, robot: str) -> None:
    arm = geometry(robot_model(pilot_run.plant, pilot_run.plant.robots[robot].model))
    t = np.random.default_rng(3).uniform(0, pilot_run.horizon_s, 20000)
    angles = slow.robot_pose(robot, t)
    assert (angles >= arm.lower_deg).all()
    assert (angles <= arm.upper_deg).all()
    assert np.ptp(angles, axis=0).max() > 20


@pytest.mark.parametrize("robot", ROBOTS)
def test_robots_keep_joint_speeds_without_a_jump(motion: Motion, shift: Run, robot: str) -> None:
    arm = geometry(robot_model(shift.plant, shift.plant.robots[robot].model))
    t = np.arange(1000, 2200, STEP_S)
    speed = np.diff(motion.robot_pose(robot, t), axis=0) / STEP_S
    assert (np.abs(speed) <= arm.speed_dps * (1 + 1e-6)).all()
    assert np.abs(speed).max() > 20


@pytest.mark.parametrize("robot", ROBOTS)
def test_substeps_start_where_the_one_before_ended(slow: Motion, robot: str) -> None:
    done = slow.occurrences[robot]
    assert (done.start_s[1:] >= done.end_s[:-1] - 1e-6).all()
    reached = slow.robot_pose(robot, done.start_s[1:] - 1e-7)
    np.testing.assert_allclose(slow.robot_pose(robot, done.start_s[1:]), reached, atol=1e-3)


def test_robot_takes_its_time_for_a_slowed_step(slow: Motion, pilot_run: Run) -> None:
    """A move that takes longer passes the same poses, stretched in time."""
    rows = pilot_run.table("substeps", where="robot = 'robot_stack' AND step = 4")
    row = rows[rows["actual_s"] > rows["nominal_s"] * 1.01].iloc[0]
    share = np.linspace(0, 1, 11)
    expected = slow.plans["robot_stack"].pose(4, share * row["nominal_s"])
    found = slow.robot_pose("robot_stack", row["start_s"] + share * row["actual_s"])
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_robot_holds_before_its_first_cycle(motion: Motion) -> None:
    start = motion.occurrences["robot_stack"].start_s[0]
    assert start > 1
    held = motion.robot_pose("robot_stack", [0.0, start / 2])
    first = motion.plans["robot_stack"].from_deg[0]
    np.testing.assert_allclose(held, np.tile(first, (2, 1)), atol=1e-9)


@pytest.mark.parametrize("vehicle", VEHICLES)
def test_vehicles_are_never_faster_than_allowed(motion: Motion, shift: Run, vehicle: str) -> None:
    fleet = shift.plant.fleets[0]
    t = np.arange(0, shift.horizon_s, STEP_S)
    at, heading = motion.vehicle_pose(vehicle, t)
    speed = np.linalg.norm(np.diff(at, axis=0), axis=1) / STEP_S
    assert speed.max() <= fleet.speed_empty_mps * (1 + 1e-6)
    assert np.abs(np.diff(speed)).max() <= fleet.acceleration_mps2 * STEP_S * (1 + 1e-3)
    assert np.abs(np.diff(heading)).max() <= fleet.turn_dps * STEP_S * (1 + 1e-6)
    assert speed.max() > 1.0


def test_loaded_vehicles_keep_the_lower_speed(motion: Motion, shift: Run) -> None:
    fleet = shift.plant.fleets[0]
    moves = shift.table("moves", where="kind = 'agv' AND load > 0")
    for leg in moves.itertuples():
        t = np.linspace(leg.start_s, leg.end_s, 50)
        at, _ = motion.vehicle_pose(leg.mover, t)
        speed = np.linalg.norm(np.diff(at, axis=0), axis=1) / (t[1] - t[0])
        assert speed.max() <= fleet.speed_loaded_mps * (1 + 1e-6)


def test_crane_is_never_faster_than_allowed(motion: Motion, shift: Run) -> None:
    crane = shift.plant.cranes[0]
    at = motion.crane_pose(crane.id, np.arange(0, shift.horizon_s, STEP_S))
    speed = np.abs(np.diff(at, axis=0)) / STEP_S
    assert speed[:, :2].max() <= crane.speed_mps * (1 + 1e-6)
    assert speed[:, 2].max() <= crane.lift_mps * (1 + 1e-6)
    assert np.abs(np.diff(speed[:, 1])).max() <= crane.acceleration_mps2 * STEP_S * (1 + 1e-3)


def test_workers_walk_no_faster_than_their_pace(motion: Motion, shift: Run) -> None:
    for pool in shift.plant.pools:
        for worker in pool.worker_ids:
            at, _ = motion.worker_pose(worker, np.arange(0, shift.horizon_s, 0.5))
            speed = np.linalg.norm(np.diff(at, axis=0), axis=1) / 0.5
            assert speed.max() <= pool.walk_mps * (1 + 1e-6)


def test_everything_stays_inside_the_hall(motion: Motion, shift: Run) -> None:
    length, width, height = shift.plant.building.size_m
    t = np.linspace(0, shift.horizon_s, 3000)
    poses = [motion.vehicle_pose(v, t)[0] for v in motion.vehicles]
    poses += [motion.worker_pose(w, t)[0] for w in motion.workers]
    poses += [motion.crane_pose(c, t) for c in motion.cranes]
    found = np.concatenate(poses)
    assert (found >= 0).all()
    assert (found <= [length, width, height]).all()


def test_vehicles_never_meet(motion: Motion, shift: Run) -> None:
    """Their nodes are further apart than a vehicle is long; one node holds one vehicle."""
    t = np.arange(0, shift.horizon_s, 0.2)
    first, second = (motion.vehicle_pose(v, t)[0] for v in VEHICLES)
    width = min(shift.plant.fleets[0].size_m[:2])
    assert np.linalg.norm(first - second, axis=1).min() > width


def test_one_time_gives_one_pose(motion: Motion) -> None:
    assert motion.robot_pose("robot_tray", 900.0).shape == (6,)
    at, heading = motion.vehicle_pose("amr_1", 900.0)
    assert (at.shape, heading.shape) == ((3,), ())
    assert motion.crane_pose("stacker_crane", [[1.0, 2.0]]).shape == (1, 2, 3)


def test_unknown_names_are_refused_with_the_nearest(motion: Motion) -> None:
    with pytest.raises(RunError, match=r"there is no robot 'robot_trai'.*robot_tray"):
        motion.robot_pose("robot_trai", 0.0)
    with pytest.raises(RunError, match=r"there is no vehicle 'amr_9'"):
        motion.vehicle_pose("amr_9", 0.0)
    with pytest.raises(RunError, match=r"there is no crane 'cran'"):
        motion.crane_pose("cran", 0.0)
    with pytest.raises(RunError, match=r"there is no worker 'nobody'"):
        motion.worker_pose("nobody", 0.0)


def test_workers_at_a_machine_face_it(shift: Run, motion: Motion) -> None:
    spots = machine_positions_m(shift.plant)
    rows = shift.table("moves", where="kind = 'worker'").sort_values(["mover", "start_s"])
    faced = 0
    for mover, own in rows.groupby("mover", observed=True):
        starts = [*own["start_s"].tolist()[1:], shift.horizon_s]
        for leg, until in zip(own.itertuples(), starts, strict=True):
            spot = spots.get(str(leg.target))
            if spot is None or until - leg.end_s < 1.0 or leg.end_s <= leg.start_s:
                continue
            _, heading = motion.worker_pose(str(mover), (leg.end_s + until) / 2)
            way = np.degrees(np.arctan2(spot[1] - leg.to_y_m, spot[0] - leg.to_x_m))
            assert (heading - way + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)
            faced += 1
    assert faced > 5
