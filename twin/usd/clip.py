"""Robot motion as value clips: a program once, exactly, and the times its sub-steps were run at.

The clip of a robot holds one cycle of its program at nominal speed. A list of pairs (stage time,
clip time) says when each part of it was carried out: sub-steps that took longer run through their
part of the clip more slowly, and what stood still has the same clip time twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Vt

from twin.motion.grip import Grip
from twin.motion.plan import MotionPlan
from twin.motion.track import Occurrences, program_keys
from twin.plant.robot import RobotModel
from twin.usd.joint import ROTATION, chain, joint_of
from twin.usd.layer import DOUBLE3, FLOAT3, Layer, vec3d, vec3f
from twin.usd.moving_part import TRANSLATE, part_path
from twin.usd.part_motion import values_of
from twin.usd.shape import MovingPart
from twin.usd.span import CODES_PER_S, STILL, Span

Floats = NDArray[np.float64]

FILE = "clips/robots.usdc"
_SAME_RATE = 1e-6
_DIGITS = 9
"""Run times are written to the nanosecond, so that what is simultaneous is exactly so."""

_GAP_S = 1e-6
"""A sub-step that starts within this time of the one before follows it directly."""


@dataclass(frozen=True)
class Cycle:
    """One cycle of a program as keys: times (n,) in seconds and joint angles (n, 6).

    ``begin_s`` is where each step starts; ``open_share`` (n,) is how far fingers are open, 0 to 1.
    """

    time_s: Floats
    angles_deg: Floats
    begin_s: Floats
    open_share: Floats


def cycle_of(plan: MotionPlan, grip: Grip) -> Cycle:
    """Return the keys of one cycle of a program, step after step."""
    keys = program_keys(plan)
    begin = np.concatenate([[0.0], np.cumsum(plan.nominal_s)[:-1]])
    time = np.concatenate([key.tau_s + start for key, start in zip(keys, begin, strict=True)])
    angles = np.concatenate([key.angles_deg for key in keys])
    kept = np.concatenate([[True], np.diff(time) > 0])
    ends = np.append(begin, float(plan.nominal_s.sum()))
    shares = np.append(grip.from_share, grip.to_share[-1])
    return Cycle(time[kept], angles[kept], begin, np.interp(time[kept], ends, shares))


def clip_times(cycle: Cycle, plan: MotionPlan, done: Occurrences, span: Span) -> Floats:
    """Return pairs (n, 2) of run time and clip time in seconds, over a span."""
    start = np.maximum.accumulate(np.round(done.start_s, _DIGITS))
    end = np.maximum(np.round(done.end_s, _DIGITS), start)
    end[:-1] = np.where(start[1:] - end[:-1] < _GAP_S, start[1:], end[:-1])
    first = cycle.begin_s[done.step]
    last = first + np.minimum((end - start) * done.rate, plan.nominal_s[done.step])
    last[:-1] = np.where(np.abs(first[1:] - last[:-1]) < _GAP_S, first[1:], last[:-1])
    run = np.stack([start, end], axis=1).ravel()
    clip = np.stack([first, last], axis=1).ravel()
    jumps = np.flatnonzero((np.diff(clip) != 0) & (np.diff(run) > 0))
    jumps = jumps[jumps % 2 == 1]  # between two sub-steps: hold until the next one starts
    run = np.insert(run, jumps + 1, run[jumps + 1])
    clip = np.insert(clip, jumps + 1, clip[jumps])
    return _needed(_inside(np.stack([run, clip], axis=1), span))


class Clips:
    """The layer that holds the clips of all robots, each below a root prim of its own."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._layer: Layer | None = None

    def add(
        self, robot: str, cycle: Cycle, model: RobotModel, fingers: Sequence[MovingPart]
    ) -> str:
        """Add the clip of a robot; return its prim."""
        root, codes = f"/{robot}", cycle.time_s * CODES_PER_S
        layer = self._layer = self._layer or Layer(self._file, STILL, root)
        layer.sdf.endTimeCode = max(layer.sdf.endTimeCode, float(codes[-1]))
        for k, link in enumerate(chain()):
            prim = layer.over(f"{root}/{link}")
            if k:
                layer.attribute(prim, ROTATION, FLOAT3)
                values = joint_of(model, k - 1).rotations_deg(cycle.angles_deg[:, k - 1])
                layer.linear(f"{prim.path}.{ROTATION}", codes, vec3f(values))
        for finger in fingers:
            prim = layer.over(part_path(f"{root}/{chain()[6]}", finger))
            layer.attribute(prim, TRANSLATE, DOUBLE3)
            spots = values_of(finger, cycle.open_share)
            layer.linear(f"{prim.path}.{TRANSLATE}", codes, vec3d(spots))
        return root

    def save(self) -> None:
        """Write the file, if there is a clip."""
        if self._layer is not None:
            self._layer.save()


def clip_metadata(asset: str, prim: str, times_s: Floats) -> dict[str, object]:
    """Return the value of a prim's ``clips``: when to play which part of a clip."""
    first = float(times_s[0, 0]) * CODES_PER_S
    pairs = np.ascontiguousarray(times_s * CODES_PER_S)
    return {
        "default": {
            "active": Vt.Vec2dArray([Gf.Vec2d(first, 0)]),
            "assetPaths": Sdf.AssetPathArray([Sdf.AssetPath(asset)]),
            "manifestAssetPath": Sdf.AssetPath(asset),
            "primPath": prim,
            "times": Vt.Vec2dArray.FromNumpy(pairs),
        }
    }


def _inside(pairs: Floats, span: Span) -> Floats:
    """Return the pairs inside a span, with one at each of its ends."""
    run, clip = pairs[:, 0], pairs[:, 1]
    low = int(np.searchsorted(run, span.start_s, side="right"))
    high = max(int(np.searchsorted(run, span.end_s - _GAP_S, side="left")), low)
    return np.concatenate(
        [
            [[span.start_s, _clip_at(run, clip, span.start_s, low)]],
            pairs[low:high],
            [[span.end_s, _clip_at(run, clip, span.end_s, high)]],
        ]
    )


def _clip_at(run: Floats, clip: Floats, t_s: float, after: int) -> float:
    """Return the clip time at `t_s`, which lies before the pair `after`."""
    if after == 0 or after == len(run):
        return float(clip[min(after, len(run) - 1)])
    share = (t_s - run[after - 1]) / max(run[after] - run[after - 1], 1e-12)
    return float(clip[after - 1] + min(share, 1.0) * (clip[after] - clip[after - 1]))


def _needed(pairs: Floats) -> Floats:
    """Leave out pairs that lie on the line between their neighbours, and repeated ones."""
    run = pairs[:, 0]
    same = run[1:] == run[:-1]
    between = np.concatenate([[False], same[1:] & same[:-1], [False]])  # a jump has two pairs
    pairs = pairs[~between]
    kept = np.concatenate([[True], (np.diff(pairs, axis=0) != 0).any(axis=1)])
    pairs = pairs[kept]
    run_s, clip_s = np.diff(pairs[:, 0]), np.diff(pairs[:, 1])
    flat = (run_s[1:] > 0) & (run_s[:-1] > 0)
    slope = np.divide(clip_s, run_s, out=np.zeros_like(clip_s), where=run_s > 0)
    straight = flat & (np.abs(np.diff(slope)) < _SAME_RATE)
    return pairs[np.concatenate([[True], ~straight, [True]])] if len(pairs) > 2 else pairs
