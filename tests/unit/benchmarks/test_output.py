"""What is printed, and what is written when it is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import page
from benchmarks.__main__ import main
from benchmarks.cases import CASES, Case
from benchmarks.check import Estimate
from benchmarks.result import Figure, Result, Row
from benchmarks.subjects import BARE, BASE
from benchmarks.table import grid, text

COMPARED = Result(
    "line",
    "A line",
    rows=(
        Row("fast", "all", 1.0, 1.1, 1_000, Estimate(0.5, 0.01)),
        Row(BASE, "all", 4.0, 1.0, 1_000, Estimate(0.5, 0.01)),
        Row(BARE, "none", 2.0, 1.0, 1_000, Estimate(0.9, 0.01), agrees=False),
        Row("gone", "", why="not installed"),
    ),
    quantity="units/s",
    expected=Estimate(0.5, 0.0),
)
FIGURES = Result("x", "Figures", figures=(
    Figure("speed", 50.0, "x", 40.0, more_is_better=True),
    Figure("size", 2.5, "MB", 2.0, note="big"),
))  # fmt: skip


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CASES, "line", Case("line", "about", lambda _: FIGURES))
    monkeypatch.setitem(CASES, "queue", Case("queue", "about", lambda _: COMPARED))


def test_table_shows_ratios_and_disagreement() -> None:
    lines = {
        line.split("|")[1].strip(): line for line in text([COMPARED]).splitlines() if "|" in line
    }
    assert "| 4.00" in lines["fast"]
    assert "| 2.00" in lines["fast"]
    assert "yes" in lines["fast"]
    assert "NO" in lines[BARE]
    assert "not installed" in lines["gone"]


def test_figures_show_whether_their_target_is_reached() -> None:
    lines = text([FIGURES]).splitlines()
    assert any("speed" in line and ">= 40" in line and "yes" in line for line in lines)
    assert any("size" in line and "<= 2" in line and "no" in line for line in lines)


def test_case_left_out_says_why() -> None:
    assert "Left out: no plant." in text([Result("giga", "Giga", left_out="no plant")])


def test_grid_is_aligned() -> None:
    assert (
        len(
            {len(line) for line in grid(["a", "b"], [["long cell", "1"], ["x", "22"]]).splitlines()}
        )
        == 1
    )


@pytest.mark.usefixtures("canned")
def test_json_holds_the_results(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["line", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["versions"]["simpy"]
    assert told["results"][0]["figures"][0]["value"] == 50.0


@pytest.mark.usefixtures("canned")
def test_disagreement_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["queue"]) == 1
    assert "A line" in capsys.readouterr().out


@pytest.mark.usefixtures("canned")
def test_page_is_written_only_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "page.md"
    before = f"above\n{page.BEGIN}\nold\n{page.END}\nbelow\n"
    file.write_text(before)
    written: list[str] = []
    monkeypatch.setattr(page, "refresh", written.append)
    main(["line"])
    assert not written
    main(["line", "--write"])
    monkeypatch.undo()
    page.refresh(written[0], file)
    now = file.read_text()
    assert now.startswith("above")
    assert now.endswith("below\n")
    assert "old" not in now
    assert "speed" in now


def test_page_without_markers_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text("nothing here")
    with pytest.raises(ValueError, match="are missing"):
        page.refresh("x", file)


@pytest.mark.parametrize("wrong", [["--size", "0"], ["--repeat", "0"], ["no_such_case"]])
def test_wrong_arguments_exit_with_2(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(wrong)
    assert stopped.value.code == 2


def test_documented_page_has_the_markers() -> None:
    told = page.PAGE.read_text(encoding="utf-8")
    assert told.index(page.BEGIN) < told.index(page.END)
