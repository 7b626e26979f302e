"""Cleaning of samples: duplicates, disorder, clocks that go back, gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.errors import Problem, RunError
from twin.imports.mapping import Cleaning
from twin.imports.report import Report

Floats = NDArray[np.float64]

GAP_STEPS = 10.0
LEAST_GAP_S = 5.0


@dataclass(frozen=True)
class Clock:
    """The times of one machine's samples.

    Attributes
    ----------
    step_s : float
        Usual step: the median.
    gap_s : float
        Steps longer than this are gaps.
    """

    step_s: float
    gap_s: float


def without_duplicates(frame: pd.DataFrame, file: str, report: Report) -> pd.DataFrame:
    """Drop rows that repeat another one in every column."""
    again = frame.duplicated()
    report.note(file, int(again.sum()), "{n} rows that repeat another one were left out.")
    return frame[~again]


def in_order(
    frame: pd.DataFrame, file: str, cleaning: Cleaning, report: Report
) -> tuple[pd.DataFrame, Clock]:
    """Return samples of one machine in the order of their time, column ``t``, and their clock.

    Raises
    ------
    RunError
        The clock goes back further than `cleaning.disorder` and jumps are to be refused.
    """
    t: Floats = frame["t"].to_numpy(dtype=np.float64, copy=True)
    steps = np.diff(t)
    forward = steps[steps > 0]
    step_s = float(np.median(forward)) if len(forward) else 1.0
    back = np.flatnonzero(steps < -cleaning.disorder) + 1
    if len(back) and cleaning.clock_jumps == "refuse":
        raise RunError(
            Problem(
                file,
                f"the clock goes back {len(back)} times, first by {-steps[back[0] - 1]:.6g} s at "
                f"row {int(frame.index[back[0]]) + 1}.",
                "Mend the log, or write 'clock_jumps: shift' in the mapping.",
            )
        )
    for row in back:
        t[row:] += t[row - 1] + step_s - t[row]
    report.note(
        file,
        len(back),
        "the clock went back {n} times; what follows was moved so that time goes on.",
    )
    late = int((np.diff(t) < 0).sum())
    report.note(file, late, "{n} samples out of order were put in order.")
    ordered = frame.assign(t=t).sort_values("t", kind="stable")
    twice = ordered["t"].duplicated()
    report.note(file, int(twice.sum()), "{n} samples with the time of another one were left out.")
    return ordered[~twice].reset_index(drop=True), Clock(step_s, gap_of(step_s, cleaning))


def gap_of(step_s: float, cleaning: Cleaning) -> float:
    """Return the longest step that is no gap."""
    if cleaning.longest_gap is not None:
        return cleaning.longest_gap
    return max(GAP_STEPS * step_s, LEAST_GAP_S)


def gaps(t: Floats, clock: Clock) -> list[tuple[float, float]]:
    """Return the gaps between samples, each from the last sample before it to the first after."""
    at = np.flatnonzero(np.diff(t) > clock.gap_s)
    return [(float(t[k]), float(t[k + 1])) for k in at]


def not_overlapping(cycles: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Return cycles of machines that do one at a time: a later one starts where the earlier ends.

    A cycle without any time of its own is left out.
    """
    ordered = cycles.sort_values(["machine", "start", "end"], kind="stable")
    before = ordered.groupby("machine", sort=False)["end"].transform(
        lambda ends: ends.cummax().shift(fill_value=-np.inf)
    )
    late = before > ordered["start"] + 1e-9
    report.note("", int(late.sum()), "{n} cycles began before the one before was done; cut there.")
    cut = ordered.assign(start=np.maximum(ordered["start"], before))
    nothing = cut["end"] <= cut["start"]
    failed = int((cut.loc[nothing, "result"] != "ok").sum())
    report.note(
        "",
        int(nothing.sum()),
        f"{{n}} cycles had no time of their own and were left out; {failed} of them failed.",
    )
    return cut[~nothing].reset_index(drop=True)
