from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from pxr import Usd, UsdGeom

from sim import simulate
from tests.support.plants import everything, scenario
from twin.motion.lot_track import LotTracks, Spell, lot_tracks
from twin.motion.motion import Motion
from twin.run.run import Run
from twin.usd import write_stage
from twin.usd.gripped import carrying
from twin.usd.joint import chain
from twin.usd.path import FLOW, Paths
from twin.usd.span import CODES_PER_S, Span

TIMES_S = (0.0, 33.3, 250.1, 444.4, 612.7, 899.0)


@pytest.fixture(scope="module")
def tracks(run: Run) -> LotTracks:
    return lot_tracks(run)


def instancers(stage: Usd.Stage) -> list[UsdGeom.PointInstancer]:
    every = (UsdGeom.PointInstancer(p) for p in stage.Traverse() if p.IsA(UsdGeom.PointInstancer))
    return [one for one in every if one.GetPrim().HasAttribute("twin:lots")]


def lots_at(one: UsdGeom.PointInstancer, t_s: float) -> dict[int, int]:
    """Visible slots of an instancer with the lots in them."""
    code = Usd.TimeCode(t_s * CODES_PER_S)
    lots = one.GetPrim().GetAttribute("twin:lots").Get(code)
    hidden = set(one.GetInvisibleIdsAttr().Get(code))
    shown = {slot: lot for slot, lot in enumerate(lots) if slot not in hidden}
    assert all(lots[slot] == -1 for slot in hidden)
    assert -1 not in shown.values()
    return shown


def there(tracks: LotTracks, run: Run, t_s: float) -> list[Spell]:
    items = run.plant.item_by_id
    return [s for s in tracks.at(t_s) if s.item in items and s.t1_s > s.t0_s]


@pytest.mark.parametrize("t_s", TIMES_S)
def test_visible_lots_are_those_of_the_tracks(
    stage: Usd.Stage, run: Run, tracks: LotTracks, t_s: float
) -> None:
    seen = Counter(lot for one in instancers(stage) for lot in lots_at(one, t_s).values())
    assert seen == Counter(spell.lot for spell in there(tracks, run, t_s))
    assert len(seen) > 100


@pytest.mark.parametrize("t_s", TIMES_S)
def test_lots_are_where_the_tracks_say(
    stage: Usd.Stage, run: Run, tracks: LotTracks, t_s: float
) -> None:
    code, checked = Usd.TimeCode(t_s * CODES_PER_S), Counter[str]()
    by_place = {one.GetPrim().GetName(): one for one in instancers(stage)}
    for spell in there(tracks, run, t_s):
        if spell.kind == "mover" or spell.where in run.plant.stores:
            continue
        one = by_place[spell.where]
        slots = [slot for slot, lot in lots_at(one, t_s).items() if lot == spell.lot]
        share = (t_s - spell.t0_s) / (spell.t1_s - spell.t0_s)
        exact = np.array(spell.p0_m) * (1 - share) + np.array(spell.p1_m) * share
        points = [np.array(one.GetPositionsAttr().Get(code)[slot]) for slot in slots]
        assert min(np.linalg.norm(point - exact) for point in points) <= 0.001
        checked[spell.kind] += 1
    assert {"place", "belt", "machine"} <= set(checked)


def test_stored_trays_stand_in_their_slots(stage: Usd.Stage, run: Run, tracks: LotTracks) -> None:
    half = run.plant.item_by_id["cell_tray"].size_m[2] / 2
    one = UsdGeom.PointInstancer(stage.GetPrimAtPath(f"{FLOW}/soak"))
    points = {tuple(np.round(p, 3)) for p in np.array(one.GetPositionsAttr().Get(0))}
    spells = [s for s in tracks.spells if s.where == "soak"]
    assert spells
    for spell in spells:
        x, y, z = spell.p0_m
        assert tuple(np.round(np.float32([x, y, z - half]), 3)) in points


def test_loads_ride_on_vehicles(stage: Usd.Stage, run: Run, paths: Paths) -> None:
    fleet = run.plant.fleets[0]
    loads = [f"{paths.things[v]}/Load" for v in fleet.vehicle_ids]
    found = [UsdGeom.PointInstancer(stage.GetPrimAtPath(p)) for p in loads]
    found = [one for one in found if one]
    assert found
    for one in found:
        assert np.allclose(np.array(one.GetPositionsAttr().Get())[:, 2], fleet.size_m[2])
        assert one.GetInvisibleIdsAttr().GetNumTimeSamples() > 1


