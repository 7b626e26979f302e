from __future__ import annotations

import numpy as np
import pytest
from pxr import Usd, UsdGeom

from twin.motion.kinematics import forward
from twin.plant.robot import RobotModel
from twin.usd.joint import ROTATION, chain, joint_of
from twin.usd.layer import Layer
from twin.usd.span import Span

AXES = [
    [(0, 0, 1), (0, 1, 0), (0, 1, 0), (1, 0, 0), (0, 1, 0), (1, 0, 0)],
    [(0, 0, -1), (0, 1, 0), (0, -1, 0), (-1, 0, 0), (0, 1, 0), (-1, 0, 0)],
    [(0, 0.6, 0.8), (0.8, 0.6, 0), (0, 1, 0), (0.6, 0, -0.8), (0, 0, -1), (-0.6, 0.8, 0)],
]


def model_with(axes: list[tuple[float, float, float]]) -> RobotModel:
    joints = [
        {"origin_m": (0.1 * k, 0.02, 0.3), "axis": axis, "limit_deg": (-360, 360),
         "speed_dps": 100, "acceleration_dps2": 100}
        for k, axis in enumerate(axes)
    ]  # fmt: skip
    return RobotModel.model_validate(
        {"id": "m", "label": "m", "payload_kg": 1, "joints": joints, "flange_m": (0.1, 0, 0)}
    )


@pytest.mark.parametrize("axes", AXES)
def test_chain_of_links_is_the_forward_kinematics(
    axes: list[tuple[float, float, float]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    model = model_with(axes)
    layer = Layer(tmp_path_factory.mktemp("joint") / "r.usda", Span(0, 1), "/R")
    angles = np.random.default_rng(2).uniform(-170, 170, 6)
    for k, link in enumerate(chain()):
        prim = layer.define(f"/R/{link}")
        if k:
            joint = joint_of(model, k - 1)
            joint.define(layer, prim)
            turned = joint.rotations_deg(angles[k - 1]).tolist()
            prim.attributes[ROTATION].default = type(prim.attributes[ROTATION].default)(*turned)
    stage = Usd.Stage.Open(layer.sdf)
    frames = forward(model, 0.2, angles)
    for k, link in enumerate(chain()[1:]):
        prim = UsdGeom.Xformable(stage.GetPrimAtPath(f"/R/{link}"))
        matrix = np.array(prim.ComputeLocalToWorldTransform(Usd.TimeCode.Default()))
        np.testing.assert_allclose(matrix[3, :3], frames.origin_m[k], atol=1e-5)
        np.testing.assert_allclose(matrix[:3, :3].T, frames.rotation[k], atol=1e-5)
