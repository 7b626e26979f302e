from __future__ import annotations

import filecmp
import shutil
from pathlib import Path

import pytest
from pxr import Kind, Sdf, Usd, UsdGeom, UsdShade

from twin.run.run import Run
from twin.usd import StageReport, plant_part, run_part, write_stage
from twin.usd.path import LINES, Paths
from twin.usd.span import CODES_PER_S

MAX_TEXT_BYTES = 100_000


def layers(folder: Path) -> list[Path]:
    return sorted([*folder.rglob("*.usda"), *folder.rglob("*.usdc")])


def test_hierarchy_is_the_plants(stage: Usd.Stage, run: Run) -> None:
    lines = stage.GetPrimAtPath(LINES)
    assert [p.GetName() for p in lines.GetChildren()] == [line.id for line in run.plant.lines]
    for line in run.plant.lines:
        workcells = lines.GetChild(line.id).GetChildren()
        assert [p.GetName() for p in workcells] == [w.id for w in line.workcells]
        for prim, workcell in zip(workcells, line.workcells, strict=True):
            things = [*workcell.stations, *workcell.robots, *workcell.buffers, *workcell.conveyors]
            assert {p.GetName() for p in prim.GetChildren()} == {thing.id for thing in things}
            for station in workcell.stations:
                if station.machines > 1:
                    below = prim.GetChild(station.id).GetChildren()
                    assert [p.GetName() for p in below] == list(station.machine_ids)


def test_every_id_of_the_plant_is_on_its_prim(stage: Usd.Stage, paths: Paths) -> None:
    for id_, path in {**paths.things, **paths.workcells}.items():
        assert stage.GetPrimAtPath(path).GetAttribute("twin:id").Get() == id_


def test_labels_are_display_names(stage: Usd.Stage, run: Run, paths: Paths) -> None:
    for workcell in run.plant.workcells():
        prim = stage.GetPrimAtPath(paths.workcells[workcell.id])
        assert prim.GetDisplayName() == workcell.label


def test_model_kinds_are_contiguous(stage: Usd.Stage, run: Run, paths: Paths) -> None:
    for machine in (*run.plant.robots, "stack_2", "notch_anode"):
        prim = stage.GetPrimAtPath(paths.things[machine])
        assert Usd.ModelAPI(prim).GetKind() == Kind.Tokens.component
        parent = prim.GetParent()
        while not parent.IsPseudoRoot():
            assert Usd.ModelAPI(parent).IsGroup()
            parent = parent.GetParent()


def test_machines_stand_where_the_plant_says(stage: Usd.Stage, run: Run, paths: Paths) -> None:
    for station in run.plant.stations.values():
        for k, machine in enumerate(station.machine_ids):
            prim = UsdGeom.Xformable(stage.GetPrimAtPath(paths.things[machine]))
            matrix = prim.ComputeLocalToWorldTransform(Usd.TimeCode(0))
            at = station.machine_position_m(k)
            assert tuple(matrix.ExtractTranslation()) == pytest.approx(at, abs=1e-6)


def test_asset_info_names_every_component(stage: Usd.Stage, paths: Paths) -> None:
    info = Usd.ModelAPI(stage.GetPrimAtPath(paths.things["stack_1"])).GetAssetInfo()
    assert info["name"] == "stacker"
    assert info["version"]


def test_stage_opens_without_composition_errors(stage: Usd.Stage, run: Run) -> None:
    assert stage.GetCompositionErrors() == []
    assert str(stage.GetDefaultPrim().GetPath()) == "/Plant"
    assert (stage.GetStartTimeCode(), stage.GetEndTimeCode()) == (0, run.horizon_s * CODES_PER_S)


def test_every_layer_has_units_axis_and_time(written: StageReport) -> None:
    for path in layers(written.root.parent):
        layer = Sdf.Layer.FindOrOpen(str(path))
        if path.parent.name == "schema":
            continue
        info = layer.pseudoRoot
        assert (info.GetInfo("upAxis"), info.GetInfo("metersPerUnit")) == ("Z", 1.0), path
        assert layer.timeCodesPerSecond == CODES_PER_S == layer.framesPerSecond, path
        assert layer.defaultPrim, path
        assert layer.HasStartTimeCode(), path
        assert layer.HasEndTimeCode(), path


def test_text_layers_are_small_and_hold_no_samples(written: StageReport) -> None:
    for path in written.root.parent.rglob("*.usda"):
        layer = Sdf.Layer.FindOrOpen(str(path))
        assert path.stat().st_size < MAX_TEXT_BYTES, path
        assert not layer.ListAllTimeSamples(), path


