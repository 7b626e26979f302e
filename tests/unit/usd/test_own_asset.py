"""USD files of the user's own as the look of a station."""

from __future__ import annotations

from pathlib import Path

import pytest
from pxr import Gf, Usd, UsdGeom, UsdUtils
from typer.testing import CliRunner

from sim import simulate
from twin.cli import app
from twin.plant.load import load_plant, load_scenario
from twin.usd import validate, write_stage
from twin.usd.own_asset import OwnAsset, own_asset, own_asset_problems

EXAMPLE = Path(__file__).parents[3] / "scenes" / "examples" / "01_one_station.yaml"


def box(path: Path, size: tuple[float, float, float], *, unit: float = 1.0, up: str = "Z") -> Path:
    """A machine in a file: a box that stands on the floor, with a material-less mesh."""
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageMetersPerUnit(stage, unit)
    UsdGeom.SetStageUpAxis(stage, up)
    root = UsdGeom.Xform.Define(stage, "/Machine")
    stage.SetDefaultPrim(root.GetPrim())
    cube = UsdGeom.Cube.Define(stage, "/Machine/Body")
    cube.CreateSizeAttr(1.0)
    high = 2 if up == "Z" else 1
    cube.CreateExtentAttr([(-0.5, -0.5, -0.5), (0.5, 0.5, 0.5)])
    cube.AddTranslateOp().Set(Gf.Vec3d(*(size[k] / 2 if k == high else 0.0 for k in range(3))))
    cube.AddScaleOp().Set(Gf.Vec3f(*size))
    stage.GetRootLayer().Save()
    return path


def plant_with(folder: Path, asset: str) -> Path:
    """The first example, whose station names a file."""
    text = EXAMPLE.read_text("utf-8")
    line = next(row for row in text.splitlines() if row.strip().startswith("size_m:"))
    indent = line[: len(line) - len(line.lstrip())]
    path = folder / "plant.yaml"
    path.write_text(text.replace(line, f"{line}\n{indent}asset: {asset}", 1), "utf-8")
    return path


def test_file_is_relative_to_the_plant(tmp_path: Path) -> None:
    plant = load_plant(plant_with(tmp_path, "./looks/press.usda")).plant
    (station,) = (s for s in plant.stations.values() if s.asset)
    assert station.asset == str((tmp_path / "looks" / "press.usda").resolve())


def test_units_and_up_axis_are_brought_to_metres_and_z(tmp_path: Path) -> None:
    found = own_asset(box(tmp_path / "mm.usda", (2000, 2500, 1000), unit=0.001, up="Y"))
    assert isinstance(found, OwnAsset)
    low, high = found.bounds_m
    assert low == pytest.approx((-1.0, -0.5, 0.0))
    assert high == pytest.approx((1.0, 0.5, 2.5))


@pytest.mark.parametrize("suffix", ["usda", "usdc", "usd"])
def test_stage_shows_a_copy_in_the_size_of_the_file(tmp_path: Path, suffix: str) -> None:
    box(tmp_path / f"inner.{suffix}", (200, 160, 120), unit=0.01, up="Y")
    outer = Usd.Stage.CreateNew(str(tmp_path / f"press.{suffix}"))
    UsdGeom.SetStageMetersPerUnit(outer, 0.01)
    UsdGeom.SetStageUpAxis(outer, "Y")
    prim = outer.DefinePrim("/Press", "Xform")
    outer.SetDefaultPrim(prim)
    prim.GetReferences().AddReference(f"./inner.{suffix}")
    outer.GetRootLayer().Save()
    plant = plant_with(tmp_path, f"./press.{suffix}")
    run = simulate(load_scenario(plant, horizon_s=600, warmup_s=0), tmp_path / "run")
    report = write_stage(run)
    (tmp_path / f"inner.{suffix}").unlink()
    (tmp_path / f"press.{suffix}").unlink()
    assert report.warnings == ()
    assert validate(report.root) == []
    stage = Usd.Stage.Open(str(report.root))
    (shown,) = (p for p in stage.Traverse() if p.GetName() == "Shown")
    cache = UsdGeom.BBoxCache(Usd.TimeCode.Default(), [UsdGeom.Tokens.default_])
    size = cache.ComputeWorldBound(shown).ComputeAlignedRange().GetSize()
    assert sorted(size) == pytest.approx([1.2, 1.6, 2.0], abs=1e-3)
    assert size[2] == pytest.approx(1.6, abs=1e-3)


def test_package_is_shown(tmp_path: Path) -> None:
    source = box(tmp_path / "press.usda", (2.0, 1.0, 2.5))
    package = tmp_path / "press.usdz"
    assert UsdUtils.CreateNewUsdzPackage(str(source), str(package))
    run = load_scenario(plant_with(tmp_path, "./press.usdz"), horizon_s=600, warmup_s=0)
    report = write_stage(simulate(run, tmp_path / "run"))
    assert report.warnings == ()
    assert validate(report.root) == []
    assert any(file.name == "press.usdz" for file in report.files)


def broken(path: Path) -> None:
    path.write_bytes(b"#usda 1.0\ndef Xform {{{ nothing")


def empty(path: Path) -> None:
    path.write_text("#usda 1.0\n", "utf-8")


def hollow(path: Path) -> None:
    stage = Usd.Stage.CreateNew(str(path))
    stage.SetDefaultPrim(stage.DefinePrim("/Machine", "Xform"))
    stage.GetRootLayer().Save()


def dangling(path: Path) -> None:
    stage = Usd.Stage.CreateNew(str(path))
    prim = stage.DefinePrim("/Machine", "Xform")
    stage.SetDefaultPrim(prim)
    prim.GetReferences().AddReference("./nowhere.usda")
    stage.GetRootLayer().Save()


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (None, "there is no such file"),
        (broken, "press.usda"),
        (empty, "is empty"),
        (hollow, "shows nothing"),
        (dangling, "nowhere.usda"),
    ],
)
def test_what_cannot_be_shown_is_a_box_and_is_told(tmp_path: Path, write, said: str) -> None:
    if write is not None:
        write(tmp_path / "press.usda")
    plant = plant_with(tmp_path, "./press.usda")
    (text,) = own_asset_problems(load_plant(plant).plant)
    assert said in text
    run = simulate(load_scenario(plant, horizon_s=600, warmup_s=0), tmp_path / "run")
    done = CliRunner().invoke(app, ["stage", str(run.folder)])
    assert done.exit_code == 0, done.output
    assert "Warning: station" in done.stderr
    assert said in " ".join(done.stderr.split())
    assert validate(run.folder / "stage") == []
    checked = CliRunner().invoke(app, ["check", str(plant)])
    assert checked.exit_code == 0
    assert "Warning: station" in checked.stderr
