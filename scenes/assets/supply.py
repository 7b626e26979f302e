"""What stands in the yard behind a plant: gas tanks, chillers, transformers, and lamps on poles."""

from __future__ import annotations

import math

from twin.usd.shape import AssetSpec, Shape


def draw_tank(shape: Shape, spec: AssetSpec) -> None:
    """Draw a standing tank of liquid nitrogen with its evaporator's pipes, on a slab."""
    wide, _, high = spec.size_m
    r = wide / 2 - 0.15
    shape.box("plinth", (0, 0, 0.1), (wide + 1.0, wide + 1.0, 0.2))
    shape.rod("body", (0, 0, 1.1), (0, 0, high - 0.7), r, sides=20)
    for (z0, r0), (z1, r1) in (((0.6, 0.55), (1.1, 1.0)), ((high - 0.7, 1.0), (high - 0.25, 0.72)),
                               ((high - 0.25, 0.72), (high, 0.2))):  # fmt: skip
        shape.rod("body", (0, 0, z0), (0, 0, z1), r0 * r, r1 * r, sides=20)
    for k in range(4):
        x, y = r * 0.8 * math.cos(k * 1.571 + 0.785), r * 0.8 * math.sin(k * 1.571 + 0.785)
        shape.rod("steel", (x, y, 0.2), (x, y, 1.4), 0.09, sides=8)
    shape.rod("accent", (0, 0, high * 0.62), (0, 0, high * 0.7), r + 0.01, sides=20)
    shape.rod("steel", (r + 0.12, 0, 0.2), (r + 0.12, 0, high - 0.6), 0.04, sides=6)
    shape.box("metal", (0, -r - 0.35, 1.0), (1.2, 0.4, 1.2))


def draw_chiller(shape: Shape, spec: AssetSpec) -> None:
    """Draw an air-cooled chiller: frame, coils as dark flanks, fans on top."""
    length, width, high = spec.size_m
    shape.box("plinth", (0, 0, 0.1), (length + 0.4, width + 0.4, 0.2))
    shape.box("base", (0, 0, 0.45), (length - 0.2, width - 0.5, 0.5))
    shape.box("dark", (0, 0, 1.4), (length - 0.1, width - 0.12, 1.4))
    n = 4
    for k in range(n + 1):
        x = (length - 0.1) * (k / n - 0.5)
        for y in (-1, 1):
            shape.box("panel", (x, y * (width / 2 - 0.05), 1.25), (0.12, 0.12, 2.1))
    shape.box("body", (0, 0, high - 0.32), (length, width, 0.24))
    for k in range(n):
        x = (length - 0.1) * ((k + 0.5) / n - 0.5)
        shape.rod("dark", (x, 0, high - 0.22), (x, 0, high - 0.02), 0.5, sides=14)
        shape.rod("metal", (x, 0, high - 0.04), (x, 0, high), 0.16, sides=8)
    shape.rod("accent", (length / 2, 0.5, 0.7), (length / 2 + 0.5, 0.5, 0.7), 0.11, sides=8)
    shape.box("panel", (-length / 2 - 0.12, 0, 1.2), (0.24, 1.2, 1.5))


def draw_transformer(shape: Shape, spec: AssetSpec) -> None:
    """Draw a transformer with cooling fins and bushings in a fenced bay."""
    length, width, high = spec.size_m
    shape.box("plinth", (0, 0, 0.1), (length + 1.2, width + 1.2, 0.2))
    shape.box("accent", (0, 0, 1.1), (length * 0.62, width * 0.5, 1.7))
    for k in range(9):
        x = length * 0.56 * (k / 8 - 0.5)
        for side in (-1, 1):
            shape.box("accent", (x, side * width * 0.36, 1.05), (0.05, width * 0.22, 1.3))
    for k in (-1, 0, 1):
        shape.rod("bark", (k * 0.55, 0, 1.95), (k * 0.55, 0, high), 0.09, 0.05, sides=8)
    shape.rod("accent", (-0.7, 0.4, 2.25), (0.7, 0.4, 2.25), 0.24, sides=12)
    for x, y, long, wide in ((0, 1, length + 1, 0.03), (0, -1, length + 1, 0.03)):
        shape.box("fence", (x, y * (width / 2 + 0.5), 1.1), (long, wide, 1.9))
    for x in (-1, 1):
        shape.box("fence", (x * (length / 2 + 0.5), 0, 1.1), (0.03, width + 1, 1.9))
        for y in (-1, 1):
            spot = (x * (length / 2 + 0.5), y * (width / 2 + 0.5), 1.1)
            shape.box("base", spot, (0.07, 0.07, 2.0))


def draw_pole(shape: Shape, spec: AssetSpec) -> None:
    """Draw a lamp of the yard: a tapering pole with two heads."""
    _, reach, high = spec.size_m
    shape.box("plinth", (0, 0, 0.15), (0.45, 0.45, 0.3))
    shape.rod("steel", (0, 0, 0.3), (0, 0, high), 0.09, 0.05, sides=8)
    shape.box("steel", (0, 0, high), (0.06, reach, 0.06))
    for side in (-1, 1):
        shape.box("base", (0, side * reach / 2, high - 0.02), (0.3, 0.65, 0.1))
        shape.box("mark", (0, side * reach / 2, high - 0.075), (0.24, 0.55, 0.02))
