"""The state of a whole plant at one moment, read from the tables of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class PlantState:
    """What everything was doing at `t_s`.

    Attributes
    ----------
    t_s : float
        The moment, seconds since the start of the run.
    states : dict of str to (state, reason, since_s)
        By resource id (machine, robot, vehicle, crane, worker).
    levels : dict of str to int
        Lots in each buffer, conveyor and store.
    """

    t_s: float
    states: dict[str, tuple[str, str, float]]
    levels: dict[str, int]


def plant_state(sql: Callable[..., pd.DataFrame], t_s: float) -> PlantState:
    """Read the state at `t_s` through `sql`, a function that queries the tables of a run."""
    states = sql(
        "SELECT resource, last(state ORDER BY start_s) AS state,"
        " last(reason ORDER BY start_s) AS reason, max(start_s) AS since_s"
        " FROM states WHERE start_s <= ? GROUP BY resource ORDER BY resource",
        [t_s],
    )
    levels = sql(
        "SELECT place, CAST(sum(change) AS BIGINT) AS level FROM levels WHERE time_s <= ?"
        " GROUP BY place ORDER BY place",
        [t_s],
    )
    return PlantState(
        t_s=t_s,
        states={
            str(r): (str(s), str(why), float(since))
            for r, s, why, since in states.itertuples(index=False)
        },
        levels={str(p): int(n) for p, n in levels.itertuples(index=False)},
    )
