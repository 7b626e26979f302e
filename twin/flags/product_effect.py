"""Stations that treat some lots worse than others: by product, upstream machine or source lot.

Lots of one group are compared with the others only within the same blocks of time, so a station
that slows down for an hour does not look like a fault of the lots that came in that hour. Each lot
is one observation, however many units it has. Every test counts (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import special, stats

from twin.flags.flag import Flag, name_of, period, severity_of
from twin.flags.impact import impact
from twin.flags.time_grid import Floats
from twin.kpi.ideal import ideal_row_s
from twin.plant.flow import hops
from twin.plant.station import Station
from twin.run.run import Run

METHOD = "difference of lots within the same blocks of time, all groups of all stations counted"
ALPHA = 1e-4
BLOCKS = 40
"""Blocks of time a station's lots are compared in."""
LEAST_LOTS = 8
"""Fewest lots of a group, and of the others, in blocks they share."""
LEAST_SHARE = 0.03
"""Smallest difference of the cycle time worth a flag, relative ..."""
LEAST_SCRAP = 0.03
"""... and of the share of scrap."""

Key = tuple[str, str, str]
"""Station, factor and group."""

LINEAGE = """
pairs AS (SELECT DISTINCT lot, parent FROM units WHERE parent >= 0),
line AS (SELECT DISTINCT lot, lot AS ancestor FROM seen
 UNION SELECT lot, parent FROM pairs
 UNION SELECT a.lot, b.parent FROM pairs a JOIN pairs b ON a.parent = b.lot)
"""
"""Lots and what they were made from, two generations back."""


@dataclass(frozen=True)
class Contrast:
    """One group of lots at one station against the others.

    Attributes
    ----------
    factor, group : str
        What distinguishes lots (``product``, ``machine of X``, ``lot of X``), and which they are.
    measure : str
        ``cycle`` or ``scrap``.
    difference : float
        Relative difference of the cycle time, or difference of the share of scrap.
    n, share : int, float
        Lots of the group that were compared, and their share of those compared.
    """

    station: str
    factor: str
    group: str
    measure: str
    difference: float
    n: int
    share: float
    since_s: float
    until_s: float
    p_value: float


def product_flags(run: Run) -> Iterator[Flag]:
    """Find groups of lots that take longer or are scrapped more than others at the same time."""
    for found in contrasts(run):
        if is_effect(found):
            yield _flag(run, found)


def is_effect(found: Contrast) -> bool:
    """Whether a contrast is significant and large enough to matter."""
    least = LEAST_SHARE if found.measure == "cycle" else LEAST_SCRAP
    return found.p_value <= ALPHA and found.difference >= least


@lru_cache(maxsize=4)
def contrasts(run: Run) -> list[Contrast]:
    """Return every comparison, of each station and factor only the most significant group."""
    sums = _sums(run)
    tests = max(1, sums.groupby(["station", "factor", "grp"], observed=True).ngroups * 2)
    found = []
    for (station, factor), rows in sums.groupby(["station", "factor"], observed=True):
        for measure in ("cycle", "scrap"):
            each = [
                _contrast((str(station), str(factor), str(group)), measure, rows, mine)
                for group, mine in rows.groupby("grp", observed=True)
            ]
            known = [c for c in each if c is not None and c.difference > 0]
            if known:
                best = min(known, key=lambda c: c.p_value)
                p = min(1.0, best.p_value * tests)
                found.append(Contrast(**{**best.__dict__, "p_value": p}))
    return _nearest(run, found)


def _contrast(key: Key, measure: str, rows: pd.DataFrame, mine: pd.DataFrame) -> Contrast | None:
    """Compare a group with the others, block by block (weights n1 n2 / (n1 + n2))."""
    station, factor, group = key
    total = rows.groupby("block")[["n", "x", "xx", "s", "ss"]].sum()
    own = mine.set_index("block")[["n", "x", "xx", "s", "ss"]]
    other = total.loc[own.index] - own
    n1, n2 = own["n"].to_numpy(), other["n"].to_numpy()
    use = (n1 > 0) & (n2 > 0)
    if n1[use].sum() < LEAST_LOTS or n2[use].sum() < LEAST_LOTS:
        return None
    one, two = ("x", "xx") if measure == "cycle" else ("s", "ss")
    sum1, sum2 = own[one].to_numpy()[use], other[one].to_numpy()[use]
    square = (own[two] + other[two]).to_numpy()[use].sum()
    n1, n2 = n1[use], n2[use]
    weight = n1 * n2 / (n1 + n2)
    by_block = sum1 / n1 - sum2 / n2
    difference = float((weight * by_block).sum() / weight.sum())
    free = float(n1.sum() + n2.sum() - 2 * len(n1))
    within = square - (sum1**2 / n1 + sum2**2 / n2).sum()
    if free < LEAST_LOTS:
        return None
    variance = max(within, 0.0) / free
    if measure == "scrap":
        share = (sum1.sum() + sum2.sum()) / (n1.sum() + n2.sum())
        variance = max(variance, share * (1 - share) / max(n1.sum() + n2.sum(), 1.0))
    error = np.sqrt(max(variance, 1e-12) / weight.sum())
    p = 2 * float(special.stdtr(free, -abs(difference) / error))
    if measure == "scrap":
        p = max(p, rare_p(float(sum1.sum()), float(sum2.sum()), int(n1.sum()), int(n2.sum())))
    held = stretch(by_block, weight)
    difference = float(np.average(by_block[held], weights=weight[held]))
    since, until = (mine[c].to_numpy(dtype=np.float64)[use][held] for c in ("since_s", "until_s"))
    if held == slice(0, len(by_block)):
        since, until = mine["since_s"].to_numpy(), mine["until_s"].to_numpy()
    n1, n2 = n1[held], n2[held]
    return Contrast(
        station, factor, group, measure, difference, int(n1.sum()),
        float(n1.sum() / (n1.sum() + n2.sum())), float(since.min()), float(until.max()), p,
    )  # fmt: skip


