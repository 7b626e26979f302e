# ruff: noqa: S608 - queries are made of column names and numbers only
"""What one run of an experiment brought: shipped products, and the rate of every section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twin.kpi.window import kpi_window
from twin.run.run import Run

Needed = Mapping[str, Mapping[str, float]]
"""Section -> its last stations -> units for one good product."""


@dataclass(frozen=True)
class Outcome:
    """Products per hour.

    Attributes
    ----------
    shipped_per_h : float
        Good product units shipped.
    rates_per_h : dict
        Section -> products per hour its last stations worked for, added up.
    """

    shipped_per_h: float
    rates_per_h: dict[str, float]


def outcome(run: Run, needed: Needed) -> Outcome:
    """Return what a run brought in its window; cycles count by their share inside.

    Last stations that share the work of a section (each has a need of its own) are averaged.
    """
    window = kpi_window(run)
    hours = max(window.length_h, 1e-9)
    shipped = run.sql(
        "SELECT coalesce(sum(n), 0) AS n FROM units WHERE event = 'shipped' AND "
        f"{window.inside_sql('time_s')}"
    )
    share = f"CASE WHEN end_s > start_s THEN {window.overlap_sql()} / (end_s - start_s) ELSE 1 END"
    rows = run.sql(
        f"SELECT station, sum(n * ({share})) AS n FROM cycles"
        f" WHERE {window.touches_sql()} GROUP BY station"
    )
    done = {str(station): float(n) for station, n in rows.itertuples(index=False)}
    rates = {
        section: sum(done.get(s, 0.0) / need for s, need in last.items()) / len(last) / hours
        for section, last in needed.items()
    }
    return Outcome(float(shipped["n"].iloc[0]) / hours, rates)
