"""Shifts, calendars, pools, skills and calls that cannot be are named with their line."""

from __future__ import annotations

import pytest

DAY = '{id: day, start: "06:00", hours: 24}'
OPERATORS = "operators, kind: operator, home_m: [3, 2], staff: {day: 1}"
STACK = "            put: stacks\n"
CALENDAR = "calendars:\n  - {id: work, shifts: [day]}\n"


@pytest.mark.parametrize(
    ("shift", "message"),
    [
        ('start: "25:00", hours: 8', "'start' is 25 h, which is no time of day."),
        ('start: "06:00", hours: 0', "'hours' is 0, must be greater than 0."),
        ('start: "06:00", hours: 25', "'hours' is 25, must be at most 24."),
        ('start: "06:00", hours: 8, days: []', "'days' has 0 values, must have at least 1."),
        ('start: "06:00", hours: 8, days: [mon, mon]', "names a weekday twice."),
        ('start: "06:00", hours: 8, days: [mond]', "'days.0' is 'mond' (nearest: 'mon')."),
        (
            'start: "06:00", hours: 8, breaks: [{start: "10:00", length: 0}]',
            "break 1 has no length",
        ),
        (
            'start: "06:00", hours: 8, breaks: [{start: "13:50", length: 15min}]',
            "break 1 does not lie inside its 8 hours.",
        ),
        (
            'start: "06:00", hours: 8, breaks: [{start: "05:00", length: 15min}]',
            "break 1 does not lie inside its 8 hours.",
        ),
        (
            "start: 79200, hours: 8, breaks: [{start: 7200, length: 1h}, {start: 9000, length: 1}]",
            "two of its breaks overlap.",
        ),
        (
            'start: "06:00", hours: 8, breaks: [{start: "06:00", length: 8h}]',
            "it consists of breaks alone.",
        ),
    ],
)
def test_impossible_shifts(bench, shift: str, message: str):
    text = bench.changed(DAY, f"{{id: day, {shift}}}")
    problems = bench.problems(text)
    assert any(message in problem for problem in problems), problems
    assert problems[0].startswith(f"{bench.line(text, '{id: day')}: shift 'day': "), problems


def test_shifts_that_can_be_worked(bench):
    breaks = '[{start: "02:00", length: 30min}]'
    shift = f'{{id: day, start: "22:00", hours: 8, days: [mon, tue], breaks: {breaks}}}'
    text = bench.changed(DAY, shift)
    text = text.replace("pools:\n", CALENDAR + "calendar: work\nclosed: [2026-12-24]\npools:\n")
    plant = bench.load(text).plant
    assert plant.shifts[0].breaks[0].length == 1800.0
    assert plant.closed == ["2026-12-24"]
    assert plant.calendar_of(plant.stations["stack"]).id == "work"
    assert plant.calendar_of(plant.stations["soak"]) is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("pools:\n", "closed: [24.12.2026]\npools:\n", "'closed': '24.12.2026' is no date."),
        (
            "pools:\n",
            "calendars:\n  - {id: work, shifts: [day], closed: [2026-13-01]}\npools:\n",
            "calendar 'work': '2026-13-01' is no date. Write e.g. 2026-12-24.",
        ),
        (
            "pools:\n",
            "calendars:\n  - {id: work, shifts: [dya]}\npools:\n",
            "calendar 'work': shift 'dya' does not exist (nearest: 'day').",
        ),
        ("pools:\n", "calendars:\n  - {id: work, shifts: []}\npools:\n", "must have at least 1"),
        ("pools:\n", "calendar: wrok\n" + CALENDAR + "pools:\n", "'wrok' does not exist (nearest:"),
        (STACK, STACK + "            calendar: work\n", "calendar 'work' does not exist"),
        ("staff: {day: 2}", "staff: {day: 0}", "pool 'repair': nobody works in it: no shift has"),
        ("staff: {day: 2}", "staff: {}", "pool 'repair': nobody works in it"),
        ("staff: {day: 2}", "staff: {day: 2}, skills: {a: [3]}", "no worker 3, they are 1 to 2."),
        ("staff: {day: 2}", "staff: {day: 2}, skills: {a: []}", "nobody has the skill 'a'."),
        (
            "crew: repair,",
            "crew: repair, skill: welding,",
            "nobody in pool 'repair' has the skill 'welding'.",
        ),
        ("crew: repair,", "crew: repair, workers: 3,", "never has more than 2 who can."),
        ("crew: repair,", "workers: 2,", "its breakdown needs a crew: who are its 'workers'?"),
    ],
)
def test_impossible_people(bench, old: str, new: str, message: str):
    problems = bench.after(old, new)
    assert any(message in problem for problem in problems), problems


ATTEND = "            attend: {pool: operators, work: {mean_s: 9}"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (", during: share}", "'attend.share' goes with 'during: share'."),
        (", share: 0.5}", "'attend.share' goes with 'during: share'."),
        (", workers: 2}", "'attend' takes 2 workers, but pool 'operators' never has more than 1"),
        (", skill: x}", "nobody in pool 'operators' has the skill 'x'."),
        (
            ", during: whole_cycle}\n            off_shift: pause",
            "'off_shift: pause' would keep a worker for the night",
        ),
    ],
)
def test_impossible_attendance(bench, more: str, message: str):
    problems = bench.after(STACK, f"{STACK}{ATTEND}{more}\n")
    assert any(message in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("calendar: work, ", "has a calendar, but stores always run through."),
        (
            "attend: {pool: operators, work: {mean_s: 1}, during: after}, ",
            "'attend.during: after' is not for stores.",
        ),
    ],
)
def test_stores_always_run_through(bench, more: str, message: str):
    text = bench.changed("pools:\n", CALENDAR + "pools:\n")
    problems = bench.problems(text.replace("{id: soak, ", f"{{id: soak, {more}"))
    assert any(message in problem for problem in problems), problems


def test_a_station_that_runs_through_has_no_calendar(bench):
    text = bench.changed("pools:\n", CALENDAR + "pools:\n")
    both = STACK + "            calendar: work\n            off_shift: run_through\n"
    (problem,) = bench.problems(text.replace(STACK, both))
    assert "has a calendar and 'off_shift: run_through', which means none." in problem