def test_layers_hold_no_path_of_this_machine(written: StageReport) -> None:
    folder = written.root.parent
    for path in layers(folder):
        layer = Sdf.Layer.FindOrOpen(str(path))
        for used in layer.GetCompositionAssetDependencies():
            assert not used or used.startswith("."), (path, used)
        assert str(folder.parent) not in layer.ExportToString()


def test_sublayers_are_ordered_from_strong_to_weak(stage: Usd.Stage) -> None:
    assert stage.GetRootLayer().subLayerPaths == ["./run.usda", "./plant.usda"]
    used = [
        Path(layer.identifier).name for layer in stage.GetLayerStack(includeSessionLayers=False)
    ]
    parts = ["run.usda", *run_part.LAYERS, "plant.usda", *plant_part.LAYERS]
    assert used == ["root.usda", *(Path(part).name for part in parts)]


def test_every_mesh_has_a_preview_surface_with_a_plain_colour(stage: Usd.Stage) -> None:
    seen = 0
    for prototype in stage.GetPrototypes():
        for prim in Usd.PrimRange(prototype):
            if prim.IsA(UsdGeom.Mesh):
                material, _ = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()
                shader = material.ComputeSurfaceSource()[0]
                assert shader.GetShaderId() == "UsdPreviewSurface"
                colour = shader.GetInput("diffuseColor")
                assert colour.Get() is not None
                assert not colour.HasConnectedSource()
                seen += 1
    assert seen > 100


def test_links_and_machines_share_prototypes(stage: Usd.Stage, paths: Paths) -> None:
    def prototype(path: str) -> Sdf.Path:
        return stage.GetPrimAtPath(path).GetPrototype().GetPath()

    look = [prototype(f"{paths.things[m]}/Look") for m in ("stack_1", "stack_2", "stack_3")]
    assert len(set(look)) == 1
    arms = [prototype(f"{paths.things[r]}/Link0/Link1/Look") for r in ("robot_stack", "robot_tray")]
    assert arms[0] == arms[1]


def test_writing_twice_gives_the_same_bytes(run: Run, written: StageReport, tmp_path: Path) -> None:
    again = write_stage(run, tmp_path / "again", usdz=True)
    assert again.files == written.files
    pair = (written.root.parent, again.root.parent)
    same, different, failed = filecmp.cmpfiles(*pair, [str(f) for f in again.files], shallow=False)
    assert (different, failed) == ([], [])
    assert len(same) == len(again.files)


def test_stage_can_be_moved(written: StageReport, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(written.root.parent, moved)
    opened = Usd.Stage.Open(str(moved / "root.usda"))
    assert opened.GetCompositionErrors() == []
    robot = opened.GetPrimAtPath("/Plant/Lines/line_1/pouch/robot_pouch/Link0/Link1")
    values = {robot.GetAttribute("xformOp:rotateXYZ").Get(t * 24.0) for t in range(0, 900, 7)}
    assert len(values) > 10


def test_report_counts_what_is_there(written: StageReport) -> None:
    folder = written.root.parent
    packed = folder / "stage.usdz"
    files = [p for p in folder.rglob("*") if p.is_file()]
    assert len(written.files) == len(files)
    assert written.bytes == sum(p.stat().st_size for p in files if p != packed)
    assert written.usdz == packed
    assert written.n_prims > 100
    assert written.n_assets > 50
    assert written.seconds > 0


def test_package_opens_and_moves_like_the_stage(written: StageReport, stage: Usd.Stage) -> None:
    packed = Usd.Stage.Open(str(written.usdz))
    for path in ("/Plant/Lines/line_1/pouch/robot_pouch/Link0/Link1", "/Plant/Vehicles/amr_1"):
        for code in (2400.0, 9000.5, 20000.25):
            here, there = (
                UsdGeom.Xformable(s.GetPrimAtPath(path)).ComputeLocalToWorldTransform(code)
                for s in (stage, packed)
            )
            assert here == there


def test_progress_reaches_its_total(run: Run, tmp_path: Path) -> None:
    seen: list[tuple[float, float]] = []
    window = (0.0, 10.0)
    write_stage(run, tmp_path / "s", window=window, progress=lambda *step: seen.append(step))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == seen[-1][1]


def test_default_folder_is_inside_the_run(run: Run, tmp_path: Path) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(run.folder, copied)
    report = write_stage(Run.open(copied), window=(0.0, 10.0))
    assert report.root == copied / "stage" / "root.usda"


def test_clips_of_all_robots_are_one_layer(written: StageReport, run: Run) -> None:
    (clips,) = (written.root.parent / "clips").iterdir()
    layer = Sdf.Layer.FindOrOpen(str(clips))
    moved = set(run.table("substeps", ["robot"])["robot"])
    assert moved
    assert {prim.name for prim in layer.rootPrims} == moved
