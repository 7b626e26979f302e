"""The lights of a stage: sun, sky, lamps."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom, UsdLux

from twin.plant.load import load_plant
from twin.run.run import Run
from twin.usd import StageReport
from twin.usd.building import ROOF
from twin.usd.layer import Layer
from twin.usd.light import SUN_AZIMUTH_DEG, SUN_ELEVATION_DEG, add_lamps, ceiling_rows, light_rows
from twin.usd.path import LIGHTS
from twin.usd.sky import FILE, sky
from twin.usd.span import STILL


def test_lamps_hang_in_rows_below_roof_and_ceilings_and_shine_down(tmp_path: Path) -> None:
    plant = load_plant("pilot").plant
    layer = Layer(tmp_path / "lamps.usda", STILL)
    add_lamps(layer, plant)
    layer.save()
    stage = Usd.Stage.Open(str(tmp_path / "lamps.usda"))
    lamps = stage.GetPrimAtPath(f"{ROOF}/Lamps").GetAllChildren()
    spots = {
        p.GetName(): UsdGeom.Xformable(p).ComputeLocalToWorldTransform(0).ExtractTranslation()
        for p in lamps
    }
    rows = [spot for name, spot in spots.items() if name.startswith("Row")]
    length, width, height = plant.building.size_m
    assert [round(spot[1], 3) for spot in rows] == pytest.approx(light_rows(width))
    assert all(spot[2] == pytest.approx(height - 0.8) for spot in rows)
    (room,) = (zone for zone in plant.zones if zone.kind == "dry_room")
    below = [spot for name, spot in spots.items() if name.startswith(room.id)]
    assert len(below) == len(ceiling_rows(room.size_m[1]))
    assert all(0 < room.height_m + 0.055 - spot[2] < 0.1 for spot in below)
    assert UsdLux.RectLight(lamps[0]).GetWidthAttr().Get() == length - 4.0


def test_sun_shines_from_where_the_sky_glows(stage: Usd.Stage) -> None:
    matrix = UsdGeom.Xformable(stage.GetPrimAtPath(f"{LIGHTS}/Sun")).ComputeLocalToWorldTransform(0)
    to_sun = -np.array(matrix.TransformDir(Gf.Vec3d(0, 0, -1)))
    up, turn = np.radians(SUN_ELEVATION_DEG), np.radians(SUN_AZIMUTH_DEG)
    wanted = [np.cos(up) * np.cos(turn), np.cos(up) * np.sin(turn), np.sin(up)]
    np.testing.assert_allclose(to_sun, wanted, atol=1e-6)
    rows = 60
    picture = sky(rows)
    row = round((90 - SUN_ELEVATION_DEG) / 180 * rows)
    column = round(((180 - SUN_AZIMUTH_DEG) % 360) / 360 * 2 * rows)
    opposite = (column + rows) % (2 * rows)
    assert picture[row, column].sum() > picture[row, opposite].sum()


def test_dome_stands_upright(stage: Usd.Stage) -> None:
    """A dome light's pole is +y and the middle of its picture +z: here up and along x."""
    prim = stage.GetPrimAtPath(f"{LIGHTS}/Sky")
    matrix = UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(0)
    np.testing.assert_allclose(matrix.TransformDir(Gf.Vec3d(0, 1, 0)), (0, 0, 1), atol=1e-6)
    np.testing.assert_allclose(matrix.TransformDir(Gf.Vec3d(0, 0, 1)), (1, 0, 0), atol=1e-6)
    assert UsdLux.DomeLight(prim).GetTextureFormatAttr().Get() == "latlong"


def test_sky_is_a_small_picture_brighter_above_than_below(
    stage: Usd.Stage, written: StageReport, run: Run
) -> None:
    del run
    prim = UsdLux.DomeLight(stage.GetPrimAtPath(f"{LIGHTS}/Sky"))
    path = Path(prim.GetTextureFileAttr().Get().resolvedPath)
    assert path.resolve() == (written.root.parent / FILE).resolve()
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(data) < 150_000
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) == (2 * height, height)
    length = struct.unpack(">I", data[33:37])[0]
    assert len(zlib.decompress(data[41 : 41 + length])) == height * (3 * width + 1)
    picture = sky(40)
    assert picture[:18].mean() > 2 * picture[25:].mean()
    assert 0 <= picture.min() <= picture.max() <= 1.4
