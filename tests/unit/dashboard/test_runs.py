"""Finding runs: all of them, the broken ones with their error, and nothing outside the folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from threading import Thread

import pytest

from dashboard.runs import KEPT_RUNS, OpenRun, Runs
from twin.errors import RunError


def test_every_run_is_listed_with_its_status(runs: Runs) -> None:
    found = {e.name: e.status for e in runs.entries()}
    assert found == {"hour": "complete", "stopped": "cancelled", "broken": "broken"}


def test_a_broken_run_says_why(runs: Runs) -> None:
    errors = {e.name: e.error for e in runs.entries()}
    assert "run format 9 cannot be read" in errors["broken"]
    assert errors["hour"] == ""


def test_the_latest_run_is_first_and_the_default(runs_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    shutil.copytree(runs_dir, folder)
    os.utime(folder / "stopped/run.json", (2e9, 2e9))
    found = Runs(folder)
    assert next(e.name for e in found.entries()) == "stopped"
    assert found.default() == "stopped"
    assert Runs(folder, "hour").default() == "hour"
    assert Runs(folder, "gone").default() == "stopped"


def test_a_broken_run_is_the_default_only_if_there_is_no_other(runs_dir: Path) -> None:
    assert Runs(runs_dir / "broken").default() == "broken"


def test_the_folder_of_one_run_shows_that_run_only(runs_dir: Path) -> None:
    found = Runs(runs_dir / "hour")
    assert [e.name for e in found.entries()] == ["hour"]
    assert found.open("hour").run.name == "hour"
    with pytest.raises(RunError):
        found.open("stopped")


def test_a_folder_that_does_not_exist_has_no_runs(tmp_path: Path) -> None:
    found = Runs(tmp_path / "nothing")
    assert found.entries() == []
    assert found.default() is None


@pytest.mark.parametrize(
    "name",
    ["../outside", "..", ".", "", "/", "hour/..", "hour/../hour", "..%2foutside", "notes",
     "readme.txt", "\x00", "link", "a" * 5000],
)  # fmt: skip
def test_only_runs_of_the_folder_open(runs_dir: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "runs"
    shutil.copytree(runs_dir, folder)
    shutil.copytree(runs_dir.parent / "outside", tmp_path / "outside")
    (folder / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(RunError, match="there is no run"):
        Runs(folder).open(name)


def test_an_absolute_name_does_not_open(runs_dir: Path) -> None:
    with pytest.raises(RunError):
        Runs(runs_dir).open(str(runs_dir / "hour"))


def test_an_unknown_run_names_the_nearest(runs: Runs) -> None:
    with pytest.raises(RunError, match="nearest: 'hour'"):
        runs.open("houre")


def test_a_run_is_opened_once_until_it_changes(runs_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(runs_dir / "hour", tmp_path / "hour")
    found = Runs(tmp_path)
    first = found.open("hour")
    assert found.open("hour") is first
    os.utime(tmp_path / "hour/run.json", (2e9, 2e9))
    assert found.open("hour") is not first


def test_only_the_last_runs_are_kept(runs_dir: Path, tmp_path: Path) -> None:
    names = [f"run_{k}" for k in range(KEPT_RUNS + 1)]
    for name in names:
        shutil.copytree(runs_dir / "hour", tmp_path / name)
    found = Runs(tmp_path)
    opened = [found.open(name) for name in names]
    assert found.open(names[-1]) is opened[-1]
    assert found.open(names[0]) is not opened[0]


def test_values_are_computed_once_by_many_threads(runs: Runs) -> None:
    found = OpenRun(runs.open("hour").run)
    calls: list[int] = []
    threads = [Thread(target=lambda: found.once("x", lambda: calls.append(1))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [1]


def test_a_failed_value_is_tried_again(runs: Runs) -> None:
    found = OpenRun(runs.open("hour").run)
    with pytest.raises(ZeroDivisionError):
        found.once("x", lambda: 1 / 0)
    assert found.once("x", lambda: 3.0) == 3.0


def test_warm_up_never_fails(runs_dir: Path, tmp_path: Path) -> None:
    Runs(runs_dir / "broken").warm_up()
    Runs(tmp_path).warm_up()
    Runs(runs_dir, "hour").warm_up()
