"""How much every step has to handle for one good product."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.check.need import Needs
from twin.plant.plant import Plant

ITEMS = [
    {"id": "roll", "unit": "m", "units_per_lot": 100},
    {"id": "sheet", "units_per_lot": 50},
    {"id": "tab", "units_per_lot": 10},
    {"id": "stack"},
    {"id": "tray", "units_per_lot": 4},
]
AT: dict[str, Any] = {"position_m": (0, 0, 0), "size_m": (1, 1, 1)}


def buffer(name: str, item: str) -> dict[str, Any]:
    return {"id": name, "item": item, "capacity": 9, **AT}


def station(name: str, kind: str, take: list[Any], put: str, **more: Any) -> dict[str, Any]:
    takes = [t if isinstance(t, dict) else {"from": t} for t in take]
    cycle = {"cycle": {"mean_s": 10}}
    return {"id": name, "kind": kind, "take": takes, "put": put, **cycle, **AT, **more}


def plant(stations: list[dict[str, Any]], buffers: list[dict[str, Any]], **more: Any) -> Plant:
    line = {"id": "l", "workcells": [{"id": "w", "stations": stations, "buffers": buffers}]}
    told: dict[str, Any] = {
        "id": "p",
        "building": {"size_m": (9, 9, 9)},
        "items": ITEMS,
        "lines": [line],
        "sinks": [{"id": "out", **AT}],
        "products": [{"id": "x", "energy_wh": 250, "item": "tray"}],
        **more,
    }
    return Plant.model_validate(told)


@pytest.fixture
def chain() -> Plant:
    """Cut 4 sheets a metre, stack 8 of them with 2 tabs, load trays, carry them out."""
    stations = [
        station(
            "cut", "web", ["rolls"], "sheets", product="sheet", units_per_m=4, **{"yield": 0.5}
        ),
        station(
            "join",
            "assembly",
            [{"from": "sheets", "units": 8}, {"from": "tabs", "units": 2}],
            "stacks",
            product="stack",
            **{"yield": 0.8},
        ),
        station("load", "discrete", ["stacks"], "trays", product="tray"),
    ]
    buffers = [buffer("rolls", "roll"), buffer("sheets", "sheet"), buffer("tabs", "tab")]
    buffers += [buffer("stacks", "stack"), buffer("trays", "tray")]
    sources = [
        {"id": "roll_in", "item": "roll", "put": "rolls", **AT},
        {"id": "tab_in", "item": "tab", "put": "tabs", **AT},
    ]
    transports = [{"id": "away", "from": "trays", "to": "out", "fleet": "f"}]
    return plant(stations, buffers, sources=sources, transports=transports)


def test_need_runs_upstream_through_yields_and_parts(chain: Plant) -> None:
    needs = Needs(chain, {"cut": 1, "join": 1, "load": 1})
    processed = {name: needs.processed(station) for name, station in chain.stations.items()}
    assert processed == pytest.approx({"load": 1, "join": 1 / 0.8, "cut": 8 / 0.8 / 0.5})
    assert needs.supplied("roll_in") == pytest.approx(8 / 0.8 / 0.5 / 4)
    assert needs.supplied("tab_in") == pytest.approx(2 / 0.8)
    assert needs.carried("away") == pytest.approx(1 / 4), "lots of four"


def test_parallel_stations_share_by_capacity() -> None:
    both = [
        station("fast", "discrete", ["a"], "b", product="stack"),
        station("slow", "discrete", ["a"], "b", product="stack"),
        station("load", "discrete", ["b"], "out", product="tray"),
    ]
    made = plant(both, [buffer("a", "stack"), buffer("b", "stack")])
    needs = Needs(made, {"fast": 30, "slow": 10, "load": 99})
    assert needs.processed(made.stations["fast"]) == pytest.approx(0.75)
    assert needs.processed(made.stations["slow"]) == pytest.approx(0.25)
    assert needs.place("a") == pytest.approx(1)


def test_station_with_two_inputs_takes_as_they_are_fed() -> None:
    stations = [
        station("fast", "discrete", ["x"], "a", product="stack"),
        station("slow", "discrete", ["x"], "b", product="stack"),
        station("load", "discrete", ["a", "b"], "out", product="tray"),
    ]
    made = plant(stations, [buffer(name, "stack") for name in "xab"])
    needs = Needs(made, {"fast": 30, "slow": 10, "load": 99})
    assert needs.processed(made.stations["fast"]) == pytest.approx(0.75)
    assert needs.processed(made.stations["slow"]) == pytest.approx(0.25)


def test_two_lines_share_the_product() -> None:
    stations = [
        station("one", "discrete", ["a"], "out", product="tray"),
        station("two", "discrete", ["b"], "out", product="tray"),
    ]
    made = plant(stations, [buffer("a", "stack"), buffer("b", "stack")])
    needs = Needs(made, {"one": 10, "two": 10})
    assert [needs.processed(s) for s in made.stations.values()] == pytest.approx([0.5, 0.5])


def test_by_product_at_a_sink_is_not_needed() -> None:
    stations = [
        station("main", "discrete", ["a"], "out", product="tray"),
        station("other", "discrete", ["b"], "out", product="tab"),
    ]
    made = plant(stations, [buffer("a", "stack"), buffer("b", "stack")])
    needs = Needs(made, {"main": 10, "other": 10})
    assert [needs.processed(s) for s in made.stations.values()] == pytest.approx([1, 0])


def test_store_is_fed_by_put_or_by_take() -> None:
    rack = {"rack": {"columns": 1, "levels": 1}}
    stations = [
        station("first", "discrete", ["a"], "hold", product="tray"),
        {**station("hold", "store", [], "c", **rack), "yield": 0.5},
        {**station("rest", "store", ["c"], "d", **rack), "yield": 0.8},
        station("last", "discrete", ["d"], "out"),
    ]
    made = plant(stations, [buffer("a", "stack"), buffer("c", "tray"), buffer("d", "tray")])
    needs = Needs(made, {"first": 1, "hold": 1, "rest": 1, "last": 1})
    processed = [needs.processed(s) for s in made.stations.values()]
    assert processed == pytest.approx([1 / 0.8 / 0.5, 1 / 0.8 / 0.5, 1 / 0.8, 1])


@given(st.lists(st.floats(0.5, 1), min_size=1, max_size=6))
def test_every_step_of_a_chain_makes_up_for_the_scrap_after_it(yields: list[float]) -> None:
    last = len(yields) - 1
    stations = [
        {
            **station(f"s{k}", "discrete", [f"b{k}"], f"b{k + 1}" if k < last else "out"),
            "yield": good,
        }
        for k, good in enumerate(yields)
    ]
    made = plant(stations, [buffer(f"b{k}", "tray") for k in range(len(yields))])
    needs = Needs(made, {f"s{k}": 1.0 for k in range(len(yields))})
    for k in range(len(yields)):
        expected = 1 / math.prod(yields[k:])
        assert needs.processed(made.stations[f"s{k}"]) == pytest.approx(expected)


@given(st.lists(st.floats(1, 1000), min_size=1, max_size=6))
def test_shares_of_parallel_steps_add_up_to_one(per_h: list[float]) -> None:
    names = [f"s{k}" for k in range(len(per_h))]
    stations = [station(name, "discrete", ["a"], "out", product="tray") for name in names]
    made = plant(stations, [buffer("a", "stack")])
    needs = Needs(made, dict(zip(names, per_h, strict=True)))
    processed = [needs.processed(one) for one in made.stations.values()]
    assert sum(processed) == pytest.approx(1)
    assert processed == pytest.approx([one / sum(per_h) for one in per_h])


def test_item_is_the_one_that_arrives(chain: Plant) -> None:
    needs = Needs(chain, {"cut": 1, "join": 1, "load": 1})
    assert needs.item("cut").id == "roll"
    assert needs.item("load").id == "stack"


def test_rework_needs_no_more_from_upstream_and_more_of_the_loop() -> None:
    """p = 20 % back, 10 % lost: 1 / 0.7 visits, of which 0.2 come back."""
    inspected = station(
        "test", "discrete", ["queue"], "out",
        results=[{"name": "ok", "share": 0.7}, {"name": "rework", "share": 0.2},
                 {"name": "scrap", "share": 0.1}],
        route={"ways": [{"to": "out", "results": ["ok"]},
                        {"to": "broken", "results": ["rework"], "max_passes": 9}]},
    )  # fmt: skip
    del inspected["put"]
    made = plant(
        [
            station("make", "discrete", ["raw"], "queue"),
            inspected,
            station("repair", "discrete", ["broken"], "queue"),
        ],
        [buffer(name, "stack") for name in ("raw", "queue", "broken")],
        sources=[{"id": "src", "item": "stack", "put": "raw", "position_m": (0, 0, 0)}],
        products=[],
    )
    needs = Needs(made, {"make": 60.0, "test": 50.0, "repair": 5.0})
    visits = 1 / 0.7
    assert needs.processed(made.stations["test"]) == pytest.approx(visits)
    assert needs.processed(made.stations["repair"]) == pytest.approx(0.2 * visits)
    assert needs.processed(made.stations["make"]) == pytest.approx(0.8 * visits)


def test_taking_apart_needs_what_the_scarcest_part_needs() -> None:
    """Four tabs a stack go to the sink: a quarter of a stack for each."""
    apart = station(
        "open", "discrete", ["stacks"], "tabs", parts=[{"item": "tab", "units": 4}],
        route={"ways": [{"to": "tabs"}]},
    )  # fmt: skip
    del apart["put"]
    made = plant(
        [apart, station("use", "discrete", ["tabs"], "out")],
        [buffer("stacks", "stack"), buffer("tabs", "tab")],
        sources=[{"id": "src", "item": "stack", "put": "stacks", "position_m": (0, 0, 0)}],
        products=[],
    )
    needs = Needs(made, {"open": 10.0, "use": 10.0})
    assert needs.processed(made.stations["open"]) == pytest.approx(0.25)


def test_lane_is_no_stronger_than_its_weakest_step() -> None:
    """Two lanes feed one place: 3 machines before the first, 1 before the second."""
    stations = [
        station("make_a", "assembly", [{"from": "tabs", "units": 1}], "a", product="stack"),
        station("make_b", "assembly", [{"from": "tabs", "units": 1}], "b", product="stack"),
        station("pass_a", "discrete", ["a"], "both"),
        station("pass_b", "discrete", ["b"], "both"),
        station("load", "discrete", ["both"], "out", product="tray"),
    ]
    buffers = [buffer("tabs", "tab"), *(buffer(name, "stack") for name in ("a", "b", "both"))]
    sources = [{"id": "tab_in", "item": "tab", "put": "tabs", **AT}]
    needs = Needs(
        plant(stations, buffers, sources=sources),
        {"make_a": 3, "make_b": 1, "pass_a": 9, "pass_b": 9, "load": 9},
    )
    processed = {s.id: needs.processed(s) for s in needs.plant.stations.values()}
    assert processed["pass_a"] == pytest.approx(3 / 4)
    assert processed["make_b"] == pytest.approx(1 / 4)