def stretch(difference: Floats, weight: Floats) -> slice:
    """Return the blocks in which a difference holds: those above half of it, taken together.

    It is the run of blocks with the largest sum of what is above half of the difference; twice,
    since the first one is thinned by blocks without it. A difference below 0 holds throughout.
    """
    held = slice(0, len(difference))
    for _ in range(2):
        half = float(np.average(difference[held], weights=weight[held])) / 2
        if half <= 0:
            return slice(0, len(difference))
        sums = np.concatenate([[0.0], np.cumsum(weight * (difference - half))])
        lowest = np.minimum.accumulate(sums)
        end = int(np.argmax(sums - lowest))
        held = slice(int(np.argmin(sums[: end + 1])), end)
    return held


def rare_p(bad: float, bad_others: float, n: int, n_others: int) -> float:
    """Return the probability that so much of all scrap, or more, falls on one group by chance.

    Fisher's exact test, one-sided: the t test above is too sure where scrap is rare.
    """
    total = round(bad) + round(bad_others)
    return float(stats.hypergeom.sf(round(bad) - 1, n + n_others, total, n))


def _sums(run: Run) -> pd.DataFrame:
    """Return sums over lots by station, factor, group and block of time.

    Of each lot at each station: its mean cycle over the expected one (x), its share of scrap (s).
    """
    ideal = _expected_rows(run)
    parallel = [s.id for s in run.plant.stations.values() if s.machines > 1 and s.kind != "store"]
    sources = [source.id for source in run.plant.sources]
    if not ideal or not (parallel or run.plant.products):
        return pd.DataFrame(columns=[*_COLUMNS])
    run_sql = f"""
WITH ideal AS (SELECT unnest(?) AS station, unnest(?) AS product, unnest(?) AS s),
seen AS (SELECT DISTINCT lot FROM cycles),
{LINEAGE},
labels AS (SELECT lot, last(product ORDER BY time_s) AS product FROM lot_products GROUP BY lot),
lots AS (SELECT c.station, c.lot, min(c.start_s) AS t, any_value(l.product) AS product,
 avg(c.duration_s / ideal.s) AS x, avg(CASE WHEN c.result = 'scrap' THEN 1.0 ELSE 0.0 END) AS s
 FROM cycles c LEFT JOIN labels l ON l.lot = c.lot
 JOIN ideal ON ideal.station = c.station AND ideal.product = coalesce(l.product, '')
 WHERE c.start_s > 0 GROUP BY c.station, c.lot),
placed AS (SELECT *, least(floor(t / ?), ?) AS block FROM lots),
made AS (SELECT DISTINCT line.lot, c.station AS at, c.machine FROM line
 JOIN cycles c ON c.lot = line.ancestor WHERE c.station IN (SELECT unnest(?))),
born AS (SELECT DISTINCT line.lot, u.station AS at, u.lot AS source_lot FROM line
 JOIN units u ON u.lot = line.ancestor
 WHERE u.event = 'created' AND u.station IN (SELECT unnest(?))),
grouped AS (
 SELECT p.*, 'product' AS factor, p.product AS grp FROM placed p WHERE p.product IS NOT NULL
 UNION ALL SELECT p.*, 'machine of ' || made.at AS factor, made.machine AS grp
  FROM placed p JOIN made ON made.lot = p.lot AND made.at <> p.station
 UNION ALL SELECT p.*, 'lot of ' || born.at AS factor, CAST(born.source_lot AS VARCHAR) AS grp
  FROM placed p JOIN born ON born.lot = p.lot WHERE born.source_lot <> p.lot)
SELECT station, factor, grp, block, count(*) AS n, sum(x) AS x, sum(x * x) AS xx, sum(s) AS s,
 sum(s * s) AS ss, min(t) AS since_s, max(t) AS until_s
FROM grouped GROUP BY station, factor, grp, block ORDER BY station, factor, grp, block
"""  # noqa: S608 - no value is part of the text
    width = max(run.horizon_s, 1e-9) / BLOCKS
    names, products, seconds = (list(column) for column in zip(*ideal, strict=True))
    return run.sql(run_sql, [names, products, seconds, width, BLOCKS - 1, parallel, sources])


