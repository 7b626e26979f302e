"""What every test may use: finished runs, simulated once for all workers."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from twin.run.run import Run

SHORT_HORIZON_S = 1200.0


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder all workers of this test session share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def pilot_run(shared_folder: Path) -> Run:
    """Eight hours of the pilot plant with a slow robot (scenario ``slow_robot``)."""
    return simulated_once(shared_folder / "pilot_run", "slow_robot")


@pytest.fixture(scope="session")
def short_run(shared_folder: Path) -> Run:
    """Twenty minutes of the pilot plant without a fault (scenario ``pilot_shift``)."""
    return simulated_once(shared_folder / "short_run", "pilot_shift", SHORT_HORIZON_S)


def simulated_once(folder: Path, scenario: str, horizon_s: float | None = None) -> Run:
    """Simulate into `folder`, or open the run another worker has written there."""
    from sim import simulate
    from twin.plant.load import load_scenario
    from twin.run.run import Run

    with _lock(folder.with_suffix(".lock")):
        if (folder / "run.json").is_file():
            run = Run.open(folder)
            if run.manifest.status == "complete":
                return run
        return simulate(load_scenario(scenario, horizon_s=horizon_s), folder, force=True)


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
