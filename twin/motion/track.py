"""Key tracks: points in time between which linear interpolation is exact enough.

Between keys, the error against the true law is at most 1 mm and 0.1 degree, of robots at the tool
tip and in every joint. Both the USD stage and the 3D view are drawn from these keys.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.motion.leg import Legs, crane_legs, vehicle_legs, worker_legs
from twin.motion.plan import MotionPlan
from twin.motion.variant import Variants, plan_variants
from twin.plant.load import robot_model
from twin.run.run import Run

Floats = NDArray[np.float64]

POSITION_ERROR_M = 0.0009
JOINT_ERROR_DEG = 0.09


@dataclass(frozen=True)
class Track:
    """Keys of one mover: times (n,), positions (n, 3) and unwrapped headings (n,) in degrees."""

    time_s: Floats
    xyz_m: Floats
    heading_deg: Floats

    def at(self, t_s: float) -> tuple[Floats, float]:
        """Return position and heading at `t_s`, by linear interpolation."""
        xyz = np.array([np.interp(t_s, self.time_s, self.xyz_m[:, k]) for k in range(3)])
        return xyz, float(np.interp(t_s, self.time_s, self.heading_deg))


@dataclass(frozen=True)
class StepKeys:
    """Keys of one step of a program: nominal times (n,) from 0 and joint angles (n, 6)."""

    tau_s: Floats
    angles_deg: Floats


@dataclass(frozen=True)
class Occurrences:
    """Every sub-step a robot carried out, in order; arrays of one length.

    ``step`` is a row of the robot's plan, in which a variant of the program follows the other.
    ``rate`` is nominal over actual time: a step's keys are run through at this speed. A robot
    holds its pose between the end of one sub-step and the start of the next.
    """

    step: NDArray[np.int64]
    start_s: Floats
    end_s: Floats
    rate: Floats


def program_keys(
    plan: MotionPlan,
    *,
    error_deg: float = JOINT_ERROR_DEG,
    error_m: float = POSITION_ERROR_M,
) -> list[StepKeys]:
    """Return the keys of every step of a program.

    Parameters
    ----------
    plan : MotionPlan
    error_deg, error_m : float
        Greatest error between keys, of a joint and of the tool tip.
    """
    keys = []
    for step, nominal_s in enumerate(plan.nominal_s.tolist()):
        tau = np.array([0.0, nominal_s])
        if plan.is_move[step] and nominal_s > 0:
            up = np.linspace(
                0.0, plan.ramp_s(step), _ramp_parts(plan, step, error_deg, error_m) + 1
            )
            tau = np.unique(np.concatenate([up, nominal_s - up]))
        keys.append(StepKeys(tau, plan.pose(step, tau)))
    return keys


def _ramp_parts(plan: MotionPlan, step: int, error_deg: float, error_m: float) -> int:
    """Return into how many parts a ramp is cut: a chord is off by acceleration x length^2 / 8."""
    turn_deg = float(np.abs(plan.to_deg[step] - plan.from_deg[step]).max())
    worst = max(turn_deg / error_deg, float(plan.sweep_m[step]) / error_m)
    bend = float(plan.acceleration_per_s2[step])
    return max(1, math.ceil(plan.ramp_s(step) * math.sqrt(bend * worst / 8)))


OCCURRENCE_COLUMNS = ["robot", "cycle", "step", "start_s", "nominal_s", "actual_s"]
"""Columns of ``substeps`` that say what robots did."""


def robot_occurrences(run: Run, robot: str) -> Occurrences:
    """Return what one robot did."""
    rows = run.table("substeps", OCCURRENCE_COLUMNS)
    made = run.plant.robots[robot]
    variants = plan_variants(made, robot_model(run.plant, made.model), run.scenario.faults)
    return occurrences(rows[rows["robot"] == robot], variants)


def occurrences(rows: pd.DataFrame, variants: Variants | None = None) -> Occurrences:
    """Return the occurrences in rows of ``substeps`` of one robot.

    With the variants of its program, `step` is the row of their plan; without, of the program.
    """
    rows = rows.sort_values("start_s", kind="stable")
    actual, start = rows["actual_s"].to_numpy(float), rows["start_s"].to_numpy(float)
    step, nominal = rows["step"].to_numpy(np.int64), rows["nominal_s"].to_numpy(float)
    if variants is not None and variants.n > 1:
        begun = rows.groupby("cycle")["start_s"].transform("min").to_numpy(float)
        variant = variants.at(begun)
        nominal = np.where(
            variant > 0, variants.plan.nominal_s[variants.row(step, variant)], nominal
        )
        step = variants.row(step, variant)
    return Occurrences(
        step=step, start_s=start, end_s=start + actual, rate=nominal / np.maximum(actual, 1e-9)
    )


def vehicle_tracks(run: Run) -> dict[str, Track]:
    """Return the keys of every vehicle."""
    return {mover: _track(legs, run.horizon_s) for mover, legs in vehicle_legs(run).items()}


def crane_tracks(run: Run) -> dict[str, Track]:
    """Return the keys of every crane: z is the height of its forks."""
    return {mover: _track(legs, run.horizon_s) for mover, legs in crane_legs(run).items()}


def worker_tracks(run: Run) -> dict[str, Track]:
    """Return the keys of every worker."""
    return {mover: _track(legs, run.horizon_s) for mover, legs in worker_legs(run).items()}


def _track(legs: Legs, end_s: float) -> Track:
    """Return keys at every change of the law, and between them where speed changes."""
    gap_s = np.sqrt(8 * POSITION_ERROR_M / legs.acceleration_mps2)
    times = [np.array([0.0, end_s]), legs.start_s, legs.start_s + legs.turn_s, legs.end_s]
    times.append(legs.swung_s)
    for begin, end in legs.ramps():
        n = np.maximum(np.ceil((end - begin) / gap_s), 1).astype(np.int64)
        which = np.repeat(np.arange(len(n)), n + 1)
        inside = np.arange(len(which)) - np.repeat(np.cumsum(n + 1) - (n + 1), n + 1)
        times.append(begin[which] + (end - begin)[which] * inside / n[which])
    time_s = np.unique(np.concatenate(times))
    time_s = time_s[(time_s >= 0.0) & (time_s <= max(end_s, 0.0))]
    xyz, heading = legs.at(time_s)
    return Track(time_s, xyz, heading)
