"""Why a robot is slow: the physical cause behind changed sub-steps.

Causes that cost the same time differ in what else they change. Moves tell by their pattern (all of
them, those one joint leads, those of one point), grips and releases by whether vacuum or tool
current changed with them, joints by whether their current rose or fell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from twin.errors import PlantError
from twin.flags.cause import Cause
from twin.flags.robot_action import action_of, detail_of
from twin.flags.robot_dropout import silent_sensors
from twin.flags.robot_evidence import (
    SignalChange,
    StepChanges,
    protective_stops,
    signal_changes,
    step_changes,
)
from twin.flags.robot_hypothesis import Hypothesis, handled_at, hypotheses
from twin.kpi.ideal import running_pace
from twin.motion.plan import MotionPlan, plan_program
from twin.plant.load import robot_model
from twin.plant.robot import Robot, RobotModel
from twin.plant.station import Station
from twin.run.run import Run

HALF_NORMAL_MEAN, HALF_NORMAL_SD = 0.7979, 0.6028
LEAST_SHARE = 0.01
"""Smallest change of a signal that decides between causes."""
LEAST_VIBRATION = 0.25
"""Smallest rise of the vibration that means a bearing."""
CLEAR_STEP = 5.0
"""Standard errors from which a grip or release has changed."""
LEAST_STEP_SHARE = 0.02
"""... and by at least this share of its time."""
RETRY_SPREAD = 3.0
"""Grips that spread so many times as much as before are repeated now and then."""
UNSURE, FAIR, SURE = 0.5, 0.75, 0.97


@dataclass(frozen=True)
class Findings:
    """All that is known of one robot in one stretch."""

    robot: Robot
    plan: MotionPlan
    changes: StepChanges
    signals: dict[str, SignalChange]
    moves: list[Hypothesis]
    stops: tuple[int, float]
    stopped_before_s: float

    @property
    def best(self) -> Hypothesis:
        """The best explanation of the moves."""
        return self.moves[0]

    @property
    def lost_moves_s(self) -> float:
        """Time the moves of one cycle got longer (or shorter) by, without sign."""
        return float(np.abs(self.changes.change_s[self.plan.is_move]).sum())

    def longer_waits(self, action: str) -> list[int]:
        """Return the grips, or releases, that clearly take longer."""
        found = []
        for k, step in enumerate(self.robot.program.steps):
            extra = float(self.changes.change_s[k])
            clear = extra >= CLEAR_STEP * self.changes.error_s[k]
            if (
                step.action == action
                and clear
                and extra >= LEAST_STEP_SHARE * self.changes.before_s[k]
            ):
                found.append(k)
        return found


def robot_cause(run: Run, robot: Robot, since_s: float, until_s: float) -> Cause:
    """Return why a robot's cycles are longer in a stretch of time.

    Parameters
    ----------
    run : Run
        Its sub-steps, signals and states are read; never the faults of its scenario.
    robot : Robot
    since_s, until_s : float
        The stretch, as a detector dated it.

    Returns
    -------
    Cause
        ``vacuum_leak``, ``tool_wear``, ``mistaught_point``, ``speed_override``,
        ``joint_friction``, ``acceleration_loss``, ``protective_stops``, ``worn_bearing``,
        ``sensor_dropout`` or, where nothing explains it, ``slow_substep``.
    """
    found = _findings(run, robot, since_s, until_s)
    if found is None:
        return _cause("slow_substep", UNSURE, {"cycles": 0})
    cause = (
        _by_stops(found)
        or _by_grips(found)
        or _by_moves(found)
        or _by_vibration(found)
        or _by_sensors(run, found, since_s, until_s)
    )
    return cause or _cause("slow_substep", UNSURE, _steps_evidence(found))


def rivals(run: Run, robot: Robot, since_s: float, until_s: float) -> list[Hypothesis]:
    """Return all explanations of the changes of a robot's moves, the best first."""
    found = _findings(run, robot, since_s, until_s)
    return found.moves if found is not None else []


def cause_of_substeps(
    run: Run, robot: Robot, since_s: float, until_s: float, *, alone: bool, extra_s: float
) -> tuple[str, dict[str, object]]:
    """Return name and evidence of the cause of a flag on sub-steps.

    `alone` says that one sub-step explains the time, `extra_s` how much longer a cycle takes.
    Where nothing physical explains it, the flag says what was seen: a slow or fast sub-step, or
    reduced speed.
    """
    found = robot_cause(run, robot, since_s, until_s)
    name = found.name
    if extra_s < 0 and name != "mistaught_point":
        name = "fast_substep"
    elif name == "slow_substep" and not alone:
        name = "reduced_speed"
    return name, as_evidence(found)


def as_evidence(cause: Cause) -> dict[str, object]:
    """Return a cause as a part of a flag's evidence."""
    return {
        "joint": cause.joint,
        "confidence": cause.confidence,
        "action": cause.action,
        "detail": cause.detail,
        **cause.evidence,
    }