def test_instancers_have_stable_ids_and_prototypes(stage: Usd.Stage) -> None:
    for one in instancers(stage):
        ids = list(one.GetIdsAttr().Get())
        assert ids == list(range(len(ids)))
        assert max(one.GetProtoIndicesAttr().Get()) < len(one.GetPrototypesRel().GetTargets())
        assert len(one.GetOrientationsAttr().Get()) == len(ids)


def test_slots_are_pooled(stage: Usd.Stage, run: Run) -> None:
    one = UsdGeom.PointInstancer(stage.GetPrimAtPath(f"{FLOW}/conv_weld_in"))
    lots = run.sql("SELECT count(DISTINCT lot) AS n FROM levels WHERE place = 'conv_weld_in'")
    assert len(one.GetIdsAttr().Get()) < int(lots["n"][0]) / 3


def test_robot_holds_a_part_between_grip_and_release(
    stage: Usd.Stage, motion: Motion, run: Run, paths: Paths
) -> None:
    robot, done = run.plant.robots["robot_pouch"], motion.occurrences["robot_pouch"]
    path = f"{paths.things['robot_pouch']}/{chain()[6]}/Tip/Load"
    one = UsdGeom.PointInstancer(stage.GetPrimAtPath(path))
    names = np.array([step.name for step in robot.program.steps])[done.step]
    for name, held in (("transfer", True), ("lower", True), ("return", False), ("descend", False)):
        for k in np.flatnonzero(names == name)[:5]:
            middle = (done.start_s[k] + done.end_s[k]) / 2 * CODES_PER_S
            assert (not len(one.GetInvisibleIdsAttr().Get(middle))) == held


def test_part_hangs_below_the_tip(stage: Usd.Stage, motion: Motion, paths: Paths) -> None:
    done = motion.occurrences["robot_pouch"]
    code = Usd.TimeCode(float(done.start_s[0]) * CODES_PER_S)
    path = f"{paths.things['robot_pouch']}/{chain()[6]}/Tip"
    tip = UsdGeom.Xformable(stage.GetPrimAtPath(path)).ComputeLocalToWorldTransform(code)
    one = UsdGeom.PointInstancer(stage.GetPrimAtPath(f"{path}/Load"))
    matrices = one.ComputeInstanceTransformsAtTime(
        code, code, UsdGeom.PointInstancer.IncludeProtoXform, UsdGeom.PointInstancer.IgnoreMask
    )
    placed = np.array(matrices[0] * tip)
    assert placed[2, :3] == pytest.approx([0, 0, 1], abs=0.01)
    assert placed[3, 2] < np.array(tip)[3, 2]


def test_carrying_knows_what_is_held_when_a_window_begins(motion: Motion, run: Run) -> None:
    robot, done = run.plant.robots["robot_pouch"], motion.occurrences["robot_pouch"]
    names = np.array([step.name for step in robot.program.steps])[done.step]
    k = int(np.flatnonzero(names == "transfer")[3])
    middle = float((done.start_s[k] + done.end_s[k]) / 2)
    times, carries = carrying(robot, done, Span(middle, middle + 60))
    assert times[0] == middle
    assert carries[:2] == [True, False]


def test_what_changes_in_a_pool_is_seen_by_readers_that_look_for_moving_positions(
    stage: Usd.Stage,
) -> None:
    changing = [i for i in instancers(stage) if i.GetInvisibleIdsAttr().GetNumTimeSamples() > 1]
    assert len(changing) > 5
    for one in changing:
        assert one.GetPositionsAttr().GetNumTimeSamples() >= 2, one.GetPath()


def test_nothing_lies_in_a_buffer_without_room(tmp_path: Path) -> None:
    """It has no slots; the lots are in the machines before and behind it all the time."""
    plant = everything(coupled=("cells", "good"))
    made = simulate(scenario(plant, 300.0, initial="steady"), tmp_path / "run")
    report = write_stage(made, tmp_path / "stage")
    stage = Usd.Stage.Open(str(tmp_path / "stage" / report.root.name))
    drawn = {str(one.GetPath()).rpartition("/")[2] for one in instancers(stage)}
    assert {"trays", "test_1", "pack"} <= drawn
    assert drawn.isdisjoint({"cells", "good"})
