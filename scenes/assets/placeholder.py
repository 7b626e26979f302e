"""A box with its name on it: for machines without a look of their own."""

from __future__ import annotations

from scenes.assets.lettering import strokes, width
from twin.usd.shape import AssetSpec, Shape

PLACEHOLDER = "placeholder"
MAX_LETTER_M = 0.22
MIN_LETTER_M = 0.04
_LINES = 3
_BOLD = 0.3
"""Stroke of a letter, in widths of a letter."""


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the box on a plinth, with ``label`` on its front, its back and its top."""
    length, width_m, height = spec.size_m
    shape.box("base", (0, 0, 0.04), (length - 0.06, width_m - 0.06, 0.08))
    shape.box("body", (0, 0, 0.04 + height / 2), (length - 0.02, width_m - 0.02, height - 0.08))
    lines, letter = _set(str(spec.options.get("label", "")), length, height)
    front = width_m / 2 - 0.01
    for heading in (0.0, 180.0):
        shape.at((0, 0, 0), heading)
        _write(shape, lines, letter, (front, height * 0.62))
    shape.at((0, 0, 0))
    flat, letter = _set(str(spec.options.get("label", "")), length, width_m)
    _write_flat(shape, flat, letter, height)
    shape.lamp_m = (length / 2 - 0.12, width_m / 2 - 0.12, height)


def _set(label: str, length_m: float, height_m: float) -> tuple[list[str], float]:
    """Return the label in lines, and the width of a letter that lets them fit."""
    words, lines = label.split(), [""]
    room = max(max((len(word) for word in words), default=1), round(len(label) / _LINES), 8)
    for word in words:
        joined = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], joined] if len(joined) <= room else [*lines, word]
    widest = max(width(line) for line in lines) or 1.0
    across = 0.85 * length_m / widest
    upright = 0.6 * height_m / (3.0 * len(lines))
    return lines, max(min(across, upright, MAX_LETTER_M), MIN_LETTER_M)


def _write(shape: Shape, lines: list[str], letter_m: float, at_m: tuple[float, float]) -> None:
    """Write lines on the upright face at y, read by someone who looks to -y."""
    y, middle = at_m
    for k, line in enumerate(lines):
        foot = middle + letter_m * 3.0 * (len(lines) / 2 - k - 1)
        left = letter_m * width(line) / 2
        for (x0, z0), (x1, z1) in strokes(line):
            start = (left - x0 * letter_m, y, foot + z0 * letter_m)
            end = (left - x1 * letter_m, y, foot + z1 * letter_m)
            shape.beam("dark", start, end, width_m=0.016, thick_m=_BOLD * letter_m)


def _write_flat(shape: Shape, lines: list[str], letter_m: float, z: float) -> None:
    """Write lines on the top, read by someone who stands at +y."""
    for k, line in enumerate(lines):
        foot = letter_m * 3.0 * (k + 1 - len(lines) / 2) - letter_m * 0.5
        left = letter_m * width(line) / 2
        for (x0, y0), (x1, y1) in strokes(line):
            start = (left - x0 * letter_m, foot - y0 * letter_m, z)
            end = (left - x1 * letter_m, foot - y1 * letter_m, z)
            shape.beam("dark", start, end, width_m=_BOLD * letter_m, thick_m=0.016)
