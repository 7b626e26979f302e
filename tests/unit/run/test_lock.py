"""Two processes never write to one run folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import Cancelled, Checkpoints, resume, simulate
from tests.support.plants import exponential, line
from twin.cli import app
from twin.errors import RunError
from twin.run.lock import FILE_NAME, refuse_busy, run_lock

HOLD = """
import sys, time
from pathlib import Path
from twin.run.lock import run_lock
with run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that keeps a folder."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def cancelled(tmp_path: Path) -> Path:
    """A run that was cancelled half-way, with a checkpoint."""

    def interrupt(now: float, _horizon: float) -> None:
        if now > 250:
            raise KeyboardInterrupt

    made = line([exponential(2.0)], horizon_s=500.0)
    with pytest.raises(Cancelled):
        simulate(made, tmp_path / "r", progress=interrupt, checkpoints=Checkpoints(at_s=(200.0,)))
    return tmp_path / "r"


def test_a_run_that_is_over_leaves_no_lock(cancelled: Path) -> None:
    assert not (cancelled / FILE_NAME).exists()
    assert resume(cancelled).manifest.status == "complete"
    assert not (cancelled / FILE_NAME).exists()


def test_a_folder_that_another_process_writes_is_not_resumed(cancelled: Path) -> None:
    before = (cancelled / "run.json").read_text("utf-8")
    with holder(cancelled) as other:
        done = CliRunner().invoke(app, ["run", "--resume", str(cancelled)])
        assert done.exit_code == 2
        assert f"is being written by process {other.pid}" in done.output
        assert "Wait until that has ended" in done.output
        assert (cancelled / "run.json").read_text("utf-8") == before
        with pytest.raises(RunError, match="is being written"):
            simulate(line([1.0], horizon_s=10.0), cancelled, force=True)
    assert resume(cancelled).manifest.status == "complete"


def test_the_lock_of_a_killed_process_locks_nothing(cancelled: Path) -> None:
    with holder(cancelled) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert (cancelled / FILE_NAME).is_file()
        assert resume(cancelled).manifest.status == "complete"


def test_a_file_left_behind_locks_nothing(cancelled: Path) -> None:
    (cancelled / FILE_NAME).write_text("process 1 on nowhere", "utf-8")
    refuse_busy(cancelled)
    assert resume(cancelled).manifest.status == "complete"


def test_a_folder_is_locked_once(tmp_path: Path) -> None:
    with run_lock(tmp_path):
        text = (tmp_path / FILE_NAME).read_text("utf-8")
        assert text.startswith(f"process {os.getpid()} on ")
        with pytest.raises(RunError, match=f"process {os.getpid()}"), run_lock(tmp_path):
            pass
    with run_lock(tmp_path):
        pass


def test_a_folder_that_does_not_exist_is_not_locked(tmp_path: Path) -> None:
    refuse_busy(tmp_path / "nowhere")
    with pytest.raises(RunError, match="cannot be locked"), run_lock(tmp_path / "nowhere"):
        pass
