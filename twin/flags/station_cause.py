# ruff: noqa: S608 - queries are made of constants only
"""Why a station is slow in some stretch of time: from its cycles, its losses and its neighbours.

The cause is found from the tables of the run alone. Cycle times tell most: whether they were off
from the first cycle (the plant file is wrong), creep (a tool wears), only spread more, or are long
for some lots alone. Where cycles are as they should be, the loss that is largest beyond its
expectation is named, and where the station waits for others, who it waits for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from twin.flags.cause import Cause
from twin.flags.losses import StationLosses, station_losses
from twin.flags.origin import origins_of
from twin.flags.product_effect import LINEAGE, contrasts, is_effect
from twin.flags.time_grid import Floats
from twin.kpi.ideal import cycles_in_row, running_pace
from twin.plant.station import Station
from twin.run.run import Run

FIRST_SHARE = 0.02
"""A stretch that begins within this share of the run began with it."""
LEAST_SHIFT = 0.02
"""Smallest relative shift of the mean cycle that counts as one."""
WIDER = 1.4
"""Spread over the usual one from which cycle times count as scattered."""
CONCENTRATED = 0.9
"""Share of the cycles of a stretch that one lot's descendants must have for it to be the cause."""
EXPLAINED = 0.6
"""Share of the shift that the lots of one origin must explain to be the cause."""
LEAST_CYCLES = 10
DIFFERENCE_TO_SD = 0.9539
"""Median of |x1 - x2| over the standard deviation, for normal x: blind to shifts and outliers."""

ACTIONS = {
    "machine_wear": "Change or dress the tool, and shorten its change interval.",
    "wrong_master_data": "Measure the cycle at the machine and correct its time in the plant file.",
    "variance_growth": "Look for play, sticking or uneven material feed at the machine.",
    "product_effect": "Check the settings of this product at the station.",
    "lot_effect": "Check the lot named, and hold back what is left of it.",
    "slow_cycle": "Compare the machine's settings and its drives with those of the time before.",
    "micro_stops": "Watch the machine for an hour and remove the most frequent short stop.",
    "breakdowns": "Look at the failures in the list of alarms, the most frequent first.",
    "scrap_burst": "Inspect the scrapped units, and the settings changed last.",
    "setup": "Look at order and length of the changeovers.",
    "waiting_repair": "Give the repair crew more people, or the station a higher priority.",
    "waiting_worker": "Give the pool of workers more people, or the station a higher priority.",
    "waiting_transport": "See what the vehicles do in this time: the flags of the fleet say it.",
    "waiting_robot": "Look at the robot it waits for.",
    "starved": "Look at the station named upstream: it starves this one.",
    "blocked": "Look at the station named downstream: it blocks this one.",
    "none": "Nothing stands out: watch it.",
}
"""What to do, by cause."""

OWN_NAMES = {"speed": "slow_cycle", "minor_stops": "micro_stops", "scrap": "scrap_burst"}


@dataclass(frozen=True)
class Cycles:
    """Cycles of a station, each over its expected time, before and inside a stretch of time."""

    before: Floats
    inside: Floats
    inside_s: Floats
    after: Floats
    from_start: bool

    @property
    def shift(self) -> float:
        """Relative shift of the mean inside against the expectation."""
        return float(self.inside.mean()) - 1.0 if len(self.inside) else 0.0


def station_cause(
    run: Run, station: str | Station, start_s: float, end_s: float, *, creeps: bool = False
) -> Cause:
    """Return the most likely cause of a station's loss between two moments.

    Parameters
    ----------
    run : Run
    station : str or Station
    start_s, end_s : float
        The time of the flag.
    creeps : bool
        The detector found that a ramp fits its cycles better than a step, with those before.
    """
    model = run.plant.stations[station] if isinstance(station, str) else station
    losses = station_losses(run, model, start_s, end_s)
    rows = _rows(run, model)
    cycles = _split(run, rows, start_s, end_s)
    found = None
    if len(cycles.inside) >= LEAST_CYCLES:
        found = _of_cycles(run, model, rows, cycles=cycles, start_s=start_s, end_s=end_s)
        found = _crept(found, cycles) if creeps else found
    largest, excess_s = next(iter(losses.excess_s().items()), ("speed", 0.0))
    small = excess_s < max(_speed_s(losses), LEAST_SHIFT * losses.planned_s)
    if found is not None and (largest == "speed" or small):
        return _with_losses(found, losses)
    return _with_losses(_of_losses(run, model, losses, start_s=start_s, end_s=end_s), losses)


