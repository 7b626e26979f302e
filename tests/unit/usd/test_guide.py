"""Guides and physics."""

from __future__ import annotations

import numpy as np
import pytest
from pxr import Usd, UsdGeom, UsdPhysics

from twin.motion.arm import forward
from twin.motion.motion import Motion
from twin.plant.load import robot_model
from twin.plant.stand import stand_m
from twin.run.run import Run
from twin.usd.guide import HANDS_M, reach_m, shoulder_m
from twin.usd.joint import chain
from twin.usd.path import BUILDING, Paths


@pytest.mark.parametrize(
    ("name", "arm_m"), [("kuka_kr10_r1420", 1.42), ("kuka_kr120_r2500_pro", 2.496)]
)
def test_reach_is_that_of_the_data_sheet(name: str, arm_m: float) -> None:
    """Makers give the reach of the wrist's centre: of a tool that ends there, if it were bent."""
    model = robot_model(None, name)
    flange = float(np.linalg.norm(model.flange_m))
    assert reach_m(model.model_dump_json(), 0.0) == pytest.approx(arm_m + flange, rel=0.01)


def test_no_pose_leaves_the_envelope(
    run: Run, motion: Motion, stage: Usd.Stage, paths: Paths
) -> None:
    for robot in run.plant.robots.values():
        model = robot_model(run.plant, robot.model)
        prim = stage.GetPrimAtPath(f"{paths.things[robot.id]}/Reach")
        radius = UsdGeom.Sphere(prim).GetRadiusAttr().Get()
        angles = motion.robot_pose(robot.id, np.linspace(0, run.horizon_s, 500))
        tips = forward(model, robot.tool_length_m, angles).tip_m
        far = np.linalg.norm(tips - np.array(shoulder_m(model)), axis=1)
        assert far.max() <= radius
        assert UsdGeom.Imageable(prim).ComputePurpose() == UsdGeom.Tokens.guide


def test_people_and_fences_have_envelopes(run: Run, stage: Usd.Stage, paths: Paths) -> None:
    for pool in run.plant.pools:
        for worker in pool.worker_ids:
            prim = stage.GetPrimAtPath(f"{paths.things[worker]}/Reach")
            assert UsdGeom.Cylinder(prim).GetRadiusAttr().Get() == HANDS_M
            assert UsdGeom.Imageable(prim).ComputePurpose() == UsdGeom.Tokens.guide
    boxes = UsdGeom.BBoxCache(Usd.TimeCode(0), [UsdGeom.Tokens.guide])
    cells = [zone for zone in run.plant.zones if zone.kind == "robot_cell"]
    assert cells
    for zone in cells:
        prim = stage.GetPrimAtPath(f"{BUILDING}/Zones/{zone.id}/Envelope")
        found = boxes.ComputeWorldBound(prim).ComputeAlignedRange()
        assert tuple(found.GetMin()) == pytest.approx((*zone.corner_m, 0.0), abs=1e-6)
        high = tuple(np.array(zone.corner_m) + zone.size_m)
        assert tuple(found.GetMax())[:2] == pytest.approx(high, abs=1e-6)


def test_robots_are_articulations_with_limits(run: Run, stage: Usd.Stage, paths: Paths) -> None:
    for robot in run.plant.robots.values():
        model, path = robot_model(run.plant, robot.model), paths.things[robot.id]
        assert stage.GetPrimAtPath(path).HasAPI(UsdPhysics.ArticulationRootAPI)
        for link in chain():
            body = UsdPhysics.RigidBodyAPI(stage.GetPrimAtPath(f"{path}/{link}"))
            assert body.GetKinematicEnabledAttr().Get() is True
        for k, made in enumerate(model.joints):
            joint = UsdPhysics.RevoluteJoint(stage.GetPrimAtPath(f"{path}/Joints/J{k + 1}"))
            limits = (joint.GetLowerLimitAttr().Get(), joint.GetUpperLimitAttr().Get())
            assert limits == pytest.approx(tuple(made.limit_deg))
            (first,), (second,) = (
                relation.GetTargets() for relation in (joint.GetBody0Rel(), joint.GetBody1Rel())
            )
            assert [str(first), str(second)] == [f"{path}/{chain()[k + i]}" for i in (0, 1)]


def test_joint_frames_meet_in_every_pose(run: Run, stage: Usd.Stage, paths: Paths) -> None:
    """Both ends of a joint are one point, and its axis is one line, whatever the pose."""
    path = paths.things["robot_pouch"]
    for k in range(6):
        joint = UsdPhysics.RevoluteJoint(stage.GetPrimAtPath(f"{path}/Joints/J{k + 1}"))
        turn = joint.GetLocalRot0Attr().Get()
        axis = np.array(turn.Transform((1.0, 0.0, 0.0)))
        made = robot_model(run.plant, run.plant.robots["robot_pouch"].model).joints[k]
        np.testing.assert_allclose(axis, np.array(made.axis) / np.linalg.norm(made.axis), atol=1e-6)
        for code in (0.0, 9000.0, 20000.0):
            ends = []
            for n, local in ((k, joint.GetLocalPos0Attr()), (k + 1, joint.GetLocalPos1Attr())):
                link = UsdGeom.Xformable(stage.GetPrimAtPath(f"{path}/{chain()[n]}"))
                ends.append(
                    np.array(link.ComputeLocalToWorldTransform(code).Transform(local.Get()))
                )
            np.testing.assert_allclose(ends[0], ends[1], atol=1e-5)


def test_world_has_gravity(stage: Usd.Stage) -> None:
    scene = UsdPhysics.Scene(stage.GetPrimAtPath("/Plant/Physics"))
    assert scene.GetGravityMagnitudeAttr().Get() == pytest.approx(9.81)
    assert tuple(scene.GetGravityDirectionAttr().Get()) == (0, 0, -1)


def test_stations_with_lifts_show_where_hands_lift(
    run: Run, stage: Usd.Stage, paths: Paths
) -> None:
    """Two upright cylinders about the point where the worker stands, in the stage's coordinates."""
    shown = {p.GetParent().GetName() for p in stage.Traverse() if p.GetName() == "HandsReach"}
    lifting = [station for station in run.plant.stations.values() if station.lifts]
    assert shown == {machine for station in lifting for machine in station.machine_ids}
    assert len(lifting) > 3
    for station in lifting:
        for k, machine in enumerate(station.machine_ids):
            here = stand_m(station.machine_position_m(k), station.size_m, station.heading_deg)
            for name, radius in (("HandsReach", 0.63), ("HandsNear", 0.25)):
                prim = stage.GetPrimAtPath(f"{paths.things[machine]}/{name}")
                assert UsdGeom.Imageable(prim).ComputePurpose() == UsdGeom.Tokens.guide
                made = UsdGeom.Cylinder(prim)
                assert (made.GetRadiusAttr().Get(), made.GetHeightAttr().Get()) == (radius, 1.75)
                world = UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(0)
                middle = world.ExtractTranslation()
                assert tuple(middle) == pytest.approx((*here, 1.75 / 2), abs=1e-6)
                low, high = made.GetExtentAttr().Get()
                assert tuple(high - low) == pytest.approx((2 * radius, 2 * radius, 1.75))
