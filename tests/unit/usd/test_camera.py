from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom

from twin.plant.load import load_plant
from twin.run.run import Run
from twin.usd.camera import (
    EYE_M,
    FLY_M,
    FLY_MPS,
    WALK_MPS,
    above,
    look_at_deg,
    stops,
    things_in_view,
    workcell_view,
)
from twin.usd.catalogue import catalogue
from twin.usd.floor import Box, machine_boxes, walls
from twin.usd.journey import journey
from twin.usd.path import ANNOTATIONS, CAMERAS, Paths
from twin.usd.room import portals
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


@pytest.fixture(scope="module")
def standing(run: Run, paths: Paths) -> list[Box]:
    """Columns and what stands about."""
    return catalogue(run.plant, paths).standing()


JOURNEYS = [("FlyThrough", FLY_M, FLY_MPS), ("WalkThrough", EYE_M, WALK_MPS)]


@pytest.mark.parametrize(("name", "eye_m", "speed_mps"), JOURNEYS)
def test_journey_passes_every_workcell_without_jumps(
    stage: Usd.Stage, run: Run, standing: list[Box], name: str, eye_m: float, speed_mps: float
) -> None:
    wanted = stops(run.plant, eye_m)
    assert len(wanted) == len(list(run.plant.workcells())) + 1
    made = journey(run.plant, wanted, standing, eye_m=eye_m, speed_mps=speed_mps)
    assert made.time_s[-1] < run.horizon_s
    for stop, t_s in zip(wanted[1:], made.arrivals_s[1:], strict=True):
        eye, way = view(stage, name, float(t_s))
        assert np.hypot(*(eye - stop[:3])[:2]) < 5.0
        to_target = stop[3:] - eye
        assert way @ to_target / np.linalg.norm(to_target) > 0.98
    assert np.linalg.norm(np.diff(made.views[:, :3], axis=0), axis=1).max() < 1.5
    turned = np.abs(np.diff(made.views[:, 3:], axis=0)).max(axis=1)
    assert (turned / np.diff(made.time_s)).max() < 75


@pytest.mark.parametrize("name", ["FlyThrough", "WalkThrough"])
def test_journey_goes_through_no_machine_column_or_wall(
    stage: Usd.Stage, run: Run, standing: list[Box], name: str
) -> None:
    rooms = [*walls(run.plant, 0.02)]
    doors = [spot for spot, kind, _ in portals(run.plant) if kind != "airlock"]
    solid = [*machine_boxes(run.plant), *((box, 9.0) for box in [*standing, *rooms])]
    for t_s in np.linspace(0, 370, 3000):
        (x, y, z), _ = view(stage, name, float(t_s))
        if any(abs(x - a) < 0.8 and abs(y - b) < 0.8 for a, b in doors):
            assert z < 2.1
            continue
        hits = [
            box for box, top in solid if box[0] < x < box[2] and box[1] < y < box[3] and z < top
        ]
        assert hits == [], (t_s, x, y, z)


def test_view_of_a_workcell_is_from_inside_its_room_and_the_hall(run: Run) -> None:
    things = things_in_view(run.plant, [])
    length, width, height = run.plant.building.size_m
    (room,) = (zone for zone in run.plant.zones if zone.kind == "dry_room")
    (x0, y0), (long, wide) = room.corner_m, room.size_m
    for workcell in run.plant.workcells():
        x, y, z, *_ = workcell_view(run.plant, workcell, things)
        assert 0 < x < length
        assert 0 < y < width
        assert 0 < z < height
        middle = above(workcell)
        if x0 < middle[0] < x0 + long and y0 < middle[1] < y0 + wide:
            assert x0 < x < x0 + long
            assert y0 < y < y0 + wide
            assert z < room.height_m
        assert not [
            b
            for b, top in machine_boxes(run.plant)
            if b[0] < x < b[2] and b[1] < y < b[3] and z < top
        ]


def test_a_journey_turns_where_it_must_and_is_straight_where_it_can() -> None:
    plant = load_plant("starter").plant
    eyes = np.array([[2.0, 2.0, 1.65, 5, 2, 1], [20.0, 2.0, 1.65, 22, 2, 1]])
    wall = (10.0, 0.0, 10.4, 9.0)
    free = journey(plant, eyes, [], eye_m=1.65, speed_mps=1.0)
    barred = journey(plant, eyes, [wall], eye_m=1.65, speed_mps=1.0)
    assert free.time_s[-1] < barred.time_s[-1]
    near = np.abs(barred.views[:, 0] - 10.2) < 0.3
    assert barred.views[near, 1].min() > 9.0


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
