"""Heat maps and state colours: off until they are chosen."""

from __future__ import annotations

import numpy as np
import pytest
from pxr import Usd, UsdGeom, UsdShade, UsdValidation

from twin.palette import STATE_PAINT, linear_rgb
from twin.run.run import Run
from twin.usd import StageReport
from twin.usd.heat import mean_level
from twin.usd.heat_map import ABOVE_M, N_COLOURS, SCALE, scale_colour, step_of
from twin.usd.path import Paths
from twin.usd.span import CODES_PER_S, Span


def chosen(written: StageReport, **variants: str) -> Usd.Stage:
    stage = Usd.Stage.Open(str(written.root))
    for name, variant in variants.items():
        assert stage.GetDefaultPrim().GetVariantSet(name).SetVariantSelection(variant)
    return stage


def test_both_are_off_by_default(stage: Usd.Stage) -> None:
    sets = stage.GetDefaultPrim().GetVariantSets()
    assert sets.GetVariantSelection("heat_map") == "none"
    assert sets.GetVariantSelection("state_colours") == "off"
    assert not stage.GetPrimAtPath("/Plant/HeatMap")
    assert not stage.GetPrimAtPath("/Plant/StateColours")


@pytest.mark.parametrize("variant", ["utilisation", "wip", "loss"])
def test_map_has_tiles_in_the_colour_of_their_value(
    written: StageReport, run: Run, variant: str
) -> None:
    opened = chosen(written, heat_map=variant)
    tiles = opened.GetPrimAtPath("/Plant/HeatMap/Tiles").GetChildren()
    assert len(tiles) > 15
    for tile in tiles:
        value = tile.GetAttribute("twin:heat:value").Get()
        assert 0 <= value <= 1
        material, _ = UsdShade.MaterialBindingAPI(tile).ComputeBoundMaterial()
        colour = material.ComputeSurfaceSource()[0].GetInput("diffuseColor").Get()
        middle = (step_of(value) + 0.5) / N_COLOURS
        assert tuple(colour) == pytest.approx(linear_rgb(scale_colour(middle)), abs=1e-6)
    assert tiles[0].GetAttribute("twin:id").Get()
    assert len(opened.GetPrimAtPath("/Plant/HeatMap/Legend").GetChildren()) == N_COLOURS + 6


def test_a_tile_lies_under_a_machine_and_one_hovers_above_it(
    written: StageReport, run: Run
) -> None:
    opened = chosen(written, heat_map="utilisation")
    station = run.plant.stations["stack"]
    tile = UsdGeom.Mesh(opened.GetPrimAtPath("/Plant/HeatMap/Tiles/stack_1"))
    heights = np.array(tile.GetPointsAttr().Get())[:, 2]
    assert heights.min() == pytest.approx(0.025)
    lid = station.size_m[2] + ABOVE_M
    assert lid - 0.1 < heights.max() < lid + 0.1
    assert not ((heights > 0.1) & (heights < station.size_m[2])).any(), "nothing in the machine"


def test_utilisation_is_the_share_of_time_at_work(written: StageReport, run: Run) -> None:
    opened = chosen(written, heat_map="utilisation")
    for machine in ("stack_1", "robot_pouch", "notch_anode"):
        rows = run.table("states", where=f"resource = '{machine}'")
        busy = rows[rows["state"].isin(["working", "setup"])]
        exact = (busy["end_s"] - busy["start_s"]).sum() / run.horizon_s
        tile = opened.GetPrimAtPath(f"/Plant/HeatMap/Tiles/{machine}")
        assert tile.GetAttribute("twin:heat:value").Get() == pytest.approx(exact, abs=1e-5)


def test_wip_is_the_mean_level_over_the_capacity(written: StageReport, run: Run) -> None:
    opened = chosen(written, heat_map="wip")
    place = "stack_cathode"
    times = (np.arange(9000) + 0.5) / 10
    rows = run.table("levels", where=f"place = '{place}'")
    index = np.searchsorted(rows["time_s"], times, side="right") - 1
    exact = rows["level"].to_numpy()[index].mean() / run.plant.buffers[place].capacity
    tile = opened.GetPrimAtPath(f"/Plant/HeatMap/Tiles/{place}")
    assert tile.GetAttribute("twin:heat:value").Get() == pytest.approx(exact, abs=0.002)


def test_mean_level_weighs_by_time() -> None:
    time, level = np.array([0.0, 4.0, 8.0]), np.array([2.0, 6.0, 0.0])
    assert mean_level(time, level, Span(0, 10)) == pytest.approx((4 * 2 + 4 * 6) / 10)
    assert mean_level(time, level, Span(6, 10)) == pytest.approx(3.0)


def test_scale_goes_from_dark_to_light() -> None:
    assert scale_colour(0) == SCALE[0]
    assert scale_colour(1) == SCALE[-1]
    luminance = [
        float(np.dot(linear_rgb(scale_colour(v)), (0.2126, 0.7152, 0.0722)))
        for v in np.linspace(0, 1, 30)
    ]
    assert luminance == sorted(luminance)
    assert (step_of(-1), step_of(0), step_of(1), step_of(2)) == (0, 0, N_COLOURS - 1, N_COLOURS - 1)


def test_machines_are_painted_by_state(written: StageReport, run: Run, paths: Paths) -> None:
    opened = chosen(written, state_colours="on")
    seen = set()
    for resource in ("stack_1", "notch_anode", "robot_pouch", "amr_1", "stacker_crane"):
        path = paths.things[resource]
        meshes = [
            prim
            for prim in Usd.PrimRange(opened.GetPrimAtPath(path), Usd.TraverseInstanceProxies())
            if prim.IsA(UsdGeom.Mesh)
        ]
        assert meshes
        for mesh in meshes:
            material, _ = UsdShade.MaterialBindingAPI(mesh).ComputeBoundMaterial()
            assert str(material.GetPath()) == f"/Plant/StateColours/{resource}"
        colour = material.ComputeSurfaceSource()[0].GetInput("diffuseColor")
        for t_s in np.random.default_rng(2).uniform(0, run.horizon_s, 20).tolist():
            state = run.state_at(t_s).states[resource][0]
            wanted = linear_rgb(STATE_PAINT[state])
            assert tuple(colour.Get(t_s * CODES_PER_S)) == pytest.approx(wanted, abs=1e-6)
            seen.add(state)
    assert len(seen) > 3


@pytest.mark.parametrize("variant", ["utilisation", "wip", "loss"])
def test_openusd_finds_nothing_with_all_of_it_on(written: StageReport, variant: str) -> None:
    opened = chosen(written, heat_map=variant, state_colours="on")
    known = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    assert UsdValidation.ValidationContext(known).Validate(opened) == []
    assert opened.GetCompositionErrors() == []
