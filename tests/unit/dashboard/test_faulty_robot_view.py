"""The 3D view draws a robot with a mistaught point from the plan it really follows."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dashboard.viewer.chunk import RobotRows
from dashboard.viewer.payload import Payload
from sim import simulate
from twin.motion.motion import Motion
from twin.motion.variant import plan_variants
from twin.plant.load import load_scenario, robot_model
from twin.plant.robot_faults import MistaughtPoint


def test_steps_and_rows_of_the_view_are_those_of_the_faulty_plan(tmp_path: Path) -> None:
    fault = MistaughtPoint(
        kind="mistaught_point", at=300, robot="arm", point="pick", offset_m=(0.02, 0, -0.04)
    )
    made = load_scenario("07_robot", horizon_s=600.0).model_copy(update={"faults": [fault]})
    run = simulate(made, tmp_path / "r")
    (robot,) = Payload(run).scene()["robots"]
    n = len(run.plant.robots["arm"].program.steps)
    assert len(robot["steps"]) == 2 * n
    assert [step["holding"] for step in robot["steps"][:n]] == [
        step["holding"] for step in robot["steps"][n:]
    ]
    arm = run.plant.robots["arm"]
    variants = plan_variants(arm, robot_model(run.plant, arm.model), run.scenario.faults)
    causes = ["", "mistaught_point"]
    rows = RobotRows.read(run.table("substeps"), causes, variants)
    assert (rows.step[rows.start_s > 310] >= n).all()
    assert (rows.step[rows.start_s < 300] < n).all()
    for k in np.flatnonzero(rows.step % n == 1)[:: max(1, len(rows.step) // 200)]:
        step = robot["steps"][rows.step[k]]
        tau = 0.7 * step["times"][-1]
        drawn = [np.interp(tau, step["times"], angles) for angles in np.transpose(step["angles"])]
        exact = Motion(run).robot_pose("arm", float(rows.start_s[k] + tau / rows.rate[k]))
        np.testing.assert_allclose(drawn, exact, atol=0.1)
