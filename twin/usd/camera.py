"""Cameras: an overview, an orbit, a flight and a walk through the hall, a view of each workcell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf

from twin.plant.base import Vec3
from twin.plant.place import Zone
from twin.plant.plant import Plant, Workcell
from twin.usd.floor import Box, machine_boxes
from twin.usd.joint import ROTATION
from twin.usd.journey import journey
from twin.usd.layer import DOUBLE3, FLOAT3, Layer, vec3d, vec3f
from twin.usd.moving_part import TRANSLATE
from twin.usd.path import CAMERAS
from twin.usd.span import CODES_PER_S, Span

Floats = NDArray[np.float64]

FILE = "layers/cameras.usdc"
ORBIT_S = 60.0
N_ORBIT = 120
EYE_M, WALK_MPS = 1.65, 1.6
"""Height of the eyes of the one who walks, and the speed."""

FLY_M, FLY_MPS = 3.0, 3.5
"""Height of the flight, below the signs of workcells, and its speed."""

CEILING_M = 3.9
"""Highest eye for a view of a workcell in a room."""

FAR_M = 6000.0
FOCAL, APERTURE, EDGE = 22.0, np.array([36.0, 20.25]), 0.94
"""Lens in tenths of a scene unit, and the share of the picture that counts as seen."""

N_AROUND = 12
STANDING_M = 2.0
MAX_STOPS = 80
REACHES, GOOD = (1.0, 1.3, 0.8, 0.62), 0.8
"""How far off a workcell is seen from, as shares of the usual, until a view is good enough."""


def write_cameras(folder: Path, span: Span, plant: Plant, standing: Sequence[Box]) -> None:
    """Write the cameras; `standing` is what stands in the hall besides machines and walls."""
    layer = Layer(folder / FILE, span)
    layer.define(CAMERAS, "Scope")
    length, width, _ = plant.building.size_m
    eye = (length * 0.5, -0.72 * width - 0.16 * length, 0.58 * max(length, width))
    still = np.array([[*eye, length * 0.5, width * 0.45, 0.0]])
    _camera(layer, "Overview", np.array([span.start_s]), _views(still))
    for name, eye_m, speed in (("FlyThrough", FLY_M, FLY_MPS), ("WalkThrough", EYE_M, WALK_MPS)):
        made = journey(plant, stops(plant, eye_m), standing, eye_m=eye_m, speed_mps=speed)
        shrunk = min(1.0, (span.end_s - span.start_s) / max(float(made.time_s[-1]), 1e-9))
        _camera(layer, name, span.start_s + made.time_s * shrunk, made.views)
    end = min(span.end_s, span.start_s + ORBIT_S)
    _camera(layer, "Orbit", np.linspace(span.start_s, end, N_ORBIT + 1), _views(orbit(plant)))
    layer.define(f"{CAMERAS}/Workcells", "Scope")
    things = things_in_view(plant, standing)
    for workcell in plant.workcells():
        view = _views(np.array([workcell_view(plant, workcell, things)]))
        _camera(layer, f"Workcells/{workcell.id}", np.array([span.start_s]), view)
    layer.save()


def stops(plant: Plant, eye_m: float) -> Floats:
    """Return eye and target (n, 6) at every workcell in process order, from the operators' side.

    Where there are many workcells, those of the first line.
    """
    length, width, height = plant.building.size_m
    eye = min(eye_m, height - 1.0)
    workcells = [*plant.workcells()]
    if len(workcells) > MAX_STOPS:
        workcells = plant.lines[0].workcells
    found = [_standing(plant, workcell, eye) for workcell in workcells]
    if not found:
        found = [[length * k / 3, width / 2, eye, length, width / 2, eye] for k in (1, 2)]
    first = np.array(found[0])
    door = np.array([max(first[0] - 12, 2.0), first[1], eye, *first[3:]])
    return np.vstack([door, found])


def orbit(plant: Plant) -> Floats:
    """Return eye and target (n, 6) of one turn around the building, from outside and above."""
    length, width, height = plant.building.size_m
    middle = np.array([length / 2, width / 2, height / 3])
    angle = np.radians(-120) + np.linspace(0, 2 * np.pi, N_ORBIT + 1)
    far = 0.66 * math.hypot(length, width) + 10
    eyes = np.stack(
        [
            middle[0] + far * np.cos(angle),
            middle[1] + far * np.sin(angle),
            np.full(len(angle), 0.36 * far + height),
        ],
        axis=1,
    )
    return np.hstack([eyes, np.tile(middle, (len(eyes), 1))])


def things_in_view(plant: Plant, standing: Sequence[Box]) -> tuple[Floats, Floats]:
    """Return what can stand in the way of a view: rectangles of floor (n, 4), and how high."""
    things = [*machine_boxes(plant), *((box, STANDING_M) for box in standing)]
    boxes = np.array([box for box, _ in things]).reshape(-1, 4)
    return boxes, np.array([top for _, top in things])


def workcell_view(plant: Plant, workcell: Workcell, things: tuple[Floats, Floats]) -> list[float]:
    """Return eye and target (6,) from which a workcell is best seen.

    Of places around it, in the hall and in the same room, that from which the fewest other
    `things` (rectangles of floor, and how high they are) stand between, or around the eye.
    """
    x, y, z = above(workcell)
    far = 0.75 * _spread_m(workcell) + 3.0
    length, width, height = plant.building.size_m
    side = -1 if y > width / 2 else 1
    room = next((zone for zone in plant.zones if zone.height_m > 0 and _in(zone, (x, y))), None)
    highest = min(height - 1.0, CEILING_M if room else height)
    target = np.array([x, y, z / 2])
    boxes, tops = things
    reach_m = REACHES[1] * far + 1.0
    near = (boxes[:, 2:] > target[:2] - reach_m) & (boxes[:, :2] < target[:2] + reach_m)
    boxes, tops = boxes[near.all(axis=1)], tops[near.all(axis=1)]
    best, score = [x - 0.6 * far, y + side * 0.8 * far, highest, *target], np.inf
    first = math.atan2(0.8 * side, -0.6)
    machines = np.array([spot for spot, _ in _machines(workcell)] or [target.tolist()])
    for reach in REACHES:
        if score < GOOD:
            break
        for k in range(N_AROUND):
            turn = first + 2 * math.pi * k / N_AROUND
            eye = target + far * reach * np.array([math.cos(turn), math.sin(turn), 0.0])
            eye[2] = min(max(z, 2.0) + 0.35 * far * reach, highest)
            inside = 0.6 < eye[0] < length - 0.6 and 0.6 < eye[1] < width - 0.6
            if not inside or (room and not _in(room, eye)):
                continue
            cost = _hidden(eye, target, boxes, tops) + 0.06 * min(k, N_AROUND - k)
            cost += 3.0 * abs(1.0 - reach) + 20.0 * _out_of_view(eye, target, machines)
            if cost < score:
                best, score = [*eye.tolist(), *target.tolist()], cost
    return best


def _in(zone: Zone, spot: Sequence[float] | Floats) -> bool:
    (x, y), (length, width) = zone.corner_m, zone.size_m
    return bool(x + 0.4 < spot[0] < x + length - 0.4 and y + 0.4 < spot[1] < y + width - 0.4)


def _hidden(eye: Floats, target: Floats, boxes: Floats, tops: Floats) -> float:
    """Return how much stands near the eye and in the first half of its sight."""
    line = eye + (target - eye) * np.linspace(0.0, 0.55, 12)[:, None]
    over = (line[:, None, :2] > boxes[:, :2] - 0.4).all(axis=2)
    under = (line[:, None, :2] < boxes[:, 2:] + 0.4).all(axis=2)
    low = line[:, 2:] < tops + 0.5
    hits = over & under & low
    return float(10.0 * hits[:2].any() + hits.any(axis=1).sum() * 0.5)


def _out_of_view(eye: Floats, target: Floats, spots: Floats) -> float:
    """Return the share of spots (n, 3) that a camera at the eye does not see."""
    ahead = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(ahead, (0.0, 0.0, 1.0))
    right /= max(float(np.linalg.norm(right)), 1e-9)
    way = spots - eye
    deep = way @ ahead
    across, up = np.abs(way @ right), np.abs(way @ np.cross(right, ahead))
    half = APERTURE / FOCAL / 2 * EDGE
    seen = (deep > 0.1) & (across < half[0] * deep) & (up < half[1] * deep)
    return float(1.0 - seen.mean())


def _machines(workcell: Workcell) -> list[tuple[Vec3, float]]:
    """Return where the machines of a workcell stand, a metre above the floor, and their height."""
    return [
        ((*s.machine_position_m(k)[:2], 1.0), s.size_m[2])
        for s in workcell.stations
        for k in range(s.machines)
    ]


def _standing(plant: Plant, workcell: Workcell, eye_m: float) -> list[float]:
    x, y, z = above(workcell)
    side = -1 if y > plant.building.size_m[1] / 2 else 1
    away = _half_width_m(workcell) + 2.5
    return [x - 3.0, y + side * away, eye_m, x + 1.0, y, min(max(z / 2, 1.0), EYE_M)]


def _spread_m(workcell: Workcell) -> float:
    """Return the longest side of the box around a workcell's machines and buffers."""
    boxes = _boxes(workcell)
    return max(float((boxes[:, 2:] - boxes[:, :2]).max()), 1.0) if len(boxes) else 4.0


