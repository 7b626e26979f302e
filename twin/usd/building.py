"""What stands around the plant: the parts of the building, the signs in it, and the site."""

from __future__ import annotations

import math

import numpy as np
from pxr import Sdf

from twin.plant.place import Sink, Source
from twin.plant.plant import Plant
from twin.usd.camera import above
from twin.usd.clutter import CLUTTER, add_clutter
from twin.usd.floor import floor_of
from twin.usd.frame import COLUMNS, ROOF, TRUSS_M, add_frame, column_rows, even
from twin.usd.layer import Layer
from twin.usd.light import clean_rooms
from twin.usd.path import BUILDING
from twin.usd.shape import AssetSpec
from twin.usd.site import SITE, Add, add_site

FRONT, BACK, SIGNS = (f"{BUILDING}/{name}" for name in ("Front", "Back", "Signs"))
GROUPS = {
    COLUMNS: "Columns",
    CLUTTER: "Pallets, bins, trolleys and shelves",
    ROOF: "Roof and what hangs from it",
    FRONT: "Walls in front",
    BACK: "Walls behind",
    SIGNS: "Signs of the workcells",
    SITE: "Site",
}
SHELL = "shell"
_HIDDEN: dict[str, tuple[str, ...]] = {
    "closed": (),
    "cutaway": (ROOF, FRONT),
    "open": (ROOF, FRONT, BACK),
}
"""What each choice of the shell leaves out."""

EXIT_M = 30.0
MAX_NAMES = 60
LETTER_M, ADVANCE = 0.45, 1.4
"""Width of letters on the floor, and from one to the next; they are twice as high."""

_NAME_SPOTS_M = sorted(
    ((dx, dy) for dx in (-6.0, -3.0, 0.0, 3.0, 6.0) for dy in np.arange(-9.0, 9.1, 0.75).tolist()),
    key=lambda spot: (abs(spot[1]) + 0.6 * abs(spot[0]), spot),
)
_DOOR_STEP_M = 5.0


def add_building(plant: Plant, add: Add) -> None:
    """Add floor, columns, roof, walls, signs and site of a plant."""
    size = plant.building.size_m
    hall = AssetSpec("hall", size, {"areas": _areas(plant)})
    add(f"{BUILDING}/Hall", hall, (0.0, 0.0, 0.0), 0.0)
    rows = column_rows(plant)
    add_frame(plant, rows, add)
    _add_walls(plant, add)
    _add_signs(plant, add)
    _add_ceilings(plant, add)
    add_clutter(plant, rows, add)
    behind = _doors(plant).get("North", set())
    add_site(size, add, {size[0] / 2 + along for along in behind})


def write_shell(prim: Sdf.PrimSpec) -> None:
    """Write the variants of the building's shell; from outside one looks in by default."""
    variants = Sdf.VariantSetSpec(prim, SHELL)
    for choice, hidden in _HIDDEN.items():
        made = Sdf.VariantSpec(variants, choice).primSpec
        for path in hidden:
            name = path.rsplit("/", 1)[1]
            part = Sdf.PrimSpec(made, name, Sdf.SpecifierOver)
            token = Sdf.AttributeSpec(part, "visibility", Sdf.ValueTypeNames.Token)
            token.default = "invisible"
    prim.variantSetNameList.Prepend(SHELL)
    prim.variantSelections[SHELL] = "cutaway"


def declare_groups(layer: Layer) -> None:
    """Define the groups of the building."""
    for group, label in GROUPS.items():
        layer.define(group, kind="group", label=label)


