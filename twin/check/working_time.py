"""How much of the plant's operating time a station is worked, and not under planned maintenance.

Weeks are taken as alike: closed days are left out. Maintenance is counted as if nobody waits for a
crew, and what falls due while the station is not worked costs nothing.
"""

from __future__ import annotations

from twin.plant.failure import Maintenance
from twin.plant.people import WEEK, Shift
from twin.plant.plant import Plant
from twin.plant.station import Station

DAY_S = 86_400.0
WEEK_S = 7 * DAY_S
YEAR_H = 8760.0

Spans = list[tuple[float, float]]


def worked_share(plant: Plant, station: Station) -> float:
    """Return the share of the operating hours in which a station is worked, by its calendar.

    Operating hours are those of the nameplate; without one, all hours of the year.
    """
    spans = worked_spans(plant, station)
    if spans is None:
        return 1.0
    worked_h = YEAR_H * _length(spans) / WEEK_S
    operating_h = plant.nameplate.operating_h_per_year if plant.nameplate else YEAR_H
    return min(1.0, worked_h / operating_h)


def worked_spans(plant: Plant, station: Station) -> Spans | None:
    """Return when a station is worked in a week, in seconds since Monday; None: always."""
    calendar = plant.calendar_of(station)
    if calendar is None:
        return None
    found: Spans = []
    for shift in plant.shifts:
        if shift.id in calendar.shifts:
            found += _in_week(shift)
    return _union(found)


def maintenance_share(plant: Plant, station: Station, cycle_s: float) -> float:
    """Return the share of its worked time in which a machine is under planned maintenance.

    Parameters
    ----------
    plant : Plant
    station : Station
    cycle_s : float
        Mean time of a cycle, for what falls due after so many cycles.
    """
    spans = worked_spans(plant, station)
    by_work = by_time = 0.0
    for upkeep in station.maintenance.values():
        work_s = upkeep.work.mean_s
        if upkeep.every_cycles is not None:
            by_work += work_s / (upkeep.every_cycles * cycle_s) if cycle_s else 0.0
        elif upkeep.every_operating_h is not None:
            by_work += work_s / (upkeep.every_operating_h * 3600)
        elif upkeep.every_h is not None:
            by_time += work_s / (upkeep.every_h * 3600)
        else:
            by_time += _at_times(upkeep, spans)
    working = max(0.0, 1.0 - by_time) / (1.0 + by_work)
    return 1.0 - working


def _at_times(upkeep: Maintenance, spans: Spans | None) -> float:
    """Return the share of worked time that maintenance at times of day takes."""
    days = upkeep.days or WEEK
    begins = [(WEEK.index(day) * DAY_S + (upkeep.at or 0.0)) % WEEK_S for day in days]
    if spans is None:
        return len(begins) * upkeep.work.mean_s / WEEK_S
    lost_s = 0.0
    for begin in begins:
        own = _wrapped(begin, begin + upkeep.work.mean_s)
        lost_s += sum(_overlap(mine, span) for mine in own for span in spans)
    return lost_s / _length(spans) if spans else 0.0


def _in_week(shift: Shift) -> Spans:
    return [
        span
        for day in shift.days
        for a, b in shift.worked_spans
        for span in _wrapped(WEEK.index(day) * DAY_S + a, WEEK.index(day) * DAY_S + b)
    ]


def _wrapped(begin: float, end: float) -> Spans:
    """Return a span of time inside the week, the part after Sunday at its beginning."""
    begin, length = begin % WEEK_S, end - begin
    if begin + length <= WEEK_S:
        return [(begin, begin + length)]
    return [(begin, WEEK_S), (0.0, begin + length - WEEK_S)]


def _union(spans: Spans) -> Spans:
    merged: Spans = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _length(spans: Spans) -> float:
    return sum(end - begin for begin, end in spans)


def _overlap(one: tuple[float, float], two: tuple[float, float]) -> float:
    return max(0.0, min(one[1], two[1]) - max(one[0], two[0]))
