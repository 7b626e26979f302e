"""A room in the hall: glazed walls with openings where lanes and belts pass, doors, and a ceiling.

Origin: its lower-left corner. Walls are drawn in a frame of their own: x along the wall, +y inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scenes.assets import zone
from scenes.assets.building import spread
from twin.usd.light import ceiling_rows
from twin.usd.shape import AssetSpec, Shape

HEADER_M = 0.3
PERSON_M = (1.0, 2.1)
BELT_M = (0.55, 1.5)
"""Sill and lintel of a hatch for a conveyor."""

TILE_M = 1.2
_SILL_M = 0.9

Gap = tuple[str, float, float, float]
"""What passes (`lane`, `airlock`, `belt` or `person`), middle along the wall, width, height."""


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw floor and walls of a zone of ``kind``; ``gaps`` are its openings, wall by wall."""
    length, width, height = spec.size_m
    zone.draw(shape, AssetSpec("zone", (length, width, 0.0), spec.options))
    found = spec.options.get("gaps")
    gaps = found if isinstance(found, tuple) else ((), (), (), ())
    for k, (x, y, heading, long) in enumerate(_sides(length, width)):
        shape.at((x, y, 0), heading)
        _wall(shape, long, height, gaps[k], f"door{k}")
    shape.at((0, 0, 0))


def draw_ceiling(shape: Shape, spec: AssetSpec) -> None:
    """Draw the ceiling of a clean room: tiles, filter units, rows of lamps; the origin is below."""
    length, width, _ = spec.size_m
    shape.box("body", (length / 2, width / 2, 0.1), (length, width, 0.06))
    for x in spread(length, TILE_M)[1:-1]:
        shape.box("panel", (x, width / 2, 0.065), (0.04, width, 0.02))
    for y in spread(width, TILE_M)[1:-1]:
        shape.box("panel", (length / 2, y, 0.066), (length, 0.04, 0.02))
    for x in spread(length, 6 * TILE_M)[1:-1]:
        for y in spread(width, 4 * TILE_M)[1:-1]:
            shape.box("metal", (x, y, 0.062), (1.1, 1.1, 0.03))
            shape.box("accent", (x, y, 0.058), (0.98, 0.98, 0.03))
            shape.box("foil", (x, y, 0.35), (1.1, 1.1, 0.4))
    for y in ceiling_rows(width):
        shape.box("light", (length / 2, y, 0.055), (length - 3.0, 0.22, 0.03))


def _sides(length: float, width: float) -> Iterator[tuple[float, float, float, float]]:
    """Yield middle, heading and length of the four walls."""
    yield length / 2, 0, 0, length
    yield length, width / 2, 90, width
    yield length / 2, width, 180, length
    yield 0, width / 2, 270, width


def _wall(shape: Shape, long: float, height: float, gaps: Sequence[Gap], name: str) -> None:
    """Draw one wall: glazed runs between its openings, and a header over all of it."""
    shape.box("body", (0, 0, height - HEADER_M / 2), (long, 0.12, HEADER_M))
    low = -long / 2
    for k, gap in enumerate(sorted(gaps, key=lambda gap: gap[1])):
        start, end = max(gap[1] - gap[2] / 2, -long / 2), min(gap[1] + gap[2] / 2, long / 2)
        _glazed(shape, low, start, height - HEADER_M)
        _opening(shape, gap, height - HEADER_M, f"{name}_{k}")
        low = end
    _glazed(shape, low, long / 2, height - HEADER_M)


def _glazed(shape: Shape, start: float, end: float, height: float) -> None:
    """Draw a run of glazed wall: plinth, sheets of glass, posts and a rail."""
    long, x = end - start, (start + end) / 2
    if long < 0.05:
        return
    shape.box("body", (x, 0, _SILL_M / 2), (long, 0.08, _SILL_M))
    shape.box("trim", (x, 0, 0.06), (long, 0.1, 0.12))
    shape.box("glass", (x, 0, (_SILL_M + height) / 2), (long, 0.02, height - _SILL_M))
    bays = max(1, round(long / 2.4))
    for k in range(bays + 1):
        shape.box("panel", (start + long * k / bays, 0, height / 2), (0.07, 0.1, height))
    shape.box("panel", (x, 0, min(2.2, height - 0.1)), (long, 0.06, 0.06))


