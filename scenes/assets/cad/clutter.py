"""What stands about in a factory: pallets, bins, trolleys, boards, shelves, cabinets."""

from __future__ import annotations

from collections.abc import Callable

from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import (
    Part,
    bar,
    block,
    cabinet,
    frame,
    put,
    slab,
)
from twin.plant.base import Vec3

SIZES_M: dict[str, Vec3] = {
    "pallet_load": (1.2, 0.8, 1.25),
    "pallet_stack": (1.2, 0.8, 0.9),
    "mesh_box": (1.2, 0.8, 0.97),
    "waste_bins": (1.5, 0.6, 1.1),
    "tool_trolley": (0.8, 0.5, 1.1),
    "board": (1.8, 0.6, 2.0),
    "pallet_jack": (1.55, 0.55, 1.2),
    "shelf": (2.0, 0.6, 2.0),
    "locker": (1.2, 0.5, 1.9),
    "drums": (1.2, 1.2, 1.05),
}
NAMES = tuple(SIZES_M)
DECK_M = 0.144


def model(name: str) -> Model:
    """Return one of the things; people use it from +y."""
    made = Model(SIZES_M[name])
    _FILLED[name](made)
    return made


def _pallet(z: float = 0.0) -> Part:
    """Return a pallet of 1.2 m by 0.8 m."""
    boards = [block((1.2, 0.1, 0.022), (0, y * 0.175, z + 0.122)) for y in (-2, -1, 0, 1, 2)]
    blocks = [
        block((0.145, 0.1, 0.078), (x * 0.527, y * 0.35, z + 0.022))
        for x in (-1, 0, 1)
        for y in (-1, 0, 1)
    ]
    skids = [block((1.2, 0.1, 0.022), (0, y * 0.35, z)) for y in (-1, 0, 1)]
    return {"timber": [*boards, *blocks, *skids]}


def _pallet_load(made: Model) -> None:
    """Fill a pallet with cartons in layers, wrapped, with a label."""
    put(made, _pallet())
    sizes = ((0.58, 0.38), (0.58, 0.38), (0.56, 0.39))
    for level in range(3):
        if level == 2:
            spots = [(-0.3, -0.2), (0.3, -0.2), (-0.3, 0.2)]
        else:
            spots = [(x * 0.3, y * 0.2) for x in (-1, 1) for y in (-1, 1)]
        for k, (x, y) in enumerate(spots):
            long, wide = sizes[(k + level) % 3]
            z = DECK_M + level * 0.365
            made.add("box", block((long, wide, 0.36), (x, y, z)))
            made.add("panel", block((long, 0.05, 0.003), (x, y, z + 0.36)))
            made.add(
                "mark",
                block((0.16, 0.004, 0.11), (x, y + (wide / 2) * (1 if y > 0 else -1), z + 0.12)),
            )
    made.add_coarse("box", block((1.18, 0.78, 1.05), (0, 0, DECK_M)))
    made.add_coarse("timber", block((1.2, 0.8, DECK_M)))


def _pallet_stack(made: Model) -> None:
    """Fill a pile of empty pallets, not quite in line."""
    for k in range(6):
        shift = ((k * 7) % 5 - 2) * 0.004
        put(made, _pallet(), (shift, -shift, k * 0.148))
    made.add_coarse("timber", block((1.2, 0.8, 0.88)))


def _mesh_box(made: Model) -> None:
    """Fill a box pallet of steel mesh with parts in it."""
    for x in (-1, 1):
        for y in (-1, 1):
            made.add("base", block((0.06, 0.06, 0.97), (x * 0.57, y * 0.37, 0)))
    made.add("base", block((1.2, 0.8, 0.03), (0, 0, 0.12)))
    for z in (0.45, 0.93):
        made.add("base", *[block((1.14, 0.03, 0.04), (0, y * 0.385, z)) for y in (-1, 1)])
        made.add("base", *[block((0.03, 0.74, 0.04), (x * 0.585, 0, z)) for x in (-1, 1)])
    for k in range(9):
        made.add(
            "steel",
            *[block((0.008, 0.008, 0.8), ((k - 4) * 0.125, y * 0.39, 0.15)) for y in (-1, 1)],
        )
    for k in range(6):
        made.add(
            "steel",
            *[block((0.008, 0.008, 0.8), (x * 0.59, (k - 2.5) * 0.125, 0.15)) for x in (-1, 1)],
        )
    made.add(
        "box",
        block((0.52, 0.34, 0.4), (-0.28, -0.18, 0.15)),
        block((0.5, 0.34, 0.3), (0.28, 0.18, 0.15)),
    )
    made.add(
        "tray",
        block((0.5, 0.34, 0.28), (0.28, -0.18, 0.15)),
        block((0.5, 0.34, 0.34), (-0.28, 0.18, 0.15)),
    )
    made.add_coarse("base", block((1.2, 0.8, 0.95)))


