"""The gates of OpenUSD and of two public validators, and that the gates can fail."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, Vt

from twin.errors import CelltwinError
from twin.run.run import Run
from twin.usd import StageReport, validate
from twin.usd.workcell import write_workcell

PUBLIC = ("omni_asset_validate", "nvidia_usd_validate")
MODULES = ("omni.asset_validator", "usd_validation_nvidia")
MANY = Path(__file__).parents[2] / "support" / "public_validator.py"


def publicly(tool: str, path: Path) -> tuple[int, str]:
    """Return exit code and output of a public validator."""
    program = Path(sys.executable).parent / tool
    if not program.is_file():
        pytest.skip(f"{tool} is not installed (extra 'test')")
    done = subprocess.run([program, str(path)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def together(module: str, paths: list[Path], *options: str) -> dict[str, list[str]]:
    """Return the findings of a public validator in many files; it starts only once."""
    try:
        there = find_spec(module)
    except ModuleNotFoundError:
        there = None
    if there is None:
        pytest.skip(f"{module} is not installed (extra 'test')")
    command = [sys.executable, str(MANY), module, *options, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("FOUND ")]
    assert len(lines) == 1, done.stdout + done.stderr
    found: dict[str, list[str]] = json.loads(lines[0].removeprefix("FOUND "))
    return found


@pytest.fixture(scope="module")
def ar(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One workcell as a package for AR."""
    return write_workcell(run, "pouch", tmp_path_factory.mktemp("ar") / "pouch.usdz")


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


def components(written: StageReport) -> list[Path]:
    found = sorted((written.root.parent / "assets").glob("*/*.usda"))
    assert len(found) == written.n_assets > 50
    return found


def test_openusd_finds_nothing_in_any_component(written: StageReport) -> None:
    found = {path.stem: validate(path) for path in components(written)}
    assert {name: findings for name, findings in found.items() if findings} == {}


def test_openusd_finds_nothing_in_the_package_for_ar(ar: Path) -> None:
    assert validate(ar) == []


@pytest.mark.thorough
@pytest.mark.parametrize("module", MODULES)
def test_public_validators_find_nothing_in_components_and_ar(
    written: StageReport, ar: Path, module: str
) -> None:
    found = together(module, [*components(written), ar])
    assert len(found) > 50
    assert {path: findings for path, findings in found.items() if findings} == {}


@pytest.mark.timeout(900)
@pytest.mark.thorough
@pytest.mark.parametrize("module", MODULES)
def test_public_validators_find_nothing_in_the_baked_stage(baked: StageReport, module: str) -> None:
    assert together(module, [baked.root], "--no-variants") == {str(baked.root): []}


@pytest.mark.timeout(900)
@pytest.mark.thorough
@pytest.mark.parametrize("module", MODULES)
def test_public_validators_find_nothing_in_the_package(written: StageReport, module: str) -> None:
    assert written.usdz is not None
    assert together(module, [written.usdz], "--no-variants") == {str(written.usdz): []}


@pytest.mark.parametrize("module", MODULES)
def test_public_validators_can_fail_in_one_process(tmp_path: Path, module: str) -> None:
    (findings,) = together(module, [naive(tmp_path / "naive.usda")]).values()
    assert any("Extent" in text for text in findings)
    assert any("StageMetadata" in text for text in findings)


@pytest.mark.timeout(900)
@pytest.mark.thorough
@pytest.mark.parametrize("module", MODULES)
def test_public_validators_find_nothing_in_the_stage(written: StageReport, module: str) -> None:
    """The choices of its variants are left to OpenUSD's validators: here they take minutes."""
    assert together(module, [written.root], "--no-variants") == {str(written.root): []}


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
    clip = Sdf.AssetPath(str(written.root.parent / "clips" / "robots.usdc"))
    prim.SetInfo(
        "clips",
        {
            "default": {
                "active": Vt.Vec2dArray([Gf.Vec2d(0, 0)]),
                "assetPaths": Sdf.AssetPathArray([clip]),
                "manifestAssetPath": clip,
                "primPath": "/robot_pouch",
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
