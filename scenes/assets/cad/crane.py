"""Parts of a stacker crane: mast on its rail, lifting carriage, telescopic forks, rail.

x runs along the rail, the forks reach out along y. Carriage and forks are drawn about the height
at which a lot stands on the forks; they count as high as the mast so that nothing stretches them.
"""

from __future__ import annotations

from scenes.assets.cad.inline import rod
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import bar, block, hazard, motor, placed, put, slab, tilted
from twin.plant.base import Vec3

NAMES = ("crane_carriage", "crane_forks", "crane_mast", "crane_rail")
SIZES_M: dict[str, Vec3] = {
    "crane_carriage": (1.6, 0.8, 11.5),
    "crane_forks": (1.6, 0.8, 11.5),
    "crane_mast": (1.6, 0.8, 11.5),
    "crane_rail": (20.0, 0.5, 0.4),
}
POST_X = 0.66


def model(name: str) -> Model:
    """Return a part of the crane."""
    made = Model(SIZES_M[name], standing=name in {"crane_mast", "crane_rail"})
    {
        "crane_carriage": _carriage,
        "crane_forks": _forks,
        "crane_mast": _mast,
        "crane_rail": _rail,
    }[name](made)
    return made


def _mast(made: Model) -> None:
    """Fill the mast: base beam on wheels, two posts, ladder, hoist, controls, head beam."""
    length, width, height = made.size_m
    made.add("safety", slab((length, 0.3, 0.3), (0, 0, 0.12), 0.03))
    for x in (-1, 1):
        made.add("dark", bar((x * 0.62, -0.06, 0.18), (x * 0.62, 0.06, 0.18), 0.12))
        made.add("safety", slab((0.34, 0.42, 0.34), (x * 0.63, 0, 0.16), 0.04))
        made.add("metal", block((0.18, 0.24, height - 0.75), (x * POST_X, 0, 0.45), 0.03))
        made.add("dark", block((0.025, 0.04, height - 0.9), (x * (POST_X - 0.1), 0, 0.5)))
        made.add(
            "accent", rod((x * 0.5, -0.22, height - 0.2), (x * 0.5, 0.22, height - 0.2), 0.13, 12)
        )
    made.add("safety", slab((length - 0.06, 0.36, 0.26), (0, 0, height - 0.36), 0.03))
    made.add("steel", *[rod((x, 0, 0.4), (x, 0, height - 0.3), 0.012, 4) for x in (-0.1, 0.1)])
    made.add(
        "dark",
        *[
            rod((x, y, height - 0.1), (x, y, height), 0.07, 8)
            for x in (-0.6, 0.6)
            for y in (-0.1, 0.1)
        ],
    )
    _ladder(made, height)
    _drives(made)
    made.lamp_m = (POST_X, width / 2 - 0.1, 2.15)
    made.add_coarse(
        "safety",
        block((length, 0.3, 0.4), (0, 0, 0.1)),
        block((length, 0.3, 0.3), (0, 0, height - 0.3)),
    )
    made.add_coarse(
        "metal", *[block((0.18, 0.24, height - 0.7), (x * POST_X, 0, 0.45)) for x in (-1, 1)]
    )


def _ladder(made: Model, height_m: float) -> None:
    """Add the ladder on the outside of the front post, and the trailing cable."""
    x, rungs = POST_X + 0.12, 26
    for y in (-0.2, 0.2):
        made.add("steel", block((0.03, 0.03, height_m - 1.1), (x, y, 0.6)))
    for k in range(rungs):
        z = 0.75 + k * (height_m - 1.4) / rungs
        made.add("steel", block((0.02, 0.38, 0.02), (x, 0, z)))
    made.add("dark", block((0.06, 0.08, height_m - 1.4), (-POST_X, 0.18, 0.8)))


