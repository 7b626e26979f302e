"""Products at every kind of station: each lot is treated by its recipe, and lots stay pure."""

from __future__ import annotations

from typing import Any

import pytest

from sim import simulate
from tests.support.flows import products
from tests.support.plants import (
    buffer,
    duration,
    exponential,
    scenario,
    source,
    station,
    tiny_plant,
)  # fmt: skip
from twin.run.run import Run

CRANE = {
    "id": "crane", "rail_m": [[10, 2], [30, 2]], "reach_m": 3.0, "height_m": 5.0, "speed_mps": 2.0,
    "lift_mps": 0.5, "acceleration_mps2": 0.5, "lift_acceleration_mps2": 0.5, "fork_s": 3.0,
}  # fmt: skip


def recipe(product: str, cycle_s: float, **more: Any) -> dict[str, Any]:
    return {"product": product, "cycle": duration(cycle_s), **more}


@pytest.fixture(scope="module", params=["empty", "steady"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Pack trays, bake them by product, let them rest, check them."""
    stations = [
        station("pack", take="in", put="trays", product="tray", units_per_lot_out=4, cycle=1.0,
                recipes=[recipe("B", 2.0, **{"yield": 0.8})]),
        station("bake", take="trays", put="hot", kind="batch", batch_lots=3, batch_min_lots=1,
                max_wait=30, batch_mix="product", cycle=10.0, recipes=[recipe("B", 20.0)],
                dispatch="shortest_processing_time", machines=2, pitch_m=[2, 0]),
        station("rest", take="hot", put="cold", kind="store", crane="crane",
                rack={"columns": 2, "levels": 3},
                recipes=[recipe("A", 50.0), recipe("B", 90.0, **{"yield": 0.9})]),
        station("check", take="cold", put="out", cycle=0.5, units_per_cycle=2),
    ]  # fmt: skip
    plant = tiny_plant(
        stations,
        items=[{"id": "cell"}, {"id": "tray", "units_per_lot": 4, "product": True}],
        buffers=[buffer("in", item="cell", capacity=10), buffer("trays", item="tray", capacity=12),
                 buffer("hot", item="tray"), buffer("cold", item="tray")],
        sources=[source("s", "in", item="cell", mix={"A": 2, "B": 1}, interval=exponential(1.5))],
        cranes=[CRANE],
        products=[{**product, "item": "tray"} for product in products("A", "B")],
    )  # fmt: skip
    made = scenario(plant, 3_000.0, initial=request.param)
    return simulate(made, tmp_path_factory.mktemp("products") / "r")


def test_every_lot_takes_the_time_of_its_recipe(run: Run) -> None:
    rows = run.sql(
        "SELECT c.station, p.product, min(duration_s) AS least, max(duration_s) AS most"
        " FROM cycles c JOIN lot_products p ON p.lot = c.lot GROUP BY ALL"
    )
    found = {(s, p): (least, most) for s, p, least, most in rows.itertuples(index=False)}
    times = {"pack": (1.0, 2.0), "bake": (10.0, 20.0), "rest": (50.0, 90.0), "check": (0.5, 0.5)}
    expected = {(s, p): t for s, both in times.items() for p, t in zip("AB", both, strict=True)}
    assert found.keys() == expected.keys()
    for key, seconds in expected.items():
        assert found[key] == pytest.approx((seconds, seconds)), key


def test_batches_and_trays_hold_one_product(run: Run) -> None:
    mixed = run.sql(
        "SELECT count(DISTINCT p.product) AS n FROM cycles c JOIN lot_products p ON p.lot = c.lot"
        " WHERE c.station = 'bake' GROUP BY c.machine, c.start_s"
    )
    assert len(mixed) > 50
    assert (mixed["n"] == 1).all()
    packed = run.sql(
        "SELECT a.product AS made, b.product AS used FROM units u"
        " JOIN lot_products a ON a.lot = u.lot JOIN lot_products b ON b.lot = u.parent"
        " WHERE u.event = 'packed'"
    )
    assert (packed["made"] == packed["used"]).all()


def test_only_the_product_with_a_yield_is_scrapped(run: Run) -> None:
    scrapped = run.sql(
        "SELECT DISTINCT u.station, p.product FROM units u JOIN lot_products p ON p.lot = u.lot"
        " WHERE u.event = 'scrapped' ORDER BY u.station"
    )
    assert scrapped.astype(str).to_numpy().tolist() == [["pack", "B"], ["rest", "B"]]
