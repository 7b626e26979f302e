"""Where lots are between places that no row of the log names: what is under way at the end.

A trip names its first lot alone, and a visit to a machine is logged when it is over. For the rest
the plant says what could have taken the lot, and the log which of these did something just then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

from twin.motion.lot_life import Gap
from twin.motion.lot_visit import MACHINE, MOVER
from twin.plant.plant import Plant
from twin.plant.station import Station
from twin.run.run import Run

Where = tuple[str, str]
"""``machine`` or ``mover``, and its id."""

_AT_WORK = {"working", "setup", "waiting_worker"}
_SAME_S = 1e-6


class Guess:
    """Says where lots are that no visit tells of; call it in order of time.

    Parameters
    ----------
    run : Run
    known : list of (gap, where)
        Gaps whose place is known.
    """

    def __init__(self, run: Run, known: list[tuple[Gap, Where]]) -> None:
        self._plant = run.plant
        self._inside: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self._trips: dict[tuple[str, float], Where] = {}
        for gap, where in known:
            self._note(gap, where)
        self._standing = _Standing(run)
        self._states = _States(run)

    def where(self, gap: Gap, origin: str) -> Where | None:
        """Return where a lot is; `origin` is where it was created."""
        found = (
            self._trips.get((gap.before, gap.t0_s))
            or self._crane(gap)
            or self._vehicle(gap)
            or self._machine(gap, origin)
        )
        if found is not None:
            self._note(gap, found)
        return found

    def _note(self, gap: Gap, where: Where) -> None:
        if where[0] == MACHINE:
            self._inside[where[1]].append((gap.t0_s, gap.t1_s))
        else:
            self._trips[gap.before, gap.t0_s] = where

    def _crane(self, gap: Gap) -> Where | None:
        for place in (gap.before, gap.after):
            store = self._plant.stores.get(place)
            if store is not None and store.crane is not None:
                return MOVER, store.crane
        if not any(t.place == gap.before for s in self._plant.stores.values() for t in s.take):
            return None
        crane = self._standing.at(gap.before, gap.t0_s, cranes=True)
        return (MOVER, crane) if crane else None

    def _vehicle(self, gap: Gap) -> Where | None:
        if not any(order.source == gap.before for order in self._plant.transports):
            return None
        vehicle = self._standing.at(gap.before, gap.t0_s, cranes=False)
        return (MOVER, vehicle) if vehicle else None

    def _machine(self, gap: Gap, origin: str) -> Where | None:
        options = [
            (self._rank(machine, station, gap.t0_s), machine)
            for station in _users(self._plant, gap.before or origin)
            for machine in station.machine_ids
        ]
        return (MACHINE, min(options)[1]) if options else None

    def _rank(self, machine: str, station: Station, t_s: float) -> tuple[bool, bool, int]:
        """Return a machine's rank, low first: those with room that act, the fullest of them."""
        n = sum(begin <= t_s < end for begin, end in self._inside[machine])
        room = station.kind == "assembly" or n < max(1, station.batch_lots)
        return not room, not self._states.takes(machine, t_s), -n


def _users(plant: Plant, place: str) -> Iterator[Station]:
    """Yield the stations that take from a place, or the one of this name."""
    for station in plant.stations.values():
        if station.kind != "store" and (
            station.id == place or any(take.place == place for take in station.take)
        ):
            yield station


class _Standing:
    """Which mover stands at a place: by the last leg it has ended."""

    def __init__(self, run: Run) -> None:
        stops = {name: stop.place for net in run.plant.networks for name, stop in net.stops.items()}
        rows = run.table("moves", ["mover", "kind", "target", "end_s"])
        rows = rows[rows["kind"].isin(["agv", "crane"])].sort_values("end_s", kind="stable")
        self._legs: dict[tuple[bool, str], tuple[list[float], list[str | None]]] = {}
        for (kind, mover), own in rows.groupby(["kind", "mover"], observed=True, sort=True):
            places = [stops.get(str(t), str(t)) for t in own["target"]]
            self._legs[kind == "crane", str(mover)] = (own["end_s"].tolist(), places)

    def at(self, place: str, t_s: float, *, cranes: bool) -> str | None:
        """Return the vehicle or crane that came to a place last, and stands there at `t_s`."""
        for (is_crane, mover), (ends, places) in self._legs.items():
            k = bisect_right(ends, t_s + _SAME_S) - 1
            if is_crane == cranes and k >= 0 and places[k] == place:
                return mover
        return None


class _States:
    """The states of machines."""

    def __init__(self, run: Run) -> None:
        rows = run.table("states", ["resource", "kind", "state", "reason", "start_s"])
        rows = rows[rows["kind"] == "machine"].sort_values("start_s", kind="stable")
        self._own = {
            str(machine): (
                own["start_s"].tolist(),
                own["state"].astype(str).tolist(),
                own["reason"].astype(str).tolist(),
            )
            for machine, own in rows.groupby("resource", observed=True)
        }

    def takes(self, machine: str, t_s: float) -> bool:
        """Whether a machine can have taken a lot in at `t_s`, by what it does from then on."""
        starts, states, reasons = self._own.get(machine, ([], [], []))
        k = bisect_right(starts, t_s + _SAME_S) - 1
        return k >= 0 and (states[k] in _AT_WORK or reasons[k] in {"collecting", "supply"})
