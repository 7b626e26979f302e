"""The sums over the tables, at the edges of the window."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from twin.kpi import Window, records
from twin.kpi.reasons import Reasons
from twin.run.run import Run

Levels = list[dict[str, Any]]


def changes(place: str, *pairs: tuple[float, int]) -> Levels:
    return [{"place": place, "time_s": t, "change": n, "lot": 1} for t, n in pairs]


@pytest.fixture
def run(build: ModuleType, tmp_path: Path) -> Run:
    made = build.scenario([build.station("a"), build.station("b")])
    states = build.states(
        "a",
        ("working", 10.0),
        ("waiting_repair/breakdown", 5.0),
        ("down/breakdown", 5.0),
        ("working", 20.0),
        ("down/minor_stop", 10.0),
        ("working", 10.0),
        ("down/breakdown", 10.0),
        ("working", 30.0),
    )
    states += build.states("b", ("starved", 100.0))
    return build.write_run(  # type: ignore[no-any-return]
        tmp_path / "r",
        made,
        states=states,
        cycles=[build.cycle("a", 0.0, 40.0), build.cycle("a", 40.0, 40.0, result="scrap")],
        levels=changes("b1", (0.0, 1), (0.0, 1), (30.0, -1), (30.0, 1), (80.0, -1))
        + changes("b2", (50.0, 1)),
    )


def test_state_times_are_cut_at_the_window(run: Run) -> None:
    times, kinds = records.state_times(run, Window(12.0, 45.0))
    assert times["a"] == pytest.approx(
        {("waiting_repair", ""): 3.0, ("down", ""): 5.0, ("working", ""): 20.0,
         ("down", "minor_stop"): 5.0}
    )  # fmt: skip
    assert times["b"] == {("starved", ""): 33.0}
    assert kinds == {"a": "machine", "b": "machine"}


def test_failures_join_waiting_and_repair_and_leave_minor_stops_out(run: Run) -> None:
    assert records.failures(run, Window(0.0, 100.0)) == {"a": 2}
    assert records.failures(run, Window(12.0, 50.0)) == {}
    assert records.failures(run, Window(12.0, 60.0)) == {"a": 1}


def test_cycles_count_shares_and_ends(run: Run) -> None:
    found = records.cycle_sums(run, Window(20.0, 60.0))["a"]["a"]
    assert found.row_shares == pytest.approx(1.0)
    assert (found.processed, found.good, found.scrapped) == (1, 1, 0)
    assert found.treated_s == pytest.approx(40.0)
    assert found.unit_s == pytest.approx(40.0)


def test_open_work_begins_after_the_last_finished_cycle(run: Run) -> None:
    assert records.open_work_s(run, Window(0.0, 100.0)) == {"a": pytest.approx(20.0)}
    assert records.open_work_s(run, Window(0.0, 90.0)) == {"a": pytest.approx(10.0)}


def test_levels_average_over_time_with_simultaneous_changes(run: Run) -> None:
    found = records.level_sums(run, Window(0.0, 100.0))
    assert found["b1"].mean == pytest.approx(2 * 0.8 + 1 * 0.2)
    assert (found["b1"].highest, found["b1"].lowest, found["b1"].final) == (2, 1, 1)
    assert found["b2"].mean == pytest.approx(0.5)
    assert found["b2"].lowest == 0, "it was empty before its first lot"


def test_levels_know_what_was_there_before_the_window(run: Run) -> None:
    found = records.level_sums(run, Window(90.0, 100.0))
    assert found["b1"].mean == pytest.approx(1.0)
    assert found["b1"].highest == 1


def test_reasons_turn_undefined_values_into_null() -> None:
    why = Reasons()
    assert why.ratio("a", 1.0, 4.0, "never") == 0.25
    assert why.ratio("b", 1.0, 0.0, "no time") is None
    assert why.ratio("c", None, 2.0, "unknown") is None
    assert why.value("d", float("nan"), "not a number") is None
    assert why.value("e", float("inf"), "no end") is None
    assert why.why == {"b": "no time", "c": "unknown", "d": "not a number", "e": "no end"}


@pytest.mark.parametrize("bounds", [(5.0, 5.0), (9.0, 3.0)])
def test_an_empty_window_has_no_length(bounds: tuple[float, float]) -> None:
    assert Window(*bounds).length_s == 0.0
