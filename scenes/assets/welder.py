"""An ultrasonic tab welder: two weld heads with horn and anvil over the belt."""

from __future__ import annotations

from scenes.assets.parts import LINE_SHARE, guarded, through
from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the welder."""
    length, width, height = spec.size_m
    guarded(shape, spec.size_m, modules=max(2, round(length / 1.6)))
    through(shape, spec.size_m)
    y = width * LINE_SHARE
    for x in (-0.25 * length, 0.2 * length):
        for side in (-1, 1):
            _head(shape, (x, y + side * min(0.42, width * 0.15)), side, height)
    shape.box("metal", (0, y - min(0.55, width * 0.3), height - 0.42), (length * 0.8, 0.12, 0.12))


def _head(shape: Shape, spot: tuple[float, float], side: int, height: float) -> None:
    """Draw one weld head: converter, horn pointing to the belt, anvil below."""
    x, y = spot
    shape.box("steel", (x, y, 0.98), (0.16, 0.2, 0.2))
    shape.box("body", (x, y + side * 0.08, 1.34), (0.26, 0.3, 0.3))
    shape.rod("metal", (x, y, 1.22), (x, y - side * 0.05, 1.1), 0.06, 0.03, sides=12)
    shape.box(
        "dark", (x, y + side * 0.08, (1.49 + height - 0.3) / 2), (0.1, 0.1, height - 0.3 - 1.49)
    )
