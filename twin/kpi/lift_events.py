"""When people lifted in a run: one event a lifting task, its moments from visits or from cycles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.plant.lifting import Lift
from twin.plant.station import Station
from twin.run.run import Run

Floats = NDArray[np.float64]

_NONE: Floats = np.array([])


@dataclass(frozen=True)
class Lifting:
    """When one task was done, and how many lifts each time.

    Attributes
    ----------
    name : str
        The task's, at its station.
    station : Station
    lift : Lift
    time_s, lifts : array
        In order of time.
    worker : tuple of str
        Who lifted each time; empty where the run does not say (``per`` lot or unit).
    """

    name: str
    station: Station
    lift: Lift
    time_s: Floats
    lifts: Floats
    worker: tuple[str, ...] = ()

    @property
    def pool(self) -> str:
        """Id of the pool that lifts."""
        return self.lift.pool or (self.station.attend.pool if self.station.attend else "")

    def of(self, worker: str) -> Lifting:
        """Return what one worker did of it, as far as the run says who did it."""
        mine = np.array([name == worker for name in self.worker], dtype=bool)
        return replace(self, time_s=self.time_s[mine], lifts=self.lifts[mine], worker=())


def lifting_stations(run: Run) -> list[Station]:
    """Return the stations at which people lift."""
    return [station for station in run.plant.stations.values() if station.lifts]


def liftings(run: Run, stations: Sequence[Station]) -> list[Lifting]:
    """Return when each lifting task of some stations was done, from the start of the run."""
    visits = _visits(run, stations)
    found = []
    for station in stations:
        for name, lift in station.lifts.items():
            empty = Lifting(name, station, lift, _NONE, _NONE)
            if lift.per == "visit":
                found.append(_by_visit(empty, visits))
            else:
                time_s, n = _finished(run, station.id, lift.per)
                found.append(replace(empty, time_s=time_s, lifts=n * lift.times))
    return found


def _by_visit(empty: Lifting, visits: Sequence[tuple[str, str, float]]) -> Lifting:
    """Return the lifts of visits; the workers of one visit share them."""
    station, lift = empty.station, empty.lift
    machines = frozenset(station.machine_ids)
    mine = [(time_s, worker) for machine, worker, time_s in visits if machine in machines]
    workers = station.attend.workers if station.attend else 1
    lifts = np.full(len(mine), lift.times / workers)
    time_s = np.array([time_s for time_s, _ in mine])
    return replace(empty, time_s=time_s, lifts=lifts, worker=tuple(name for _, name in mine))


def _visits(run: Run, stations: Sequence[Station]) -> list[tuple[str, str, float]]:
    """Return machine, worker and time of every visit of an operator: one row a worker.

    Where a worker is, is where the last walk to a machine ended.
    """
    machines = sorted(m for s in stations if s.attend for m in s.machine_ids)
    if not machines:
        return []
    everywhere = [m for s in run.plant.stations.values() if s.attend for m in s.machine_ids]
    rows = run.sql(
        "SELECT came.target, at_work.resource, at_work.start_s FROM"
        " (SELECT resource, start_s FROM states WHERE kind = 'worker' AND state = 'working'"
        " AND reason = 'attending') at_work ASOF JOIN"
        " (SELECT mover, target, end_s FROM moves WHERE kind = 'worker'"
        " AND target IN (SELECT unnest(?))) came"
        " ON at_work.resource = came.mover AND at_work.start_s >= came.end_s"
        " ORDER BY at_work.start_s, at_work.resource",
        [everywhere],
    )
    return [(str(m), str(w), float(t)) for m, w, t in rows.itertuples(index=False)]


def _finished(run: Run, station: str, per: str) -> tuple[Floats, Floats]:
    """Return when units, or whole lots, were finished at a station, and how many."""
    what = "end_s, sum(n)" if per == "unit" else "max(end_s) AS end_s, 1"
    rows = run.sql(
        f"SELECT {what} FROM cycles WHERE station = ?"  # noqa: S608 - one of two column lists
        f" GROUP BY {'end_s' if per == 'unit' else 'lot'} ORDER BY end_s",
        [station],
    )
    if rows.empty:
        return _NONE, _NONE
    return rows.iloc[:, 0].to_numpy(float), rows.iloc[:, 1].to_numpy(float)
