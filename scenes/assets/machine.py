"""A guarded machine without a look of its own: three stations on a belt."""

from __future__ import annotations

from scenes.assets.parts import LINE_SHARE, guarded, through
from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the machine."""
    length, width, _ = spec.size_m
    guarded(shape, spec.size_m, modules=max(2, round(length / 1.3)))
    through(shape, spec.size_m)
    for k in (-1, 0, 1):
        shape.box("steel", (k * length * 0.28, width * LINE_SHARE, 1.25), (0.28, 0.34, 0.5))