def _findings(run: Run, robot: Robot, since_s: float, until_s: float) -> Findings | None:
    model, plan = _plan_of(run, robot)
    station = next((s for s in run.plant.stations.values() if s.robot == robot.id), None)
    changes = step_changes(run, robot.id, since_s, until_s, _by_program(robot, plan, station))
    if changes is None:
        return None
    before = protective_stops(run, robot.id, 0.0, since_s)[1]
    share = (until_s - since_s) / since_s if since_s > 0 else 0.0
    return Findings(
        robot,
        plan,
        changes,
        signal_changes(run, robot.id, since_s, until_s),
        hypotheses(robot, model, plan, changes),
        protective_stops(run, robot.id, since_s, until_s),
        before * share,
    )


def _plan_of(run: Run, robot: Robot) -> tuple[RobotModel | None, MotionPlan]:
    """Return model and plan of a robot; without a known model, a plan of times alone."""
    try:
        model = robot_model(run.plant, robot.model)
        return model, plan_program(robot, model)
    except PlantError:
        return None, _plan_of_times(run, robot)


def _plan_of_times(run: Run, robot: Robot) -> MotionPlan:
    steps = robot.program.steps
    rows = run.sql(
        "SELECT step, median(nominal_s) AS s FROM substeps WHERE robot = ? GROUP BY step",
        [robot.id],
    ).set_index("step")["s"]
    n = len(steps)
    still = np.zeros((n, 6))
    return MotionPlan(
        robot=robot.id,
        names=tuple(step.name for step in steps),
        is_move=np.array([step.to is not None for step in steps]),
        nominal_s=rows.reindex(range(n)).fillna(0.0).to_numpy(float),
        from_deg=still,
        to_deg=still,
        speed_per_s=np.zeros(n),
        acceleration_per_s2=np.zeros(n),
        sweep_m=np.zeros(n),
    )


