from __future__ import annotations

import numpy as np
import pytest

from twin.motion.fork import reach_m
from twin.motion.motion import Motion
from twin.motion.place import slot_m
from twin.plant.transport import Crane
from twin.run.run import Run

CRANE = Crane(
    id="c", rail_m=((0, 0), (0, 10)), reach_m=2.0, height_m=5, speed_mps=1, lift_mps=1,
    acceleration_mps2=1, lift_acceleration_mps2=1, fork_s=4,
)  # fmt: skip


def test_reach_is_positive_to_the_left_and_limited() -> None:
    assert reach_m(CRANE, (-1.5, 3, 0)) == pytest.approx(1.5)
    assert reach_m(CRANE, (1.25, 3, 0)) == pytest.approx(-1.25)
    assert reach_m(CRANE, (9.0, 3, 0)) == -2.0


def test_forks_reach_the_slot_in_the_middle_of_unloading(shift: Run, motion: Motion) -> None:
    (crane,) = shift.plant.cranes
    rows = shift.table("states", where=f"resource = '{crane.id}' AND state = 'unloading'")
    levels = shift.table("levels", where="slot >= 0 AND change = 1")
    checked = 0
    for row in rows.itertuples():
        came = levels[np.abs(levels["time_s"] - row.end_s) < 1e-6]
        if len(came) == 0:
            continue
        place, slot = str(came["place"].iloc[0]), int(came["slot"].iloc[0])
        exact = reach_m(crane, slot_m(shift.plant.stores[place], slot))
        middle = (row.start_s + row.end_s) / 2
        assert abs(exact) > 0.5
        assert motion.fork_m(crane.id, middle) == pytest.approx(exact, abs=1e-9)
        quarter = motion.fork_m(crane.id, (row.start_s + middle) / 2)
        assert quarter == pytest.approx(exact / 2, abs=1e-9)
        load = motion.forks[crane.id].load_m
        assert load.at([middle, row.end_s - 1e-9]) == pytest.approx([exact, exact], abs=1e-6)
        checked += 1
    assert checked > 20


def test_forks_are_in_while_the_crane_drives(shift: Run, motion: Motion) -> None:
    (crane,) = shift.plant.cranes
    rows = shift.table("moves", where=f"mover = '{crane.id}'")
    t = np.concatenate([np.linspace(r.start_s, r.end_s, 5) for r in rows.itertuples()])
    assert len(t) > 100
    assert np.abs(motion.fork_m(crane.id, t)).max() < 1e-6
