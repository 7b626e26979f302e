"""Why machines stop: random failures and their repair, and planned maintenance."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.plant.base import Duration, Id, Model, NonNegative, Positive, TimeS
from twin.plant.people import Weekday

UnitPolicy = Literal["resume", "restart", "scrap"]


class Breakdown(Model):
    """Random failures of one machine, and their repair.

    The time to a failure is `mtbf_h` (or, on the clock ``cycles``, `mcbf`) with `failure_cv`, or
    any duration as `time_to_failure`; the repair is `mttr_h` with `repair_cv`, or any duration as
    `time_to_repair`.
    """

    label: str = ""
    code: str = Field("", description="Cause written to the alarm; default: the name of the mode")
    mtbf_h: Positive | None = Field(
        None, description="Mean time between failures on the failure clock"
    )
    mcbf: Annotated[float, Field(ge=1)] | None = Field(
        None, description="Mean cycles between failures, for the clock `cycles`"
    )
    failure_cv: NonNegative = Field(
        1.0,
        description="Coefficient of variation beside `mtbf_h` or `mcbf`, gamma: 1 is exponential "
        "(cycles: geometric), 0 is always the same",
    )
    time_to_failure: Duration | None = Field(
        None, description="Time between failures on the failure clock, instead of `mtbf_h`"
    )
    mttr_h: Positive | None = Field(
        None, description="Mean repair time, waiting for the crew excluded"
    )
    repair_cv: NonNegative = Field(1.0, description="1 means exponential repair times")
    time_to_repair: Duration | None = Field(
        None, description="Repair time, instead of `mttr_h` and `repair_cv`"
    )
    clock: Literal["operating", "calendar", "cycles"] = Field(
        "operating",
        description="operating: only working time ages the machine; calendar: all time; cycles: "
        "every cycle does",
    )
    when_idle: Literal["fail", "wait"] = Field(
        "fail",
        description="calendar: a failure that falls due while the machine is starved or blocked "
        "strikes at once, or waits until it works. The other clocks stand still while it is idle",
    )
    unit: UnitPolicy = Field("resume", description="What happens to the unit in work")
    crew: Id | None = Field(None, description="Worker pool that repairs; None: repairs itself")
    workers: int = Field(1, ge=1, description="Workers of the crew that one repair takes")
    skill: Id | None = Field(None, description="Skill they must have")

    @property
    def failure_s(self) -> float | None:
        """Mean time to failure on the failure clock in seconds; None on the clock ``cycles``."""
        if self.time_to_failure is not None:
            return self.time_to_failure.mean_s
        return None if self.mtbf_h is None else self.mtbf_h * 3600

    @property
    def repair(self) -> Duration:
        """The repair time: gamma, which is exponential at a coefficient of variation of 1."""
        if self.time_to_repair is not None:
            return self.time_to_repair
        return Duration(mean_s=(self.mttr_h or 0.0) * 3600, cv=self.repair_cv, kind="gamma")

    def down_share(self, cycle_s: float) -> float:
        """Return repair time over time to failure of a machine that always works."""
        to_failure_s = self.failure_s
        if to_failure_s is None:
            to_failure_s = (self.mcbf or 0.0) * cycle_s
        return self.repair.mean_s / to_failure_s if to_failure_s else 0.0


class Maintenance(Model):
    """Planned maintenance of each machine of a station; it begins at the end of a cycle.

    It falls due by one of `every_cycles`, `every_operating_h`, `every_h` and `at`.
    """

    label: str = ""
    every_cycles: int | None = Field(None, ge=1, description="Cycles since the last time")
    every_operating_h: Positive | None = Field(
        None, description="Hours of work since the last time"
    )
    every_h: Positive | None = Field(
        None, description="Hours of calendar time, counted from the start of the run"
    )
    at: TimeS | None = Field(None, description="Time of day, e.g. 06:00")
    days: tuple[Weekday, ...] = Field((), description="Weekdays for `at`; default: every day")
    work: Duration = Field(description="How long it takes, waiting for the crew excluded")
    crew: Id | None = Field(None, description="Worker pool that does it; None: nobody is needed")
    workers: int = Field(1, ge=1, description="Workers of the crew it takes")
    skill: Id | None = Field(None, description="Skill they must have")
    window_s: TimeS = Field(
        0.0,
        description="How long it may wait for the machine to be idle; then it begins at the end "
        "of the cycle",
    )
    planned: bool = Field(
        True, description="Whether it lies outside planned time, so that OEE does not count it"
    )
