"""Writing motion to OpenUSD: celltwin's keys and clips against one ``attr.Set`` per frame.

Both author the poses of the same robots, vehicles, workers and cranes. celltwin's are exact at any
time; the frames are exact at 24 frames a second. The frames are written for a part of the shift
and multiplied up, which their count allows; all poses are worked out before the clock is started.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Usd, UsdGeom

from benchmarks.measure import rounds
from benchmarks.result import Figure, Result
from sim import simulate
from twin.motion.motion import Motion
from twin.plant.load import load_scenario, robot_model
from twin.run.run import Run
from twin.usd import write_stage
from twin.usd.catalogue import catalogue
from twin.usd.joint import joint_of
from twin.usd.movement import write_animation
from twin.usd.path import paths_of
from twin.usd.span import CODES_PER_S, span_of

TITLE = "Stage of the pilot shift: motion written as keys and clips, or frame by frame"
SCENARIO = "pilot_shift"
FRAMES_S = 60.0
FASTER = 40.0
SMALLER = 25.0

Floats = NDArray[np.float64]
Poses = dict[str, tuple[Floats | None, Floats]]
"""Name -> positions (frames, 3) or None, and rotations in degrees (frames, 3)."""


def measure(size: float, repeat: int) -> Result:
    """Time both ways of writing the motion of a shift, and the whole stage."""
    scenario = load_scenario(SCENARIO, horizon_s=8 * 3600 * size)
    with tempfile.TemporaryDirectory() as parent:
        run = simulate(scenario, Path(parent) / "run")
        begin_s = run.horizon_s / 2
        part_s = min(FRAMES_S, begin_s)
        frames = poses(run, begin_s, part_s)
        timings = rounds(
            {
                "keys": partial(write_keys, run),
                "frames": partial(write_frames, frames, begin_s),
                "stage": partial(write_whole, run),
            },
            repeat,
            after=_bytes,
        )
    times = run.horizon_s / part_s
    keys, by_frame, whole = (timings[name] for name in ("keys", "frames", "stage"))
    frames_s, frames_b = by_frame.best_s * times, by_frame.value() * times
    mb = 1e6
    return Result(
        "stage",
        TITLE,
        figures=(
            Figure("motion as keys and clips", keys.best_s, "CPU s",
                   note=f"{keys.value() / mb:.2f} MB"),
            Figure("the same poses frame by frame", frames_s, "CPU s",
                   note=f"{frames_b / mb:.0f} MB; {part_s:g} s written, times {times:.0f}"),
            Figure("faster", frames_s / keys.best_s, "x", FASTER, more_is_better=True),
            Figure("smaller", frames_b / keys.value(), "x", SMALLER, more_is_better=True),
            Figure("whole stage", whole.best_s, "CPU s", note=f"{whole.value() / mb:.1f} MB"),
        ),
    )  # fmt: skip


def write_keys(run: Run, folder: Path) -> Path:
    """Write the motion as celltwin does."""
    folder.mkdir()
    paths = paths_of(run.plant)
    made = catalogue(run.plant, paths)
    write_animation(folder, span_of(run, None), run, Motion(run), made=made, paths=paths)
    return folder


def write_whole(run: Run, folder: Path) -> Path:
    """Write the whole stage."""
    write_stage(run, folder)
    return folder


def write_frames(frames: Poses, begin_s: float, folder: Path) -> Path:
    """Write one sample per frame and attribute."""
    folder.mkdir()
    stage = Usd.Stage.CreateNew(str(folder / "frames.usdc"))
    for path, (positions, rotations) in frames.items():
        thing = UsdGeom.Xform.Define(stage, path)
        if positions is not None:
            _set(thing.AddTranslateOp(), begin_s, [Gf.Vec3d(*xyz) for xyz in positions.tolist()])
        _set(thing.AddRotateXYZOp(), begin_s, [Gf.Vec3f(*xyz) for xyz in rotations.tolist()])
    stage.Save()
    return folder


def _set(op: UsdGeom.XformOp, begin_s: float, values: list[Gf.Vec3d] | list[Gf.Vec3f]) -> None:
    attribute = op.GetAttr()
    first = begin_s * CODES_PER_S
    for k, value in enumerate(values):
        attribute.Set(value, first + k)


def poses(run: Run, begin_s: float, length_s: float) -> Poses:
    """Return the pose of everything that moves, at every frame."""
    motion, paths = Motion(run), paths_of(run.plant).things
    t = begin_s + np.arange(int(length_s * CODES_PER_S)) / CODES_PER_S
    found: Poses = {}
    for robot, made in run.plant.robots.items():
        model = robot_model(run.plant, made.model)
        angles = motion.robot_pose(robot, t)
        for joint in range(6):
            turns = joint_of(model, joint).rotations_deg(angles[:, joint])
            found[f"{paths[robot]}/joint_{joint + 1}"] = (None, turns)
    for vehicle in motion.vehicles:
        found[paths[vehicle]] = _mover(*motion.vehicle_pose(vehicle, t))
    for worker in motion.workers:
        found[paths[worker]] = _mover(*motion.worker_pose(worker, t))
    for crane in motion.cranes:
        xyz = motion.crane_pose(crane, t)
        found[paths[crane]] = (xyz, np.zeros_like(xyz))
    return found


def _mover(xyz: Floats, heading: Floats) -> tuple[Floats, Floats]:
    turns = np.zeros((len(heading), 3))
    turns[:, 2] = heading
    return xyz, turns


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