_COLUMNS = ("station", "factor", "grp", "block", "n", "x", "xx", "s", "ss", "since_s", "until_s")


def _expected_rows(run: Run) -> list[tuple[str, str, float]]:
    """Return (station, product, expected time of a row) of the stations that can be judged."""
    names = ["", *(product.id for product in run.plant.products)]
    found = []
    for station in run.plant.stations.values():
        if station.kind in {"batch", "store", "robot"} or station.record == "lot":
            continue
        for product in names:
            recipe = station.recipe(product)
            own = recipe.cycle if recipe is not None and recipe.cycle is not None else station.cycle
            if own is not None and own.mean_s > 0:
                found.append((station.id, product, own.mean_s))
    return found


def _nearest(run: Run, found: list[Contrast]) -> list[Contrast]:
    """Keep of several upstream machines or lots that say the same the nearest one upstream."""
    order = {name: k for k, name in enumerate(_in_flow(run))}
    kept: dict[tuple[str, str], Contrast] = {}
    for one in sorted(found, key=lambda c: c.p_value):
        kind = "product" if one.factor == "product" else "origin"
        key = (one.station, f"{kind}/{one.measure}")
        known = kept.get(key)
        if known is None or (
            one.p_value <= 10 * known.p_value
            and order.get(one.factor.split()[-1], -1) > order.get(known.factor.split()[-1], -1)
        ):
            kept[key] = one
    return list(kept.values())


def _in_flow(run: Run) -> list[str]:
    """Return sources and stations in the order of the flow."""
    following: dict[str, list[str]] = {}
    for hop in hops(run.plant):
        if not hop.rework:
            following.setdefault(hop.start, []).append(hop.end)
    done: list[str] = []
    waiting = [source.id for source in run.plant.sources]
    while waiting:
        name = waiting.pop(0)
        if name not in done:
            done.append(name)
            waiting += following.get(name, [])
    return done


def _flag(run: Run, found: Contrast) -> Flag:
    station = run.plant.stations[found.station]
    cycle = found.measure == "cycle"
    lost_units = found.difference * found.n * _units(run, station)
    ideal_s = ideal_row_s(station, {}) or 0.0
    loss = impact(
        run, station.machine_ids, found.since_s, found.until_s, lost_s=lost_units * ideal_s,
        ideal_unit_s=ideal_s,
    )  # fmt: skip
    kind = "product_effect" if found.factor == "product" else "lot_effect"
    name = name_of(station.label, station.id)
    who = _who(found)
    what = "take" if cycle else "are scrapped"
    size = f"{100 * found.difference:.1f} {'% longer' if cycle else 'points more often'}"
    when = period(run.scenario.start, found.since_s, found.until_s, is_open=False)
    return Flag(
        workcell=run.plant.workcell_of.get(station.id, station.workcell),
        resource=station.id,
        since_s=found.since_s,
        until_s=found.until_s,
        cause=kind,
        substep=None,
        lost_units=lost_units,
        severity=severity_of(found.difference, loss.plant_loss_units),
        evidence={
            "expected": 1.0 if cycle else 0.0,
            "observed": (1.0 if cycle else 0.0) + found.difference,
            "unit": "cycle over that of other lots" if cycle else "extra share of scrap",
            "n": found.n,
            "p_value": found.p_value,
            "method": METHOD,
            "factor": found.factor,
            "group": found.group,
            "measure": found.measure,
            "share_of_lots": found.share,
            "open": False,
            **loss.evidence(),
        },
        title=f"{name}: {who} {what} {size}",
        text=f"At {name} {who} {what} {size} than other lots at the same time, {when}.",
    )


def _units(run: Run, station: Station) -> float:
    """Return the mean number of units of a lot at a station."""
    rows = run.sql(
        "SELECT sum(n) / greatest(count(DISTINCT lot), 1) AS n FROM cycles WHERE station = ?",
        [station.id],
    )
    return float(rows["n"].iloc[0] or 0.0)


def _who(found: Contrast) -> str:
    if found.factor == "product":
        return f"lots of product {found.group}"
    if found.factor.startswith("machine"):
        return f"lots from {found.group}"
    return f"lots made from lot {found.group} of {found.factor.split()[-1]}"
