"""The mapping file: which columns of which log mean what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from twin.errors import PlantError
from twin.plant.base import Duration, Id, Model, TimeS
from twin.plant.tree import Problems
from twin.plant.validation import validated
from twin.plant.yaml_source import read_yaml
from twin.run.tables import STATES

Decimal = Literal[".", ","]
State = Literal[
    "working", "setup", "starved", "blocked", "waiting_transport", "waiting_worker",
    "waiting_robot", "down", "waiting_repair", "maintenance", "protective_stop", "off_shift",
]  # fmt: skip


class Reading(Model):
    """How text files are read; Parquet files need none of it."""

    separator: str | None = Field(None, description="Default: found from the first lines")
    decimal: Decimal | None = Field(None, description="Default: found from the values")
    encoding: str = "utf-8"


class TimeColumn(Model):
    """A column of times."""

    column: str
    format: str = Field(
        "iso",
        description="iso (ISO 8601), epoch_s, epoch_ms, seconds (since the start), or a pattern of "
        "strftime such as %d.%m.%Y %H:%M:%S",
    )
    timezone: str = Field("UTC", description="Of times that do not name theirs")


class NameColumn(Model):
    """A column of names."""

    column: str
    names: dict[str, Id] = Field(
        default_factory=dict, description="Text in the log -> id; others are made valid ids"
    )


class StateRule(Model):
    """A state that holds while a column has one of these values."""

    column: str
    equals: list[str] = Field(min_length=1, description="As written in the log; case is ignored")
    state: State
    reason: str = ""


class ResultColumn(Model):
    """Which cycles failed."""

    column: str
    scrap: list[str] = Field(
        default_factory=list, description="Values that mean scrap; none given: any text at all"
    )


class Log(Model):
    """What all kinds of log have."""

    files: list[str] = Field(
        default_factory=lambda: ["*"], min_length=1, description="Names or patterns (*.csv)"
    )
    read: Reading = Reading()


class SampleLog(Log):
    """Samples of sensors: a row is one moment, with a column for each signal."""

    kind: Literal["samples"]
    time: TimeColumn
    resource: Id | NameColumn = Field(description="Machine: an id, or the column that names it")
    signals: dict[Id, str] = Field(
        default_factory=dict, description="Signal (its name ends with the unit) -> column"
    )
    signal: NameColumn | None = Field(
        None, description="Instead of `signals`: the column that names the signal of a row ..."
    )
    value: str | None = Field(None, description="... and the column with its value")
    cycle: str | None = Field(
        None,
        description="Column that changes with every cycle (a counter). Cycles are cut where it "
        "changes, so ids may repeat",
    )
    states: list[StateRule] = Field(default_factory=list)


class CycleLog(Log):
    """One row is one cycle of one machine."""

    kind: Literal["cycles"]
    machine: Id | NameColumn
    start: TimeColumn
    end: TimeColumn | None = None
    duration_s: str | None = Field(None, description="Instead of `end`: column of seconds")
    unit: str | None = Field(None, description="Column that names the unit, lot or case")
    product: NameColumn | None = Field(None, description="What kind of work it was")
    result: ResultColumn | None = None


class EventLog(Log):
    """One row is the start or the end of a cycle."""

    kind: Literal["events"]
    machine: Id | NameColumn
    time: TimeColumn
    event: str = Field(description="Column that tells start from end")
    start: list[str] = Field(default_factory=lambda: ["start"], min_length=1)
    end: list[str] = Field(default_factory=lambda: ["complete"], min_length=1)
    pair: list[str] = Field(
        min_length=1, description="Columns that a start and its end have in common"
    )
    unit: str | None = None
    product: NameColumn | None = None
    result: ResultColumn | None = None


AnyLog = Annotated[SampleLog | CycleLog | EventLog, Field(discriminator="kind")]


class StationEntry(Model):
    """What the log does not tell about a machine."""

    label: str = ""
    workcell: Id | None = Field(None, description="Default: one of its own, with its name")
    cycle: Duration | None = Field(
        None, description="Cycle by design; default: learned from the first cycles of the log"
    )


class Cleaning(Model):
    """How far a log may be off, and what is done about it."""

    longest_gap: TimeS | None = Field(
        None,
        description="Samples further apart have a gap between them: no state, no cycle. Default: "
        "ten times the usual step, at least 5 s",
    )
    disorder: TimeS = Field(5.0, description="Samples this much out of order are put in order")
    clock_jumps: Literal["shift", "refuse"] = Field(
        "shift",
        description="A clock that goes back by more: all later samples are moved so that time "
        "goes on, or the log is refused",
    )
    off_after: TimeS = Field(
        3600.0, description="A machine without a cycle for this long was off shift, not starved"
    )
    least_cycles: int = Field(10, ge=2, description="Fewer cycles of a machine are refused")


class LogMapping(Model):
    """What a mapping file may say."""

    format: int = Field(1, ge=1, le=1)
    id: Id
    label: str = ""
    source: str = Field("", description="Where the logs are from; kept with the run")
    logs: list[AnyLog] = Field(min_length=1)
    stations: dict[Id, StationEntry] = Field(default_factory=dict)
    cleaning: Cleaning = Cleaning()


def load_mapping(path: str | Path) -> LogMapping:
    """Read a mapping file.

    Raises
    ------
    PlantError
        It cannot be read, or says something it must not; holds every problem with its line.
    """
    problems = Problems()
    root = read_yaml(Path(path), problems)
    mapping = validated(root, LogMapping, problems)
    if mapping is not None:
        for k, log in enumerate(mapping.logs):
            node = root.fields["logs"].items[k]
            for what, remedy in _wrong(log):
                problems.add(node, what, remedy)
    if problems or mapping is None:
        raise PlantError(problems)
    return mapping


def _wrong(log: SampleLog | CycleLog | EventLog) -> list[tuple[str, str]]:
    """Return what is wrong with a log as a whole, and the remedies."""
    if isinstance(log, SampleLog):
        long = log.signal is not None or log.value is not None
        if long and (log.signal is None or log.value is None):
            return [("'signal' and 'value' belong together.", "Give both, or 'signals'.")]
        if long and log.signals:
            return [("has 'signals' and 'signal'.", "Keep one of them.")]
        if long and (log.cycle or log.states):
            return [
                (
                    "'cycle' and 'states' need a row with all signals of one moment.",
                    "Give 'signals'.",
                )
            ]
        if not long and not log.signals and log.cycle is None:
            return [("names no signal and no cycle column.", "Give 'signals' or 'cycle'.")]
    if isinstance(log, CycleLog) and (log.end is None) == (log.duration_s is None):
        return [("needs one of 'end' and 'duration_s'.", "Give the column of one of them.")]
    return []


if set(State.__args__) != set(STATES):  # type: ignore[attr-defined]
    raise TypeError("the states of a mapping are not those of a run")
