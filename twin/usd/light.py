"""The lights of the plant: sun, sky, and the lamps under the roof."""

from __future__ import annotations

import math

from pxr import Gf, Sdf

from twin.plant.base import Vec3
from twin.plant.place import Zone
from twin.plant.plant import Plant
from twin.usd.layer import FLOAT3, TOKEN, Layer
from twin.usd.path import BUILDING, LIGHTS

SUN_ELEVATION_DEG = 38.0
SUN_AZIMUTH_DEG = 232.0
"""Where the sun stands: from the left in front of the hall, so that its front is lit."""

SUN, SKY, LAMPS, CEILING = 1.0, 1.0, 70.0, 15.0
"""Intensities, chosen in Blender so that outside and inside suit one exposure."""

SUN_COLOUR, LAMP_COLOUR = Gf.Vec3f(1.0, 0.95, 0.87), Gf.Vec3f(1.0, 0.98, 0.94)
SUN_WIDTH_DEG = 0.6

LIGHT_PITCH_M = 8.0
LAMP_DROP_M = 0.8
LAMP_WIDTH_M = 0.3
CEILING_PITCH_M = 6.0

_FLOAT, _COLOUR = Sdf.ValueTypeNames.Float, Sdf.ValueTypeNames.Color3f


def add_lights(layer: Layer, size: Vec3, sky_file: str) -> None:
    """Add the sun, and the sky as a dome light with a picture; `sky_file` as the layer sees it."""
    layer.define(LIGHTS, "Scope")
    sun = layer.define(f"{LIGHTS}/Sun", "DistantLight")
    layer.place(sun, (0, 0, size[2]))
    turn = Gf.Vec3f(90 - SUN_ELEVATION_DEG, 0, SUN_AZIMUTH_DEG + 90)
    sun.attributes["xformOp:rotateXYZ"].default = turn
    _shine(layer, sun, SUN, SUN_COLOUR)
    layer.attribute(sun, "inputs:angle", _FLOAT, SUN_WIDTH_DEG)
    layer.attribute(sun, "inputs:normalize", Sdf.ValueTypeNames.Bool, True)
    sky = layer.define(f"{LIGHTS}/Sky", "DomeLight")
    layer.attribute(sky, "xformOp:rotateXYZ", FLOAT3, Gf.Vec3f(90, 0, 90))
    layer.order(sky, "xformOp:rotateXYZ")
    _shine(layer, sky, SKY, Gf.Vec3f(1))
    layer.attribute(sky, "inputs:texture:file", Sdf.ValueTypeNames.Asset, Sdf.AssetPath(sky_file))
    layer.attribute(sky, "inputs:texture:format", TOKEN, "latlong")


def add_lamps(layer: Layer, plant: Plant, group: str = f"{BUILDING}/Roof") -> None:
    """Add the light of every row of lamps, under the roof and under ceilings of clean rooms."""
    length, width, height = plant.building.size_m
    layer.define(f"{group}/Lamps", "Scope")
    for k, y in enumerate(light_rows(width)):
        spot = (length / 2, y, height - LAMP_DROP_M)
        _lamp(layer, f"{group}/Lamps/Row{k}", spot, length - 4.0, LAMPS)
    for zone in clean_rooms(plant):
        (x, y), (long, wide) = zone.corner_m, zone.size_m
        for k, across in enumerate(ceiling_rows(wide)):
            spot = (x + long / 2, y + across, zone.height_m + 0.03)
            _lamp(layer, f"{group}/Lamps/{zone.id}_{k}", spot, long - 3.0, CEILING)


def clean_rooms(plant: Plant) -> list[Zone]:
    """Return the rooms with a ceiling."""
    return [zone for zone in plant.zones if zone.kind == "dry_room" and zone.height_m > 0]


def ceiling_rows(width_m: float) -> list[float]:
    """Return where across a clean room rows of lamps are."""
    n = max(1, round(width_m / CEILING_PITCH_M))
    return [width_m * (k + 0.5) / n for k in range(n)]


def _lamp(layer: Layer, path: str, spot_m: Vec3, long_m: float, bright: float) -> None:
    lamp = layer.define(path, "RectLight")
    layer.place(lamp, spot_m)
    _shine(layer, lamp, bright, LAMP_COLOUR)
    layer.attribute(lamp, "inputs:width", _FLOAT, long_m)
    layer.attribute(lamp, "inputs:height", _FLOAT, LAMP_WIDTH_M)


def light_rows(width_m: float) -> list[float]:
    """Return where across a hall rows of lamps hang: half a pitch off the walls."""
    n = max(1, math.ceil(width_m / LIGHT_PITCH_M - 1e-9))
    return [width_m * (k + 0.5) / n for k in range(n)]


def _shine(layer: Layer, prim: Sdf.PrimSpec, intensity: float, colour: Gf.Vec3f) -> None:
    layer.attribute(prim, "inputs:intensity", _FLOAT, intensity)
    layer.attribute(prim, "inputs:color", _COLOUR, colour)
