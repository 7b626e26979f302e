"""A pouch forming and insertion station: foil reel, deep-draw tool, open table for a robot."""

from __future__ import annotations

from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the station; a robot reaches in from above, so nothing covers it."""
    length, width, height = spec.size_m
    shape.box("base", (0, 0, 0.06), (length - 0.1, width - 0.1, 0.12))
    shape.box("body", (0, 0, (height - 0.08) / 2 + 0.06), (length, width, height - 0.2))
    shape.box("panel", (0, 0, height - 0.05), (length, width, 0.06))
    for k in range(3):
        x = (k - 1) * length / 3
        shape.box(
            "panel", (x, width / 2 - 0.004, height * 0.45), (length / 3 - 0.12, 0.02, height * 0.6)
        )
        shape.box("dark", (x + 0.3, width / 2 - 0.004, height * 0.5), (0.03, 0.024, 0.2))
    shape.box("belt", (0, 0, height - 0.012), (length, 0.5, 0.02))
    nest_x, reel_x, reel_z = 0.36 - length / 2, length * 0.2, height + 0.3
    shape.box("steel", (nest_x, 0, height - 0.005), (0.6, 0.55, 0.03))
    shape.box("dark", (nest_x, 0, height + 0.005), (0.36, 0.16, 0.02))
    for side in (-1, 1):
        shape.box("metal", (reel_x, side * width * 0.42, height + 0.16), (0.1, 0.06, 0.44))
    shape.rod("steel", (reel_x, -width * 0.44, reel_z), (reel_x, width * 0.44, reel_z), 0.04)
    foil = width * 0.26
    shape.rod("foil", (reel_x, -foil, reel_z), (reel_x, foil, reel_z), 0.2, sides=24)
    start, end = (reel_x - 0.19, 0, reel_z), (nest_x + 0.35, 0, height + 0.02)
    shape.beam("foil", start, end, width_m=width * 0.4, thick_m=0.008)
    shape.lamp_m = (length / 2 - 0.1, width / 2 - 0.08, height)
