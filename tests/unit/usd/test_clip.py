from __future__ import annotations

import numpy as np
import pytest

from twin.motion.grip import grip_of
from twin.motion.motion import Motion
from twin.motion.plan import MotionPlan
from twin.motion.track import JOINT_ERROR_DEG, Occurrences
from twin.run.run import Run
from twin.usd.clip import Cycle, clip_times, cycle_of
from twin.usd.span import Span


@pytest.fixture(scope="module")
def plan(motion: Motion) -> MotionPlan:
    return motion.plans["robot_pouch"]


@pytest.fixture(scope="module")
def cycle(plan: MotionPlan, run: Run) -> Cycle:
    return cycle_of(plan, grip_of(run.plant.robots["robot_pouch"]))


def occurrences(plan: MotionPlan, steps: list[tuple[int, float, float]]) -> Occurrences:
    """Sub-steps as (step, start, actual time)."""
    step = np.array([s for s, _, _ in steps])
    start = np.array([t for _, t, _ in steps])
    actual = np.array([a for _, _, a in steps])
    return Occurrences(step, start, start + actual, plan.nominal_s[step] / actual)


def clip_at(pairs: np.ndarray, t_s: float) -> float:
    """Clip time at a run time that is no jump."""
    return float(np.interp(t_s, pairs[:, 0], pairs[:, 1]))


def test_cycle_holds_every_pose_of_the_program(plan: MotionPlan, cycle: Cycle) -> None:
    assert (np.diff(cycle.time_s) > 0).all()
    assert cycle.time_s[-1] == pytest.approx(plan.cycle_s)
    rng = np.random.default_rng(1)
    for step, begin in enumerate(cycle.begin_s):
        tau = rng.uniform(0, plan.nominal_s[step], 50)
        for joint in range(6):
            found = np.interp(begin + tau, cycle.time_s, cycle.angles_deg[:, joint])
            assert np.abs(found - plan.pose(step, tau)[:, joint]).max() <= JOINT_ERROR_DEG + 1e-9


def test_slow_step_runs_slowly_through_its_part(plan: MotionPlan, cycle: Cycle) -> None:
    times = clip_times(
        cycle, plan, occurrences(plan, [(0, 5.0, 2 * plan.nominal_s[0])]), Span(0, 20)
    )
    assert clip_at(times, 4.9) == 0.0
    assert clip_at(times, 5.0 + plan.nominal_s[0]) == pytest.approx(plan.nominal_s[0] / 2)
    assert clip_at(times, 19.0) == pytest.approx(plan.nominal_s[0])


def test_gap_holds_the_pose_until_the_next_cycle_starts(plan: MotionPlan, cycle: Cycle) -> None:
    last = len(plan.names) - 1
    own = [(last, 1.0, plan.nominal_s[last]), (0, 10.0, plan.nominal_s[0])]
    times = clip_times(cycle, plan, occurrences(plan, own), Span(0, 20))
    assert clip_at(times, 9.999) == pytest.approx(plan.cycle_s)
    assert clip_at(times, 10.0 + plan.nominal_s[0] / 2) == pytest.approx(plan.nominal_s[0] / 2)


def test_a_stage_time_occurs_at_most_twice_and_never_goes_back(run: Run, motion: Motion) -> None:
    for robot, done in motion.occurrences.items():
        plan = motion.plans[robot]
        grip = grip_of(run.plant.robots[robot], motion.variants[robot].n)
        times = clip_times(cycle_of(plan, grip), plan, done, Span(0, run.horizon_s))
        assert (np.diff(times[:, 0]) >= 0).all()
        assert (times[2:, 0] > times[:-2, 0]).all()


def test_nominal_steps_one_after_the_other_need_two_pairs(plan: MotionPlan, cycle: Cycle) -> None:
    begin = np.cumsum([0.0, *plan.nominal_s[:-1]])
    own = [(k, float(t), float(plan.nominal_s[k])) for k, t in enumerate(begin)]
    times = clip_times(cycle, plan, occurrences(plan, own), Span(0, plan.cycle_s))
    assert times == pytest.approx(np.array([[0, 0], [plan.cycle_s, plan.cycle_s]]), abs=1e-5)


def test_window_begins_and_ends_inside_a_step(plan: MotionPlan, cycle: Cycle) -> None:
    nominal = float(plan.nominal_s[0])
    done = occurrences(plan, [(0, 0.0, nominal)])
    times = clip_times(cycle, plan, done, Span(nominal / 4, nominal / 2))
    assert times == pytest.approx(np.array([[nominal / 4] * 2, [nominal / 2] * 2]), abs=1e-6)


def test_steps_that_overlap_by_rounding_are_cut(plan: MotionPlan, cycle: Cycle) -> None:
    first = float(plan.nominal_s[0])
    done = occurrences(plan, [(0, 0.0, first), (1, first - 1e-9, float(plan.nominal_s[1]))])
    times = clip_times(cycle, plan, done, Span(0, 10))
    assert (np.diff(times[:, 0]) >= 0).all()
    assert clip_at(times, 9.0) == pytest.approx(plan.nominal_s[:2].sum(), abs=1e-5)
