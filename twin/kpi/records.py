# ruff: noqa: S608 - queries are made of column names and numbers only
"""The sums over a run's tables that KPIs are made of: one query each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from twin.kpi.state_map import MINOR_STOP, SPECIAL_REASONS
from twin.kpi.window import Window
from twin.run.run import Run

StateTimes = dict[str, dict[tuple[str, str], float]]


@dataclass(frozen=True)
class CycleSums:
    """Cycles of one machine within a window.

    A cycle that lies partly outside counts by its share inside (``*_shares``); counts of finished
    units (``good``, ``scrapped``) go by the end of the cycle. ``unit_s`` is unit-seconds inside.
    """

    row_shares: float
    unit_shares: float
    processed: int
    good: int
    scrapped: int
    lot_rows: int
    treated_s: float
    unit_s: float


def state_times(run: Run, window: Window) -> tuple[StateTimes, dict[str, str]]:
    """Return seconds by resource and (state, special reason or ''), and each resource's kind."""
    rows = run.sql(
        f"SELECT resource, any_value(kind) AS kind, state,"
        f" CASE WHEN reason IN {SPECIAL_REASONS} THEN reason ELSE '' END AS why,"
        f" sum({window.overlap_sql()}) AS s"
        f" FROM states WHERE {window.touches_sql()} GROUP BY resource, state, why"
        " ORDER BY resource, state, why"
    )
    times: StateTimes = defaultdict(dict)
    kinds: dict[str, str] = {}
    for resource, kind, state, why, seconds in rows.itertuples(index=False):
        times[str(resource)][str(state), str(why)] = float(seconds)
        kinds[str(resource)] = str(kind)
    return dict(times), kinds


def cycle_sums(run: Run, window: Window) -> dict[str, dict[str, CycleSums]]:
    """Return sums over the cycles of each machine, by station and machine."""
    share = (
        f"CASE WHEN end_s > start_s THEN {window.overlap_sql()} / (end_s - start_s)"
        f" WHEN {window.inside_sql()} THEN 1.0 ELSE 0.0 END"
    )
    done = f"CASE WHEN {window.inside_sql()} THEN n ELSE 0 END"
    rows = run.sql(
        "SELECT station, machine, sum(share), sum(n * share), sum(done),"
        " sum(CASE WHEN result IN ('scrap', 'rework') THEN 0 ELSE done END),"
        " sum(CASE WHEN result = 'scrap' THEN done ELSE 0 END),"
        " sum(CASE WHEN unit < 0 THEN 1 ELSE 0 END),"
        f" sum(duration_s * share), sum(n * {window.overlap_sql()})"
        f" FROM (SELECT *, {share} AS share, {done} AS done FROM cycles"
        f" WHERE end_s > {window.from_s!r} AND start_s <= {window.to_s!r})"
        " GROUP BY station, machine ORDER BY station, machine"
    )
    found: dict[str, dict[str, CycleSums]] = defaultdict(dict)
    for station, machine, *sums in rows.itertuples(index=False):
        shares, units, processed, good, scrapped, lots, treated, inside = sums
        found[str(station)][str(machine)] = CycleSums(
            float(shares), float(units), int(processed), int(good), int(scrapped), int(lots),
            float(treated), float(inside),
        )  # fmt: skip
    return dict(found)


def open_work_s(run: Run, window: Window) -> dict[str, float]:
    """Return working time after the end of each machine's last finished cycle."""
    work = window.overlap_sql("greatest(s.start_s, coalesce(c.last_s, -1e300))", "s.end_s")
    rows = run.sql(
        f"SELECT s.resource, sum({work}) AS work_s FROM states s LEFT JOIN"
        " (SELECT machine, max(end_s) AS last_s FROM cycles GROUP BY machine) c"
        " ON s.resource = c.machine WHERE s.state = 'working' AND s.kind = 'machine'"
        " AND s.end_s > coalesce(c.last_s, -1e300) GROUP BY s.resource"
    )
    return {str(r): float(s) for r, s in rows.itertuples(index=False)}


def scrapped_at(run: Run, window: Window) -> dict[str, int]:
    """Return units scrapped by station, from the genealogy."""
    rows = run.sql(
        "SELECT station, sum(n) FROM units WHERE event = 'scrapped'"
        f" AND {window.inside_sql('time_s')} GROUP BY station"
    )
    return {str(s): int(n) for s, n in rows.itertuples(index=False)}


def supplied(run: Run, window: Window) -> dict[str, int]:
    """Return units the sources brought, by item, from the genealogy."""
    rows = run.sql(
        "SELECT item, CAST(sum(n) AS BIGINT) FROM units WHERE event = 'created'"
        f" AND {window.inside_sql('time_s')} AND station IN (SELECT unnest(?)) GROUP BY item",
        [[source.id for source in run.plant.sources]],
    )
    return {str(item): int(n) for item, n in rows.itertuples(index=False)}


