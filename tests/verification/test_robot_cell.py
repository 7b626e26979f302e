"""Robot cells: the cycle is the program.

A move turns all joints in step. With d_j the angle of joint j, v_j and a_j its limits, the path
parameter runs from 0 to 1 with speed at most v = min v_j / d_j and acceleration at most
a = min a_j / d_j, so a move takes 1 / v + v / a, or 2 / sqrt(a) where 1 <= v^2 / a (trapezoid and
triangle; Siciliano et al., Robotics, 2009, section 4.2). Waits take their time. With a variation cv
of moves, a move takes its time x (1 + cv |N(0, 1)|), on average x (1 + cv sqrt(2 / pi)).
"""

from __future__ import annotations

from functools import partial
from math import pi, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.comparison import Case, Comparison
from tests.support.plants import buffer, scenario, sink, source, station, tiny_plant
from tests.support.statistics import batch_means
from tests.support.visits import seconds_in, visits
from twin.motion.plan import plan_program
from twin.plant.load import load_plant, robot_model
from twin.plant.robot import Robot
from twin.run.run import Run

PILOT = load_plant("pilot").plant
ROBOTS = sorted(PILOT.robots)


def by_hand(robot: Robot) -> np.ndarray:
    """Return the time of every step from the joint angles at its ends."""
    model = robot_model(PILOT, robot.model)
    plan = plan_program(robot, model)
    speeds = np.array([joint.speed_dps for joint in model.joints])
    accelerations = np.array([joint.acceleration_dps2 for joint in model.joints])
    times = []
    for k, step in enumerate(robot.program.steps):
        if step.wait is not None:
            times.append(step.wait.mean_s)
            continue
        turn = np.abs(plan.to_deg[k] - plan.from_deg[k])
        moving = turn > 0
        v = float((step.speed * speeds[moving] / turn[moving]).min())
        a = float((step.speed * accelerations[moving] / turn[moving]).min())
        times.append(1 / v + v / a if v * v / a <= 1 else 2 / sqrt(a))
    return np.array(times)


def calm(name: str, *, move_cv: float = 0.0) -> Robot:
    """Return a robot of the pilot plant without variation of its waits."""
    robot = PILOT.robots[name]
    data = robot.model_dump()
    data["program"]["move_cv"] = move_cv
    for step in data["program"]["steps"]:
        if step["wait"]:
            step["wait"] |= {"cv": 0.0, "kind": "constant"}
    return Robot.model_validate(data)


def cell(folder: Path, robots: list[Robot], *, horizon_s: float, **more: Any) -> Run:
    """Robots in a row, each with its station, one place between them."""
    places = [f"b{k}" for k in range(len(robots))]
    plant = tiny_plant(
        [
            station(f"cell_of_{k}", take=places[k], put=[*places, "out"][k + 1], kind="robot",
                    robot=robot.id)
            for k, robot in enumerate(robots)
        ],
        buffers=[buffer(place, capacity=1) for place in places],
        sources=[source("src", "b0")],
        robots=[robot.model_dump() for robot in robots],
    )  # fmt: skip
    return simulate(scenario(plant, horizon_s, **more), folder)


@pytest.mark.parametrize("name", ROBOTS)
def test_every_step_takes_the_closed_form(name: str, tmp_path: Path) -> None:
    robot = calm(name)
    run = cell(tmp_path / "r", [robot], horizon_s=200.0)
    steps = run.table("substeps").sort_values(["cycle", "step"])
    expected = by_hand(robot)
    shape = (-1, len(expected))
    np.testing.assert_allclose(
        steps["actual_s"].to_numpy().reshape(shape) - expected, 0.0, atol=1e-9
    )
    cycle_s = expected.sum()
    ends = visits(run, "cell_of_0").end_s
    assert len(ends) == int(200.0 / cycle_s)
    np.testing.assert_allclose(ends, cycle_s * np.arange(1, len(ends) + 1), rtol=0, atol=1e-9)


