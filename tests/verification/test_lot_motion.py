"""Lots of a line whose rolls and sheets are recorded lot by lot are somewhere at any time."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sim import simulate
from twin.motion.lot_life import lives
from twin.motion.lot_track import MACHINE, MOVER, Spell, lot_tracks
from twin.plant.load import load_scenario
from twin.run.run import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("line")
    return simulate(load_scenario("line_3gwh", horizon_s=3600.0), folder / "run")


@pytest.fixture(scope="module")
def own(run: Run) -> dict[int, list[Spell]]:
    found: dict[int, list[Spell]] = {}
    for spell in lot_tracks(run).spells:
        found.setdefault(spell.lot, []).append(spell)
    return found


def test_spells_of_a_lot_follow_each_other(own: dict[int, list[Spell]]) -> None:
    for spells in own.values():
        assert all(a.t1_s <= b.t0_s + 1e-6 for a, b in pairwise(spells))


def test_spells_cover_the_whole_life_of_every_lot(run: Run, own: dict[int, list[Spell]]) -> None:
    missing = {
        lot: (life.gone_s - life.born_s) - sum(s.t1_s - s.t0_s for s in own.get(lot, []))
        for lot, life in lives(run).items()
    }
    assert len(missing) > 20_000
    assert max(abs(gap) for gap in missing.values()) < 1e-3


def test_spells_are_inside_the_hall(run: Run, own: dict[int, list[Spell]]) -> None:
    seen = np.array([s.p0_m for spells in own.values() for s in spells if s.kind != MOVER])
    assert (seen >= 0).all()
    assert (seen <= np.array(run.plant.building.size_m)).all()


def test_rolls_are_at_their_machines(run: Run, own: dict[int, list[Spell]]) -> None:
    """A roll that a notcher cuts is there while its magazines are made."""
    rows = run.sql(
        "SELECT lot, machine, min(start_s) AS begin, max(end_s) AS end FROM cycles"
        " WHERE station IN ('notch_cathode_l1', 'calender_anode_l1', 'slit_anode_l1')"
        " GROUP BY lot, machine"
    )
    assert len(rows) > 5
    for lot, machine, begin, end in rows.itertuples(index=False):
        assert any(
            s.kind == MACHINE and s.where == machine and s.t0_s <= begin + 1e-6
            and s.t1_s >= end - 1e-6
            for s in own[lot]
        )  # fmt: skip
