"""The building: floor, columns, roof, walls, lights and ducts, each of them a kind of its own.

Walls have their origin in the middle of their foot, and +y points outwards. The roof stands on the
height of the hall, so that nothing in it is lower than the clear height of the plant.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from scenes.assets.lettering import strokes
from scenes.assets.lettering import width as text_width
from twin.usd.shape import AssetSpec, Shape

JOINT_M = 6.0
TRUSS_M = 1.7
DOOR_M = (3.6, 4.2)
_PLINTH_M = 0.5
_BAND_M = 1.6
_DADO_M = 1.8
SLAB_M = 12.0
PATCHED = 0.35
"""Share of slabs of another tone."""


def spread(length_m: float, pitch_m: float) -> list[float]:
    """Return evenly spread spots from 0 to a length, at most a pitch apart."""
    n = max(1, math.ceil(length_m / pitch_m - 1e-9))
    return [length_m * k / n for k in range(n + 1)]


def draw_floor(shape: Shape, spec: AssetSpec) -> None:
    """Draw the floor slab with its joints and names of areas; origin: its lower-left corner.

    ``areas`` are names, and where and how large they are written: (text, x, y, letter).
    """
    length, width, _ = spec.size_m
    shape.box("floor", (length / 2, width / 2, -0.05), (length, width, 0.1))
    random = np.random.default_rng(11)
    columns, rows = spread(length, SLAB_M), spread(width, SLAB_M)
    for x0, x1 in pairwise(columns):
        for y0, y1 in pairwise(rows):
            if random.random() < PATCHED:
                spot = ((x0 + x1) / 2, (y0 + y1) / 2, 0.0)
                shape.box("floor_patch", spot, (x1 - x0, y1 - y0, 0.001))
    for x in spread(length, JOINT_M)[1:-1]:
        shape.box("joint", (x, width / 2, 0.001), (0.02, width, 0.002))
    for y in spread(width, JOINT_M)[1:-1]:
        shape.box("joint", (length / 2, y, 0.0015), (length, 0.02, 0.002))
    areas = spec.options.get("areas")
    for text, x, y, letter in areas if isinstance(areas, tuple) else ():
        _write(shape, text, (x, y), letter)


def _write(shape: Shape, text: str, spot: tuple[float, float], letter: float) -> None:
    """Write on the floor, read by someone who looks to +y; the spot is the middle of the foot."""
    left = -text_width(text) / 2
    for (x0, y0), (x1, y1) in strokes(text):
        a = (spot[0] + (left + x0) * letter, spot[1] + y0 * letter, 0.0115)
        b = (spot[0] + (left + x1) * letter, spot[1] + y1 * letter, 0.0115)
        shape.beam("lane", a, b, width_m=0.22 * letter, thick_m=0.002)


def draw_column(shape: Shape, spec: AssetSpec) -> None:
    """Draw a column of rolled steel on its foot, with a guard against vehicles."""
    long, wide, height = spec.size_m
    for side in (-1, 1):
        shape.box("column", (side * (long / 2 - 0.012), 0, height / 2), (0.024, wide, height))
    shape.box("column", (0, 0, height / 2), (long - 0.05, 0.016, height))
    shape.box("steel", (0, 0, 0.02), (long + 0.16, wide + 0.16, 0.04))
    for k in range(4):
        look = "dark" if k % 2 else "safety"
        shape.box(look, (0, 0, 0.24 + k * 0.25), (long + 0.03, wide + 0.03, 0.249))
    shape.box("critical", (long / 2 + 0.09, 0, 1.25), (0.14, 0.14, 0.5))
    shape.box("mark", (long / 2 + 0.02, 0, 1.75), (0.02, 0.3, 0.3))


def draw_truss(shape: Shape, spec: AssetSpec) -> None:
    """Draw a truss along y from column to column (``rows_m``), and sprinklers on both its sides.

    Its lower chord begins at the origin.
    """
    _, width, depth = spec.size_m
    rows = spec.options.get("rows_m")
    for z in (0.1, depth):
        shape.box("frame", (0, width / 2, z), (0.2, width, 0.18))
    for start, end in pairwise(rows if isinstance(rows, tuple) else (0.0, width)):
        for k, (a, b) in enumerate(pairwise(spread(end - start, 3.0))):
            low, high = (0.1, depth) if k % 2 else (depth, 0.1)
            ends = (0, start + a, low), (0, start + b, high)
            shape.beam("frame", *ends, width_m=0.1, thick_m=0.1)
    for x in (-4.0, 0.6, 4.0):
        shape.rod("sprinkler", (x, 0.5, 0.12), (x, width - 0.5, 0.12), 0.035, sides=6)
        for y in spread(width - 2.0, 4.0):
            shape.rod("sprinkler", (x, 1.0 + y, 0.12), (x, 1.0 + y, 0.0), 0.02, 0.05, sides=5)


def draw_girder(shape: Shape, spec: AssetSpec) -> None:
    """Draw a girder along x over a row of columns, its lower chord at the origin."""
    length, _, depth = spec.size_m
    for z in (0.0, depth):
        shape.box("frame", (0, 0, z), (length, 0.24, 0.16))
    spots = spread(length, 2.0)
    for k, (a, b) in enumerate(pairwise(spots)):
        low, high = (0.0, depth) if k % 2 else (depth, 0.0)
        start, end = (a - length / 2, 0, low), (b - length / 2, 0, high)
        shape.beam("frame", start, end, width_m=0.1, thick_m=0.1)


def draw_lights(shape: Shape, spec: AssetSpec) -> None:
    """Draw a row of linear lights along x below a tray for their cables."""
    length, _, drop = spec.size_m
    shape.box("metal", (0, 0, 0), (length, 0.12, 0.06))
    n = max(1, round(length / 4))
    for k in range(n):
        x = length * ((k + 0.5) / n - 0.5)
        shape.box("body", (x, 0, -drop), (2.4, 0.16, 0.07))
        shape.box("light", (x, 0, -drop - 0.045), (2.36, 0.12, 0.02))
        for end in (-1, 1):
            shape.box("steel", (x + end, 0, -drop / 2), (0.015, 0.015, drop))


def draw_roof(shape: Shape, spec: AssetSpec) -> None:
    """Draw purlins, the deck with skylights, and what stands on it; origin: lower-left corner."""
    length, width, _ = spec.size_m
    for y in spread(width, max(4.0, width / 40)):
        shape.box("frame", (length / 2, y, -0.1), (length, 0.1, 0.2))
    shape.box("membrane", (length / 2, width / 2, 0.1), (length, width, 0.18))
    fields = spread(length, max(24.0, length / 12))
    for start, end in pairwise(fields):
        _roof_field(shape, (start, end), width)
    for y in (0.0, width):
        shape.box("trim", (length / 2, y, 0.3), (length + 0.3, 0.3, 0.55))
    for x in (0.0, length):
        shape.box("trim", (x, width / 2, 0.3), (0.3, width, 0.55))


def _roof_field(shape: Shape, along: tuple[float, float], width: float) -> None:
    """Draw one field of a roof: an air handler with its duct, fans, a skylight, solar panels."""
    start, end = along
    middle, long = (start + end) / 2, end - start
    if long > 12.0 and width > 16.0:
        unit = (start + 4.5, width * 0.5)
        shape.box("panel", (*unit, 1.1), (6.0, 2.6, 1.8))
        shape.box("dark", (unit[0] - 1.6, unit[1], 2.02), (2.0, 2.0, 0.06))
        shape.box("trim", (*unit, 0.2), (6.3, 2.9, 0.2))
        shape.box("foil", (unit[0] + 5.0, unit[1], 0.75), (4.0, 0.8, 0.7))
        shape.box("foil", (unit[0] + 7.2, unit[1], 0.5), (0.8, 1.2, 1.0))
        for k in (0, 1, 2):
            spot = (middle + 2.5 * k, width * 0.5 + 3.2)
            shape.rod("metal", (*spot, 0.15), (*spot, 0.9), 0.32, 0.4, sides=10)
    shape.box("glass", (middle, width * 0.5 - 3.5, 0.3), (max(long - 8.0, 2.0), 1.6, 0.3))
    shape.box("walk_mat", (middle, width * 0.5 + 1.9, 0.2), (long, 0.8, 0.03))
    for low, high in ((0.06, 0.40), (0.60, 0.94)):
        for y in spread((high - low) * width, 2.4)[:-1]:
            at = low * width + y + 0.9
            a, b = (middle, at - 0.8, 0.36), (middle, at + 0.8, 0.62)
            shape.beam("solar", a, b, width_m=max(long - 3.0, 1.0), thick_m=0.05)


def draw_services(shape: Shape, spec: AssetSpec) -> None:
    """Draw trays, pipes and a main duct with branches under the roof, along x."""
    length, width, _ = spec.size_m
    for side, look in ((-0.9, "metal"), (0.9, "metal"), (1.6, "copper"), (1.9, "normal")):
        if look == "metal":
            shape.box(look, (0, side, 0.0), (length, 0.4, 0.02))
            for edge in (-0.2, 0.2):
                shape.box(look, (0, side + edge, 0.04), (length, 0.01, 0.1))
            shape.box("dark", (0, side, 0.035), (length - 0.2, 0.3, 0.05))
        else:
            shape.rod(look, (-length / 2, side, 0.1), (length / 2, side, 0.1), 0.06, sides=8)
    shape.rod("foil", (-length / 2, 0, 0.4), (length / 2, 0, 0.4), 0.42, sides=14)
    for x in spread(length, 12.0):
        at = x - length / 2
        shape.rod("steel", (at - 0.03, 0, 0.4), (at + 0.03, 0, 0.4), 0.45, sides=14)
        shape.rod("foil", (at, -width / 2, 0.4), (at, width / 2, 0.4), 0.2, sides=10)
        for side in (-1, 1):
            spot = (at, side * width / 2)
            shape.rod("body", (*spot, 0.3), (*spot, -0.1), 0.2, 0.38, sides=12)


def draw_wall(shape: Shape, spec: AssetSpec) -> None:
    """Draw a wall: plinth, panels, windows, doors, exits, and what hangs on it inside."""
    length, thick, height = spec.size_m
    low, band = _PLINTH_M, height * 0.58
    top = band + _BAND_M
    shape.box("plinth", (0, 0.02, low / 2), (length, thick + 0.06, low))
    for look, y in (("facade", thick / 4), ("inner", -thick / 4)):
        shape.box(look, (0, y, (low + band) / 2), (length, thick / 2, band - low))
    shape.box("dado", (0, -thick / 2, (low + _DADO_M) / 2), (length, 0.02, _DADO_M - low))
    shape.box("glass", (0, 0, band + _BAND_M / 2), (length, 0.03, _BAND_M))
    for look, y in (("cladding", thick / 4), ("inner", -thick / 4)):
        shape.box(look, (0, y, (top + height) / 2), (length, thick / 2, height - top))
    shape.box("trim", (0, 0.03, height), (length, thick + 0.12, 0.2))
    for x in spread(length, 3.0):
        at = x - length / 2
        shape.box("dark", (at, 0, band + _BAND_M / 2), (0.07, thick, _BAND_M))
        for z, high in ((low, band - low), (top, height - top)):
            shape.box("trim", (at, thick / 2, z + high / 2), (0.03, 0.02, high))
    _inside(shape, length, thick, band)
    for x in _floats(spec, "doors"):
        _sectional_door(shape, x, thick)
    for x in _floats(spec, "exits"):
        _exit(shape, x, thick)


def _inside(shape: Shape, length: float, thick: float, band: float) -> None:
    """Draw what runs along a wall inside: joints of panels, rails, cables, pipes, downpipes."""
    face = -thick / 2
    for x in spread(length, 6.0)[1:-1]:
        at = x - length / 2
        shape.box("dado", (at, face, (_DADO_M + band) / 2), (0.03, 0.015, band - _DADO_M))
        shape.box("metal", (at, face - 0.2, band - 0.75), (0.05, 0.4, 0.06))
    inner = length - 1.6
    shape.box("metal", (0, face - 0.2, band - 0.7), (inner, 0.36, 0.02))
    for y in (0.03, 0.37):
        shape.box("metal", (0, face - y, band - 0.66), (inner, 0.015, 0.1))
    shape.box("dark", (0, face - 0.2, band - 0.66), (inner - 0.3, 0.26, 0.05))
    for look, z, radius in (
        ("sprinkler", 0.35, 0.06),
        ("steel", 0.12, 0.045),
        ("normal", -0.06, 0.04),
    ):
        y, high = face - 0.12, band - 1.25 + z
        shape.rod(look, (-inner / 2, y, high), (inner / 2, y, high), radius, sides=8)
    for x in spread(length, 24.0)[1:-1]:
        at = x - length / 2 + 1.2
        shape.rod("steel", (at, thick / 2 + 0.08, 0.1), (at, thick / 2 + 0.08, band), 0.07, sides=8)
        shape.rod("sprinkler", (at, face - 0.12, 1.6), (at, face - 0.12, band - 0.9), 0.05, sides=8)
        shape.box("critical", (at, face - 0.14, 1.2), (0.7, 0.26, 0.85))
        shape.box("mark", (at, face - 0.275, 1.3), (0.3, 0.01, 0.3))
        shape.box("critical", (at, face - 0.02, 2.2), (0.36, 0.02, 0.36))
        shape.box("panel", (at + 1.4, face - 0.14, 1.35), (0.8, 0.26, 1.5))
        shape.box("dark", (at + 1.4, face - 0.275, 1.35), (0.02, 0.01, 1.4))


def _sectional_door(shape: Shape, x: float, thick: float) -> None:
    """Draw a sectional door with frame, windows, seals, bumpers and a lamp."""
    wide, high = DOOR_M
    shape.box("dark", (x, 0, high / 2 + 0.1), (wide + 0.5, thick + 0.1, high + 0.2))
    for k in range(7):
        each = high / 7
        shape.box("panel", (x, 0, (k + 0.5) * each), (wide, thick + 0.16, each - 0.03))
    for k in (-1, 0, 1):
        shape.box("screen", (x + k, 0, high * 0.5), (0.6, thick + 0.18, 0.3))
    for side in (-1, 1):
        edge = x + side * (wide / 2 + 0.35)
        shape.box("safety", (edge, thick / 2 + 0.2, 0.55), (0.25, 0.25, 1.1))
        shape.box("safety", (edge, -thick / 2 - 0.2, 0.55), (0.2, 0.2, 1.1))
    shape.box("accent", (x, thick / 2 + 0.75, high + 0.4), (wide + 1.2, 1.4, 0.12))


def _exit(shape: Shape, x: float, thick: float) -> None:
    """Draw an emergency exit with its sign, and an extinguisher beside it."""
    shape.box("dark", (x, 0, 1.1), (1.3, thick + 0.1, 2.2))
    shape.box("accent", (x, 0, 1.05), (1.1, thick + 0.14, 2.08))
    shape.box("steel", (x + 0.3, 0, 1.05), (0.2, thick + 0.24, 0.04))
    shape.box("escape", (x, -thick / 2 - 0.05, 2.55), (0.9, 0.06, 0.4))
    shape.box("mark", (x, -thick / 2 - 0.09, 2.55), (0.4, 0.02, 0.12))
    inside = (x + 1.2, -thick / 2 - 0.15)
    shape.rod("critical", (*inside, 0.75), (*inside, 1.25), 0.09, sides=10)
    shape.rod("dark", (*inside, 1.25), (*inside, 1.36), 0.04, sides=8)
    shape.box("critical", (x + 1.2, -thick / 2 - 0.05, 1.9), (0.3, 0.02, 0.3))


def _floats(spec: AssetSpec, key: str) -> Iterator[float]:
    found = spec.options.get(key, ())
    yield from found if isinstance(found, tuple) else ()
