"""A bay for goods in or out: marked floor with pallets."""

from __future__ import annotations

from scenes.assets import zone
from scenes.assets.module import place, repeat
from scenes.assets.stock import stock
from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the bay."""
    length, width, _ = spec.size_m
    shape.at((-length / 2, -width / 2, 0))
    zone.draw(shape, AssetSpec("zone", (length, width, 0.0), {"kind": "restricted"}))
    shape.coarse = shape.from_afar()
    place(shape, (0, 0, 0))
    spots = [(0.0, y, 0.0) for y in (-width / 4, width / 4)]
    repeat(shape, "pallet", stock("pallet").size_m, spots)
