"""A person in work clothes with helmet and badge, facing +x."""

from __future__ import annotations

from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the person, 1.78 m tall whatever the size asked for."""
    del spec
    shape.rod("cloth", (0, 0, 0.82), (0, 0, 1.42), 0.16, 0.2)
    shape.rod("cloth", (0, 0, 1.42), (0, 0, 1.5), 0.2, 0.08)
    shape.rod("skin", (0, 0, 1.5), (0, 0, 1.74), 0.09, 0.1)
    shape.rod("helmet", (0, 0, 1.68), (0, 0, 1.78), 0.125, 0.08, sides=14)
    shape.box("helmet", (0.06, 0, 1.69), (0.2, 0.2, 0.02))
    shape.box("panel", (0.165, 0, 1.2), (0.02, 0.24, 0.06))
    for side in (-1, 1):
        shape.rod("cloth", (0, side * 0.24, 0.85), (0, side * 0.22, 1.4), 0.045, 0.06, sides=8)
        shape.rod("base", (0, side * 0.1, 0.84), (0.02, side * 0.1, 0.06), 0.085, 0.06, sides=10)
        shape.box("dark", (0.06, side * 0.1, 0.035), (0.24, 0.09, 0.07))
