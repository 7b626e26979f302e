"""A heat sealer: sealing bars on three sides of the pouch."""

from __future__ import annotations

from scenes.assets.parts import LINE_SHARE, guarded, through
from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the sealer."""
    length, width, height = spec.size_m
    guarded(shape, spec.size_m, modules=max(2, round(length / 1.6)))
    through(shape, spec.size_m)
    y = width * LINE_SHARE
    for x, size in ((-0.3, (0.08, 0.5, 0.16)), (0.0, (0.6, 0.08, 0.16)), (0.3, (0.08, 0.5, 0.16))):
        for z in (1.03, 1.3):
            shape.box("steel", (x * length, y, z), size)
        shape.rod("metal", (x * length, y, 1.38), (x * length, y, height - 0.25), 0.05, sides=10)
        shape.box("accent", (x * length, y, height - 0.4), (0.3, 0.3, 0.3))