def _drives(made: Model) -> None:
    """Add travel and hoist motor, and the control cabinet with its warning stripes."""
    put(made, tilted(motor(0.36, 0.1), (0, 0, -90), (-0.3, -0.02, 0.32)))
    made.add("accent", slab((0.3, 0.3, 0.34), (-POST_X + 0.02, -0.24, 0.9), 0.03))
    made.add("dark", rod((-POST_X, -0.3, 1.24), (-POST_X, -0.3, 1.6), 0.09))
    made.add("body", slab((0.2, 0.7, 1.3), (POST_X + 0.04, 0.03, 0.62), 0.02))
    made.add("panel", block((0.01, 0.58, 1.1), (POST_X + 0.135, 0.03, 0.72)))
    put(made, placed(hazard(0.36, 0.1), (0, 0.15, 0.2)))


def _carriage(made: Model) -> None:
    """Fill the carriage: side frames that run on the posts, deck beams, rope anchors."""
    width, low = made.size_m[1], -0.26
    for x in (-1, 1):
        made.add("safety", block((0.08, 0.3, 0.8), (x * (POST_X - 0.16), 0, low), 0.02))
        made.add("safety", block((0.1, width * 0.86, 0.12), (x * (POST_X - 0.16), 0, low), 0.02))
        for z in (low + 0.1, low + 0.7):
            y = 0.16
            made.add(
                "dark", *[rod((x * 0.53, s * y, z), (x * 0.72, s * y, z), 0.06) for s in (-1, 1)]
            )
        made.add("metal", block((0.02, width * 0.8, 0.1), (x * (POST_X - 0.22), 0, low + 0.2)))
    made.add("steel", *[block((0.9, 0.08, 0.1), (0, y * 0.26, low)) for y in (-1, 1)])
    made.add("steel", block((0.9, 0.1, 0.06), (0, 0, low + 0.74)))
    put(made, placed(hazard(0.7, 0.08), (0, 0.3, low + 0.01)))
    made.add_coarse("safety", block((1.2, width * 0.8, 0.12), (0, 0, low)))


def _forks(made: Model) -> None:
    """Fill the forks: fixed, middle and upper tongue of both, and their shaft."""
    width, low = made.size_m[1], -0.12
    for x in (-0.22, 0.22):
        made.add("dark", block((0.14, width * 0.95, 0.05), (x, 0, low)))
        made.add("steel", block((0.11, width, 0.03), (x, 0, low + 0.05), 0.02))
        made.add("metal", block((0.09, width, 0.03), (x, 0, low + 0.08), 0.02))
        made.add("mark", *[block((0.07, 0.1, 0.01), (x, y, low + 0.11)) for y in (-0.28, 0.28)])
    made.add("steel", rod((-0.3, 0, low + 0.025), (0.3, 0, low + 0.025), 0.02, 6))
    made.add_coarse("dark", *[block((0.12, width, 0.1), (x, 0, low)) for x in (-0.22, 0.22)])


def _rail(made: Model) -> None:
    """Fill the rail: profile on sleepers, buffers at both ends, collector rail beside."""
    length = made.size_m[0]
    made.add(
        "steel",
        block((length - 0.2, 0.14, 0.02), (0, 0, 0)),
        block((length - 0.2, 0.03, 0.04), (0, 0, 0.02)),
    )
    made.add("steel", block((length - 0.2, 0.07, 0.03), (0, 0, 0.05)))
    made.add("safety", block((length - 0.6, 0.04, 0.05), (0, 0.2, 0.06)))
    for k in range(8):
        made.add("dark", block((0.12, 0.46, 0.02), (length * (k / 7 - 0.5) * 0.94, 0, 0)))
    for x in (-1, 1):
        made.add("safety", block((0.14, 0.4, 0.34), (x * (length / 2 - 0.09), 0, 0), 0.03))
        start, end = x * (length / 2 - 0.16), x * (length / 2 - 0.34)
        made.add("dark", rod((start, 0, 0.24), (end, 0, 0.24), 0.06))
