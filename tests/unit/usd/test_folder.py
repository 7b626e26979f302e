from __future__ import annotations

import subprocess
import sys
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


FULL = """
import resource, signal, sys
from twin.errors import CelltwinError
from twin.run.run import Run
from twin.usd import write_stage

run = Run.open(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    write_stage(run, sys.argv[2], window=(0.0, 60.0), force=True)
except CelltwinError as error:
    print(error)
"""


@pytest.mark.parametrize("limit", [2_000, 30_000])
def test_disk_that_fills_up_leaves_what_was_there(run: Run, tmp_path: Path, limit: int) -> None:
    """No file of the process may grow beyond a limit: writing fails as on a full disk."""
    out = tmp_path / "stage"
    write_stage(run, out, window=WINDOW)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(run.folder), str(out), str(limit)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cannot be written" in done.stdout
    assert "make room on the disk" in done.stdout
    assert entries(tmp_path) == ["stage"]
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
