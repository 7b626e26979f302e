"""Routes, products, orders and release rules that cannot work are refused with a remedy.

The plants are those of the how-to pages, each changed in one place.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sim import simulate
from tests.support.flows import products, route, way
from tests.support.plants import buffer, scenario, sink, source, station, tiny_plant
from twin.errors import PlantError
from twin.plant.flow import check_flow
from twin.plant.load import load_plant
from twin.plant.origin import Index
from twin.plant.plant import Plant
from twin.plant.product_rules import check_products
from twin.plant.reporter import Reporter
from twin.plant.rules import check_rules
from twin.plant.tree import Problems, from_plain

PAGES = Path(__file__).parents[3] / "docs" / "how-to"


def example(page: str) -> str:
    text = (PAGES / f"{page}.md").read_text("utf-8")
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[0]


REWORK, ORDERS = example("routes-and-rework"), example("products-and-orders")


def problems(text: str, folder: Path) -> list[str]:
    path = folder / "plant.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(PlantError) as caught:
        load_plant(path)
    assert caught.value.exit_code == 2
    assert all(re.match(r".*plant\.yaml:\d+: ", str(p)) for p in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


SCRAP = "              - {name: scrap, share: 0.02}\n"
LEFT_RIGHT = "ways: [{to: left}, {to: right}]"
SORT = "              rule: least_full\n              " + LEFT_RIGHT
REPAIR = "            take: [{from: broken}]\n"
PACK = "            take: [{from: left}]\n            put: exit\n"
KANBAN = "{id: left, item: part, capacity: 4,"

WRONG_ROUTES = {
    "loop that is no rework": (
        ", max_passes: 2}", "}",
        ["cyclic route", "'inspect' -> 'broken' -> 'repair' -> 'queue'", "'max_passes'"],
    ),
    "result without a way": (
        "{to: good, results: [ok]}", "{to: good, results: [rework]}",
        ["station 'inspect'", "no way of its route takes the result 'ok'"],
    ),
    "way of an unknown result": (
        "results: [rework], max", "results: [rewrk], max",
        ["'rewrk', which is no result that goes on", "Results: ok, rework."],
    ),
    "way for scrap": (
        "results: [rework], max", "results: [rework, scrap], max", ["'scrap', which is no result"],
    ),
    "shares that do not add up": (
        "share: 0.88", "share: 0.8", ["the shares of 'results' add up to 0.92, must be 1"],
    ),
    "result twice": (
        "{name: scrap, share: 0.02}", "{name: ok, share: 0.02}", ["result 'ok' occurs twice"],
    ),
    "results and yield": (
        "            results:\n", "            yield: 0.9\n            results:\n",
        ["has 'results' and a 'yield'", "the result 'scrap'"],
    ),
    "results and lots packed anew": (
        REPAIR, REPAIR + "            results: [{name: ok, share: 1.0}]\n"
        "            units_per_lot_out: 1\n",
        ["'units_per_lot_out' and 'results' exclude each other"],
    ),
    "put and route": (
        SORT, SORT.replace("rule:", "rule:") + "\n            put: left",
        ["station 'sort'", "has both 'put' and 'route'"],
    ),
    "way twice": (
        LEFT_RIGHT, "ways: [{to: left}, {to: left}]", ["names 'left' twice for the same lots"],
    ),
    "share without the rule": (
        LEFT_RIGHT, "ways: [{to: left, share: 0.5}, {to: right}]",
        ["the way to 'left' has a 'share', but the rule is 'least_full'"],
    ),
    "rule without the share": (
        SORT, SORT.replace("least_full", "share"),
        ["the way to 'left' needs a 'share', but the rule is 'share'"],
    ),
    "unknown place of a way": (
        LEFT_RIGHT, "ways: [{to: leaf}, {to: right}]", ["'leaf' does not exist (nearest: 'left')"],
    ),
    "several inputs without a rule": (
        PACK, PACK.replace("{from: left}", "{from: left}, {from: good}"),
        ["takes from 2 places without saying by which rule", "Add 'pick'"],
    ),
    "pick without several inputs": (
        PACK, PACK + "            pick: oldest\n", ["'pick' is for stations that take whole lots"],
    ),
    "loading of no assembly": (
        PACK, PACK + "            loading: simultaneous\n",
        ["'loading' is for stations of kind 'assembly', this is 'discrete'"],
    ),
    "batch key of no batch": (
        PACK, PACK + "            max_wait: 5min\n", ["'max_wait' is for stations of kind 'batch'"],
    ),
    "dispatch of an assembly": (
        PACK, PACK + "            kind: assembly\n            product: part\n"
        "            dispatch: priority\n",
        ["a station of kind 'assembly' has no 'dispatch'"],
    ),
    "batch minimum above its size": (
        PACK, PACK + "            batch_lots: 2\n            batch_min_lots: 3\n",
        ["'batch_min_lots' is 3, more than the 2 of 'batch_lots'"],
    ),
    "patience without a minimum": (
        PACK, PACK + "            batch_lots: 2\n            max_wait: 1min\n",
        ["'max_wait' without 'batch_min_lots' has no meaning"],
    ),
    "more cards than room": (
        KANBAN, KANBAN + " kanban: 9,", ["has 9 cards ('kanban') but room for 4 lots"],
    ),
    "cards behind a route": (
        KANBAN, KANBAN + " kanban: 2,", ["'sort' does not bring one lot for one card"],
    ),
    "parts nobody takes": (
        PACK, PACK + "            parts: [{item: part}, {item: screw}]\n",
        ["item 'screw' does not exist"],
    ),
    "parts and product": (
        PACK, PACK + "            parts: [{item: part}]\n            product: part\n",
        ["'product' and 'parts' exclude each other"],
    ),
    "section that ends nowhere": (
        "until: inspect", "until: inspct", ["'inspct' does not exist (nearest: 'inspect')"],
    ),
    "demand without time": (
        "{id: exit, position", "{id: exit, demand: {interval: {mean_s: 0}}, position",
        ["'demand.interval.mean_s' must be greater than 0"],
    ),
}  # fmt: skip

MILL = "            dispatch: earliest_due_date\n"
WRONG_PRODUCTS = {
    "product without a recipe": (
        "              - {product: large, cycle: {mean_s: 75, cv: 0.1}, yield: 0.95}\n", "",
        ["station 'mill': product 'large' reaches it, but it has no recipe with a 'cycle'",
         "Add one under 'recipes'"],
    ),
    "recipe of an unknown product": (
        "{product: large, cycle", "{product: lage, cycle",
        ["product 'lage' does not exist (nearest: 'large')"],
    ),
    "two recipes": (
        "{product: large, cycle", "{product: small, cycle", ["two recipes for the product 'small'"],
    ),
    "order of an unknown product": (
        "{id: o2, product: large", "{id: o2, product: lrge",
        ["product 'lrge' does not exist (nearest: 'large')"],
    ),
    "order that is due too early": (
        "release: 10min, due: 60min", "release: 10min, due: 5min",
        ["order 'o3': is due at 300 s, before its release at 600 s"],
    ),
    "orders nobody brings": (
        "put: queue, orders: true", "put: queue",
        ["order 'o1': source 'infeed' does not bring orders", "Write 'orders: true' there"],
    ),
    "source of an order that does not exist": (
        "due: 20min, from: infeed", "due: 20min, from: infed",
        ["source 'infed' does not exist (nearest: 'infeed')"],
    ),
    "orders and product": (
        "orders: true,", "orders: true, product: small,",
        ["'product' and 'orders' exclude each other"],
    ),
    "unknown product of a mix": (
        "orders: true,", "mix: {smal: 1},", ["product 'smal' does not exist (nearest: 'small')"],
    ),
    "unknown family": (
        "{narrow: {wide: 5min}", "{narow: {wide: 5min}",
        ["'narow' is no family of a product that reaches it (nearest: 'narrow')",
         "Families here: narrow, wide."],
    ),
    "way no product may go": (
        "            put: exit\n",
        "            route: {ways: [{to: exit, products: [small]}]}\n",
        ["product 'large' reaches it, but no way of its route takes that"],
    ),
    "unknown product of a way": (
        "            put: exit\n",
        "            route: {ways: [{to: exit}, {to: exit, products: [huge]}]}\n",
        ["product 'huge' does not exist"],
    ),
    "changeover of a batch": (
        MILL, "            batch_lots: 2\n", ["a station of kind 'batch' has no changeover"],
    ),
    "recipe without time": (
        "mean_s: 75", "mean_s: 0", ["'recipes.1.cycle.mean_s' must be greater than 0"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_ROUTES)
def test_routes_that_cannot_work_are_refused(name: str, tmp_path: Path) -> None:
    check(REWORK, *WRONG_ROUTES[name], tmp_path)


@pytest.mark.parametrize("name", WRONG_PRODUCTS)
def test_products_and_orders_that_cannot_work_are_refused(name: str, tmp_path: Path) -> None:
    check(ORDERS, *WRONG_PRODUCTS[name], tmp_path)


def check(text: str, old: str, new: str, said: list[str], folder: Path) -> None:
    assert old in text
    changed = text.replace(old, new, 1)
    if "batch" in new:  # the key needs a station of that kind
        changed = re.sub(r"kind: discrete(?=(?:(?!kind:).)*batch_)", "kind: batch", changed,
                         count=1, flags=re.DOTALL)  # fmt: skip
    if "kind: assembly" in new:
        changed = changed.replace("          - id: pack_left\n            kind: discrete\n",
                                  "          - id: pack_left\n")  # fmt: skip
    found = problems(changed, folder)
    for part in said:
        assert any(part in problem for problem in found), found


def test_two_sources_of_orders_need_a_name(tmp_path: Path) -> None:
    source = "  - {id: infeed, item: part, put: queue, orders: true, position_m: [2, 10, 0]}\n"
    two = ORDERS.replace(source, source + source.replace("infeed", "other"))
    found = problems(two.replace("due: 20min, from: infeed", "due: 20min"), tmp_path)
    assert any("order 'o1': which of the sources infeed, other brings it?" in p for p in found)
    assert any("source 'other': brings orders, but there is none for it" in p for p in found)


def test_nobody_brings_an_order_without_a_source(tmp_path: Path) -> None:
    text = ORDERS.replace(", from: infeed", "").replace("orders: true, ", "product: small, ")
    found = problems(text, tmp_path)
    assert sum("no source brings orders" in p for p in found) == 3


@pytest.mark.parametrize("text", [REWORK, ORDERS])
def test_the_examples_themselves_are_right(text: str, tmp_path: Path) -> None:
    path = tmp_path / "plant.yaml"
    path.write_text(text, "utf-8")
    assert load_plant(path).unsourced == ()


RACK = {"columns": 1, "levels": 1}
CRANE = {
    "id": "crane", "rail_m": [[0, 0], [9, 0]], "reach_m": 3, "height_m": 3, "speed_mps": 1,
    "lift_mps": 1, "acceleration_mps2": 1, "lift_acceleration_mps2": 1, "fork_s": 1,
}  # fmt: skip
BELT = {"id": "belt", "item": "part", "capacity": 5, "path_m": [[0, 0], [9, 0]], "speed_mps": 1}


def single(**more: Any) -> Plant:
    """A source, a buffer ``in`` (and ``b``), one station `s` changed by `more`, a sink."""
    plant: dict[str, Any] = more.pop("plant", {})
    said = {"take": "in", "put": "out", "cycle": 1.0, **more}
    return tiny_plant(
        [station("s", **said)],
        buffers=[buffer("in"), buffer("b", **plant.pop("b", {}))],
        sources=[source("src", "in", **plant.pop("source", {}))],
        sinks=[sink()],
        **plant,
    )


def said_about(plant: Plant) -> list[str]:
    found = Problems()
    index = Index(from_plain({}, "plant.yaml:1"))
    check_rules(plant, index, found)
    check_flow(plant, index, found)
    check_products(plant, Reporter(index, found))
    return [str(problem) for problem in found]


ITEMS = [{"id": "part"}, {"id": "half"}, {"id": "third"}]
APART = {"put": None, "parts": [{"item": "half"}], "route": route("priority", way("b"))}
WRONG_PLANTS: dict[str, tuple[dict[str, Any], str]] = {
    "batch that inspects": (
        {"kind": "batch", "results": [{"name": "ok", "share": 1}]},
        "a station of kind 'batch' does not inspect. Let a discrete station inspect.",
    ),
    "batch that takes apart": (
        {"kind": "batch", "parts": [{"item": "part"}]}, "kind 'batch' does not take apart",
    ),
    "store with a route": (
        {"kind": "store", "rack": RACK, "crane": "crane", "put": None,
         "route": route("priority", way("b")), "plant": {"cranes": [CRANE]}},
        "a store has no 'route': its crane brings every lot to 'put'",
    ),
    "web with two inputs and no rule": (
        {"kind": "web", "product": "part", "take": [{"from": "in"}, {"from": "b"}]},
        "takes from 2 places without saying by which rule",
    ),
    "web with rolls of two items": (
        {"kind": "web", "product": "part", "take": [{"from": "in"}, {"from": "b"}],
         "pick": "longest", "plant": {"items": ITEMS, "b": {"item": "half"}}},
        "takes 'half' and 'part', but a web station works on rolls of one item",
    ),
    "choice among lots of a conveyor": (
        {"take": "belt", "dispatch": "priority", "plant": {"conveyors": [BELT]}},
        "a conveyor gives the first only. Put a buffer between.",
    ),
    "part without a place": (
        {**APART, "parts": [{"item": "half"}, {"item": "third"}],
         "plant": {"items": ITEMS, "b": {"item": "half"}}},
        "no place it puts to is for its part 'third'. Add a way to one under 'route'.",
    ),
    "place without a part": (
        {**APART, "plant": {"items": ITEMS, "b": {"item": "third"}}},
        "nothing it makes goes to 'b', which is for 'third'",
    ),
    "section that ends at a store": (
        {"plant": {"source": {"release": {"kind": "conwip", "wip": 1, "until": "b"}}}},
        "a section cannot end at the store 'b'",
    ),
    "robot with a time in a recipe": (
        {"kind": "robot", "cycle": None, "robot": "arm", "recipes": [
            {"product": "a", "cycle": {"mean_s": 1}}], "plant": {"products": products("a")}},
        "a robot station has no 'cycle': the robot's program is its cycle. Remove it from the rec",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_PLANTS)
def test_other_rules(name: str) -> None:
    changes, message = WRONG_PLANTS[name]
    found = said_about(single(**changes))
    assert any(message in problem for problem in found), found


def test_an_unknown_dispatch_rule_names_the_nearest(tmp_path: Path) -> None:
    """Rules are functions of the engine, so it is the engine that knows them."""
    plant = single(dispatch="earliest_due_dat")
    with pytest.raises(PlantError) as caught:
        simulate(scenario(plant, 10.0), tmp_path / "r")
    assert caught.value.exit_code == 2
    assert not (tmp_path / "r").exists(), "nothing is written"
    assert "dispatch rule 'earliest_due_dat' does not exist (nearest: 'earliest_due_date')" in str(
        caught.value
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("recipes", [{"product": "a", "yield": 0.5}]),
        ("changeover", {"default_s": 5.0}),
        ("results", [{"name": "ok", "share": 1.0}]),
        ("parts", [{"item": "part", "units": 2}]),
    ],
)
def test_lots_that_are_not_followed_unit_by_unit_are_all_alike(key: str, value: Any) -> None:
    plant = tiny_plant(
        [station("cut", take="in", put="out", cycle=1.0, record="lot", **{key: value})],
        buffers=[buffer("in")],
        sources=[source("src", "in", product="a")],
        products=products("a"),
    )
    found = [text for text in said_about(plant) if "'record: lot'" in text]
    assert len(found) == 1
    assert f"station 'cut': '{key}' and 'record: lot' exclude each other. Remove one" in found[0]
