"""The built-in robot models are what their descriptions say, and sane."""

from __future__ import annotations

import math

import pytest

from twin.errors import PlantError
from twin.plant.load import robot_model
from twin.plant.naming import built_in_models

REACH_M = {  # largest distance of the flange from the second axis, by the joint origins
    "kuka_kr10_r1420": 0.610 + math.hypot(0.660, 0.020) + 0.080,
    "kuka_kr6_r900_2": 0.455 + math.hypot(0.420, 0.025) + 0.090,
    "kuka_kr120_r2500_pro": 1.150 + math.hypot(1.000, 0.041) + 0.215,
    "abb_irb2400": 0.705 + math.hypot(0.755, 0.135) + 0.085,
    "abb_irb6640": 1.075 + math.hypot(1.392, 0.200) + 0.200,
}


def test_models_of_the_brief_are_there():
    assert set(built_in_models()) == {*REACH_M, "ur10e"}


@pytest.mark.parametrize("name", built_in_models())
def test_model_is_sane(name: str):
    model = robot_model(None, name)
    assert model.id == name
    for joint in model.joints:
        assert math.hypot(*joint.axis) == pytest.approx(1)
        low, high = joint.limit_deg
        assert low < 0 < high
        assert 50 <= joint.speed_dps <= 700
        assert joint.acceleration_dps2 >= 300
    assert abs(model.joints[0].axis[2]) == 1
    assert model.joints[1].axis == model.joints[2].axis == (0, 1, 0)


@pytest.mark.parametrize("name", built_in_models())
def test_tool_points_along_the_last_axis(name: str):
    model = robot_model(None, name)
    length = math.hypot(*model.flange_m)
    along = sum(a * b for a, b in zip(model.joints[5].axis, model.flange_m, strict=True))
    assert abs(along) == pytest.approx(length)
    assert length > 0


@pytest.mark.parametrize("name", REACH_M)
def test_arm_has_a_spherical_wrist_and_its_reach(name: str):
    model = robot_model(None, name)
    upper, fore, wrist = (model.joints[k].origin_m for k in (2, 3, 4))
    forearm = [a + b for a, b in zip(fore, wrist, strict=True)]
    reach = math.hypot(*upper) + math.hypot(*forearm) + math.hypot(*model.flange_m)
    assert reach == pytest.approx(REACH_M[name], abs=1e-9)
    assert model.joints[5].origin_m == (0, 0, 0)


def test_own_model_of_a_plant_comes_first(bench):
    joint = "{origin_m: [0, 0, 1], axis: [0, 0, 1], limit_deg: [-1, 1], speed_dps: 1"
    joint += ", acceleration_dps2: 1}"
    own = "robot_models:\n  - {id: mine, label: Mine, payload_kg: 1, flange_m: [0, 0, 1],\n"
    own += f"     joints: [{', '.join([joint] * 6)}]}}\n"
    text = bench.changed("model: kuka_kr10_r1420", "model: mine") + own
    plant = bench.load(text).plant
    assert robot_model(plant, plant.robots["arm"].model).label == "Mine"
    assert robot_model(plant, "ur10e").payload_kg == 10


def test_unknown_model_names_nearest():
    with pytest.raises(PlantError, match="'ur10' does not exist \\(nearest: 'ur10e'\\)"):
        robot_model(None, "ur10")


def test_every_number_of_a_model_has_a_source():
    from twin.plant.citations import resolve_sources
    from twin.plant.naming import ROBOT_MODELS
    from twin.plant.origin import origins
    from twin.plant.tree import Problems
    from twin.plant.yaml_source import read_yaml

    for name in built_in_models():
        problems = Problems()
        tree = resolve_sources(read_yaml(ROBOT_MODELS / f"{name}.yaml", problems), {}, problems)
        found = origins(tree)
        assert found.unsourced == ()
        assert found.sources["joints.0.acceleration_dps2"] == "assumption"
        assert found.sources["joints.0.speed_dps"] != "assumption"
