"""Parts that many machines share: cabinets, guarded frames, screens, signal towers."""

from __future__ import annotations

from twin.plant.base import Vec2, Vec3
from twin.usd.shape import Shape

BELT_M = 0.95
"""Height at which single pieces travel through machines."""

LINE_SHARE = -0.14
"""Where the product passes a guarded machine, as a share of its width off the middle."""


def cabinet(shape: Shape, centre_m: Vec2, size_m: Vec3, doors: int = 2) -> None:
    """Draw a cabinet with plinth, doors and handles on its +y side."""
    (x, y), (length, width, height) = centre_m, size_m
    shape.box("base", (x, y, 0.05), (length - 0.06, width - 0.06, 0.1))
    shape.box("body", (x, y, 0.1 + (height - 0.1) / 2), (length, width - 0.08, height - 0.1))
    each, face = length / doors, y + width / 2 - 0.04
    for k in range(doors):
        middle = x - length / 2 + each * (k + 0.5)
        door = (each - 0.08, 0.016, height - 0.35)
        shape.box("panel", (middle, face + 0.008, height / 2 + 0.05), door)
        shape.box("dark", (middle + each / 2 - 0.1, face + 0.025, height / 2), (0.025, 0.02, 0.22))


def screen(shape: Shape, spot_m: Vec3) -> None:
    """Draw an operator's screen on a post; `spot_m` is the foot of the screen."""
    x, y, z = spot_m
    shape.rod("steel", (x, y, 0), (x, y, z), 0.03, sides=8)
    shape.box("dark", (x, y, z + 0.18), (0.46, 0.06, 0.34))
    shape.box("screen", (x, y + 0.034, z + 0.18), (0.4, 0.01, 0.27))


def guarded(
    shape: Shape, size_m: Vec3, *, table_m: float = 0.85, modules: int = 2, roof_m: float = 0.22
) -> None:
    """Draw a guarded machine: table, frame, glass, roof, service cabinet, screen."""
    length, width, height = size_m
    depth = width * 0.72
    y = depth / 2 - width / 2
    clear = height - roof_m - table_m
    shape.box("base", (0, y, 0.06), (length - 0.1, depth - 0.1, 0.12))
    shape.box("body", (0, y, table_m / 2 + 0.06), (length, depth, table_m - 0.12))
    each = length / modules
    for k in range(modules + 1):
        x = min(max(each * k - length / 2, 0.04 - length / 2), length / 2 - 0.04)
        for side in (y - depth / 2 + 0.04, y + depth / 2 - 0.04):
            shape.box("metal", (x, side, table_m + clear / 2), (0.07, 0.07, clear))
    for k in range(modules):
        door = (each * (k + 0.5) - length / 2, y + depth / 2 + 0.008, table_m / 2 + 0.06)
        shape.box("panel", door, (each - 0.14, 0.016, table_m - 0.28))
    shape.box("glass", (0, y, table_m + clear / 2), (length - 0.06, depth - 0.06, clear))
    shape.box("body", (0, y, height - roof_m / 2), (length, depth, roof_m))
    strip = (length * 0.86, 0.012, roof_m * 0.4)
    shape.box("accent", (0, y + depth / 2 + 0.006, height - roof_m / 2), strip)
    service = (length * 0.36, width * 0.2, min(height, 2.0))
    cabinet(shape, (-length * 0.3, width * 0.4), service)
    screen(shape, (length * 0.28, width * 0.38, min(1.1, height - 0.4)))
    shape.lamp_m = (length / 2 - 0.25, y, height)


def through(shape: Shape, size_m: Vec3) -> None:
    """Draw the belt products ride on through a guarded machine."""
    length, width, _ = size_m
    shape.box("belt", (0, width * LINE_SHARE, BELT_M - 0.05), (length, 0.5, 0.06))


def signal_tower(shape: Shape, pole_m: float) -> None:
    """Draw the pole of the signal lamp and move the lamp to its top."""
    if shape.lamp_m is None:
        return
    x, y, z = shape.lamp_m
    shape.rod("steel", (x, y, z), (x, y, z + pole_m), 0.025, sides=6)
    shape.lamp_m = (x, y, z + pole_m)
