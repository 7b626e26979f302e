"""A mobile robot: a flat one that lifts, or a larger one with rollers on top."""

from __future__ import annotations

from scenes.assets.stock import draw_stock
from twin.usd.shape import AssetSpec, Shape

LARGE_M = 1.6
"""From this length on, a vehicle carries a roller deck."""


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the vehicle; it drives towards +x, and what it carries stands at its height."""
    draw_stock("amr_roller" if spec.size_m[0] >= LARGE_M else "amr_lift", shape, spec)
