"""Batch service M/M(a,b)/1, against its Markov chain.

Lots arrive at rate lam; the machine starts when at least `a` wait, with as many as there are up to
`b`; a batch takes an exponential time.  a = b is the full batch, a < b the min-max batch (the
general bulk service rule of Neuts, M. F. (1967), Ann. Math. Stat. 38).  State: (lots that wait,
lots in treatment), truncated where its probability is below 1e-9.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sim import simulate
from tests.support.flows import LARGE, number_inside, starts
from tests.support.markov import Rates, State, stationary
from tests.support.plants import buffer, exponential, scenario, source, station, tiny_plant
from tests.support.statistics import batch_means
from twin.run.run import Run

BATCH_S = 2.5
MOST = 120


def oven(
    folder: Path, *, horizon_s: float, arrivals: object, cycle: object, **batch: object
) -> Run:
    plant = tiny_plant(
        [station("oven", take="queue", put="out", kind="batch", cycle=cycle, **batch)],
        buffers=[buffer("queue", capacity=LARGE)],
        sources=[source("src", "queue", interval=arrivals)],
    )
    return simulate(scenario(plant, horizon_s, seed=2), folder / "r")


def moves(least: int, most: int) -> Rates:
    """Transitions of (waiting, in treatment) with unit arrival rate."""

    def rates(state: State) -> Iterator[tuple[State, float]]:
        waiting, treated = state
        if waiting < MOST:
            enough = not treated and waiting + 1 >= least
            yield (0, waiting + 1) if enough else (waiting + 1, treated), 1.0
        if treated:
            n = min(waiting, most) if waiting >= least else 0
            yield (waiting - n, n), 1 / BATCH_S

    return rates


@pytest.mark.parametrize(("least", "most"), [(4, 4), (2, 6), (1, 5)])
def test_mean_number_is_exact(least: int, most: int, tmp_path: Path) -> None:
    run = oven(
        tmp_path, horizon_s=120_000.0, arrivals=exponential(1.0), cycle=exponential(BATCH_S),
        batch_lots=most, batch_min_lots=least,
    )  # fmt: skip
    p = stationary((0, 0), moves(least, most))
    assert sum(share for (n, _), share in p.items() if n == MOST) < 1e-9
    theory = sum((n + treated) * share for (n, treated), share in p.items())
    times = np.arange(2_000.0, run.horizon_s, 2.0)
    mean, half_width = batch_means(number_inside(run, "queue", "oven", times).astype(float))
    assert half_width < 0.05 * theory
    assert abs(mean - theory) <= half_width


def test_a_batch_starts_when_its_first_lot_has_waited_long_enough(tmp_path: Path) -> None:
    """A lot every 10 s, batches of 2 to 4 lots, 25 s of patience, 5 s of treatment.

    The first comes at 10; at 35 three are there: start at 35 (to 40).  The next comes at 40 (it
    is its own first): start at 65 with those of 40, 50 and 60; then at 95 with 70, 80, 90.
    """
    every = {"mean_s": 10.0, "kind": "constant"}
    run = oven(
        tmp_path, horizon_s=131.0, arrivals=every, cycle=5.0, batch_lots=4, batch_min_lots=2,
        max_wait=25.0,
    )  # fmt: skip
    assert starts(run, "oven").tolist() == [35.0] * 3 + [65.0] * 3 + [95.0] * 3 + [125.0] * 3


def test_patience_without_enough_lots_waits_for_them(tmp_path: Path) -> None:
    """Three lots are needed, 15 s of patience: the third comes 20 s after the first."""
    every = {"mean_s": 10.0, "kind": "constant"}
    run = oven(
        tmp_path, horizon_s=66.0, arrivals=every, cycle=5.0, batch_lots=4, batch_min_lots=3,
        max_wait=15.0,
    )  # fmt: skip
    assert starts(run, "oven").tolist() == [30.0] * 3 + [60.0] * 3


@pytest.mark.parametrize("mix", ["product", "family"])
def test_a_batch_holds_what_goes_together(mix: str, tmp_path: Path) -> None:
    """Lots of three products, two of them of one family, in batches of two."""
    names = {"red": "warm", "pink": "warm", "blue": "cold"}
    plant = tiny_plant(
        [station("oven", take="queue", put="out", kind="batch", cycle=3.0, batch_lots=2,
                 batch_mix=mix)],
        buffers=[buffer("queue", capacity=50)],
        sources=[source("src", "queue", interval=exponential(2.0), mix=dict.fromkeys(names, 1))],
        products=[{"id": n, "energy_wh": 1, "item": "part", "family": f} for n, f in names.items()],
    )  # fmt: skip
    run = simulate(scenario(plant, 2_000.0, seed=7), tmp_path / "r")
    cycles = run.table("cycles").merge(run.table("lot_products"), on="lot")
    cycles["family"] = cycles["product"].astype(str).map(names)
    batches = cycles.groupby("start_s")
    key = "product" if mix == "product" else "family"
    assert (batches.size() == 2).all()
    assert (batches[key].nunique() == 1).all()
    mixed = (batches["product"].nunique() == 2).any()
    assert mixed == (mix == "family")
