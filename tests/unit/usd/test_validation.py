"""The gates of OpenUSD and of two public validators, and that the gates can fail."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, Vt

from twin.errors import CelltwinError
from twin.usd import StageReport, validate

PUBLIC = ("omni_asset_validate", "nvidia_usd_validate")


def publicly(tool: str, path: Path) -> tuple[int, str]:
    """Return exit code and output of a public validator."""
    program = Path(sys.executable).parent / tool
    if not program.is_file():
        pytest.skip(f"{tool} is not installed (extra 'test')")
    done = subprocess.run([program, str(path)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def naive(path: Path) -> Path:
    """What a first exporter writes: no units, no default prim, no extents, subdivided boxes."""
    stage = Usd.Stage.CreateNew(str(path))
    for k in range(3):
        mesh = UsdGeom.Mesh.Define(stage, f"/thing_{k}")
        mesh.GetPointsAttr().Set([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)])
        mesh.GetFaceVertexCountsAttr().Set([4])
        mesh.GetFaceVertexIndicesAttr().Set([0, 1, 2, 3])
        mesh.AddTranslateOp().Set(Gf.Vec3d(k, 0, 0))
    stage.Save()
    return path


def test_openusd_finds_nothing(written: StageReport, baked: StageReport) -> None:
    assert validate(written.root) == []
    assert validate(baked.root.parent) == []


def test_openusd_finds_nothing_in_the_package(written: StageReport) -> None:
    assert written.usdz is not None
    assert validate(written.usdz) == []


@pytest.mark.parametrize("name", ["stacker", "kuka_kr10_r1420", "agv", "hall", "tray", "worker"])
def test_openusd_finds_nothing_in_a_component(written: StageReport, name: str) -> None:
    assert validate(written.root.parent / "assets" / name / f"{name}.usda") == []


@pytest.mark.parametrize("tool", PUBLIC)
def test_public_validators_find_nothing(written: StageReport, tool: str) -> None:
    code, text = publicly(tool, written.root)
    assert code == 0, text
    assert not re.search(r"(WARNING|ERROR|FAIL)\S*:", text), text


@pytest.mark.parametrize("tool", PUBLIC)
def test_public_validators_can_fail(tmp_path: Path, tool: str) -> None:
    code, _ = publicly(tool, naive(tmp_path / "naive.usda"))
    assert code != 0


def test_openusd_finds_what_is_wrong_with_a_naive_stage(tmp_path: Path) -> None:
    found = validate(naive(tmp_path / "naive.usda"))
    assert any("efaultPrim" in text for text in found)
    assert any("thing_" in text or "etersPerUnit" in text for text in found)


def test_broken_clips_are_found(written: StageReport, tmp_path: Path) -> None:
    layer = Sdf.Layer.CreateNew(str(tmp_path / "clips.usda"))
    prim = Sdf.CreatePrimInLayer(layer, "/Robot")
    prim.specifier, prim.typeName = Sdf.SpecifierDef, "Xform"
    times = Vt.Vec2dArray([Gf.Vec2d(1, 0), Gf.Vec2d(1, 1), Gf.Vec2d(1, 2)])
    clip = Sdf.AssetPath(str(written.root.parent / "clips" / "robot_pouch.usdc"))
    prim.SetInfo(
        "clips",
        {
            "default": {
                "active": Vt.Vec2dArray([Gf.Vec2d(0, 0)]),
                "assetPaths": Sdf.AssetPathArray([clip]),
                "manifestAssetPath": clip,
                "primPath": "/Robot",
                "times": times,
            }
        },
    )
    layer.Save()
    assert any("same stage time" in text for text in validate(tmp_path / "clips.usda"))


def test_missing_stage_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CelltwinError, match="no USD stage"):
        validate(tmp_path)


def test_schema_can_be_registered(written: StageReport) -> None:
    text = (
        "from pxr import Plug, Usd; import sys; "
        "Plug.Registry().RegisterPlugins(sys.argv[1]); "
        "d = Usd.SchemaRegistry().FindAppliedAPIPrimDefinition('TwinKpiAPI'); "
        "print(sorted(d.GetPropertyNames()))"
    )
    folder = str(written.root.parent / "schema")
    done = subprocess.run(
        [sys.executable, "-c", text, folder], capture_output=True, text=True, check=True
    )
    assert "twin:kpi:state" in done.stdout


def test_written_values_are_those_of_the_schema(stage: Usd.Stage, written: StageReport) -> None:
    schema = Sdf.Layer.FindOrOpen(str(written.root.parent / "schema" / "generatedSchema.usda"))
    known = {a.name: str(a.typeName) for a in schema.GetPrimAtPath("/TwinKpiAPI").attributes}
    seen = set()
    for prim in stage.Traverse():
        for attribute in prim.GetPropertiesInNamespace("twin:kpi"):
            assert known[attribute.GetName()] == str(attribute.GetTypeName())
            assert "TwinKpiAPI" in prim.GetPrimTypeInfo().GetAppliedAPISchemas()
            seen.add(attribute.GetName())
    assert seen == set(known)
