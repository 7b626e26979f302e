"""Reach: robots reach every pose within their joint limits, cranes every slot and place."""

from __future__ import annotations

import math
from collections.abc import Iterator

from twin.check.rail import along_m, aside_m, places, rack, rail_length_m
from twin.check.where import problem
from twin.errors import Problem
from twin.motion.kinematics import Unreachable, inverse
from twin.plant.base import Vec2
from twin.plant.load import LoadedPlant, robot_model
from twin.plant.robot import Pose, Robot
from twin.plant.station import Station
from twin.plant.transport import Crane

PARALLEL_DEG = 1.0
"""A rack may be turned this far against its rail."""


def reach_problems(loaded: LoadedPlant) -> list[Problem]:
    """Return every pose, slot and place that what serves it cannot reach."""
    poses = _Poses(loaded)
    found: list[Problem] = []
    for robot in loaded.plant.robots.values():
        found += _robot_problems(loaded, robot, poses)
    for crane in loaded.plant.cranes:
        found += _crane_problems(loaded, crane)
    return found


class _Poses:
    """Why poses cannot be reached; the same arm and pose, in every line, is looked at once."""

    def __init__(self, loaded: LoadedPlant) -> None:
        self._plant = loaded.plant
        self._known: dict[tuple[str, float, Pose], str] = {}

    def unreachable(self, robot: Robot, pose: Pose) -> str:
        """Return why a robot cannot reach a pose; empty if it can."""
        key = (robot.model, robot.tool_length_m, pose)
        if key not in self._known:
            try:
                inverse(robot_model(self._plant, robot.model), robot.tool_length_m, pose, None)
                self._known[key] = ""
            except Unreachable as error:
                self._known[key] = str(error)
        return self._known[key]


def _robot_problems(loaded: LoadedPlant, robot: Robot, poses: _Poses) -> Iterator[Problem]:
    model = robot_model(loaded.plant, robot.model)
    address = f"robots.{robot.id}"
    if robot.payload_kg > model.payload_kg:
        what = (
            f"robot '{robot.id}': carries {robot.payload_kg:g} kg, "
            f"a {model.label} {model.payload_kg:g} kg at most."
        )
        yield problem(loaded, f"{address}.payload_kg", what, "Choose a bigger 'model'.")
    for name, pose in robot.program.poses.items():
        why = poses.unreachable(robot, pose)
        if why:
            what = f"robot '{robot.id}': pose '{name}' at {list(pose.xyz_m)} m: {why}"
            remedy = "Move the pose nearer, or the robot ('position_m', 'heading_deg')."
            yield problem(loaded, f"{address}.program.poses.{name}", what, remedy)


def _crane_problems(loaded: LoadedPlant, crane: Crane) -> Iterator[Problem]:
    stores = [store for store in loaded.plant.stores.values() if store.crane == crane.id]
    for store in stores:
        for k in range(store.machines):
            said = _tower_problem(crane, store, k)
            if said:
                what = f"crane '{crane.id}' {said}"
                remedy = "Move the tower or the rail, or correct 'reach_m'."
                yield problem(loaded, f"stations.{store.id}", what, remedy)
    for name, (point, _) in places(loaded.plant, stores).items():
        if not _beside(crane, point):
            what = f"crane '{crane.id}' cannot reach '{name}' at {list(point)} m."
            remedy = "Lead it to the crane's aisle, or correct 'rail_m' or 'reach_m'."
            kind = "conveyors" if name in loaded.plant.conveyors else "buffers"
            yield problem(loaded, f"{kind}.{name}", what, remedy)


def _tower_problem(crane: Crane, store: Station, index: int) -> str:
    """Return what keeps a crane from the slots of a tower; empty where nothing does."""
    tower = f"tower '{store.machine_ids[index]}'"
    x, y, z = store.machine_position_m(index)
    (x0, y0), (x1, y1) = crane.rail_m
    rail_deg = math.degrees(math.atan2(y1 - y0, x1 - x0))
    askew = abs((store.heading_deg - rail_deg + 90) % 180 - 90)
    if askew > PARALLEL_DEG:
        return f"cannot serve {tower}: it stands at {askew:.0f} degrees to the rail."
    to_end = store.size_m[0] * (1 - 1 / rack(store).columns) / 2
    middle = along_m(crane, (x, y))
    past = max(to_end - middle, middle + to_end - rail_length_m(crane))
    if past > 0:
        return f"cannot reach the last column of {tower}: {past:.2f} m past the end of the rail."
    too_far = (
        aside_m(crane, (x, y)) + store.size_m[1] * (0.5 - 0.5 / rack(store).deep) - crane.reach_m
    )
    if too_far > 0:
        return f"cannot reach into {tower}: its forks are {too_far:.2f} m too short."
    too_high = z + store.size_m[2] - crane.height_m
    return f"is {too_high:.2f} m lower than {tower}." if too_high > 0 else ""


def _beside(crane: Crane, point: Vec2) -> bool:
    in_length = 0.0 <= along_m(crane, point) <= rail_length_m(crane)
    return in_length and aside_m(crane, point) <= crane.reach_m