def _half_width_m(workcell: Workcell) -> float:
    boxes = _boxes(workcell)
    return float(boxes[0, 3] - boxes[0, 1]) / 2 if len(boxes) else 1.0


def _boxes(workcell: Workcell) -> Floats:
    """Return the box (1, 4) of x and y around the machines and buffers; none: (0, 4)."""
    spots = [
        (*s.machine_position_m(k)[:2], max(s.size_m[:2]))
        for s in workcell.stations
        for k in range(s.machines)
    ]
    spots += [(*b.position_m[:2], max(b.size_m[:2])) for b in workcell.buffers]
    if not spots:
        return np.zeros((0, 4))
    found = np.array(spots)
    low = (found[:, :2] - found[:, 2:] / 2).min(axis=0)
    high = (found[:, :2] + found[:, 2:] / 2).max(axis=0)
    return np.array([[*low, *high]])


def above(workcell: Workcell) -> Vec3:
    """Return the point above the middle of a workcell's machines, or of its buffers."""
    spots = [(*spot[:2], high) for spot, high in _machines(workcell)]
    spots = spots or [(b.position_m[0], b.position_m[1], b.size_m[2]) for b in workcell.buffers]
    if not spots:
        return (0.0, 0.0, 0.0)
    found = np.array(spots)
    return (float(found[:, 0].mean()), float(found[:, 1].mean()), float(found[:, 2].max()) + 0.8)


