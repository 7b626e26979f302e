from __future__ import annotations

import numpy as np
import pytest

from twin.motion.line import Line, opened, rising


def test_rising_grows_during_spans_only() -> None:
    line = rising([(10.0, 20.0), (30.0, 35.0)], 2.0)
    assert line.at([0, 10, 15, 20, 25, 30, 32.5, 35, 99]).tolist() == [
        0, 0, 10, 20, 20, 20, 25, 30, 30,
    ]  # fmt: skip


def test_opened_has_ramps_around_spans() -> None:
    line = opened([(10.0, 20.0)], 2.0)
    assert line.at([7, 8, 9, 10, 15, 20, 21, 22, 23]).tolist() == [
        0, 0, 0.5, 1, 1, 1, 0.5, 0, 0,
    ]  # fmt: skip


def test_opened_joins_spans_closer_than_two_ramps() -> None:
    line = opened([(20.0, 30.0), (5.0, 17.0)], 2.0)
    assert line.at([17, 18.5, 20]).tolist() == [1, 1, 1]
    apart = opened([(21.1, 30.0), (5.0, 17.0)], 2.0)
    assert apart.at(19.05) == pytest.approx(0.0)


def test_nothing_gives_a_line_that_stands_still() -> None:
    assert rising([], 3.0).at([0, 5]).tolist() == [0, 0]
    assert opened([], 3.0).at([0, 5]).tolist() == [0, 0]


def test_part_of_a_line_is_the_line() -> None:
    line = Line(np.array([0.0, 4, 9]), np.array([1.0, 5, 0]))
    part = line.within(2.0, 7.0)
    assert part.time_s.tolist() == [2, 4, 7]
    t = np.linspace(2, 7, 40)
    np.testing.assert_allclose(part.at(t), line.at(t))
