"""Blender reads the stage and gets out what OpenUSD gets out, and what it draws is to be seen."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, Usd, UsdGeom, UsdShade

from tests.render.conftest import SHOTS, TIMES_S, Seen
from twin.run.run import Run
from twin.usd.path import paths_of

pytestmark = pytest.mark.render
CODES_PER_S = 24.0


def matrices(seen: Seen, path: str) -> np.ndarray:
    """Blender's world matrices (time, 4, 4) of a prim, row vectors as in USD."""
    return np.array(seen.report["poses"][path]).reshape(-1, 4, 4)


def expected(stage: Usd.Stage, path: str) -> np.ndarray:
    """OpenUSD's."""
    prim = UsdGeom.Xformable(stage.GetPrimAtPath(path))
    found = [prim.ComputeLocalToWorldTransform(Usd.TimeCode(t * CODES_PER_S)) for t in TIMES_S]
    return np.array([np.array(matrix) for matrix in found])


def angle_deg(inner: np.ndarray, outer: np.ndarray, axis: np.ndarray) -> float:
    """Return the angle about `axis` from the outer frame to the inner one, -180 to 180."""
    turn = Gf.Matrix4d(inner @ np.linalg.inv(outer)).ExtractRotation()
    sign = np.sign(np.dot(np.array(turn.GetAxis()), axis)) or 1.0
    return float(sign * turn.GetAngle())


def test_as_many_objects_as_prims(seen: Seen, stage: Usd.Stage) -> None:
    everywhere = Usd.PrimRange.Stage(stage, Usd.TraverseInstanceProxies(Usd.PrimDefaultPredicate))
    prims = [*everywhere]
    types = seen.report["types"]
    cameras = [prim for prim in prims if prim.IsA(UsdGeom.Camera)]
    instancers = [prim for prim in prims if prim.IsA(UsdGeom.PointInstancer)]
    assert types["CAMERA"] == len(cameras) > 10
    assert types["POINTCLOUD"] == len(instancers) > 20
    prototypes = [
        mesh
        for prototype in stage.GetPrototypes()
        for mesh in Usd.PrimRange(prototype)
        if mesh.IsA(UsdGeom.Mesh)
    ]
    assert types["MESH"] >= len(prototypes) > 100
    assert seen.report["instances"] > 1000


def test_cameras_have_their_names(seen: Seen, short_run: Run) -> None:
    workcells = [f"Workcells/{workcell.id}" for workcell in short_run.plant.workcells()]
    moving = ["FlyThrough", "Orbit", "Overview", "WalkThrough"]
    assert seen.report["cameras"] == sorted([*moving, *workcells])


def test_time_is_that_of_the_stage(seen: Seen, stage: Usd.Stage) -> None:
    start, end, per_s = seen.report["frames"]
    assert (start, end) == (stage.GetStartTimeCode(), stage.GetEndTimeCode())
    assert per_s == stage.GetFramesPerSecond() == CODES_PER_S


def test_joints_of_robots_have_the_angles_of_openusd(
    seen: Seen, stage: Usd.Stage, short_run: Run
) -> None:
    moved_deg = 0.0
    for robot in short_run.plant.robots:
        link = f"{paths_of(short_run.plant).things[robot]}/Link0"
        for joint in range(1, 7):
            outer, link = link, f"{link}/Link{joint}"
            rotation = stage.GetPrimAtPath(link).GetAttribute("xformOp:rotateXYZ")
            seen_angles = []
            for k, time_s in enumerate(TIMES_S):
                values = np.array(rotation.Get(time_s * CODES_PER_S))
                axis = np.eye(3)[np.argmax(np.abs(values))]
                got = angle_deg(matrices(seen, link)[k], matrices(seen, outer)[k], axis)
                apart = (got - values @ axis + 180) % 360 - 180
                assert abs(apart) < 0.1, (link, time_s)
                seen_angles.append(got)
            moved_deg += np.ptp(seen_angles)
    assert moved_deg > 20


def test_vehicles_and_cranes_are_where_openusd_puts_them(
    seen: Seen, stage: Usd.Stage, short_run: Run
) -> None:
    places = {path for path in seen.report["poses"] if path.count("/") == 3}
    movers = [p for p in sorted(places) if p.startswith(("/Plant/Vehicles/", "/Plant/Cranes/"))]
    assert len(movers) >= 3
    moved = 0.0
    for path in movers:
        got, want = matrices(seen, path), expected(stage, path)
        np.testing.assert_allclose(got, want, atol=1e-3)
        moved += float(np.ptp(want[:, 3, :3], axis=0).sum())
    assert moved > 1.0


def test_tools_and_cameras_are_where_openusd_puts_them(
    seen: Seen, stage: Usd.Stage, short_run: Run
) -> None:
    paths = paths_of(short_run.plant)
    chain = "Link0/Link1/Link2/Link3/Link4/Link5/Link6/Tip"
    tips = [f"{paths.things[robot]}/{chain}" for robot in short_run.plant.robots]
    for path in [*tips, "/Plant/Cameras/Overview", "/Plant/Cameras/FlyThrough"]:
        got, want = matrices(seen, path), expected(stage, path)
        np.testing.assert_allclose(got[:, 3, :3], want[:, 3, :3], atol=1e-3, err_msg=path)


def test_surfaces_keep_their_colours(seen: Seen, stage: Usd.Stage) -> None:
    """Blender gives grey 0.8 to a surface whose colour it does not understand."""
    shaders = [UsdShade.Shader(p) for p in stage.TraverseAll() if p.IsA(UsdShade.Shader)]
    prototypes = (p for root in stage.GetPrototypes() for p in Usd.PrimRange(root))
    shaders += [UsdShade.Shader(p) for p in prototypes if p.IsA(UsdShade.Shader)]
    there = {
        tuple(round(float(c), 3) for c in shader.GetInput("diffuseColor").Get())
        for shader in shaders
        if shader.GetInput("diffuseColor")
    }
    read = {tuple(round(c, 3) for c in rgba[:3]) for rgba in seen.report["colours"].values()}
    assert len(read) > 10
    assert read <= there


@pytest.mark.parametrize("name", SHOTS)
def test_pictures_are_neither_black_nor_white(seen: Seen, name: str) -> None:
    with Image.open(seen.pictures / f"{name}.png") as picture:
        pixels = np.asarray(picture.convert("RGB"), dtype=np.float64) / 255
    luminance = pixels @ (0.2126, 0.7152, 0.0722)
    assert 0.15 < luminance.mean() < 0.85
    assert luminance.std() > 0.03
    assert hues(pixels.reshape(-1, 3)) >= 4


def hues(pixels: np.ndarray) -> int:
    """Return how many of 24 hues at least 4 pixels have that are not grey."""
    found = np.zeros(24, dtype=int)
    for rgb in pixels:
        hue, saturation, value = colorsys.rgb_to_hsv(*rgb)
        if saturation > 0.06 and value > 0.1:
            found[int(hue * 24) % 24] += 1
    return int((found >= 4).sum())
