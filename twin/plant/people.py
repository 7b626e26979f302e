"""People: shifts and calendars, worker pools (operators and repair crews) and what they do."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from twin.plant.base import Duration, Fraction, Id, Model, Positive, TimeS, Vec2

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAY_S = 86_400.0
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Break(Model):
    """A break inside a shift."""

    start: TimeS = Field(description="Time of day, e.g. 10:00")
    length: TimeS = Field(description="E.g. 30min")


class Shift(Model):
    """A shift of some weekdays; shifts together may leave hours in which nobody works."""

    id: Id
    label: str = ""
    start: TimeS = Field(description="Time of day, e.g. 06:00")
    hours: float = Field(gt=0, le=24)
    days: tuple[Weekday, ...] = Field(
        WEEK, min_length=1, description="Weekdays on which it begins; it may pass midnight"
    )
    breaks: tuple[Break, ...] = Field((), description="Breaks, when nobody of the shift works")

    @property
    def worked_spans(self) -> list[tuple[float, float]]:
        """Spans between its breaks, in seconds since midnight of the day it begins."""
        cuts = sorted(((one.start - self.start) % DAY_S, one.length) for one in self.breaks)
        spans, begin_s = [], 0.0
        for cut_s, length_s in [*cuts, (self.hours * 3600, 0.0)]:
            if cut_s > begin_s:
                spans.append((self.start + begin_s, self.start + cut_s))
            begin_s = cut_s + length_s
        return spans


class Calendar(Model):
    """When stations are worked: the time of some shifts, their breaks and closed days left out."""

    id: Id
    label: str = ""
    shifts: tuple[Id, ...] = Field(min_length=1, description="Shifts that are worked")
    closed: tuple[str, ...] = Field(
        (), description="Dates (2026-12-24) on which no shift of it begins, beside the plant's"
    )


class WorkerPool(Model):
    """Workers who wait at `home` and walk to where they are needed."""

    id: Id
    label: str = ""
    kind: Literal["operator", "repair"]
    home_m: Vec2
    staff: dict[Id, int] = Field(description="Workers present by shift id")
    walk_mps: Positive
    skills: dict[Id, tuple[int, ...]] = Field(
        default_factory=dict,
        description="Numbers of the workers with each skill: 1 is the first of the pool, who is "
        "present whenever anybody is",
    )

    @property
    def worker_ids(self) -> tuple[str, ...]:
        """Ids for the largest staffing, ``operators_1``..."""
        return tuple(f"{self.id}_{k + 1}" for k in range(max(self.staff.values(), default=0)))


class Attend(Model):
    """Manual work at a machine: workers walk there and stay `work`, or longer (`during`)."""

    pool: Id
    work: Duration
    each: Literal["lot", "batch"] = Field(
        "lot", description="lot: before every lot taken; batch: once per batch or roll"
    )
    during: Literal["before", "whole_cycle", "share", "after"] = Field(
        "before",
        description="before: `work` precedes the visit; whole_cycle: then they stay to the end of "
        "the visit; share: then they stay for `share` of its time; after: `work` follows it",
    )
    share: Fraction | None = Field(None, description="share: part of the time of work in a visit")
    workers: int = Field(1, ge=1, description="Workers it takes, who come together")
    skill: Id | None = Field(None, description="Skill they must have")
