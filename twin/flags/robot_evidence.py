"""What changed on a robot in a stretch of time: its sub-steps, its sensors, its stops.

Everything is read from the tables a real robot could fill as well. The column ``cause`` of
``substeps`` and the faults of the scenario are never looked at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from twin.run.run import Run

Floats = npt.NDArray[np.float64]

LEAST_BEFORE = 30
"""Fewest cycles before a stretch that serve as its comparison; with fewer, the program does."""
LEAST_SAMPLES = 5
FLOOR_SHARE, FLOOR_S = 0.003, 0.0005
"""Smallest uncertainty of a mean sub-step time: of its program time, and in seconds."""


@dataclass(frozen=True)
class StepChanges:
    """Mean time of every sub-step of a program before and during a stretch.

    Attributes
    ----------
    before_s, during_s, error_s : array (steps,)
        Means, and the standard error of their difference.
    spread : array (steps,)
        Spread of the times during the stretch over that before (or over the program's).
    slope_s_per_h : array (steps,)
        Trend of the times during the stretch.
    n_before, n_during : int
        Cycles; `n_before` is 0 where the program is the comparison.
    """

    before_s: Floats
    during_s: Floats
    error_s: Floats
    spread: Floats
    slope_s_per_h: Floats
    n_before: int
    n_during: int

    @property
    def change_s(self) -> Floats:
        """By how much each sub-step got longer."""
        return self.during_s - self.before_s


@dataclass(frozen=True)
class SignalChange:
    """Mean of a signal before and during a stretch.

    `z` is the change in standard errors, positive away from zero (a vacuum may be noted below it).
    """

    before: float
    during: float
    n_before: int
    n_during: int
    z: float

    @property
    def ratio(self) -> float:
        """The mean during the stretch over that before."""
        return self.during / self.before if self.before else math.inf

    def is_up(self, share: float) -> bool:
        """Whether it rose by at least a share, and clearly so."""
        return self.z >= CLEAR and self.ratio >= 1 + share

    def is_down(self, share: float) -> bool:
        """Whether it fell by at least a share, and clearly so."""
        return self.z <= -CLEAR and self.ratio <= 1 - share


CLEAR = 6.0
"""Standard errors from which a change of a signal is no accident."""


def step_changes(
    run: Run, robot: str, since_s: float, until_s: float, expected: tuple[Floats, Floats]
) -> StepChanges | None:
    """Compare the sub-steps of a stretch with those before it; None without whole cycles.

    Parameters
    ----------
    run : Run
    robot : str
    since_s, until_s : float
        The stretch.
    expected : (array (steps,), array (steps,))
        Mean and standard deviation by the program, for want of cycles before the stretch.
    """
    rows = run.sql(
        "SELECT cycle, step, start_s, actual_s FROM substeps WHERE robot = ? AND start_s < ?",
        [robot, until_s],
    )
    n_steps = len(expected[0])
    table = rows.pivot_table(index="cycle", columns="step", values="actual_s")
    table = table.reindex(columns=range(n_steps)).dropna()
    begun = rows.groupby("cycle")["start_s"].min().reindex(table.index).to_numpy()
    times = table.to_numpy()
    during, before = times[begun >= since_s], times[begun < since_s]
    if len(during) < 2:
        return None
    mean, deviation = expected
    if len(before) >= LEAST_BEFORE:
        mean, deviation = before.mean(axis=0), before.std(axis=0, ddof=1)
    else:
        before = before[:0]
    own = during.std(axis=0, ddof=1)
    squares = own**2 / len(during) + (deviation**2 / len(before) if len(before) else 0.0)
    floor = FLOOR_SHARE * mean + FLOOR_S
    return StepChanges(
        before_s=mean,
        during_s=during.mean(axis=0),
        error_s=np.sqrt(squares + floor**2),
        spread=own / np.maximum(deviation, FLOOR_SHARE * mean + 1e-9),
        slope_s_per_h=_slopes(begun[begun >= since_s], during),
        n_before=len(before),
        n_during=len(during),
    )


def signal_changes(
    run: Run, resource: str, since_s: float, until_s: float
) -> dict[str, SignalChange]:
    """Compare every signal of a resource in a stretch with its values before."""
    rows = run.sql(
        "SELECT signal::TEXT AS signal, time_s >= ? AS inside, count(*) AS n, avg(value) AS mean,"
        " coalesce(var_samp(value), 0) AS variance FROM signals"
        " WHERE resource = ? AND time_s <= ? AND (time_s < ? OR time_s > ?)"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        [since_s, resource, until_s, since_s, since_s + 1],
    )
    found: dict[str, SignalChange] = {}
    for signal, own in rows.groupby("signal"):
        if len(own) == 2 and own["n"].min() >= LEAST_SAMPLES:
            found[str(signal)] = _change(own.iloc[0], own.iloc[1])  # False sorts before True
    return found


def protective_stops(run: Run, robot: str, since_s: float, until_s: float) -> tuple[int, float]:
    """Return number and total length of the protective stops of a robot that begin in a stretch."""
    row = run.sql(
        "SELECT count(*), coalesce(sum(end_s - start_s), 0) FROM states WHERE resource = ?"
        " AND kind = 'robot' AND state = 'protective_stop' AND start_s >= ? AND start_s < ?",
        [robot, since_s, until_s],
    ).iloc[0]
    return int(row.iloc[0]), float(row.iloc[1])


def _change(before: pd.Series, during: pd.Series) -> SignalChange:
    error = math.sqrt(before["variance"] / before["n"] + during["variance"] / during["n"])
    z = (during["mean"] - before["mean"]) / max(error, 1e-9 * abs(before["mean"]), 1e-12)
    z *= math.copysign(1.0, before["mean"])
    return SignalChange(
        float(before["mean"]), float(during["mean"]), int(before["n"]), int(during["n"]), float(z)
    )


def _slopes(begun_s: Floats, times: Floats) -> Floats:
    """Return the least-squares slope of every column, in seconds per hour."""
    hours = (begun_s - begun_s.mean()) / 3600
    square = float((hours**2).sum())
    if square <= 0:
        return np.zeros(times.shape[1])
    return np.asarray(hours @ (times - times.mean(axis=0)) / square)
