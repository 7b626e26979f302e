"""Continued runs are exact with people, traffic, lot records, families of durations, and scripts.

Like `test_snapshot`: equal digests mean equal tables, row by row.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from sim import Checkpoints, WhatIf, restore, simulate
from sim.errors import Deadlocked
from sim.run import Running
from sim.script.rules import Rules
from sim.snapshot.kinds import SnapshotError
from tests.support.plants import (
    buffer,
    everything,
    line,
    scenario,
    sink,
    source,
    station,
    tiny_plant,
)
from tests.verification import test_conservation_people as people
from tests.verification import test_flow_conservation as flow
from tests.verification import test_traffic_property as traffic
from tests.verification.test_conservation import check_levels, check_units
from twin.plant.failure import Breakdown
from twin.plant.load import load_scenario
from twin.plant.plant import Plant
from twin.plant.scenario import Scenario, SnapshotStart
from twin.run.run import Run

RANDOM = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def continues_exactly(case: Scenario, *at_s: float) -> Run:
    """Check that the run goes on from every checkpoint to the same digest; return it, finished."""
    with tempfile.TemporaryDirectory() as folder:
        whole = simulate(case, Path(folder) / "whole", checkpoints=Checkpoints(at_s=at_s))
        paths = sorted((whole.folder / "checkpoint").iterdir())
        assert len(paths) == len(at_s)
        for k, path in enumerate(paths):
            again = restore(path, Path(folder) / f"again_{k}")
            assert again.manifest.rows == whole.manifest.rows
            assert again.manifest.digest == whole.manifest.digest, path.name
        whole.table("states")
        return whole


@RANDOM
@given(choice=people.CHOICES, seed=st.integers(0, 1000), at_s=st.floats(0.001, 11_999.0))
def test_calendars_kinds_of_failure_and_maintenance(
    choice: dict[str, Any], seed: int, at_s: float
) -> None:
    continues_exactly(scenario(people.plant(choice), people.HORIZON_S, seed=seed), at_s)


CHOICE = {"unit": "scrap", "off_shift": "finish", "during": "share", "workers": 2,
          "attended": {"cut", "bake", "test"}}  # fmt: skip


def test_before_at_and_after_a_change_of_shift() -> None:
    """The shifts end and begin at 600, 1800, 2040, 4200 and 4800 s."""
    times = (1.0, 599.999, 600.0, 600.5, 1800.0, 2039.0, 4201.0, 4799.0, 4801.0, 10_201.0)
    case = scenario(people.plant(CHOICE), people.HORIZON_S, initial="steady")
    continues_exactly(case, *times)


@RANDOM
@given(seed=st.integers(0, 2**31), choices=traffic.CHOICES, at_s=st.floats(0.001, 1199.0))
def test_blocks_zones_batteries_and_broken_vehicles(
    seed: int, choices: dict[str, Any], at_s: float
) -> None:
    plant, _ = traffic.case(seed, choices)
    run = continues_exactly(scenario(plant, 1200.0, seed=seed % 1000), at_s)
    assert run.manifest.rows["moves"] > 0


def lots(**more: Any) -> Plant:
    """Rolls are slit, cut, stacked into trays and baked, all lot by lot."""
    cycle = {"cv": 0.4, "kind": "gamma"}
    stations = [
        station("slit", take="rolls", put="strips", kind="web", product="strip", lanes=2,
                units_per_m=2, cycle={"mean_s": 0.05, **cycle}, **more),
        station("cut", take="strips", put="mags", kind="web", product="sheet", units_per_m=1.5,
                setup_s=4.0, machines=2, cycle={"mean_s": 0.1, **cycle}, **more),
        station("stack", take=[{"from": "mags", "units": 6}], put="cells", kind="assembly",
                product="cell", units_per_lot_out=8, cycle={"mean_s": 1.2, **cycle}, **more),
        station("bake", take="cells", put="dry", kind="batch", batch_lots=2,
                cycle={"mean_s": 30.0, **cycle}, **more),
        station("test", take="dry", put="out", cycle={"mean_s": 0.6, **cycle}, **more),
    ]  # fmt: skip
    items = [
        {"id": "roll", "unit": "m", "units_per_lot": 100},
        {"id": "strip", "unit": "m", "units_per_lot": 100},
        {"id": "sheet", "units_per_lot": 70},
        {"id": "cell", "units_per_lot": 8, "product": True},
    ]
    places = {"rolls": "roll", "strips": "strip", "mags": "sheet", "cells": "cell", "dry": "cell"}
    return tiny_plant(
        stations,
        items=items,
        buffers=[buffer(name, item=item, capacity=3) for name, item in places.items()],
        sources=[source("src", "rolls", item="roll")],
        sinks=[sink()],
    )


FAILS = {"breakdown": {"mtbf_h": 0.02, "mttr_h": 0.003, "unit": "scrap"}, "yield": 0.9}


def test_lots_that_are_not_followed_unit_by_unit() -> None:
    times = (0.5, 33.3, 120.0, 345.6, 700.1, 1234.5)
    case = scenario(lots(record="lot", **FAILS), 2000.0, seed=3)
    assert continues_exactly(case, *times).manifest.totals["shipped"] > 100


def test_what_is_inside_machines_of_whole_lots_is_a_warm_start(tmp_path: Path) -> None:
    """Every unit of every item is there again, in work, collected and in open lots."""
    case = scenario(lots(record="lot", **FAILS), 2000.0, seed=3)
    run = simulate(case, tmp_path / "r", checkpoints=Checkpoints(at_s=(700.1,)))
    (path,) = (run.folder / "checkpoint").iterdir()
    running = Running(case.model_copy(update={"initial": SnapshotStart(snapshot=str(path))}))
    running.begin(Rules())
    assert running._factory is not None
    before = Running(case.model_copy(update={"horizon_s": 700.1}))
    before.begin(Rules())
    from sim.core.timer import advance

    advance(before.world.env, 700.1)
    assert before._factory is not None
    inside = [
        {item: sum(lot.n for lot in factory.held() if lot.item == item)
         for item in ("roll", "strip", "sheet", "cell")}
        for factory in (running._factory, before._factory)
    ]  # fmt: skip
    assert inside[0] == inside[1]
    assert all(inside[0].values())


@settings(RANDOM, max_examples=20)
@given(
    choices=flow.CHOICES,
    seed=st.integers(0, 2**31),
    initial=st.sampled_from(["empty", "steady"]),
    at_s=st.floats(0.001, 899.0),
)
def test_routes_products_orders_and_release_rules(
    choices: dict[str, Any], seed: int, initial: str, at_s: float
) -> None:
    """A run that ends in a deadlock ends in it at the same time again."""
    case = scenario(flow.everything_flows(choices), 900.0, seed=seed, initial=initial)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "whole"
        ends = []
        for action in (
            lambda: simulate(case, path, checkpoints=Checkpoints(at_s=(at_s,))),
            lambda: restore(path, Path(folder) / "again"),
        ):
            if ends and not (path / "checkpoint").exists():
                event("deadlocked before the checkpoint")
                return
            try:
                ends.append(action().manifest)
            except Deadlocked:
                event("deadlocked")
                ends.append(Run.open(path if not ends else Path(folder) / "again").manifest)
        assert ends[0].status == ends[1].status
        assert ends[0].rows == ends[1].rows
        assert ends[0].digest == ends[1].digest


FLOWS = {
    "feed": "orders", "wip": 8, "lot": 2, "capacity": 6, "machines": 2, "dispatch": "priority",
    "setup": "same_family_first", "rework": 0.3, "passes": 2, "rule": "least_full",
    "pick": "oldest", "mix": "family", "least": 1, "patience_s": 20.0,
    "loading": "simultaneous", "kanban": True, "demand": True, "policy": "resume",
    "clock": "calendar",
}  # fmt: skip


def test_orders_and_cards_over_many_flushes() -> None:
    plant = flow.everything_flows(FLOWS)
    run = continues_exactly(scenario(plant, 8000.0), 100.1, 1800.0, 3599.0, 3600.0, 5000.0)
    assert run.manifest.totals["shipped"] > 100


FLOW_CHANGES: list[dict[str, object]] = [
    {"sources.src.release.wip": 12},
    {"sources.src.release.wip": 3},
    {"stations.prep.machines": 3},
    {"stations.prep.recipes.0.cycle.mean_s": 1.0},
    {"stations.prep.dispatch": "earliest_due_date"},
    {"stations.oven.batch_lots": 4},
    {"sinks.pulled.demand.interval.mean_s": 1.0},
    {"orders.o11.priority": 7, "orders.o11.units": 60},
]


@pytest.mark.parametrize("changes", FLOW_CHANGES, ids=str)
def test_changes_in_a_plant_of_products_and_orders(
    changes: dict[str, object], tmp_path: Path
) -> None:
    case = scenario(flow.everything_flows(FLOWS), 3000.0)
    base = simulate(case, tmp_path / "base", checkpoints=Checkpoints(at_s=(300.3,)))
    run = restore(base.folder, tmp_path / "what_if", WhatIf(changes))
    check_levels(run)
    flow.check_cycles_of_flows(run)
    flow.check_passes(run)
    flow.check_labels(run)
    flow.check_orders(run)
    query = "SELECT * EXCLUDE (machine) FROM cycles WHERE end_s < 300"
    assert base.sql(query).astype(str).equals(run.sql(query).astype(str))
    assert len(run.table("units", where="event = 'shipped' AND time_s > 300")) > 20


def test_fewer_cards_than_are_in_use_are_refused(tmp_path: Path) -> None:
    case = scenario(flow.everything_flows(FLOWS), 100.0)
    base = simulate(case, tmp_path / "base", checkpoints=Checkpoints(at_s=(37.0,)))
    with pytest.raises(SnapshotError, match=r"left_done: has 2 cards in use, but 'kanban' is 1"):
        restore(base.folder, tmp_path / "r", WhatIf({"buffers.left_done.kanban": 1}))


def test_products_and_results_are_in_a_plant_state(tmp_path: Path) -> None:
    """A warm start has the same units of every product in every place and machine."""
    plant = flow.everything_flows({**FLOWS, "feed": "mix"})
    case = scenario(plant, 2000.0, initial="steady")
    run = simulate(case, tmp_path / "r", checkpoints=Checkpoints(at_s=(555.5,)))
    (path,) = (run.folder / "checkpoint").iterdir()
    warm = simulate(
        case.model_copy(update={"initial": SnapshotStart(snapshot=str(path))}), tmp_path / "w"
    )
    flow.check_all(warm)
    products = warm.table("lot_products", where="time_s = 0")["product"].value_counts()
    assert all(products[name] >= 2 for name in flow.NAMES)
    assert warm.manifest.totals["shipped"] > 50


FAMILIES: list[dict[str, Any]] = [
    {"kind": "trace", "values_s": [3.0, 7.0, 5.0, 6.0, 4.0], "at_end": "repeat"},
    {"kind": "erlang", "mean_s": 5.0, "k": 3},
    {"kind": "weibull", "mean_s": 5.0, "cv": 0.5},
    {"kind": "normal", "mean_s": 5.0, "cv": 0.4},
    {"kind": "discrete", "values_s": [3.0, 8.0], "weights": [1.0, 2.0]},
    {"kind": "empirical", "values_s": [3.0, 4.0, 8.0]},
    {"kind": "triangular", "low_s": 2.0, "mode_s": 4.0, "high_s": 9.0},
]


def test_every_family_of_durations_goes_on_where_it_was() -> None:
    continues_exactly(line(list(FAMILIES), horizon_s=3000.0), 11.1, 1001.0, 2718.0)


@pytest.mark.parametrize("name", ["line_3gwh", "semisolid"])
def test_plants_that_come_with_celltwin(name: str) -> None:
    continues_exactly(load_scenario(name, horizon_s=700.0), 300.3)


CHANGES: list[dict[str, object]] = [
    {"stations.join.machines": 3},
    {"stations.join.maintenance.inspect": {"every_h": 0.2, "work": {"mean_s": 30.0}}},
    {"stations.test.breakdowns": {"tool": {"clock": "cycles", "mcbf": 20, "mttr_h": 0.004}}},
    {"stations.test.breakdowns.tool.mcbf": 10},
    {"pools.crew.staff.two": 1},
]


@pytest.mark.parametrize("at_s", [3000.0, 4500.0])
@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_changes_in_a_plant_with_calendars(
    changes: dict[str, object], at_s: float, tmp_path: Path
) -> None:
    """From the middle of a shift, and from between two: nobody works off shift."""
    plant = people.plant(CHOICE).model_dump(by_alias=True, exclude_defaults=True)
    for station_ in plant["lines"][0]["workcells"][0]["stations"]:
        station_.pop("units_per_cycle", None)
    case = scenario(Plant.model_validate(plant), 7200.0, initial="steady")
    base = simulate(case, tmp_path / "base", checkpoints=Checkpoints(at_s=(at_s,)))
    run = restore(base.folder, tmp_path / "what_if", WhatIf(changes))
    check_levels(run)
    check_units(run)
    off = run.table("states", where="resource LIKE 'join%' AND state = 'off_shift'")
    for resource in {*off["resource"]}:
        spans = off[off["resource"] == resource]
        assert (spans["end_s"].max()) == 4800.0, resource
    if "stations.join.machines" in changes:
        states = run.table("states", where="resource = 'join_3'")
        assert states["start_s"].min() == at_s
        assert (states.iloc[0]["state"] == "off_shift") == (at_s == 4500.0)
        assert len(run.table("cycles", where="machine = 'join_3'")) > 3


RULES = (
    "def last(trip, now):\n    return max(now.vehicles, key=lambda v: v.index)\n"
    "def rules(rules):\n    rules.add('vehicle', 'last', last)\n"
)


def scripted(text: str) -> Scenario:
    plant = everything(vehicles=3).model_dump(by_alias=True)
    if "'last'" in text:
        plant["fleets"][0]["choose_vehicle"] = "last"
    made: Any = plant
    return scenario(made, 600.0, script={"path": "my_script.py", "text": text})


def test_a_script_of_rules_goes_on() -> None:
    continues_exactly(scripted(RULES), 123.4, 456.7)


@pytest.mark.parametrize(("text", "said"), [
    ("def setup(plant):\n    plant.machine('pack').slow_down(2)\n",
     r"my_script.py: what its setup\(plant\) does with the plant"),
    (("def setup(plant):\n    def breaker():\n        yield plant.wait(500)\n"
      "    plant.process(breaker())\n"), "breaker: SimPy processes are alive"),
])  # fmt: skip
def test_a_script_that_does_something_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=said):
        simulate(scripted(text), tmp_path / "r", checkpoints=Checkpoints(at_s=(100.0,)))
    assert Run.open(tmp_path / "r").manifest.status == "failed"


def test_a_crane_that_breaks_down(tmp_path: Path) -> None:
    plant = everything(machines=1)
    for clock in ("operating", "calendar"):
        failing = {"clock": clock, "mtbf_h": 0.01, "mttr_h": 0.02}
        cranes = [crane.model_copy(update={"breakdown": Breakdown.model_validate(failing)})
                  for crane in plant.cranes]  # fmt: skip
        case = scenario(plant.model_copy(update={"cranes": cranes}), 2000.0, seed=2)
        run = simulate(case, tmp_path / clock)
        assert len(run.table("states", where="kind = 'crane' AND state = 'down'")) > 5
        continues_exactly(case, 100.3, 700.7, 1200.1, 1711.0)
