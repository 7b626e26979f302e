"""Cameras: an overview, and a flight along the workcells."""

from __future__ import annotations

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
    layer.save()


def flight(plant: Plant) -> Floats:
    """Return eye and target (n, 6) of the stops of the flight, in process order."""
    length, width, _ = plant.building.size_m
    high = 0.5 * max(length, width)
    stops = [[-0.2 * length, -0.35 * width, high, length / 3, width / 2, 0.0]]
    for workcell in plant.workcells():
        x, y, z = above(workcell)
        side = -1 if y > width / 2 else 1
        stops.append([x - 9, y + side * 9, max(z, 3.0) + 2.5, x + 2, y, z / 3])
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
