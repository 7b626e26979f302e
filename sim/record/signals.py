"""Sensor values of a robot, as a function of its motion plan and of what its cycles did.

A model with assumed constants, described with its limits in docs/background-signals.md:

* ``grip_time_s``, ``vacuum_kpa``, ``tool_current_a``: one value for each grip;
* ``current_j1_a`` ... ``current_j6_a``: for each cycle, root mean square over the move in which
  the joint turns furthest;
* ``vibration_mms``: for each cycle, RMS velocity at the base;
* ``motor_current_a``: sum over the joints, mean over 10 s;
* ``motor_temp_c`` and ``temp_j1_c`` ... ``temp_j6_c``: every 60 s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.core.world import World
from sim.faults.robot import OfRobot
from sim.record.columns import Columns
from sim.record.dropout import Dropouts
from sim.record.grip_signals import GripSensors
from sim.record.motor_signals import SpanMeans, Warming
from sim.record.recorder import Recorder
from sim.record.vibration import Vibration
from twin.motion.arm_load import RATED_A, ArmLoad, arm_load
from twin.motion.sensor_model import AMBIENT_C, COOLED_C, HOT_C, temperature_c, widest_move
from twin.motion.variant import Variants
from twin.plant.robot import Robot, RobotModel

Series = tuple[str, np.ndarray, np.ndarray]
Noise = Callable[[str], np.random.Generator]

CURRENT_EVERY_S = 10.0
TEMPERATURE_EVERY_S = 60.0
CURRENT_NOISE_A = 0.08
JOINT_NOISE = 0.015
"""Scatter of the RMS current of one cycle, relative to it ..."""
JOINT_NOISE_A = 0.01
"""... and of the sensor itself."""
TEMPERATURE_NOISE_C = 0.05
TIME_CONSTANT_S = 2200.0
SETTLED = 15
"""The first so many minutes say how warm a robot is that has been at work before."""


def robot_signals(
    world: World,
    robot: Robot,
    model: RobotModel,
    variants: Variants,
    faults: Sequence[OfRobot],
    *,
    cold: bool,
) -> RobotSignals | None:
    """Return the sensors of a robot, as many as the plant says; None for none."""
    sensors = world.plant.robot_sensors
    if sensors == "none":
        return None
    load = arm_load(robot, model, variants)
    noise = partial(world.stream, robot.id)
    full = sensors == "full"
    return RobotSignals(
        robot.id,
        variants,
        load,
        Sensors(
            grips=GripSensors(robot, faults, noise, full=full),
            motors=MotorSensors(load, noise, full=full, cold=cold),
            joints=JointSensors(variants, noise) if full else None,
            vibration=Vibration(variants, faults, noise),
            dropouts=Dropouts(faults),
        ),
        world.recorder,
    )


class MotorSensors:
    """Current of the whole arm, and the temperatures."""

    def __init__(self, load: ArmLoad, noise: Noise, *, full: bool, cold: bool) -> None:
        rest = np.square(load.holding_a)
        self._full = full
        self._current = SpanMeans(CURRENT_EVERY_S, load.holding_a.sum(keepdims=True))
        self._heat = SpanMeans(TEMPERATURE_EVERY_S, _heat(rest[None], full=full)[0])
        start_c = AMBIENT_C if cold else None
        self._warming = Warming(
            TEMPERATURE_EVERY_S, TIME_CONSTANT_S, settled=SETTLED, cold_c=start_c
        )
        self._current_noise = noise("motor_current_a")
        self._temperature_noise = noise("motor_temp_c")

    def sample(
        self, starts: np.ndarray, actual: np.ndarray, squares: np.ndarray, *, known_s: float | None
    ) -> Iterator[Series]:
        """Return what is complete; `squares` are the mean square currents (n, 6) of the steps."""
        current = np.sqrt(squares).sum(axis=1, keepdims=True)
        times, amps = self._current.add(starts, actual, current, known_s=known_s)
        noise = CURRENT_NOISE_A * self._current_noise.standard_normal(len(times))
        yield "motor_current_a", times, amps[:, 0] + noise
        times, heat = self._heat.add(
            starts, actual, _heat(squares, full=self._full), known_s=known_s
        )
        targets = temperature_c(heat)
        times, warm = self._warming.follow(times, targets, final=known_s is not None)
        if not len(times):
            return
        warm = warm + TEMPERATURE_NOISE_C * self._temperature_noise.standard_normal(warm.shape)
        yield "motor_temp_c", times, warm[:, 0]
        for k in range(1, warm.shape[1]):
            yield f"temp_j{k}_c", times, warm[:, k]


def _heat(squares: np.ndarray, *, full: bool) -> np.ndarray:
    """Return the heat in drives over that at rated current: of all together, then of each."""
    share = squares / RATED_A**2
    mean = share.mean(axis=1, keepdims=True)
    return np.concatenate([mean, share], axis=1) if full else mean


class JointSensors:
    """Current of each joint, once a cycle: in the move in which it turns furthest.

    One and the same move, so that the mean does not shift because another move got longer.
    """

    def __init__(self, variants: Variants, noise: Noise) -> None:
        plan = variants.plan_of(0)
        self._step = widest_move(plan)
        self._noise = noise("joint_currents")

    def sample(
        self, starts: np.ndarray, actual: np.ndarray, squares: np.ndarray
    ) -> Iterator[Series]:
        """Return the currents of cycles from their steps: times (n, s), squares (n, s, 6)."""
        scatter = self._noise.standard_normal((len(actual), 6, 2))
        for k, step in enumerate(self._step.tolist()):
            done = actual[:, step] > 0
            amps = np.sqrt(squares[done, step, k]) * (1 + JOINT_NOISE * scatter[done, k, 0])
            amps = np.abs(amps + JOINT_NOISE_A * scatter[done, k, 1])
            yield f"current_j{k + 1}_a", (starts + actual)[done, step], amps


@dataclass(frozen=True)
class Sensors:
    """The sensors of one robot; `joints` and vibration only where there are all of them."""

    grips: GripSensors
    motors: MotorSensors
    joints: JointSensors | None
    vibration: Vibration
    dropouts: Dropouts


class RobotSignals:
    """Samples the sensors of one robot."""

    def __init__(
        self, robot: str, variants: Variants, load: ArmLoad, sensors: Sensors, recorder: Recorder
    ) -> None:
        self._robot = robot
        self._variants = variants
        self._load = load
        self._grips = sensors.grips
        self._motors = sensors.motors
        self._joints = sensors.joints
        self._vibration = sensors.vibration
        self._dropouts = sensors.dropouts
        self._alarms = recorder.alarms
        self._names: Mapping[str, int] = recorder.names

    def sample(
        self,
        step: np.ndarray,
        starts: np.ndarray,
        actual: np.ndarray,
        *,
        until_s: float,
        final: bool,
    ) -> Iterator[tuple[str, Columns]]:
        """Return the signals of sub-steps that are complete; whole cycles, in order."""
        for series in self._series(step, starts, actual, known_s=until_s if final else None):
            signal, times, values = self._dropouts.sent(*series)
            if len(times):
                yield self._rows(signal, times, values)
                if signal == "vacuum_kpa":
                    self._grips.watch(self._robot, self._alarms, times, values)
                elif signal.startswith("temp_j"):
                    self._watch_heat(f"over_temperature_{signal[5:7]}", times, values)

    def _watch_heat(self, code: str, times: np.ndarray, values: np.ndarray) -> None:
        """Raise an alarm while a joint's drive is too hot."""
        if values.max() < HOT_C and values.min() > COOLED_C:
            return
        for time_s, value in zip(times.tolist(), values.tolist(), strict=True):
            if value > HOT_C:
                self._alarms.raise_(self._robot, code, "heat", "warning", time_s)
            elif value < COOLED_C:
                self._alarms.close(self._robot, code, time_s)

    def _series(
        self, step: np.ndarray, starts: np.ndarray, actual: np.ndarray, *, known_s: float | None
    ) -> Iterator[Series]:
        shape = (-1, self._variants.n_steps)
        begun = starts.reshape(shape)[:, 0]
        variant = np.repeat(self._variants.at(begun), self._variants.n_steps)
        row = variant * self._variants.n_steps + step
        nominal = self._variants.plan.nominal_s[row]
        stretch = np.maximum(actual / np.maximum(nominal, 1e-9), 1.0)
        squares = self._load.mean_squares(row, stretch)
        worn = self._vibration.current_factor(begun)
        if worn is not None:
            squares = squares * np.repeat(worn**2, self._variants.n_steps, axis=0)
        yield from self._grips.sample(step, starts, actual, np.repeat(begun, shape[1]))
        yield from self._motors.sample(starts, actual, squares, known_s=known_s)
        if self._joints is None or not len(begun):
            return
        ends = (starts + actual).reshape(shape).max(axis=1)
        yield from self._joints.sample(
            starts.reshape(shape), actual.reshape(shape), squares.reshape(*shape, 6)
        )
        yield from self._vibration.sample(
            begun, ends, row.reshape(shape), actual.reshape(shape), stretch.reshape(shape)
        )

    def _rows(self, signal: str, times: np.ndarray, values: np.ndarray) -> tuple[str, Columns]:
        n = len(times)
        return "signals", {
            "resource": np.full(n, self._names[self._robot]),
            "signal": np.full(n, self._names[signal]),
            "time_s": times,
            "value": values,
        }
