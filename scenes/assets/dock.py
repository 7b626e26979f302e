"""A bay for goods in or out: marked floor with pallets."""

from __future__ import annotations

from scenes.assets import zone
from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the bay."""
    length, width, height = spec.size_m
    shape.at((-length / 2, -width / 2, 0))
    zone.draw(shape, AssetSpec("zone", (length, width, 0.0), {"kind": "restricted"}))
    shape.at((0, 0, 0))
    for y in (-width / 4, width / 4):
        for k in (-1, 0, 1):
            shape.box("timber", (0, y + k * 0.4, 0.115), (1.2, 0.12, 0.03))
            shape.box("timber", (k * 0.5, y, 0.05), (0.1, 1.0, 0.1))
    del height