def _add_walls(plant: Plant, add: Add) -> None:
    """Add the four walls, with a door where goods come in or leave, and a lorry at it."""
    length, width, height = plant.building.size_m
    walls = {
        "North": (BACK, length, (length / 2, width + 0.1, 0.0), 0.0),
        "East": (BACK, width, (length + 0.1, width / 2, 0.0), -90.0),
        "South": (FRONT, length, (length / 2, -0.1, 0.0), 180.0),
        "West": (FRONT, width, (-0.1, width / 2, 0.0), 90.0),
    }
    doors = _doors(plant)
    for name, (group, long, spot, heading) in walls.items():
        taken = tuple(sorted(doors.get(name, ())))
        exits = [x - long / 2 for x in even(long, EXIT_M)[1:-1]]
        free = tuple(x for x in exits if all(abs(x - door) > 5 for door in taken))
        spec = AssetSpec("wall", (long, 0.2, height + TRUSS_M), {"doors": taken, "exits": free})
        add(f"{group}/{name}", spec, spot, heading)
        turn = math.radians(heading)
        for k, along in enumerate(taken):
            x = spot[0] + along * math.cos(turn) - 1.0 * math.sin(turn)
            y = spot[1] + along * math.sin(turn) + 1.0 * math.cos(turn)
            lorry = AssetSpec("lorry", (12.7, 2.5, 3.9))
            add(f"{SITE}/Lorry_{name}{k}", lorry, (x, y, -0.1), heading + 90.0)


def _doors(plant: Plant) -> dict[str, set[float]]:
    """Return where each wall has a door: next to sources and sinks, each place once."""
    length, width, _ = plant.building.size_m
    found: dict[str, set[float]] = {}
    docks: list[Source | Sink] = [*plant.sources, *plant.sinks]
    for dock in docks:
        x, y, _ = dock.position_m
        way = {"North": width - y, "East": length - x, "South": y, "West": x}
        name = min(way, key=lambda key: way[key])
        along = {"North": x - length / 2, "South": length / 2 - x}.get(
            name, (y - width / 2) * (1 if name == "West" else -1)
        )
        reach = (length if name in {"North", "South"} else width) / 2 - 3
        step = round(along / _DOOR_STEP_M) * _DOOR_STEP_M
        found.setdefault(name, set()).add(min(max(step, -reach), reach))
    return found


def _areas(plant: Plant) -> tuple[tuple[str, float, float, float], ...]:
    """Return what is written on the floor, where, and how large: the names of workcells or lines.

    A name stands where nothing else does, nearest to the machines it names; where there are too
    many workcells, only those of zones are written.
    """
    floor = floor_of(plant)
    named = [(w.label or w.id, above(w)) for w in sorted(plant.workcells(), key=lambda w: w.id)]
    if len(named) > MAX_NAMES:
        named = [
            (z.label or z.id, (z.corner_m[0] + 4.0, z.corner_m[1] + z.size_m[1] / 2, 0.0))
            for z in sorted(plant.zones, key=lambda zone: zone.id)
            if z.kind in {"dry_room", "high_bay"}
        ]
    found = []
    for text, (x, y, _) in named:
        half = (len(text) * ADVANCE * LETTER_M) / 2 + 0.3
        for dx, dy in _NAME_SPOTS_M:
            box = (x + dx - half, y + dy - 0.3, x + dx + half, y + dy + 2 * LETTER_M + 0.3)
            if floor.free(box):
                found.append((text, round(x + dx, 3), round(y + dy, 3), LETTER_M))
                floor = floor.with_more([box])
                break
    return tuple(found)


def _add_ceilings(plant: Plant, add: Add) -> None:
    """Add the ceiling of every clean room; it goes with the roof."""
    for zone in clean_rooms(plant):
        spec = AssetSpec("ceiling", (*zone.size_m, 0.6))
        add(f"{ROOF}/Ceiling_{zone.id}", spec, (*zone.corner_m, zone.height_m), 0.0)


def _add_signs(plant: Plant, add: Add) -> None:
    """Add a sign with the name of each workcell above its machines."""
    height = plant.building.size_m[2]
    for workcell in plant.workcells():
        x, y, z = above(workcell)
        z = min(max(z + 0.1, 3.75), height - 0.8)
        options: dict[str, object] = {"label": workcell.label or workcell.id}
        spec = AssetSpec("sign", (0.0, 0.0, round(height - z - 0.6, 3)), options)
        add(f"{SIGNS}/{workcell.id}", spec, (x, y, z), 0.0)
