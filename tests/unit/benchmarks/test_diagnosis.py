"""The score board: scores and charts by hand, every kind of fault, and a quick board."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.diagnosis import paired, runs
from benchmarks.diagnosis.__main__ import board
from benchmarks.diagnosis.faults import (
    INJECTIONS,
    PAIRS,
    Injection,
    injections,
    known_kinds,
    not_scored,
)
from benchmarks.diagnosis.healthy import Healthy, total
from benchmarks.diagnosis.lines import random_lines, run
from benchmarks.diagnosis.rivals import alarms, cusum, ewma
from benchmarks.diagnosis.runs import judged
from benchmarks.diagnosis.score import Outcome, Score
from benchmarks.diagnosis.sections import GOALS, merged, text_of
from twin.flags import Flag


def test_scores_by_hand() -> None:
    """Three faults, two found, one with the right cause; two false alarms before them."""
    score = Score("any", false_alarms=3, station_hours=1500.0)
    score.outcomes += [
        Outcome("a", 10, 1, "slow", right=True), Outcome("a", 30, 1, "fast"), Outcome("b", None),
    ]  # fmt: skip
    assert score.recall == pytest.approx(2 / 3)
    assert score.precision == pytest.approx(2 / 4)
    assert score.f1 == pytest.approx(4 / 7)
    assert score.cause_accuracy == 0.5
    assert score.false_per_1000_h == 2.0
    assert score.of("a").median_delay == 20
    assert score.of("b").median_delay is None


def test_charts_by_hand() -> None:
    z = np.array([1.25, 1.25, -3.0, 0.25])
    assert cusum(z) == pytest.approx([1.0, 2.0, 2.75, 2.25])
    assert ewma(np.array([2.0])) == pytest.approx([0.1 / np.sqrt(0.05 / 1.95)])
    assert alarms(np.where(np.arange(1200) % 400 == 0, 5.0, 0.0), 4.0) == [0, 800]


def test_departures_follow_the_recursion() -> None:
    """Two stations, no buffer, work 1 and 2: the first is blocked 1 s a part from the second on."""
    service = np.tile(np.array([1.0, 2.0]), (4, 1, 1))
    log = run(service, np.zeros((1, 1), dtype=np.intp))
    assert log.length == pytest.approx([9.0])
    assert log.blocked[0] == pytest.approx([3.0, 0.0])
    assert log.starved[0] == pytest.approx([0.0, 1.0])


def test_lines_are_the_same_every_time() -> None:
    assert np.array_equal(random_lines(5).mean, random_lines(5).mean)


def test_every_kind_of_fault_is_scored_or_named() -> None:
    scored = {one.kind for one in injections()}
    assert scored | set(not_scored()) == set(known_kinds())
    assert {"vacuum_leak", "speed_override", "slow_cycle", "breakdown"} <= scored


@pytest.mark.thorough
def test_a_quick_board_has_all_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """With two faults and one pair instead of all of them, which take a minute."""
    monkeypatch.setattr(runs, "injections", lambda: list(INJECTIONS[:2]))
    monkeypatch.setattr(paired, "injections", lambda: list(INJECTIONS[:1]))
    monkeypatch.setattr(runs, "PAIRS", PAIRS[:1])
    told = text_of(board(quick=True))
    for title in (
        "### Goals", "### Streams", "### Runs: one", "### Runs: two", "### Runs: healthy",
        "### Runs: stated losses", "### Bottlenecks", "vacuum_leak", "found and named, runs",
    ):  # fmt: skip
        assert title in told


def test_one_part_replaces_its_own_goals_and_sections_alone() -> None:
    old = {
        GOALS: "| goal | value |\n| --- | --- |\n| a | 1 |\n| b | 2 |",
        "Runs": "old",
        "Streams": "s",
    }
    new = {GOALS: "| goal | value |\n| --- | --- |\n| b | 30 |\n| c | 4 |", "Runs": "new"}
    found = merged(old, new)
    assert [*found] == [GOALS, "Runs", "Streams"]
    assert (found["Runs"], found["Streams"]) == ("new", "s")
    rows = [line.replace(" ", "") for line in found[GOALS].splitlines()]
    assert rows[2:] == ["|a|1|", "|b|30|", "|c|4|"]


def flag(resource: str, cause: str, since_s: float = 7200.0, **evidence: object) -> Flag:
    return Flag("", resource, since_s, 21_600.0, cause, None, 1.0, "warning", dict(evidence))


def injected(kind: str) -> Injection:
    return next(one for one in injections() if one.kind == kind)


def test_a_run_is_judged_strictly_too() -> None:
    """The first flag of the resource counts, with what was found behind it; others are wrong."""
    wear = injected("machine_wear")
    seen = [flag("test", "drift", why="machine_wear"), flag("weld", "slow_cycle")]
    told = judged(wear, seen)
    assert (told.right, told.strict, told.wrong) == (True, True, 1)
    told = judged(wear, [flag("test", "spread"), *seen[:1]])
    assert (told.right, told.strict, told.wrong) == (True, False, 1)
    told = judged(wear, [flag("test", "drift")])
    assert (told.right, told.strict, told.wrong) == (True, False, 0), "the general cause alone"
    told = judged(wear, [flag("test", "drift", since_s=3600.0, why="machine_wear")])
    assert (told.delay, told.strict, told.wrong) == (None, False, 1), "long before the fault"


def test_what_follows_from_a_fault_is_not_wrong() -> None:
    short = injected("worker_shortage")
    seen = [flag("packers", "worker_shortage"), flag("pack", "waiting_worker")]
    assert (judged(short, seen).strict, judged(short, seen).wrong) == (True, 0)
    other = injected("slow_repair")
    also = [*seen, flag("cut", "long_repairs")]
    assert judged(short, also).wrong == 1
    assert judged(short, also, besides=[other]).wrong == 0


def test_healthy_flags_are_counted_by_what_they_rest_on() -> None:
    seen = Healthy("any")
    seen.add([flag("a", "slow_cycle"), flag("b", "waiting_worker", method="threshold")], 500.0)
    seen.add([], 500.0)
    assert (seen.runs, seen.per_1000_h(), seen.per_1000_h(plain=True)) == (2, 1.0, 2.0)
    assert total([seen, seen]).station_hours == 2000.0


def test_pairs_are_on_different_resources_of_one_plant() -> None:
    for one, other in PAIRS:
        assert one.plant == other.plant
        assert one.resources != other.resources
