from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom

from twin.run.run import Run
from twin.usd.camera import EYE_M, above, flight, look_at_deg, walk_through
from twin.usd.path import ANNOTATIONS, CAMERAS, Paths
from twin.usd.span import CODES_PER_S


def view(stage: Usd.Stage, name: str, t_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Eye and direction of a camera."""
    prim = UsdGeom.Camera(stage.GetPrimAtPath(f"{CAMERAS}/{name}"))
    matrix = prim.ComputeLocalToWorldTransform(t_s * CODES_PER_S)
    way = matrix.TransformDir(Gf.Vec3d(0, 0, -1)).GetNormalized()
    return np.array(matrix.ExtractTranslation()), np.array(way)


def test_look_at_points_the_camera_at_its_target() -> None:
    rng = np.random.default_rng(4)
    eyes, targets = rng.uniform(-50, 50, (2, 40, 3))
    for eye, target, (x, y, z) in zip(eyes, targets, look_at_deg(eyes, targets), strict=True):
        rotation = Gf.Rotation(Gf.Vec3d(1, 0, 0), x) * Gf.Rotation(Gf.Vec3d(0, 0, 1), z)
        found = np.array(rotation.TransformDir(Gf.Vec3d(0, 0, -1)))
        wanted = (target - eye) / np.linalg.norm(target - eye)
        assert y == 0
        np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_overview_sees_every_corner_of_the_hall(stage: Usd.Stage, run: Run) -> None:
    prim = UsdGeom.Camera(stage.GetPrimAtPath(f"{CAMERAS}/Overview"))
    camera = prim.GetCamera(0).frustum
    length, width, height = run.plant.building.size_m
    for corner in product((0, length), (0, width), (0, height)):
        assert camera.Intersects(Gf.Vec3d(*corner)), corner


def test_flight_passes_every_workcell_without_jumps(stage: Usd.Stage, run: Run) -> None:
    stops = flight(run.plant)
    assert len(stops) == len(list(run.plant.workcells())) + 2
    end = 5.0 * (len(stops) - 1)
    for k, stop in enumerate(stops):
        eye, way = view(stage, "FlyThrough", end * k / (len(stops) - 1))
        np.testing.assert_allclose(eye, stop[:3], atol=0.6)
        wanted = stop[3:] - stop[:3]
        assert way @ wanted / np.linalg.norm(wanted) > 0.98
    turns = stage.GetPrimAtPath(f"{CAMERAS}/FlyThrough").GetAttribute("xformOp:rotateXYZ")
    values = np.array([turns.Get(t) for t in turns.GetTimeSamples()])
    assert np.abs(np.diff(values, axis=0)).max() < 45


def test_annotations_are_guides_above_their_workcell(
    stage: Usd.Stage, run: Run, paths: Paths
) -> None:
    for workcell in run.plant.workcells():
        prim = stage.GetPrimAtPath(f"{ANNOTATIONS}/{workcell.id}")
        assert UsdGeom.Imageable(prim).ComputePurpose() == UsdGeom.Tokens.guide
        matrix = UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(0)
        assert tuple(matrix.ExtractTranslation()) == pytest.approx(above(workcell))
        assert workcell.label in prim.GetAttribute("twin:note").Get()
        (subject,) = prim.GetRelationship("twin:subject").GetTargets()
        assert str(subject) == paths.workcells[workcell.id]


def test_every_workcell_has_a_view_of_all_its_machines(stage: Usd.Stage, run: Run) -> None:
    for workcell in run.plant.workcells():
        prim = UsdGeom.Camera(stage.GetPrimAtPath(f"{CAMERAS}/Workcells/{workcell.id}"))
        frustum = prim.GetCamera(0).frustum
        for station in workcell.stations:
            for k in range(station.machines):
                x, y, _ = station.machine_position_m(k)
                assert frustum.Intersects(Gf.Vec3d(x, y, 1.0)), (workcell.id, station.id, k)


def test_walk_passes_every_workcell_at_eye_level(stage: Usd.Stage, run: Run) -> None:
    stops = walk_through(run.plant)
    assert len(stops) == len(list(run.plant.workcells())) + 1
    for k, stop in enumerate(stops):
        eye, way = view(stage, "WalkThrough", 6.0 * k)
        assert eye[2] == pytest.approx(EYE_M)
        np.testing.assert_allclose(eye, stop[:3], atol=0.05)
        wanted = stop[3:] - stop[:3]
        assert way @ wanted / np.linalg.norm(wanted) > 0.99


def test_orbit_goes_once_around_outside(stage: Usd.Stage, run: Run) -> None:
    length, width, height = run.plant.building.size_m
    middle = np.array([length / 2, width / 2, height / 3])
    angles = []
    for t_s in np.linspace(0, 60, 50):
        eye, way = view(stage, "Orbit", float(t_s))
        assert not (0 < eye[0] < length and 0 < eye[1] < width)
        wanted = middle - eye
        assert way @ wanted / np.linalg.norm(wanted) > 0.99
        angles.append(np.arctan2(*(eye[:2] - middle[:2])[::-1]))
    assert abs(np.unwrap(angles)[-1] - angles[0]) == pytest.approx(2 * np.pi, abs=1e-3)
