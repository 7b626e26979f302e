"""Assembly of two components in both loading modes, exact.

Sources of A and B with exponential intervals feed buffers of one lot each (an arrival that finds no
room waits outside, and its source rests); assembly is exponential.  A Markov chain of a few states
gives the throughput.

State: (a, b, w): lots of A that are there and lots of B that are there, w = 1 while the machine
works.  *One by one*: the machine holds one component while it waits for the other, so up to 2 + 1
lots of a kind are there (buffer, source, machine); with everything in the machine it works.
*Simultaneous*: nothing is held in the machine while it waits.  The source rests when the buffer is
full and a lot waits outside.

Without buffers (B = 0), two machines feed the assembly and each keeps its component until the
assembly takes it; all three at rate 1.  Simultaneous: a machine that has finished waits for the
other and for the assembly: 6 / 11 = 0.545455.  One by one, A first: the assembly takes A as soon as
it is free, which sets the machine of A free; B only when it holds A: 22 / 39 = 0.564103, that of
three machines in a row.  (An assembly that loads whatever comes first would do 26 / 45 = 0.577778;
the engine loads in the order of the plant file.)
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sim import simulate
from tests.support.markov import Rates, stationary
from tests.support.plants import buffer, exponential, scenario, source, station, tiny_plant
from tests.support.statistics import batch_means
from twin.run.run import Run

A_S, B_S, JOIN_S = 1.0, 1.3, 0.7


def assembly(folder: Path, loading: str, horizon_s: float) -> Run:
    plant = tiny_plant(
        [station("join", take=[{"from": "a"}, {"from": "b"}], put="out", kind="assembly",
                 product="part", cycle=exponential(JOIN_S), loading=loading)],
        items=[{"id": "part", "product": True}, {"id": "left"}, {"id": "right"}],
        buffers=[buffer("a", item="left", capacity=1), buffer("b", item="right", capacity=1)],
        sources=[source("src_a", "a", item="left", interval=exponential(A_S)),
                 source("src_b", "b", item="right", interval=exponential(B_S))],
    )  # fmt: skip
    return simulate(scenario(plant, horizon_s, seed=4), folder / "r")


def moves(loading: str) -> Rates:
    """Transitions of (a, b, w): components that are there besides those in work."""
    most_a = 2 if loading == "simultaneous" else 3

    def settle(a: int, b: int, w: int) -> tuple[int, int, int]:
        """Start to work if there is one of each and the machine is free."""
        return (a - 1, b - 1, 1) if not w and a and b else (a, b, w)

    def rates(state: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], float]]:
        a, b, w = state
        # While it works, a machine holds neither of the components to come.
        room_a = 2 if w else most_a
        if a < room_a:
            yield settle(a + 1, b, w), 1 / A_S
        if b < 2:
            yield settle(a, b + 1, w), 1 / B_S
        if w:
            yield settle(a, b, 0), 1 / JOIN_S

    return rates


@pytest.mark.parametrize("loading", ["one_by_one", "simultaneous"])
def test_throughput_is_exact(loading: str, tmp_path: Path) -> None:
    run = assembly(tmp_path, loading, 60_000.0)
    p = stationary((0, 0, 0), moves(loading))
    theory = JOIN_S / sum(share for (_, _, w), share in p.items() if w)
    ends = run.table("cycles", ["end_s"])["end_s"].to_numpy()
    mean, half_width = batch_means(np.diff(np.sort(ends)[50:]))
    assert half_width < 0.02 * theory
    assert abs(mean - theory) <= half_width


def unbuffered(loading: str) -> Rates:
    """Transitions without buffers.

    State: (a, b, w): a, b = 1 while a machine holds what it has finished; w is 0 while the assembly
    is empty, 1 while it holds A and waits for B, -1 the other way round, 2 while it works.
    """

    def settle(a: int, b: int, w: int) -> tuple[int, int, int]:
        if loading == "simultaneous":
            return (0, 0, 2) if a and b and not w else (a, b, w)
        if a and not w:
            a, w = 0, 1
        if b and not w and loading == "any_order":
            b, w = 0, -1
        if a and w == -1:
            a, w = 0, 2
        return (a, 0, 2) if b and w == 1 else (a, b, w)

    def rates(state: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], float]]:
        a, b, w = state
        if not a:
            yield settle(1, b, w), 1.0
        if not b:
            yield settle(a, 1, w), 1.0
        if w == 2:
            yield settle(a, b, 0), 1.0

    return rates


UNBUFFERED = {"simultaneous": 6 / 11, "one_by_one": 22 / 39, "any_order": 26 / 45}


@pytest.mark.parametrize("loading", UNBUFFERED)
def test_chains_without_buffers_have_the_known_throughput(loading: str) -> None:
    p = stationary((0, 0, 0), unbuffered(loading))
    busy = sum(share for (_, _, w), share in p.items() if w == 2)
    assert busy == pytest.approx(UNBUFFERED[loading], abs=1e-9)


@pytest.mark.parametrize("loading", ["simultaneous", "one_by_one"])
def test_throughput_without_buffers_is_exact(loading: str, tmp_path: Path) -> None:
    known = UNBUFFERED[loading]
    plant = tiny_plant(
        [*(station(f"make_{k}", take=f"in_{k}", put=k, cycle=exponential(1.0)) for k in "ab"),
         station("join", take=[{"from": "a"}, {"from": "b"}], put="out", kind="assembly",
                 product="part", cycle=exponential(1.0), loading=loading)],
        items=[{"id": "part", "product": True}, {"id": "left"}, {"id": "right"}],
        buffers=[buffer("in_a", item="left"), buffer("in_b", item="right"),
                 buffer("a", item="left", capacity=0), buffer("b", item="right", capacity=0)],
        sources=[source("src_a", "in_a", item="left"), source("src_b", "in_b", item="right")],
    )  # fmt: skip
    run = simulate(scenario(plant, 60_000.0, seed=4), tmp_path / "r")
    ends = run.table("cycles", ["end_s"], where="station = 'join'")["end_s"].to_numpy()
    mean, half_width = batch_means(np.diff(np.sort(ends)[50:]))
    assert half_width < 0.02 / known
    assert abs(mean - 1 / known) <= half_width


def test_the_two_modes_differ() -> None:
    """A is loaded first: holding one of A in the machine makes room for one more."""
    shares = {
        loading: sum(share for (_, _, w), share in stationary((0, 0, 0), moves(loading)).items()
                     if w)
        for loading in ("one_by_one", "simultaneous")
    }  # fmt: skip
    assert shares["one_by_one"] > 1.003 * shares["simultaneous"]


def test_simultaneous_takes_nothing_before_all_is_there(tmp_path: Path) -> None:
    """Every visit takes one of A and one of B at the moment it starts."""
    run = assembly(tmp_path, "simultaneous", 500.0)
    taken = run.table("levels", where="change < 0")
    begun = np.sort(run.table("cycles")["start_s"].to_numpy())
    for place in ("a", "b"):
        times = taken.loc[taken["place"] == place, "time_s"].to_numpy()
        np.testing.assert_array_equal(times[: len(begun)], begun)
    one_by_one = assembly(tmp_path / "2", "one_by_one", 500.0)
    early = one_by_one.table("levels", where="change < 0 AND place = 'a'")["time_s"].to_numpy()
    later = np.sort(one_by_one.table("cycles")["start_s"].to_numpy())
    assert (early[: len(later)] < later).any()
