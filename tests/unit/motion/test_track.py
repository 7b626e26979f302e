"""Key tracks stay within 1 mm and 0.1 degree of the law, and need few keys."""

from __future__ import annotations

import numpy as np
import pytest

from twin.motion.arm import forward
from twin.motion.motion import Motion
from twin.motion.track import (
    Track,
    crane_tracks,
    occurrences,
    program_keys,
    robot_occurrences,
    vehicle_tracks,
    worker_tracks,
)
from twin.plant.load import robot_model
from twin.run.run import Run

ROBOTS = ["robot_stack", "robot_pouch", "robot_tray", "robot_pack"]


def times_of(track: Track, horizon_s: float) -> np.ndarray:
    """Random times, and the middle of every pair of keys, where a chord is off most."""
    middle = (track.time_s[1:] + track.time_s[:-1]) / 2
    return np.concatenate([np.random.default_rng(4).uniform(0, horizon_s, 4000), middle])


def interpolated(track: Track, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    xyz = [np.interp(t, track.time_s, track.xyz_m[:, k]) for k in range(3)]
    return np.stack(xyz, axis=1), np.interp(t, track.time_s, track.heading_deg)


@pytest.mark.parametrize("kind", ["vehicles", "cranes", "workers"])
def test_tracks_of_movers_are_within_tolerance(motion: Motion, shift: Run, kind: str) -> None:
    make = {"vehicles": vehicle_tracks, "cranes": crane_tracks, "workers": worker_tracks}[kind]
    laws = getattr(motion, kind)
    tracks = make(shift)
    assert set(tracks) == set(laws)
    for name, track in tracks.items():
        t = times_of(track, shift.horizon_s)
        true_m, true_deg = laws[name].at(t)
        xyz, heading = interpolated(track, t)
        assert np.linalg.norm(xyz - true_m, axis=1).max() <= 0.001
        assert np.abs(heading - true_deg).max() <= 0.1


def test_tracks_begin_and_end_with_the_run(shift: Run) -> None:
    for tracks in (vehicle_tracks(shift), crane_tracks(shift), worker_tracks(shift)):
        for track in tracks.values():
            assert (track.time_s[0], track.time_s[-1]) == (0.0, shift.horizon_s)
            assert (np.diff(track.time_s) > 0).all()


def test_track_reads_at_a_time(shift: Run) -> None:
    track = vehicle_tracks(shift)["amr_1"]
    xyz, heading = track.at(1234.5)
    many, headings = interpolated(track, np.array([1234.5]))
    np.testing.assert_array_equal(xyz, many[0])
    assert heading == headings[0]


@pytest.mark.parametrize("robot", ROBOTS)
def test_robot_keys_are_within_tolerance(pilot_run: Run, robot: str) -> None:
    """Joints and tool tip at random times of an 8 h shift with a slow robot."""
    motion, done = Motion(pilot_run), robot_occurrences(pilot_run, robot)
    keys = program_keys(motion.plans[robot])
    one = pilot_run.plant.robots[robot]
    model = robot_model(pilot_run.plant, one.model)
    t = np.sort(np.random.default_rng(5).uniform(0, pilot_run.horizon_s, 4000))
    row = np.searchsorted(done.start_s, t, side="right") - 1
    t, row = t[row >= 0], row[row >= 0]
    tau = (t - done.start_s[row]) * done.rate[row]
    drawn = np.array(
        [
            [np.interp(x, keys[s].tau_s, keys[s].angles_deg[:, j]) for j in range(6)]
            for s, x in zip(done.step[row], tau, strict=True)
        ]
    )
    true = motion.robot_pose(robot, t)
    assert np.abs(drawn - true).max() <= 0.1
    off = forward(model, one.tool_length_m, drawn).tip_m
    off = off - forward(model, one.tool_length_m, true).tip_m
    assert np.linalg.norm(off, axis=1).max() <= 0.001


@pytest.mark.parametrize("robot", ROBOTS)
def test_robot_keys_bound_the_error_everywhere(motion: Motion, shift: Run, robot: str) -> None:
    plan = motion.plans[robot]
    one = shift.plant.robots[robot]
    model = robot_model(shift.plant, one.model)
    for step, keys in enumerate(program_keys(plan)):
        assert (np.diff(keys.tau_s) > 0).all()
        tau = np.linspace(0, plan.nominal_s[step], 1501)
        drawn = np.stack([np.interp(tau, keys.tau_s, keys.angles_deg[:, j]) for j in range(6)], 1)
        assert np.abs(drawn - plan.pose(step, tau)).max() <= 0.1
        tips = [forward(model, one.tool_length_m, a).tip_m for a in (drawn, plan.pose(step, tau))]
        assert np.linalg.norm(tips[0] - tips[1], axis=1).max() <= 0.001


def test_fewer_keys_where_more_error_is_allowed(motion: Motion) -> None:
    plan = motion.plans["robot_pack"]
    fine = sum(len(keys.tau_s) for keys in program_keys(plan, error_m=0.0001))
    coarse = sum(len(keys.tau_s) for keys in program_keys(plan, error_m=0.01, error_deg=1.0))
    assert coarse < fine / 3


def test_waits_have_two_equal_keys(motion: Motion) -> None:
    plan = motion.plans["robot_tray"]
    keys = program_keys(plan)[plan.names.index("grip")]
    assert keys.tau_s.tolist() == [0.0, 0.5]
    np.testing.assert_array_equal(keys.angles_deg[0], keys.angles_deg[1])


def test_occurrences_are_in_order_with_their_rates(shift: Run) -> None:
    rows = shift.table("substeps", where="robot = 'robot_tray'")
    done = occurrences(rows.sample(frac=1.0, random_state=1))
    assert (np.diff(done.start_s) > 0).all()
    np.testing.assert_allclose(
        (done.end_s - done.start_s) * done.rate,
        rows.sort_values("start_s")["nominal_s"],
        atol=1e-9,
    )
