"""An end-of-line tester: measuring modules with screens along the belt."""

from __future__ import annotations

from scenes.assets.parts import guarded, through
from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the tester."""
    length, width, _ = spec.size_m
    guarded(shape, spec.size_m, modules=max(3, round(length / 2)))
    through(shape, spec.size_m)
    for k in range(5):
        x = (0.2 * k - 0.4) * length
        shape.box("panel", (x, -width * 0.3, 1.25), (length * 0.13, width * 0.16, 0.7))
        shape.box("screen", (x, -width * 0.215, 1.3), (length * 0.08, 0.02, 0.25))
        shape.rod("metal", (x, -width * 0.22, 1.02), (x, -width * 0.14, 1.02), 0.025, sides=6)
