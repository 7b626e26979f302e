from __future__ import annotations

import numpy as np
import pytest

from twin.motion.grip import grip_of
from twin.motion.motion import Motion
from twin.run.run import Run


def test_fingers_close_in_a_grip_and_open_in_a_release(shift: Run, motion: Motion) -> None:
    rows = shift.table("substeps", where="robot = 'robot_pouch'").head(200)
    shut = {"grip": (1.0, 0.0), "release": (0.0, 1.0)}
    seen = set()
    for row in rows.itertuples():
        if row.name not in shut or row.start_s + row.actual_s >= shift.horizon_s:
            continue
        first, last = shut[row.name]
        t = row.start_s + row.actual_s * np.array([0.0, 0.25, 0.5, 1 - 1e-9])
        wanted = first + (last - first) * np.array([0.0, 0.25, 0.5, 1.0])
        np.testing.assert_allclose(motion.grip_share("robot_pouch", t), wanted, atol=1e-6)
        seen.add(row.name)
    assert seen == {"grip", "release"}


def test_gripper_keeps_what_it_did_last(shift: Run) -> None:
    grip = grip_of(shift.plant.robots["robot_pouch"])
    assert grip.from_share[0] == 1.0
    assert (grip.from_share[1:] == grip.to_share[:-1]).all()
    assert set(grip.to_share.tolist()) == {0.0, 1.0}


def test_robot_that_never_worked_is_open(shift: Run) -> None:
    idle = Motion(shift)
    idle.__dict__["occurrences"] = {}
    assert idle.grip_share("robot_pouch", [1.0, 2.0]) == pytest.approx([1.0, 1.0])
