"""Logs of sensors: samples, cycles cut by a counter, states told by columns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from twin.imports.clean import Clock, Floats, gaps, in_order, without_duplicates
from twin.imports.mapping import Cleaning, SampleLog, StateRule
from twin.imports.observed import Observed
from twin.imports.report import Report
from twin.imports.values import ids, numbers, times_s


def add_samples(
    found: Observed,
    frame: pd.DataFrame,
    log: SampleLog,
    *,
    file: str,
    cleaning: Cleaning,
    report: Report,
) -> None:
    """Add what one file of samples tells."""
    frame = without_duplicates(frame, file, report)
    frame = frame.assign(
        t=times_s(frame, log.time, file, report), resource=ids(frame, log.resource, file, report)
    )
    frame = frame[frame["t"].notna() & frame["resource"].notna()]
    if log.signal is not None and log.value is not None:
        _add_long(found, frame, log, file=file, report=report)
        return
    for signal, column in log.signals.items():
        frame[f"={signal}"] = numbers(frame[column.strip()], log.read, file, report)
    for resource, rows in frame.groupby("resource", sort=True):
        mine, clock = in_order(rows, file, cleaning, report)
        _add_resource(found, str(resource), mine, log, clock=clock, file=file, report=report)


def _add_long(
    found: Observed, frame: pd.DataFrame, log: SampleLog, *, file: str, report: Report
) -> None:
    if log.signal is None or log.value is None:
        return
    value = numbers(frame[log.value.strip()], log.read, file, report)
    made = frame.assign(signal=ids(frame, log.signal, file, report), value=value)
    made = made[made["value"].notna() & made["signal"].notna()]
    again = made.duplicated(["resource", "signal", "t"])
    report.note(file, int(again.sum()), "{n} samples with the time of another one were left out.")
    found.samples.append(made.loc[~again, ["resource", "signal", "t", "value"]])
    for resource, rows in made.groupby("resource"):
        found.watched(str(resource), float(rows["t"].min()), float(rows["t"].max()))


def _add_resource(
    found: Observed,
    resource: str,
    rows: pd.DataFrame,
    log: SampleLog,
    *,
    clock: Clock,
    file: str,
    report: Report,
) -> None:
    t: Floats = rows["t"].to_numpy(dtype=np.float64)
    holes = gaps(t, clock)
    found.gaps.setdefault(resource, []).extend(holes)
    found.watched(resource, float(t[0]), float(t[-1]) + clock.step_s)
    total_s = sum(b - a for a, b in holes)
    report.note(
        file, len(holes), f"{{n}} gaps without samples, {total_s:,.0f} s in all: no data there."
    )
    for signal in log.signals:
        value = rows[f"={signal}"]
        good = value.notna()
        found.samples.append(
            pd.DataFrame(
                {
                    "resource": resource,
                    "signal": signal,
                    "t": t[good.to_numpy()],
                    "value": value[good].to_numpy(),
                }
            )
        )
    for rule in log.states:
        found.states.append(_states(resource, rows, rule, clock))
    if log.cycle is not None:
        counter = rows[log.cycle.strip()]
        found.cycles.append(cut_cycles(resource, t, counter, clock, file=file, report=report))


def _states(resource: str, rows: pd.DataFrame, rule: StateRule, clock: Clock) -> pd.DataFrame:
    """Return the intervals in which a rule holds."""
    wanted = {value.lower() for value in rule.equals}
    text = rows[rule.column.strip()].astype("string").str.lower()
    holds = text.isin(wanted).to_numpy(dtype=bool)
    begins, ends = zip(*_stretches(holds, rows["t"].to_numpy(), clock), strict=True) or ((), ())
    return pd.DataFrame(
        {
            "machine": resource,
            "start": list(begins),
            "end": list(ends),
            "state": rule.state,
            "reason": rule.reason,
        }
    )


def _stretches(holds: np.ndarray, t: Floats, clock: Clock) -> Iterator[tuple[float, float]]:
    """Yield (start, end) of the runs of true values; each lasts to the next sample."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], holds.astype(np.int8), [0]])))
    for first, after in edges.reshape(-1, 2).tolist():
        follows = after < len(t) and t[after] - t[after - 1] <= clock.gap_s
        yield float(t[first]), float(t[after] if follows else t[after - 1] + clock.step_s)


def cut_cycles(
    resource: str,
    t: Floats,
    counter: pd.Series,
    clock: Clock,
    *,
    file: str,
    report: Report,
) -> pd.DataFrame:
    """Cut samples into cycles where a counter changes; cycles with a gap inside are left out.

    The first and the last are left out too: nobody saw them begin or end. The id of a cycle is
    never used to group: counters repeat after a restart.
    """
    text = counter.astype("string").fillna("")
    raw = text.to_numpy(dtype=object)
    change = np.flatnonzero(np.concatenate([[True], raw[1:] != raw[:-1]]))
    names = raw[change]
    known = pd.Series(names)
    repeated = int(known[known != ""].duplicated().sum())
    report.note(
        file, repeated, "{n} cycle ids came again later; cycles are cut where the id changes."
    )
    ends = np.append(t[change[1:]], t[-1] + clock.step_s)
    holes = np.array([a for a, _ in gaps(t, clock)])
    first = np.searchsorted(holes, t[change])
    whole = first == np.searchsorted(holes, ends)
    whole &= names != ""
    seen = whole.copy()
    seen[[0, -1]] = False
    report.note(file, int((~whole).sum()), "{n} cycles have a gap inside and were left out.")
    report.note(
        file,
        int((whole & ~seen).sum()),
        "{n} cycles at the ends of the log were cut off; left out.",
    )
    return pd.DataFrame(
        {
            "machine": resource,
            "start": t[change][seen],
            "end": ends[seen],
            "unit": names[seen],
            "product": pd.NA,
            "result": "ok",
            "text": "",
        }
    )
