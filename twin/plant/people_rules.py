"""Rules of people: shifts that can be worked, calendars, pools, skills and calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from twin.errors import nearest
from twin.plant.people import Break, Shift, WorkerPool
from twin.plant.plant import Plant
from twin.plant.reporter import Reporter
from twin.plant.station import Station

DAY_S = 86_400.0


def check_people(plant: Plant, report: Reporter) -> None:
    """Report shifts, calendars, pools and calls for workers that cannot be as they say."""
    for shift in plant.shifts:
        _check_shift(shift, report)
    for calendar in plant.calendars:
        _check_dates("calendars", calendar.id, calendar.closed, report)
        known = [shift.id for shift in plant.shifts]
        for name in calendar.shifts:
            if name not in known:
                what = f"shift '{name}' does not exist{nearest(name, known)}."
                report.at("calendars", calendar.id, "shifts", what, "Add it under 'shifts'.")
    _check_dates("", "", plant.closed, report)
    for pool in plant.pools:
        _check_pool(pool, report)
    for station in plant.stations.values():
        _check_station(station, plant, report)
    movers = [("fleets", fleet.id, fleet.breakdown) for fleet in plant.fleets]
    movers += [("cranes", crane.id, crane.breakdown) for crane in plant.cranes]
    pools = {pool.id: pool for pool in plant.pools}
    for group, name, mode in movers:
        if mode is not None and mode.crew in pools:
            call = _Call("breakdown", "breakdown.crew", mode.crew, mode.workers, mode.skill)
            _check_call((group, name), call, pools[mode.crew], report)


def break_offset_s(shift: Shift, one: Break) -> float:
    """Return how long after the start of its shift a break begins."""
    return (one.start - shift.start) % DAY_S


def _check_shift(shift: Shift, report: Reporter) -> None:
    if shift.start >= DAY_S:
        what = f"'start' is {shift.start / 3600:g} h, which is no time of day."
        report.at("shifts", shift.id, "start", what, "E.g. 06:00.")
    if len(set(shift.days)) < len(shift.days):
        report.at("shifts", shift.id, "days", "names a weekday twice.")
    spans = []
    for k, one in enumerate(shift.breaks):
        begin_s = break_offset_s(shift, one)
        key = f"breaks.{k}.start"
        if not one.length:
            report.at("shifts", shift.id, key, f"break {k + 1} has no length.")
        elif begin_s + one.length > shift.hours * 3600:
            what = f"break {k + 1} does not lie inside its {shift.hours:g} hours."
            report.at("shifts", shift.id, key, what, "Move or shorten it.")
        spans.append((begin_s, begin_s + one.length))
    for (_, end_s), (begin_s, _) in pairwise(sorted(spans)):
        if begin_s < end_s:
            report.at("shifts", shift.id, "breaks", "two of its breaks overlap.", "Join them.")
    if sum(one.length for one in shift.breaks) >= shift.hours * 3600:
        report.at("shifts", shift.id, "breaks", "it consists of breaks alone.")


def _check_dates(
    kind: str, name: str, dates: list[str] | tuple[str, ...], report: Reporter
) -> None:
    for k, text in enumerate(dates):
        try:
            date.fromisoformat(text)
        except ValueError:
            what = f"'{text}' is no date."
            remedy = "Write e.g. 2026-12-24."
            if kind:
                report.at(kind, name, f"closed.{k}", what, remedy)
            else:
                node = report.index.node(f"closed.{k}")
                report.problems.add(node, f"'closed': {what}", remedy)


def _check_pool(pool: WorkerPool, report: Reporter) -> None:
    for shift, count in pool.staff.items():
        if count < 0:
            report.at("pools", pool.id, f"staff.{shift}", f"shift '{shift}' has {count} people.")
    most = max(pool.staff.values(), default=0)
    if most == 0:
        what = "nobody works in it: no shift has staff."
        report.at("pools", pool.id, "staff", what, "E.g. 'staff: {early: 2}'.")
    for skill, numbers in pool.skills.items():
        wrong = [n for n in numbers if not 1 <= n <= most]
        if wrong and most > 0:
            what = f"skill '{skill}': there is no worker {wrong[0]}, they are 1 to {most}."
            report.at("pools", pool.id, f"skills.{skill}", what)
        if not numbers:
            report.at("pools", pool.id, f"skills.{skill}", f"nobody has the skill '{skill}'.")


@dataclass(frozen=True)
class _Call:
    """A call for workers: where it stands, whom it asks for."""

    key: str
    pool_key: str
    pool: str | None
    workers: int
    skill: str | None
    wanted: str = "repair"


def _calls(station: Station) -> Iterator[_Call]:
    named = {"breakdown": station.breakdown} if station.breakdown else {}
    named |= {f"breakdowns.{name}": mode for name, mode in station.breakdowns.items()}
    for key, mode in named.items():
        yield _Call(key, f"{key}.crew", mode.crew, mode.workers, mode.skill)
    for name, one in station.maintenance.items():
        key = f"maintenance.{name}"
        yield _Call(key, f"{key}.crew", one.crew, one.workers, one.skill)
    if station.attend is not None:
        at = station.attend
        yield _Call("attend", "attend.pool", at.pool, at.workers, at.skill, "operator")


def _check_station(station: Station, plant: Plant, report: Reporter) -> None:
    pools = {pool.id: pool for pool in plant.pools}
    for call in _calls(station):
        if call.pool in pools:
            _check_call(("stations", station.id), call, pools[call.pool], report)
    _check_attend(station, report)
    _check_calendar(station, report)


def _check_call(subject: tuple[str, str], call: _Call, pool: WorkerPool, report: Reporter) -> None:
    if pool.kind != call.wanted:
        what = f"'{call.pool_key}' names '{pool.id}', whose kind is '{pool.kind}', not"
        report.at(*subject, call.pool_key, f"{what} '{call.wanted}'.")
    able = max(pool.staff.values(), default=0)
    if call.skill is not None:
        if call.skill not in pool.skills:
            known = nearest(call.skill, [*pool.skills])
            what = f"nobody in pool '{pool.id}' has the skill '{call.skill}'{known}."
            report.at(*subject, f"{call.key}.skill", what, "Add it to its 'skills'.")
            return
        able = len(pool.skills[call.skill])
    if call.workers > able > 0:
        what = f"'{call.key}' takes {call.workers} workers, but pool '{pool.id}' never has more"
        report.at(*subject, f"{call.key}.workers", f"{what} than {able} who can.")


def _check_attend(station: Station, report: Reporter) -> None:
    attend = station.attend
    if attend is None:
        return
    if (attend.share is None) == (attend.during == "share"):
        what = "'attend.share' goes with 'during: share'."
        report.at("stations", station.id, "attend.share", what)
    if attend.during != "before" and station.kind == "store":
        what = f"'attend.during: {attend.during}' is not for stores."
        report.at("stations", station.id, "attend.during", what)
    if attend.during == "whole_cycle" and station.off_shift == "pause":
        what = "'off_shift: pause' would keep a worker for the night who stays the whole cycle."
        report.at("stations", station.id, "off_shift", what, "Write 'off_shift: finish'.")


def _check_calendar(station: Station, report: Reporter) -> None:
    if station.kind == "store" and station.calendar is not None:
        what = "has a calendar, but stores always run through."
        report.at("stations", station.id, "calendar", what, "Remove it.")
    elif station.off_shift == "run_through" and station.calendar is not None:
        what = "has a calendar and 'off_shift: run_through', which means none."
        report.at("stations", station.id, "off_shift", what, "Keep one of them.")