def _speed_s(losses: StationLosses) -> float:
    return losses.excess_s().get("speed", 0.0)


def _with_losses(cause: Cause, losses: StationLosses) -> Cause:
    evidence = {**losses.evidence(), **cause.evidence}
    return Cause(cause.name, evidence, cause.action, cause.confidence, cause.joint, cause.detail)


def _cause(name: str, confidence: float, detail: str, **evidence: object) -> Cause:
    return Cause(name, evidence, ACTIONS[name], min(max(confidence, 0.0), 1.0), None, detail)


# Cycles --------------------------------------------------------------------------------------


def _rows(run: Run, station: Station) -> pd.DataFrame:
    """Return start, lot, product and (time over expectation) of every cycle of a station."""
    rows = run.sql(
        "SELECT c.start_s, min(c.lot) AS lot, first(c.duration_s) AS duration_s, sum(c.n) AS n,"
        " any_value(l.product) AS product FROM cycles c LEFT JOIN"
        " (SELECT lot, last(product ORDER BY time_s) AS product FROM lot_products GROUP BY lot) l"
        " ON l.lot = c.lot WHERE c.station = ? AND c.start_s > 0"
        " GROUP BY c.machine, c.start_s ORDER BY c.start_s",
        [station.id],
    )
    expected = rows["product"].map(lambda product: _mean_s(station, product))
    cycles = np.array([cycles_in_row(station, n) for n in rows["n"]])
    with np.errstate(divide="ignore", invalid="ignore"):
        rows["ratio"] = rows["duration_s"].to_numpy() / cycles / expected.to_numpy(dtype=np.float64)
    known: pd.DataFrame = rows[np.isfinite(rows["ratio"])]
    return known


def _mean_s(station: Station, product: object) -> float:
    recipe = station.recipe(product) if isinstance(product, str) else None
    own = recipe.cycle if recipe is not None and recipe.cycle is not None else station.cycle
    return own.mean_s * running_pace(station) if own is not None else float("nan")


def _split(run: Run, rows: pd.DataFrame, start_s: float, end_s: float) -> Cycles:
    at = rows["start_s"].to_numpy(dtype=np.float64)
    ratio = rows["ratio"].to_numpy(dtype=np.float64)
    inside = (at >= start_s) & (at < end_s)
    before = at < start_s
    early = start_s <= FIRST_SHARE * run.horizon_s or int(before.sum()) < LEAST_CYCLES
    return Cycles(ratio[before], ratio[inside], at[inside], ratio[at >= end_s], early)


def _of_cycles(
    run: Run, station: Station, rows: pd.DataFrame, *, cycles: Cycles, start_s: float, end_s: float
) -> Cause | None:
    """Return what the cycle times say; None where they are as they should be."""
    shift = cycles.shift
    if shift < LEAST_SHIFT:
        return _spread(cycles)
    return (
        _one_product(rows, start_s, end_s)
        or _one_origin(run, station, shift)
        or _drift(cycles)
        or _one_lot(run, station, rows, start_s=start_s, end_s=end_s)
        or _from_the_start(run, station, cycles, end_s)
        or _cause(
            "slow_cycle", 0.6,
            f"The cycle takes {100 * shift:.1f} % longer from one cycle to the next, for all lots.",
            shift_share=shift,
        )
    )  # fmt: skip


