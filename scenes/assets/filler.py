"""An electrolyte filling line: dry boxes behind glass, dosing tanks and pipes on the roof."""

from __future__ import annotations

from scenes.assets.parts import guarded, through
from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the line."""
    length, width, height = spec.size_m
    roof = height * 0.8
    guarded(shape, (length, width, roof), modules=max(3, round(length / 1.6)))
    through(shape, spec.size_m)
    for k in range(4):
        x = (0.17 * k - 0.33) * length
        shape.rod(
            "metal",
            (x, -width * 0.2, roof),
            (x, -width * 0.2, height),
            min(0.32, 0.1 * width),
            sides=20,
        )
        shape.rod("steel", (x, -width * 0.2, roof - 0.2), (x, -width * 0.14, 1.3), 0.035, sides=6)
        shape.box("dark", (x, -width * 0.14, 1.2), (0.4, 0.3, 0.1))
        for dx in (-0.25, 0.25):
            shape.rod(
                "dark", (x + dx, width * 0.215, 1.35), (x + dx, width * 0.235, 1.35), 0.11, sides=16
            )
    pipe = -width * 0.32, height * 0.86
    shape.rod("steel", (-0.4 * length, *pipe), (0.4 * length, *pipe), 0.07, sides=10)
