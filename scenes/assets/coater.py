"""A coater: both ends from the library, and between them as many dryer modules as there is room."""

from __future__ import annotations

from scenes.assets.module import repeat
from scenes.assets.moving import add_moving
from scenes.assets.stock import stock
from twin.plant.base import Vec3
from twin.usd.shape import AssetSpec, Shape

FEED, MODULE, WIND = "coater_feed", "coater_dryer", "coater_wind"
_LAMP_M = 2.58
_LINE_M = -0.4


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the coater; where it is short, its ends give room to one module."""
    length, width, height = spec.size_m
    module, ends = stock(MODULE).size_m[0], [stock(name).size_m[0] for name in (FEED, WIND)]
    share = min(1.0, length / (sum(ends) + module))
    feed, wind = (share * end for end in ends)
    room = length - feed - wind
    modules = max(1, round(room / module))
    each = room / modules
    _end(shape, FEED, (feed, width, height), feed / 2 - length / 2)
    first = feed - length / 2 + each / 2
    spots = [(first + k * each, 0.0, 0.0) for k in range(modules)]
    repeat(shape, MODULE, (each, width, height), spots)
    _end(shape, WIND, (wind, width, height), length / 2 - wind / 2)
    shape.lamp_m = (length / 2 - 0.94 * wind, _LINE_M * width / 5.0, _LAMP_M * height / 3.5)


def _end(shape: Shape, name: str, size_m: Vec3, x_m: float) -> None:
    """Draw one end, with its reel."""
    spot = (x_m, 0.0, 0.0)
    repeat(shape, name, size_m, [spot])
    add_moving(name, shape, stock(name), size_m, spot)
