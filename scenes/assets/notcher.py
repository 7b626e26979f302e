"""A notching line: unwinder, web over rollers, laser, guarded outfeed with sheets."""

from __future__ import annotations

from itertools import pairwise

from scenes.assets.parts import cabinet, screen
from twin.usd.shape import AssetSpec, Shape

_WEB = ((-0.45, None), (-0.34, 1.5), (-0.28, 0.9), (-0.2, 1.1))
"""Rollers the web runs over: x as a share of the length, height (None: top of the reel)."""


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the line."""
    length, width, height = spec.size_m
    y, reel_m = -width * 0.1, min(0.4, height * 0.2)
    shape.box("base", (0, y, 0.3), (length, width * 0.4, 0.4))
    shape.box("panel", (0, y, 0.52), (length, width * 0.42, 0.06))
    _unwinder(shape, spec, reel_m)
    shape.box("copper", (0.05 * length, y, 1.18), (length * 0.5, width * 0.28, 0.012))
    shape.box(
        "body",
        (-0.02 * length, y, 0.55 + (height - 0.55) / 2),
        (length * 0.2, width * 0.4, height - 0.55),
    )
    shape.box("screen", (-0.02 * length, y + width * 0.2 + 0.01, 1.35), (length * 0.14, 0.02, 0.7))
    shape.rod("dark", (-0.02 * length, y, height - 0.3), (-0.02 * length, y, height), 0.18)
    _outfeed(shape, spec)
    cabinet(
        shape, (0.02 * length, width * 0.38), (length * 0.42, width * 0.18, min(height, 2.0)), 4
    )
    screen(shape, (-length * 0.32, width * 0.3, 1.1))
    shape.lamp_m = (0.06 * length, y, height)


def _unwinder(shape: Shape, spec: AssetSpec, reel_m: float) -> None:
    """Draw the reel of foil and the web over its rollers."""
    length, width, _ = spec.size_m
    y, half = -width * 0.1, width * 0.16
    reel_x = -0.5 * length + reel_m + 0.02
    reel = shape.turning("reel", (reel_x, y, 1.1), (0, 1, 0), reel_m)
    reel.rod("foil", (0, -half, 0), (0, half, 0), reel_m, sides=28)
    reel.rod("dark", (0, -half - 0.08, 0), (0, half + 0.08, 0), 0.09)
    for side in (-1, 1):  # bars on its faces show that it turns
        reel.box("dark", (0, side * (half + 0.01), 0), (1.6 * reel_m, 0.02, 0.05))
    shape.box("body", (reel_x, y - width * 0.19, 0.8), (0.3, 0.14, 1.1))
    path = [(reel_x, 1.1 + reel_m)]
    for k, (share, z) in enumerate(_WEB[1:]):
        x, height = share * length, z or 0.0
        roller = shape.turning(f"roller_{k + 1}", (x, y, height), (0, 1, 0), 0.08)
        roller.rod("metal", (0, -half, 0), (0, half, 0), 0.08, sides=16)
        roller.box("dark", (0.05, -half - 0.005, 0), (0.04, 0.01, 0.02))
        path.append((x, height + 0.08))
    for (x0, z0), (x1, z1) in pairwise(path):
        shape.beam("copper", (x0, y, z0), (x1, y, z1), width_m=width * 0.28, thick_m=0.008)


def _outfeed(shape: Shape, spec: AssetSpec) -> None:
    """Draw the guarded outfeed and the magazines at its end."""
    length, width, _ = spec.size_m
    y = -width * 0.1
    shape.box("glass", (0.24 * length, y, 1.25), (length * 0.3, width * 0.38, 1.3))
    for x in (0.1, 0.24, 0.385):
        for side in (-1, 1):
            shape.box("metal", (x * length, y + side * width * 0.19, 1.25), (0.06, 0.06, 1.35))
    shape.box("body", (0.24 * length, y, 1.95), (length * 0.3, width * 0.4, 0.12))
    end = min(0.5, 0.08 * length)
    x = length / 2 - end / 2 - 0.01
    shape.box("steel", (x, y, 0.8), (end, width * 0.3, 0.5))
    for share in (-0.08, 0.08):
        shape.box("copper", (x, y + share * width, 1.11), (end * 0.6, width * 0.06, 0.12))
