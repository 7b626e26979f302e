"""Faults of a scenario: one class per kind, and their union."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.plant.base import Fraction, Id, Model, NonNegative, Positive, TimeS
from twin.plant.robot_faults import NewRobotFault
from twin.plant.station_faults import StationFault


class VacuumLeak(Model):
    """A leaking gripper: every grip of the robot takes longer, the vacuum is weaker."""

    kind: Literal["vacuum_leak"]
    at: TimeS = Field(description="Start, time since the start of the run")
    until: TimeS | None = Field(None, description="End; None: to the end of the run")
    robot: Id
    extra_grip_s: NonNegative
    growth_s_per_h: NonNegative = Field(
        0.0, description="A leak that grows: so many seconds more for a grip every hour"
    )


class SpeedOverride(Model):
    """A robot that runs at reduced speed: all moves take 1/factor of their time."""

    kind: Literal["speed_override"]
    at: TimeS
    until: TimeS | None = None
    robot: Id
    factor: Fraction


class SlowCycle(Model):
    """A station whose cycle takes `factor` times as long."""

    kind: Literal["slow_cycle"]
    at: TimeS
    until: TimeS | None = None
    station: Id
    factor: Positive


class ForcedBreakdown(Model):
    """A machine, vehicle or crane that fails at a given time and is repaired for `repair`."""

    kind: Literal["breakdown"]
    at: TimeS
    machine: Id
    repair: TimeS
    mode: Id | None = Field(
        None, description="Kind of failure, whose crew and unit policy hold, of several"
    )


class ScriptFault(Model):
    """A fault that the script of the scenario defines."""

    kind: Literal["script"]
    at: TimeS
    until: TimeS | None = None
    name: Id = Field(description="Name the script gave it with `plant.fault(name, ...)`")
    values: dict[str, float] = Field(
        default_factory=dict, description="Numbers for the script, by name"
    )


Fault = Annotated[
    VacuumLeak
    | SpeedOverride
    | NewRobotFault
    | SlowCycle
    | ForcedBreakdown
    | ScriptFault
    | StationFault,
    Field(discriminator="kind"),
]
