"""A transfer table: profile frame, top plate, nest with clamps, valve box, sensor."""

from __future__ import annotations

from scenes.assets.cad import inline
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import block, e_stop, feet, frame, hazard, placed, put, slab

NAME = "table"
SIZE_M = (0.8, 0.8, 0.9)


def model() -> Model:
    """Return the table."""
    made = Model(SIZE_M)
    length, width, height = SIZE_M
    put(made, placed(frame((length - 0.04, width - 0.04, height - 0.14)), (0, 0, 0.08)))
    put(made, feet((length - 0.12, width - 0.12), 0.09))
    made.add("body", slab((length, width, 0.05), (0, 0, height - 0.07), 0.015))
    made.add("steel", slab((length * 0.62, width * 0.5, 0.02), (0, 0, height - 0.02), 0.006))
    for x in (-1, 1):
        made.add(
            "dark", block((0.05, width * 0.3, 0.02), (x * length * 0.27, 0, height - 0.02), 0.008)
        )
    _below(made)
    put(made, hazard(0.5, 0.05), (0, width / 2 - 0.016, height - 0.068))
    made.lamp_m = (length / 2 - 0.06, width / 2 - 0.06, height - 0.02)
    return made


def _below(made: Model) -> None:
    """Add what hangs in the frame: shelf, valve terminal with tubes, controls."""
    made.add("panel", block((0.68, 0.68, 0.02), (0, 0, 0.2)))
    made.add("body", slab((0.36, 0.28, 0.36), (-0.12, -0.12, 0.22), 0.02))
    made.add("dark", block((0.2, 0.1, 0.12), (0.2, 0.1, 0.22), 0.01))
    for k in range(3):
        x = 0.14 + 0.05 * k
        made.add("accent", inline.rod((x, 0.1, 0.34), (x, 0.02 * k, 0.83), 0.012, 4))
    put(made, e_stop(), (-0.3, 0.36, 0.72), 0)