def _waste_bins(made: Model) -> None:
    """Fill three bins for waste with coloured lids."""
    for x, lid in ((-0.5, "normal"), (0.0, "safety"), (0.5, "dark")):
        made.add("base", slab((0.44, 0.5, 0.92), (x, 0, 0.05), 0.05))
        made.add(lid, slab((0.47, 0.54, 0.08), (x, 0, 0.97), 0.03))
        made.add("dark", block((0.3, 0.03, 0.04), (x, 0.27, 0.93)))
        made.add("mark", block((0.2, 0.006, 0.2), (x, 0.252, 0.5)))
        for side in (-1, 1):
            made.add(
                "dark", bar((x + side * 0.16, -0.18, 0.06), (x + side * 0.2, -0.18, 0.06), 0.06)
            )
    made.add_coarse("base", block((1.45, 0.5, 1.0)))


def _tool_trolley(made: Model) -> None:
    """Fill a tool trolley: drawers, a top with a rim and tools, castors, a handle."""
    made.add("critical", slab((0.68, 0.44, 0.72), (-0.02, 0, 0.14), 0.015))
    for k, high in enumerate((0.09, 0.09, 0.09, 0.14, 0.18)):
        z = 0.8 - sum((0.09, 0.09, 0.09, 0.14, 0.18)[: k + 1]) - 0.012 * k
        made.add("dark", block((0.6, 0.02, high), (-0.02, 0.225, z)))
        made.add("metal", block((0.5, 0.02, 0.016), (-0.02, 0.238, z + high - 0.025)))
    made.add("dark", slab((0.72, 0.48, 0.05), (-0.02, 0, 0.86), 0.015))
    made.add("metal", bar((0.35, -0.2, 0.82), (0.35, 0.2, 0.82), 0.016))
    for x, y, long in ((-0.2, 0.05, 0.26), (0.1, -0.08, 0.2), (0.08, 0.1, 0.16)):
        made.add("steel", bar((x - long / 2, y, 0.925), (x + long / 2, y, 0.925), 0.014))
    made.add("accent", block((0.18, 0.14, 0.12), (-0.22, -0.12, 0.91)))
    for x in (-0.28, 0.24):
        for y in (-0.17, 0.17):
            made.add("dark", bar((x, y - 0.02, 0.065), (x, y + 0.02, 0.065), 0.065))
    made.add_coarse("critical", block((0.7, 0.45, 0.85)))


def _board(made: Model) -> None:
    """Fill a board on feet: white face with sheets, magnets and a shelf."""
    for x in (-0.85, 0.85):
        made.add(
            "metal", block((0.05, 0.04, 1.95), (x, 0, 0.03)), block((0.05, 0.58, 0.03), (x, 0, 0))
        )
    made.add("metal", block((1.74, 0.03, 1.22), (0, 0, 0.74)))
    made.add(
        "mark",
        block((1.68, 0.01, 1.16), (0, 0.02, 0.77)),
        block((1.68, 0.01, 1.16), (0, -0.02, 0.77)),
    )
    made.add("accent", block((1.68, 0.006, 0.12), (0, 0.026, 1.8)))
    for k in range(5):
        x = -0.66 + 0.33 * k
        made.add("panel", block((0.22, 0.004, 0.3), (x, 0.027, 1.4)))
        made.add(
            ("normal", "normal", "warning", "normal", "safety")[k],
            block((0.16, 0.004, 0.07), (x, 0.03, 1.6)),
        )
        made.add(
            "dark",
            block((0.16, 0.004, 0.012), (x, 0.03, 1.5)),
            block((0.12, 0.004, 0.012), (x, 0.03, 1.46)),
        )
    for k in range(3):
        made.add("dark", block((0.5, 0.004, 0.014), (-0.5, 0.027, 1.26 - 0.1 * k)))
    made.add("accent", block((0.5, 0.004, 0.3), (0.45, 0.027, 0.95)))
    made.add("metal", block((0.6, 0.1, 0.02), (0, 0.06, 0.72)))
    made.add_coarse("mark", block((1.74, 0.04, 1.22), (0, 0, 0.74)))


