"""Every simulator simulates the same model."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from benchmarks.check import Estimate, estimate, expected, observed
from benchmarks.draws import exponential
from benchmarks.model import Line, Outcome, Queue
from benchmarks.subjects import BARE, BASE, CELLTWIN, SUBJECTS, Subject
from benchmarks.subjects.max_plus import departures

LINE = Line(horizon_s=600.0, stations=4)
BREAKING = Line(horizon_s=600.0, stations=4, mtbf_s=20.0)
QUEUE = Queue(horizon_s=2_000.0)
BY_NAME = {subject.name: subject for subject in SUBJECTS}
NAMES = [*BY_NAME]


def simulator(name: str, function: str | None) -> Callable[..., Outcome]:
    subject = BY_NAME[name]
    if not function:
        pytest.skip(f"{name} cannot simulate this")
    pytest.importorskip(subject.package, reason=f"{subject.package} is not installed")
    return subject.simulator(function)


@pytest.mark.parametrize("name", NAMES)
def test_line_gives_a_plausible_throughput(name: str, tmp_path: Path) -> None:
    outcome = simulator(name, BY_NAME[name].line)(LINE, tmp_path / "r")
    left = outcome.values()
    assert np.all(np.diff(left) >= 0)
    assert outcome.visits >= LINE.stations * len(left) * 0.95
    assert observed(LINE, outcome).agrees_with(expected(LINE, runs=8, units=3_000))


@pytest.mark.parametrize("name", [s.name for s in SUBJECTS if s.breaks_down])
def test_breakdowns_lower_the_throughput_as_expected(name: str, tmp_path: Path) -> None:
    found = observed(BREAKING, simulator(name, BY_NAME[name].line)(BREAKING, tmp_path / "r"))
    wanted = expected(BREAKING, runs=8, units=3_000)
    assert found.agrees_with(wanted)
    assert found.mean < expected(LINE, runs=8, units=3_000).mean


@pytest.mark.parametrize("name", NAMES)
def test_queue_gives_a_plausible_time_in_the_system(name: str, tmp_path: Path) -> None:
    outcome = simulator(name, BY_NAME[name].queue)(QUEUE, tmp_path / "r")
    assert outcome.visits == len(outcome.values())
    assert observed(QUEUE, outcome).agrees_with(expected(QUEUE))


@pytest.mark.parametrize("name", [BASE, BARE, "salabim", "simantha"])
def test_units_leave_exactly_when_the_recursion_says(name: str, tmp_path: Path) -> None:
    """With the same work times, SimPy, salabim and simantha equal the max-plus recursion."""
    left = simulator(name, BY_NAME[name].line)(LINE, tmp_path / "r").values()
    draws = [exponential(LINE.mean_s, LINE.seed, k) for k in range(LINE.stations)]
    service = np.array([list(islice(iter(draw, None), len(left))) for draw in draws])
    exact = departures(service.T[:, :, None], LINE.capacity)
    assert len(left)
    np.testing.assert_allclose(left, [row[-1, 0] for row in exact], rtol=0, atol=1e-6)


def test_celltwin_and_simpy_write_the_same_number_of_cycles(tmp_path: Path) -> None:
    ours = simulator(CELLTWIN, "line")(LINE, tmp_path / "a").visits
    theirs = simulator(BASE, "line")(LINE, tmp_path / "b").visits
    assert ours == pytest.approx(theirs, rel=0.2)
    assert {p.stem for p in (tmp_path / "b").iterdir()} == {"cycles", "states", "levels"}


def test_recursion_of_a_constant_line() -> None:
    service = np.ones((5, 3, 1))
    assert [row[-1, 0] for row in departures(service, 2)] == [3.0, 4.0, 5.0, 6.0, 7.0]


def test_full_buffer_holds_the_machine_before_it() -> None:
    """The last machine is slow: unit k leaves the first when unit k - B - 1 leaves the last."""
    service = np.broadcast_to(np.array([[1.0], [10.0]]), (6, 2, 1))
    left = np.stack([row[:, 0] for row in departures(service, 1)])
    assert left[:, 1].tolist() == [11.0, 21.0, 31.0, 41.0, 51.0, 61.0]
    assert left[:, 0].tolist() == [1.0, 2.0, 11.0, 21.0, 31.0, 41.0]


def test_missing_package_is_not_installed() -> None:
    assert not Subject("x", "celltwin", "line", None, "no_such_package_here", "").installed


def test_interval_tells_different_from_equal() -> None:
    around = estimate(np.array([0.9, 1.1, 1.0, 1.05, 0.95]))
    assert around.mean == pytest.approx(1.0)
    assert around.agrees_with(Estimate(1.05, 0.0))
    assert not around.agrees_with(Estimate(1.5, 0.0))