def _crept(found: Cause | None, cycles: Cycles) -> Cause | None:
    """Return wear for what would be called slow: dated when it shows, a ramp looks like a step."""
    if found is None or found.name != "slow_cycle":
        return found
    return _cause(
        "machine_wear", 0.75,
        f"The cycle crept up, and is {100 * cycles.shift:.1f} % too long on average.",
        shift_share=cycles.shift,
    )  # fmt: skip


def _spread(cycles: Cycles) -> Cause | None:
    if len(cycles.before) < LEAST_CYCLES or abs(cycles.shift) >= LEAST_SHIFT:
        return None
    usual, now = float(np.std(cycles.before)), float(np.std(cycles.inside))
    if not usual or now < WIDER * usual:
        return None
    f = (now / usual) ** 2
    p = float(stats.f.sf(f, len(cycles.inside) - 1, len(cycles.before) - 1))
    if p > 1e-4:
        return None
    return _cause(
        "variance_growth", 0.8,
        f"Cycle times scatter {now / usual:.1f} times as much around the same mean.",
        spread_factor=now / usual, p_value=p,
    )  # fmt: skip


def _drift(cycles: Cycles) -> Cause | None:
    """A tool wears where cycles creep up: the rise explains the shift, a step does not better."""
    x, y = cycles.inside_s, cycles.inside
    if len(y) < 2 * LEAST_CYCLES or x[-1] <= x[0]:
        return None
    fit = stats.linregress(x, y)
    rise = float(fit.slope * (x[-1] - x[0]))
    left = float(((y - fit.intercept - fit.slope * x) ** 2).sum())
    step = _best_step(y)
    if rise < max(cycles.shift, LEAST_SHIFT) or fit.pvalue > 1e-4 or left > step:
        return None
    per_h = float(fit.slope * 3600)
    return _cause(
        "machine_wear", 0.85,
        f"The cycle creeps up by {100 * per_h:.1f} % per hour.",
        growth_per_h=per_h, rise_share=rise, p_value=float(fit.pvalue),
    )  # fmt: skip


def _best_step(y: Floats) -> float:
    """Return the squared residuals of the best single step."""
    n = len(y)
    sums, squares = np.cumsum(y), float((y**2).sum())
    k = np.arange(1, n)
    gain = sums[:-1] ** 2 / k + (sums[-1] - sums[:-1]) ** 2 / (n - k)
    return squares - float(gain.max())


def _from_the_start(run: Run, station: Station, cycles: Cycles, end_s: float) -> Cause | None:
    if not cycles.from_start or end_s < (1 - FIRST_SHARE) * run.horizon_s:
        return None
    sd = float(np.median(np.abs(np.diff(cycles.inside)))) / DIFFERENCE_TO_SD or 1e-9
    halves = np.array_split(cycles.inside, 2)
    error = sd * np.sqrt(1 / len(halves[0]) + 1 / len(halves[1]))
    if abs(float(halves[0].mean() - halves[1].mean())) > max(4 * error, 0.1 * cycles.shift):
        return None
    factor = 1.0 + cycles.shift
    true_s = station.mean_cycle_s * factor
    return _cause(
        "wrong_master_data", 0.75,
        f"The cycle was never what the plant file says: {true_s:.3g} s from the first cycle on"
        f" instead of {station.mean_cycle_s:.3g} s.",
        cycle_factor=factor, true_cycle_s=true_s,
    )  # fmt: skip


def _one_product(rows: pd.DataFrame, start_s: float, end_s: float) -> Cause | None:
    inside = rows[(rows["start_s"] >= start_s) & (rows["start_s"] < end_s)]
    means = inside.groupby("product")["ratio"].agg(["mean", "count", "std"])
    means = means[means["count"] >= LEAST_CYCLES].sort_values("mean")
    if len(means) < 2:
        return None
    worst, rest = means.iloc[-1], means.iloc[:-1]
    over = float(worst["mean"]) - 1.0
    others = float((rest["mean"] * rest["count"]).sum() / rest["count"].sum()) - 1.0
    if others > max(0.25 * over, 0.01):
        return None
    product = str(means.index[-1])
    return _cause(
        "product_effect", 0.85,
        f"Only product {product} takes longer, by {100 * over:.1f} %.",
        product=product, shift_share=over, others_share=others,
    )  # fmt: skip


