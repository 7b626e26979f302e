"""Tools at the flange: vacuum grippers for one or eight pieces, and a finger gripper."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from scenes.assets.stock import draw_turned, stock_names
from twin.usd.shape import Shape

_OPEN_M = 0.025
"""Way of each finger from closed to open."""

_APART_M = 0.05
"""From the middle of the gripper to a closed finger."""

_JAW = "tool_finger_jaw"


def draw_tool(shape: Shape, kind: str, flange_m: NDArray[np.float64], length_m: float) -> None:
    """Draw a tool in the frame of the last link; its tip is `length_m` beyond the flange."""
    out = flange_m / (np.linalg.norm(flange_m) or 1.0)
    side = np.array([0.0, 1, 0]) if abs(out[2]) > 0.9 else np.array([0.0, 0, 1])
    third = np.cross(out, side)
    if (name := f"tool_{kind}") in stock_names():
        frame = np.stack([out, side, third])
        draw_turned(name, shape, frame=frame, at_m=flange_m, length_m=length_m)
        if kind == "finger":
            for finger in _fingers(shape, flange_m + out * length_m * 0.5, side):
                origin = np.zeros(3)
                draw_turned(_JAW, finger, frame=frame, at_m=origin, length_m=length_m * 0.5)
        return

    def spot(along: float, a: float = 0.0, b: float = 0.0) -> NDArray[np.float64]:
        return np.asarray(flange_m + along * out + a * side + b * third)

    shape.rod("dark", spot(0), spot(length_m * 0.55), 0.035)
    if kind == "finger":
        for finger in _fingers(shape, spot(length_m * 0.5), side):
            finger.rod("metal", (0, 0, 0), out * length_m * 0.5, 0.018, 0.012, sides=8)
        return
    wide, deep = (0.34, 0.16) if kind == "vacuum_8" else (0.13, 0.07)
    plate, end = length_m * 0.62, length_m - 0.03
    shape.rod("metal", spot(plate, -wide), spot(plate, wide), 0.03, sides=8)
    rows = (-1.0, -1 / 3, 1 / 3, 1.0) if kind == "vacuum_8" else (-1.0, 1.0)
    for row in rows:
        a = row * wide
        shape.rod("metal", spot(plate, a, -deep), spot(plate, a, deep), 0.02, sides=8)
    for row, b in product(rows, (-deep, deep)):
        a = row * wide
        shape.rod("steel", spot(plate, a, b), spot(end, a, b), 0.015, sides=8)
        shape.rod("dark", spot(end, a, b), spot(length_m, a, b), 0.02, 0.04, sides=10)


def _fingers(
    shape: Shape, middle_m: NDArray[np.float64], side: NDArray[np.float64]
) -> Iterator[Shape]:
    """Yield the two fingers, each to be drawn from its foot."""
    for name, way in (("finger_left", -side), ("finger_right", side)):
        yield shape.sliding(name, middle_m + _APART_M * way, way, _OPEN_M)
