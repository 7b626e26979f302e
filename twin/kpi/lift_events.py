"""When people lifted in a run: one event a lifting task, its moments from visits or from cycles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.plant.lifting import Lift
from twin.plant.station import Station
from twin.run.run import Run

Floats = NDArray[np.float64]
Names = NDArray[np.str_]

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
        In order of time. A visit of two workers has two rows with half of the lifts.
    worker : array of str
        Who lifted each time; empty where the run does not say.
    """

    name: str
    station: Station
    lift: Lift
    time_s: Floats
    lifts: Floats
    worker: Names

    @property
    def pool(self) -> str:
        """Id of the pool that lifts."""
        return self.lift.pool or (self.station.attend.pool if self.station.attend else "")


@dataclass(frozen=True)
class Visit:
    """Workers at a machine: when they began, and who they were as far as the run says."""

    machine: str
    time_s: float
    workers: tuple[str, ...]


def lifting_stations(run: Run) -> list[Station]:
    """Return the stations at which people lift."""
    return [station for station in run.plant.stations.values() if station.lifts]


def liftings(run: Run, stations: Sequence[Station]) -> list[Lifting]:
    """Return when each lifting task of some stations was done, from the start of the run."""
    found = []
    for station in stations:
        visited = any(lift.per == "visit" for lift in station.lifts.values())
        visits = visits_of(run, station) if visited else []
        for name, lift in station.lifts.items():
            if lift.per == "visit":
                found.append(_by_visit(name, station, lift, visits))
            else:
                time_s, n = _finished(run, station.id, lift.per)
                nobody = np.full(len(time_s), "")
                found.append(Lifting(name, station, lift, time_s, n * lift.times, nobody))
    return found


def _by_visit(name: str, station: Station, lift: Lift, visits: Sequence[Visit]) -> Lifting:
    rows = [(visit.time_s, worker) for visit in visits for worker in visit.workers]
    n = station.attend.workers if station.attend else 1
    time_s = np.array([time_s for time_s, _ in rows], dtype=float)
    workers = np.array([worker for _, worker in rows], dtype=str)
    return Lifting(name, station, lift, time_s, np.full(len(rows), lift.times / n), workers)


def visits_of(run: Run, station: Station) -> list[Visit]:
    """Return every visit of operators at the machines of a station, in order of time.

    A visit is an interval in which a machine is attended. Who came are those of the pool who began
    work at that very moment, of several those whose last walk ended at the machine.
    """
    if station.attend is None:
        return []
    rows = run.sql(
        "SELECT resource, start_s FROM states WHERE state = 'setup'"
        " AND reason IN ('attended', 'changing_roll', 'unloaded')"
        " AND resource IN (SELECT unnest(?)) ORDER BY start_s, resource",
        [list(station.machine_ids)],
    )
    began = _began(run, station.attend.pool)
    n = station.attend.workers
    found = []
    for machine, start_s in rows.itertuples(index=False):
        came = sorted((at != machine, who) for who, at in began.get(float(start_s), []))
        names = [worker for _, worker in came[:n]]
        found.append(Visit(str(machine), float(start_s), tuple(names + [""] * (n - len(names)))))
    return found


def _began(run: Run, pool: str) -> dict[float, list[tuple[str, str]]]:
    """Return by moment who of a pool began work at a machine, and where they had walked last."""
    members = next(one.worker_ids for one in run.plant.pools if one.id == pool)
    rows = run.sql(
        "SELECT at_work.start_s, at_work.resource, coalesce(came.target, '') FROM"
        " (SELECT resource, start_s FROM states WHERE state = 'working' AND reason = 'attending'"
        " AND resource IN (SELECT unnest(?))) at_work ASOF LEFT JOIN"
        " (SELECT mover, target, end_s FROM moves WHERE kind = 'worker' AND end_s > start_s) came"
        " ON at_work.resource = came.mover AND at_work.start_s >= came.end_s",
        [list(members)],
    )
    found: dict[float, list[tuple[str, str]]] = {}
    for start_s, worker, target in rows.itertuples(index=False):
        found.setdefault(float(start_s), []).append((str(worker), str(target)))
    return found


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
