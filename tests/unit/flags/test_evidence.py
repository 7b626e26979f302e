"""The parts flags are made of: grouping, signals, wording."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from twin.flags.flag import clock, name_of, period, severity_of
from twin.flags.shift import Shift
from twin.flags.signal import signal_shifts
from twin.flags.substep import StepShift, expected_step, together
from twin.plant.base import Duration
from twin.plant.robot import Step

START = "2026-01-05T00:00:00"


def shift(name: str, since_s: float, until_s: float, extra_s: float) -> StepShift:
    found = Shift(
        first=0, stop=100, since_s=since_s, until_s=until_s, open=False, cause="slow", effect=0.1,
        expected_s=1.0, observed_s=1.0 + extra_s, log10_p=-20.0, confidence=1.0, baseline_n=50,
    )  # fmt: skip
    return StepShift(0, name, found)


def test_steps_of_the_same_time_are_one_group_led_by_the_largest() -> None:
    groups = together([shift("a", 0, 100, 0.1), shift("b", 2, 100, 0.5), shift("c", 60, 100, 0.2)])
    assert [[s.name for s in g] for g in groups] == [["b", "a"], ["c"]]


def test_slower_and_faster_steps_are_apart() -> None:
    assert len(together([shift("a", 0, 100, 0.1), shift("b", 0, 100, -0.1)])) == 2


def test_expected_times_are_those_of_the_program() -> None:
    wait = Step(name="w", wait=Duration(mean_s=0.5, cv=0.1))
    assert expected_step(wait, 0.02, 0.5) == (0.5, pytest.approx(0.05))
    fixed = Step(name="w", wait=Duration(mean_s=0.5, cv=0.1, kind="constant"))
    assert expected_step(fixed, 0.02, 0.5) == (0.5, 0.0)
    assert expected_step(None, 0.02, 0.7) == (0.7, 0.0)
    sample = 2.0 * (1 + 0.02 * np.abs(np.random.default_rng(1).standard_normal(200_000)))
    mean, sd = expected_step(Step(name="m", to="a"), 0.02, 2.0)
    assert mean == pytest.approx(sample.mean(), rel=2e-4)
    assert sd == pytest.approx(sample.std(), rel=0.01)


def sampled(build: ModuleType, folder: Path, during: float, *, n: int = 50) -> list[str]:
    """Names of the signals found shifted at second 100."""
    rng = np.random.default_rng(1)
    rows = [
        {"resource": "r", "signal": s, "time_s": 200.0 * k / n, "value": v + rng.normal(0, 0.5)}
        for s, v_during in (("vacuum_kpa", during), ("motor_current_a", 20.0))
        for k in range(n)
        for v in [20.0 if 200.0 * k / n < 100 else v_during]
    ]
    run = build.write_run(
        folder / "r", build.scenario([build.station("a")], horizon_s=200.0), signals=rows
    )
    return [s.signal for s in signal_shifts(run, "r", 100.0, 200.0)]


def test_a_shifted_signal_is_evidence_and_a_steady_one_is_not(
    build: ModuleType, tmp_path: Path
) -> None:
    assert sampled(build, tmp_path, 15.0) == ["vacuum_kpa"]


def test_a_small_change_or_few_samples_are_no_evidence(build: ModuleType, tmp_path: Path) -> None:
    assert sampled(build, tmp_path / "small", 20.5) == []
    assert sampled(build, tmp_path / "few", 15.0, n=8) == []


@pytest.mark.parametrize(
    ("t_s", "expected"),
    [
        (0, "00:00"),
        (7203, "02:00"),
        (86399, "23:59"),
        (86400, "day 2 00:00"),
        (1e6, "day 12 13:46"),
    ],
)
def test_clock_is_the_time_of_day(t_s: float, expected: str) -> None:
    assert clock(START, t_s) == expected


def test_a_shift_that_starts_at_six_is_told_in_its_own_time() -> None:
    assert clock("2026-01-05T06:00:00", 7200) == "08:00"


def test_period_names_the_end_only_where_there_is_one() -> None:
    assert period(START, 7200, 9000, is_open=True) == "since 02:00"
    assert period(START, 7200, 9000, is_open=False) == "from 02:00 to 02:30"


def test_severity_and_names() -> None:
    assert severity_of(0.0999, 5.0) == "warning"
    assert severity_of(0.10, 5.0) == "critical"
    assert severity_of(0.50, 0.0) == "warning", "nothing lost but time to spare"
    assert name_of("", "robot_pack") == "robot pack"
    assert name_of("Packer", "robot_pack") == "Packer"
