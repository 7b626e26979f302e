"""No result depends on the order in which a plant file lists things.

The same plant with a list in another order gives the same tables, row by row, and the same digest.
"""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim import simulate
from tests.support.plants import buffer, everything, scenario, source, station, tiny_plant
from twin.plant.load import load_plant
from twin.plant.plant import Plant
from twin.run.run import Run

LISTS = ["stations", "buffers", "sources", "sinks", "items", "pools", "fleets", "cranes",
         "transports", "conveyors", "products", "shifts", "orders", "ways", "recipes", "results",
         "parts"]  # fmt: skip
ROAD_LISTS = ["nodes", "lanes", "stops", "blocks", "zones"]
SHOWN = {
    "cycles": ["machine", "start_s", "duration_s", "end_s", "n", "result"],
    "states": ["resource", "state", "reason", "start_s", "end_s"],
    "levels": ["place", "time_s", "change", "level", "slot"],
    "moves": ["mover", "start_s", "end_s", "origin", "target", "load"],
    "units": ["time_s", "event", "item", "n", "station"],
    "alarms": ["resource", "code", "cause", "raised_s", "closed_s"],
}
"""Columns of each table without numbers of lots, units and jobs: easier to read than digests."""


PAGES = Path(__file__).parents[2] / "docs" / "how-to"


def shuffled(plant: Plant, lists: list[str], seed: int) -> Plant:
    """Return the plant with some of its lists in another order."""
    mixer = random.Random(seed)

    def mix(value: Any) -> None:
        if isinstance(value, list):
            for entry in value:
                mix(entry)
        elif isinstance(value, dict):
            for key, entry in [*value.items()]:
                mix(entry)
                if key in lists and isinstance(entry, list):
                    mixer.shuffle(entry)
                elif key in lists and isinstance(entry, dict):
                    names = mixer.sample([*entry], len(entry))
                    value[key] = {name: entry[name] for name in names}

    data = plant.model_dump(by_alias=True)
    mix(data)
    return Plant.model_validate(data)


def tables(run: Run) -> dict[str, pd.DataFrame]:
    found = {}
    for name, columns in SHOWN.items():
        rows = run.table(name, columns)
        texts = {c: str for c in columns if rows[c].dtype.name == "category"}
        found[name] = rows.astype(texts).sort_values(columns, ignore_index=True)
    return found


@cache
def troubled() -> Plant:
    return everything(
        breakdown={"mtbf_h": 0.05, "mttr_h": 0.005, "crew": "crew", "clock": "calendar"},
        attend=True, performance=0.9, machines=2, vehicles=3,
    )  # fmt: skip


def assert_same(one: Run, two: Run, *, table: str = "cycles") -> None:
    assert one.manifest.digest == two.manifest.digest
    seen, other = tables(one), tables(two)
    assert len(seen[table]) > 50
    for name, rows in seen.items():
        pd.testing.assert_frame_equal(rows, other[name], obj=name, check_exact=True)


@pytest.mark.parametrize("initial", ["empty", "steady"])
@pytest.mark.parametrize("seed", [1, 2])
def test_other_lists_may_be_in_any_order(initial: str, seed: int, tmp_path: Path) -> None:
    plant, lists = troubled(), LISTS[1:]
    other = shuffled(plant, lists, seed)
    assert other != plant
    one = simulate(scenario(plant, 1200.0, initial=initial), tmp_path / "1")
    assert_same(one, simulate(scenario(other, 1200.0, initial=initial), tmp_path / "2"))


@pytest.mark.parametrize("seed", [1, 2])
def test_stations_may_be_in_any_order_from_an_empty_start(seed: int, tmp_path: Path) -> None:
    other = shuffled(troubled(), LISTS, seed)
    one = simulate(scenario(troubled(), 1200.0), tmp_path / "1")
    assert_same(one, simulate(scenario(other, 1200.0), tmp_path / "2"))


def test_stations_may_be_in_any_order_from_a_steady_start(tmp_path: Path) -> None:
    """Two machines call the only operator at time 0: who comes first?"""
    other = shuffled(troubled(), ["stations"], 0)
    one = simulate(scenario(troubled(), 1200.0, initial="steady"), tmp_path / "1")
    assert_same(one, simulate(scenario(other, 1200.0, initial="steady"), tmp_path / "2"))


def test_stations_with_a_common_buffer_may_be_in_any_order(tmp_path: Path) -> None:
    """Both wait for the first lot since time 0."""
    plant = tiny_plant(
        [station(name, take="b", put="out", cycle=2.0 + k) for k, name in enumerate("pq")],
        buffers=[buffer("b", capacity=1)],
        sources=[source("src", "b", interval={"mean_s": 1.5, "kind": "constant"})],
    )  # fmt: skip
    other = shuffled(plant, ["stations"], 1)
    assert [*other.stations] == ["q", "p"]
    one = simulate(scenario(plant, 200.0), tmp_path / "1")
    assert_same(one, simulate(scenario(other, 200.0), tmp_path / "2"))


