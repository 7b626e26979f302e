"""What the sensors of a robot should say: the model of docs/background-signals.md, without noise.

The constants the engine samples its sensors with, and the values they lead to for a robot that
carries out its program without fault. Every constant is an assumption.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.motion.arm_load import RATED_A, ArmLoad, arm_load
from twin.motion.plan import MotionPlan
from twin.motion.variant import plan_variants
from twin.plant.robot import Robot, RobotModel

Floats = NDArray[np.float64]

AMBIENT_C = 24.0
IDLE_RISE_C = 6.0
"""How much warmer than its surroundings a drive is that is switched on and stands still."""
RATED_RISE_C = 80.0
"""How much warmer still at rated current."""
FOLDED_BACK_C = 120.0
"""Hotter no drive gets: its controller folds the current back. An assumption ..."""
HOT_C = 105.0
"""... like the temperature it warns at, with the alarm `over_temperature_j1` ..."""
COOLED_C = 100.0
"""... which closes below this one."""
QUIET_MM_S = 0.3
"""Vibration of an arm that hardly accelerates: drives and surroundings."""
HARD_MM_S = 0.8
"""Of an arm whose joints accelerate at `HARD_DPS2` on average, besides."""
HARD_DPS2 = 300.0
VACUUM_KPA = 80.0
TOOL_IDLE_A, TOOL_GRIP_A = 0.085, 0.415
"""Current of a tool at rest, and what a grip adds (order of magnitude of UR3 CobotOps)."""


def temperature_c(heat: Floats) -> Floats:
    """Return where the temperature of drives tends to, from their heat over the rated one."""
    return np.minimum(AMBIENT_C + IDLE_RISE_C + RATED_RISE_C * heat, FOLDED_BACK_C)


def widest_move(plan: MotionPlan) -> NDArray[np.int64]:
    """Return for each joint the step in which it turns furthest."""
    turn = np.where(plan.is_move[:, None], np.abs(plan.to_deg - plan.from_deg), -1.0)
    return np.asarray(np.argmax(np.round(turn, 6), axis=0))


def square_dps2(plan: MotionPlan) -> Floats:
    """Return the mean square acceleration of the joints in each step."""
    turn = np.abs(plan.to_deg - plan.from_deg).mean(axis=1)
    ramp = np.array([plan.ramp_s(k) for k in range(len(plan.names))])
    share = np.divide(2 * ramp, plan.nominal_s, out=np.zeros_like(ramp), where=ramp > 0)
    return np.asarray((plan.acceleration_per_s2 * turn) ** 2 * share)


def design_signals(robot: Robot, model: RobotModel) -> dict[str, float]:
    """Return the values of a robot's sensors where it works without pause and without fault.

    Currents of joints are those of the move in which each turns furthest; the current of the arm
    and the temperatures are those of cycle after cycle, or of standing still if that is more: the
    highest a healthy robot settles at.
    """
    variants = plan_variants(robot, model)
    plan, load = variants.plan, arm_load(robot, model, variants)
    rows = np.arange(len(plan.names))
    squares = load.mean_squares(rows, np.ones(len(rows)))
    found = {
        f"current_j{k + 1}_a": float(np.sqrt(squares[step, k]))
        for k, step in enumerate(widest_move(plan).tolist())
    }
    found |= _thermal(plan, load, squares)
    moves = np.where(plan.is_move, plan.nominal_s, 0.0)
    if moves.any():
        square = float(np.average(square_dps2(plan), weights=moves)) / HARD_DPS2**2
        found["vibration_mms"] = float(np.sqrt(QUIET_MM_S**2 + HARD_MM_S**2 * square))
    grips = [
        step.wait.mean_s for step in robot.program.steps if step.action == "grip" and step.wait
    ]
    if grips:
        found["grip_time_s"] = max(grips)
        found["tool_current_a"] = TOOL_IDLE_A + TOOL_GRIP_A
        if robot.tool.startswith("vacuum"):
            found["vacuum_kpa"] = VACUUM_KPA
    return found


def _thermal(plan: MotionPlan, load: ArmLoad, squares: Floats) -> dict[str, float]:
    """Return current of the arm, and temperatures, of cycle after cycle."""
    amps = float(np.average(np.sqrt(squares).sum(axis=1), weights=plan.nominal_s))
    heat = np.average(squares / RATED_A**2, axis=0, weights=plan.nominal_s)
    heat = np.maximum(heat, np.square(load.holding_a / RATED_A))
    found = {f"temp_j{k + 1}_c": float(c) for k, c in enumerate(temperature_c(heat))}
    found["motor_temp_c"] = float(temperature_c(heat.mean(keepdims=True))[0])
    found["motor_current_a"] = max(amps, float(load.holding_a.sum()))
    return found
