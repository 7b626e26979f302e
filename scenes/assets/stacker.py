"""A Z-fold stacker: two magazines, a turning table between them and a portal above."""

from __future__ import annotations

from scenes.assets.parts import LINE_SHARE, guarded
from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the stacker."""
    length, width, height = spec.size_m
    guarded(shape, spec.size_m, modules=3, table_m=0.7)
    y, beam = width * LINE_SHARE, min(1.85, height - 0.5)
    for x in (-0.32, 0.32):
        shape.box("tray", (x * length, y, 0.95), (0.5, 0.5, 0.45))
        shape.box("copper", (x * length, y, 1.2), (0.34, 0.34, 0.06))
    shape.rod("steel", (0, y, 0.7), (0, y, 0.95), 0.35, sides=24)
    shape.box("copper", (0, y, 1.0), (0.4, 0.3, 0.08))
    for side in (-1, 1):
        shape.box("metal", (side * length * 0.42, y, (0.7 + beam) / 2), (0.12, 0.12, beam - 0.7))
    shape.box("metal", (0, y, beam), (length * 0.86, 0.16, 0.14))
    for x in (-0.2, 0.2):
        shape.box("steel", (x * length, y, beam - 0.3), (0.12, 0.12, 0.5))
        shape.box("dark", (x * length, y, beam - 0.57), (0.3, 0.24, 0.04))
    shape.rod(
        "foil", (-0.1 * length, y - 0.3, beam - 0.1), (-0.1 * length, y + 0.3, beam - 0.1), 0.14
    )
