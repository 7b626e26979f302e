"""What lots travel in: coil, magazine, tray, box, or a single piece.

The origin is the centre of the underside.
"""

from __future__ import annotations

from itertools import product

from twin.usd.shape import AssetSpec, Shape


def draw_coil(shape: Shape, spec: AssetSpec) -> None:
    """Draw a roll of foil on a core, in a cradle."""
    length, width, height = spec.size_m
    radius = min(length, height) / 2 - 0.01
    middle = radius + 0.02
    shape.rod("foil", (0, -width / 2, middle), (0, width / 2, middle), radius, sides=28)
    shape.rod("dark", (0, -width * 0.7, middle), (0, width * 0.7, middle), 0.09, sides=12)
    for side in (-1, 1):
        shape.box("steel", (side * radius * 0.7, 0, 0.05), (0.12, width * 1.1, 0.1))


def draw_magazine(shape: Shape, spec: AssetSpec) -> None:
    """Draw a magazine of sheets between four posts."""
    length, width, height = spec.size_m
    shape.box("dark", (0, 0, 0.03), (length, width, 0.06))
    for x, y in product((-1, 1), (-1, 1)):
        post = (x * (length / 2 - 0.02), y * (width / 2 - 0.02), (height + 0.06) / 2)
        shape.box("steel", post, (0.04, 0.04, height - 0.06))
    shape.box("copper", (0, 0, height * 0.42), (length * 0.84, width * 0.84, height * 0.72))


def draw_tray(shape: Shape, spec: AssetSpec) -> None:
    """Draw a tray with battery cells standing in it."""
    length, width, height = spec.size_m
    shape.box("tray", (0, 0, 0.03), (length, width, 0.06))
    for side in (-1, 1):
        shape.box(
            "tray", (side * (length / 2 - 0.015), 0, height * 0.45), (0.03, width, height * 0.9)
        )
        shape.box(
            "tray", (0, side * (width / 2 - 0.015), height * 0.3), (length, 0.03, height * 0.6)
        )
    for k in range(6):
        x = length * 0.84 * ((k + 0.5) / 6 - 0.5)
        shape.box("product", (x, 0, height * 0.45), (length * 0.84 / 8, width * 0.84, height * 0.7))


def draw_box(shape: Shape, spec: AssetSpec) -> None:
    """Draw a closed box with tape."""
    length, width, height = spec.size_m
    shape.box("box", (0, 0, height / 2), (length, width, height))
    shape.box("panel", (0, 0, height + 0.002), (length, 0.07, 0.006))


def draw_piece(shape: Shape, spec: AssetSpec) -> None:
    """Draw a single stack or battery cell with its two tabs."""
    length, width, height = spec.size_m
    thick = max(height, 0.03)
    shape.box("product", (0, 0, thick / 2), (length, width, thick))
    for side in (-0.3, 0.3):
        shape.box(
            "copper", (length / 2 + 0.02, side * width, thick / 2), (0.06, width * 0.25, 0.012)
        )
