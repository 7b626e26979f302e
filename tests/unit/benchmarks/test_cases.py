"""Each case runs small, and says what it left out."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.cases import CASES, Options, compare, giga, giga_stage, stage, vehicles
from benchmarks.cases.records import ALL, simulate_without
from benchmarks.model import Line
from benchmarks.result import Figure, Result
from benchmarks.subjects import BASE, CELLTWIN, SUBJECTS, Subject
from benchmarks.subjects.celltwin import line_scenario
from sim import simulate

TINY = Options(size=0.01, repeat=1, peers=False)


def figures(result: Result) -> dict[str, Figure]:
    return {figure.name: figure for figure in result.figures}


@pytest.mark.parametrize("name", ["line", "breakdowns", "queue"])
def test_comparison_agrees_and_gives_ratios(name: str) -> None:
    result = CASES[name].run(TINY)
    rows = {row.subject: row for row in result.rows}
    assert result.agrees
    assert rows[BASE].visits > 1_000
    assert result.ratio(rows[BASE], BASE) == 1
    ratio = result.ratio(rows[CELLTWIN], BASE)
    assert ratio is not None
    assert ratio > 0


def test_simulator_that_is_missing_is_listed_as_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing = Subject("Gone", "gone", "line", None, "no_such_package_here", "")
    monkeypatch.setattr(compare, "SUBJECTS", (*SUBJECTS[:2], missing))
    row = compare.line(0.005, 1).rows[-1]
    assert (row.subject, row.cpu_s, row.why) == ("Gone", None, "not installed")


def test_disagreement_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "expected", lambda model: compare.Estimate(0.1, 0.0))
    assert not compare.line(0.01, 1, peers=False).agrees


def test_shift_counts_the_rows_it_writes() -> None:
    found = figures(CASES["shift"].run(Options(size=0.01, repeat=1)))
    assert found["rows written"].value > found["visits of units"].value > 0
    assert "celltwin demo --no-serve" not in found  # that is always 8 h


def test_stage_beats_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "FRAMES_S", 2.0)
    found = figures(stage.measure(0.02, 1))
    assert found["faster"].value > 1
    assert found["smaller"].value > 0
    assert found["whole stage"].value > found["motion as keys and clips"].value


def test_discarding_one_table_leaves_the_others(tmp_path: Path) -> None:
    scenario = line_scenario(Line(200.0, stations=3))
    complete = simulate(scenario, tmp_path / "r").manifest.rows
    for table in sorted(ALL):
        rows = simulate_without(frozenset({table}), scenario, tmp_path / table)
        assert rows == {**complete, table: 0}
    assert simulate_without(frozenset(), scenario, tmp_path / "all") == complete


def test_records_give_a_figure_per_table() -> None:
    found = figures(CASES["records"].run(Options(size=0.005, repeat=1)))
    assert {f"one row of {table}" for table in ALL} < set(found)


def test_vehicles_are_left_out_without_their_module() -> None:
    assert vehicles.measure("benchmarks.no_such_module").left_out


def test_vehicles_take_the_figures_of_their_module(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("benchmarks.fleet_for_test")
    module.__spec__ = sys.modules["json"].__spec__
    module.measure = lambda: {vehicles.TRANSPORTS: 9_000.0, "other": 1.0}  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    found = figures(vehicles.measure(module.__name__))
    assert found[vehicles.TRANSPORTS].reached is True
    assert found["other"].reached is None


def test_giga_is_left_out_without_its_plant() -> None:
    assert giga.measure(1.0, plant="no_such_plant").left_out


def test_giga_measures_a_plant_that_is_there() -> None:
    found = figures(giga.measure(1 / (7 * 24 * 4), plant="pilot"))
    assert found["faster than the plant"].value > 0
    assert found["largest memory of the process"].value > 0.01


def test_giga_stage_measures_a_plant_that_is_there() -> None:
    found = figures(giga_stage.measure(0.02, plant="pilot"))
    assert found["writing it"].reached is True
    assert found["most memory while writing"].value > 50
    assert found["opening it"].value > 0
    assert found["layers"].value > 20
