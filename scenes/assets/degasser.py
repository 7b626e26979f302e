"""A degassing and final sealing machine: vacuum chambers and a pump."""

from __future__ import annotations

from scenes.assets.parts import guarded, through
from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the machine."""
    length, width, height = spec.size_m
    guarded(shape, (length, width, height * 0.88), modules=max(3, round(length / 2)))
    through(shape, spec.size_m)
    for x in (-0.25 * length, 0.12 * length):
        shape.rod("metal", (x, -width * 0.3, 1.45), (x, width * 0.02, 1.45), 0.42, sides=24)
        shape.rod("steel", (x, width * 0.02, 1.45), (x, width * 0.035, 1.45), 0.3, sides=24)
    roof = height * 0.88
    shape.rod(
        "metal",
        (0.34 * length, -width * 0.2, roof),
        (0.34 * length, -width * 0.2, height),
        0.22,
        sides=16,
    )
    shape.rod(
        "steel",
        (-0.25 * length, -width * 0.14, 1.85),
        (-0.25 * length, -width * 0.14, roof),
        0.06,
        sides=8,
    )
