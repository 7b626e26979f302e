"""Which robots look the same."""

from __future__ import annotations

from twin.plant.robot import Robot


def robot_key(robot: Robot) -> tuple[object, ...]:
    """Return what decides the look of a robot."""
    return (robot.model, robot.tool, robot.tool_length_m, robot.position_m[2])