def _pallet_jack(made: Model) -> None:
    """Fill a hand pallet truck: forks, head, tiller."""
    for y in (-0.18, 0.18):
        made.add("safety", block((1.15, 0.16, 0.06), (-0.17, y, 0.06), 0.02))
        made.add("dark", bar((-0.66, y - 0.06, 0.04), (-0.66, y + 0.06, 0.04), 0.04))
    made.add(
        "safety",
        block((0.14, 0.5, 0.3), (0.44, 0, 0.08), 0.03),
        block((0.2, 0.2, 0.45), (0.5, 0, 0.08), 0.04),
    )
    for y in (-0.09, 0.09):
        made.add("dark", bar((0.56, y - 0.04, 0.1), (0.56, y + 0.04, 0.1), 0.1))
    made.add("dark", bar((0.55, 0, 0.45), (0.7, 0, 1.08), 0.022))
    made.add(
        "dark",
        bar((0.7, -0.18, 1.15), (0.7, 0.18, 1.15), 0.022),
        bar((0.7, 0, 1.05), (0.7, -0.16, 1.15), 0.016),
        bar((0.7, 0, 1.05), (0.7, 0.16, 1.15), 0.016),
    )


def _shelf(made: Model) -> None:
    """Fill a shelf with bins of parts."""
    put(made, frame((2.0, 0.6, 2.0), 2, post_m=0.045, look="rack"))
    looks = ("accent", "accent", "critical", "safety", "tray")
    for level, z in enumerate((0.1, 0.55, 1.0, 1.45)):
        made.add("panel", block((1.96, 0.56, 0.03), (0, 0, z)))
        for k in range(6):
            if (level * 3 + k) % 7 == 5:
                continue
            x, high = -0.8 + 0.32 * k, (0.2, 0.2, 0.26, 0.18)[level]
            look = looks[(level * 2 + k // 2) % 5]
            made.add(look, block((0.28, 0.46, high), (x, 0.04, z + 0.03)))
            made.add("mark", block((0.14, 0.006, 0.06), (x, 0.273, z + 0.06)))
    made.add_coarse("rack", block((2.0, 0.6, 2.0)))


def _locker(made: Model) -> None:
    """Fill a cabinet for tools and papers."""
    put(made, cabinet((1.2, 0.5, 1.8), 2), (0, 0, 0))
    made.add("box", block((0.4, 0.3, 0.09), (-0.3, 0, 1.8)))
    made.add("mark", block((0.2, 0.01, 0.28), (-0.3, 0.215, 1.2)))


def _drums(made: Model) -> None:
    """Fill four drums on a sump."""
    made.add("safety", block((1.2, 1.2, 0.15)))
    made.add("dark", block((1.14, 1.14, 0.012), (0, 0, 0.15)))
    for x in (-1, 1):
        for y in (-1, 1):
            spot = (x * 0.29, y * 0.29)
            look = "accent" if x * y > 0 else "normal"
            made.add(look, bar((*spot, 0.162), (*spot, 1.03), 0.275))
            for z in (0.44, 0.74):
                made.add(look, bar((*spot, z), (*spot, z + 0.025), 0.285))
            made.add(
                "steel",
                bar((spot[0] + 0.12, spot[1], 1.02), (spot[0] + 0.12, spot[1], 1.05), 0.035),
            )
    made.add_coarse("accent", block((1.1, 1.1, 0.85), (0, 0, 0.16)))
    made.add_coarse("safety", block((1.2, 1.2, 0.15)))


_FILLED: dict[str, Callable[[Model], None]] = {
    "pallet_load": _pallet_load,
    "pallet_stack": _pallet_stack,
    "mesh_box": _mesh_box,
    "waste_bins": _waste_bins,
    "tool_trolley": _tool_trolley,
    "board": _board,
    "pallet_jack": _pallet_jack,
    "shelf": _shelf,
    "locker": _locker,
    "drums": _drums,
}
