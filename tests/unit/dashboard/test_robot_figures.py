"""Sub-steps, cycles and signals of a robot whose grip takes 2 s instead of 1 s from 00:30 on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard.card import Shown
from dashboard.figures import cycle, sample, signal, substep
from sim import simulate
from twin import palette
from twin.flags import Flag, flags
from twin.plant.load import load_scenario
from twin.run.run import Run


@pytest.fixture
def flag() -> Flag:
    return Flag(
        "inserting", "arm", 1800.0, 3600.0, "vacuum_leak", "grip", 12.0, "critical", {}, "Grip slow"
    )


def test_sub_steps_while_flagged(run: Run, flag: Flag) -> None:
    data = substep.substep_data(run, "arm", flag)
    assert data.names == ("approach", "grip", "place_part")
    assert list(data.nominal_s) == [2.0, 1.0, 3.0]
    assert list(data.actual_s) == [2.0, 2.0, 3.0]
    assert list(data.begin_s) == [0.0, 2.0, 4.0]
    assert list(data.extra_s) == [0.0, 1.0, 0.0]
    assert data.abnormal == (False, True, False)
    assert data.causes == ("", "vacuum_leak", "")
    assert data.n_cycles == 90


def test_sub_steps_over_the_run_are_the_mean(run: Run) -> None:
    data = substep.substep_data(run, "arm")
    assert list(data.actual_s) == [2.0, 1.5, 3.0]
    assert data.n_cycles == 180


def test_sub_steps_of_a_robot_that_never_worked(run: Run) -> None:
    data = substep.substep_data(run, "nobody")
    assert (data.names, data.n_cycles) == ((), 0)
    assert substep.substep_figure(data).data


def test_small_deviations_are_not_marked() -> None:
    data = substep.SubstepData(
        "r", 0.0, 1.0, 9, ("a", "b", "c"), np.array([1.0, 0.1, 2.0]), np.array([1.09, 0.14, 2.3]),
        ("", "", ""),
    )  # fmt: skip
    assert data.abnormal == (False, False, True), "10 % and 0.05 s, whichever is larger"


@pytest.mark.parametrize(
    ("severity", "colour"), [("critical", palette.CRITICAL), ("warning", palette.WARNING)]
)
def test_sub_step_figure_colours_the_slow_one_only(
    run: Run, flag: Flag, severity: Any, colour: str
) -> None:
    flagged = Flag(**{**vars(flag), "severity": severity})
    fig = substep.substep_figure(substep.substep_data(run, "arm", flagged))
    _, inside, over = fig.data
    assert list(over.base) == [2.0, 3.0, 7.0], "what is longer than the program comes after it"
    assert list(inside.x) == [2.0, 1.0, 3.0]
    assert list(over.text) == ["", "+1.00 s", ""]
    assert over.marker.color[1] == colour
    assert colour not in (over.marker.color[0], over.marker.color[2])


def test_cycles_of_a_robot(run: Run, flag: Flag) -> None:
    data = cycle.cycle_data(run, "arm", [flag])
    assert data.n_cycles == 180
    assert data.ideal_s == 6.0
    assert set(data.cycle_s) == {6.0, 7.0}
    assert list(data.t_s[:3]) == [0.0, 20.0, 40.0]
    assert set(data.median_s[data.median_t_s < 1790]) == {6.0}
    assert set(data.median_s[data.median_t_s > 1830]) == {7.0}
    assert data.onsets == (cycle.Onset(1800.0, 3600.0, "critical", "Grip slow"),)


def test_cycles_of_a_station(run: Run) -> None:
    data = cycle.cycle_data(run, "mix")
    assert (data.n_cycles, data.ideal_s) == (90, 20.0)
    assert set(data.cycle_s) == {20.0}


def test_cycles_of_nothing(run: Run) -> None:
    data = cycle.cycle_data(run, "nowhere")
    assert (data.n_cycles, data.ideal_s) == (0, None)
    assert cycle.cycle_figure(data).layout.yaxis.range == (0.0, 1.0)


def test_cycle_figure_marks_the_onset(run: Run, flag: Flag) -> None:
    fig = cycle.cycle_figure(cycle.cycle_data(run, "arm", [flag]))
    shapes = fig.layout.shapes
    assert [s.line.color for s in shapes if s.type == "line" and s.x0 == s.x1] == [palette.CRITICAL]
    assert [s.fillcolor for s in shapes if s.type == "rect"] == [palette.CRITICAL]
    low, high = fig.layout.yaxis.range
    assert low < 6.0 < 7.0 < high


def test_one_long_cycle_does_not_flatten_the_chart() -> None:
    values = np.full(1000, 4.0)
    values[500] = 900.0
    data = cycle.CycleData(
        "2026-01-05T00:00:00", 4000.0, 1000, np.arange(1000.0) * 4, values,
        np.array([2000.0]), np.array([4.0]), 4.0, (),
    )  # fmt: skip
    assert cycle.cycle_figure(data).layout.yaxis.range[1] < 5.0


def test_signals_of_a_robot(run: Run) -> None:
    current, vacuum = signal.signal_data(run, "arm").signals
    assert (current.label, current.unit) == ("Motor current", "A")
    assert (vacuum.label, vacuum.unit) == ("Vacuum", "kPa")
    assert vacuum.at(1799.0) == 80.0
    assert vacuum.at(1800.0) == 60.0
    assert vacuum.at(-1.0) is None


def test_signal_figure_has_a_row_each(run: Run) -> None:
    fig = signal.signal_figure(signal.signal_data(run, "arm"))
    assert [a.text for a in fig.layout.annotations] == ["Motor current [A]", "Vacuum [kPa]"]
    assert (fig.data[0].yaxis, fig.data[1].yaxis) == ("y", "y2")


def test_a_signal_without_a_known_unit_keeps_its_name() -> None:
    made = signal.Signal("torque_share", *[np.zeros(0)] * 4)
    assert (made.label, made.unit) == ("Torque share", "")


def test_no_signals(now: Shown) -> None:
    data = signal.signal_data(now.run, "mix_1")
    assert data.signals == ()
    assert signal.signal_figure(data).data == ()


def test_thinning_keeps_the_extremes() -> None:
    t = np.arange(100_000.0)
    v = np.sin(t / 500.0)
    v[77_777] = 9.0
    thin_t, thin_v = sample.thinned(t, v, 1000)
    assert len(thin_t) <= 1000
    assert thin_v.max() == 9.0
    assert (np.diff(thin_t) > 0).all()
    assert sample.thinned(t[:10], v[:10], 1000)[0] is not None
    assert len(sample.thinned(t[:10], v[:10], 1000)[0]) == 10


def test_a_long_pause_interrupts_the_median() -> None:
    t = np.concatenate([np.arange(0.0, 1000.0, 10.0), np.arange(3000.0, 4000.0, 10.0)])
    middle, median = cycle._medians(t, np.full(len(t), 4.0), 4000.0)
    assert np.isnan(median).sum() == 1
    gap = int(np.flatnonzero(np.isnan(median))[0])
    assert middle[gap - 1] < 1000.0
    assert middle[gap + 1] > 3000.0


def test_rare_cycles_are_one_line() -> None:
    t = np.arange(0.0, 4000.0, 500.0)
    assert not np.isnan(cycle._medians(t, np.full(len(t), 500.0), 4000.0)[1]).any()


def test_the_signals_shown_are_those_that_changed(tmp_path: Path) -> None:
    """A robot sends 18 signals; of a leak, vacuum and grip time are among those shown."""
    run = simulate(load_scenario("09_fault"), tmp_path / "r")
    plain = [s.name for s in signal.signal_data(run, "arm").signals]
    assert plain[:2] == ["grip_time_s", "motor_current_a"]
    assert len(plain) == signal.MOST_SIGNALS
    shown = [s.name for s in signal.signal_data(run, "arm", flags(run)).signals]
    assert {"vacuum_kpa", "grip_time_s"} <= set(shown)
    assert len(shown) == signal.MOST_SIGNALS
    vibration = signal.Signal("vibration_mms", *[np.zeros(1)] * 4)
    assert (vibration.label, vibration.unit) == ("Vibration", "mm/s")
