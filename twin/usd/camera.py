"""Cameras: an overview, and a flight along the workcells."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf

from twin.plant.base import Vec3
from twin.plant.plant import Plant, Workcell
from twin.usd.joint import ROTATION
from twin.usd.layer import DOUBLE3, FLOAT3, Layer, vec3d, vec3f
from twin.usd.moving_part import TRANSLATE
from twin.usd.path import CAMERAS
from twin.usd.span import CODES_PER_S, Span

Floats = NDArray[np.float64]

FILE = "layers/cameras.usdc"
PER_STOP_S = 5.0
KEY_S = 0.25
WALK_STOP_S = 6.0
ORBIT_S = 60.0
N_ORBIT = 120
EYE_M = 1.65
"""Height of the eyes of the one who walks."""
BELOW_SIGNS_M = 3.1
"""Height of eyes that look below the signs."""
BELOW_CEILING_M = 4.2
"""Height of eyes that fly below the ceiling of a dry room."""


def write_cameras(folder: Path, span: Span, plant: Plant) -> None:
    """Write the cameras; the flight begins with the span and ends after all workcells."""
    layer = Layer(folder / FILE, span)
    layer.define(CAMERAS, "Scope")
    length, width, _ = plant.building.size_m
    eye = (length * 0.5, -0.72 * width - 0.16 * length, 0.58 * max(length, width))
    still = np.array([[*eye, length * 0.5, width * 0.45, 0.0]])
    _camera(layer, "Overview", np.array([span.start_s]), _views(still))
    stops = _views(flight(plant))
    end = min(span.end_s, span.start_s + PER_STOP_S * (len(stops) - 1))
    n_keys = int((end - span.start_s) / KEY_S) + 1
    times = np.linspace(span.start_s, end, n_keys)
    _camera(layer, "FlyThrough", times, _along(stops, n_keys))
    walk = _views(walk_through(plant))
    end = min(span.end_s, span.start_s + WALK_STOP_S * (len(walk) - 1))
    n_keys = int((end - span.start_s) / KEY_S) + 1
    _camera(layer, "WalkThrough", np.linspace(span.start_s, end, n_keys), _along(walk, n_keys))
    end = min(span.end_s, span.start_s + ORBIT_S)
    _camera(layer, "Orbit", np.linspace(span.start_s, end, N_ORBIT + 1), _views(orbit(plant)))
    layer.define(f"{CAMERAS}/Workcells", "Scope")
    for workcell in plant.workcells():
        view = _views(np.array([workcell_view(plant, workcell)]))
        _camera(layer, f"Workcells/{workcell.id}", np.array([span.start_s]), view)
    layer.save()


def walk_through(plant: Plant) -> Floats:
    """Return eye and target (n, 6) of a walk at eye level past all workcells in process order.

    One enters where the process begins. At every workcell one stands on its operators' side.
    """
    stops = [_standing(plant, workcell) for workcell in plant.workcells()]
    if not stops:
        length, width, _ = plant.building.size_m
        return np.array([[0, width / 2, EYE_M, length, width / 2, EYE_M]] * 2)
    first = np.array(stops[0])
    door = np.array([first[0] - 12, first[1], EYE_M, *first[3:]])
    return np.vstack([door, stops])


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
            np.full(len(angle), 0.5 * far + height),
        ],
        axis=1,
    )
    return np.hstack([eyes, np.tile(middle, (len(eyes), 1))])


def workcell_view(plant: Plant, workcell: Workcell) -> list[float]:
    """Return eye and target (6,) from which a whole workcell is in the picture."""
    x, y, z = above(workcell)
    far = 0.75 * _spread_m(workcell) + 3.0
    side = -1 if y > plant.building.size_m[1] / 2 else 1
    high = min(max(z, 2.0) + 0.35 * far, max(z + 0.8, BELOW_SIGNS_M))
    return [x - 0.6 * far, y + side * 0.8 * far, high, x, y, z / 2]


def _standing(plant: Plant, workcell: Workcell) -> list[float]:
    x, y, z = above(workcell)
    side = -1 if y > plant.building.size_m[1] / 2 else 1
    away = _half_width_m(workcell) + 2.5
    return [x - 3.0, y + side * away, EYE_M, x + 1.5, y, min(max(z / 2, 1.0), EYE_M)]


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


def flight(plant: Plant) -> Floats:
    """Return eye and target (n, 6) of the stops of the flight, in process order."""
    length, width, _ = plant.building.size_m
    high = 0.5 * max(length, width)
    stops = [[-0.2 * length, -0.35 * width, high, length / 3, width / 2, 0.0]]
    for workcell in plant.workcells():
        x, y, z = above(workcell)
        side = -1 if y > width / 2 else 1
        stops.append([x - 9, y + side * 9, max(z + 1.2, BELOW_CEILING_M), x + 2, y, z / 3])
    stops.append([1.1 * length, -0.5 * width, high, length / 2, width / 2, 0.0])
    return np.array(stops)


def above(workcell: Workcell) -> Vec3:
    """Return the point above the middle of a workcell's machines, or of its buffers."""
    spots = [
        (*s.machine_position_m(k)[:2], s.size_m[2])
        for s in workcell.stations
        for k in range(s.machines)
    ]
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


def _along(stops: Floats, n_keys: int) -> Floats:
    """Return `n_keys` views from the first stop to the last, soft at every stop."""
    share = np.linspace(0.0, len(stops) - 1, n_keys)
    first = np.minimum(share.astype(np.int64), len(stops) - 2)
    part = share - first
    soft = (part * part * (3 - 2 * part))[:, None]
    return np.asarray(stops[first] * (1 - soft) + stops[first + 1] * soft)


def _camera(layer: Layer, name: str, times_s: Floats, views: Floats) -> None:
    path = f"{CAMERAS}/{name}"
    prim = layer.define(path, "Camera")
    add, floats = layer.attribute, Sdf.ValueTypeNames.Float
    add(prim, "focalLength", floats, 22.0)
    add(prim, "horizontalAperture", floats, 36.0)
    add(prim, "verticalAperture", floats, 20.25)
    add(prim, "clippingRange", Sdf.ValueTypeNames.Float2, Gf.Vec2f(0.1, 2000.0))
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
