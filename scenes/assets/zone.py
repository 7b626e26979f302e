"""A zone of the hall: floor colour, marking, fence. Origin: its lower-left corner."""

from __future__ import annotations

import math
from collections.abc import Iterator

from twin.usd.shape import AssetSpec, Shape

_FLOORS = {"dry_room": "dry_floor", "airlock": "dry_floor", "agv_aisle": "aisle"}
_TAPE_M = 0.1
_FENCE_M = 1.9
_GATE_M = 1.0


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
    """Draw a safety fence of posts, rails and wire panels."""
    for x, y, heading, long in _sides(length, width):
        shape.at((x, y, 0), heading)
        bays = max(1, math.ceil(long / 2))
        gate = _GATE_M if heading == 0 and long > 2 * _GATE_M else 0.0
        for k in range(bays):
            along = long * (k / bays - 0.5)
            if not gate or abs(along) >= gate / 2:
                shape.box("base", (along, 0, _FENCE_M / 2), (0.06, 0.06, _FENCE_M))
        rest = (long - gate) / 2
        for side in (-1, 1) if gate else (1,):
            middle, part = (side * (gate + rest) / 2, rest) if gate else (0.0, long)
            for z in (0.2, _FENCE_M - 0.02):
                shape.box("base", (middle, 0, z), (part, 0.03, 0.04))
            shape.box("fence", (middle, 0, 1.05), (part, 0.012, 1.66))
        if gate:
            _gate(shape)
    shape.at((0, 0, 0))


def _gate(shape: Shape) -> None:
    """Draw the gate in the middle of a side; it slides behind the fence."""
    gate = shape.sliding("gate", (0, 0.05, 0), (1, 0, 0), _GATE_M)
    for x in (-_GATE_M / 2 + 0.03, _GATE_M / 2 - 0.03):
        gate.box("accent", (x, 0, 1.05), (0.05, 0.04, 1.7))
    for z in (0.2, _FENCE_M - 0.02):
        gate.box("accent", (0, 0, z), (_GATE_M, 0.03, 0.04))
    gate.box("fence", (0, 0, 1.05), (_GATE_M - 0.1, 0.012, 1.66))