def test_a_robot_line_runs_at_the_pace_of_the_slowest(tmp_path: Path) -> None:
    """Unit k leaves at (sum of all cycles) + k x the longest; the others wait for the rest."""
    robots = [calm(name) for name in ROBOTS[:3]]
    cycles = [float(by_hand(robot).sum()) for robot in robots]
    run = cell(tmp_path / "r", robots, horizon_s=2_000.0)
    left = visits(run, "cell_of_2").end_s
    expected = sum(cycles) + max(cycles) * np.arange(len(left))
    np.testing.assert_allclose(left, expected, rtol=0, atol=1e-8)
    for k, (robot, cycle_s) in enumerate(zip(robots, cycles, strict=True)):
        spent = seconds_in(run, f"cell_of_{k}")
        assert spent == seconds_in(run, robot.id)
        done = len(visits(run, f"cell_of_{k}"))
        assert done * cycle_s <= spent["working"] + 1e-6 <= (done + 1) * cycle_s + 1e-6


def test_assembly_of_two_robots_by_hand(tmp_path: Path) -> None:
    """Two robots each bring a part; joining takes 1 s and waits for the slower of them.

    The joint takes its two parts one after the other, so product k is done 1 s after the slower
    robot has finished its part k.
    """
    one, two = (calm(name) for name in ROBOTS[:2])
    plant = tiny_plant(
        [
            station("left", take="in_1", put="parts_1", kind="robot", robot=one.id),
            station("right", take="in_2", put="parts_2", kind="robot", robot=two.id),
            station("join", take=[{"from": "parts_1", "units": 1}, {"from": "parts_2", "units": 1}],
                    put="out", kind="assembly", product="whole", cycle=1.0),
        ],
        items=[{"id": "part_1"}, {"id": "part_2"}, {"id": "whole", "product": True}],
        buffers=[
            buffer("in_1", item="part_1"), buffer("in_2", item="part_2"),
            buffer("parts_1", item="part_1", capacity=2),
            buffer("parts_2", item="part_2", capacity=2),
        ],
        sources=[source("src_1", "in_1", item="part_1"), source("src_2", "in_2", item="part_2")],
        robots=[one.model_dump(), two.model_dump()],
        sinks=[sink()],
    )  # fmt: skip
    run = simulate(scenario(plant, 500.0), tmp_path / "r")
    slower = max(float(by_hand(robot).sum()) for robot in (one, two))
    done = visits(run, "join").end_s
    assert slower > 1.0
    np.testing.assert_allclose(done, slower * np.arange(1, len(done) + 1) + 1.0, rtol=0, atol=1e-8)


def varied(name: str, move_cv: float, horizon_s: float, folder: Path) -> Comparison:
    """Seconds per cycle when moves vary."""
    robot = calm(name, move_cv=move_cv)
    moves = np.array([step.wait is None for step in robot.program.steps])
    times = by_hand(robot)
    expected = times[~moves].sum() + times[moves].sum() * (1 + move_cv * sqrt(2 / pi))
    run = cell(folder, [robot], horizon_s=horizon_s)
    mean, half_width = batch_means(visits(run, "cell_of_0").duration_s)
    return Comparison(float(expected), mean, half_width)


CASES: dict[str, Case] = {
    f"{name}, moves vary by {cv:.0%}: s per cycle": partial(varied, name, cv, 20_000.0)
    for name, cv in zip(ROBOTS, (0.05, 0.1, 0.02, 0.05), strict=False)
}


@pytest.mark.parametrize("name", CASES)
def test_varied_cycle_is_exact(name: str, tmp_path: Path) -> None:
    CASES[name](tmp_path / "r").check()


@pytest.mark.parametrize(("kind", "changes"), [
    ("vacuum_leak", {"extra_grip_s": 0.7}), ("speed_override", {"factor": 0.5}),
])  # fmt: skip
def test_faults_by_hand(kind: str, changes: dict[str, float], tmp_path: Path) -> None:
    """A leak adds 0.7 s to every grip; half the speed doubles every move; from 300 s on."""
    robot = calm("robot_pouch")
    fault = {"kind": kind, "at": 300.0, "robot": robot.id, **changes}
    run = cell(tmp_path / "r", [robot], horizon_s=600.0, faults=[fault])
    times, steps = by_hand(robot), robot.program.steps
    moves = np.array([step.wait is None for step in steps])
    grips = np.array([step.action == "grip" for step in steps])
    later = times + 0.7 * grips if kind == "vacuum_leak" else times * np.where(moves, 2.0, 1.0)
    seen = visits(run, "cell_of_0")
    expected = np.where(seen.start_s < 300.0, times.sum(), later.sum())
    np.testing.assert_allclose(seen.duration_s, expected, rtol=0, atol=1e-9)
    assert set(expected) == {times.sum(), later.sum()}
