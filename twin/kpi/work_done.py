# ruff: noqa: S608 - queries are made of column names and numbers only
"""Work done where rows alone do not tell: units scrapped half-way, and products of own cycles.

A unit that a failure scraps is in `cycles` with the work that was done on it; it ends when the
machine fails (units of a lot) or is repaired (a unit alone, a batch). It counts by the share that
was done: its work over the mean work of whole units of its product at that station.
"""

from __future__ import annotations

from dataclasses import dataclass

from twin.kpi.ideal import PER_LOT, ideal_product_row_s
from twin.kpi.state_map import MINOR_STOP
from twin.kpi.window import Window
from twin.plant.station import Station
from twin.run.run import Run

SAME_MOMENT_S = 1e-4


@dataclass(frozen=True)
class ProductWork:
    """Rows of one product at one station, whole ones or those cut short by a failure.

    Attributes
    ----------
    product : str
        Empty without.
    cut : bool
    rows, units : float
        By their shares inside the window.
    row_work_s, unit_work_s : float
        Their work inside the window; of `n` units in a row, `n` times its work.
    finished : int
        Units that ended inside the window.
    finished_work_s : float
        Their work, wherever it was done.
    """

    product: str
    cut: bool
    rows: float
    units: float
    row_work_s: float
    unit_work_s: float
    finished: int
    finished_work_s: float


@dataclass(frozen=True)
class WorkDone:
    """What a station has done over a window, as a plant of whole units would have.

    Attributes
    ----------
    ideal_s : float or None
        Machine time it would have taken ideally; None where the ideal cycle is unknown.
    units : float
        Units (``batch``: lots) it stands for, those cut short by their shares.
    undone_units : float
        Finished units, less those they stand for: what was missing in units cut short.
    """

    ideal_s: float | None
    units: float
    undone_units: float


def has_own_cycles(station: Station) -> bool:
    """Whether products have cycles of their own at a station."""
    return any(recipe.cycle for recipe in station.recipes)


def scraps_half_way(station: Station) -> bool:
    """Whether a failure may end a unit before its time, and its rows tell."""
    if station.kind == "store" or (station.record == "lot" and station.kind not in PER_LOT):
        return False
    return any(mode.unit == "scrap" for mode in station.failure_modes.values())


def product_work(run: Run, window: Window) -> dict[str, list[ProductWork]]:
    """Return the work of the stations for which `cycle_sums` is not enough."""
    stations = run.plant.stations.values()
    scrapping = [s.id for s in stations if scraps_half_way(s)]
    special = [*scrapping, *(s.id for s in stations if has_own_cycles(s))]
    if not special:
        return {}
    share = (
        f"CASE WHEN end_s > start_s THEN {window.overlap_sql()} / (end_s - start_s)"
        f" WHEN {window.inside_sql()} THEN 1.0 ELSE 0.0 END"
    )
    done = f"CASE WHEN {window.inside_sql()} THEN n ELSE 0 END"
    product = "''"
    labels = ""
    if "lot_products" in run.manifest.rows:
        product = "coalesce(CAST(p.product AS VARCHAR), '')"
        labels = " LEFT JOIN lot_products p ON p.lot = r.lot"
    rows = run.sql(
        "WITH stops AS (SELECT CAST(resource AS VARCHAR) AS machine, unnest([start_s, end_s])"
        " AS end_s FROM states WHERE kind = 'machine' AND state IN ('down', 'waiting_repair')"
        f" AND reason <> '{MINOR_STOP}'),"
        " own AS (SELECT CAST(station AS VARCHAR) AS station, CAST(machine AS VARCHAR) AS machine,"
        " lot, n, duration_s, end_s, station IN (SELECT unnest(?)) AND (result = 'scrap'"
        f" OR unit < 0) AS may, end_s + {SAME_MOMENT_S} AS until_s, {share} AS share,"
        f" {done} AS done FROM cycles WHERE end_s > {window.from_s!r}"
        f" AND start_s <= {window.to_s!r} AND station IN (SELECT unnest(?))),"
        " judged AS (SELECT own.*, coalesce(may AND own.end_s - stops.end_s <="
        f" {SAME_MOMENT_S}, false) AS cut FROM own ASOF LEFT JOIN stops"
        " ON own.machine = stops.machine AND own.until_s >= stops.end_s)"
        f" SELECT r.station, {product} AS product, cut, sum(share), sum(n * share),"
        " sum(duration_s * share), sum(n * duration_s * share), sum(done), sum(done * duration_s)"
        f" FROM judged r{labels} GROUP BY ALL ORDER BY ALL",
        [scrapping, special],
    )
    found: dict[str, list[ProductWork]] = {}
    for station, product_id, cut, *sums in rows.itertuples(index=False):
        shares, units, row_s, unit_s, finished, finished_s = sums
        found.setdefault(str(station), []).append(
            ProductWork(
                str(product_id), bool(cut), float(shares), float(units), float(row_s),
                float(unit_s), int(finished), float(finished_s),
            )
        )  # fmt: skip
    return found


def work_done(
    station: Station, works: list[ProductWork], robot_cycles_s: dict[str, float]
) -> WorkDone:
    """Add up what a station has done."""
    by_lot = station.kind in PER_LOT
    whole_s = {w.product: w.row_work_s / w.rows for w in works if not w.cut and w.rows}
    ideal_s: float | None = 0.0
    units = undone = 0.0
    for work in works:
        per_row = ideal_product_row_s(station, work.product, robot_cycles_s)
        amount = work.rows if by_lot else work.units
        if work.cut:
            unit_s = whole_s.get(work.product) or (per_row or 0.0) * _units_of_cycle(station)
            amount = (work.row_work_s if by_lot else work.unit_work_s) / unit_s if unit_s else 0.0
            undone += work.finished - (work.finished_work_s / unit_s if unit_s else 0.0)
        units += amount
        ideal_s = None if ideal_s is None or per_row is None else ideal_s + per_row * amount
    return WorkDone(ideal_s, units, undone)


def _units_of_cycle(station: Station) -> int:
    """Return how many units (``batch``: lots) one cycle does."""
    return station.batch_lots if station.kind == "batch" else station.units_per_cycle
