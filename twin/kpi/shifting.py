"""The bottleneck over time: longest active period at each moment, and turning point by the hour.

Roser, Nakano and Tanaka (2002, "Shifting bottleneck detection", Winter Simulation Conference): at
any moment the station that has been, and will be, active the longest without a break is the
momentary bottleneck. A station is active while it does not wait for others: working, in setup,
down or under repair all count. Where two of them overlap, one hands over to the other: it shifts.
Down time counts as active, so a station that fails rarely but long stands out; the turning point
of `twin.kpi.bottleneck` does not have this trait. The verdict is the critical path
(`twin.kpi.critical`) where the log shows it, else the turning point.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.kpi.bottleneck import Bottleneck, bottleneck
from twin.kpi.critical_run import critical_shares
from twin.kpi.sources import read_sources
from twin.kpi.station import station_kpis
from twin.kpi.window import Window, kpi_window
from twin.run.run import Run

Floats = NDArray[np.float64]

WAITING = (
    "starved",
    "blocked",
    "waiting_transport",
    "waiting_worker",
    "waiting_robot",
    "off_shift",
)
WINDOWS = 8
_JOIN_S = 1e-6


@dataclass(frozen=True)
class Shift:
    """A time in which one station is the momentary bottleneck.

    Attributes
    ----------
    station : str
    from_s, to_s : float
    shifting_s : float
        Part of it in which the active period overlaps with the one before or after.
    """

    station: str
    from_s: float
    to_s: float
    shifting_s: float


@dataclass(frozen=True)
class OverTime:
    """The bottleneck over time.

    Attributes
    ----------
    shares : dict
        Station -> share of the window in which it is the momentary bottleneck, largest first.
    sole_shares : dict
        The same, without the time in which it shifts.
    shifts : tuple of Shift
        In order of time.
    windows : tuple
        (from, to, bottleneck by turning point) of equal parts of the window.
    work_shares : dict
        Station -> share of its work in the critical path, largest first: output gained per
        speed-up. Empty where the log does not say, see `twin.kpi.critical_run`.
    """

    shares: dict[str, float]
    sole_shares: dict[str, float]
    shifts: tuple[Shift, ...]
    windows: tuple[tuple[float, float, Bottleneck | None], ...]
    work_shares: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "shares": self.shares,
            "sole_shares": self.sole_shares,
            "work_shares": self.work_shares,
            "shifts": [asdict(one) for one in self.shifts],
            "windows": [
                {"from_s": a, "to_s": b, "bottleneck": None if found is None else asdict(found)}
                for a, b, found in self.windows
            ],
        }


def bottleneck_over_time(run: Run, windows: int = WINDOWS) -> OverTime:
    """Return the momentary bottleneck at every moment of a run, and the turning point by windows.

    A station of several machines is active while all of its machines are: as long as one waits,
    it could do more.
    """
    whole = kpi_window(run)
    if whole.length_s <= 0:
        return OverTime({}, {}, (), ())
    shifts = momentary(active_periods(run, whole), (whole.from_s, whole.to_s))
    total: dict[str, float] = {}
    sole: dict[str, float] = {}
    for one in shifts:
        length = one.to_s - one.from_s
        total[one.station] = total.get(one.station, 0.0) + length
        sole[one.station] = sole.get(one.station, 0.0) + length - one.shifting_s
    names = sorted(total, key=lambda name: -total[name])
    edges = np.linspace(whole.from_s, whole.to_s, windows + 1).tolist()
    parts = [Window(a, b) for a, b in pairwise(edges)]
    return OverTime(
        {name: total[name] / whole.length_s for name in names},
        {name: sole[name] / whole.length_s for name in names},
        tuple(shifts),
        tuple((part.from_s, part.to_s, turning_point(run, part)) for part in parts),
        critical_shares(run, whole),
    )


def turning_point(run: Run, window: Window) -> Bottleneck | None:
    """Return the bottleneck of one part of a run by its turning point."""
    sources = read_sources(run, window)
    return bottleneck({s.id: station_kpis(sources, s) for s in run.plant.stations.values()})


def active_periods(run: Run, window: Window) -> dict[str, Floats]:
    """Return (start, end) of the active periods of every station, an array (n, 2) for each.

    Stores are left out: they work whenever a lot is in them.
    """
    rows = run.sql(
        "SELECT resource, start_s, end_s FROM states WHERE kind = 'machine'"  # noqa: S608
        f" AND state NOT IN {WAITING} AND {window.touches_sql()} ORDER BY resource, start_s"
    )
    by_machine = {
        str(name): group[["start_s", "end_s"]].to_numpy(dtype=np.float64)
        for name, group in rows.groupby("resource", observed=True)
    }
    found = {}
    for station in run.plant.stations.values():
        if station.kind == "store":
            continue
        machines = [_joined(by_machine.get(m, np.empty((0, 2)))) for m in station.machine_ids]
        periods = machines[0]
        for other in machines[1:]:
            periods = _both(periods, other)
        found[station.id] = np.clip(periods, window.from_s, window.to_s)
    return found


def momentary(periods: dict[str, Floats], span: tuple[float, float]) -> list[Shift]:
    """Return who is the momentary bottleneck when, by the longest active period at each moment.

    Parameters
    ----------
    periods : dict
        Station -> active periods, an array (n, 2).
    span : (float, float)
        Start and end; moments in which nobody is active belong to nobody.
    """
    names = sorted(periods)
    owners = np.repeat(np.arange(len(names)), [len(periods[n]) for n in names])
    every = np.concatenate([np.empty((0, 2)), *(periods[n] for n in names)])
    lengths = every[:, 1] - every[:, 0]
    edges = np.unique(np.concatenate([every.ravel(), span]))
    first, stop = np.searchsorted(edges, every[:, 0]), np.searchsorted(edges, every[:, 1])
    slot = np.full(len(edges) - 1, -1)
    free = np.arange(len(edges))
    for k in np.argsort(-lengths, kind="stable").tolist():
        at = _next_free(free, int(first[k]))
        while at < stop[k]:
            slot[at], free[at] = k, at + 1
            at = _next_free(free, at + 1)
    shifts: list[Shift] = []
    change = np.flatnonzero(np.diff(slot, prepend=-2, append=-2))
    for a, b in zip(change[:-1].tolist(), change[1:].tolist(), strict=True):
        k = int(slot[a])
        if k < 0:
            continue
        begin, end = float(edges[a]), float(edges[b])
        before = int(slot[a - 1]) if a else -1
        after = int(slot[b]) if b < len(slot) else -1
        overlap = max(0.0, float(every[before, 1]) - begin) if before >= 0 else 0.0
        overlap += max(0.0, end - float(every[after, 0])) if after >= 0 else 0.0
        shifts.append(Shift(names[int(owners[k])], begin, end, min(overlap, end - begin)))
    return shifts


def _next_free(free: NDArray[np.int64], at: int) -> int:
    """Return the first free slot from `at` on, halving the way for later calls."""
    while free[at] != at:
        free[at] = free[free[at]]
        at = int(free[at])
    return at


def _joined(periods: Floats) -> Floats:
    """Join periods that follow each other without a break."""
    if len(periods) < 2:
        return periods
    new = np.concatenate([[True], periods[1:, 0] > periods[:-1, 1] + _JOIN_S])
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(periods)) - 1
    return np.column_stack([periods[starts, 0], periods[ends, 1]])


def _both(one: Floats, other: Floats) -> Floats:
    """Return the times in which both of two sorted lists of periods hold."""
    if not len(one) or not len(other):
        return np.empty((0, 2))
    edges = np.unique(np.concatenate([one.ravel(), other.ravel()]))
    middles = (edges[:-1] + edges[1:]) / 2
    inside = _holds(one, middles) & _holds(other, middles)
    return _joined(np.column_stack([edges[:-1], edges[1:]])[inside])


def _holds(periods: Floats, times: Floats) -> NDArray[np.bool_]:
    at = np.searchsorted(periods[:, 0], times, side="right") - 1
    inside: NDArray[np.bool_] = (at >= 0) & (times < periods[np.maximum(at, 0), 1])
    return inside
