"""Logs of samples: cycles cut by a counter, cleaning, states."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.unit.imports.conftest import SIGNALS, samples, text_of
from twin.errors import RunError
from twin.imports import ImportResult
from twin.run.run import Run

Imported = Callable[..., ImportResult]


def said(result: ImportResult) -> str:
    return " ".join(result.report.sentences())


def test_counter_cuts_samples_into_cycles(imported: Imported) -> None:
    result = imported(SIGNALS, text_of(samples()))
    cycles = Run.open(result.folder).table("cycles")
    assert len(cycles) == 18  # without the first and the last
    assert np.allclose(cycles["duration_s"], 10.0)
    assert "2 cycles at the ends" in said(result)
    assert len(Run.open(result.folder).table("signals")) == 400


def test_repeated_ids_are_cut_where_they_change(imported: Imported) -> None:
    rows = [[t, str(int(n) % 7), *rest] for t, n, *rest in samples()]
    result = imported(SIGNALS, text_of(rows))
    assert len(Run.open(result.folder).table("cycles")) == 18
    assert "13 cycle ids came again" in said(result)


def test_decimal_commas_are_understood(imported: Imported) -> None:
    rows = [[c.replace(".", ",") for c in row] for row in samples()]
    result = imported(SIGNALS, text_of(rows, mark=";"))
    values = Run.open(result.folder).sql(
        "SELECT avg(value) AS v FROM signals WHERE signal = 'current_j1_a'"
    )
    assert values["v"].iloc[0] == pytest.approx(2.0, abs=0.02)
    assert "2 columns have decimal commas" in said(result)


def test_duplicates_and_disorder_change_nothing(imported: Imported) -> None:
    rows = samples()
    clean = imported(SIGNALS, text_of(rows))
    digest = Run.open(clean.folder).manifest.digest
    mixed = [*rows, rows[50], rows[51]]
    mixed[20], mixed[21] = mixed[21], mixed[20]
    result = imported(SIGNALS, text_of(mixed))
    assert Run.open(result.folder).manifest.digest == digest
    assert "2 rows that repeat another one" in said(result)
    assert "1 samples out of order" in said(result)


def test_gap_costs_its_cycle_and_is_no_data(imported: Imported) -> None:
    rows = [[str(float(t) + 100 * (int(t) >= 95)), *rest] for t, *rest in samples()]
    result = imported(SIGNALS, text_of(rows))
    run = Run.open(result.folder)
    assert len(run.table("cycles")) == 17
    states = run.sql("SELECT * FROM states WHERE reason = 'no_data'")
    assert list(states["end_s"] - states["start_s"]) == [101.0]
    assert "1 gaps without samples, 101 s" in said(result)


def test_clock_that_goes_back_is_moved_on(imported: Imported) -> None:
    rows = [[str(float(t) - 60 * (int(t) >= 100)), *rest] for t, *rest in samples()]
    result = imported(SIGNALS, text_of(rows))
    assert Run.open(result.folder).horizon_s == pytest.approx(200.0)
    assert len(Run.open(result.folder).table("cycles")) == 18
    assert "the clock went back 1 times" in said(result)


def test_clock_jumps_can_be_refused(imported: Imported) -> None:
    rows = [[str(float(t) - 60 * (int(t) >= 100)), *rest] for t, *rest in samples()]
    mapping = SIGNALS + "cleaning: {clock_jumps: refuse}\n"
    with pytest.raises(RunError, match=r"goes back 1 times, first by 59 s at row 101"):
        imported(mapping, text_of(rows))


def test_states_tile_the_run_and_stops_are_no_work(imported: Imported) -> None:
    rows = [[*row, str(43 <= int(row[0]) < 47).lower()] for row in samples()]
    mapping = SIGNALS + "    states: [{column: stop, equals: ['TRUE'], state: protective_stop}]\n"
    run = Run.open(imported(mapping, text_of(rows, "t,n,amp,speed,stop")).folder)
    states = run.table("states").sort_values("start_s")
    assert states["start_s"].iloc[0] == 0
    assert np.allclose(states["start_s"].iloc[1:], states["end_s"].iloc[:-1])
    assert states["end_s"].iloc[-1] == run.horizon_s
    stop = states[states["state"] == "protective_stop"]
    assert list(zip(stop["start_s"], stop["end_s"], strict=True)) == [(43.0, 47.0)]
    longest = run.table("cycles").set_index("start_s")["duration_s"]
    assert longest[40.0] == pytest.approx(6.0)


def test_values_that_are_no_numbers_are_counted(imported: Imported) -> None:
    rows = samples()
    rows[30][2] = "n/v"
    result = imported(SIGNALS, text_of(rows))
    assert "'amp': 1 values are no numbers" in said(result)
    assert result.report.samples == 399


def test_too_few_cycles_are_refused(imported: Imported) -> None:
    with pytest.raises(RunError, match=r"no machine has more than 4 usable cycles; 10"):
        imported(SIGNALS, text_of(samples(6)))


def test_long_form_needs_no_column_for_each_signal(imported: Imported) -> None:
    mapping = """
format: 1
id: long
logs:
  - kind: samples
    time: {column: t, format: seconds}
    resource: {column: asset}
    signal: {column: name, names: {Amp 1: current_j1_a}}
    value: v
"""
    rows = [[str(t), "arm 1", "Amp 1", str(t / 10)] for t in range(20)]
    result = imported(mapping, text_of(rows, "t,asset,name,v"))
    found = Run.open(result.folder).table("signals")
    assert set(found["resource"]) == {"arm_1"}
    assert set(found["signal"]) == {"current_j1_a"}
    assert list(found["value"]) == [t / 10 for t in range(20)]
