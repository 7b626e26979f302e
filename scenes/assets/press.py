"""A hot press: two heated plates with hydraulic rams, under a deep roof."""

from __future__ import annotations

from scenes.assets.parts import LINE_SHARE, guarded, through
from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the press."""
    length, width, height = spec.size_m
    guarded(shape, spec.size_m, modules=2, roof_m=0.5)
    through(shape, spec.size_m)
    y = width * LINE_SHARE
    for x in (-0.22 * length, 0.22 * length):
        shape.box("dark", (x, y, 1.03), (0.6, 0.6, 0.1))
        shape.box("dark", (x, y, 1.33), (0.6, 0.6, 0.12))
        shape.rod("metal", (x, y, 1.38), (x, y, height - 0.5), 0.12, sides=16)
        for dx, dy in ((-0.26, -0.26), (-0.26, 0.26), (0.26, -0.26), (0.26, 0.26)):
            shape.rod("steel", (x + dx, y + dy, 0.9), (x + dx, y + dy, height - 0.5), 0.03, sides=8)
