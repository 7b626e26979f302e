"""Whether robots reach the points that faults put elsewhere."""

from __future__ import annotations

from twin.errors import PlantError, Problem
from twin.motion.variant import faulty_plan
from twin.plant.load import robot_model
from twin.plant.robot_faults import MistaughtPoint
from twin.plant.scenario import Scenario


def check_mistaught_points(scenario: Scenario) -> None:
    """Report every mistaught point that its robot cannot reach.

    Raises
    ------
    PlantError
        A point is out of reach where the fault puts it.
    """
    problems = []
    for fault in scenario.faults:
        if not isinstance(fault, MistaughtPoint):
            continue
        robot = scenario.plant.robots[fault.robot]
        try:
            faulty_plan(robot, robot_model(scenario.plant, robot.model), [fault])
        except PlantError as error:
            where = f"fault 'mistaught_point' of robot '{fault.robot}' at {fault.at:g} s"
            what = f"puts point '{fault.point}' where it cannot go: {error.problems[0].what}"
            problems.append(Problem(where, what, "Make 'offset_m' smaller."))
    if problems:
        raise PlantError(problems)
