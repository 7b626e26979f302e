"""Faults of robots in a scenario file: what cannot be is named, with line, name and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.errors import PlantError
from twin.plant.load import load_scenario
from twin.plant.robot_faults import signals_of


def problems_of(bench, fault: str, *, plant: str | None = None) -> list[str]:
    bench.write(plant or bench.text)
    path: Path = bench.write(f"id: trial\nplant: small.yaml\nfaults:\n  - {fault}\n", "trial.yaml")
    with pytest.raises(PlantError) as caught:
        load_scenario(path)
    return [str(problem) for problem in caught.value.problems]


def faults_of(bench, *faults: str) -> list[str]:
    bench.write(bench.text)
    lines = "".join(f"  - {fault}\n" for fault in faults)
    path: Path = bench.write(f"id: trial\nplant: small.yaml\nfaults:\n{lines}", "trial.yaml")
    return [fault.kind for fault in load_scenario(path).faults]


def test_every_kind_can_be_said_and_combined(bench) -> None:
    assert faults_of(
        bench,
        "{kind: vacuum_leak, at: 0, robot: arm, extra_grip_s: 0.1, growth_s_per_h: 0.2}",
        "{kind: protective_stop, at: 1h, robot: arm, rate_per_h: 12}",
        "{kind: joint_friction, at: 1h, until: 2h, robot: arm, joint: 3, factor: 1.5}",
        "{kind: acceleration_loss, at: 1h, robot: arm, joint: 1, factor: 0.7}",
        "{kind: mistaught_point, at: 1h, robot: arm, point: pick, offset_m: [0, 0.01, 0]}",
        "{kind: tool_wear, at: 0, robot: arm, grip_s_per_h: 0.1}",
        "{kind: worn_bearing, at: 0, robot: arm, joint: 2, growth_mm_s_per_h: 0.5}",
        "{kind: sensor_dropout, at: 1h, robot: arm, signal: vacuum_kpa, how: frozen}",
    ) == [
        "vacuum_leak", "protective_stop", "joint_friction", "acceleration_loss",
        "mistaught_point", "tool_wear", "worn_bearing", "sensor_dropout",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("{kind: joint_friction, at: 0, robot: arn, joint: 1, factor: 2}",
         "fault 'joint_friction': robot 'arn' does not exist (nearest: 'arm')."),
        ("{kind: joint_friction, at: 0, robot: arm, joint: 7, factor: 2}", "'joint' is 7"),
        ("{kind: joint_friction, at: 0, robot: arm, joint: 0, factor: 2}", "'joint' is 0"),
        ("{kind: joint_friction, at: 0, robot: arm, joint: 1, factor: 0.5}", "'factor' is 0.5"),
        ("{kind: acceleration_loss, at: 0, robot: arm, joint: 1, factor: 1.2}",
         "'factor' is 1.2"),
        ("{kind: mistaught_point, at: 0, robot: arm, point: pik, offset_m: [0, 0, 0.01]}",
         "point 'pik' is not one that robot 'arm' goes to (nearest: 'pick'). Known: "),
        ("{kind: mistaught_point, at: 0, robot: arm, point: pick, offset_m: [0, 0, 0]}",
         "'offset_m' is 0, so the point is where it should be."),
        ("{kind: mistaught_point, at: 0, robot: arm, point: pick, offset_m: [0, 0, 0.5]}",
         "'offset_m' is 0.5 m long, must be at most 0.2 m."),
        ("{kind: mistaught_point, at: 0, robot: arm, point: a, offset_m: [0, 0, 1], retry_s: -1}",
         "'retry_s' is -1"),
        ("{kind: protective_stop, at: 0, robot: arm, rate_per_h: 0}", "'rate_per_h' is 0"),
        ("{kind: tool_wear, at: 0, robot: arm, grip_s_per_h: -1}", "'grip_s_per_h' is -1"),
        ("{kind: worn_bearing, at: 0, robot: arm, growth_mm_s_per_h: 0}",
         "'growth_mm_s_per_h' is 0"),
        ("{kind: sensor_dropout, at: 0, robot: arm, signal: vacum_kpa}",
         "robot 'arm' sends no signal 'vacum_kpa' (nearest: 'vacuum_kpa'). Known: "),
        ("{kind: vacuum_leak, at: 0, robot: arm, extra_grip_s: 0}", "changes nothing"),
        ("{kind: tool_wear, at: 2h, until: 1h, robot: arm, grip_s_per_h: 1}",
         "ends at 3600 s, before it starts at 7200 s."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_with_its_line(bench, fault: str, message: str) -> None:
    problems = problems_of(bench, fault)
    hit = [problem for problem in problems if message in problem]
    assert hit, problems
    assert "trial.yaml:4: " in hit[0]


def test_tool_wear_needs_a_grip(bench) -> None:
    plant = bench.text.replace("{name: grip, action: grip,", "{name: grip,")
    fault = "{kind: tool_wear, at: 0, robot: arm, grip_s_per_h: 1}"
    (problem,) = problems_of(bench, fault, plant=plant)
    assert "no step with 'action: grip', so it cannot wear its gripper" in problem


def test_a_plant_without_sensors_has_none_to_lose(bench) -> None:
    plant = bench.text.replace("label: A small plant\n", "label: A small\nrobot_sensors: none\n")
    fault = "{kind: sensor_dropout, at: 0, robot: arm, signal: vacuum_kpa}"
    (problem,) = problems_of(bench, fault, plant=plant)
    assert "Its plant says 'robot_sensors: none'." in problem


def test_signals_depend_on_the_sensors_and_the_tool() -> None:
    assert signals_of("none", vacuum=True) == []
    assert "vacuum_kpa" not in signals_of("full", vacuum=False)
    assert len(signals_of("basic", vacuum=True)) == 4
    assert len(signals_of("full", vacuum=True)) == 18
