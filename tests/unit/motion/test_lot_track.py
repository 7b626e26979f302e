"""Where every lot of a real run is: without overlap or gap, and where the log says."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest

from twin.motion.lot_life import lives
from twin.motion.lot_track import BELT, MACHINE, MOVER, PLACE, LotTracks, Spell, lot_tracks
from twin.motion.motion import Motion
from twin.motion.place import hand_over_m, slots_m
from twin.run.run import Run

Lots = dict[int, list[Spell]]


def by_lot(tracks: LotTracks) -> Lots:
    found: Lots = defaultdict(list)
    for spell in tracks.spells:
        found[spell.lot].append(spell)
    return found


@pytest.fixture(scope="module")
def own(lots: LotTracks) -> Lots:
    return by_lot(lots)


@pytest.fixture(scope="module", params=["shift", "pilot_run"])
def whole(request: pytest.FixtureRequest, own: Lots) -> tuple[Run, Lots]:
    """A run and its spells by lot: two hours, and eight with a slow robot."""
    run = request.getfixturevalue(request.param)
    return (run, own) if request.param == "shift" else (run, by_lot(lot_tracks(run)))


def test_spells_of_a_lot_follow_each_other(whole: tuple[Run, Lots]) -> None:
    for spells in whole[1].values():
        assert all(spell.t1_s >= spell.t0_s for spell in spells)
        assert all(a.t1_s <= b.t0_s + 1e-6 for a, b in pairwise(spells))


def test_spells_cover_the_whole_life_of_every_lot(whole: tuple[Run, Lots]) -> None:
    run, spells = whole
    found = lives(run)
    assert len(found) > 2000
    missing = [
        (life.gone_s - life.born_s) - sum(s.t1_s - s.t0_s for s in spells[lot])
        for lot, life in found.items()
    ]
    assert np.abs(missing).max() < 1e-3


def test_spells_are_inside_the_hall(shift: Run, lots: LotTracks) -> None:
    size = np.array(shift.plant.building.size_m)
    seen = [p for s in lots.spells if s.kind != MOVER for p in (s.p0_m, s.p1_m)]
    assert (np.array(seen) >= 0).all()
    assert (np.array(seen) <= size).all()


def test_every_kind_of_spell_occurs(lots: LotTracks) -> None:
    assert {spell.kind for spell in lots.spells} == {PLACE, BELT, MACHINE, MOVER}


def test_cycles_lie_in_a_spell_in_their_machine(shift: Run, own: Lots) -> None:
    cycles = shift.table("cycles", ["lot", "station", "machine", "start_s", "end_s"])
    cycles = cycles[~cycles["station"].isin(list(shift.plant.stores))]
    spans = cycles.groupby(["lot", "machine"], observed=True).agg(
        start=("start_s", "min"), end=("end_s", "max")
    )
    for (lot, machine), start, end in spans.itertuples():
        begin = max(start, 0.0)
        assert any(
            s.where == machine and s.t0_s <= begin + 1e-6 and s.t1_s >= end - 1e-6 for s in own[lot]
        )


def test_carried_lots_are_fetched_and_put_down_where_their_mover_is(
    shift: Run, motion: Motion, own: Lots
) -> None:
    """Vehicles stop within 5 m of a slot; the crane at the very place along its rail."""
    plant, n = shift.plant, 0
    crane = plant.cranes[0].id
    for spells in own.values():
        for before, ride, after in zip(spells, spells[1:], spells[2:], strict=False):
            if ride.kind != MOVER:
                continue
            n += 1
            for t, spell, put in ((ride.t0_s, before, False), (ride.t1_s, after, True)):
                belt = plant.conveyors.get(spell.where)
                point = hand_over_m(belt, put=put) if belt else spell.p0_m
                if ride.where == crane:
                    assert motion.crane_pose(crane, t)[1] == pytest.approx(point[1], abs=1e-6)
                else:
                    at, _ = motion.vehicle_pose(ride.where, t)
                    assert np.hypot(at[0] - point[0], at[1] - point[1]) < 5
    assert n > 100


def test_no_two_lots_lie_in_one_slot(shift: Run, lots: LotTracks) -> None:
    """Nor at one place in a batch machine; other machines hold their lots at one point."""
    plant = shift.plant
    ovens = {m for s in plant.stations.values() if s.kind == "batch" for m in s.machine_ids}
    by_point: dict[tuple[object, ...], list[Spell]] = defaultdict(list)
    for spell in lots.spells:
        if spell.kind == PLACE or spell.where in ovens:
            by_point[spell.where, spell.p0_m].append(spell)
    for spells in by_point.values():
        spells.sort(key=lambda s: (s.t0_s, s.t1_s))
        assert all(a.t1_s <= b.t0_s + 1e-9 for a, b in pairwise(spells))


def test_lots_in_stores_lie_in_the_slot_of_the_log(shift: Run, lots: LotTracks) -> None:
    slots = {name: slots_m(store) for name, store in shift.plant.stores.items()}
    rows = shift.table("levels", where="slot >= 0 AND change > 0")
    logged = {(row.lot, row.place, row.time_s): row.slot for row in rows.itertuples()}
    stored = [s for s in lots.spells if s.where in slots]
    assert len(stored) > 1000
    for spell in stored:
        slot = logged[spell.lot, spell.where, spell.t0_s]
        assert spell.p0_m == tuple(slots[spell.where][slot].tolist())


def test_levels_are_the_lots_in_a_place(shift: Run, lots: LotTracks) -> None:
    places = {*shift.plant.buffers, *shift.plant.conveyors, *shift.plant.stores}
    for t in (0.5, 1234.5, 5000.5):
        levels = shift.state_at(t).levels
        here = [spell.where for spell in lots.at(t)]
        assert {p: here.count(p) for p in places} == {p: levels.get(p, 0) for p in places}


def test_belts_keep_their_lots_apart_at_rest(shift: Run, lots: LotTracks) -> None:
    for belt in shift.plant.conveyors.values():
        path = np.array(belt.path_m)
        pitch = np.linalg.norm(np.diff(path, axis=0), axis=1).sum() / belt.capacity
        for t in np.linspace(10.0, shift.horizon_s - 10, 25).tolist():
            resting = [s.p0_m for s in lots.at(t) if s.where == belt.id and s.p0_m == s.p1_m]
            # across a corner two lots are closer than along the belt
            apart = pitch / np.sqrt(2) - 1e-6
            assert all(np.linalg.norm(np.subtract(a, b)) >= apart for a, b in pairwise(resting))


def test_item_is_that_of_the_place(shift: Run, lots: LotTracks) -> None:
    stocks = [*shift.plant.buffers.values(), *shift.plant.conveyors.values()]
    items = {stock.id: stock.item for stock in stocks}
    assert all(s.item == items[s.where] for s in lots.spells if s.where in items)
    known = {item.id for item in shift.plant.items}
    assert all(s.item in known for s in lots.spells)


def test_scrapped_units_are_gone(shift: Run, own: Lots) -> None:
    """A lot of one unit ends where that unit is scrapped."""
    rows = shift.table("units", where="event = 'scrapped' AND station = 'stack'")
    assert len(rows) > 0
    for row in rows.itertuples():
        assert own[row.lot][-1].where.startswith("stack_")
        assert own[row.lot][-1].t1_s == row.time_s


def test_partly_used_lots_stay(shift: Run, own: Lots) -> None:
    """A magazine stays in its stacker as long as there are sheets in it."""
    rows = shift.table("units", where="event = 'joined'")
    used = rows.groupby("parent")["n"].sum()
    open_ = [lot for lot, n in used.items() if n < 600 and own[lot][0].item == "anode_sheet"]
    stackers = [own[lot][-1] for lot in open_ if own[lot][-1].t1_s == shift.horizon_s]
    assert {spell.where for spell in stackers} == {"stack_1", "stack_2", "stack_3"}


def test_what_is_under_way_at_the_end_is_where_a_longer_run_shows_it(
    cut_short: Run, lots: LotTracks
) -> None:
    """A shorter run is the beginning of a longer one, but its open visits are not logged."""
    t = cut_short.horizon_s - 1e-3
    longer = {spell.lot: (spell.kind, spell.where) for spell in lots.at(t)}
    found = {spell.lot: (spell.kind, spell.where) for spell in lot_tracks(cut_short).at(t)}
    assert found == longer


def test_window_holds_the_spells_that_touch_it(lots: LotTracks) -> None:
    cut = lots.cut(600.0, 660.0)
    assert 0 < len(cut) < len(lots.spells)
    assert all(spell.t1_s > 600 and spell.t0_s < 660 for spell in cut)
    assert set(map(id, lots.at(630.0))) <= set(map(id, cut))
