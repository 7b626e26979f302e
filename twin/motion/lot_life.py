"""The life of every lot, and its stays in places, from the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from twin.run.run import Run


@dataclass(frozen=True)
class Life:
    """When a lot exists.

    Attributes
    ----------
    item : str
        Item it is created as.
    origin : str
        Source, place, station or machine it is created at.
    born_s, gone_s : float
        From the first event to the one that takes its last unit; the end of the run if none does.
    """

    item: str
    origin: str
    born_s: float
    gone_s: float


@dataclass(frozen=True)
class Stay:
    """A lot's stay in a place; `slot` is -1 where the log names none."""

    place: str
    slot: int
    t0_s: float
    t1_s: float


@dataclass(frozen=True)
class Gap:
    """A time in which a lot is in no place; `before` is the place it left, empty at its birth.

    `after` is the place it comes to, empty where its life or the run ends.
    """

    before: str
    after: str
    t0_s: float
    t1_s: float


def lives(run: Run) -> dict[int, Life]:
    """Return the life of every lot in the log of units."""
    columns = ["time_s", "event", "lot", "item", "n", "parent", "station"]
    rows = run.table("units", columns)
    if rows.empty:
        return {}
    gone = _gone_s(rows)
    births = rows[rows["event"].isin(["created", "packed"])].drop_duplicates("lot")
    return {
        int(lot): Life(str(item), str(station), float(t), gone.get(int(lot), run.horizon_s))
        for t, lot, item, station in births[["time_s", "lot", "item", "station"]].itertuples(
            index=False
        )
    }


def _gone_s(rows: pd.DataFrame) -> dict[int, float]:
    """Return when lots whose units have all been used, scrapped or shipped lost the last one."""
    created = rows[rows["event"] == "created"].drop_duplicates("lot", keep="last")
    packed = rows[rows["event"] == "packed"].groupby("lot", as_index=False)[["time_s", "n"]]
    units = pd.concat([created[["lot", "time_s", "n"]], packed.agg({"time_s": "min", "n": "sum"})])
    used = rows[rows["parent"] >= 0].assign(lot=lambda found: found["parent"])
    lost = rows[rows["event"].isin(["scrapped", "shipped"])]
    losses = pd.concat([used, lost])[["lot", "time_s", "n"]]
    # a roll becomes a lot of sheets when it is cut: what it lost before does not count
    losses = losses.merge(units[["lot", "time_s"]], on="lot", suffixes=("", "_created"))
    losses = losses[losses["time_s"] >= losses["time_s_created"]]
    total = losses.groupby("lot", as_index=False)[["n", "time_s"]].agg(
        {"n": "sum", "time_s": "max"}
    )
    both = units.merge(total, on="lot", how="left", suffixes=("", "_lost"))
    both["end"] = both["time_s_lost"].fillna(both["time_s"])
    over = both[both["n_lost"].fillna(0) >= both["n"]]
    return dict(zip(over["lot"].tolist(), over["end"].tolist(), strict=True))


def stays(run: Run) -> dict[int, list[Stay]]:
    """Return every lot's stays in buffers, conveyors and stores, in order of time."""
    levels = run.table("levels", ["place", "time_s", "change", "lot", "slot"])
    rows = levels[levels["lot"] >= 0].copy()
    rows["n"] = rows.groupby(["place", "lot", "change"], observed=True, sort=False).cumcount()
    came = rows[rows["change"] > 0]
    left = rows[rows["change"] < 0][["place", "lot", "n", "time_s"]]
    both = came.merge(left, on=["place", "lot", "n"], how="left", suffixes=("", "_left"))
    both["time_s_left"] = both["time_s_left"].fillna(run.horizon_s)
    both = both.sort_values(["lot", "time_s", "time_s_left"], kind="stable")
    found: dict[int, list[Stay]] = defaultdict(list)
    columns = both[["lot", "place", "slot", "time_s", "time_s_left"]]
    for lot, place, slot, t0, t1 in columns.itertuples(index=False):
        found[int(lot)].append(Stay(str(place), int(slot), float(t0), float(t1)))
    return dict(found)


def gaps(life: Life, own: list[Stay]) -> Iterator[Gap]:
    """Yield the times of a life in which the lot was in no place."""
    now, before = life.born_s, ""
    for stay in own:
        if stay.t0_s > now:
            yield Gap(before, stay.place, now, stay.t0_s)
        now, before = max(now, stay.t1_s), stay.place
    if life.gone_s > now:
        yield Gap(before, "", now, life.gone_s)
