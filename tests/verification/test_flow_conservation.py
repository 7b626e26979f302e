"""Nothing is lost with routes, products, orders and release rules: random plants of all of them.

The engine checks its invariants at every flush; here its tables are checked from the outside.  A
run may end in a deadlock (that is a property of the plant): what it wrote must add up all the same.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from sim import simulate
from sim.errors import Deadlocked
from tests.support.flows import order, route, way
from tests.support.plants import buffer, exponential, scenario, sink, source, station, tiny_plant
from tests.verification.test_conservation import check_levels
from twin.plant.plant import Plant
from twin.run.run import Run

NAMES = ("red", "pink", "blue")
COUPLED = ("tested", "broken", "left", "right", "right_done", "raw", "baked", "lids", "joined",
           "cores")  # fmt: skip
"""Buffers that may have capacity 0."""
BREAKDOWN = {"mtbf_h": 0.05, "mttr_h": 0.005}
CHOICES = st.fixed_dictionaries(
    {
        "feed": st.sampled_from(["mix", "orders", "product"]),
        "wip": st.none() | st.integers(3, 12),
        "lot": st.integers(1, 3),
        "capacity": st.integers(2, 6),
        "coupled": st.sets(st.sampled_from(COUPLED)),
        "machines": st.integers(1, 3),
        "dispatch": st.sampled_from(
            ["fifo", "priority", "earliest_due_date", "shortest_processing_time"]
        ),
        "setup": st.sampled_from(["fifo", "same_family_first"]),
        "rework": st.sampled_from([0.05, 0.3]),
        "passes": st.integers(1, 3),
        "rule": st.sampled_from(["priority", "least_full", "round_robin", "share"]),
        "pick": st.sampled_from(["priority", "round_robin", "longest", "oldest"]),
        "mix": st.sampled_from(["any", "family", "product"]),
        "least": st.integers(1, 3),
        "patience_s": st.sampled_from([0.0, 20.0]),
        "loading": st.sampled_from(["one_by_one", "simultaneous"]),
        "kanban": st.booleans(),
        "demand": st.booleans(),
        "policy": st.sampled_from([None, "resume", "restart"]),
        "clock": st.sampled_from(["operating", "calendar"]),
    }
)


def everything_flows(pick: dict[str, Any]) -> Plant:
    """Prepare, inspect (with rework), split, merge, bake, join with a lid, take apart."""
    cap, lot = pick["capacity"], pick["lot"]
    trouble: dict[str, Any] = {}
    if pick["policy"]:
        trouble["breakdown"] = {**BREAKDOWN, "unit": pick["policy"], "clock": pick["clock"]}
    parallel = {"machines": pick["machines"], "pitch_m": [2, 0], **trouble}
    lane = {"share": 1.5} if pick["rule"] == "share" else {}
    cards = {"kanban": cap} if pick["kanban"] else {}
    grades = [{"name": "ok", "share": 0.9 - pick["rework"]}, {"name": "scrap", "share": 0.1},
              {"name": "rework", "share": pick["rework"]}]  # fmt: skip
    recipe = {"product": "blue", "cycle": exponential(3.0), "yield": 0.8, "family": "cold"}
    stations = [
        station("prep", take="in", put="prepared", cycle=exponential(1.5), recipes=[recipe],
                dispatch=pick["dispatch"], **parallel,
                changeover={"default_s": 4.0, "times_s": {"warm": {"cold": 9}},
                            "rule": pick["setup"]}),
        station("test", take="prepared", put=None, cycle=exponential(1.0), results=grades,
                machines=pick["machines"], pitch_m=[0, 2],
                route=route("priority", way("tested", results=["ok"]),
                            way("broken", results=["rework"], max_passes=pick["passes"]))),
        station("repair", take="broken", put="prepared", cycle=exponential(2.0), **trouble),
        station("sort", take="tested", put=None, cycle=0.5, **trouble,
                route=route(pick["rule"], way("left", **lane), way("right", **lane))),
        station("left_lane", take="left", put="left_done", cycle=exponential(2.0), **parallel),
        station("right_lane", take="right", put="right_done", cycle=exponential(2.5), **trouble),
        station("merge", take=[{"from": "left_done"}, {"from": "right_done", "priority": 1}],
                put="raw", pick=pick["pick"], cycle=0.3, **trouble),
        station("oven", take="raw", put="baked", kind="batch", batch_lots=3,
                batch_min_lots=pick["least"], max_wait=pick["patience_s"] * (pick["least"] < 4),
                batch_mix=pick["mix"], cycle=exponential(4.0), **parallel),
        station("join", take=[{"from": "baked"}, {"from": "lids", "units": 2}], put="joined",
                kind="assembly", product="pair", loading=pick["loading"],
                cycle=exponential(0.8), **{**parallel, "machines": 2}),
        station("open", take="joined", put=None, cycle=0.4, **trouble,
                parts=[{"item": "core"}, {"item": "chip", "units": 5}],
                route=route("priority", way("cores"), way("out"))),
        station("ship", take="cores", put="pulled", cycle=0.1),
    ]  # fmt: skip
    feed: dict[str, Any] = {"product": {"product": "red"}, "orders": {"orders": True}}.get(
        pick["feed"], {"mix": {"red": 2, "pink": 1, "blue": 1}}
    )
    if pick["wip"]:
        feed["release"] = {"kind": "conwip", "wip": pick["wip"], "until": "test"}
    coupled = set(pick.get("coupled", ())) - {
        "right_done" if pick["pick"] == "oldest" else "",
        "raw" if pick["mix"] != "any" else "",
        "lids" if pick["loading"] == "simultaneous" else "",
        "left" if pick["kanban"] else "",
    }
    places = {"in": "part", "prepared": "part", "tested": "part", "broken": "part", "left": "part",
              "right": "part", "right_done": "part", "raw": "part", "baked": "part",
              "lids": "lid", "joined": "pair", "cores": "core"}  # fmt: skip
    return tiny_plant(
        stations,
        items=[{"id": "part", "units_per_lot": lot, "product": True}, {"id": "lid"},
               {"id": "pair", "product": True}, {"id": "core", "product": True},
               {"id": "chip", "units_per_lot": 2}],
        buffers=[*(buffer(name, item=item, capacity=0 if name in coupled else cap)
                   for name, item in places.items()),
                 buffer("left_done", capacity=cap, **cards)],
        sources=[source("src", "in", **feed), source("lid_src", "lids", item="lid")],
        sinks=[sink(), {**sink("pulled"), **(
            {"demand": {"interval": exponential(2.0)}} if pick["demand"] else {})}],
        products=[{"id": name, "energy_wh": 1.0, "item": "core", "priority": k,
                   "family": "cold" if name == "blue" else "warm"}
                  for k, name in enumerate(NAMES)],
        orders=[order(f"o{k}", NAMES[k % 3], 1 + 5 * k, release=30.0 * k, due=200.0 + 40 * k,
                      priority=k % 2) for k in range(12)] if pick["feed"] == "orders" else [],
    )  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    choices=CHOICES,
    seed=st.integers(0, 2**31),
    initial=st.sampled_from(["empty", "steady"]),
)
def test_every_run_adds_up(choices: dict[str, Any], seed: int, initial: str) -> None:
    plant = everything_flows(choices)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r"
        try:
            run = simulate(scenario(plant, 900.0, seed=seed, initial=initial), path)
        except Deadlocked:
            event("deadlocked")
            run = Run.open(path)
        check_all(run)


def check_all(run: Run) -> None:
    check_levels(run)
    check_cycles_of_flows(run)
    check_passes(run)
    check_labels(run)
    check_orders(run)
    if run.manifest.status == "complete":
        check_states_of_flows(run)


def check_states_of_flows(run: Run) -> None:
    """The intervals of every machine tile the run."""
    rows = run.table("states").sort_values(["resource", "start_s"], kind="stable")
    for _, own in rows.groupby("resource", observed=True):
        start, end = own["start_s"].to_numpy(), own["end_s"].to_numpy()
        assert start[0] == 0
        assert end[-1] == run.horizon_s
        np.testing.assert_array_equal(start[1:], end[:-1])


def check_cycles_of_flows(run: Run) -> None:
    """Visits of a machine follow one another, and no unit is at two stations at a time."""
    rows = run.table("cycles")
    assert (rows["end_s"] - rows["start_s"] - rows["duration_s"] > -1e-6).all()
    for machine, own in rows.groupby("machine", observed=True):
        visits = own.drop_duplicates("start_s").sort_values("start_s")
        gaps = visits["start_s"].to_numpy()[1:] - visits["end_s"].to_numpy()[:-1]
        assert (gaps > -1e-6).all(), machine
    units = rows[rows["unit"] >= 0].sort_values(["unit", "start_s"])
    same = units["unit"].to_numpy()[1:] == units["unit"].to_numpy()[:-1]
    gaps = units["start_s"].to_numpy()[1:] - units["end_s"].to_numpy()[:-1]
    assert (gaps[same] > -1e-6).all()


def check_passes(run: Run) -> None:
    """No lot goes the rework route more often than it may."""
    limit = next(way.max_passes for way in run.plant.stations["test"].route.ways if way.max_passes)
    lots = run.table("units", where="event = 'reworked'")["lot"]
    assert max(Counter(lots).values(), default=0) <= limit


def check_labels(run: Run) -> None:
    """A lot has one product, for ever, and parts of a lot have that of the lot."""
    labels = run.table("lot_products")
    assert not labels["lot"].duplicated().any()
    product = dict(zip(labels["lot"], labels["product"].astype(str), strict=True))
    events = run.table("units")
    packed = events[events["event"] == "packed"]
    for lot, parent in zip(packed["lot"], packed["parent"], strict=True):
        assert product[lot] == product[parent]


def check_orders(run: Run) -> None:
    """Every order is there once; one that is finished has no unit left anywhere."""
    rows = run.table("orders")
    assert sorted(rows["order"].astype(str)) == sorted(o.id for o in run.plant.orders)
    done = rows.dropna(subset=["finished_s"])
    # One unit becomes one core and five chips; five leave by 'out' in lots of two.
    assert (done["scrap"] <= done["units"]).all()
    assert (done["good"] + done["scrap"] >= done["units"] * (done["good"] > 0)).all()
    assert (done["released_s"] >= done["release_s"]).all()
    assert (done["finished_s"] >= done["start_s"]).all()


def test_the_plant_of_this_test_works(tmp_path: Path) -> None:
    """It makes, reworks, scraps, sets up and finishes orders."""
    choices = {
        "feed": "orders", "wip": 8, "lot": 2, "capacity": 6, "machines": 2, "dispatch": "priority",
        "setup": "same_family_first", "rework": 0.3, "passes": 2, "rule": "least_full",
        "pick": "oldest", "mix": "any", "least": 1, "patience_s": 20.0,
        "loading": "simultaneous", "kanban": True, "demand": True, "policy": "resume",
        "clock": "calendar",
    }  # fmt: skip
    run = simulate(scenario(everything_flows(choices), 3_600.0), tmp_path / "r")
    check_all(run)
    events = run.table("units")["event"].value_counts()
    assert all(events[name] > 20 for name in ("reworked", "packed", "joined", "shipped"))
    assert run.manifest.totals["scrapped"] > 20
    assert (run.table("orders")["finished_s"] > 0).sum() >= 6
    setups = run.table("states", where="reason = 'changeover'")
    assert len(setups) > 5


@pytest.mark.parametrize("feed", ["mix", "orders"])
def test_the_same_seed_gives_the_same_run(feed: str, tmp_path: Path) -> None:
    choices = {
        "feed": feed, "wip": None, "lot": 1, "capacity": 4, "machines": 2, "dispatch": "fifo",
        "setup": "fifo", "rework": 0.05, "passes": 2, "rule": "share", "pick": "longest",
        "mix": "any", "least": 2, "patience_s": 0.0, "loading": "one_by_one", "kanban": False,
        "demand": False, "policy": None, "clock": "operating",
    }  # fmt: skip
    runs = [
        simulate(scenario(everything_flows(choices), 600.0, seed=12), tmp_path / str(k))
        for k in range(2)
    ]
    assert runs[0].manifest.digest == runs[1].manifest.digest