def _opening(shape: Shape, gap: Gap, height: float, name: str) -> None:
    kind, x, wide, high = gap
    if kind == "belt":
        _hatch(shape, x, wide, height)
        return
    high = min(high, height)
    _portal(shape, x, wide, high, "accent" if kind == "person" else "safety")
    if height - high > 0.05:
        shape.box("body", (x, 0, (high + height) / 2), (wide, 0.1, height - high))
    if kind == "person":
        _person_door(shape, x, high)
    elif kind == "airlock":
        _sliding_doors(shape, x, (wide, high), name)
    elif kind == "lane":
        shape.box("metal", (x, -0.22, high + 0.16), (wide + 0.3, 0.32, 0.32))


def _portal(shape: Shape, x: float, wide: float, high: float, look: str) -> None:
    """Draw the frame of an opening; that of vehicles has yellow posts and a sign above."""
    for side in (-1, 1):
        shape.box(look, (x + side * (wide / 2 - 0.04), 0, high / 2), (0.08, 0.16, high))
    shape.box("trim", (x, 0, high - 0.04), (wide, 0.14, 0.08))
    if look == "safety":
        shape.box("accent", (x, -0.09, high + 0.2), (min(1.4, wide * 0.5), 0.03, 0.22))
        lamp = (x + wide * 0.42, -0.12)
        shape.rod("normal", (*lamp, high + 0.1), (*lamp, high + 0.24), 0.05)


def _person_door(shape: Shape, x: float, high: float) -> None:
    """Draw a door for people, standing open to the inside, and the sign of an exit above."""
    hinge = x - PERSON_M[0] / 2 + 0.1
    shape.box("accent", (hinge, 0.47, high / 2 - 0.03), (0.06, 0.84, high - 0.12))
    shape.box("screen", (hinge, 0.47, high * 0.68), (0.07, 0.5, 0.7))
    shape.box("steel", (hinge + 0.06, 0.47, 1.02), (0.05, 0.7, 0.05))
    shape.box("escape", (x, 0.1, high + 0.22), (0.55, 0.05, 0.26))
    shape.box("mark", (x, 0.13, high + 0.22), (0.26, 0.01, 0.08))
    shape.box("dark", (x + 0.62, 0.09, 1.25), (0.1, 0.04, 0.16))


def _sliding_doors(shape: Shape, x: float, size: tuple[float, float], name: str) -> None:
    """Draw two glazed leaves on a rail, each of which slides to its side."""
    wide, high = size
    shape.box("metal", (x, -0.13, high + 0.03), (2 * wide, 0.1, 0.12))
    for side, part in ((-1, "left"), (1, "right")):
        foot = (x + side * wide / 4, -0.13, 0)
        leaf = shape.sliding(f"{name}_{part}", foot, (side, 0, 0), wide / 2)
        edge = wide / 2 - 0.02
        leaf.box("glass", (0, 0, high * 0.62), (edge, 0.02, high * 0.62))
        leaf.box("body", (0, 0, high * 0.16), (edge, 0.05, high * 0.3))
        for post in (-1, 1):
            leaf.box("metal", (post * (edge / 2 - 0.03), 0, high / 2), (0.06, 0.06, high - 0.04))
        leaf.box("metal", (0, 0, high - 0.06), (edge, 0.05, 0.08))
        leaf.box("safety", (-side * (edge / 2 - 0.02), 0, high * 0.5), (0.025, 0.065, high * 0.8))


def _hatch(shape: Shape, x: float, wide: float, height: float) -> None:
    """Draw the wall around a conveyor, with a curtain of strips over it."""
    low, high = BELT_M
    shape.box("body", (x, 0, low / 2), (wide, 0.08, low))
    shape.box("glass", (x, 0, (high + height) / 2), (wide, 0.02, height - high))
    for side in (-1, 1):
        shape.box("panel", (x + side * wide / 2, 0, height / 2), (0.08, 0.12, height))
    for z in (low, high):
        shape.box("panel", (x, 0, z), (wide, 0.14, 0.07))
    n = max(3, int(wide / 0.12))
    for k in range(n):
        at = x + (wide - 0.1) * ((k + 0.5) / n - 0.5)
        shape.box("curtain", (at, 0, high - 0.12), (0.09, 0.01, 0.24))
