"""Towers of slots: open racks for aging, closed towers with drawers for formation and soaking."""

from __future__ import annotations

from itertools import product

from twin.usd.shape import AssetSpec, Shape


def draw_open(shape: Shape, spec: AssetSpec) -> None:
    """Draw an open rack: posts and rails at every level."""
    length, width, height = spec.size_m
    columns, levels = _grid(spec)
    sides = (-width / 2 + 0.05, width / 2 - 0.05)
    for c, y in product(range(columns + 1), sides):
        x = min(max(length * (c / columns - 0.5), 0.04 - length / 2), length / 2 - 0.04)
        shape.box("rack", (x, y, height / 2), (0.08, 0.1, height))
    for k, y in product(range(levels + 1), sides):
        shape.box("steel", (0, y, _shelf_m(spec, k)), (length, 0.06, 0.07))
    shape.lamp_m = (length / 2 - 0.1, width / 2 - 0.1, height)


def draw_chamber(shape: Shape, spec: AssetSpec) -> None:
    """Draw a heated tower: an open rack behind glass with a roof and air ducts."""
    length, width, height = spec.size_m
    draw_open(shape, spec)
    shape.box("glass", (0, 0, height / 2 - 0.06), (length - 0.04, width - 0.02, height - 0.14))
    shape.box("body", (0, 0, height - 0.05), (length, width, 0.1))
    for side in (-1, 1):
        duct = (side * (length / 2 - 0.12), -width / 2 + 0.12)
        shape.box("panel", (*duct, height / 2), (0.2, 0.2, height - 0.3))


def draw_drawers(shape: Shape, spec: AssetSpec) -> None:
    """Draw a formation tower: a drawer with contact plate and cables for every slot."""
    length, width, height = spec.size_m
    draw_chamber(shape, spec)
    columns, levels = _grid(spec)
    back, step = -width / 2 + 0.06, height / levels
    shape.box("body", (0, back, height / 2 - 0.06), (length - 0.1, 0.1, height - 0.14))
    for c, k in product(range(columns), range(levels)):
        x, middle = length * ((c + 0.5) / columns - 0.5), (k + 0.5) * step
        wide = length / columns - 0.16
        shape.box("tray", (x, 0, middle - 0.16), (wide, width * 0.8, 0.04))
        shape.box("copper", (x, 0.1, middle + step * 0.2), (wide * 0.8, width * 0.5, 0.03))
        shape.box("dark", (x, 0.1, middle + step * 0.2 + 0.06), (wide, width * 0.6, 0.08))
        shape.box("panel", (x, width / 2 - 0.03, middle - 0.12), (wide, 0.03, 0.12))


def _grid(spec: AssetSpec) -> tuple[int, int]:
    return int(str(spec.options.get("columns", 4))), int(str(spec.options.get("levels", 6)))


def _shelf_m(spec: AssetSpec, level: int) -> float:
    """Return the height of a level's rail, the last one at the top."""
    levels = _grid(spec)[1]
    return min(spec.size_m[2] * level / levels + 0.05, spec.size_m[2] - 0.035)
