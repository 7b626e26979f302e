"""Modules of a buffer's stand: the frame at an end, and a shelf with gravity rollers."""

from __future__ import annotations

from scenes.assets.cad.inline import rod
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import block
from twin.plant.base import Vec3

NAMES = ("buffer_frame", "buffer_shelf")
SIZES_M: dict[str, Vec3] = {"buffer_frame": (0.1, 1.6, 1.8), "buffer_shelf": (2.0, 1.6, 0.1)}
ROLLERS = 8


def model(name: str) -> Model:
    """Return a module."""
    made = Model(SIZES_M[name])
    {"buffer_frame": _frame, "buffer_shelf": _shelf}[name](made)
    return made


def _frame(made: Model) -> None:
    """Fill the frame: two posts on feet, cross bars, a yellow guard at either foot."""
    length, width, height = made.size_m
    for y in (-1, 1):
        face = y * (width / 2 - 0.04)
        made.add("metal", block((0.07, 0.07, height - 0.02), (0, face, 0.02), 0.01))
        made.add("steel", block((length, 0.08, 0.02), (0, face, 0)))
        made.add("safety", block((length - 0.01, 0.08, 0.2), (0, face, 0.02)))
        made.add_coarse("metal", block((0.07, 0.07, height), (0, face, 0)))
    for share in (0.12, 0.97):
        made.add("metal", block((0.05, width - 0.14, 0.05), (0, 0, share * height - 0.05)))


def _shelf(made: Model) -> None:
    """Fill a shelf whose rollers carry the lots at its top: beams, rollers, label strip."""
    length, width, height = made.size_m
    for y in (-1, 1):
        made.add("accent", block((length, 0.05, height), (0, y * (width / 2 - 0.05), 0)))
        made.add_coarse("accent", block((length, width * 0.9, height * 0.6), (0, 0, height * 0.4)))
    made.add(
        "mark", block((length * 0.8, 0.012, height * 0.5), (0, width / 2 - 0.02, height * 0.2))
    )
    half = width / 2 - 0.075
    for k in range(ROLLERS):
        x = length * ((k + 0.5) / ROLLERS - 0.5)
        made.add("steel", rod((x, -half, height - 0.024), (x, half, height - 0.024), 0.024, 6))
