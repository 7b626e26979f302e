"""Product flow: shipped units, work in progress, flow time.

Everything follows from the genealogy (table ``units``). Work in progress counts units of the items
marked ``product``; in a plant that marks none, every item counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from twin.kpi.reasons import Reasons
from twin.kpi.window import Window
from twin.plant.plant import Plant
from twin.run.run import Run

_MOST_PACKINGS = 32
_EVENTS = """
WITH lots AS (SELECT DISTINCT lot FROM units WHERE item IN (SELECT unnest($1))),
items AS (SELECT DISTINCT item FROM units WHERE item IN (SELECT unnest($1))),
told AS (SELECT time_s, event, lot, item, n, parent, item IN (SELECT item FROM items) AS own,
 parent IN (SELECT lot FROM lots) AS fed FROM units)
SELECT time_s, event, lot, item, n, parent FROM told
 WHERE NOT (event = 'packed' AND own AND fed) AND NOT (event = 'joined' AND NOT fed)
UNION ALL
SELECT max(time_s), event, lot, item, CAST(sum(n) AS INTEGER), parent FROM told
 WHERE event = 'packed' AND own AND fed GROUP BY event, lot, item, parent
"""
UNKNOWN_SHARE = 0.01
"""Share of shipped units of unknown age above which no mean flow time is given."""


def product_items(plant: Plant) -> frozenset[str]:
    """Return the items counted as product."""
    marked = {i.id for i in plant.items if i.product} | {p.item for p in plant.products}
    return frozenset(marked or {i.id for i in plant.items})


@dataclass(frozen=True)
class Flow:
    """Product flow over a window, in product units."""

    shipped: int
    scrapped: int
    mean_wip: float
    final_wip: int
    mean_flow_time_s: float | None
    flow_time_units: int
    why: dict[str, str]


def flow(run: Run, window: Window) -> Flow:
    """Compute the product flow of a run."""
    events = read_events(run)
    inside = (events["time_s"] > window.from_s) & (events["time_s"] <= window.to_s)
    product = events["product"]
    changes = wip_changes(events)
    known = changes["time_s"] <= window.to_s
    held_s = window.to_s - np.maximum(changes["time_s"][known], window.from_s)
    length_s = max(window.length_s, 1e-12)
    shipped = inside & product & (events["event"] == "shipped")
    scrapped = inside & product & (events["event"] == "scrapped")
    why = Reasons()
    mean_s, n = _flow_time(events, shipped, why)
    return Flow(
        shipped=int(events["n"][shipped].sum()),
        scrapped=int(events["n"][scrapped].sum()),
        mean_wip=float((changes["n"][known] * held_s).sum() / length_s),
        final_wip=int(changes["n"][known].sum()),
        mean_flow_time_s=mean_s,
        flow_time_units=n,
        why=why.why,
    )


def read_events(run: Run) -> pd.DataFrame:
    """Return the genealogy with a column ``product`` and, of packings, ``from_product``.

    What says nothing about products is left out, and units packed from one product lot into another
    are one row: that changes no number of units, and keeps the memory of a large run small.
    """
    events = run.sql(_EVENTS, [sorted(product_items(run.plant))])
    product = events["item"].isin(product_items(run.plant))
    product_lots = pd.Series(events["lot"][product].unique())
    born = product & events["event"].isin(["created", "packed"])
    turned = product_lots[~product_lots.isin(events["lot"][born])]  # became product on the way
    events["product"] = product | events["lot"].isin(turned)
    events["from_product"] = events["parent"].isin(product_lots)
    return events


def wip_changes(events: pd.DataFrame) -> pd.DataFrame:
    """Return ``time_s`` and ``n`` of every change of the number of product units in the plant."""
    event, n = events["event"], events["n"].to_numpy()
    into = np.where(event.isin(["created", "packed"]) & events["product"], n, 0)
    gone = np.where(event.isin(["scrapped", "shipped"]) & events["product"], n, 0)
    used = np.where(event.isin(["joined", "packed"]) & events["from_product"], n, 0)
    changes = pd.DataFrame({"time_s": events["time_s"], "n": into - gone - used})
    return changes[changes["n"] != 0]


def _flow_time(
    events: pd.DataFrame, shipped: pd.Series[bool], why: Reasons
) -> tuple[float | None, int]:
    """Return the mean time from creation to shipping, and the units it stands for."""
    units = int(events["n"][shipped].sum())
    if not units:
        why.missing("mean_flow_time_s", "nothing was shipped in the window")
        return None, 0
    ages = shipped_ages(events, shipped)
    known = ages.dropna(subset="age_s")
    n = int(known["n"].sum())
    if units - n > UNKNOWN_SHARE * units:
        why.missing(
            "mean_flow_time_s",
            f"{units - n} of the {units} shipped units were in the plant when the run began:"
            " their age is not known",
        )
        return None, n
    return float((known["age_s"] * known["n"]).sum() / n), n


def shipped_ages(events: pd.DataFrame, shipped: pd.Series[bool]) -> pd.DataFrame:
    """Return age and number of shipped units; the age is NaN where they began before the run."""
    births = lot_births(events)
    rows = events[shipped]
    born = rows["lot"].map(births).to_numpy(dtype=float)
    age = np.where(born > 0.0, rows["time_s"].to_numpy() - born, np.nan)
    return pd.DataFrame({"age_s": age, "n": rows["n"].to_numpy()})


def lot_births(events: pd.DataFrame) -> pd.Series[float]:
    """Return the mean time of creation of the units in each product lot.

    Units packed from one lot to another keep the age of the lot they came from. A lot with any
    unit that was there at time 0 has the birth 0: unknown.
    """
    made = events[events["product"]]
    created = made[made["event"] == "created"]
    births: pd.Series[float] = _weighted_births(created["lot"], created["time_s"], created["n"])
    packed = made[(made["event"] == "packed") & made["from_product"]]
    for _ in range(_MOST_PACKINGS):
        known = packed[packed["parent"].isin(births.index) & ~packed["lot"].isin(births.index)]
        if known.empty:
            break
        new = _weighted_births(known["lot"], known["parent"].map(births), known["n"])
        births = pd.concat([births, new])
    return births


def _weighted_births(
    lot: pd.Series[int], born_s: pd.Series[float], n: pd.Series[int]
) -> pd.Series[float]:
    frame = pd.DataFrame({"lot": lot, "weighted": born_s * n, "n": n, "born_s": born_s})
    sums = frame.groupby("lot").agg(
        weighted=("weighted", "sum"), n=("n", "sum"), first=("born_s", "min")
    )
    return (sums["weighted"] / sums["n"]).where(sums["first"] > 0, 0.0)
