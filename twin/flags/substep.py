"""Robots whose sub-steps take another time than before, or than their program says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from twin.flags.detector import Design, Options
from twin.flags.detector.frame import Floats
from twin.flags.flag import Flag, name_of, period, severity_of
from twin.flags.impact import Impact, impact
from twin.flags.robot_cause import cause_of_substeps
from twin.flags.shift import METHOD, Shift, p_value_of, shifts
from twin.flags.signal import signal_shifts
from twin.kpi.ideal import running_pace
from twin.plant.robot import Robot, Step
from twin.plant.station import Station
from twin.run.run import Run

LEAST_STEP_SHARE = 0.10
"""Smallest shift worth a flag, as a share of the sub-step's program time ..."""
LEAST_CYCLE_SHARE = 0.01
"""... and of the program's cycle time: the larger of the two counts."""
SAME_TIME_SHARE = 0.8
"""Sub-steps whose flagged times overlap by this share are one finding."""
ONE_STEP_SHARE = 0.6
"""A sub-step with this share of the lost time explains it alone."""

UNEXPLAINED = frozenset({"slow_substep", "fast_substep", "reduced_speed"})
"""Causes that only say that a time is different."""

GRIP_TIME = "grip_time_s"
"""A signal that says the same as a slow grip; it is evidence, but not told twice."""

_HALF_NORMAL_MEAN, _HALF_NORMAL_SD = 0.7979, 0.6028


@dataclass(frozen=True)
class StepShift:
    """One sub-step of one robot that took another time between two moments."""

    step: int
    name: str
    shift: Shift

    @property
    def since_s(self) -> float:
        """When it began."""
        return self.shift.since_s

    @property
    def until_s(self) -> float:
        """When it ended; the end of the run where it goes on."""
        return self.shift.until_s

    @property
    def extra_s(self) -> float:
        """Seconds more than expected, per cycle."""
        return self.shift.extra_s

    @property
    def of_level(self) -> bool:
        """Whether the level changed, not only spread or micro-stops."""
        return self.shift.cause in {"slow", "fast", "drift"}


def substep_flags(run: Run) -> Iterator[Flag]:
    """Find robots with sub-steps that are slower or faster than their program."""
    table = run.table("substeps", ["robot", "step", "name", "start_s", "nominal_s", "actual_s"])
    stations = {s.robot: s for s in run.plant.stations.values() if s.robot}
    for name, rows in table.groupby("robot", observed=True):
        robot = run.plant.robots.get(str(name))
        station = stations.get(str(name))
        if robot is not None and station is not None:
            for group in together(list(_robot_shifts(run, robot, station, rows))):
                yield _flag(run, robot, station, group, _cycle_s(rows))


def expected_step(step: Step | None, move_cv: float, nominal_s: float) -> tuple[float, float]:
    """Return mean and standard deviation of a sub-step's time by its program.

    A move varies towards slower only: the absolute value of a normal with standard deviation
    ``move_cv`` is added, relative to its nominal time.
    """
    if step is None:
        return nominal_s, 0.0
    if step.wait is not None and step.to is None:
        cv = step.wait.variation
        return nominal_s, nominal_s * cv
    return nominal_s * (1 + _HALF_NORMAL_MEAN * move_cv), nominal_s * _HALF_NORMAL_SD * move_cv


def _cycle_s(rows: pd.DataFrame) -> float:
    return float(rows.groupby("step")["nominal_s"].median().sum())


def _robot_shifts(
    run: Run, robot: Robot, station: Station, rows: pd.DataFrame
) -> Iterator[StepShift]:
    steps, pace = robot.program.steps, running_pace(station)
    cycle_s = _cycle_s(rows)
    for index, found in rows.groupby("step"):
        number = int(str(index))
        step = steps[number] if 0 <= number < len(steps) else None
        ordered = found.sort_values("start_s")
        nominal: Floats = ordered["nominal_s"].to_numpy(dtype=np.float64)
        nominal_s = float(np.median(nominal))
        if nominal_s <= 0:
            continue
        actual: Floats = ordered["actual_s"].to_numpy(dtype=np.float64)
        actual = actual * (nominal_s / np.maximum(nominal, 1e-9))
        starts: Floats = ordered["start_s"].to_numpy(dtype=np.float64)
        mean_s, sd_s = expected_step(step, robot.program.move_cv, nominal_s * pace)
        design = Design(mean_s, sd_s / mean_s)
        options = _least(design, cycle_s / nominal_s)
        for shift in shifts(actual, starts, design, options, end_s=run.horizon_s):
            yield StepShift(number, str(ordered["name"].iloc[0]), shift)


def _least(design: Design, cycles: float) -> Options:
    """Return the smallest effects for a sub-step of which `cycles` make one cycle."""
    of_cycle = LEAST_CYCLE_SHARE * cycles
    return Options(
        least_level=max(LEAST_STEP_SHARE, of_cycle),
        least_spread=1.0 + max(LEAST_STEP_SHARE, of_cycle) / design.sd,
    )


