"""Stages of a short run whose pouch robot has a leaking gripper, written once per session."""

from __future__ import annotations

import pytest
from pxr import Usd

from sim import simulate
from twin.motion.motion import Motion
from twin.plant.load import load_scenario
from twin.plant.robot_faults import JointFriction, MistaughtPoint
from twin.plant.scenario import VacuumLeak
from twin.run.run import Run
from twin.usd import StageReport, write_stage
from twin.usd.path import Paths, paths_of

LEAK_S = 300.0
HORIZON_S = 900.0


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Fifteen minutes of the pilot plant; after five, one robot leaks and two move otherwise."""
    leak = VacuumLeak(kind="vacuum_leak", at=LEAK_S, robot="robot_pouch", extra_grip_s=0.8)
    scenario = load_scenario("pilot_shift", horizon_s=HORIZON_S)
    off = MistaughtPoint(
        kind="mistaught_point", at=LEAK_S, robot="robot_stack", point="pick",
        offset_m=(0.02, -0.02, -0.03),
    )  # fmt: skip
    hard = JointFriction(kind="joint_friction", at=LEAK_S, robot="robot_tray", joint=1, factor=2.0)
    scenario = scenario.model_copy(update={"faults": [leak, off, hard]})
    return simulate(scenario, tmp_path_factory.mktemp("usd") / "run")


@pytest.fixture(scope="session")
def written(run: Run, tmp_path_factory: pytest.TempPathFactory) -> StageReport:
    """The stage with value clips, and its package."""
    return write_stage(run, tmp_path_factory.mktemp("usd") / "stage", usdz=True)


@pytest.fixture(scope="session")
def baked(run: Run, tmp_path_factory: pytest.TempPathFactory) -> StageReport:
    """The stage with plain time samples."""
    return write_stage(run, tmp_path_factory.mktemp("usd") / "baked", bake=True)


@pytest.fixture(scope="session")
def stage(written: StageReport) -> Usd.Stage:
    """The opened stage."""
    return Usd.Stage.Open(str(written.root))


@pytest.fixture(scope="session")
def motion(run: Run) -> Motion:
    """The exact motion."""
    return Motion(run)


@pytest.fixture(scope="session")
def paths(run: Run) -> Paths:
    """Prim paths of the plant."""
    return paths_of(run.plant)