@pytest.mark.parametrize("page", ["routes-and-rework", "products-and-orders"])
def test_routes_products_and_orders_may_be_in_any_order(page: str, tmp_path: Path) -> None:
    text = (PAGES / f"{page}.md").read_text("utf-8")
    file = tmp_path / "plant.yaml"
    file.write_text(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[0], "utf-8")
    plant = load_plant(file).plant
    one = simulate(scenario(plant, 4000.0, initial="steady"), tmp_path / "one")
    for seed in (1, 2):
        other = scenario(shuffled(plant, LISTS, seed), 4000.0, initial="steady")
        assert other.plant != plant
        assert_same(one, simulate(other, tmp_path / str(seed)))


def crossroads() -> Plant:
    """A grid of 5 x 5 nodes 10 m apart, its lanes one way in turn, with two stops at every place.

    Nearly every way has another one of the same length, and everything starts at the same moment.
    """
    name = "n{}{}".format
    rows = [[name(x, y) for x in range(5)][:: 1 if y % 2 else -1] for y in range(5)]
    columns = [[name(x, y) for y in range(5)][:: -1 if x % 2 else 1] for x in range(5)]
    border = [name(4, 0), name(4, 4)], [name(0, 4), name(0, 0)]
    places = {"a": ["n11", "n13"], "b": ["n31", "n33"], "c": ["n20", "n24"], "out": ["n02", "n42"]}
    stops: dict[str, Any] = {
        f"{place}_{k}": {"node": node, "position_m": [10 * int(node[1]) + 3, 10 * int(node[2]) + 3],
                         "place": place}
        for place, nodes in places.items() for k, node in enumerate(nodes)
    }  # fmt: skip
    stops |= {f"home_{k}": {"node": name(k % 5, 2), "position_m": [10 * (k % 5) - 3, 17 + k],
                            "charger": k < 2} for k in range(8)}  # fmt: skip
    law = {"network": "roads", "size_m": [1, 1, 1], "speed_loaded_mps": 1.0, "load_s": 4.0,
           "speed_empty_mps": 1.0, "acceleration_mps2": 0.5, "unload_s": 4.0, "park": "nearest",
           "battery": {"runtime_h": 0.3, "charge_h": 0.1}}  # fmt: skip
    return tiny_plant(
        [station("s", take="b", put="c", cycle=2.0, machines=2, pitch_m=[1, 0])],
        buffers=[buffer(place, capacity=6) for place in "abc"],
        sources=[source("src", "a")],
        networks=[{
            "id": "roads", "lanes": [*rows, *columns, *border], "stops": stops,
            "nodes": {name(x, y): [10 * x, 10 * y] for x in range(5) for y in range(5)},
            "blocks": {"middle": {"nodes": ["n22"]}, "corner": {"nodes": ["n44"]}},
            "zones": {"west": {"nodes": ["n01", "n11"], "max_vehicles": 1},
                      "east": {"nodes": ["n31", "n41"], "max_vehicles": 1}},
        }],
        fleets=[{"id": "red", "homes": ["home_0", "home_2", "home_4", "home_6"], **law},
                {"id": "blue", "homes": ["home_1", "home_3", "home_5"], **law}],
        transports=[{"id": "in", "from": "a", "to": "b", "fleet": "red"},
                    {"id": "on", "from": "a", "to": "b", "fleet": "blue"},
                    {"id": "off", "from": "c", "to": "out", "fleet": "blue"}],
    )  # fmt: skip


@pytest.mark.parametrize("initial", ["empty", "steady"])
@pytest.mark.parametrize("guarded", [False, True])
def test_roads_may_be_in_any_order(guarded: bool, initial: str, tmp_path: Path) -> None:
    plant = crossroads()
    if not guarded:
        plant.networks[0].blocks.clear()
        plant.networks[0].zones.clear()
    one = simulate(scenario(plant, 3600.0, initial=initial), tmp_path / "1")
    for seed in range(4):
        other = shuffled(plant, [*LISTS, *ROAD_LISTS], seed)
        assert [*other.networks[0].nodes] != [*plant.networks[0].nodes]
        two = simulate(scenario(other, 3600.0, initial=initial), tmp_path / f"2{seed}")
        assert_same(one, two, table="moves")
    assert len({*one.table("moves")["mover"]}) == 7


@pytest.mark.parametrize("seed", [1, 2])
def test_roads_of_the_plant_with_everything_may_be_in_any_order(seed: int, tmp_path: Path) -> None:
    other = shuffled(troubled(), [*LISTS, *ROAD_LISTS], seed)
    one = simulate(scenario(troubled(), 1200.0), tmp_path / "1")
    assert_same(one, simulate(scenario(other, 1200.0), tmp_path / "2"))
