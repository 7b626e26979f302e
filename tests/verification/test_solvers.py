"""The solvers of the verification suite against published values and closed forms.

Balanced exponential lines: Hillier and Boling, Operations Research 15 (1967) 286 (2/3, 0.5641,
0.5148 and 0.4858 for two to five stations without buffers; 22/39 is 0.5641 exactly); two stations
with B places: (B + 2) / (B + 3), Hunt, Operations Research 4 (1956) 674.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from tests.support.theory.line import Server, throughput
from tests.support.theory.markov import Transitions, explore
from tests.support.theory.queue import (
    closed_throughput,
    dm1_wait_s,
    erlang_b,
    erlang_c,
    mg1_wait_s,
    mmc_wait_s,
)


def birth_and_death(up: float, down: float, most: int, servers: int = 1) -> Transitions[int]:
    def transitions(n: int) -> Iterator[tuple[int, float, float]]:
        yield n + 1, up if n < most else 0.0, 0.0
        yield n - 1, down * min(n, servers), 1.0

    return transitions


@pytest.mark.parametrize(
    ("stations", "buffers", "published"),
    [
        (2, 0, 2 / 3), (3, 0, 22 / 39), (4, 0, 0.5148), (5, 0, 0.4858),
        (3, 1, 0.6705), (3, 2, 0.7340), (4, 1, 0.6312), (4, 2, 0.7007), (5, 1, 0.6076),
    ],
)  # fmt: skip
def test_balanced_lines_have_the_published_throughput(
    stations: int, buffers: int, published: float
) -> None:
    found = throughput([Server()] * stations, buffers)
    assert found == pytest.approx(published, abs=5e-5)


@pytest.mark.parametrize("places", [0, 1, 2, 5, 20])
def test_two_stations_have_the_closed_form(places: int) -> None:
    found = throughput([Server()] * 2, places)
    assert found == pytest.approx((places + 2) / (places + 3), rel=1e-12)


def test_a_line_is_as_fast_backwards() -> None:
    """Reversibility: Muth, Management Science 25 (1979) 152."""
    servers = [Server(0.5), Server(1.0, 2), Server(0.8), Server(1.3, 3)]
    forth = throughput(servers, [0, 2, 1])
    assert throughput(servers[::-1], [1, 2, 0]) == pytest.approx(forth, rel=1e-10)


def test_regular_service_is_faster() -> None:
    rates = [throughput([Server(stages=k)] * 3, 1) for k in (1, 2, 4)]
    assert rates[0] < rates[1] < rates[2] < 1


@pytest.mark.parametrize("calendar", [False, True])
def test_a_machine_alone_is_available_mtbf_of_the_time(calendar: bool) -> None:
    server = Server(2.0, mtbf_s=30.0, mttr_s=10.0, calendar=calendar)
    assert throughput([server], []) == pytest.approx(0.5 * 30 / 40, rel=1e-12)


def test_a_large_buffer_separates_machines() -> None:
    """In the limit the line has the throughput of its weakest machine alone."""
    weak = Server(1.0, mtbf_s=20.0, mttr_s=10.0)
    assert throughput([weak, Server(0.4)], 400) == pytest.approx(2 / 3, rel=1e-9)


def test_stationary_law_and_mean() -> None:
    """M/M/1/10: p(n) ~ rho^n."""
    chain = explore(0, birth_and_death(0.8, 1.0, 10))
    weights = [0.8**n for n in range(11)]
    expected = [w / sum(weights) for w in weights]
    order = [chain.states.index(n) for n in range(11)]
    assert chain.stationary[order] == pytest.approx(expected, rel=1e-10)
    assert chain.mean(float) == pytest.approx(sum(n * p for n, p in enumerate(expected)))
    assert chain.gain == pytest.approx(0.8 * (1 - expected[10]))


def test_transient_of_two_states() -> None:
    """p(1, t) = a / (a + b) (1 - exp(-(a + b) t)); the gain until t is its integral times b."""
    chain = explore(0, birth_and_death(0.3, 0.7, 1))
    assert chain.law(2.0)[1] == pytest.approx(0.3 * (1 - math.exp(-2.0)), rel=1e-10)
    integral = 0.3 * (2.0 - (1 - math.exp(-2.0)))
    assert chain.gain_until(2.0) == pytest.approx(0.7 * integral, rel=1e-9)
    assert chain.time_to(lambda n: n == 1) == pytest.approx(1 / 0.3)
    assert chain.time_to(lambda n: n == 0) == 0.0


@pytest.mark.parametrize("servers", [1, 2, 5])
def test_erlang_formulas_are_those_of_the_chain(servers: int) -> None:
    offered = 0.7 * servers
    loss = explore(0, birth_and_death(offered, 1.0, servers, servers))
    full = loss.stationary[loss.states.index(servers)]
    assert erlang_b(servers, offered) == pytest.approx(full, rel=1e-10)
    queue = explore(0, birth_and_death(offered, 1.0, servers + 250, servers))
    waiting = queue.mean(lambda n: n >= servers)
    assert erlang_c(servers, offered) == pytest.approx(waiting, rel=1e-6)
    length = queue.mean(lambda n: max(n - servers, 0))
    assert mmc_wait_s(offered, 1.0, servers) == pytest.approx(length / offered, rel=1e-6)


def test_waits_in_special_cases() -> None:
    """M/G/1 is M/M/1 for cv 1; D/M/1 has sigma = 0.2032 at a load of one half."""
    assert mg1_wait_s(0.5, 1.0, 1.0) == pytest.approx(mmc_wait_s(0.5, 1.0, 1))
    assert mg1_wait_s(0.5, 1.0, 0.0) == pytest.approx(0.5)
    assert dm1_wait_s(2.0, 1.0) == pytest.approx(0.20319 / 0.79681, rel=1e-4)


def test_mean_value_analysis_is_exact() -> None:
    """Two stations, three customers: the closed network as a chain."""

    def transitions(first: int) -> Iterator[tuple[int, float, float]]:
        yield first - 1, 1.0 if first else 0.0, 1.0
        yield first + 1, 1 / 1.5 if first < 3 else 0.0, 0.0

    assert explore(3, transitions).gain == pytest.approx(closed_throughput([1.0, 1.5], 3))


def test_a_chain_without_a_single_law_is_refused() -> None:
    def transitions(n: int) -> Iterator[tuple[int, float, float]]:
        if n == 0:
            yield 1, 1.0, 0.0
            yield 2, 1.0, 0.0

    with pytest.raises(ArithmeticError, match="single stationary law"):
        _ = explore(0, transitions).stationary


def test_an_unbounded_model_is_refused() -> None:
    with pytest.raises(ArithmeticError, match="more than"):
        explore(0, lambda n: [(n + 1, 1.0, 0.0)])
