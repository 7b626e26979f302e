"""States of every machine from the start of the log to its end, without holes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from twin.imports.mapping import Cleaning
from twin.imports.observed import Content, Observed

NO_DATA = "no_data"
NO_WORK = "no_work_recorded"
_RANK = {"gap": 0, "told": 1, "cycle": 2}

Interval = tuple[float, float, str, str]
"""Start, end, state, reason."""


def timeline(
    machine: str,
    content: Content,
    found: Observed,
    *,
    cleaning: Cleaning,
) -> list[Interval]:
    """Return the states of one machine, tiling the span of the run.

    What counts, the first that holds: no data (``off_shift``), a state told by the log, a cycle
    (``working``), nothing recorded (``starved``, or ``off_shift`` where it lasts).

    Parameters
    ----------
    machine : str
    content : Content
        Cycles and told states of all machines.
    found : Observed
        Gaps and the time each machine was watched.
    cleaning : Cleaning
        From when on nothing recorded means off shift.
    """
    cycles, told, span = content.cycles, content.told, content.span
    first, last = found.spans.get(machine, span)
    layers: list[tuple[int, Interval]] = [
        (_RANK["gap"], (a, b, "off_shift", NO_DATA))
        for a, b in [(span[0], first), *found.gaps.get(machine, []), (last, span[1])]
        if b > a
    ]
    layers += [
        (_RANK["told"], (float(a), float(b), str(state), str(reason)))
        for a, b, state, reason in told.loc[
            told["machine"] == machine, ["start", "end", "state", "reason"]
        ].itertuples(index=False)
    ]
    layers += [
        (_RANK["cycle"], (float(a), float(b), "working", ""))
        for a, b in cycles.loc[cycles["machine"] == machine, ["start", "end"]].itertuples(
            index=False
        )
    ]
    return list(_merged(_tiled(layers, span, cleaning)))


def _tiled(
    layers: list[tuple[int, Interval]], span: tuple[float, float], cleaning: Cleaning
) -> Iterator[Interval]:
    """Yield the strongest layer between all edges."""
    edges = np.unique([*span, *(t for _, one in layers for t in one[:2] if span[0] < t < span[1])])
    strongest: list[Interval | None] = [None] * (len(edges) - 1)
    for _, one in sorted(layers, key=lambda layer: -layer[0]):
        k, stop = np.searchsorted(edges, one[:2])
        for slot in range(int(k), min(int(stop), len(strongest))):
            strongest[slot] = one
    for k, (a, b) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
        layer = strongest[k]
        if layer is not None:
            yield a, b, layer[2], layer[3]
        elif b - a >= cleaning.off_after:
            yield a, b, "off_shift", NO_WORK
        else:
            yield a, b, "starved", NO_WORK


def _merged(intervals: Iterator[Interval]) -> Iterator[Interval]:
    """Join neighbours in the same state, except cycles, each of which is an interval."""
    open_: Interval | None = None
    for one in intervals:
        if open_ is not None and open_[2:] == one[2:] and one[2] != "working":
            open_ = (open_[0], one[1], one[2], one[3])
            continue
        if open_ is not None:
            yield open_
        open_ = one
    if open_ is not None:
        yield open_


def stopped_s(cycles: pd.DataFrame, told: pd.DataFrame) -> pd.Series:
    """Return the seconds of every cycle in which the log tells another state than working."""
    total = pd.Series(0.0, index=cycles.index)
    stops = told[told["state"] != "working"]
    for machine, rows in stops.groupby("machine"):
        mine = cycles["machine"] == machine
        for a, b in rows[["start", "end"]].itertuples(index=False):
            inside = np.minimum(cycles.loc[mine, "end"], b) - np.maximum(
                cycles.loc[mine, "start"], a
            )
            total[mine] += np.clip(inside, 0.0, None)
    return total
