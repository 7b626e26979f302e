"""Where lots are between places: evidence from the log of visits to machines and of trips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from twin.motion.lot_life import Gap, Life
from twin.plant.plant import Plant
from twin.run.run import Run

MACHINE, MOVER = "machine", "mover"

_INSTANT_S = 1e-6


@dataclass(frozen=True)
class Visit:
    """A time a lot was seen in a machine or on a mover; `kind` is ``machine`` or ``mover``."""

    kind: str
    where: str
    t0_s: float
    t1_s: float


Visits = dict[int, list[Visit]]


class _Link(NamedTuple):
    """A lot, one it is made of, and the station and time at which that happened."""

    lot: int
    parent: int
    station: str
    t_s: float


def best(visits: Iterable[Visit], gap: Gap) -> Visit | None:
    """Return the visit that shares most time with a gap.

    A visit of some length must share some; an event, which has no length, must lie in the gap.
    """
    found, most_s = None, -1.0
    for visit in visits:
        shared_s = min(visit.t1_s, gap.t1_s) - max(visit.t0_s, gap.t0_s)
        is_event = visit.t1_s - visit.t0_s <= _INSTANT_S
        if shared_s > most_s and shared_s > (-_INSTANT_S if is_event else _INSTANT_S):
            found, most_s = visit, shared_s
    return found


def visits(run: Run, life: dict[int, Life]) -> Visits:
    """Return all visits of every lot that the log tells of."""
    plant = run.plant
    found: Visits = defaultdict(list)
    cycles = run.table("cycles", ["lot", "station", "machine", "start_s", "end_s"])
    cycles = cycles[~cycles["station"].isin(list(plant.stores))]
    spans = cycles.groupby(["lot", "station", "machine"], observed=True, sort=False).agg(
        start=("start_s", "min"), end=("end_s", "max")
    )
    known: dict[tuple[int, str], str] = {}
    for (lot, station, machine), start, end in spans.itertuples():
        found[lot].append(Visit(MACHINE, str(machine), start, end))
        known[lot, str(station)] = str(machine)
    stations = {m: s.id for s in plant.stations.values() for m in s.machine_ids}
    for lot, one in life.items():
        if one.origin in stations:
            found[lot].append(Visit(MACHINE, one.origin, one.born_s, one.born_s))
            known[lot, stations[one.origin]] = one.origin
    _add_links(found, known, run.table("units", ["time_s", "lot", "parent", "station"]), plant)
    _add_trips(found, run)
    return found


def _add_links(
    found: Visits, known: dict[tuple[int, str], str], rows: pd.DataFrame, plant: Plant
) -> None:
    """Add that a lot and the lots it is made of are in the same machine when it is made."""
    rows = rows[rows["parent"] >= 0]
    spans = rows.groupby(["lot", "parent", "station"], observed=True, sort=False)["time_s"].max()
    columns = spans.reset_index().itertuples(index=False)
    links = [_Link(int(lot), int(parent), str(name), float(t)) for lot, parent, name, t in columns]
    for link in links:
        station = plant.stations.get(link.station)
        if station is not None and station.machines == 1:
            machine = station.machine_ids[0]
            known[link.lot, link.station] = known[link.parent, link.station] = machine
    for _ in range(2):  # the second time for a component of which the only product is under way
        for lot, parent, name, _t_s in links:
            at = known.get((lot, name)) or known.get((parent, name))
            if at is not None:
                known[lot, name] = known[parent, name] = at
    for link in links:
        if (link.parent, link.station) in known:
            machine = known[link.parent, link.station]
            for lot in (link.lot, link.parent):
                found[lot].append(Visit(MACHINE, machine, link.t_s, link.t_s))


def _add_trips(found: Visits, run: Run) -> None:
    """Add the loaded legs of every transport to the first lot it carries."""
    rows = run.table("moves", ["mover", "kind", "job", "lot", "load", "start_s", "end_s"])
    rows = rows[rows["kind"].isin(["agv", "crane"]) & (rows["load"] > 0)]
    trips = rows.groupby(["mover", "job"], observed=True, sort=False).agg(
        lot=("lot", "first"), start=("start_s", "min"), end=("end_s", "max")
    )
    for (mover, _), lot, start, end in trips.itertuples():
        found[lot].append(Visit(MOVER, str(mover), start, end))
