"""Shifts: who is on duty when."""

from __future__ import annotations

from datetime import datetime

from sim.core.timer import Timer
from sim.core.world import World
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


class Staffing:
    """Staffs the pools at time 0 and at every change of shift."""

    def __init__(self, world: World, pools: list[Pool], shifts: list[Shift], start: str) -> None:
        self._pools = pools
        self._shifts = shifts
        self._offset_s = time_of_day_s(start)
        self._moments = sorted(
            {s.start % DAY_S for s in shifts} | {(s.start + s.hours * 3600) % DAY_S for s in shifts}
        )
        self._timer = Timer(world.env, self._change)
        self._timer.arm(0.0)

    def _change(self, timer: Timer) -> None:
        now = timer.due_s
        day_s = (self._offset_s + now) % DAY_S
        for pool in self._pools:
            pool.staff(on_duty(pool.model.staff, self._shifts, day_s), now)
        if self._moments:
            wait_s = min((moment - day_s) % DAY_S or DAY_S for moment in self._moments)
            self._timer.arm(now + wait_s)
