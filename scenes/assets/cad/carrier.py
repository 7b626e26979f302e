"""What lots travel in: coils, magazines, trays, boxes, and single stacks and battery cells.

There are thousands of them in a plant: few triangles each, and next to none from afar.
"""

from __future__ import annotations

from scenes.assets.cad.inline import rod
from scenes.assets.cad.model import Model
from scenes.assets.cad.parts import block, slab
from twin.plant.base import Vec3

NAMES = (
    "box", "coil", "coil_anode", "magazine", "magazine_anode", "piece", "piece_stack", "tray",
)  # fmt: skip
SIZES_M: dict[str, Vec3] = {
    "box": (0.8, 0.6, 0.5),
    "coil": (0.65, 0.3, 0.65),
    "magazine": (0.4, 0.3, 0.35),
    "piece": (0.32, 0.12, 0.012),
    "piece_stack": (0.3, 0.1, 0.012),
    "tray": (0.8, 0.6, 0.25),
}


def model(name: str) -> Model:
    """Return a carrier."""
    foil = "copper" if name.endswith("_anode") else "foil"
    base = name.removesuffix("_anode")
    made = Model(SIZES_M[base], whole=True)
    if base in {"coil", "magazine"}:
        {"coil": _coil, "magazine": _magazine}[base](made, foil)
    else:
        {"box": _box, "piece": _cell, "piece_stack": _stack, "tray": _tray}[base](made)
    return made


def _coil(made: Model, foil: str) -> None:
    """Fill a coil: coated foil, the bare metal at both edges, a core, a cradle."""
    length, width, height = made.size_m
    radius = length / 2 - 0.012
    z, half = height - radius, width / 2
    made.add("coating", rod((0, 0.03 - half, z), (0, half - 0.03, z), radius, 24))
    for y in (-1, 1):
        made.add(
            foil, rod((0, y * (half - 0.03), z), (0, y * (half - 0.01), z), radius - 0.012, 24)
        )
    made.add("mark", rod((0, 0.002 - half, z), (0, half - 0.002, z), 0.095, 12))
    made.add("dark", rod((0, -half, z), (0, half, z), 0.07, 8))
    for x in (-1, 1):
        made.add("accent", block((0.1, width, 0.085), (x * radius * 0.62, 0, 0), 0.02))
    made.add("accent", block((radius * 1.3, 0.06, 0.03), (0, 0, 0)))
    made.add_coarse("coating", rod((0, -half, z), (0, half, z), radius, 10))


def _magazine(made: Model, foil: str) -> None:
    """Fill a magazine: plate, four corner guides, sheets with their tabs to one side."""
    length, width, height = made.size_m
    made.add("dark", slab((length, width, 0.035), (0, 0, 0), 0.008))
    for x in (-1, 1):
        for y in (-1, 1):
            spot = (x * (length / 2 - 0.02), y * (width / 2 - 0.02), 0.035)
            made.add("metal", block((0.035, 0.035, height - 0.035), spot))
    high = height * 0.74
    made.add("coating", block((length * 0.78, width * 0.78, high), (0, 0, 0.035)))
    made.add(foil, block((0.03, width * 0.2, high - 0.004), (length * 0.405, width * 0.2, 0.037)))
    made.add("accent", block((0.02, width * 0.5, 0.09), (0.01 - length / 2, 0, height * 0.55)))
    made.add("steel", block((length * 0.5, width * 0.5, 0.02), (0, 0, 0.035 + high)))
    made.add_coarse("coating", block((length, width, height)))


