from __future__ import annotations

import numpy as np
import pytest

from twin.errors import CelltwinError
from twin.run.run import Run
from twin.usd.span import CODES_PER_S, Span, span_of


def test_whole_run_is_the_default(run: Run) -> None:
    assert span_of(run, None) == Span(0.0, run.horizon_s)


def test_window_is_taken_as_it_is(run: Run) -> None:
    span = span_of(run, (60, 120))
    assert (span.start, span.end) == (60 * CODES_PER_S, 120 * CODES_PER_S)


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ((100, 50), "no interval"),
        ((100, 100), "no interval"),
        ((float("nan"), 100), "no interval"),
        ((0, float("inf")), "no interval"),
        ((-1, 100), "not inside"),
        ((0, 1e9), "covers 0 s to 900 s"),
    ],
)
def test_wrong_window_is_refused(run: Run, window: tuple[float, float], words: str) -> None:
    with pytest.raises(CelltwinError, match=words):
        span_of(run, window)


def test_steps_are_those_inside_and_the_one_before() -> None:
    span, times = Span(10.0, 20.0), np.array([0.0, 5.0, 12.0, 20.0, 25.0])
    assert times[span.steps(times)].tolist() == [5.0, 12.0, 20.0]
    assert (span.codes(times[span.steps(times)]) / CODES_PER_S).tolist() == [10.0, 12.0, 20.0]


def test_steps_before_the_first_are_none() -> None:
    assert Span(0.0, 1.0).steps(np.array([5.0])) == slice(0, 0)
