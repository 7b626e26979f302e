"""A low vehicle with a lifting deck, scanners, wheels and a light strip."""

from __future__ import annotations

from itertools import product

from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the vehicle; it drives towards +x."""
    length, width, height = spec.size_m
    shape.box("dark", (0, 0, 0.1), (length * 0.96, width * 0.9, 0.1))
    shape.box(
        "body", (0, 0, 0.15 + (height - 0.22) / 2), (length - 0.02, width - 0.02, height - 0.22)
    )
    shape.box("panel", (0, 0, height - 0.055), (length * 0.92, width * 0.92, 0.05))
    shape.box("steel", (0, 0, height - 0.015), (length * 0.8, width * 0.7, 0.03))
    shape.box("accent", (0, 0, height * 0.5), (length, width, 0.035))
    shape.box("helmet", (length / 2 - 0.008, 0, height * 0.62), (0.012, width * 0.6, 0.03))
    for x in (-1, 1):
        shape.box("screen", (x * (length / 2 - 0.05), 0, height * 0.32), (0.09, width * 0.5, 0.07))
    for x, y in product((-1, 1), (-1, 1)):
        wheel = x * length * 0.32
        shape.rod(
            "base", (wheel, y * width * 0.49, 0.09), (wheel, y * width * 0.42, 0.09), 0.09, sides=16
        )
        corner = (x * (length / 2 - 0.09), y * (width / 2 - 0.09))
        shape.rod("dark", (*corner, height - 0.2), (*corner, height - 0.07), 0.05, sides=10)