def _one_origin(run: Run, station: Station, shift: float) -> Cause | None:
    """Lots of one upstream machine or source lot explain most of the shift."""
    for found in contrasts(run):
        mine = found.station == station.id and found.measure == "cycle"
        if mine and found.factor != "product" and is_effect(found):
            if found.difference * found.share < EXPLAINED * shift:
                continue
            return _cause(
                "lot_effect", 0.85,
                f"Only lots from {found.group} take longer, by {100 * found.difference:.1f} %.",
                origin=found.group, factor=found.factor, p_value=found.p_value,
            )  # fmt: skip
    return None


def _one_lot(
    run: Run, station: Station, rows: pd.DataFrame, *, start_s: float, end_s: float
) -> Cause | None:
    """One lot is the cause where nearly all cycles inside are of its descendants, and no others."""
    found = run.sql(
        "WITH seen AS (SELECT DISTINCT lot, start_s >= ? AND start_s < ? AS inside FROM cycles"
        f" WHERE station = ?), {LINEAGE}"
        " SELECT line.ancestor, avg(CASE WHEN s.inside THEN 1.0 ELSE 0.0 END) AS own,"
        " count(*) FILTER (s.inside) AS n FROM line JOIN seen s ON s.lot = line.lot"
        " WHERE line.ancestor <> line.lot GROUP BY line.ancestor"
        " ORDER BY n DESC, own DESC, line.ancestor LIMIT 3",
        [start_s, end_s, station.id],
    )
    lots = rows[(rows["start_s"] >= start_s) & (rows["start_s"] < end_s)]["lot"].nunique()
    for ancestor, own, n in found.itertuples(index=False):
        if n >= CONCENTRATED * lots and own >= CONCENTRATED and n >= 3:
            return _cause(
                "lot_effect", 0.7,
                f"Slow are the lots made from lot {int(ancestor)}, and only those.",
                source_lot=int(ancestor), share_of_lots=float(n / lots), share_inside=float(own),
            )  # fmt: skip
    return None


# Losses --------------------------------------------------------------------------------------


def _of_losses(
    run: Run, station: Station, losses: StationLosses, *, start_s: float, end_s: float
) -> Cause:
    """Return the loss that is largest: its own beyond expectation, or waiting for others."""
    own, own_s = next(iter(losses.excess_s().items()))
    wait, wait_s = next(iter(losses.external_s().items()))
    planned_s = max(losses.planned_s, 1e-9)
    if max(own_s, wait_s) < LEAST_SHIFT * planned_s:
        return _cause("none", 0.2, "No loss stands out.")
    if own_s >= wait_s or (own_s >= LEAST_SHIFT * planned_s and wait in {"starved", "blocked"}):
        name = OWN_NAMES.get(own, own)
        share = 100 * own_s / planned_s
        words = own.replace("_", " ")
        return _cause(name, 0.6, f"It loses {share:.1f} % of its time to {words} beyond"
                      " expectation.", excess_s=own_s)  # fmt: skip
    detail = f"It waits {100 * wait_s / planned_s:.0f} % of its time ({wait.replace('_', ' ')})."
    evidence: dict[str, object] = {"waiting_s": wait_s}
    if wait in {"starved", "blocked"}:
        shares = origins_of(run, station.id, wait, start_s, end_s)
        evidence["origins_s"] = {str(origin): s for origin, s in shares.items()}
        if shares:
            first = next(iter(shares))
            detail += f" Most of it comes from {first.resource} ({first.why.replace('_', ' ')})."
    return _cause(wait, 0.6, detail, **evidence)
