"""Faults of robots: one class per kind."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.plant.base import Duration, Id, Model, NonNegative, Positive, Vec3
from twin.plant.station_faults import At, Until

Joint = Annotated[int, Field(ge=1, le=6, description="Joint, 1 (base) to 6 (flange)")]

BASIC_SIGNALS = ("grip_time_s", "vacuum_kpa", "motor_current_a", "motor_temp_c")
FULL_SIGNALS = (
    "tool_current_a",
    *(f"current_j{k}_a" for k in range(1, 7)),
    *(f"temp_j{k}_c" for k in range(1, 7)),
    "vibration_mms",
)


def signals_of(sensors: Literal["none", "basic", "full"], *, vacuum: bool) -> list[str]:
    """Return the signals a robot sends with some sensors, with a vacuum tool or another one."""
    if sensors == "none":
        return []
    basic = [name for name in BASIC_SIGNALS if vacuum or name != "vacuum_kpa"]
    return [*basic, *FULL_SIGNALS] if sensors == "full" else basic


class OnRobot(Model):
    """What all faults of a robot say."""

    at: At
    until: Until = None
    robot: Id


class ProtectiveStop(OnRobot):
    """A robot whose safety function stops it again and again, for instance at a light contact.

    It only happens while the robot works: a standing robot touches nothing.
    """

    kind: Literal["protective_stop"]
    rate_per_h: Positive = Field(
        le=1000, description="Mean number of stops per hour of work; the gaps are exponential"
    )
    duration: Duration = Field(
        Duration(mean_s=20.0, cv=0.5), description="How long a stop lasts until it is released"
    )


class JointFriction(OnRobot):
    """A joint that runs hard: it accelerates more slowly, and takes more current all the same."""

    kind: Literal["joint_friction"]
    joint: Joint
    factor: float = Field(
        gt=1,
        le=5,
        description="Friction of the joint is so many times as large, its greatest acceleration "
        "so many times smaller",
    )


class AccelerationLoss(OnRobot):
    """A joint whose drive gives less torque: it accelerates more slowly and takes less current."""

    kind: Literal["acceleration_loss"]
    joint: Joint
    factor: float = Field(
        ge=0.1, lt=1, description="What is left of the joint's greatest acceleration"
    )


class MistaughtPoint(OnRobot):
    """A point of the program that is taught beside the place it should be at.

    The moves to and from it are longer or shorter; what the tool does there fails now and then and
    is tried again.
    """

    kind: Literal["mistaught_point"]
    point: Id = Field(description="Name of a pose of the robot's program")
    offset_m: Vec3 = Field(description="By how much it is off, in the frame of the robot's base")
    retry_probability: float = Field(
        0.4, ge=0, le=0.9, description="Chance that a grip or release there fails, at each attempt"
    )
    retry_s: NonNegative = Field(0.5, description="Time of one more attempt")


class ToolWear(OnRobot):
    """A tool that wears: grips and releases slowly take longer, and the tool takes more current."""

    kind: Literal["tool_wear"]
    grip_s_per_h: Positive = Field(
        le=10, description="By how much a grip, and a release, gets longer every hour"
    )


class WornBearing(OnRobot):
    """A bearing that wears: vibration rises, and from a certain level on the joint's current."""

    kind: Literal["worn_bearing"]
    joint: Joint = 1
    growth_mm_s_per_h: Positive = Field(
        le=100, description="Growth of the vibration it causes (RMS velocity)"
    )


class SensorDropout(OnRobot):
    """A sensor that sends nothing, or always the same, while the robot works as ever."""

    kind: Literal["sensor_dropout"]
    signal: Id = Field(description="Which signal of the robot, for instance vacuum_kpa")
    how: Literal["missing", "frozen"] = Field(
        "missing", description="No values at all, or the last one over and over"
    )


PlanFault = JointFriction | AccelerationLoss | MistaughtPoint
"""Faults that change how the moves of a program are carried out."""

NewRobotFault = PlanFault | ProtectiveStop | ToolWear | WornBearing | SensorDropout
