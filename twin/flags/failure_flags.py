"""Flags of failures: a long breakdown, repairs that take longer, failures that come more often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twin.flags.failure_tests import (
    LEAST_AFTER,
    NOTHING,
    Floats,
    Since,
    confidence,
    long_p,
    longer_p,
    longest_p,
    often_p,
    oftener_p,
    tail,
)
from twin.flags.flag import Flag
from twin.flags.stops import (
    LEAST_EXCESS_S,
    LEAST_EXCESS_SHARE,
    Finding,
    Planned,
    Stops,
    planned_failures,
    stop_flag,
)
from twin.plant.failure import Breakdown
from twin.plant.station import Station
from twin.run.run import Run

ALPHA = 5e-4
"""Highest p-value of failures that come too often, and of repairs that take too long."""
BREAKDOWN_ALPHA = 5e-3
"""A single breakdown is told where so long a one is no likelier than this among those seen ..."""
LEAST_BREAKDOWN_S = 900.0
"""... and it takes this much longer than a usual repair, and `LEAST_EXCESS_SHARE` of the time."""
MAYBE = 0.05
"""Failures are only looked at in working time where calendar time does not rule them out."""


@dataclass(frozen=True)
class History:
    """The failures of one station in order of time, against what the plant file says of each.

    Attributes
    ----------
    stops : Stops
    kinds : list of str
        Kind of failure by the alarm; empty where the alarm does not say it.
    u, mean_s : array
        Probability of so long a repair, and the mean repair, of the kind.
    plan : Planned
        What the plant file lets expect in the run.
    """

    stops: Stops
    kinds: list[str]
    u: Floats
    mean_s: Floats
    plan: Planned
    all_s: float

    @property
    def over_s(self) -> Floats:
        """Repair time beyond the mean."""
        return np.asarray(self.stops.length_s - self.mean_s)

    @property
    def hours(self) -> float:
        """Machine-hours of the run."""
        return self.all_s / 3600

    def matters(self, excess_s: float, least_s: float = LEAST_EXCESS_S) -> bool:
        """Whether a loss is worth a flag."""
        return excess_s >= max(least_s, LEAST_EXCESS_SHARE * self.all_s)


def failure_flags(
    run: Run, station: Station, stops: Stops, *, all_s: float, work_s: float
) -> Iterator[Flag]:
    """Find what is wrong with the failures of a station; `stops` are all of its failures."""
    if not stops.n:
        return
    plan = planned_failures(station, work_s=work_s, all_s=all_s)
    history = _history(run, station, stops, plan=plan, all_s=all_s)
    found = _repairs(history) or _one_breakdown(history)
    if found is not None:
        finding, chosen, excess_s = found
        yield stop_flag(run, station, chosen, finding, excess_s=excess_s, all_s=all_s)
    often = _often(run, station, history, work_s=work_s)
    if often is not None:
        finding, chosen, excess_s = often
        yield stop_flag(run, station, chosen, finding, excess_s=excess_s, all_s=all_s)


Found = tuple[Finding, Stops, float]
"""A finding, the stops it is about, and the time they cost beyond expectation."""


def _history(run: Run, station: Station, stops: Stops, *, plan: Planned, all_s: float) -> History:
    modes = station.failure_modes
    kinds = _kinds(run, modes, stops)
    u, mean_s = np.ones(stops.n), np.full(stops.n, plan.repair_s)
    known = np.array(kinds)
    for name, mode in modes.items():
        mine = known == name
        u[mine] = tail(mode.repair, stops.length_s[mine])
        mean_s[mine] = mode.repair.mean_s
    unknown = known == ""
    if unknown.any() and modes:  # the likeliest of its kinds; without kinds there is no test
        likeliest = [tail(mode.repair, stops.length_s[unknown]) for mode in modes.values()]
        u[unknown] = np.max(likeliest, axis=0)
    return History(stops, kinds, u, mean_s, plan, all_s)


def _kinds(run: Run, modes: dict[str, Breakdown], stops: Stops) -> list[str]:
    """Return the kind of each failure by the alarm raised with it; the only one there is."""
    if len(modes) < 2:
        return [next(iter(modes), "")] * stops.n
    rows = run.sql(
        "SELECT resource, cause, raised_s FROM alarms WHERE resource IN (SELECT unnest(?))",
        [sorted({*stops.machine.tolist()})],
    )
    by_code = {(mode.code or name): name for name, mode in modes.items()}
    told = {
        (str(machine), round(float(raised_s), 3)): by_code[str(cause)]
        for machine, cause, raised_s in rows.itertuples(index=False)
        if str(cause) in by_code
    }
    pairs = zip(stops.machine.tolist(), stops.begin_s.tolist(), strict=True)
    return [told.get((machine, round(begin_s, 3)), "") for machine, begin_s in pairs]


# Repairs -------------------------------------------------------------------------------------


def _repairs(history: History) -> Found | None:
    """Return repairs that take too long, all kinds together or those of one kind."""
    everything = np.arange(history.stops.n)
    groups = {"": everything}
    names = sorted({*history.kinds} - {""})
    if len(names) > 1:
        groups |= {name: np.flatnonzero(np.array(history.kinds) == name) for name in names}
    tests = 2 * len(groups)
    best: tuple[Since, str, np.ndarray] = (NOTHING, "", everything)
    for name, mine in groups.items():
        for since in _tests(history, mine):
            if since.p_value < best[0].p_value:
                best = since, name, mine
    since, kind, mine = best
    chosen = mine[since.first :]
    p = min(1.0, tests * since.p_value)
    excess_s = float(history.over_s[chosen].sum())
    if p > ALPHA or not history.matters(excess_s) or _rests_on_one(history, mine):
        return None
    stops = history.stops.only(chosen)
    usual_s, took_s = float(history.mean_s[chosen].mean()), float(stops.length_s.mean())
    which = f" after {kind.replace('_', ' ')}" if kind else ""
    text = f"repairs{which} take {took_s / 60:.1f} min instead of {usual_s / 60:.1f} min"
    more = {"failure": kind, "confidence": confidence(p, history.hours)}
    finding = Finding("long_repairs", "s", usual_s, took_s, p, since.method, text, more)
    return finding, stops, excess_s


def _tests(history: History, mine: np.ndarray) -> list[Since]:
    mean_s = history.mean_s[mine]
    if not mean_s.all():
        return [long_p(history.u[mine])]
    over = history.stops.length_s[mine] / mean_s
    return [long_p(history.u[mine]), longer_p(over, history.plan.repair_cv)]


def _rests_on_one(history: History, mine: np.ndarray) -> bool:
    """Whether repairs are as usual without the longest one."""
    rest = np.delete(mine, int(np.argmin(history.u[mine])))
    if len(rest) + 1 < LEAST_AFTER - 1:
        return True
    return min(since.p_value for since in _tests(history, rest)) > MAYBE


def _one_breakdown(history: History) -> Found | None:
    """Return a single breakdown that takes long, over or not."""
    k = int(np.lexsort((-history.stops.length_s, history.u))[0])
    p, excess_s = longest_p(history.u), float(history.over_s[k])
    if p > BREAKDOWN_ALPHA or not history.matters(excess_s, LEAST_BREAKDOWN_S):
        return None
    stops = history.stops.only(slice(k, k + 1))
    usual_s, took_s = float(history.mean_s[k]), float(stops.length_s[0])
    text = f"down for {took_s / 60:.0f} min, a usual repair takes {usual_s / 60:.0f} min"
    machine = str(stops.machine[0])
    more = {
        "failure": history.kinds[k], "machine": machine, "waiting_repair_s":
        float(stops.waiting_s[0]), "confidence": confidence(p, history.hours),
    }  # fmt: skip
    method = "longest repair (plant file)"
    finding = Finding("breakdown", "s", usual_s, took_s, p, method, text, more)
    return finding, stops, took_s  # without it there would have been no repair at all


# Failures ------------------------------------------------------------------------------------


def _often(run: Run, station: Station, history: History, *, work_s: float) -> Found | None:
    """Return failures that come more often than the plant file says, or than before."""
    stops, plan = history.stops, history.plan
    until_s = stops.begin_s / run.horizon_s * work_s
    if min(s.p_value for s in _rates(history, until_s, work_s)) > MAYBE:
        return None
    until_s = _worked_until(run, station, stops.begin_s)
    tests = _rates(history, until_s, work_s)
    since = min(tests, key=lambda s: s.p_value)
    p = min(1.0, len(tests) * since.p_value)
    chosen = stops.only(slice(since.first, None))
    begun_s = float(until_s[since.first - 1]) if since.first else 0.0
    expected = plan.n * max(work_s - begun_s, 0.0) / work_s if work_s > 0 else 0.0
    repair_s = plan.repair_s or float(chosen.length_s.mean())
    excess_s = (chosen.n - expected) * min(repair_s, float(chosen.length_s.mean()))
    if p > ALPHA or not history.matters(excess_s):
        return None
    text = f"{chosen.n} failures instead of {expected:.1f}"
    more: dict[str, object] = {"confidence": confidence(p, history.hours)}
    finding = Finding(
        "frequent_failures", "failures", expected, chosen.n, p, since.method, text, more
    )
    return finding, chosen, excess_s


def _rates(history: History, until_s: Floats, work_s: float) -> list[Since]:
    scale = history.plan.n / work_s if work_s > 0 else 0.0
    return [often_p(until_s * scale, history.plan.n), oftener_p(until_s, work_s)]


def _worked_until(run: Run, station: Station, times_s: Floats) -> Floats:
    """Return the machine-seconds that a station worked until each of some times."""
    rows = run.sql(
        "SELECT start_s, end_s FROM states WHERE kind = 'machine' AND state = 'working'"
        " AND resource IN (SELECT unnest(?))",
        [list(station.machine_ids)],
    )
    begun, ended = (np.sort(rows[c].to_numpy(dtype=np.float64)) for c in ("start_s", "end_s"))
    return _past(begun, times_s) - _past(ended, times_s)


def _past(edges_s: Floats, times_s: Floats) -> Floats:
    """Return the sum of how long ago each edge was, at each time."""
    sums = np.concatenate([[0.0], np.cumsum(edges_s)])
    n = np.searchsorted(edges_s, times_s, side="right")
    return np.asarray(n * times_s - sums[n])
