"""Nothing is lost and nothing appears: properties of every run, over random small plants.

The engine checks its own invariants at every flush (`sim.invariants`); here the tables it wrote
are checked from the outside, without looking into the engine.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim import Cancelled, simulate
from tests.support.plants import everything, scenario
from twin.run.run import Run

BREAKDOWN = st.fixed_dictionaries(
    {
        "mtbf_h": st.floats(0.01, 0.1),
        "mttr_h": st.floats(0.001, 0.02),
        "clock": st.sampled_from(["operating", "calendar"]),
        "unit": st.sampled_from(["resume", "restart", "scrap"]),
        "crew": st.sampled_from([None, "crew"]),
    }
)
SHIFTS = st.one_of(
    st.just([{"id": "day", "start": "00:00", "hours": 24}]),
    st.lists(st.tuples(st.floats(0, 600), st.floats(60, 600)), min_size=1, max_size=2).map(
        lambda spans: [
            {"id": f"shift_{k}", "start": start_s, "hours": length_s / 3600}
            for k, (start_s, length_s) in enumerate(spans)
        ]
    ),
)
"""All day, or spells of duty inside the run, which may overlap or leave gaps."""
CHOICES = st.fixed_dictionaries(
    {
        "breakdown": st.none() | BREAKDOWN,
        "attend": st.booleans(),
        "performance": st.sampled_from([1.0, 0.8]),
        "yield_": st.sampled_from([1.0, 0.9, 0.5]),
        "capacity": st.integers(1, 5),
        "coupled": st.sets(st.sampled_from(["foils", "cells", "good", "trays"])),
        "machines": st.integers(1, 3),
        "tray": st.integers(1, 5),
        "batch": st.integers(1, 3),
        "vehicles": st.integers(1, 4),
        "trip": st.integers(1, 2),
        "shifts": SHIFTS,
    }
)
FORCED = st.lists(
    st.tuples(st.floats(0, 800), st.sampled_from(["cut", "join", "pack", "bake", "rest", "check"])),
    max_size=4,
)


def run_of(
    choices: dict[str, Any], forced: list[tuple[float, str]], *, seed: int, initial: str
) -> Any:
    plant = everything(**choices)
    faults = [
        {"kind": "breakdown", "at": at, "machine": plant.stations[name].machine_ids[-1],
         "repair": 20.0}
        for at, name in forced
    ]  # fmt: skip
    return scenario(plant, 900.0, seed=seed, initial=initial, faults=faults)


SEEDED = settings(
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
RUNS: dict[str, Any] = {
    "choices": CHOICES,
    "forced": FORCED,
    "seed": st.integers(0, 2**31),
    "initial": st.sampled_from(["empty", "steady"]),
}


@settings(SEEDED, max_examples=75)
@given(**RUNS)
def test_every_run_adds_up(
    choices: dict[str, Any], forced: list[tuple[float, str]], seed: int, initial: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check(simulate(run_of(choices, forced, seed=seed, initial=initial), Path(folder) / "r"))


@settings(SEEDED, max_examples=30)
@given(**RUNS, share=st.floats(0.0, 0.99))
def test_every_cancelled_run_adds_up(
    choices: dict[str, Any], forced: list[tuple[float, str]], seed: int, initial: str, share: float
) -> None:
    """Ctrl-C between any two events leaves a run that is whole up to that time."""

    def interrupt(now: float, horizon: float) -> None:
        if now > share * horizon:
            raise KeyboardInterrupt

    made = run_of(choices, forced, seed=seed, initial=initial)
    with tempfile.TemporaryDirectory() as folder:
        with pytest.raises(Cancelled):
            simulate(made, Path(folder) / "r", progress=interrupt)
        run = Run.open(Path(folder) / "r")
        assert run.manifest.status == "cancelled"
        assert share * 900 < run.horizon_s <= (share + 0.02) * 900
        check(run)


def check(run: Run) -> None:
    """Check everything that can be seen from the outside."""
    check_states(run)
    check_levels(run)
    check_cycles(run)
    check_units(run)
    check_moves(run)
    check_times(run)


def check_times(run: Run) -> None:
    """Nothing lies outside the run; what the books hold at its end is not negative."""
    columns = {"cycles": "end_s", "levels": "time_s", "units": "time_s", "substeps": "start_s"}
    for table, column in columns.items():
        times = run.table(table, [column])[column]
        assert times.between(-1e-9, run.horizon_s + 1e-9).all(), table
    totals = run.manifest.totals
    inside = totals["initial"] + totals["created"]
    assert inside >= totals["consumed"] + totals["scrapped"] + totals["shipped"]


def check_states(run: Run) -> None:
    """The intervals of every resource tile the run."""
    rows = run.table("states").sort_values(["resource", "start_s"], kind="stable")
    for _, own in rows.groupby("resource", observed=True):
        start, end = own["start_s"].to_numpy(), own["end_s"].to_numpy()
        assert start[0] == 0
        assert end[-1] == run.horizon_s
        np.testing.assert_array_equal(start[1:], end[:-1])
        assert (end > start).all()
    expected = {m for s in run.plant.stations.values() for m in s.machine_ids}
    expected |= {v for f in run.plant.fleets for v in f.vehicle_ids}
    expected |= {w for p in run.plant.pools for w in p.worker_ids} | {"crane"}
    assert set(rows["resource"]) == expected


def check_levels(run: Run) -> None:
    """0 <= level <= capacity, every change is one lot, and no lot is in two places."""
    plant = run.plant
    capacity = {b.id: b.capacity for b in plant.buffers.values()}
    capacity |= {c.id: c.capacity for c in plant.conveyors.values()}
    capacity |= {s.id: s.machines * s.rack.slots for s in plant.stores.values() if s.rack}
    rows = run.table("levels")
    for place, own in rows.groupby("place", observed=True):
        # a lot that is handed over where nothing is stored comes and goes at once
        assert own["level"].between(0, capacity[str(place)] or 1).all()
        if not capacity[str(place)]:
            assert (own.groupby("time_s")["change"].sum() == 0).all()
        np.testing.assert_array_equal(own["level"], own["change"].cumsum())
        inside: set[int] = set()
        for lot, change in zip(own["lot"], own["change"], strict=True):
            assert (lot in inside) == (change < 0)
            inside ^= {lot}
    last = rows.groupby("lot")["change"].sum()
    assert last.isin([0, 1]).all()


def check_cycles(run: Run) -> None:
    """Units follow one another on a machine, and no unit leaves a machine before its time."""
    rows = run.table("cycles")
    assert (rows["end_s"] - rows["start_s"] - rows["duration_s"] > -1e-6).all()
    stores = set(run.plant.stores)
    batches = {s.id for s in run.plant.stations.values() if s.kind == "batch"}
    for machine, own in rows[~rows["station"].isin(stores)].groupby("machine", observed=True):
        visits = own.drop_duplicates("start_s").sort_values("start_s")
        gaps = visits["start_s"].to_numpy()[1:] - visits["end_s"].to_numpy()[:-1]
        assert (gaps > -1e-6).all(), machine
        if own["station"].iloc[0] not in batches:
            assert not own["unit"].duplicated().any()


def check_units(run: Run) -> None:
    """The genealogy gives the same totals as the books of the engine."""
    events = run.table("units")
    totals = run.manifest.totals
    for event, account in (("shipped", "shipped"), ("scrapped", "scrapped")):
        counted = events[events["event"] == event].groupby("item", observed=True)["n"].sum()
        for item, n in counted.items():
            assert totals[f"{account}.{item}"] == n
    joined = Counter(events.loc[events["event"] == "joined", "parent"])
    assert -1 not in joined
    scrapped = events[events["event"] == "scrapped"]
    bad = run.table("cycles", where="result = 'scrap'")
    named = scrapped[scrapped["station"].isin(set(bad["station"]))]
    assert set(bad["unit"]) <= set(named["unit"])


def check_moves(run: Run) -> None:
    """Legs of every mover follow one another in place and time."""
    rows = run.table("moves", where="kind <> 'conveyor'")
    for mover, own in rows.sort_values(["mover", "start_s"]).groupby("mover", observed=True):
        for axis in "xyz":
            here, there = own[f"to_{axis}_m"].to_numpy(), own[f"from_{axis}_m"].to_numpy()
            np.testing.assert_allclose(here[:-1], there[1:], atol=1e-9, err_msg=str(mover))
        assert (own["start_s"].to_numpy()[1:] >= own["end_s"].to_numpy()[:-1] - 1e-9).all()


def test_the_whole_chain_delivers(tmp_path: Path) -> None:
    """The plant of the property test is no dead plant."""
    run = simulate(scenario(everything(yield_=1.0), 3600.0), tmp_path / "r")
    assert run.manifest.totals["shipped"] > 100


@pytest.mark.parametrize("initial", ["empty", "steady"])
def test_a_long_run_with_all_trouble_goes_on_to_deliver(initial: str, tmp_path: Path) -> None:
    """No machine, vehicle or crane gets stuck: the last tenth of the run ships as well."""
    plant = everything(
        breakdown={"mtbf_h": 0.05, "mttr_h": 0.005, "crew": "crew", "clock": "calendar"},
        attend=True, performance=0.9, machines=3, vehicles=4,
    )  # fmt: skip
    run = simulate(scenario(plant, 20_000.0, initial=initial), tmp_path / "r")
    shipped = run.table("units", where="event = 'shipped'")
    late = shipped.loc[shipped["time_s"] > 18_000.0, "n"].sum()
    assert late > 0.05 * shipped["n"].sum()
