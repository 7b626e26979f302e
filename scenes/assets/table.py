"""A table on four legs with a nest, where a robot takes or places parts."""

from __future__ import annotations

from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the table."""
    length, width, height = spec.size_m
    for x in (-1, 1):
        for y in (-1, 1):
            leg = (x * (length / 2 - 0.08), y * (width / 2 - 0.08), (height - 0.08) / 2)
            shape.box("steel", leg, (0.09, 0.09, height - 0.08))
    shape.box("body", (0, 0, height - 0.05), (length, width, 0.06))
    shape.box("steel", (0, 0, height - 0.01), (length * 0.6, width * 0.5, 0.02))
    shape.box("panel", (0, 0, 0.25), (length * 0.5, width * 0.4, 0.5))
    shape.lamp_m = (length / 2 - 0.06, width / 2 - 0.06, height)
