"""Random streams: named, independent, with the mean and variation asked for."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.streams import Chances, Draws, sampler, stream
from twin.plant.base import Duration

N = 200_000


@pytest.mark.parametrize("kind", ["lognormal", "gamma", "normal", "uniform", "triangular"])
@pytest.mark.parametrize("cv", [0.05, 0.3])
def test_mean_and_variation_are_exact(kind: str, cv: float) -> None:
    values = sampler(Duration(mean_s=4.0, cv=cv, kind=kind))(np.random.default_rng(1), N)  # type: ignore[arg-type]
    assert values.mean() == pytest.approx(4.0, abs=4 * 4.0 * cv / np.sqrt(N))
    assert values.std() / values.mean() == pytest.approx(cv, rel=0.02)
    assert values.min() >= 0


def test_exponential_has_variation_one_whatever_cv_says() -> None:
    values = sampler(Duration(mean_s=2.0, cv=0.1, kind="exponential"))(np.random.default_rng(1), N)
    assert values.std() / values.mean() == pytest.approx(1.0, rel=0.02)


@pytest.mark.parametrize("kind", ["normal", "uniform", "triangular"])
def test_clipped_families_keep_their_mean_at_large_variation(kind: str) -> None:
    values = sampler(Duration(mean_s=1.0, cv=0.9, kind=kind))(np.random.default_rng(1), N)  # type: ignore[arg-type]
    assert values.min() >= 0
    assert values.mean() == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    "duration",
    [
        Duration(mean_s=3.0, cv=0.0, kind="lognormal"),
        Duration(mean_s=3.0, cv=0.5, kind="constant"),
        Duration(mean_s=3.0, cv=0.0, kind="gamma"),
    ],
)
def test_without_variation_every_draw_is_the_mean(duration: Duration) -> None:
    draws = Draws(duration, 1, "m", "cycle")
    assert [draws.one() for _ in range(3)] == [3.0] * 3
    assert set(draws.many(5)) == {3.0}


def test_a_stream_depends_on_seed_entity_and_purpose_alone() -> None:
    def first(*name: object) -> float:
        return float(stream(*name).random())  # type: ignore[arg-type]

    same = first(1, "stack_1", "cycle")
    assert first(1, "stack_1", "cycle") == same
    others = [first(2, "stack_1", "cycle"), first(1, "stack_2", "cycle"), first(1, "stack_1", "x")]
    assert same not in others
    assert len(set(others)) == 3


def test_singles_do_not_depend_on_multiples() -> None:
    duration = Duration(mean_s=1.0, cv=0.5)
    plain, mixed = Draws(duration, 1, "m", "cycle"), Draws(duration, 1, "m", "cycle")
    expected = [plain.one() for _ in range(1000)]
    found = []
    for _ in range(1000):
        mixed.many(3)
        found.append(mixed.one())
    assert found == expected


@pytest.mark.parametrize("kind", ["lognormal", "gamma", "normal", "exponential"])
def test_several_draws_are_those_of_the_generator_call_by_call(kind: str) -> None:
    duration = Duration(mean_s=2.0, cv=1.0 if kind == "exponential" else 0.4, kind=kind)
    sample, rng = sampler(duration), stream(3, "m", "cycle/many")
    draws = Draws(duration, 3, "m", "cycle")
    for n in (1, 700, 0, 323, 1, 5000, 2, 1023, 64):
        np.testing.assert_array_equal(draws.many(n), sample(rng, n))


def test_changing_draws_changes_no_later_draw() -> None:
    duration = Duration(mean_s=1.0, cv=0.5)
    plain, spoilt = Draws(duration, 1, "m", "cycle"), Draws(duration, 1, "m", "cycle")
    for n in (10, 2000, 10):
        taken = spoilt.many(n)
        np.testing.assert_array_equal(taken, plain.many(n))
        taken[:] = 0.0


def test_streams_of_different_machines_are_uncorrelated() -> None:
    duration = Duration(mean_s=1.0, cv=0.5)
    one, two = (Draws(duration, 1, name, "cycle").many(20_000) for name in ("a", "b"))
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.03


def test_chances_are_met() -> None:
    chances = Chances(0.9, 1, "m", "quality")
    assert chances.many(N).mean() == pytest.approx(0.9, abs=0.003)
    assert np.mean([chances.one() for _ in range(20_000)]) == pytest.approx(0.9, abs=0.01)


def test_certainty_draws_nothing() -> None:
    sure = Chances(1.0, 1, "m", "quality")
    assert sure.one()
    assert sure.many(4).all()
