"""The animation layer: robots as value clips; vehicles, cranes and workers as keys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Usd

from twin.motion.grip import grip_of
from twin.motion.line import Line
from twin.motion.motion import Motion
from twin.motion.track import Track, crane_tracks, vehicle_tracks, worker_tracks
from twin.plant.load import robot_model
from twin.plant.robot import RobotModel
from twin.run.run import Run
from twin.usd.catalogue import Catalogue
from twin.usd.clip import FILE as CLIPS_FILE
from twin.usd.clip import Clips, clip_metadata, clip_times, cycle_of
from twin.usd.joint import ROTATION, chain, joint_of
from twin.usd.layer import DOUBLE3, FLOAT3, Layer, vec3d, vec3f
from twin.usd.moving_part import TRANSLATE, part_path
from twin.usd.part_motion import add_part_motion, needed
from twin.usd.path import Paths
from twin.usd.robot import fingers_of
from twin.usd.shape import MovingPart
from twin.usd.span import CODES_PER_S, Span

Floats = NDArray[np.float64]

FILE = "layers/animation.usdc"
CARRIAGE = "Carriage"


@dataclass(frozen=True)
class Arm:
    """A robot in the stage: its id, prim path, model, and the fingers of its gripper."""

    id: str
    path: str
    model: RobotModel
    fingers: tuple[MovingPart, ...] = ()

    @property
    def links(self) -> list[str]:
        """Prim paths of links 1 to 6."""
        return [f"{self.path}/{link}" for link in chain()[1:]]


def write_animation(
    folder: Path, span: Span, run: Run, motion: Motion, *, made: Catalogue, paths: Paths
) -> None:
    """Write the motion of everything that moves."""
    layer, clips = Layer(folder / FILE, span), Clips(folder)
    for robot, own in run.plant.robots.items():
        model = robot_model(run.plant, own.model)
        arm = Arm(robot, paths.things[robot], model, fingers_of(own, model))
        done = motion.occurrences.get(robot)
        if done is None or not len(done.start_s):
            _hold(layer, arm, motion.plans[robot].from_deg[0])
            continue
        cycle = cycle_of(motion.plans[robot], grip_of(own, motion.variants[robot].n))
        clip = clips.add(robot, cycle, arm.model, arm.fingers)
        times = clip_times(cycle, motion.plans[robot], done, span)
        _play(layer, arm, clip, times)
    clips.save()
    add_part_motion(layer, span, motion, made)
    for vehicle, track in vehicle_tracks(run).items():
        _add_mover(layer, paths.things[vehicle], span, track)
    for worker, track in worker_tracks(run).items():
        _add_mover(layer, paths.things[worker], span, track)
    for crane, track in crane_tracks(run).items():
        _add_crane(layer, paths.things[crane], span, track)
        forks = f"{paths.things[crane]}/{CARRIAGE}/Forks"
        across = translations(motion.forks[crane].forks_m.within(span.start_s, span.end_s))
        _translate(layer, forks, *across)
        layer.attribute(layer.over(forks), ROTATION, FLOAT3, Gf.Vec3f(0, 0, 0))
    layer.save()


def bake(folder: Path) -> None:
    """Replace the value clips of the animation by plain time samples."""
    file = str(folder / FILE)
    stage = Usd.Stage.Open(file)
    flat = stage.Flatten(addSourceFileComment=False)
    del stage
    (folder / FILE).unlink()
    flat.Export(file)


def cut(track: Track, span: Span) -> Track:
    """Return the keys inside a span, with one at each of its ends."""
    inside = (track.time_s > span.start_s) & (track.time_s < span.end_s)
    ends = [np.array([span.start_s]), np.array([span.end_s])]
    time = np.concatenate([ends[0], track.time_s[inside], ends[1]])

    def values(column: Floats) -> Floats:
        return np.asarray(np.interp(time, track.time_s, column))

    xyz = np.stack([values(track.xyz_m[:, k]) for k in range(3)], axis=1)
    return Track(time, xyz, values(track.heading_deg))


def _hold(layer: Layer, arm: Arm, angles_deg: Floats) -> None:
    """Pose a robot that never moves."""
    for k, link in enumerate(arm.links):
        turn = joint_of(arm.model, k).rotations_deg(angles_deg[k])
        layer.attribute(layer.over(link), ROTATION, FLOAT3, Gf.Vec3f(*turn.tolist()))


def _play(layer: Layer, arm: Arm, clip: str, times_s: Floats) -> None:
    """Play the clip of a robot."""
    layer.over(arm.path).SetInfo("clips", clip_metadata(f"../{CLIPS_FILE}", clip, times_s))
    for link in arm.links:
        layer.attribute(layer.over(link), ROTATION, FLOAT3)
    for finger in arm.fingers:
        layer.attribute(layer.over(part_path(arm.links[-1], finger)), TRANSLATE, DOUBLE3)


def _add_mover(layer: Layer, path: str, span: Span, track: Track) -> None:
    keys = cut(track, span)
    layer.over(path)
    _translate(layer, path, keys.time_s, keys.xyz_m)
    turns = np.zeros((len(keys.time_s), 3))
    turns[:, 2] = keys.heading_deg
    kept = needed(keys.time_s, turns)
    layer.attribute(layer.over(path), ROTATION, FLOAT3)
    layer.linear(f"{path}.{ROTATION}", keys.time_s[kept] * CODES_PER_S, vec3f(turns[kept]))


def _add_crane(layer: Layer, path: str, span: Span, track: Track) -> None:
    """Move the mast along the rail, and its carriage up and down."""
    keys = cut(track, span)
    for part, axes, heading in (
        (path, (1, 1, 0), keys.heading_deg[0]),
        (f"{path}/{CARRIAGE}", (0, 0, 1), 0.0),
    ):
        _translate(layer, part, keys.time_s, keys.xyz_m * axes)
        layer.attribute(layer.over(part), ROTATION, FLOAT3, Gf.Vec3f(0, 0, heading))


def translations(line: Line) -> tuple[Floats, Floats]:
    """Return a way across, along y, as times (n,) and translations (n, 3)."""
    xyz = np.zeros((len(line.time_s), 3))
    xyz[:, 1] = line.value
    return line.time_s, xyz


def _translate(layer: Layer, path: str, time_s: Floats, xyz_m: Floats) -> None:
    kept = needed(time_s, xyz_m)
    layer.attribute(layer.over(path), TRANSLATE, DOUBLE3)
    layer.linear(f"{path}.{TRANSLATE}", time_s[kept] * CODES_PER_S, vec3d(xyz_m[kept]))
