"""Logs of cycles, and of the events at which cycles begin and end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from twin.imports.clean import without_duplicates
from twin.imports.mapping import CycleLog, EventLog, ResultColumn
from twin.imports.observed import CYCLE_COLUMNS, Observed
from twin.imports.report import Report
from twin.imports.values import ids, numbers, times_s


def add_cycles(
    found: Observed, frame: pd.DataFrame, log: CycleLog, *, file: str, report: Report
) -> None:
    """Add the cycles of a file with one row for each."""
    frame = without_duplicates(frame, file, report)
    start = times_s(frame, log.start, file, report)
    if log.end is not None:
        end = times_s(frame, log.end, file, report)
    else:
        column = frame[str(log.duration_s).strip()]
        end = start + numbers(column, log.read, file, report)
    made = frame.assign(start=start, end=end, machine=ids(frame, log.machine, file, report))
    _keep(found, made, log, file=file, report=report)


def add_events(
    found: Observed, frame: pd.DataFrame, log: EventLog, *, file: str, report: Report
) -> None:
    """Add the cycles of a file of events: each start with the end that has its `pair` columns."""
    frame = without_duplicates(frame, file, report)
    frame = frame.assign(
        t=times_s(frame, log.time, file, report), machine=ids(frame, log.machine, file, report)
    )
    frame = frame[frame["t"].notna()]
    kind = frame[log.event.strip()].astype("string").str.lower()
    keys = [c.strip() for c in log.pair]
    starts = _numbered(frame[kind.isin([w.lower() for w in log.start])], keys)
    ends = _numbered(frame[kind.isin([w.lower() for w in log.end])], keys)
    report.note(
        file,
        len(frame) - len(starts) - len(ends),
        "{n} rows are neither start nor end of a cycle and left out.",
    )
    both = starts.merge(ends, on=[*keys, "_nth"], suffixes=("", "_end"), validate="one_to_one")
    report.note(file, len(starts) - len(both), "{n} starts without an end were left out.")
    report.note(file, len(ends) - len(both), "{n} ends without a start were left out.")
    told = {c: both[f"{c}_end"].fillna(both[c]) for c in _told(log) if f"{c}_end" in both.columns}
    made = both.assign(start=both["t"], end=both["t_end"], **told)
    _keep(found, made, log, file=file, report=report)


def _told(log: EventLog) -> list[str]:
    """Return the columns whose value is told by the end of a cycle, if it tells one."""
    named = [log.unit, log.result.column if log.result else None]
    named.append(log.product.column if log.product else None)
    return [c.strip() for c in named if c is not None]


def _numbered(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Number rows with the same keys by time, so that the k-th start meets the k-th end."""
    ordered = frame.sort_values("t", kind="stable")
    return ordered.assign(_nth=ordered.groupby(keys, dropna=False).cumcount())


def _keep(
    found: Observed, made: pd.DataFrame, log: CycleLog | EventLog, *, file: str, report: Report
) -> None:
    """Add cycles that have a machine, a start and an end in that order."""
    whole = made["machine"].notna() & made["start"].notna() & made["end"].notna()
    report.note(file, int((~whole).sum()), "{n} cycles lack machine, start or end; left out.")
    backward = whole & (made["end"] < made["start"])
    report.note(file, int(backward.sum()), "{n} cycles end before they begin; left out.")
    kept = made[whole & ~backward].copy()
    kept["unit"] = kept[log.unit.strip()].astype("string") if log.unit else pd.NA
    kept["product"] = pd.NA if log.product is None else ids(kept, log.product, file, report)
    kept = kept.assign(**_result(kept, log.result))
    found.cycles.append(kept[list(CYCLE_COLUMNS)])
    for machine, rows in kept.groupby("machine"):
        found.watched(str(machine), float(rows["start"].min()), float(rows["end"].max()))


def _result(kept: pd.DataFrame, said: ResultColumn | None) -> dict[str, pd.Series]:
    """Return the result of every cycle, and the text that says why it failed."""
    if said is None:
        text = pd.Series("", index=kept.index)
        return {"result": pd.Series("ok", index=kept.index), "text": text}
    text = kept[said.column.strip()].astype("string").fillna("")
    wanted = {value.lower() for value in said.scrap}
    bad = text.str.lower().isin(wanted) if wanted else text != ""
    result = pd.Series(np.where(bad, "scrap", "ok"), index=kept.index)
    return {"result": result, "text": text.where(bad, "")}
