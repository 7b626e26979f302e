"""Taking apart: one unit becomes so many units of other items, by hand."""

from __future__ import annotations

import pytest

from sim import simulate
from tests.support.flows import route, way
from tests.support.plants import buffer, scenario, sink, source, station, tiny_plant
from twin.run.run import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A pack of 10 s becomes 4 modules (lots of one) and 6 screws (lots of 4)."""
    plant = tiny_plant(
        [station("open", take="packs", put=None, cycle=10.0,
                 parts=[{"item": "module", "units": 4}, {"item": "screw", "units": 6}],
                 route=route("priority", way("modules"), way("screws")))],
        items=[{"id": "pack"}, {"id": "module", "product": True},
               {"id": "screw", "units_per_lot": 4}],
        buffers=[buffer("packs", item="pack"), buffer("modules", item="module", capacity=100),
                 buffer("screws", item="screw", capacity=100)],
        sources=[source("src", "packs", item="pack")],
        sinks=[sink()],
    )  # fmt: skip
    return simulate(scenario(plant, 35.0), tmp_path_factory.mktemp("d") / "r")


def test_three_packs_give_twelve_modules_and_full_lots_of_screws(run: Run) -> None:
    """18 screws are four full lots, and two in the machine."""
    state = run.state_at(35.0).levels
    assert (state["modules"], state["screws"]) == (12, 4)
    totals = run.manifest.totals
    assert (totals["consumed.pack"], totals["created.module"], totals["created.screw"]) == (
        3, 12, 18,
    )  # fmt: skip


def test_every_part_knows_the_pack_it_comes_from(run: Run) -> None:
    joined = run.table("units", where="event = 'joined'")
    packs = run.table("units", where="event = 'created' AND item = 'pack'")["lot"]
    assert set(joined["parent"]) <= set(packs)
    assert joined["n"].sum() == 3, "each pack is used up once"
    assert set(joined["lot"]) >= set(
        run.table("units", where="event = 'created' AND item = 'module'")["lot"]
    )