@dataclass(frozen=True)
class LevelSums:
    """Level of one buffer, conveyor or store over a window, in lots."""

    mean: float
    highest: int
    lowest: int
    final: int


def level_sums(run: Run, window: Window) -> dict[str, LevelSums]:
    """Return the time average and the extremes of the level of every place that had a lot."""
    length = max(window.length_s, 1e-12)
    rows = run.sql(
        f"WITH steps AS (SELECT place, time_s, sum(change) OVER (PARTITION BY place"
        " ORDER BY time_s ROWS UNBOUNDED PRECEDING) AS level,"
        f" lead(time_s, 1, {window.to_s!r}) OVER (PARTITION BY place ORDER BY time_s) AS until_s"
        f" FROM (SELECT place, time_s, sum(change) AS change FROM levels"
        f" WHERE time_s <= {window.to_s!r} GROUP BY place, time_s))"
        f" SELECT place, sum(level * {window.overlap_sql('time_s', 'until_s')}) / {length!r},"
        f" max(level) FILTER (until_s >= {window.from_s!r}),"
        f" CASE WHEN min(time_s) > {window.from_s!r} THEN least(0, min(level))"
        f" ELSE min(level) FILTER (until_s >= {window.from_s!r}) END, last(level ORDER BY time_s)"
        " FROM steps GROUP BY place ORDER BY place"
    )
    return {
        str(place): LevelSums(float(mean), int(high), int(low), int(final))
        for place, mean, high, low, final in rows.itertuples(index=False)
    }


def seconds_in(times: Mapping[tuple[str, str], float], states: tuple[str, ...]) -> float:
    """Return the seconds in any of `states`."""
    return sum(s for (state, _), s in times.items() if state in states)


def failures(run: Run, window: Window) -> dict[str, int]:
    """Return failures that began inside the window, by machine.

    A stop of several intervals (waiting for the crew, then repair) is one failure.
    """
    rows = run.sql(
        "SELECT resource, count(*) FROM (SELECT resource, start_s, stopped,"
        " lag(stopped, 1, false) OVER (PARTITION BY resource ORDER BY start_s) AS before"
        " FROM (SELECT resource, start_s, state IN ('down', 'waiting_repair')"
        f" AND reason <> '{MINOR_STOP}' AS stopped FROM states WHERE kind = 'machine'))"
        f" WHERE stopped AND NOT before AND {window.inside_sql('start_s')} GROUP BY resource"
    )
    return {str(r): int(n) for r, n in rows.itertuples(index=False)}


def treated_s(run: Run, window: Window, stores: list[str]) -> dict[str, float]:
    """Return slot-seconds in which lots were treated, by store.

    A finished lot was treated during its cycle; a lot without a finished cycle is treated from
    the moment it came in.
    """
    if not stores:
        return {}
    rows = run.sql(
        "WITH done AS (SELECT station AS place, lot, max(end_s) AS end_s, sum("
        f"CASE WHEN end_s > start_s THEN {window.overlap_sql()} * least(1.0, duration_s /"
        " (end_s - start_s)) ELSE 0.0 END) AS s FROM cycles WHERE station IN"
        " (SELECT unnest(?)) GROUP BY station, lot),"
        " kept AS (SELECT place, lot, max(time_s) FILTER (change > 0) AS in_s, sum(change) AS n"
        f" FROM levels WHERE time_s <= {window.to_s!r} AND place IN (SELECT unnest(?))"
        " GROUP BY place, lot)"
        " SELECT place, sum(s) FROM (SELECT place, s FROM done UNION ALL"
        f" SELECT kept.place, {window.to_s!r} - greatest(in_s, {window.from_s!r})"
        " FROM kept LEFT JOIN done ON done.place = kept.place AND done.lot = kept.lot"
        " WHERE kept.n > 0 AND done.lot IS NULL) GROUP BY place",
        [stores, stores],
    )
    return {str(p): float(s) for p, s in rows.itertuples(index=False)}


@dataclass(frozen=True)
class MoveSums:
    """What one mover did within a window."""

    jobs: int
    distance_m: float


def move_sums(run: Run, window: Window) -> dict[str, MoveSums]:
    """Return transports and distance of every vehicle, crane and worker."""
    rows = run.sql(
        "SELECT mover, count(DISTINCT CASE WHEN job >= 0 AND load > 0 THEN job END),"
        " sum(sqrt((to_x_m - from_x_m) ** 2 + (to_y_m - from_y_m) ** 2 + (to_z_m - from_z_m) ** 2))"
        f" FROM moves WHERE kind <> 'conveyor' AND {window.inside_sql()} GROUP BY mover"
    )
    return {str(m): MoveSums(int(jobs), float(d)) for m, jobs, d in rows.itertuples(index=False)}