def together(found: list[StepShift]) -> list[list[StepShift]]:
    """Group shifts of one robot that happened at the same time."""
    groups: list[list[StepShift]] = []
    for shift in sorted(found, key=lambda s: -abs(s.extra_s * s.shift.n)):
        for group in groups:
            first = group[0]
            shared = min(first.until_s, shift.until_s) - max(first.since_s, shift.since_s)
            longer = max(first.until_s - first.since_s, shift.until_s - shift.since_s)
            alike = first.of_level == shift.of_level and first.extra_s * shift.extra_s > 0
            if shared >= SAME_TIME_SHARE * longer and alike:
                group.append(shift)
                break
        else:
            groups.append([shift])
    return groups


def _flag(run: Run, robot: Robot, station: Station, group: list[StepShift], cycle_s: float) -> Flag:
    main, shift = group[0], group[0].shift
    total_s = sum(s.extra_s for s in group)
    alone = abs(main.extra_s) >= ONE_STEP_SHARE * abs(total_s)
    loss = impact(
        run, station.machine_ids, main.since_s, main.until_s,
        lost_s=max(0.0, total_s) * shift.n, ideal_unit_s=cycle_s / station.units_per_cycle,
    )  # fmt: skip
    signals = signal_shifts(run, robot.id, main.since_s, main.until_s)
    extra_s = main.extra_s if alone else total_s
    moves = [s for s in group if _is_move(robot, s.step)]
    named, diagnosis = cause_of_substeps(
        run, robot, main.since_s, main.until_s, alone=alone and len(moves) < 2, extra_s=extra_s
    )
    return Flag(
        workcell=run.plant.workcell_of.get(robot.id, robot.workcell),
        resource=robot.id,
        since_s=main.since_s,
        until_s=main.until_s,
        cause=_cause(named, main),
        substep=main.name if alone else None,
        lost_units=loss.lost_units,
        severity=severity_of(max(0.0, total_s) / (cycle_s + total_s), loss.plant_loss_units),
        evidence={
            "expected": shift.expected_s if alone else cycle_s,
            "observed": shift.observed_s if alone else cycle_s + total_s,
            "unit": "s",
            "extra_s": extra_s,
            "effect": shift.effect,
            "n": shift.n,
            "p_value": p_value_of(shift.log10_p),
            "log10_p": shift.log10_p,
            "confidence": shift.confidence,
            "baseline_n": shift.baseline_n,
            "method": METHOD,
            "nominal_cycle_s": cycle_s,
            "open": shift.open,
            "substeps": {s.name: s.extra_s for s in group},
            "signals": [s.to_json() for s in signals],
            "diagnosis": diagnosis,
            **loss.evidence(),
        },
        title=_title(robot, main if alone else None, extra_s),
        text=" ".join(
            [
                _text(run, robot, group, loss, alone=alone, cycle_s=cycle_s),
                *(shift.sentence() for shift in signals if shift.signal != GRIP_TIME),
                str(diagnosis["detail"]),
            ]
        ),
    )


def _is_move(robot: Robot, step: int) -> bool:
    steps = robot.program.steps
    return 0 <= step < len(steps) and steps[step].to is not None


def _cause(named: str, main: StepShift) -> str:
    """Return the physical cause, or where none fits what the cycle times say themselves."""
    if named not in UNEXPLAINED or (main.of_level and named != "slow_substep"):
        return named
    return named if main.shift.cause in {"slow", "fast"} else main.shift.cause


def _title(robot: Robot, main: StepShift | None, extra_s: float) -> str:
    name = name_of(robot.label, robot.id)
    what = main.name.replace("_", " ").capitalize() if main else "Program"
    if main is not None and main.shift.cause == "spread":
        return f"{name}: {what} varies {main.shift.effect:.1f} times as much"
    if main is not None and main.shift.cause == "micro_stops":
        return f"{name}: {what} stops in {100 * main.shift.effect:.1f} % more of the cycles"
    return f"{name}: {what} {abs(extra_s):.2f} s {'slower' if extra_s > 0 else 'faster'}"


def _text(
    run: Run, robot: Robot, group: list[StepShift], loss: Impact, *, alone: bool, cycle_s: float
) -> str:
    main, shift = group[0], group[0].shift
    when = period(run.scenario.start, main.since_s, main.until_s, is_open=shift.open)
    if alone:
        what = main.name.replace("_", " ").capitalize()
        took = (shift.observed_s, shift.expected_s)
    else:
        what = f"The cycle ({len(group)} sub-steps)"
        took = (cycle_s + sum(s.extra_s for s in group), cycle_s)
    tense = "takes" if shift.open else "took"
    text = f"{what} {tense} {took[0]:.2f} s instead of {took[1]:.2f} s {when}."
    if not main.of_level:
        text = f"{_title(robot, main, main.extra_s)} {when}. {text}"
    if took[0] < took[1]:
        return text
    name = name_of(robot.label, robot.id)
    return (
        f"{text} In that time {name} could have handled {loss.lost_units:.0f} more units."
        f" {loss.sentence()}"
    )
