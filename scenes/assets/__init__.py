"""How things look: one generator per kind of thing, found by name.

`generator` returns the function that draws a kind; `generator_name` chooses the kind that fits an
asset name, a station's id or its kind. What is in the library (`scenes.assets.stock`) comes from
there. All draw into a `twin.usd.shape.Shape` with the surfaces of `LOOKS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from scenes.assets import (
    agv,
    buffer,
    building,
    coater,
    conveyor,
    dock,
    lanes,
    marker,
    placeholder,
    rack,
    room,
    sign,
    site,
    supply,
    tree,
    worker,
    zone,
)  # fmt: skip
from scenes.assets.look import LOOKS, Look
from scenes.assets.moving import add_moving
from scenes.assets.parts import signal_tower
from scenes.assets.placeholder import PLACEHOLDER
from scenes.assets.robot import draw_link, draw_pedestal
from scenes.assets.stock import draw_stock, stock, stock_names
from scenes.assets.tool import draw_tool
from twin.errors import CelltwinError, Problem, nearest
from twin.plant.base import Vec3
from twin.usd.shape import AssetSpec, Shape

__all__ = [
    "LOOKS", "Look", "carrier_name", "designed_m", "draw_link", "draw_pedestal", "draw_tool",
    "generator", "generator_name", "generator_names",
]  # fmt: skip

Generator = Callable[[Shape, AssetSpec], None]

POLE_M = 0.22

_MACHINES: dict[str, tuple[Generator | None, str]] = {
    "coater": (coater.draw, r"coat(?!ed)"),
    "calender": (None, r"calender(?!ed)"),
    "slitter": (None, r"slit"),
    "mixer": (None, r"mix"),
    "vacuum_oven": (None, r"dry|oven|bake"),
    "notcher": (None, r"notch|web|laminat"),
    "stacker": (None, r"stacker|stacking|^stack$"),
    "press": (None, r"press"),
    "welder": (None, r"weld"),
    "pouch_former": (None, r"pouch|form_insert"),
    "formation_tower": (rack.draw_drawers, r"formation"),
    "chamber": (rack.draw_chamber, r"soak|tower|chamber"),
    "rack": (rack.draw_open, r"rack|aging|store"),
    "packing_table": (None, r"pack"),
    "table": (None, r"table|transfer|robot"),
    "filler": (None, r"fill"),
    "degasser": (None, r"degas"),
    "sealer": (None, r"seal"),
    "tester": (None, r"test|eol|inspect|ocv|hipot"),
}
"""What draws a machine that is not in the library, and the hints it fits."""

_OTHERS: dict[str, Generator] = {
    "agv": agv.draw,
    "buffer": buffer.draw,
    "conveyor": conveyor.draw,
    "dock": dock.draw,
    "car": site.draw_car,
    "column": building.draw_column,
    "hall": building.draw_floor,
    "lights": building.draw_lights,
    "lorry": site.draw_lorry,
    "roof": building.draw_roof,
    "services": building.draw_services,
    "sign": sign.draw,
    "site": site.draw_site,
    "tree": tree.draw,
    "tank": supply.draw_tank,
    "chiller": supply.draw_chiller,
    "transformer": supply.draw_transformer,
    "pole": supply.draw_pole,
    "truss": building.draw_truss,
    "wall": building.draw_wall,
    "lanes": lanes.draw,
    "marker": marker.draw,
    PLACEHOLDER: placeholder.draw,
    "worker": worker.draw,
    "zone": zone.draw,
    "room": room.draw,
    "ceiling": room.draw_ceiling,
    "girder": building.draw_girder,
}
_CARRIERS = {
    "coil": ("coil_anode", r"anode|copper"),
    "magazine": ("magazine_anode", r"anode|copper"),
    "none": ("piece_stack", r"stack|electrode"),
}
"""What carries an item whose id fits, instead of what its carrier is named after."""


def generator_names() -> tuple[str, ...]:
    """Return the name of everything that can be drawn."""
    drawn = [name for name, (draw, _) in _MACHINES.items() if draw]
    return tuple(dict.fromkeys([*drawn, *_OTHERS, *sorted(stock_names())]))


def generator(name: str) -> Generator:
    """Return the function that draws a kind of thing into a shape.

    Raises
    ------
    CelltwinError
        There is no such generator; names the nearest one.
    """
    if name in stock_names() and name not in _OTHERS:
        return partial(_stocked, name)
    if (draw := _MACHINES.get(name, (None, ""))[0]) is not None:
        return _with_tower(draw)
    if name in _OTHERS:
        return _OTHERS[name]
    known = generator_names()
    raise CelltwinError(
        Problem(
            "scenes.assets",
            f"there is no asset '{name}'{nearest(name, known)}.",
            f"Assets are {', '.join(known)}.",
        )
    )


def generator_name(*hints: str) -> str:
    """Return what fits the first hint it can; a labelled box if nothing does."""
    for hint in filter(None, hints):
        if hint in stock_names():
            return hint
        for name, (draw, pattern) in _MACHINES.items():
            if (draw or name in stock_names()) and (hint == name or re.search(pattern, hint)):
                return name
    return PLACEHOLDER


def designed_m(name: str) -> Vec3:
    """Return the size (m) that an asset of the library was designed for."""
    x, y, z = (round(side, 4) for side in stock(name).size_m)  # kept as single-precision numbers
    return x, y, z


def carrier_name(carrier: str, item: str) -> str:
    """Return what lots of an item travel in, or what a single one of it looks like."""
    special, pattern = _CARRIERS.get(carrier, ("", "$."))
    if re.search(pattern, item):
        return special
    return "piece" if carrier == "none" else carrier


def _stocked(name: str, shape: Shape, spec: AssetSpec) -> None:
    draw_stock(name, shape, spec)
    add_moving(name, shape, stock(name), spec.size_m, (0.0, 0.0, 0.0))


def _with_tower(draw: Generator) -> Generator:
    def drawn(shape: Shape, spec: AssetSpec) -> None:
        draw(shape, spec)
        signal_tower(shape, POLE_M)

    return drawn
