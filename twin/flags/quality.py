"""Stations that scrap more than the yield of the plant file, in some stretch of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import stats

from twin.flags.flag import Flag, name_of, period, severity_of
from twin.flags.impact import impact
from twin.kpi.ideal import ideal_row_s, nominal_robot_cycles, rows_are_lots
from twin.plant.station import Station
from twin.run.run import Run

METHOD = "exact binomial test of the worst stretch of time, all stretches counted"
BINS = 256
ALPHA = 1e-4
"""Highest p-value, the number of stretches of all stations counted."""
LEAST_EXTRA = 0.01
"""Smallest extra share of scrap worth a flag ..."""
LEAST_UNITS = 5
"""... and fewest extra units."""
YIELD_FLOOR = 1e-6
"""Scrap share tested against where the plant file expects none."""


@dataclass(frozen=True)
class Burst:
    """A stretch of time with too much scrap."""

    since_s: float
    until_s: float
    n: int
    bad: int
    p_value: float


def scrap_flags(run: Run) -> Iterator[Flag]:
    """Find stations that scrap more than their yield says."""
    counts = _counts(run)
    tests = max(1, len(counts)) * BINS * (BINS + 1) / 2
    for name, (n, bad) in counts.items():
        station = run.plant.stations[name]
        expected = expected_scrap(station)
        if expected is None:
            continue
        found = worst_stretch(n, bad, max(expected, YIELD_FLOOR))
        if found is None:
            continue
        i, j, p = found
        units, scrap = int(n[i:j].sum()), int(bad[i:j].sum())
        extra = scrap - expected * units
        if p * tests > ALPHA or extra < LEAST_UNITS or extra < LEAST_EXTRA * units:
            continue
        edges = np.linspace(0.0, run.horizon_s, BINS + 1)
        burst = Burst(float(edges[i]), float(edges[j]), units, scrap, min(1.0, p * tests))
        yield _flag(run, station, burst, expected)


def expected_scrap(station: Station) -> float | None:
    """Return the share of units a station scraps by the plant file; None where it depends."""
    if any(recipe.yield_ is not None for recipe in station.recipes):
        return None
    sorted_out = sum(r.share for r in station.results if r.name == "scrap")
    return 1.0 - station.yield_ * (1.0 - sorted_out)


def worst_stretch(n: np.ndarray, bad: np.ndarray, expected: float) -> tuple[int, int, float] | None:
    """Return the stretch of bins with the highest likelihood ratio, and its binomial tail."""
    total = np.concatenate([[0.0], np.cumsum(n)])
    scrap = np.concatenate([[0.0], np.cumsum(bad)])
    units = total[None, :] - total[:, None]
    found = scrap[None, :] - scrap[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.clip(found / units, 1e-300, 1 - 1e-16)
        ratio = found * np.log(share / expected)
        ratio += (units - found) * np.log((1 - share) / (1 - expected))
    ratio[~((units > 0) & (share > expected) & (found > 0))] = -1.0
    i, j = np.unravel_index(int(np.argmax(ratio)), ratio.shape)
    if ratio[i, j] <= 0:
        return None
    p = float(stats.binom.sf(found[i, j] - 1, units[i, j], expected))
    return int(i), int(j), p


def _counts(run: Run) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return units treated and scrapped by station and bin of time."""
    width = run.horizon_s / BINS if run.horizon_s > 0 else 1.0
    by_lot = [s.id for s in run.plant.stations.values() if rows_are_lots(s)]
    rows = run.sql(
        "SELECT station, least(CAST(floor(end_s / ?) AS INTEGER), ?) AS bin, sum(n) AS n,"
        " sum(CASE WHEN result = 'scrap' THEN n ELSE 0 END) AS bad FROM cycles"
        " GROUP BY station, bin UNION ALL"
        " SELECT station, least(CAST(floor(time_s / ?) AS INTEGER), ?) AS bin, 0 AS n,"
        " sum(n) AS bad FROM units WHERE event = 'scrapped' AND station IN (SELECT unnest(?))"
        " GROUP BY station, bin",
        [width, BINS - 1, width, BINS - 1, by_lot],
    )
    found: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for name, mine in rows.groupby("station", observed=True):
        if str(name) not in run.plant.stations:
            continue
        bins = mine["bin"].to_numpy(dtype=np.intp)
        n = np.bincount(bins, mine["n"].to_numpy(dtype=np.float64), BINS)
        bad = np.bincount(bins, mine["bad"].to_numpy(dtype=np.float64), BINS)
        found[str(name)] = (n, np.minimum(bad, np.maximum(n, bad)))
    return found


def _flag(run: Run, station: Station, burst: Burst, expected: float) -> Flag:
    cycles = nominal_robot_cycles(run) if station.kind == "robot" else {}
    ideal_s = ideal_row_s(station, cycles) or 0.0
    extra = burst.bad - expected * burst.n
    loss = impact(
        run, station.machine_ids, burst.since_s, burst.until_s, lost_s=extra * ideal_s,
        ideal_unit_s=ideal_s,
    )  # fmt: skip
    is_open = burst.until_s >= run.horizon_s
    name = name_of(station.label, station.id)
    when = period(run.scenario.start, burst.since_s, burst.until_s, is_open=is_open)
    observed = burst.bad / burst.n
    return Flag(
        workcell=run.plant.workcell_of.get(station.id, station.workcell),
        resource=station.id,
        since_s=burst.since_s,
        until_s=burst.until_s,
        cause="scrap_burst",
        substep=None,
        lost_units=extra,
        severity=severity_of(observed - expected, extra),
        evidence={
            "expected": expected,
            "observed": observed,
            "unit": "share of units scrapped",
            "n": burst.n,
            "scrapped": burst.bad,
            "p_value": burst.p_value,
            "method": METHOD,
            "open": is_open,
            **loss.evidence(),
            "plant_loss_units": extra,
        },
        title=f"{name}: {100 * observed:.1f} % scrap",
        text=f"{name} scrapped {burst.bad} of {burst.n} units {when}: {100 * observed:.1f} %"
        f" instead of {100 * expected:.1f} %. The plant loses {extra:.0f} units by it.",
    )
