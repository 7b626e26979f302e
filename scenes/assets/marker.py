"""A marker for a flag: a ring on the floor and a sign above, in the colour of its severity."""

from __future__ import annotations

from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the marker around a thing of the size asked for; ``look`` is warning or critical."""
    length, width, height = spec.size_m
    look = str(spec.options.get("look", "warning"))
    for side in (-1, 1):
        shape.box(look, (0, side * (width / 2 + 0.1), 0.03), (length + 0.4, 0.2, 0.04))
        shape.box(look, (side * (length / 2 + 0.1), 0, 0.03), (0.2, width, 0.04))
    shape.rod("steel", (0, 0, height + 0.35), (0, 0, height + 0.75), 0.03, sides=8)
    shape.rod(look, (0, 0, height + 0.75), (0, 0, height + 1.5), 0.45, 0.0, sides=3)
    shape.box("helmet", (0, 0, height + 0.7), (0.95, 0.95, 0.03))
