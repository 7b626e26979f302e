"""An electrolyte filling line: glove-box chambers, dosing pumps, tanks and pipes on the roof."""

from __future__ import annotations

from scenes.assets.cad import inline
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import Part, block, joined, nameplate, placed, put, sign, slab
from scenes.assets.parts import BELT_M

NAME = "filler"
SIZE_M = (10.0, 5.0, 2.8)
ROOF_M = 1.95
DEEP_M = 2.0
BAYS = 4


def model() -> Model:
    """Return the filling line."""
    made = Model(SIZE_M)
    _chamber(made)
    _bays(made)
    inline.transport(made, 0.68)
    for k in range(4):
        put(made, _station(), (1.7 * k - 3.0, -0.05, 0))
    for side in (-1, 1):
        put(made, _lock(), (side * 4.55, 0, 0))
    for k in range(3):
        put(made, _tank(SIZE_M[2] - ROOF_M), (2.6 - 1.1 * k, -1.35, ROOF_M))
    _pipes(made)
    inline.service(made, 2.6)
    inline.operator(made, 0.0)
    made.lamp_m = (4.4, 0.9, ROOF_M + 0.02)
    return made


def _chamber(made: Model) -> None:
    """Add the housing: steel base, windows leaning back, roof, and the tank plinth behind."""
    length = SIZE_M[0] - 1.7
    deep, y = DEEP_M, -0.1
    put(made, inline.base((length, deep, inline.TABLE_M), BAYS), (0, y, 0))
    made.add("metal", slab((length, deep, 0.14), (0, y, ROOF_M - 0.14), 0.03))
    made.add(
        "metal",
        block(
            (length, 0.05, ROOF_M - 0.14 - inline.TABLE_M),
            (0, y - deep / 2 + 0.025, inline.TABLE_M),
        ),
    )
    made.add("body", block((length, 1.1, ROOF_M), (0, -1.65, 0.0), 0.03))


def _bays(made: Model) -> None:
    """Add the windows with their posts and glove ports."""
    length, clear = SIZE_M[0] - 1.7, ROOF_M - 0.14 - inline.TABLE_M
    each = length / BAYS
    front = DEEP_M / 2 - 0.1
    for k in range(BAYS + 1):
        x = min(max(each * k - length / 2, 0.05 - length / 2), length / 2 - 0.05)
        made.add("metal", block((0.1, 0.1, clear), (x, front - 0.05, inline.TABLE_M), 0.02))
    made.add("glass", block((length - 0.1, 0.02, clear), (0, front - 0.05, inline.TABLE_M)))
    for k in range(BAYS):
        x = each * (k + 0.5) - length / 2
        for dx in (-0.4, 0.4):
            spot = (x + dx, front - 0.04, inline.TABLE_M + 0.36)
            put(made, _glove(), spot)
    put(made, nameplate(2.2, 0.1), (-2.6, front, ROOF_M - 0.12))
    put(made, sign(0.22), (3.9, front - 0.03, 0.45))


def _glove() -> Part:
    """Return a glove port: a rubber glove in its ring, facing +y."""
    return {"dark": [inline.rod((0, 0, 0), (0, 0.06, 0), 0.14)]}


def _station() -> Part:
    """Return a filling station: vacuum bell on columns, needle manifold, dosing pumps."""
    bell = BELT_M + 0.3
    made: Part = {
        "steel": [slab((1.1, 0.85, 0.24), (0, 0, bell), 0.05)],
        "dark": [block((1.16, 0.91, 0.04), (0, 0, bell - 0.04))],
        "metal": [
            block((0.06, 0.06, ROOF_M - 0.14 - inline.TABLE_M), (x, y, inline.TABLE_M))
            for x in (-0.62, 0.62)
            for y in (-0.42,)
        ],
        "tray": [block((0.8, 0.6, 0.1), (0, 0, BELT_M))],
    }
    for x in (-0.33, 0.0, 0.33):
        pump = {
            "accent": [inline.rod((0, 0, 0), (0, 0, 0.28), 0.07, 6)],
            "steel": [block((0.05, 0.05, 0.16), (0, 0, 0.28))],
        }
        made = joined(made, placed(pump, (x, 0.35, ROOF_M)))
    return joined(made, {"panel": [block((1.1, 0.4, 0.06), (0, 0.35, ROOF_M - 0.02))]})


def _tank(height_m: float) -> Part:
    """Return an electrolyte day tank on legs, with a dished lid and a manhole."""
    low, high = 0.1, height_m - 0.16
    return {
        "metal": [inline.rod((0, 0, low), (0, 0, high), 0.4, 12)],
        "steel": [
            inline.rod((0, 0, high), (0, 0, high + 0.03), 0.43, 12),
            inline.rod((0, 0, high + 0.03), (0, 0, high + 0.1), 0.28, 8),
            block((0.14, 0.14, 0.16), (0.12, 0, high)),
            block((0.55, 0.55, low)),
        ],
    }


def _lock() -> Part:
    """Return the lock at an end: a smaller chamber with a shutter."""
    return {
        "metal": [
            slab((0.76, 1.3, 0.34), (0, 0, 1.36), 0.05),
            *[block((0.76, 0.2, 1.36), (0, y, 0)) for y in (-0.55, 0.55)],
        ],
        "base": [block((0.7, 0.9, 0.7), (0, 0, 0))],
        "dark": [block((0.1, 0.9, 0.12), (0, 0, 1.24)), block((0.2, 0.26, 0.2), (0, 0.3, 1.7))],
        "accent": [block((0.78, 1.34, 0.06), (0, 0, 1.34))],
    }


def _pipes(made: Model) -> None:
    """Add headers along the roof, drops to the pumps, and the vacuum line."""
    z = ROOF_M + 0.32
    made.add("steel", inline.rod((3.9, -1.95, z), (-3.9, -1.95, z), 0.07))
    made.add("steel", inline.rod((3.9, -1.95, ROOF_M), (3.9, -1.95, z + 0.06), 0.07))
    made.add("steel", inline.rod((-3.4, -0.35, z), (2.8, -0.35, z), 0.045, 6))
    for k in range(4):
        x = 1.7 * k - 3.0
        made.add("steel", inline.rod((x, -0.35, z), (x, 0.3, z - 0.06), 0.03, 6))
        made.add("steel", inline.rod((x, -0.35, ROOF_M), (x, -0.35, z), 0.03, 6))
    for k in range(3):
        x = 2.6 - 1.1 * k
        made.add("steel", inline.rod((x, -1.35, z + 0.36), (x, -0.35, z), 0.025, 6))
