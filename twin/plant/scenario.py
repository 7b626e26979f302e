"""Scenarios: a plant, changes to it, faults, horizon, seed and initial state."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.plant.base import Fraction, Id, Model, NonNegative, Positive, TimeS
from twin.plant.plant import Plant


class VacuumLeak(Model):
    """A leaking gripper: every grip of the robot takes longer, the vacuum is weaker."""

    kind: Literal["vacuum_leak"]
    at: TimeS = Field(description="Start, time since the start of the run")
    until: TimeS | None = Field(None, description="End; None: to the end of the run")
    robot: Id
    extra_grip_s: NonNegative


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
    """A machine or vehicle that fails at a given time and is repaired for `repair`."""

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
    VacuumLeak | SpeedOverride | SlowCycle | ForcedBreakdown | ScriptFault,
    Field(discriminator="kind"),
]


class ScenarioScript(Model):
    """The script of a scenario: where it was read from, and its whole text."""

    path: str
    text: str


class ScenarioFile(Model):
    """What a scenario file may say."""

    format: int = Field(1, ge=1, le=1)
    id: Id
    label: str = ""
    description: str = ""
    plant: str = Field(description="Name of a plant, or path relative to the scenario file")
    set: dict[str, object] = Field(
        default_factory=dict, description="Changes by path, e.g. stations.stack.cycle.mean_s: 40"
    )
    faults: list[Fault] = Field(default_factory=list)
    script: str | None = Field(
        None, description="Python script: name of a shipped one, or path relative to this file"
    )
    horizon: TimeS = 8 * 3600.0
    warmup: TimeS = 0.0
    seed: int = Field(1, ge=0)
    initial: Literal["empty", "steady"] = "steady"
    start: str = Field("2026-01-05T00:00:00", description="Wall-clock time of the run's start")


class Scenario(Model):
    """A resolved scenario: the plant is inside, all changes applied. Stored with every run."""

    id: Id
    label: str = ""
    description: str = ""
    plant: Plant
    faults: list[Fault] = Field(default_factory=list)
    script: ScenarioScript | None = None
    horizon_s: float = Field(gt=0)
    warmup_s: float = Field(0.0, ge=0)
    seed: int = 1
    initial: Literal["empty", "steady"] = "steady"
    start: str = "2026-01-05T00:00:00"
    sources: dict[str, str] = Field(
        default_factory=dict,
        description="Path in the plant -> where its number comes from ('assumption' if assumed)",
    )
