"""The critical path of a log: by hand, and against the derivative of a line's throughput."""

from __future__ import annotations

from pathlib import Path as File
from types import ModuleType

import numpy as np
import pytest

from benchmarks.diagnosis.lines import History, Lines, draws, path_shares, run
from twin.kpi.critical import Path, critical_path, work_shares
from twin.kpi.critical_run import critical_shares, neighbours


def two(a: Path, b: Path) -> dict[str, Path]:
    a.after, b.before = ["b"], ["a"]
    return {"a": a, "b": b}


def worked(*spans: tuple[float, float]) -> dict[str, object]:
    """Working time of spans, as moments and sums."""
    at = np.array(spans)
    done = np.cumsum(at[:, 1] - at[:, 0])
    return {
        "work_at": at.ravel(),
        "work_s": np.column_stack([done - np.diff(at)[:, 0], done]).ravel(),
    }


def test_a_starved_station_leads_to_the_one_before_it() -> None:
    """Station a takes 5 s, b 2 s: all but the last cycle of b is the work of a."""
    a_spans, b_spans = [(0, 5), (5, 10), (10, 15)], [(5, 7), (10, 12), (15, 17)]
    machines = two(
        Path("a", [0, 5, 10], [5, 10, 15], **worked(*a_spans)),  # type: ignore[arg-type]
        Path(
            "b", [5, 10, 15], [7, 12, 17], [(0, 5, False), (7, 10, False), (12, 15, False)],
            **worked(*b_spans),  # type: ignore[arg-type]
        ),
    )  # fmt: skip
    pieces = critical_path(machines, "b", 0.0, 17.0)
    assert pieces == [("b", 15, 17.0), ("a", 0.0, 15)]
    assert work_shares(machines, pieces) == pytest.approx({"a": 15 / 17, "b": 2 / 17})


def test_a_blocked_station_leads_to_the_one_after_it() -> None:
    """No room between a (1 s) and b (4 s), the path ends at a: it waited for b to take a part."""
    machines = two(
        Path("a", [0, 1, 5], [1, 2, 6], [(2, 5, True)]),
        Path("b", [1, 5], [5, 9], [(0, 1, False)]),
    )
    pieces = critical_path(machines, "a", 0.0, 6.0)
    assert pieces == [("a", 5, 6.0), ("b", 1, 5), ("a", 0.0, 1)]


def test_what_nobody_ended_belongs_to_nobody() -> None:
    """Starved of supply: no station could have been faster."""
    pieces = critical_path({"a": Path("a", [4], [6], [(0, 4, False)])}, "a", 0.0, 6.0)
    assert pieces == [("a", 4, 6.0), ("", 0.0, 4)]


def test_neighbours_that_wait_for_each_other_end_the_path() -> None:
    machines = two(Path("a", [0], [1], [(1, 3, True)]), Path("b", [0], [1], [(1, 3, False)]))
    pieces = critical_path(machines, "b", 0.0, 4.0)
    assert sum(b - a for _, a, b in pieces) == pytest.approx(4.0)


def test_shares_are_the_derivative_of_the_length_of_a_run() -> None:
    """The same draws with one station 0.001 % faster: the length falls by its share of that."""
    rng = np.random.default_rng(5)
    n = 3
    lines = Lines(
        rng.uniform(0.75, 1.25, (n, 4)), rng.uniform(15, 60, (n, 4)), rng.uniform(1, 8, (n, 4)),
        rng.integers(0, 5, (n, 3)),
    )  # fmt: skip
    drawn = draws(lines, 800, 3)
    history = History.empty(800, n)
    length = run(drawn.work + drawn.down, lines.buffers, history).length
    for line in range(n):
        shares = path_shares(history, drawn.work, line)
        for i in range(4):
            scale = np.where(np.arange(4) == i, 1 - 1e-5, 1.0)
            faster = run(drawn.work * scale + drawn.down, lines.buffers).length
            gained = (length[line] - faster[line]) / length[line] / 1e-5
            assert shares[i] == pytest.approx(gained, abs=2e-3)


def plant(build: ModuleType) -> dict[str, object]:
    place = {"item": "battery_cell", "capacity": 4, "position_m": [0, 0, 0], "size_m": [1, 1, 1]}
    return {
        "sources": [{"id": "in", "item": "battery_cell", "put": "b1", "position_m": [0, 0, 0]}],
        "buffers": [{"id": "b1", **place}, {"id": "b2", **place}, {"id": "b3", **place}],
        "sinks": [{"id": "out", "position_m": [0, 0, 0]}],
    }


def test_a_run_is_followed_through_its_buffers(build: ModuleType, tmp_path: File) -> None:
    """Station one takes 20 s, two 5 s: one has nearly all of the path."""
    stations = [
        build.station("one", take=[{"from": "b1"}], put="b2", cycle={"mean_s": 20, "cv": 0}),
        build.station("two", take=[{"from": "b2"}], put="out", cycle={"mean_s": 5, "cv": 0}),
    ]
    made = build.scenario(stations, horizon_s=105.0, **plant(build))
    assert neighbours(made.plant) == (
        {"one": [], "two": ["one"]},
        {"one": ["two"], "two": []},
    )
    cycles = [build.cycle("one", 20.0 * k, 20.0) for k in range(5)]
    cycles += [build.cycle("two", 20.0 * (k + 1), 5.0) for k in range(5)]
    turns = [("starved", 15.0), ("working", 5.0)] * 4
    states = build.states("one", ("working", 100.0), ("starved", 5.0))
    states += build.states("two", ("starved", 20.0), ("working", 5.0), *turns)
    found = critical_shares(build.write_run(tmp_path / "r", made, cycles=cycles, states=states))
    assert found == pytest.approx({"one": 100 / 105, "two": 5 / 105})
    assert list(found) == ["one", "two"]


def test_a_run_without_cycles_has_no_path(build: ModuleType, tmp_path: File) -> None:
    made = build.scenario([build.station("one", put="out")], **plant(build))
    assert critical_shares(build.write_run(tmp_path / "r", made)) == {}
