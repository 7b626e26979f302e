from __future__ import annotations

from pathlib import Path

import pytest

from twin.errors import CelltwinError
from twin.run.run import Run
from twin.usd import stage as stage_module
from twin.usd import write_stage
from twin.usd.folder import written_at_once

WINDOW = (0.0, 5.0)


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fail(*_: object, **__: object) -> None:
    raise RuntimeError("disk full")


def test_failure_leaves_nothing_behind(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage_module.root, "write_root", fail)
    with pytest.raises(RuntimeError, match="disk full"):
        write_stage(run, tmp_path / "stage", window=WINDOW)
    assert entries(tmp_path) == []


def test_failure_keeps_the_stage_that_was_there(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "stage"
    write_stage(run, out, window=WINDOW)
    before = (out / "root.usda").read_bytes()
    monkeypatch.setattr(stage_module.root, "write_root", fail)
    with pytest.raises(RuntimeError, match="disk full"):
        write_stage(run, out, window=(0.0, 6.0), force=True)
    assert entries(tmp_path) == ["stage"]
    assert (out / "root.usda").read_bytes() == before


def test_stage_is_replaced_only_by_force(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "stage"
    write_stage(run, out, window=WINDOW)
    (out / "old.txt").write_text("old")
    with pytest.raises(CelltwinError, match="holds a stage already"):
        write_stage(run, out, window=WINDOW)
    write_stage(run, out, window=WINDOW, force=True)
    assert not (out / "old.txt").exists()
    assert entries(tmp_path) == ["stage"]


def test_foreign_folder_is_left_alone_even_by_force(run: Run, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"cat")
    with pytest.raises(CelltwinError, match="is not a stage"):
        write_stage(run, tmp_path / "photos", window=WINDOW, force=True)
    assert entries(tmp_path / "photos") == ["cat.jpg"]


def test_file_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "stage").write_text("mine")
    with pytest.raises(CelltwinError, match="is not a stage"):
        write_stage(run, tmp_path / "stage", force=True)
    assert (tmp_path / "stage").read_text() == "mine"


def test_empty_folder_is_used(run: Run, tmp_path: Path) -> None:
    (tmp_path / "stage").mkdir()
    assert write_stage(run, tmp_path / "stage", window=WINDOW).root.is_file()


def test_parents_are_made(run: Run, tmp_path: Path) -> None:
    assert write_stage(run, tmp_path / "a" / "b" / "stage", window=WINDOW).root.is_file()


def test_folder_below_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CelltwinError, match="cannot be written"):
        write_stage(run, tmp_path / "file" / "stage", window=WINDOW)


def test_wrong_window_writes_nothing(run: Run, tmp_path: Path) -> None:
    with pytest.raises(CelltwinError):
        write_stage(run, tmp_path / "stage", window=(5.0, 1.0))
    assert entries(tmp_path) == []


def test_folder_appears_only_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with written_at_once(out) as new:
        (new / "root.usda").write_text("x")
        assert not out.exists()
    assert entries(out) == ["root.usda"]
    assert entries(tmp_path) == ["out"]
