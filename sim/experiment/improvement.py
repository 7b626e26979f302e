"""What could be a little better in a plant: each station, fleet, source, buffer and crew.

Faster means that every time the thing spends on its own work is divided by the same factor: cycles
and setups of a station; moves (speeds times f, accelerations times f squared, so that a motion law
runs through the same poses) and waits of a robot; driving, turning, loading of vehicles and cranes.
A buffer gets more room, a crew one more person in every shift.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from twin.plant.base import Duration
from twin.plant.load import robot_model
from twin.plant.place import Buffer, Source
from twin.plant.plant import Plant
from twin.plant.robot import Robot, RobotModel
from twin.plant.station import Station
from twin.plant.transport import AgvFleet, Crane

MORE_ROOM = 0.2
"""Share by which a buffer grows, at least one lot."""


@dataclass(frozen=True)
class Improvement:
    """One change for the better.

    Attributes
    ----------
    kind : str
        station, fleet, crane, source, buffer or crew.
    id, label : str
    what : str
        What changes, for people.
    changes : dict
        Path in the plant -> value.
    """

    kind: str
    id: str
    label: str
    what: str
    changes: dict[str, object] = field(default_factory=dict)


def improvements(plant: Plant, faster: float = 0.05) -> list[Improvement]:
    """Return everything that could be better: stations in the order of the process, then the rest.

    Parameters
    ----------
    plant : Plant
    faster : float
        0.05: times are divided by 1.05.
    """
    factor = 1.0 + faster
    found = [_station(plant, s, factor) for s in plant.stations.values()]
    found += [_fleet(f, factor) for f in plant.fleets]
    found += [_crane(c, factor) for c in plant.cranes]
    found += [_source(s, factor) for s in plant.sources if s.interval is not None]
    found += [_buffer(b) for b in plant.buffers.values()]
    found += [_crew(plant, k) for k in range(len(plant.pools))]
    return [one for one in found if one.changes]


def _station(plant: Plant, station: Station, factor: float) -> Improvement:
    changes = dict(_station_changes(plant, station, factor))
    return Improvement("station", station.id, station.label or station.id, _faster(factor), changes)


def _station_changes(plant: Plant, station: Station, factor: float) -> Iterator[tuple[str, object]]:
    at = f"stations.{station.id}"
    if station.cycle is not None:
        yield from _shorter(f"{at}.cycle", station.cycle, factor)
    for k, recipe in enumerate(station.recipes):
        if recipe.cycle is not None:
            yield from _shorter(f"{at}.recipes.{k}.cycle", recipe.cycle, factor)
    if station.setup_s:
        yield f"{at}.setup_s", station.setup_s / factor
    if station.robot is not None:
        yield from _robot_changes(plant, plant.robots[station.robot], factor)


def _shorter(path: str, duration: Duration, factor: float) -> Iterator[tuple[str, object]]:
    """Yield a duration divided by a factor; limits and values of its own are scaled with it."""
    yield path, duration.scaled(1.0 / factor).model_dump(mode="json", exclude_defaults=True)


def _robot_changes(plant: Plant, robot: Robot, factor: float) -> Iterator[tuple[str, object]]:
    model = _faster_model(robot_model(plant, robot.model), factor)
    yield f"robots.{robot.id}.model", model.id
    known = [*plant.robot_models, model]
    yield "robot_models", [m.model_dump(mode="json", exclude_defaults=True) for m in known]
    for k, step in enumerate(robot.program.steps):
        if step.wait is not None:
            yield from _shorter(f"robots.{robot.id}.program.steps.{k}.wait", step.wait, factor)


def _faster_model(model: RobotModel, factor: float) -> RobotModel:
    joints = [
        joint.model_copy(
            update={
                "speed_dps": joint.speed_dps * factor,
                "acceleration_dps2": joint.acceleration_dps2 * factor**2,
            }
        )
        for joint in model.joints
    ]
    return model.model_copy(update={"id": f"{model.id}_faster", "joints": joints})


def _fleet(fleet: AgvFleet, factor: float) -> Improvement:
    at = f"fleets.{fleet.id}"
    changes: dict[str, object] = {
        f"{at}.speed_loaded_mps": fleet.speed_loaded_mps * factor,
        f"{at}.speed_empty_mps": fleet.speed_empty_mps * factor,
        f"{at}.acceleration_mps2": fleet.acceleration_mps2 * factor**2,
        f"{at}.turn_dps": fleet.turn_dps * factor,
        f"{at}.load_s": fleet.load_s / factor,
        f"{at}.unload_s": fleet.unload_s / factor,
    }
    return Improvement("fleet", fleet.id, fleet.label or fleet.id, _faster(factor), changes)


def _crane(crane: Crane, factor: float) -> Improvement:
    at = f"cranes.{crane.id}"
    changes: dict[str, object] = {
        f"{at}.speed_mps": crane.speed_mps * factor,
        f"{at}.lift_mps": crane.lift_mps * factor,
        f"{at}.acceleration_mps2": crane.acceleration_mps2 * factor**2,
        f"{at}.lift_acceleration_mps2": crane.lift_acceleration_mps2 * factor**2,
        f"{at}.fork_s": crane.fork_s / factor,
    }
    return Improvement("crane", crane.id, crane.label or crane.id, _faster(factor), changes)


def _source(source: Source, factor: float) -> Improvement:
    changes: dict[str, object] = {}
    if source.interval is not None:
        changes = dict(_shorter(f"sources.{source.id}.interval", source.interval, factor))
    what = f"{100 * (factor - 1):.3g} % more supply"
    return Improvement("source", source.id, source.label or source.id, what, changes)


def _buffer(buffer: Buffer) -> Improvement:
    more = max(1, math.ceil(MORE_ROOM * buffer.capacity))
    what = f"room for {more} more {'lot' if more == 1 else 'lots'}"
    changes: dict[str, object] = {f"buffers.{buffer.id}.capacity": buffer.capacity + more}
    return Improvement("buffer", buffer.id, buffer.label or buffer.id, what, changes)


def _crew(plant: Plant, k: int) -> Improvement:
    pool = plant.pools[k]
    staff = {shift: n + 1 for shift, n in pool.staff.items()}
    changes: dict[str, object] = {f"pools.{pool.id}.staff": staff}
    what = "one more person in every shift"
    if pool.skills:
        new = max(staff.values())
        skills = {name: [*who, new] for name, who in pool.skills.items()}
        changes[f"pools.{pool.id}.skills"] = skills
        what += ", who has all skills"
    return Improvement("crew", pool.id, pool.label or pool.id, what, changes)


def _faster(factor: float) -> str:
    return f"{100 * (factor - 1):.3g} % faster"
