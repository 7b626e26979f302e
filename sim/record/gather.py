"""The logs of many behaviours as one table: columns, in the order of time, and whose each row is.

Everything is done for all logs at once: a large plant has thousands, with a few rows each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.errors import InvariantBroken
from sim.record.log import CycleLog, LevelLog, StateLog
from sim.record.typed import Column
from sim.record.visits import Noted, blocks

CYCLES = ("unit", "lot", "start_s", "duration_s", "end_s", "n", "result")


class Rows:
    """Rows of several owners.

    Attributes
    ----------
    columns : dict
        Name -> values.
    owner : array of int32
        Position of the owner of each row.
    """

    def __init__(self, columns: dict[str, Column], owner: Column) -> None:
        self.columns = columns
        self.owner = owner

    def by_time(self, name: str) -> Rows:
        """Return the rows in the order of a column; where it is equal, as they are."""
        times = self.columns[name]
        if len(times) < 2 or (times[1:] >= times[:-1]).all():
            return self
        order = np.argsort(times, kind="stable")
        columns = {key: values.take(order) for key, values in self.columns.items()}
        return Rows(columns, self.owner.take(order))


def _joined(parts: Sequence[list[Column]], names: Sequence[str]) -> dict[str, Column]:
    if not parts:
        return {name: np.empty(0) for name in names}
    return {name: np.concatenate([p[k] for p in parts]) for k, name in enumerate(names)}


def _owners(owners: Sequence[int], sizes: Column) -> Column:
    return np.repeat(np.array(owners, dtype=np.int32), sizes)


def _sizes(parts: Sequence[list[Column]]) -> Column:
    """Return the rows of each part."""
    return np.array([len(part[0]) for part in parts], dtype=np.intp)


def states(logs: Sequence[StateLog]) -> Rows:
    """Return mode, start and end of the closed intervals of resources; the open ones are kept.

    Every log has two places among the owners: its resource, and the one that shares its states.

    Raises
    ------
    InvariantBroken
        The states of a resource go back in time.
    """
    parts: list[list[Column]] = []
    owners: list[int] = []
    for k, log in enumerate(logs):
        moments = log.take()
        if moments:
            n = 2 if log.also else 1
            parts += [moments] * n
            owners += [2 * k, 2 * k + 1][:n]
    joined = _joined(parts, ("time_s", "mode"))
    sizes = _sizes(parts)
    times, owner = joined["time_s"], _owners(owners, sizes)[:-1]
    length = np.diff(times)
    length[np.cumsum(sizes)[:-1] - 1] = 0.0
    if len(length) and length.min() < 0:
        resource = logs[owner[length.argmin()] // 2].resource
        raise InvariantBroken("time_runs_forward", f"the states of {resource} go back")
    kept = np.flatnonzero(length > 0)
    columns = {
        "mode": joined["mode"][:-1].take(kept),
        "start_s": times[:-1].take(kept),
        "end_s": times[1:].take(kept),
    }
    return Rows(columns, owner.take(kept))


def levels(logs: Sequence[LevelLog]) -> Rows:
    """Return time, change, level, lot and slot of all changes of places.

    Raises
    ------
    InvariantBroken
        The levels of a place go back in time.
    """
    parts: list[list[Column]] = []
    owners: list[int] = []
    for k, log in enumerate(logs):
        changes = log.take()
        if changes:
            parts.append(changes)
            owners.append(k)
    joined = _joined(parts, ("time_s", "lot", "slot"))
    if not parts:
        nothing = {name: np.empty(0) for name in ("change", "level")}
        return Rows({**joined, **nothing}, np.empty(0, dtype=np.int32))
    times, lot = joined["time_s"], joined["lot"]
    sizes = _sizes(parts)
    last = np.cumsum(sizes) - 1
    first = last - sizes + 1
    passed = np.diff(times, prepend=0.0)
    passed[first] = times[first] - [logs[k].since_s for k in owners]
    owner = _owners(owners, sizes)
    if passed.min() < 0:
        place = logs[owner[passed.argmin()]].place
        raise InvariantBroken("time_runs_forward", f"the levels of {place} go back")
    change = np.sign(lot)
    level = np.cumsum(change)
    before = level[first] - change[first]
    level += np.repeat(np.array([logs[k].level for k in owners]) - before, sizes)
    for k, at_last, since_s in zip(owners, level[last].tolist(), times[last].tolist(), strict=True):
        logs[k].level, logs[k].since_s = at_last, since_s
    columns = {"time_s": times, "change": change, "level": level, "lot": np.abs(lot)}
    return Rows({**columns, "slot": joined["slot"]}, owner)


def cycles(logs: Sequence[CycleLog]) -> Rows:
    """Return the columns `CYCLES` of all work done by machines."""
    parts: list[list[Column]] = []
    owners: list[int] = []
    taken: list[Noted] = []
    places: list[int] = []
    for k, log in enumerate(logs):
        own, noted = log.take()
        if noted is not None:
            taken.append(noted)
            places.append(len(parts) + len(own))
            own.append([])
        parts += own
        owners += [k] * len(own)
    for place, block in zip(places, blocks(taken), strict=True):
        parts[place] = block
    return Rows(_joined(parts, CYCLES), _owners(owners, _sizes(parts)))


def runs(columns: dict[str, Column], number: str, count: str) -> dict[str, Column]:
    """Return one row for each of the `count` things from `number` on, without the count."""
    counts = columns[count]
    rest = {name: values for name, values in columns.items() if name != count}
    if not len(counts) or counts.max() == 1:
        return rest
    spread = {name: values.repeat(counts) for name, values in rest.items()}
    firsts = np.cumsum(counts) - counts
    spread[number] += np.arange(len(spread[number])) - firsts.repeat(counts)
    return spread
