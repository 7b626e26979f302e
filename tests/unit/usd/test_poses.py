"""Poses in the composed stage against the exact laws, at random times and between keys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pxr import Usd, UsdGeom

from twin.motion.kinematics import forward
from twin.motion.motion import Motion
from twin.motion.place import placed_m
from twin.plant.load import robot_model
from twin.run.run import Run
from twin.usd import StageReport, write_stage
from twin.usd.joint import chain
from twin.usd.path import Paths
from twin.usd.span import CODES_PER_S

POSITION_M = 0.001
ANGLE_DEG = 0.1
N_TIMES = 150


@pytest.fixture(params=["clips", "bake"])
def opened(request: pytest.FixtureRequest, written: StageReport, baked: StageReport) -> Usd.Stage:
    report = written if request.param == "clips" else baked
    return Usd.Stage.Open(str(report.root))


def world(stage: Usd.Stage, path: str, t_s: float) -> np.ndarray:
    """The transform of a prim; its last row is the position."""
    prim = UsdGeom.Xformable(stage.GetPrimAtPath(path))
    return np.array(prim.ComputeLocalToWorldTransform(Usd.TimeCode(t_s * CODES_PER_S)))


def angle_between_deg(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip((np.trace(a @ b.T) - 1) / 2, -1, 1))))


def moments(run: Run, motion: Motion, robot: str) -> np.ndarray:
    """Random times, quarter points of sub-steps, their ends, and the ends of the run."""
    rng, done = np.random.default_rng(3), motion.occurrences[robot]
    quarter = done.start_s + (done.end_s - done.start_s) * 0.25
    chosen = rng.choice(len(quarter), min(N_TIMES, len(quarter)), replace=False)
    random = rng.uniform(0, run.horizon_s, N_TIMES)
    every = np.concatenate([random, quarter[chosen], done.end_s[chosen], [0.0, run.horizon_s]])
    return np.minimum(every, run.horizon_s)


def check_robot(
    stage: Usd.Stage, run: Run, motion: Motion, robot: str, path: str, times: np.ndarray
) -> None:
    own = run.plant.robots[robot]
    model = robot_model(run.plant, own.model)
    frames = forward(model, own.tool_length_m, motion.robot_pose(robot, times))
    tips = placed_m(own.position_m, own.heading_deg, frames.tip_m)
    heading = placed_m((0, 0, 0), own.heading_deg, np.eye(3)).T
    for k, t in enumerate(times):
        found = world(stage, f"{path}/{chain()[6]}/Tip", float(t))
        assert np.linalg.norm(found[3, :3] - tips[k]) <= POSITION_M, t
        exact = heading @ frames.rotation[k, 5]
        assert angle_between_deg(found[:3, :3].T, exact) <= ANGLE_DEG, t


@pytest.mark.parametrize("robot", ["robot_stack", "robot_pouch", "robot_tray", "robot_pack"])
def test_robot_tips_are_where_the_plan_says(
    opened: Usd.Stage, run: Run, motion: Motion, paths: Paths, robot: str
) -> None:
    check_robot(opened, run, motion, robot, paths.things[robot], moments(run, motion, robot))


def test_leak_slows_the_grip_and_the_stage_follows(
    opened: Usd.Stage, run: Run, motion: Motion, paths: Paths
) -> None:
    rows = run.table("substeps", where="robot = 'robot_pouch' AND cause = 'vacuum_leak'")
    assert len(rows) > 10
    times = (rows["start_s"] + rows["actual_s"] * 1.05).to_numpy()
    times = times[times < run.horizon_s]
    check_robot(opened, run, motion, "robot_pouch", paths.things["robot_pouch"], times)


def test_robot_without_work_stands_at_its_start(
    run: Run, motion: Motion, paths: Paths, tmp_path: Path
) -> None:
    started = min(float(done.start_s[0]) for done in motion.occurrences.values())
    late = max(motion.occurrences, key=lambda robot: motion.occurrences[robot].start_s[0])
    report = write_stage(run, tmp_path / "s", window=(0.0, max(started, 1.0)))
    opened = Usd.Stage.Open(str(report.root))
    check_robot(opened, run, motion, late, paths.things[late], np.array([0.0]))


@pytest.mark.parametrize("kind", ["vehicles", "workers"])
def test_vehicles_and_workers_are_where_their_law_says(
    opened: Usd.Stage, run: Run, motion: Motion, paths: Paths, kind: str
) -> None:
    times = np.append(np.random.default_rng(5).uniform(0, run.horizon_s, 200), [0, run.horizon_s])
    for mover, legs in getattr(motion, kind).items():
        position, heading = legs.at(times)
        for k, t in enumerate(times):
            found = world(opened, paths.things[mover], float(t))
            assert np.linalg.norm(found[3, :3] - position[k]) <= POSITION_M, (mover, t)
            turned = np.degrees(np.arctan2(found[0, 1], found[0, 0])) - heading[k]
            assert abs((turned + 180) % 360 - 180) <= ANGLE_DEG, (mover, t)


def test_cranes_are_where_their_law_says(
    opened: Usd.Stage, run: Run, motion: Motion, paths: Paths
) -> None:
    times = np.random.default_rng(6).uniform(0, run.horizon_s, 300)
    for crane in motion.cranes:
        exact = motion.crane_pose(crane, times)
        for k, t in enumerate(times):
            found = world(opened, f"{paths.things[crane]}/Carriage", float(t))[3, :3]
            assert np.abs(found - exact[k]).max() <= POSITION_M, t
            mast = world(opened, paths.things[crane], float(t))[3, :3]
            assert mast[2] == 0.0
            assert np.abs(mast[:2] - exact[k, :2]).max() <= POSITION_M


def test_something_moves(run: Run, motion: Motion) -> None:
    times = np.linspace(0, run.horizon_s, 400)
    for legs in (*motion.vehicles.values(), *motion.cranes.values()):
        assert np.ptp(legs.at(times)[0], axis=0).max() > 1.0


def test_baked_stage_has_no_clips(baked: StageReport, paths: Paths) -> None:
    opened = Usd.Stage.Open(str(baked.root))
    prim = opened.GetPrimAtPath(paths.things["robot_pouch"])
    assert not prim.HasAuthoredMetadata("clips")
    joint = opened.GetPrimAtPath(f"{paths.things['robot_pouch']}/{chain()[1]}")
    assert joint.GetAttribute("xformOp:rotateXYZ").GetNumTimeSamples() > 1000


def test_window_shows_the_same_poses(
    run: Run, motion: Motion, paths: Paths, tmp_path: Path
) -> None:
    start, end = 400.3, 460.7
    report = write_stage(run, tmp_path / "s", window=(start, end))
    opened = Usd.Stage.Open(str(report.root))
    assert opened.GetStartTimeCode() == pytest.approx(start * CODES_PER_S)
    assert opened.GetEndTimeCode() == pytest.approx(end * CODES_PER_S)
    times = np.append(np.random.default_rng(7).uniform(start, end, 60), [start, end])
    for robot in ("robot_pouch", "robot_pack"):
        check_robot(opened, run, motion, robot, paths.things[robot], times)
    for vehicle, legs in motion.vehicles.items():
        for t in times:
            found = world(opened, paths.things[vehicle], float(t))[3, :3]
            assert np.linalg.norm(found - legs.at(t)[0]) <= POSITION_M