def look_at_deg(eye_m: Floats, target_m: Floats) -> Floats:
    """Return rotations (n, 3) about x, y, z of cameras that look along -z; unwrapped."""
    way = target_m - eye_m
    flat = np.hypot(way[:, 0], way[:, 1])
    up = np.degrees(np.arctan2(way[:, 2], flat))
    round_ = np.degrees(np.unwrap(np.arctan2(way[:, 1], way[:, 0])))
    return np.stack([90 + up, np.zeros(len(way)), round_ - 90], axis=1)


def _views(stops: Floats) -> Floats:
    """Return eye and rotation (n, 6) of stops given by eye and target."""
    return np.hstack([stops[:, :3], look_at_deg(stops[:, :3], stops[:, 3:])])


def _camera(layer: Layer, name: str, times_s: Floats, views: Floats) -> None:
    path = f"{CAMERAS}/{name}"
    prim = layer.define(path, "Camera")
    add, floats = layer.attribute, Sdf.ValueTypeNames.Float
    add(prim, "focalLength", floats, FOCAL)
    add(prim, "horizontalAperture", floats, float(APERTURE[0]))
    add(prim, "verticalAperture", floats, float(APERTURE[1]))
    add(prim, "clippingRange", Sdf.ValueTypeNames.Float2, Gf.Vec2f(0.1, FAR_M))
    layer.order(prim, TRANSLATE, ROTATION)
    eyes, turns = views[:, :3], views[:, 3:]
    if len(times_s) == 1:
        add(prim, TRANSLATE, DOUBLE3, vec3d(eyes)[0])
        add(prim, ROTATION, FLOAT3, vec3f(turns)[0])
        return
    add(prim, TRANSLATE, DOUBLE3)
    add(prim, ROTATION, FLOAT3)
    layer.linear(f"{path}.{TRANSLATE}", times_s * CODES_PER_S, vec3d(eyes))
    layer.linear(f"{path}.{ROTATION}", times_s * CODES_PER_S, vec3f(turns))
