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
    visited = [s for s in stations if any(lift.per == "visit" for lift in s.lifts.values())]
    visits = visits_of(run, visited)
    finished = {
        per: _finished(run, [s.id for s in stations if _has(s, per)], per)
        for per in ("unit", "lot")
    }
    found = []
    for station in stations:
        for name, lift in station.lifts.items():
            if lift.per == "visit":
                found.append(_by_visit(name, station, lift, visits[station.id]))
            else:
                time_s, n = finished[lift.per].get(station.id, (_NONE, _NONE))
                nobody = np.full(len(time_s), "")
                found.append(Lifting(name, station, lift, time_s, n * lift.times, nobody))
    return found


def _has(station: Station, per: str) -> bool:
    return any(lift.per == per for lift in station.lifts.values())


def _by_visit(name: str, station: Station, lift: Lift, visits: Sequence[Visit]) -> Lifting:
    rows = [(visit.time_s, worker) for visit in visits for worker in visit.workers]
    n = station.attend.workers if station.attend else 1
    time_s = np.array([time_s for time_s, _ in rows], dtype=float)
    workers = np.array([worker for _, worker in rows], dtype=str)
    return Lifting(name, station, lift, time_s, np.full(len(rows), lift.times / n), workers)


def visits_of(run: Run, stations: Sequence[Station]) -> dict[str, list[Visit]]:
    """Return by station every visit of operators at its machines, in order of time.

    A visit is an interval in which a machine is attended. Who came are those of the pool who began
    work at that very moment, of several those whose last walk ended at the machine.
    """
    home = {machine: s for s in stations if s.attend for machine in s.machine_ids}
    found: dict[str, list[Visit]] = {station.id: [] for station in stations}
    if not home:
        return found
    rows = run.sql(
        "SELECT resource::VARCHAR, start_s FROM states WHERE state = 'setup'"
        " AND reason IN ('attended', 'changing_roll', 'unloaded')"
        " AND resource IN (SELECT unnest(?)) ORDER BY start_s, 1",
        [list(home)],
    )
    pools = sorted({s.attend.pool for s in home.values() if s.attend})
    began = {pool: _began(run, pool) for pool in pools}
    for machine, start_s in rows.itertuples(index=False):
        station = home[str(machine)]
        if station.attend is None:
            continue
        n, at_work = station.attend.workers, began[station.attend.pool]
        came = sorted((at != machine, who) for who, at in at_work.get(float(start_s), []))
        names = [worker for _, worker in came[:n]]
        visit = Visit(str(machine), float(start_s), tuple(names + [""] * (n - len(names))))
        found[station.id].append(visit)
    return found


def _began(run: Run, pool: str) -> dict[float, list[tuple[str, str]]]:
    """Return by moment who of a pool began work at a machine, and where they had walked last."""
    members = next(one.worker_ids for one in run.plant.pools if one.id == pool)
    rows = run.sql(
        "SELECT at_work.start_s, at_work.resource, coalesce(came.target, '') FROM"
        " (SELECT resource, start_s FROM states WHERE state = 'working' AND reason = 'attending'"
        " AND resource IN (SELECT unnest(?))) at_work ASOF LEFT JOIN"
        " (SELECT mover, target, end_s FROM moves WHERE kind = 'worker' AND end_s > start_s"
        " AND mover IN (SELECT unnest(?))) came"
        " ON at_work.resource = came.mover AND at_work.start_s >= came.end_s",
        [list(members), list(members)],
    )
    found: dict[float, list[tuple[str, str]]] = {}
    for start_s, worker, target in rows.itertuples(index=False):
        found.setdefault(float(start_s), []).append((str(worker), str(target)))
    return found


def _finished(run: Run, stations: Sequence[str], per: str) -> dict[str, tuple[Floats, Floats]]:
    """Return by station when units, or whole lots, were finished there, and how many."""
    if not stations:
        return {}
    what = "end_s, sum(n) AS n" if per == "unit" else "max(end_s) AS end_s, 1 AS n"
    rows = run.sql(
        f"SELECT station::VARCHAR AS station, {what} FROM cycles"  # noqa: S608 - one of two lists
        " WHERE station IN (SELECT unnest(?))"
        f" GROUP BY station, {'end_s' if per == 'unit' else 'lot'} ORDER BY station, end_s",
        [list(stations)],
    )
    return {
        str(station): (own["end_s"].to_numpy(float), own["n"].to_numpy(float))
        for station, own in rows.groupby("station", sort=True)
    }
