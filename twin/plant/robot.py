"""Six-axis robots: model data (kinematics and limits) and sub-step programs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.plant.base import Duration, Fraction, Id, Model, NonNegative, Positive, Vec2, Vec3
from twin.plant.vibration_class import VibrationClass

Six = Annotated[list[float], Field(min_length=6, max_length=6)]


class Joint(Model):
    """One revolute joint: where it sits on the link before it, and how far and fast it turns."""

    origin_m: Vec3 = Field(description="Joint origin in the frame of the link before it")
    axis: Vec3 = Field(description="Unit axis; all link frames are parallel at zero angles")
    limit_deg: Vec2
    speed_dps: Positive
    acceleration_dps2: Positive


class RobotModel(Model):
    """Kinematics of a real robot type, from its published description."""

    id: Id
    label: str
    payload_kg: Positive
    joints: Annotated[list[Joint], Field(min_length=6, max_length=6)]
    flange_m: Vec3 = Field(description="Flange centre in the frame of the last link")
    link_radius_m: Positive = Field(0.1, description="Thickness of the drawn arm")


class Pose(Model):
    """Where the tool tip is, in the frame of the robot base, tool pointing straight down."""

    xyz_m: Vec3
    yaw_deg: float = Field(0.0, description="Rotation of the tool about the vertical")


class Step(Model):
    """One named sub-step of a program: a move to a pose, or a wait (grip, release, weld)."""

    name: Id
    to: Id | None = Field(None, description="Pose to move to, all joints synchronised")
    speed: Fraction = Field(1.0, description="Override of joint speed and acceleration limits")
    wait: Duration | None = Field(None, description="Time this step stands still")
    action: Literal["none", "grip", "release"] = "none"


class Program(Model):
    """The cycle of a robot: steps in order, from `start` back to `start`."""

    start: Id
    poses: dict[Id, Pose]
    steps: list[Step] = Field(min_length=1)
    move_cv: NonNegative = Field(0.0, description="Variation of each move's time (only slower)")


class Robot(Model):
    """One robot in the plant."""

    id: Id
    label: str = ""
    model: Id = Field(description="Name of a robot model: built-in or under `robot_models`")
    position_m: Vec3 = Field(description="Centre of the base; z is the height of its pedestal")
    heading_deg: float = 0.0
    tool_length_m: Positive = Field(0.2, description="Flange to tool tip")
    tool: Literal["vacuum", "vacuum_8", "finger"] = "vacuum"
    payload_kg: NonNegative = Field(1.0, description="Part carried between grip and release")
    program: Program
    vibration_class: VibrationClass | None = Field(
        None,
        description="Vibration zones: class I to IV of ISO 10816-1, or group and support of "
        "ISO 10816-3; default: class I, assumed",
    )
    workcell: str = Field("", description="Set by the loader")
    line: str = Field("", description="Set by the loader")
