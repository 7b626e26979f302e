"""Numerals made of bars, for legends: any reader shows them, as it shows any other mesh."""

from __future__ import annotations

from twin.usd.shape import Shape

_ON = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")
"""The bars of each numeral, named as on seven-segment displays."""

_BARS = {
    "a": (0.0, 1.0, 1), "b": (0.5, 0.5, 0), "c": (0.5, -0.5, 0), "d": (0.0, -1.0, 1),
    "e": (-0.5, -0.5, 0), "f": (-0.5, 0.5, 0), "g": (0.0, 0.0, 1),
}  # fmt: skip
"""Middle of each bar in half heights, and whether it lies."""

WIDE = 0.8
"""From one numeral to the next, in heights."""


def draw_number(
    shape: Shape, surface: str, number: int, *, centre_m: tuple[float, float, float], high_m: float
) -> None:
    """Draw a whole number, not below 0, flat on the floor around a point; up is +y."""
    x, y, z = centre_m
    text, half, thick = str(number), high_m / 2, high_m / 8
    for k, numeral in enumerate(text):
        middle = x + (k - (len(text) - 1) / 2) * WIDE * high_m
        for bar in _ON[int(numeral)]:
            across, up, lies = _BARS[bar]
            size = (half, thick, thick / 4) if lies else (thick, half, thick / 4)
            shape.box(surface, (middle + across * half, y + up * half, z), size)
