"""Scenarios: a plant, changes to it, faults, horizon, seed and initial state."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from twin.plant.base import Id, Model, TimeS
from twin.plant.faults import (
    Fault,
    ForcedBreakdown,
    ScriptFault,
    SlowCycle,
    SpeedOverride,
    VacuumLeak,
)
from twin.plant.plant import Plant

__all__ = [
    "Fault",
    "ForcedBreakdown",
    "Initial",
    "Scenario",
    "ScenarioFile",
    "ScenarioScript",
    "ScriptFault",
    "SlowCycle",
    "SnapshotStart",
    "SpeedOverride",
    "VacuumLeak",
]


class SnapshotStart(Model):
    """A run that begins with the state of a plant in a file (see docs/plant-state.md)."""

    snapshot: str = Field(
        description="Snapshot or plant state: a path relative to the scenario file"
    )
    content: str = Field("", description="Hash of the file; noted by celltwin")


Initial = Literal["empty", "steady"] | SnapshotStart


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
    initial: Initial = Field(
        "steady",
        description="empty, steady (every store and buffer as full as it is on average), or "
        "snapshot: FILE",
    )
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
    initial: Initial = "steady"
    start: str = "2026-01-05T00:00:00"
    sources: dict[str, str] = Field(
        default_factory=dict,
        description="Path in the plant -> where its number comes from ('assumption' if assumed)",
    )
