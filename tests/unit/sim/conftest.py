"""A world without a run folder, for behaviours on their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.core.world import World
from sim.record.recorder import Recorder
from tests.support.plants import scenario
from twin.plant.plant import Plant
from twin.run.writer import RunWriter


@pytest.fixture
def world_of(tmp_path: Path) -> Callable[[Plant], World]:
    """Make the world of a plant."""

    def make(plant: Plant) -> World:
        writer = RunWriter(tmp_path / "run", scenario(plant, 100.0))
        return World(plant, 1, Recorder(writer))

    return make
