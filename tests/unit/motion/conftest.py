"""What the tests of motion share: robots, finished runs and their motion."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import simulate
from twin.motion.lot_track import LotTracks, lot_tracks
from twin.motion.motion import Motion
from twin.plant.load import load_scenario, robot_model
from twin.plant.robot import RobotModel
from twin.run.run import Run

SHIFT_S = 7200.0


@pytest.fixture(scope="session")
def kr10() -> RobotModel:
    return robot_model(None, "kuka_kr10_r1420")


@pytest.fixture(scope="session")
def shift(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The first two hours of a shift of the pilot plant."""
    folder = tmp_path_factory.mktemp("motion") / "shift"
    return simulate(load_scenario("pilot_shift", horizon_s=SHIFT_S), folder)


@pytest.fixture(scope="session")
def motion(shift: Run) -> Motion:
    return Motion(shift)


@pytest.fixture(scope="session")
def lots(shift: Run) -> LotTracks:
    return lot_tracks(shift)


@pytest.fixture(scope="session")
def cut_short(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same shift, ended while trips, batches and products are under way."""
    folder: Path = tmp_path_factory.mktemp("motion") / "cut"
    return simulate(load_scenario("pilot_shift", horizon_s=1777.0), folder)
