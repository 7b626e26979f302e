"""A shelf for rolls, magazines or boxes."""

from __future__ import annotations

from itertools import product

from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the shelf; ``shelves_m`` are the heights lots stand at."""
    length, width, height = spec.size_m
    shelves = spec.options.get("shelves_m", (0.15,))
    bays = max(1, round(length / 2))
    sides = (-width / 2 + 0.04, width / 2 - 0.04)
    for k, y in product(range(bays + 1), sides):
        x = min(max(length * (k / bays - 0.5), 0.04 - length / 2), length / 2 - 0.04)
        shape.box("rack", (x, y, height / 2), (0.07, 0.07, height))
    for z in shelves if isinstance(shelves, list | tuple) else ():
        shape.box("panel", (0, 0, z - 0.03), (length - 0.04, width - 0.06, 0.04))
        for y in sides:
            shape.box("steel", (0, y, z - 0.06), (length, 0.06, 0.07))
