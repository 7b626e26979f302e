"""Towers of slots: open racks for aging, closed towers with drawers for formation and soaking.

They are composed of modules of the library by ``columns`` and ``levels``. A lot stands at half the
height of its level, so that is where the rails are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.assets.module import grid, repeat, spread
from twin.usd.shape import AssetSpec, Shape

Floats = NDArray[np.float64]

POST_M = 0.12
RAIL_M = 0.1
"""Height of beam and rails below a lot."""

NARROW_M = 1.0
"""Columns narrower than this share an upright between two."""

ROOF_M = 0.16
SIDE_M = 0.04


def draw_open(shape: Shape, spec: AssetSpec) -> None:
    """Draw an open rack: uprights, beams along every level, rails for every slot."""
    _shelves(shape, spec, spec.size_m[:2])
    length, width, height = spec.size_m
    shape.lamp_m = (length / 2 - 0.1, width / 2 - 0.1, height)


def draw_chamber(shape: Shape, spec: AssetSpec) -> None:
    """Draw a heated tower: an open rack in a glazed shell with its air handler."""
    length, width, height = spec.size_m
    _shelves(shape, spec, (length - 2 * SIDE_M, width - 2 * SIDE_M))
    repeat(shape, "soak_shell", spec.size_m, [(0.0, 0.0, 0.0)])
    shape.lamp_m = (length / 2 - 0.1, width / 2 - 0.1, height)


def draw_drawers(shape: Shape, spec: AssetSpec) -> None:
    """Draw a formation tower: drawers with contacts, power cabinets, closed sides and a roof."""
    length, width, height = spec.size_m
    columns, levels = _grid(spec)
    step, each, top = height / levels, length / columns, height - ROOF_M
    posts = grid(spread(length - 2 * SIDE_M, columns, POST_M / 2), 0.0, 0.0)
    repeat(shape, "rack_upright", (POST_M, width, top), posts)
    spots = grid(_columns_m(spec), 0.0, np.arange(levels) * step)
    repeat(shape, "tower_drawer", (each, width, step), spots)
    cabinet = (each, width, max(step / 2 - 0.28, 0.2))
    repeat(shape, "tower_cabinet", cabinet, grid(_columns_m(spec), 0.0, 0.0))
    sides = [(x * (length - SIDE_M) / 2, 0.0, 0.0) for x in (-1, 1)]
    repeat(shape, "tower_side", (SIDE_M, width, top), sides)
    repeat(shape, "tower_roof", (length, width, ROOF_M), [(0.0, 0.0, top)])
    shape.lamp_m = (length / 2 - 0.1, width / 2 - 0.1, height)


def _shelves(shape: Shape, spec: AssetSpec, footprint_m: tuple[float, float]) -> None:
    """Draw uprights, beams and rails on a footprint that may be smaller than the rack's."""
    (length, width), height = footprint_m, spec.size_m[2]
    columns = _grid(spec)[0]
    fields = columns if length / columns >= NARROW_M else max(1, columns // 2)
    posts = grid(spread(length, fields, POST_M / 2), 0.0, 0.0)
    repeat(shape, "rack_upright", (POST_M, width, height), posts)
    shelves = np.maximum(_middles_m(spec) - RAIL_M - 0.004, 0.0)
    repeat(shape, "rack_beam", (length, width, RAIL_M * 0.8), grid(0.0, 0.0, shelves))
    repeat(shape, "rack_beam", (length, width, RAIL_M), grid(0.0, 0.0, height - RAIL_M))
    slots = grid(_columns_m(spec), 0.0, shelves)
    repeat(shape, "rack_slot", (length / columns, width, RAIL_M), slots, far=False)


def _grid(spec: AssetSpec) -> tuple[int, int]:
    return int(str(spec.options.get("columns", 4))), int(str(spec.options.get("levels", 6)))


def _columns_m(spec: AssetSpec) -> Floats:
    """Return the middle of every column."""
    columns = _grid(spec)[0]
    return np.asarray(spec.size_m[0] * ((np.arange(columns) + 0.5) / columns - 0.5))


def _middles_m(spec: AssetSpec) -> Floats:
    """Return half the height of every level."""
    levels = _grid(spec)[1]
    return np.asarray((np.arange(levels) + 0.5) * (spec.size_m[2] / levels))
