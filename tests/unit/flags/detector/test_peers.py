"""Identical machines as what is expected of one another."""

from __future__ import annotations

import numpy as np
import pytest

from twin.flags.detector import Change, Design, Detector, Known, Peers
from twin.flags.detector.frame import Floats
from twin.flags.detector.peers import Level, agree, joined, level_of, peers_of

CV = 0.05


def cycles(n: int, seed: int, factor: float = 1.0) -> Floats:
    sigma = np.sqrt(np.log1p(CV**2))
    rng = np.random.default_rng(seed)
    return np.asarray(factor * rng.lognormal(-(sigma**2) / 2, sigma, n))


def levels(*factors: float, n: int = 300) -> list[Level]:
    found = [level_of(cycles(n, seed, f)) for seed, f in enumerate(factors)]
    return [one for one in found if one is not None]


def first(known: Known | None, times: Floats) -> Change | None:
    detector = Detector(known)
    detector.update(times)
    return next(iter(detector.found()), None)


def test_a_level_is_where_the_first_cycles_lie() -> None:
    times = np.concatenate([cycles(256, 1, 1.1), cycles(500, 2, 3.0)])
    level = level_of(times)
    assert level is not None
    assert level.centre == pytest.approx(np.log(1.1), abs=0.01)
    assert level.sd == pytest.approx(CV, rel=0.15)
    assert level.error == pytest.approx(1.2533 * CV / 16, rel=0.15)
    assert level_of(times[:31]) is None


def test_one_peer_says_nothing() -> None:
    assert peers_of(levels(1.0)) is None
    assert peers_of(levels(1.0, 1.0)) is not None


def test_peers_are_trusted_as_far_as_they_are_alike() -> None:
    alike, apart = peers_of(levels(1.0, 1.0, 1.0)), peers_of(levels(0.97, 1.0, 1.04))
    assert alike is not None
    assert apart is not None
    assert alike.centre == pytest.approx(0.0, abs=0.005)
    assert 0.005 < alike.doubt < 0.008
    assert apart.doubt > 3 * alike.doubt
    assert apart.weight(CV) < alike.weight(CV) / 9


def test_one_odd_peer_does_not_move_the_middle() -> None:
    found = peers_of(levels(1.0, 1.0, 1.3))
    assert found is not None
    assert found.centre == pytest.approx(0.0, abs=0.006)


def test_a_machine_slow_from_its_first_cycle_is_found_by_its_peers() -> None:
    """4 % slower than three others, no design: unseen without them, found within 100 with them."""
    times = cycles(400, 9, 1.04)
    assert first(None, times) is None
    found = first(peers_of(levels(1.0, 1.0, 1.0)), times[:100])
    assert found is not None
    assert found.cause == "slow"
    assert found.start < 20
    assert found.expected == pytest.approx(1.0, abs=0.01)


def test_a_machine_like_its_peers_is_no_finding() -> None:
    known = peers_of(levels(1.02, 1.01, 1.02))
    assert all(first(known, cycles(600, seed, 1.015)) is None for seed in range(20, 40))


def test_peers_sharpen_a_design_they_agree_with() -> None:
    design, peers = Design(1.0, CV), peers_of(levels(1.0, 1.0, 1.0))
    assert peers is not None
    assert agree(design, peers)
    both = joined(design, peers)
    assert both.doubt < min(peers.doubt, design.doubt(CV))
    assert min(design.centre, peers.centre) <= both.centre <= max(design.centre, peers.centre)


def test_peers_off_their_design_do_not_agree_with_it() -> None:
    peers = peers_of(levels(1.05, 1.05, 1.05))
    assert peers is not None
    assert not agree(Design(1.0, CV), peers)


def test_the_weight_is_that_of_the_doubt() -> None:
    assert Peers(0.0, 0.1, 1.0, 0.01, 3).weight(0.1) == pytest.approx(100.0)
    assert Peers(0.0, 0.1, 1.0, 1e-4, 3).weight(0.1) == 500.0
