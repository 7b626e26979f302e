"""People of a run: pools and their shifts, crews of machines, calendars and maintenance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.core.sorting import by_id
from sim.core.world import World
from sim.people.calendar import Moments, ShiftTimes, Staffing, WorkTime
from sim.people.pool import Pool
from sim.stations.halt import Halts
from sim.stations.machine import Machine
from sim.stations.tower import Tower
from sim.stations.upkeep import Upkeep
from twin.plant.failure import Maintenance
from twin.plant.people import Calendar
from twin.plant.scenario import Scenario


@dataclass
class People:
    """Who works when, and what is maintained."""

    pools: dict[str, Pool] = field(default_factory=dict)
    staffing: Staffing | None = None
    work_times: dict[str, WorkTime] = field(default_factory=dict)
    upkeeps: list[Upkeep] = field(default_factory=list)


def build_people(
    scenario: Scenario,
    world: World,
    machines: Sequence[Machine],
    failing: Sequence[Machine | Tower],
) -> People:
    """Create pools with their shifts, give machines their crews and make them keep calendars."""
    plant, people = scenario.plant, People()
    people.pools = {model.id: Pool(world, model) for model in by_id(plant.pools)}
    shifts = {shift.id: ShiftTimes(shift, plant.closed, scenario.start) for shift in plant.shifts}
    people.staffing = Staffing(world, [*people.pools.values()], shifts)
    for thing in failing:
        for mode in thing.modes:
            mode.crew = people.pools.get(mode.model.crew or "")
    for machine in machines:
        if machine.station.attend is not None:
            machine.operators = people.pools[machine.station.attend.pool]
        calendar = plant.calendar_of(machine.station)
        if calendar is not None or machine.station.maintenance:
            work_time = None if calendar is None else _work_time(scenario, world, people, calendar)
            machine.halts = Halts(world, machine, work_time, machine.station.off_shift)
            people.upkeeps += _upkeeps(scenario, world, people, machine)
    return people


def _work_time(scenario: Scenario, world: World, people: People, calendar: Calendar) -> WorkTime:
    """Return the working time of a calendar, the same for all that keep to it."""
    if calendar.id not in people.work_times:
        closed = [*scenario.plant.closed, *calendar.closed]
        people.work_times[calendar.id] = WorkTime(
            world,
            [
                ShiftTimes(shift, closed, scenario.start)
                for shift in scenario.plant.shifts
                if shift.id in calendar.shifts
            ],
        )
    return people.work_times[calendar.id]


def _upkeeps(scenario: Scenario, world: World, people: People, machine: Machine) -> list[Upkeep]:
    return [
        Upkeep(
            world,
            machine,
            name,
            model=model,
            crew=people.pools.get(model.crew or ""),
            moments=_moments(model, scenario.start),
        )
        for name, model in sorted(machine.station.maintenance.items())
    ]


def _moments(model: Maintenance, start: str) -> Moments | None:
    if model.every_h is None and model.at is None:
        return None
    every_s = None if model.every_h is None else model.every_h * 3600
    return Moments(every_s=every_s, at_s=model.at, days=model.days, start=start)
