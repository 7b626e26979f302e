"""Shifts: who is on duty when."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime

import simpy

from sim.people.pool import Pool
from twin.plant.people import Shift

DAY_S = 86_400.0


def time_of_day_s(start: str) -> float:
    """Return the time of day, in seconds, at which a run begins."""
    moment = datetime.fromisoformat(start)
    return moment.hour * 3600.0 + moment.minute * 60.0 + moment.second


def on_duty(staff: dict[str, int], shifts: list[Shift], day_s: float) -> int:
    """Return how many workers a pool has at a time of day; shifts may pass midnight."""
    return sum(
        staff.get(shift.id, 0)
        for shift in shifts
        if (day_s - shift.start) % DAY_S < shift.hours * 3600
    )


def staffing(
    env: simpy.Environment, pools: list[Pool], shifts: list[Shift], start: str
) -> Generator[simpy.Event, None, None]:
    """Staff the pools at every change of shift, for ever (a SimPy process)."""
    offset_s = time_of_day_s(start)
    moments = sorted(
        {s.start % DAY_S for s in shifts} | {(s.start + s.hours * 3600) % DAY_S for s in shifts}
    )
    while True:
        day_s = (offset_s + env.now) % DAY_S
        for pool in pools:
            pool.staff(on_duty(pool.model.staff, shifts, day_s), env.now)
        if not moments:
            return
        wait_s = min((moment - day_s) % DAY_S or DAY_S for moment in moments)
        yield env.timeout(wait_s)
