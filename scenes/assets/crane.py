"""A stacker crane: cart and mast on the rail, a carriage that lifts, forks that reach out.

The frame is the crane's own: x along the rail.
"""

from __future__ import annotations

from twin.usd.shape import AssetSpec, Shape


def draw_mast(shape: Shape, spec: AssetSpec) -> None:
    """Draw cart and mast; the size is the footprint and the height."""
    length, width, height = spec.size_m
    shape.box("base", (0, 0, 0.22), (length * 1.2, width * 0.7, 0.28))
    shape.box("panel", (length * 0.52, 0, 0.9), (0.3, width * 0.5, 1.1))
    for side in (-1, 1):
        shape.box(
            "metal", (side * length * 0.42, 0, height / 2 + 0.15), (0.16, width * 0.3, height - 0.3)
        )
        wheel = (side * length * 0.45, 0.1)
        shape.rod("dark", (wheel[0], -0.1, wheel[1]), (wheel[0], 0.1, wheel[1]), 0.1, sides=16)
    shape.box("metal", (0, 0, height - 0.1), (length, width * 0.5, 0.2))
    shape.lamp_m = (length * 0.52, 0, 1.45)


def draw_carriage(shape: Shape, spec: AssetSpec) -> None:
    """Draw the lifting carriage around its own origin, the height of the forks."""
    length, width, _ = spec.size_m
    shape.box("accent", (0, 0, -0.14), (length * 0.72, width * 0.9, 0.12))
    for side in (-1, 1):
        shape.box("steel", (side * length * 0.34, 0, 0.1), (0.06, width * 0.3, 0.5))


def draw_forks(shape: Shape, spec: AssetSpec) -> None:
    """Draw the two forks; they reach out along y."""
    length, width, _ = spec.size_m
    for side in (-1, 1):
        shape.box("dark", (side * length * 0.14, 0, -0.04), (0.12, width * 1.2, 0.05))


def draw_rail(shape: Shape, spec: AssetSpec) -> None:
    """Draw the rail; the size's length is the rail's."""
    length, _, _ = spec.size_m
    shape.box("steel", (0, 0, 0.03), (length, 0.14, 0.06))
    for side in (-1, 1):
        shape.box("dark", (side * length / 2, 0, 0.2), (0.12, 0.5, 0.4))
