"""Durations in plant files: parameters that cannot be are named; values may stand in files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from twin.plant.base import Duration

CYCLE = "cycle: {mean_s: 86400}"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("mean_s: 9, k: 3", "'k' is for 'erlang' durations, this is 'lognormal'."),
        ("mean_s: 9, kind: erlang", "an 'erlang' duration needs 'k'."),
        ("mean_s: 9, kind: erlang, k: 2, cv: 0.5", "'cv' follows from 'k'."),
        (
            "mean_s: 9, kind: normal, cv: 0.96",
            "above 0 cannot have a cv of 0.96. Lower 'cv' to 0.95",
        ),
        (
            "mean_s: 9, kind: weibull",
            "a 'weibull' duration has a cv from 0.0127 to 15.8, this is 0.",
        ),
        ("mean_s: 9, kind: weibull, cv: 17", "from 0.0127 to 15.8, this is 17."),
        ("mean_s: 9, kind: weibull, shape: 0.1", "'shape' is 0.1, must be from 0.2 to 100."),
        ("mean_s: 9, kind: weibull, shape: 2, cv: 1", "'cv' follows from 'shape'."),
        ("low_s: 2, kind: uniform", "a 'uniform' duration with limits needs 'low_s' and 'high_s'."),
        ("low_s: 2, high_s: 1, kind: uniform", "needs 'low_s' below 'high_s': not so with low_s 2"),
        ("low_s: 2, high_s: 3, cv: 0.2, kind: uniform", "'cv' follows from its limits."),
        ("low_s: 2, high_s: 3, kind: triangular", "needs 'low_s', 'mode_s' and 'high_s'."),
        (
            "low_s: 2, mode_s: 4, high_s: 3, kind: triangular",
            "'high_s' and 'mode_s' between: not so",
        ),
        ("mean_s: 9, kind: beta, cv: 0.1", "a 'beta' duration needs 'low_s' below 'high_s'."),
        ("low_s: 5, high_s: 5, mean_s: 5, kind: beta", "a 'beta' duration needs 'low_s' below"),
        ("low_s: 1, high_s: 5, alpha: 2, kind: beta", "needs both 'alpha' and 'beta'."),
        (
            "low_s: 1, high_s: 5, mean_s: 6, cv: 1, kind: beta",
            "'mean_s' is 6, must be between 1 and 5",
        ),
        ("low_s: 1, high_s: 5, mean_s: 3, cv: 0.7, kind: beta", "above 0 and below 0.667."),
        (
            "low_s: 1, high_s: 5, mean_s: 3, kind: beta",
            "'cv' is 0, between these limits it must be",
        ),
        ("kind: discrete", "a duration of kind 'discrete' needs 'values_s'."),
        ("mean_s: 3, kind: discrete", "kind 'discrete' needs 'values_s'."),
        ("mean_s: 3, kind: empirical", "kind 'empirical' needs 'values_s' or"),
        ("values_s: [], kind: trace", "kind 'trace' needs 'values_s' or 'file'."),
        ("values_s: [1, 2], weights: [1], kind: discrete", "1 weights for 2 values."),
        ("values_s: [1, 2], weights: [0, 0], kind: discrete", "all weights are 0."),
        (
            "values_s: [1, 2], weights: [1, 1], kind: empirical",
            "'weights' is for 'discrete' durations",
        ),
        ("values_s: [1, 2], cv: 0.5, kind: empirical", "'cv' follows from 'values_s'."),
        ("values_s: [0, 0], mean_s: 4, kind: empirical", "values that are all 0 cannot be scaled"),
        ("values_s: [0, 0], kind: trace", "'cycle.mean_s' must be greater than 0."),
        ("values_s: [1, -2], kind: discrete", "must be at least 0."),
        ("values_s: [1, 2], at_end: stop, kind: empirical", "'at_end' is for 'trace' durations"),
        ("mean_s: 9, kind: wiebull", "'cycle.kind' is 'wiebull' (nearest: 'weibull')"),
    ],
)
def test_impossible_parameters_are_named(bench, given: str, message: str):
    text = bench.changed(CYCLE, f"cycle: {{{given}}}")
    problems = bench.problems(text)
    assert any(message in problem for problem in problems), problems
    line = bench.line(text, f"cycle: {{{given}}}")
    assert problems[0].startswith(f"{line}: station 'soak': "), problems


def test_a_robot_cannot_stop_at_the_end_of_a_trace(bench):
    problems = bench.after("{mean_s: 0.3}", "{kind: trace, values_s: [1, 2], at_end: stop}")
    assert "'at_end: stop' is not possible in a robot program" in problems[0]
    bench.load(bench.changed("{mean_s: 0.3}", "{kind: trace, values_s: [1, 2]}"))


@pytest.mark.parametrize(
    ("given", "mean_s"),
    [
        ("low_s: 2, high_s: 5, kind: uniform", 3.5),
        ("low_s: 1, mode_s: 2, high_s: 6, kind: triangular", 3.0),
        ("low_s: 2, high_s: 8, alpha: 1, beta: 2, kind: beta", 4.0),
        ("values_s: [10, 30], weights: [3, 1], kind: discrete", 15.0),
        ("values_s: [10, 30], kind: trace", 20.0),
        ("values_s: [10, 30], kind: empirical, mean_s: 40", 40.0),
    ],
)
def test_mean_follows_from_the_familys_own_parameters(bench, given: str, mean_s: float):
    cycle = bench.load(bench.changed(CYCLE, f"cycle: {{{given}}}")).plant.stations["soak"].cycle
    assert cycle.mean_s == pytest.approx(mean_s)
    assert Duration.model_validate(cycle.model_dump(exclude_defaults=True)) == cycle


# --- values in files -------------------------------------------------------------------------


def from_file(bench, file: str = "times.csv", column: str = "cycle_s", **more: str):
    given = {"kind": "empirical", "file": file, "column": column, **more}
    return bench.changed(CYCLE, f"cycle: {{{', '.join(f'{k}: {v}' for k, v in given.items())}}}")


def test_values_are_read_from_csv_and_parquet_beside_the_plant(bench, tmp_path: Path):
    frame = pd.DataFrame({"machine": ["a", "b", "a"], "cycle_s": [4.0, 5.0, 9.5]})
    frame.to_csv(tmp_path / "times.csv", index=False)
    frame.to_parquet(tmp_path / "times.parquet")
    for file in ("times.csv", "times.parquet", str(tmp_path / "times.csv")):
        cycle = bench.load(from_file(bench, file)).plant.stations["soak"].cycle
        assert cycle.values_s == (4.0, 5.0, 9.5)
        assert cycle.mean_s == pytest.approx(18.5 / 3)
    scaled = bench.load(from_file(bench, mean_s="37")).plant.stations["soak"].cycle
    assert scaled.scale == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        ("cycle_s\n1\n", {"file": "tims.csv"}, "no such file (nearest: 'times.csv')."),
        ("cycle_s\n1\n", {"file": "times.xlsx"}, "'times.xlsx' is no .csv and no .parquet file."),
        ("cycle_s\n1\n", {"column": "cycle"}, "has no column 'cycle' (nearest: 'cycle_s')."),
        ("cycle_s\n1\n", {"column": "xx"}, "'times.csv' has no column 'xx'. It has: cycle_s."),
        ("cycle_s\n", {}, "'times.csv' holds no values."),
        ("cycle_s\n1\nabc\n", {}, "'times.csv', row 2: 'abc' is no time in seconds >= 0."),
        ("cycle_s\n1\n-3\n", {}, "row 2: '-3' is no time in seconds"),
        ("cycle_s\nnan\n", {}, "row 1: 'nan' is no time in seconds"),
        ("cycle_s,b\n1,2\n,3\n", {}, "row 2: '' is no time in seconds"),
        ("cycle_s\n1\n", {"values_s": "[1]"}, "has both 'values_s' and 'file'."),
        ("cycle_s\n1\n", {"column": "''"}, "'column' is missing"),
        ("cycle_s\n1\n", {"file": "3"}, "'file' must be a text."),
    ],
)
def test_files_that_cannot_be_used_are_named(bench, tmp_path: Path, text, given, message):
    (tmp_path / "times.csv").write_text(text, "utf-8")
    text = from_file(bench, **given)
    problems = bench.problems(text)
    assert any(message in problem for problem in problems), problems
    assert problems[0].startswith(f"{bench.line(text, 'cycle: {kind')}: empirical duration: ")


def test_damaged_parquet_is_named(bench, tmp_path: Path):
    (tmp_path / "times.parquet").write_bytes(b"PAR1 nothing")
    (problem,) = bench.problems(from_file(bench, "times.parquet"))
    assert "'times.parquet' cannot be read as Parquet: " in problem
