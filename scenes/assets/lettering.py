"""Letters as strokes, for what has to say its name."""

from __future__ import annotations

from collections.abc import Iterator

Point = tuple[float, float]
Stroke = tuple[Point, Point]

ADVANCE = 1.4
"""From one letter to the next, in widths of a letter; a letter is one wide and two high."""

_AT = {
    "a": (0.0, 2.0), "b": (0.5, 2.0), "c": (1.0, 2.0),
    "d": (0.0, 1.0), "e": (0.5, 1.0), "f": (1.0, 1.0),
    "g": (0.0, 0.0), "h": (0.5, 0.0), "i": (1.0, 0.0),
}  # fmt: skip
"""Nine spots of a letter, from the upper left to the lower right."""

_LETTERS = {
    "A": "gd da ac ci df", "B": "ga ac cf fi ig df", "C": "ca ag gi", "D": "ga ab bf fh hg",
    "E": "ca ag gi de", "F": "ca ag de", "G": "ca ag gi if fe", "H": "ag ci df", "I": "bh",
    "J": "ci ig gd", "K": "ag dc di", "L": "ag gi", "M": "ga ae ec ci", "N": "ga ai ic",
    "O": "ac ci ig ga", "P": "ga ac cf fd", "Q": "ac ci ig ga ei", "R": "ga ac cf fd ei",
    "S": "ca ad df fi ig", "T": "ac bh", "U": "ag gi ic", "V": "ah hc", "W": "ag ge ei ic",
    "X": "ai cg", "Y": "ae ce eh", "Z": "ac cg gi",
    "0": "ac ci ig ga cg", "1": "db bh", "2": "ac cf fd dg gi", "3": "ac ci ig ef",
    "4": "ad df ci", "5": "ca ad df fi ig", "6": "ca ag gi if fd", "7": "ac cg",
    "8": "ac ci ig ga df", "9": "gi ic ca ad df",
    "-": "df", "_": "gi", "/": "gc", "&": "ai cg df", "+": "df bh",
}  # fmt: skip


def strokes(text: str) -> Iterator[Stroke]:
    """Yield the strokes of a line of text that begins at the origin; what has no letter is left."""
    for k, letter in enumerate(text.upper()):
        for stroke in _LETTERS.get(letter, "").split():
            (x0, y0), (x1, y1) = _AT[stroke[0]], _AT[stroke[1]]
            yield (x0 + k * ADVANCE, y0), (x1 + k * ADVANCE, y1)


def width(text: str) -> float:
    """Return how wide a line of text is, in widths of a letter."""
    return max(len(text) * ADVANCE - (ADVANCE - 1.0), 0.0)
