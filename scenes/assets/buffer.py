"""A stand with shelves for rolls, magazines or boxes, composed of modules of the library."""

from __future__ import annotations

import numpy as np

from scenes.assets.module import grid, repeat, spread
from twin.usd.shape import AssetSpec, Shape

FRAME_M = 0.1
SHELF_M = 0.1
BAY_M = 2.0


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the stand; ``shelves_m`` are the heights lots stand at."""
    length, width, height = spec.size_m
    shelves = spec.options.get("shelves_m", (0.15,))
    heights = np.array(shelves if isinstance(shelves, list | tuple) else (), dtype=float)
    bays = max(1, round(length / BAY_M))
    ends = grid(spread(length, bays, FRAME_M / 2), 0.0, 0.0)
    repeat(shape, "buffer_frame", (FRAME_M, width, height), ends)
    middles = length * ((np.arange(bays) + 0.5) / bays - 0.5)
    shelf = (length / bays - 0.02, width, SHELF_M)
    repeat(shape, "buffer_shelf", shelf, grid(middles, 0.0, heights - SHELF_M))
