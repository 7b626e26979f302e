"""A zone of the hall: floor colour, marking, fence. Origin: its lower-left corner."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from scenes.assets.module import grid, place, repeat
from scenes.assets.stock import stock
from twin.usd.shape import AssetSpec, Shape

_FLOORS = {"dry_room": "dry_floor", "airlock": "dry_floor", "agv_aisle": "aisle"}
_TAPE_M = 0.1
_PANEL_M = 1.6
"""Longest panel of a fence."""

_GATE_M = 1.0
_BEHIND_M = 0.05
"""How far behind the fence its gate runs."""


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw a zone of ``kind``; walls are drawn by `scenes.assets.room`."""
    length, width, _ = spec.size_m
    kind = spec.options.get("kind")
    floor = _FLOORS.get(str(kind))
    if floor:
        z = 0.006 if kind == "agv_aisle" else 0.004
        shape.box(floor, (length / 2, width / 2, z), (length, width, 0.002))
    if kind == "walkway":
        shape.box("walkway", (length / 2, width / 2, 0.005), (length, width, 0.002))
        _tape(shape, length, width)
    elif kind != "dry_room":
        _tape(shape, length, width)
    if kind == "robot_cell":
        shape.coarse = shape.from_afar()
        _fence(shape, length, width)


def _tape(shape: Shape, length: float, width: float) -> None:
    """Draw a frame of tape on the floor."""
    for y in (_TAPE_M / 2, width - _TAPE_M / 2):
        shape.box("mark", (length / 2, y, 0.01), (length, _TAPE_M, 0.004))
    for x in (_TAPE_M / 2, length - _TAPE_M / 2):
        shape.box("mark", (x, width / 2, 0.01), (_TAPE_M, width - 2 * _TAPE_M, 0.004))


def _sides(length: float, width: float) -> Iterator[tuple[float, float, float, float]]:
    """Yield centre, heading and length of the four sides."""
    yield length / 2, 0, 0, length
    yield length, width / 2, 90, width
    yield length / 2, width, 180, length
    yield 0, width / 2, 270, width


def _fence(shape: Shape, length: float, width: float) -> None:
    """Draw a safety fence of posts and mesh panels, with a gate in its first side."""
    for x, y, heading, long in _sides(length, width):
        place(shape, (x, y, 0), heading)
        gated = heading == 0 and long > 2 * _GATE_M
        rest = (long - _GATE_M) / 2 if gated else long
        for side in (-1, 1) if gated else (0,):
            _run(shape, side * (_GATE_M + rest) / 2, rest)
        if gated:
            _gate(shape)
    place(shape, (0, 0, 0))


def _run(shape: Shape, middle: float, long: float) -> None:
    """Draw panels of one length side by side, each with a post at its beginning."""
    bays = max(1, math.ceil(long / _PANEL_M))
    ends = middle + long * (np.arange(bays + 1) / bays - 0.5)
    repeat(shape, "fence_post", stock("fence_post").size_m, grid(ends[:-1], 0.0, 0.0))
    _, thick, height = stock("fence_panel").size_m
    middles = (ends[:-1] + ends[1:]) / 2
    repeat(shape, "fence_panel", (long / bays, thick, height), grid(middles, 0.0, 0.0))


def _gate(shape: Shape) -> None:
    """Draw the gate in the middle of a side; it slides behind the fence."""
    repeat(shape, "fence_gate_frame", stock("fence_gate_frame").size_m, [(0.0, 0.0, 0.0)])
    gate = shape.sliding("gate", (0, _BEHIND_M, 0), (1, 0, 0), _GATE_M)
    for look, surface in stock("fence_gate").near.items():
        gate.mesh(look, surface.mesh)