def _by_program(
    robot: Robot, plan: MotionPlan, station: Station | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of every step by the program and the plant file."""
    pace = running_pace(station) if station is not None else 1.0
    nominal = plan.nominal_s * pace
    cv = np.array([s.wait.variation if s.wait and not s.to else 0.0 for s in robot.program.steps])
    move_cv = robot.program.move_cv
    mean = np.where(plan.is_move, nominal * (1 + HALF_NORMAL_MEAN * move_cv), nominal)
    return mean, np.where(plan.is_move, nominal * HALF_NORMAL_SD * move_cv, nominal * cv)


def _by_stops(found: Findings) -> Cause | None:
    """Protective stops, where they cost more than all sub-steps together."""
    n, stopped_s = found.stops
    slower_s = max(0.0, float(found.changes.change_s.sum())) * found.changes.n_during
    extra_s = stopped_s - found.stopped_before_s
    if n < 3 or extra_s <= slower_s:
        return None
    evidence: dict[str, object] = {
        "stops": n,
        "stopped_s": stopped_s,
        "expected_s": found.stopped_before_s,
        "mean_stop_s": stopped_s / n,
        "slower_substeps_s": slower_s,
        "cycles": found.changes.n_during,
    }
    return _cause("protective_stops", SURE, evidence)


def _by_grips(found: Findings) -> Cause | None:
    """What makes grips or releases longer, where that is the larger part."""
    grips, releases = found.longer_waits("grip"), found.longer_waits("release")
    waits = [*grips, *releases]
    lost_s = float(found.changes.change_s[waits].sum()) if waits else 0.0
    points = {point for k, point in enumerate(handled_at(found.robot)) if k in waits}
    taught = found.best.kind == "point" and found.best.point in points
    if not waits or (lost_s < found.lost_moves_s and not taught):
        return None
    vacuum = found.signals.get("vacuum_kpa")
    tool = found.signals.get("tool_current_a")
    if grips and vacuum is not None and vacuum.is_down(LEAST_SHARE):
        return _grip_cause(found, "vacuum_leak", waits, SURE)
    repeated = [k for k in waits if found.changes.spread[k] >= RETRY_SPREAD]
    if taught or (len(points) == 1 and repeated and len(repeated) == len(waits)):
        sure = SURE if taught and repeated else FAIR
        return _point_cause(found, points.pop() if not taught else found.best.point, sure)
    if grips and tool is not None and tool.is_up(LEAST_SHARE):
        return _grip_cause(found, "tool_wear", waits, SURE if releases else FAIR)
    return None


def _by_moves(found: Findings) -> Cause | None:
    """What changes the moves, by their pattern and by the currents of the joints."""
    best = found.best
    if best.kind == "nothing":
        return None
    sure = _confidence(found.moves)
    if best.kind == "point":
        return _point_cause(found, best.point, sure)
    if best.kind == "all_moves":
        if best.size <= 1:
            return None
        evidence = {**_steps_evidence(found), "speed_left": 1 / best.size, **_currents(found)}
        return _cause("speed_override", sure, evidence)
    fitting = [h.joint for h in found.moves if h.kind == "joint" and h.score <= best.score + 10.0]
    return _joint_cause(found, fitting, sure)


def _joint_cause(found: Findings, fitting: list[int], sure: float) -> Cause:
    """Tell friction from lost torque: a joint that runs hard takes more current, not less."""
    currents = {k: found.signals.get(f"current_j{k}_a") for k in fitting}
    known = {k: change for k, change in currents.items() if change is not None}
    joint = max(known, key=lambda k: known[k].ratio) if known else fitting[0]
    if known and known[joint].ratio > 1 and known[joint].z >= CLEAR_STEP:
        return _cause("joint_friction", sure, _joint_evidence(found, joint, [joint]), joint)
    if len(fitting) > 1:
        sure = min(sure, FAIR)
    sure = sure if known else min(sure, UNSURE)
    evidence = _joint_evidence(found, fitting[0], fitting)
    return _cause("acceleration_loss", sure, evidence, fitting[0])


def _joint_evidence(found: Findings, joint: int, fitting: list[int]) -> dict[str, object]:
    left = next(h.size for h in found.moves if h.kind == "joint" and h.joint == joint)
    return {
        **_steps_evidence(found),
        "acceleration_left": left,
        "joints_that_fit": fitting,
        **_currents(found),
        **_temperatures(found, fitting),
    }


def _by_vibration(found: Findings) -> Cause | None:
    change = found.signals.get("vibration_mms")
    if change is None or not change.is_up(LEAST_VIBRATION):
        return None
    evidence: dict[str, object] = {"vibration_mms": _pair(change), **_currents(found)}
    return _cause("worn_bearing", SURE, evidence, _hardest_joint(found))


def _by_sensors(run: Run, found: Findings, since_s: float, until_s: float) -> Cause | None:
    silent = [s for s in silent_sensors(run, found.robot.id) if s.overlap_s(since_s, until_s) > 0]
    if not silent:
        return None
    evidence: dict[str, object] = {s.signal: s.to_json() for s in silent}
    return _cause("sensor_dropout", FAIR, evidence)


def _grip_cause(found: Findings, name: str, waits: list[int], sure: float) -> Cause:
    evidence = _steps_evidence(found, waits)
    for signal in ("vacuum_kpa", "tool_current_a"):
        if signal in found.signals:
            evidence[signal] = _pair(found.signals[signal])
    evidence["slope_s_per_h"] = float(found.changes.slope_s_per_h[waits[0]])
    return _cause(name, sure, evidence)


def _point_cause(found: Findings, point: str, sure: float) -> Cause:
    evidence = {**_steps_evidence(found), "point": point, **_currents(found)}
    return _cause("mistaught_point", sure, evidence)


def _steps_evidence(found: Findings, steps: list[int] | None = None) -> dict[str, object]:
    """Return the sub-steps that changed, in seconds before and during, with their statistic."""
    changes = found.changes
    z = changes.change_s / changes.error_s
    shown = range(len(z)) if steps is None else steps
    return {
        "substeps_s": {
            found.plan.names[k]: {
                "before": float(changes.before_s[k]),
                "during": float(changes.during_s[k]),
                "z": float(z[k]),
            }
            for k in shown
            if abs(z[k]) >= CLEAR_STEP
        },
        "cycles": changes.n_during,
        "cycles_before": changes.n_before,
        "unexplained": found.best.left_over,
    }


def _currents(found: Findings) -> dict[str, object]:
    names = [f"current_j{k}_a" for k in range(1, 7)]
    return {name: _pair(found.signals[name]) for name in names if name in found.signals}


def _temperatures(found: Findings, joints: list[int]) -> dict[str, object]:
    names = [f"temp_j{k}_c" for k in joints]
    return {name: _pair(found.signals[name]) for name in names if name in found.signals}


def _pair(change: SignalChange) -> dict[str, float]:
    return {"before": change.before, "during": change.during, "z": change.z, "n": change.n_during}


def _hardest_joint(found: Findings) -> int | None:
    """Return the joint whose current rose most clearly, if one did."""
    rises = {k: found.signals.get(f"current_j{k}_a") for k in range(1, 7)}
    up = {k: c for k, c in rises.items() if c is not None and c.is_up(LEAST_SHARE)}
    return max(up, key=lambda k: up[k].ratio) if up else None


def _confidence(moves: list[Hypothesis]) -> float:
    """Return how sure the best explanation is: its weight against the next one of another kind."""
    best = moves[0]
    others = [h for h in moves if h.kind != best.kind or h.point != best.point]
    gap = min(h.score for h in others) - best.score if others else math.inf
    return min(SURE, 1 / (1 + math.exp(-min(gap, 50.0) / 2)))


def _cause(name: str, sure: float, evidence: dict[str, object], joint: int | None = None) -> Cause:
    detail = detail_of(name, evidence, joint)
    return Cause(name, evidence, action_of(name, evidence, joint), round(sure, 3), joint, detail)