def _tray(made: Model) -> None:
    """Fill a tray: walls with a rim, two rows of twelve cells in nests."""
    length, width, height = made.size_m
    wall, low = 0.02, height * 0.62
    made.add("tray", block((length, width, 0.03)))
    for side in (-1, 1):
        across = block((wall, width, low), (side * (length - wall) / 2, 0, 0.0))
        along = block((length - 2 * wall, wall, low), (0, side * (width - wall) / 2, 0.0))
        made.add("tray", across, along)
        made.add("dark", block((0.03, 0.16, 0.04), (side * (length / 2 - 0.015), 0, low - 0.02)))
    made.add("tray", block((length - 2 * wall, 0.03, low), (0, 0, 0.0)))
    pitch, deep = (length - 0.06) / 12, (width - 0.1) / 2
    for k in range(12):
        x = (k - 5.5) * pitch
        for y in (-1, 1):
            made.add(
                "product",
                block((pitch * 0.42, deep, height - 0.03), (x, y * (deep + 0.05) / 2, 0.03)),
            )
    made.add_coarse("tray", block((length, width, low)))
    made.add_coarse("product", block((length * 0.9, width * 0.86, height - 0.05)))


def _box(made: Model) -> None:
    """Fill a taped carton with its label, on a pallet."""
    length, width, height = made.size_m
    deck = 0.1
    made.add(
        "timber",
        *[block((0.09, width, 0.075), (x * (length / 2 - 0.045), 0, 0)) for x in (-1, 0, 1)],
    )
    made.add(
        "timber",
        *[block((length, 0.11, 0.025), (0, y * (width / 2 - 0.055), 0.075)) for y in (-1, 0, 1)],
    )
    made.add("box", slab((length - 0.04, width - 0.04, height - deck - 0.003), (0, 0, deck), 0.006))
    made.add("panel", block((length - 0.04, 0.06, 0.004), (0, 0, height - 0.004)))
    for x in (-1, 1):
        made.add("panel", block((0.004, 0.06, 0.12), (x * (length / 2 - 0.019), 0, height - 0.12)))
    for y in (-1, 1):
        made.add("mark", block((0.2, 0.004, 0.14), (0.18, y * (width / 2 - 0.019), deck + 0.14)))
        made.add("dark", block((0.14, 0.003, 0.03), (0.18, y * (width / 2 - 0.016), deck + 0.18)))
    made.add(
        "dark", *[block((0.012, width - 0.036, 0.004), (x, 0, height - 0.003)) for x in (-0.2, 0.2)]
    )
    made.add_coarse("box", block((length, width, height)))


def _cell(made: Model) -> None:
    """Fill a pouch cell: body, sealed rim around it, and two tabs at one end."""
    length, width, height = made.size_m
    tab = 0.02
    body = length - 2 * tab
    made.add("product", slab((body - 0.02, width - 0.02, height), (0, 0, 0), 0.003))
    made.add("foil", block((body, width, 0.002), (0, 0, height * 0.4)))
    for y, look in ((-0.25, "copper"), (0.25, "metal")):
        spot = ((body + tab) / 2, y * width, height * 0.42)
        made.add(look, block((tab + 0.004, width * 0.28, 0.002), spot))
        strip = ((body - 0.004) / 2, y * width, height * 0.4 - 0.001)
        made.add("dark", block((0.01, width * 0.32, 0.004), strip))
    made.add_coarse("product", block((body, width, height)))


def _stack(made: Model) -> None:
    """Fill an electrode stack: separator over dark electrodes, tape, two bundles of tabs."""
    length, width, height = made.size_m
    body = length - 0.04
    made.add("mark", block((body, width, height * 0.3), (-0.02, 0, 0)))
    made.add(
        "coating", block((body - 0.008, width - 0.006, height * 0.4), (-0.02, 0, height * 0.3))
    )
    made.add("mark", block((body, width, height * 0.3), (-0.02, 0, height * 0.7)))
    for x in (-0.3, 0.25):
        made.add(
            "accent", block((0.02, width + 0.0008, height + 0.0008), (x * body - 0.02, 0, -0.0002))
        )
    for y, look in ((-0.25, "copper"), (0.25, "foil")):
        made.add(
            look,
            block(
                (0.036, width * 0.28, height * 0.25), (length / 2 - 0.02, y * width, height * 0.3)
            ),
        )
    made.add_coarse("mark", block((length, width, height)))
