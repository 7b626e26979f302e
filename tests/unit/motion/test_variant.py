"""A faulty robot is shown as it moves: pose, keys and times come from the same faulty plan."""

from __future__ import annotations

import numpy as np
import pytest

from sim import simulate
from twin.motion.arm import forward
from twin.motion.motion import Motion
from twin.motion.plan import move_time_s, plan_program
from twin.motion.track import program_keys, robot_occurrences
from twin.motion.variant import plan_variants
from twin.plant.load import load_scenario, robot_model
from twin.plant.robot import Robot, RobotModel
from twin.plant.robot_faults import AccelerationLoss, JointFriction, MistaughtPoint
from twin.run.run import Run

ROBOT = "robot_pouch"
OFF_M = (0.01, -0.02, -0.03)
FRICTION = JointFriction(
    kind="joint_friction", at=600, until=1200, robot=ROBOT, joint=1, factor=2.0
)
LOSS = AccelerationLoss(
    kind="acceleration_loss", at=900, until=1200, robot=ROBOT, joint=5, factor=0.5
)
MISTAUGHT = MistaughtPoint(
    kind="mistaught_point", at=1800, robot=ROBOT, point="pick", offset_m=OFF_M
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    scenario = load_scenario("pilot_shift", horizon_s=3600.0)
    faulty = scenario.model_copy(update={"faults": [FRICTION, LOSS, MISTAUGHT]})
    return simulate(faulty, tmp_path_factory.mktemp("variant") / "run")


@pytest.fixture(scope="module")
def arm(run: Run) -> tuple[Robot, RobotModel]:
    robot = run.plant.robots[ROBOT]
    return robot, robot_model(run.plant, robot.model)


def test_each_set_of_faults_that_hold_together_is_one_variant(
    arm: tuple[Robot, RobotModel],
) -> None:
    variants = plan_variants(*arm, [FRICTION, LOSS, MISTAUGHT])
    assert variants.n == 4
    moments = [0, 599.9, 600, 899.9, 900, 1199.9, 1200, 1800, 9999]
    assert variants.at(moments).tolist() == [0, 0, 1, 1, 2, 2, 0, 3, 3]
    assert variants.friction[:, 0].tolist() == [1, 2, 2, 1]
    np.testing.assert_array_equal(variants.plan_of(0).nominal_s, plan_program(*arm).nominal_s)


def test_a_hard_joint_makes_the_moves_longer_that_it_leads(arm: tuple[Robot, RobotModel]) -> None:
    plain, slow = (plan_variants(*arm, [FRICTION]).plan_of(k) for k in (0, 1))
    model = arm[1]
    joints = [*model.joints]
    joints[0] = joints[0].model_copy(update={"acceleration_dps2": 300.0})
    hard = model.model_copy(update={"joints": joints})
    turns = plain.to_deg - plain.from_deg
    for k, step in enumerate(arm[0].program.steps):
        if step.to is not None:
            assert slow.nominal_s[k] == pytest.approx(move_time_s(turns[k], hard, step.speed))
    longer = slow.nominal_s > plain.nominal_s + 1e-9
    assert longer.tolist() == [True] + [False] * 3 + [True] * 2 + [False] * 3 + [True]


def test_the_tool_goes_to_the_mistaught_point_while_the_fault_holds(
    run: Run, arm: tuple[Robot, RobotModel]
) -> None:
    robot, model = arm
    grips = run.table("substeps", where=f"robot = '{ROBOT}' AND name = 'grip'")
    middle = (grips["start_s"] + grips["actual_s"] / 2).to_numpy()
    tips = forward(model, robot.tool_length_m, Motion(run).robot_pose(ROBOT, middle)).tip_m
    taught = np.array(robot.program.poses["pick"].xyz_m)
    right, wrong = tips[middle < 1700], tips[middle > 1800 + 10]
    assert min(len(right), len(wrong)) > 20
    np.testing.assert_allclose(right, np.broadcast_to(taught, right.shape), atol=1e-5)
    np.testing.assert_allclose(wrong, np.broadcast_to(taught + OFF_M, wrong.shape), atol=1e-5)


def test_keys_and_exact_pose_are_the_same_robot(run: Run) -> None:
    """What the stage and the 3D view draw from is within 0.1 degree of the exact pose."""
    motion, done = Motion(run), robot_occurrences(run, ROBOT)
    keys = program_keys(motion.plans[ROBOT])
    rng = np.random.default_rng(5)
    rows = rng.integers(0, len(done.step), 400)
    into = rng.random(400) * (done.end_s - done.start_s)[rows]
    exact = motion.robot_pose(ROBOT, done.start_s[rows] + into)
    for row, tau, angles in zip(rows, into * done.rate[rows], exact, strict=True):
        key = keys[done.step[row]]
        drawn = [np.interp(tau, key.tau_s, key.angles_deg[:, j]) for j in range(6)]
        np.testing.assert_allclose(drawn, angles, atol=0.1)


def test_moves_are_run_at_the_pace_of_the_faulty_plan(run: Run) -> None:
    """The engine's times are those of the variant: only the ordinary variation remains."""
    done = robot_occurrences(run, ROBOT)
    moves = Motion(run).plans[ROBOT].is_move[done.step]
    assert len(np.unique(done.step[moves])) > 4 * 7 - 1
    assert (done.rate[moves] <= 1 + 1e-9).all()
    assert (done.rate[moves] > 1 / (1 + 6 * 0.015)).all()
