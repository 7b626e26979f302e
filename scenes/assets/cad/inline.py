"""The common body of machines on the line: table, guarding, transport, cabinet, console.

The product passes along the middle of the footprint at `BELT_M`, as the conveyors meet it there.
The guarded part lies behind the cabinet and the operator's place at +y.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from build123d import Plane, RegularPolygon, Vector, extrude

from scenes.assets.cad.parts import (
    Part,
    Spot,
    block,
    cabinet,
    cable_tray,
    console,
    frame,
    joined,
    pane,
    panel,
    placed,
    put,
    slab,
)
from scenes.assets.parts import BELT_M

if TYPE_CHECKING:
    from scenes.assets.cad.model import Model

TABLE_M = 0.82
DEPTH_SHARE = 0.72
END_M = 0.08


def depth_m(model: Model) -> float:
    """Return how deep the guarded part is."""
    return model.size_m[1] * DEPTH_SHARE


def middle_m(model: Model) -> float:
    """Return y of the middle of the guarded part."""
    return (depth_m(model) - model.size_m[1]) / 2


def front_m(model: Model) -> float:
    """Return y of the front of the guarded part."""
    return middle_m(model) + depth_m(model) / 2


def body(model: Model, top_m: float, bays: int, *, hood_m: float = 0.0) -> None:
    """Add table, guarding up to `top_m` and transport; `hood_m` is the height of a closed hood."""
    length, depth, y = model.size_m[0], depth_m(model) - 0.04, middle_m(model)
    put(model, base((length - 0.1, depth - 0.04, TABLE_M), bays), (0, y, 0))
    put(
        model,
        _guarding((length - 2 * END_M, depth, top_m - TABLE_M - hood_m), bays),
        (0, y, TABLE_M),
    )
    if hood_m:
        model.add("body", slab((length - 2 * END_M, depth, hood_m), (0, y, top_m - hood_m), 0.03))
    transport(model)
    for side in (-1, 1):
        put(model, tunnel(), (side * (length / 2 - END_M / 2), 0, TABLE_M), 90)
    model.lamp_m = (length / 2 - 0.25, y + depth / 2 - 0.12, top_m)


def rod(start_m: Spot, end_m: Spot, radius_m: float, sides: int = 8) -> Any:
    """Return a thin bar with few sides, for what is many or small."""
    start, along = Vector(*start_m), Vector(*end_m) - Vector(*start_m)
    plane = Plane(origin=start, z_dir=along.normalized())
    return extrude(plane * RegularPolygon(radius_m, sides), along.length)


def base(size_m: Spot, bays: int) -> Part:
    """Return a machine's base on a plinth: housing, top, service doors at the front."""
    length, width, height = size_m
    made: Part = {
        "base": [block((length - 0.12, width - 0.12, 0.1))],
        "body": [block((length - 0.04, width - 0.04, height - 0.15), (0, 0, 0.1), 0.015)],
        "steel": [slab((length, width, 0.05), (0, 0, height - 0.05), 0.01)],
    }
    each = (length - 0.04) / bays
    for k in range(bays):
        x = each * (k + 0.5) - (length - 0.04) / 2
        knob = {"dark": [block((0.14, 0.03, 0.03), (0, 0.03, height - 0.36))]}
        leaf = joined(panel(each - 0.08, height - 0.28, 0.02), knob)
        made = joined(made, placed(leaf, (x, width / 2 - 0.03, 0.15)))
    return made


def _guarding(size_m: tuple[float, float, float], bays: int) -> Part:
    length, width, height = size_m
    each, clear = (length - 0.06) / bays, height - 0.13
    made = frame(size_m, bays)
    for k in range(bays):
        x = each * (k + 0.5) - (length - 0.06) / 2
        leaf = _leaf(each - 0.07, clear, 1 if k % 2 else -1)
        made = joined(made, placed(leaf, (x, width / 2 - 0.03, 0.065)))
    back = block((length - 0.12, 0.008, clear), (0, 0.03 - width / 2, 0.065))
    ends = [
        block((0.008, width - 0.12, clear), (side * (length / 2 - 0.03), 0, 0.065))
        for side in (-1, 1)
    ]
    return joined(made, {"glass": [back, *ends]})


def _leaf(width_m: float, height_m: float, hinge: int) -> Part:
    """Return a glass door with frame and handle."""
    x = -hinge * (width_m / 2 - 0.02)
    grip = block((0.03, 0.06, 0.26), (x, 0.04, height_m * 0.45 - 0.13))
    switch = block((0.05, 0.05, 0.09), (x, 0.0, height_m * 0.78))
    return joined(pane(width_m, height_m), {"dark": [grip], "safety": [switch]})


def transport(model: Model, width_m: float = 0.42) -> None:
    """Add the belt the product rides on, with its side rails."""
    length, top = model.size_m[0], BELT_M
    model.add("belt", block((length - 0.02, width_m, 0.05), (0, 0, top - 0.05)))
    rails = [
        block((length, 0.04, 0.1), (0, side * (width_m / 2 + 0.03), top - 0.1)) for side in (-1, 1)
    ]
    model.add("metal", *rails)


def tunnel(width_m: float = 0.7, height_m: float = 0.5) -> Part:
    """Return the mouth through which the product enters, along y."""
    posts = [block((0.07, END_M, height_m), (x * (width_m / 2), 0, 0)) for x in (-1, 1)]
    lintel = block((width_m + 0.07, END_M, 0.08), (0, 0, height_m))
    dark = block((width_m - 0.06, 0.02, 0.09), (0, 0, height_m - 0.09))
    return {"accent": [*posts, lintel], "dark": [dark]}


def service(model: Model, length_m: float, doors: int = 2, *, height_m: float = 2.0) -> None:
    """Add the electrical cabinet at the front left, and the cables from it to the machine."""
    length, width, height = model.size_m
    high = min(height_m, height)
    deep = min(0.6, width * 0.2)
    y, x = width / 2 - deep / 2, length_m / 2 - length / 2 + 0.1
    put(model, cabinet((length_m, deep, high), doors, vents=False), (x, y, 0))
    reach = width / 2 - deep - middle_m(model)
    put(model, cable_tray(reach, 0.25), (x, y - deep / 2 - reach / 2 + deep * 0.7, high), 90)


def operator(model: Model, x_m: float) -> None:
    """Add the operator's console in front of the guarding."""
    put(model, console(min(1.75, model.size_m[2])), (x_m, model.size_m[1] / 2 - 0.42, 0))
