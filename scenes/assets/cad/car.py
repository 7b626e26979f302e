"""A parked car seen from a distance: body, glass, wheels, lamps; its paint is `panel`."""

from __future__ import annotations

from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import bar, block, plate

NAME = "car"
SIZE_M = (4.3, 1.8, 1.5)
_PILLARS = (
    ((0.98, 0.9), (0.18, 1.46)),
    ((-0.55, 0.95), (-0.55, 1.46)),
    ((-1.9, 0.95), (-1.28, 1.46)),
)


def model() -> Model:
    """Return the car; it faces +x."""
    made = Model(SIZE_M, whole=True)
    half = SIZE_M[1] / 2
    lower = [(-2.1, 0.35), (2.1, 0.32), (2.14, 0.62), (1.95, 0.78), (0.95, 0.93), (-1.95, 0.98)]
    made.add("panel", plate([*lower, (-2.12, 0.75)], 2 * half - 0.06, (0, 0.03 - half, 0)))
    cabin = [(1.0, 0.92), (0.2, 1.43), (-1.25, 1.45), (-1.95, 0.96)]
    made.add("screen", plate(cabin, 1.5, (0, -0.75, 0)))
    roof = [(0.28, 1.41), (0.1, 1.48), (-1.15, 1.5), (-1.4, 1.42)]
    made.add("panel", plate(roof, 1.36, (0, -0.68, 0)))
    for side in (-1, 1):
        y = side * 0.76
        for a, b in _PILLARS:
            made.add("panel", bar((a[0], y, a[1]), (b[0], y * 0.93, b[1]), 0.04))
        made.add("dark", block((0.16, 0.14, 0.12), (0.62, side * (half - 0.07), 0.95)))
        for x in (-1.32, 1.36):
            made.add("dark", bar((x, side * 0.62, 0.32), (x, side * (half - 0.01), 0.32), 0.32))
            made.add("metal", bar((x, side * 0.8, 0.32), (x, side * half, 0.32), 0.19))
        made.add("mark", block((0.12, 0.34, 0.12), (2.04, side * 0.6, 0.6)))
        made.add("critical", block((0.06, 0.3, 0.14), (-2.09, side * 0.62, 0.68)))
    made.add("dark", block((4.1, 1.5, 0.16), (0, 0, 0.2)))
    made.add_coarse("panel", block((4.2, 1.7, 0.65), (0, 0, 0.3)))
    made.add_coarse("screen", block((2.6, 1.5, 0.5), (-0.4, 0, 0.95)))
    return made
