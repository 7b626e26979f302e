"""Failures and maintenance that cannot be are named with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.errors import PlantError
from twin.plant.load import load_scenario

MODE = "breakdown: {mtbf_h: 6, mttr_h: 0.12, crew: repair, source: assumption}"
STACK = "            put: stacks\n"


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("mttr_h: 1", "its breakdown needs 'mtbf_h' or 'time_to_failure'."),
        ("mtbf_h: 1", "its breakdown needs 'mttr_h' or 'time_to_repair'."),
        ("mtbf_h: 1, mttr_h: 1, time_to_failure: {mean_s: 9}", "has both 'mtbf_h' and 'time_to_f"),
        ("mtbf_h: 1, mttr_h: 1, time_to_repair: {mean_s: 9}", "has both 'mttr_h' and 'time_to_r"),
        ("mtbf_h: 1, repair_cv: 0.5, time_to_repair: {mean_s: 9}", "says its spread"),
        ("failure_cv: 0.5, mttr_h: 1, time_to_failure: {mean_s: 9}", "says its spread"),
        ("mttr_h: 1, time_to_failure: {mean_s: 0}", "'breakdown.time_to_failure.mean_s'"),
        ("mttr_h: 1, time_to_failure: {mean_s: 9, k: 2}", "'k' is for 'erlang' durations"),
        ("mtbf_h: 1, time_to_repair: {mean_s: 9, cv: 3, kind: normal}", "cannot have a cv of 3"),
        ("mttr_h: 1, clock: cycles", "counts cycles and needs 'mcbf'."),
        ("mttr_h: 1, clock: cycles, mcbf: 9, mtbf_h: 1", "counts cycles, so it has no 'mtbf_h'."),
        ("mttr_h: 1, clock: cycles, mcbf: 9.5, failure_cv: 0", "comes after 9.5 cycles, no whole"),
        ("mttr_h: 1, clock: cycles, mcbf: 0.5", "must be at least 1."),
        ("mttr_h: 1, mcbf: 9", "has 'mcbf', which is for the clock 'cycles'."),
        ("mttr_h: 1, mtbf_h: 1, when_idle: wait", "stands still then."),
        ("mttr_h: 1, mtbf_h: 1, clock: cycle", "'breakdown.clock' is 'cycle' (nearest: 'cycles')"),
        ("mttr_h: 1, mtbf_h: 1, skill: x", "its breakdown needs a crew: who are its 'skill'?"),
    ],
)  # fmt: skip
def test_impossible_failures(bench, mode: str, message: str):
    text = bench.changed(MODE, f"breakdown: {{{mode}}}")
    problems = bench.problems(text)
    assert any(message in problem for problem in problems), problems
    assert problems[0].startswith(f"{bench.line(text, 'breakdown: {')}: station 'stack': ")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("breakdowns: {jam: {mtbf_h: 1, mttr_h: 1}}", "has both 'breakdown' and 'breakdowns'."),
        ("maintenance: {oil: {work: {mean_s: 9}}}", "maintenance 'oil' is never due."),
        (
            "maintenance: {oil: {work: {mean_s: 9}, every_h: 1, every_cycles: 2}}",
            "maintenance 'oil' is due by both 'every_cycles' and 'every_h'.",
        ),
        (
            "maintenance: {oil: {work: {mean_s: 9}, every_h: 1, days: [mon]}}",
            "maintenance 'oil' has 'days', which go with 'at'.",
        ),
        (
            'maintenance: {oil: {work: {mean_s: 9}, at: "30:00"}}',
            "maintenance 'oil' is due at 30 h, which is no time of day.",
        ),
        (
            "maintenance: {oil: {work: {mean_s: 9}, every_h: 1, workers: 2}}",
            "maintenance 'oil' needs a crew: who are its 'workers'?",
        ),
        (
            "maintenance: {oil: {work: {mean_s: 9}, every_h: 1, crew: operators}}",
            "whose kind is 'operator', not 'repair'.",
        ),
        (
            "maintenance: {oil: {work: {mean_s: 9}, every_h: 1, crew: repare}}",
            "pool 'repare' does not exist (nearest: 'repair').",
        ),
        ("maintenance: {oil: {every_h: 1}}", "'maintenance.oil.work' is missing."),
    ],
)
def test_impossible_additions(bench, more: str, message: str):
    problems = bench.after(STACK, f"{STACK}            {more}\n")
    assert any(message in problem for problem in problems), problems


def test_kinds_of_failure_have_names_of_their_own(bench):
    kinds = "breakdowns: {minor_stop: {mtbf_h: 1, mttr_h: 1}, jam: {mtbf_h: 2, mttr_h: 1, mcbf: 3}}"
    problems = bench.after(MODE, kinds)
    assert "'minor_stop' cannot be the name of a failure." in problems[0]


def test_a_problem_of_one_kind_names_it(bench):
    (problem,) = bench.after(MODE, "breakdowns: {jam: {mttr_h: 1}}")
    assert "station 'stack': its 'jam' breakdown needs 'mtbf_h' or 'time_to_failure'." in problem


def test_kinds_of_failure_can_be_set_by_path_and_made_from_templates(bench):
    text = bench.changed(MODE, "breakdowns: {jam: {like: any, mtbf_h: 2}}")
    text = text.replace("templates:\n", "templates:\n  breakdowns: {any: {mttr_h: 0.5}}\n")
    plant = bench.load(text).plant
    jam = plant.stations["stack"].failure_modes["jam"]
    assert (jam.mtbf_h, jam.mttr_h) == (2, 0.5)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("maintenance: {oil: {work: {mean_s: 9}, every_h: 1}}, ", "a store is never maintained"),
        (
            "breakdown: {clock: cycles, mcbf: 9, mttr_h: 1}, ",
            "counts cycles, but a store has none.",
        ),
    ],
)
def test_stores(bench, more: str, message: str):
    problems = bench.after("{id: soak, ", f"{{id: soak, {more}")
    assert any(message in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("", "machine 'stack_1' has several kinds of failure: name one with 'mode'. Known: jam, a"),
        (", mode: jma", "machine 'stack_1' has no kind of failure 'jma' (nearest: 'jam')."),
    ],
)
def test_a_forced_breakdown_names_a_kind_that_exists(bench, tmp_path: Path, fault, message):
    kinds = "breakdowns: {jam: {mtbf_h: 1, mttr_h: 1}, axis: {mtbf_h: 2, mttr_h: 1}}"
    plant = bench.write(bench.changed(MODE, kinds))
    path = tmp_path / "s.yaml"
    head = f"id: s\nplant: {plant}\nfaults:\n  - "
    path.write_text(f"{head}{{kind: breakdown, at: 1h, machine: stack_1, repair: 1h{fault}}}\n")
    with pytest.raises(PlantError) as caught:
        load_scenario(path)
    assert message in str(caught.value)
    path.write_text(f"{head}{{kind: breakdown, at: 1h, machine: stack_1, repair: 1h, mode: jam}}\n")
    load_scenario(path)


@pytest.mark.parametrize("machine", ["amr_1", "stacker_crane"])
def test_a_vehicle_or_crane_can_be_made_to_fail(tmp_path: Path, machine: str) -> None:
    path = tmp_path / "s.yaml"
    fault = f"{{kind: breakdown, at: 10min, machine: {machine}, repair: 5min"
    path.write_text(f"id: s\nplant: pilot\nhorizon: 1h\nfaults:\n  - {fault}}}\n")
    assert load_scenario(path).faults[0].kind == "breakdown"
    path.write_text(f"id: s\nplant: pilot\nhorizon: 1h\nfaults:\n  - {fault}, mode: jam}}\n")
    with pytest.raises(PlantError, match=f"machine '{machine}' has no kind of failure 'jam'"):
        load_scenario(path)
