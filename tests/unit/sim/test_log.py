"""Logs: what goes in comes out, split over flushes or not."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import InvariantBroken
from sim.record import gather
from sim.record.alarms import Alarms
from sim.record.log import CycleLog, LevelLog, Log, StateLog
from sim.record.mode import BLOCKED, MODES, STARVED, WORKING, mode
from sim.record.recorder import Names, coded
from sim.record.typed import SETTLE_VALUES, TypedLog
from sim.record.visits import Visit


def test_rows_come_out_once() -> None:
    log = Log(2)
    log.add((1.0, 2))
    log.add((3.0, 4))
    np.testing.assert_array_equal(log.take(), [[1, 2], [3, 4]])
    assert log.take().shape == (0, 2)


def test_modes_are_numbered_once() -> None:
    assert mode("working") == WORKING
    assert MODES[BLOCKED] == ("blocked", "")


def test_states_tile_across_flushes_and_drop_empty_intervals() -> None:
    log = StateLog("m", "machine")
    log.enter(STARVED, 0.0)
    log.enter(WORKING, 0.0)
    log.enter(WORKING, 1.0)
    log.enter(BLOCKED, 2.0)
    first = table(gather.states([log]), "start_s", "end_s", "mode")
    log.enter(WORKING, 5.0)
    log.close(7.0)
    rows = [*first, *table(gather.states([log]), "start_s", "end_s", "mode")]
    assert rows == [(0, 2, WORKING), (2, 5, BLOCKED), (5, 7, WORKING)]


def test_states_of_several_resources_come_in_the_order_of_their_ends() -> None:
    one, two = StateLog("a", "machine", also=("r", "robot")), StateLog("b", "agv")
    idle = StateLog("c", "machine")
    for log in (one, two, idle):
        log.enter(STARVED, 0.0)
    one.enter(WORKING, 3.0)
    two.enter(WORKING, 2.0)
    rows = gather.states([idle, one, two]).by_time("end_s")
    assert rows.owner.tolist() == [4, 2, 3]
    assert table(rows, "start_s", "end_s", "mode") == [(0, 2, STARVED), *[(0, 3, STARVED)] * 2]


def test_states_that_go_back_in_time_are_refused() -> None:
    good, log = StateLog("a", "machine"), StateLog("m", "machine")
    for entered in (good, log):
        entered.enter(WORKING, 5.0)
    good.enter(BLOCKED, 6.0)
    log.enter(BLOCKED, 4.0)
    with pytest.raises(InvariantBroken, match=r"time_runs_forward.*states of m"):
        gather.states([good, log])


def test_levels_count_on_across_flushes() -> None:
    first, log = LevelLog("a"), LevelLog("b")
    log.add((0.0, 7, -1))
    log.add((1.0, 8, -1))
    gather.levels([first, log])
    first.add((1.5, 6, 0))
    log.add((2.0, -7, -1))
    log.add((3.0, 9, -1))
    rows = gather.levels([first, log])
    assert rows.owner.tolist() == [0, 1, 1]
    assert table(rows, "time_s", "change", "level", "lot", "slot") == [
        (1.5, 1, 1, 6, 0),
        (2.0, -1, 1, 7, -1),
        (3.0, 1, 2, 9, -1),
    ]


def test_levels_that_go_back_in_time_are_refused_across_flushes() -> None:
    log = LevelLog("b")
    log.add((3.0, 7, -1))
    gather.levels([log])
    log.add((2.0, -7, -1))
    with pytest.raises(InvariantBroken, match=r"time_runs_forward.*levels of b"):
        gather.levels([LevelLog("a"), log])


def test_cycles_of_all_forms_have_the_same_columns() -> None:
    log = CycleLog("s", "s_1")
    log.add_single((11, 1, 0.0, 2.0, 2.5, 1))
    log.add_plain((12, 1, 2.5, 0.5))
    log.add_lot((2, 3.0, 4.0, 7.0, 24))
    visit = Visit(8.0, 0.0, np.array([1.0, 1.0]), ())
    log.visits.add(visit, 3, np.array([21, 22]), np.array([False, True]))
    rows = gather.cycles([CycleLog("s", "s_0"), log])
    assert set(rows.owner.tolist()) == {1}
    assert table(rows, *gather.CYCLES) == [
        (11, 1, 0.0, 2.0, 2.5, 1, 1),
        (12, 1, 2.5, 0.5, 3.0, 1, 0),
        (-1, 2, 3.0, 4.0, 7.0, 24, 0),
        (21, 3, 8.0, 1.0, 9.0, 1, 0),
        (22, 3, 9.0, 1.0, 10.0, 1, 1),
    ]
    assert not len(gather.cycles([log]).owner)


def visited(k: int) -> CycleLog:
    """Return the log of a machine that treats `k` units in a cycle."""
    log = CycleLog("s", f"s_{k}")
    log.visits.per_cycle = k
    rng = np.random.default_rng(k)
    for visit, n in enumerate((1, 5, 3, 5)):
        gaps = ((0.1, 2.0, -1), (0.3, 1.0, 1)) if visit == k else ()
        units = 100 * k + 10 * visit + np.arange(n * k - (visit == 1 and k > 1))
        results = rng.integers(0, 2, len(units)) if visit == 2 else None
        cycles = Visit(50.0 * visit, 0.0, rng.random(n), gaps)
        log.visits.add(cycles, 7 * k + visit, units, results)
    return log


def test_visits_of_many_machines_are_those_of_each() -> None:
    numbers = (3, 1, 2)
    together = gather.cycles([CycleLog("s", "idle"), *map(visited, numbers)])
    alone = [gather.cycles([visited(k)]) for k in numbers]
    for name in gather.CYCLES:
        expected = np.concatenate([rows.columns[name] for rows in alone])
        np.testing.assert_array_equal(together.columns[name], expected)
    sizes = [len(rows.owner) for rows in alone]
    assert sizes == [14 * k - (k > 1) for k in numbers]
    assert together.owner.tolist() == np.repeat([1, 2, 3], sizes).tolist()
    assert alone[2].columns["start_s"][:4].tolist() == [0.0, 0.0, 50.0, 50.0]


def test_a_stop_in_a_cycle_is_kept_when_its_log_is_settled() -> None:
    log = CycleLog("s", "s_1")
    for k in range(SETTLE_VALUES):
        log.add_single((k, k, float(k), 0.5, k + (0.75 if k % 100 == 7 else 0.5), 0))
        log.settle()
    ends = gather.cycles([log]).columns["end_s"]
    late = np.arange(SETTLE_VALUES) % 100 == 7
    np.testing.assert_array_equal(ends, np.arange(SETTLE_VALUES) + np.where(late, 0.75, 0.5))


def test_typed_columns_come_out_once_with_their_types() -> None:
    log = TypedLog("dq")
    for k in range(SETTLE_VALUES):
        log.add((k / 2, k))
        log.settle()
    assert len(log) == SETTLE_VALUES
    times, numbers = log.take()
    assert (times.dtype, numbers.dtype) == (np.float64, np.int64)
    assert times.tolist() == [k / 2 for k in range(SETTLE_VALUES)]
    assert numbers.tolist() == [*range(SETTLE_VALUES)]
    assert [len(column) for column in log.take()] == [0, 0]


def test_runs_of_units_become_a_row_each() -> None:
    noted = {"unit": np.array([5, 20, 30]), "of": np.array([3, 1, 2]), "lot": np.array([1, 2, 3])}
    spread = gather.runs(noted, "unit", "of")
    assert {name: values.tolist() for name, values in spread.items()} == {
        "unit": [5, 6, 7, 20, 30, 31],
        "lot": [1, 1, 1, 2, 3, 3],
    }
    assert noted["unit"].tolist() == [5, 20, 30]


def table(rows: gather.Rows, *names: str) -> list[tuple[float, ...]]:
    """Return some columns as rows."""
    return [*zip(*(rows.columns[name].tolist() for name in names), strict=True)]


def test_coded_texts_hold_only_what_occurs() -> None:
    found = coded(["a", "b", "a", "c"], np.array([3, 2, 0, 3]))
    assert found.to_pylist() == ["c", "a", "a", "c"]
    assert sorted(found.dictionary.to_pylist()) == ["a", "c"]
    assert coded(["a"], np.array([])).to_pylist() == []


def test_names_keep_their_number() -> None:
    names = Names()
    numbers = [names[t] for t in ("x", "y", "x")]
    assert numbers == [0, 1, 0]
    assert names.texts(np.array([1.0, 0.0])).to_pylist() == ["y", "x"]


def test_alarms_are_written_when_they_close_or_the_run_ends() -> None:
    rows: list[tuple[object, ...]] = []
    alarms = Alarms(lambda *row: rows.append(row))
    alarms.raise_("m", "breakdown", "", "critical", 1.0)
    alarms.raise_("m", "breakdown", "again", "critical", 2.0)
    alarms.close("m", "breakdown", 3.0)
    alarms.close("m", "breakdown", 4.0)
    alarms.raise_("r", "vacuum_low", "vacuum_leak", "warning", 5.0)
    alarms.end(9.0)
    assert rows == [
        ("alarms", "m", "breakdown", "", "critical", 1.0, 3.0, 0),
        ("alarms", "r", "vacuum_low", "vacuum_leak", "warning", 5.0, 9.0, 1),
    ]
