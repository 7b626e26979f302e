"""Rules between faults of robots and the robots they name."""

from __future__ import annotations

from twin.errors import nearest
from twin.plant.faults import VacuumLeak
from twin.plant.plant import Plant
from twin.plant.robot import Robot
from twin.plant.robot_faults import (
    MistaughtPoint,
    NewRobotFault,
    SensorDropout,
    ToolWear,
    signals_of,
)
from twin.plant.tree import Node, Problems

RobotFault = VacuumLeak | NewRobotFault
FAR_M = 0.2
"""A point further off than this is not mistaught but another point."""


def check_robot_fault(node: Node, fault: RobotFault, plant: Plant, problems: Problems) -> None:
    """Report what a fault says of a robot that exists, and what cannot be."""
    robot = plant.robots[fault.robot]
    if isinstance(fault, VacuumLeak | ToolWear):
        _check_grip(node, fault, robot, problems)
    if isinstance(fault, VacuumLeak) and not fault.extra_grip_s and not fault.growth_s_per_h:
        what = "changes nothing: 'extra_grip_s' and 'growth_s_per_h' are both 0."
        problems.add(node, what, "Give one of them.", subject=f"fault '{fault.kind}'")
    elif isinstance(fault, MistaughtPoint):
        _check_point(node, fault, robot, problems)
    elif isinstance(fault, SensorDropout):
        _check_signal(node, fault, plant, robot, problems)


def _check_grip(node: Node, fault: VacuumLeak | ToolWear, robot: Robot, problems: Problems) -> None:
    if any(step.action == "grip" for step in robot.program.steps):
        return
    cannot = "leak" if isinstance(fault, VacuumLeak) else "wear its gripper"
    what = f"robot '{robot.id}' has no step with 'action: grip', so it cannot {cannot}."
    problems.add(node.fields.get("robot", node), what, subject=f"fault '{fault.kind}'")


def _check_point(node: Node, fault: MistaughtPoint, robot: Robot, problems: Problems) -> None:
    subject = f"fault '{fault.kind}'"
    program = robot.program
    passed = {program.start, *(step.to for step in program.steps if step.to)}
    known = [name for name in program.poses if name in passed]
    if fault.point not in known:
        what = f"point '{fault.point}' is not one that robot '{robot.id}' goes to"
        remedy = f"Known: {', '.join(known)}."
        where = node.fields.get("point", node)
        problems.add(where, f"{what}{nearest(fault.point, known)}.", remedy, subject=subject)
        return
    off_m = sum(x * x for x in fault.offset_m) ** 0.5
    where = node.fields.get("offset_m", node)
    if off_m == 0:
        what = "'offset_m' is 0, so the point is where it should be."
        problems.add(where, what, "Example: [0, 0, -0.01].", subject=subject)
    elif off_m > FAR_M:
        what = f"'offset_m' is {off_m:g} m long, must be at most {FAR_M:g} m."
        problems.add(where, what, subject=subject)


def _check_signal(
    node: Node, fault: SensorDropout, plant: Plant, robot: Robot, problems: Problems
) -> None:
    known = signals_of(plant.robot_sensors, vacuum=robot.tool.startswith("vacuum"))
    if fault.signal not in known:
        what = f"robot '{robot.id}' sends no signal '{fault.signal}'{nearest(fault.signal, known)}."
        remedy = f"Known: {', '.join(known)}." if known else "Its plant says 'robot_sensors: none'."
        where = node.fields.get("signal", node)
        problems.add(where, what, remedy, subject=f"fault '{fault.kind}'")
