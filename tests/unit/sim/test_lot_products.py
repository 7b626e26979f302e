"""Products, orders and cards at stations that work through whole lots (`record: lot`)."""

from __future__ import annotations

import pytest

from sim import simulate
from tests.support.flows import order, products
from tests.support.plants import buffer, exponential, scenario, source, station, tiny_plant
from twin.run.run import Run

ROLL_M, SHEETS_PER_M, MAGAZINE = 40, 5, 50
STACK_SHEETS, CASSETTE = 4, 5
ORDERS = [order("o1", "A", 160), order("o2", "B", 80, release=30), order("o3", "A", 40)]


@pytest.fixture(scope="module", params=["one_by_one", "simultaneous"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Slit rolls, cut them into magazines of sheets, dry and look at these, stack them."""
    stations = [
        station("slit", take="rolls", put="strips", kind="web", product="strip", record="lot",
                lanes=2, cycle=0.5, units_per_m=1),
        station("cut", take="strips", put="sheets", kind="web", product="sheet", record="lot",
                units_per_m=SHEETS_PER_M, cycle=exponential(0.05), machines=2, pitch_m=[2, 0],
                breakdown={"mtbf_h": 0.02, "mttr_h": 0.001, "unit": "scrap"}),
        station("dry", take="sheets", put="dried", kind="batch", batch_lots=2, batch_min_lots=1,
                max_wait=20, batch_mix="product", record="lot", cycle=5.0),
        station("look", take="dried", put="looked", record="lot", cycle=0.02,
                dispatch="priority", **{"yield": 0.98}),
        station("stack", take=[{"from": "looked", "units": STACK_SHEETS}, {"from": "tapes"}],
                put="out", kind="assembly", product="stack", cycle=0.3,
                units_per_lot_out=CASSETTE, loading=request.param),
    ]  # fmt: skip
    plant = tiny_plant(
        stations,
        items=[{"id": "roll", "unit": "m", "units_per_lot": ROLL_M},
               {"id": "strip", "unit": "m", "units_per_lot": ROLL_M // 2},
               {"id": "sheet", "unit": "sheet", "units_per_lot": MAGAZINE},
               {"id": "tape", "units_per_lot": 30},
               {"id": "stack", "units_per_lot": CASSETTE, "product": True}],
        buffers=[buffer("rolls", item="roll"), buffer("strips", item="strip", capacity=9),
                 buffer("sheets", item="sheet", capacity=40),
                 buffer("dried", item="sheet", capacity=9),
                 buffer("looked", item="sheet", capacity=9), buffer("tapes", item="tape")],
        sources=[source("src", "rolls", item="roll", orders=True,
                        release={"kind": "conwip", "wip": 3, "until": "cut"}),
                 source("tape_in", "tapes", item="tape")],
        products=[{**product, "item": "stack"} for product in products("A", "B")],
        orders=ORDERS,
    )  # fmt: skip
    return simulate(scenario(plant, 4_000.0), tmp_path_factory.mktemp("lots") / "r")


def test_lots_that_are_slit_or_collected_keep_product_and_order(run: Run) -> None:
    made = run.sql(
        'SELECT u.item, count(DISTINCT a.product || a."order") AS own,'
        ' count(DISTINCT b.product || b."order") AS used'
        " FROM units u JOIN lot_products a ON a.lot = u.lot"
        " JOIN lot_products b ON b.lot = u.parent WHERE u.event = 'packed' GROUP BY u.item, u.lot"
    )
    assert set(made["item"].astype(str)) == {"strip", "sheet", "stack"}
    assert len(made) > 30
    assert (made["own"] == 1).all()
    assert (made["used"] == 1).all()


def test_every_lot_behind_the_first_station_has_a_product(run: Run) -> None:
    seen = run.sql(
        "SELECT c.station, count(*) AS n, count(p.product) AS labelled FROM cycles c"
        " LEFT JOIN lot_products p ON p.lot = c.lot GROUP BY c.station"
    )
    assert set(seen["station"].astype(str)) == {"slit", "cut", "dry", "look", "stack"}
    assert (seen["n"] == seen["labelled"]).all()


def test_order_counts_what_became_of_its_units(run: Run) -> None:
    """Good stacks of each order are those shipped with it, scrap is what was lost of its sheets."""
    shipped = run.sql(
        'SELECT p."order" AS name, sum(u.n) AS n FROM units u JOIN lot_products p ON p.lot = u.lot'
        " WHERE u.event = 'shipped' GROUP BY ALL"
    )
    lost = run.sql(
        'SELECT p."order" AS name, sum(u.n) AS n FROM units u JOIN lot_products p ON p.lot = u.lot'
        " WHERE u.event = 'scrapped' GROUP BY ALL"
    )
    orders = run.sql("SELECT * FROM orders").set_index("order")
    good = {str(name): int(n) for name, n in shipped.itertuples(index=False)}
    scrap = {str(name): int(n) for name, n in lost.itertuples(index=False)}
    assert sum(good.values()) > 150
    assert sum(scrap.values()) > 10
    for name in ("o1", "o2", "o3"):
        row = orders.loc[name]
        assert int(row["good"]) == good.get(name, 0), name
        assert int(row["scrap"]) == scrap.get(name, 0), name
