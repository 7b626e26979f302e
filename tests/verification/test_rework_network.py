"""An open network with rework, against Jackson's theorem.

Lots arrive at rate lam (Poisson) at ``test``, of which a share p goes to ``repair`` and back.  All
services are exponential and all buffers large.  Jackson, J. R. (1957), Networks of waiting lines,
Operations Research 5: every station is an M/M/1 queue at its own total rate.  The rate through
``test`` is lam / (1 - p), that through ``repair`` p lam / (1 - p); the mean number at a station is
rho / (1 - rho).  A lot passes ``test`` k times with probability (1 - p) p**(k - 1).
"""

from __future__ import annotations

import numpy as np
import pytest

from sim import simulate
from tests.support.flows import LARGE, number_inside, route, way
from tests.support.plants import buffer, exponential, scenario, source, station, tiny_plant
from tests.support.statistics import batch_means
from twin.run.run import Run

P = 0.25
TEST_S, REPAIR_S = 0.45, 1.2
HORIZON_S = 150_000.0


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    plant = tiny_plant(
        [
            station(
                "test", take="queue", put=None, cycle=exponential(TEST_S),
                results=[{"name": "ok", "share": 1 - P}, {"name": "rework", "share": P}],
                route=route(
                    "priority",
                    way("out", results=["ok"]),
                    way("broken", results=["rework"], max_passes=1000),
                ),
            ),
            station("repair", take="broken", put="queue", cycle=exponential(REPAIR_S)),
        ],
        buffers=[buffer("queue", capacity=LARGE), buffer("broken", capacity=LARGE)],
        sources=[source("src", "queue", interval=exponential(1.0))],
    )  # fmt: skip
    return simulate(scenario(plant, HORIZON_S, seed=5), tmp_path_factory.mktemp("j") / "r")


@pytest.mark.parametrize(
    ("place", "name", "rho"),
    [("queue", "test", TEST_S / (1 - P)), ("broken", "repair", REPAIR_S * P / (1 - P))],
)
def test_mean_number_at_every_station(run: Run, place: str, name: str, rho: float) -> None:
    times = np.arange(3_000.0, HORIZON_S, 3.0)
    mean, half_width = batch_means(number_inside(run, place, name, times).astype(float))
    theory = rho / (1 - rho)
    assert half_width < 0.06 * theory
    assert abs(mean - theory) <= half_width


def test_number_of_passes_is_geometric(run: Run) -> None:
    """Of the lots that were shipped, a share (1 - p) p**(k - 1) passed the test k times."""
    counts = run.sql(
        "SELECT count(*) AS n FROM cycles WHERE station = 'test' AND lot IN"
        " (SELECT lot FROM units WHERE event = 'shipped') GROUP BY lot"
    )["n"].to_numpy()
    for k in (1, 2, 3):
        share = float((counts == k).mean())
        theory = (1 - P) * P ** (k - 1)
        half_width = 2.576 * np.sqrt(theory * (1 - theory) / len(counts))
        assert half_width < 0.004
        assert abs(share - theory) <= half_width


def test_passes_are_noted_in_the_genealogy(run: Run) -> None:
    """Every result ``rework`` is a pass along the route back, and the lot keeps its number."""
    events = run.table("units", where="event = 'reworked'")
    results = run.table("cycles", ["lot", "result"], where="result = 'rework'")
    assert sorted(events["lot"]) == sorted(results["lot"])
    assert set(events["station"]) == {"test"}
