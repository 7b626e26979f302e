"""A charging station for mobile robots: cabinet with display, and a sprung head; front at +y."""

from __future__ import annotations

from scenes.assets.cad.inline import rod
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import block, e_stop, hazard, put, tilted, vent
from scenes.assets.cad.rounded import rounded

NAME = "charger"
SIZE_M = (0.7, 0.6, 1.3)


def model() -> Model:
    """Return the station."""
    made = Model(SIZE_M, turn_rad=0.6)
    length, _, height = SIZE_M
    y = -0.08
    made.add("base", rounded((length - 0.04, 0.36, 0.08), (0, y, 0), 0.03))
    made.add("body", rounded((length, 0.38, height - 0.1), (0, y, 0.08), 0.05, top_m=0.02))
    face = y + 0.19
    made.add("accent", block((length - 0.12, 0.01, 0.16), (0, face + 0.004, height - 0.24)))
    made.add("dark", block((0.3, 0.014, 0.2), (0, face + 0.004, height - 0.5)))
    made.add("screen", block((0.25, 0.008, 0.15), (0, face + 0.011, height - 0.475)))
    put(made, tilted(e_stop(), (-90, 0, 0), (0.24, face, height - 0.4)))
    made.add("escape", block((0.025, 0.012, 0.5), (-length / 2 + 0.06, face + 0.004, 0.56)))
    for x in (-0.16, 0.2):
        put(made, vent(0.14, 0.2, 5), (x, face, 0.48))
    _bolt(made)
    _head(made, face)
    made.add("dark", rod((0.2, y, height - 0.03), (0.2, y, height), 0.03, 8))
    put(made, hazard(length - 0.1, 0.08), (0, face, 0.1))
    made.add_coarse("body", block((length, 0.38, height - 0.02), (0, y, 0)))
    made.add_coarse("dark", block((0.34, 0.2, 0.18), (0, face + 0.1, 0.08)))
    return made


def _bolt(made: Model) -> None:
    """Add the sign of electricity on the coloured strip."""
    z = SIZE_M[2] - 0.24
    for k, x in enumerate((-0.02, 0.0, 0.02)):
        made.add("safety", block((0.035, 0.012, 0.05), (-x, 0.118, z + 0.015 + 0.04 * k)))


def _head(made: Model, face: float) -> None:
    """Add the head with its two contacts, on springs between two guides."""
    made.add("dark", rounded((0.36, 0.1, 0.16), (0, face + 0.05, 0.19), 0.02))
    made.add("base", rounded((0.28, 0.1, 0.11), (0, face + 0.13, 0.215), 0.02))
    for z in (0.245, 0.285):
        made.add("copper", block((0.22, 0.012, 0.018), (0, face + 0.183, z)))
    for x in (-0.24, 0.24):
        made.add("safety", block((0.06, 0.17, 0.1), (x, face + 0.085, 0), 0.02))
