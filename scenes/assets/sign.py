"""A sign that hangs from the roof above a workcell, with its name on both sides."""

from __future__ import annotations

from scenes.assets.lettering import strokes, width
from twin.usd.shape import AssetSpec, Shape

LETTER_M = 0.15
"""Width of a letter; it is twice as high."""


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the board about the origin, the text along x, and two ropes of the height asked for."""
    text = str(spec.options.get("label", ""))
    long = (width(text) + 1.4) * LETTER_M
    shape.box("accent", (0, 0, 0), (long, 0.06, LETTER_M * 3.4))
    shape.box("body", (0, 0, -LETTER_M * 1.62), (long, 0.07, 0.05))
    for side in (-0.42, 0.42):
        foot = (side * long, 0, LETTER_M * 1.7)
        shape.rod("steel", foot, (foot[0], 0, foot[2] + spec.size_m[2]), 0.012, sides=6)
    for heading in (0.0, 180.0):
        shape.at((0, 0, 0), heading)
        _write(shape, text)
    shape.at((0, 0, 0))


def _write(shape: Shape, text: str) -> None:
    left = -width(text) / 2
    for (x0, z0), (x1, z1) in strokes(text):
        a = ((x0 + left) * LETTER_M, -0.036, (z0 - 1) * LETTER_M)
        b = ((x1 + left) * LETTER_M, -0.036, (z1 - 1) * LETTER_M)
        shape.beam("mark", a, b, width_m=0.016, thick_m=0.055)
