"""Several runs in one stage: over one plant, and as variants."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from pxr import Sdf, Usd

from sim import simulate
from twin.errors import CelltwinError
from twin.plant.load import load_scenario
from twin.run.run import Run
from twin.usd import StageReport, add_run, validate, write_comparison, write_stage
from twin.usd.several import variant_names
from twin.usd.span import CODES_PER_S

JOINT = "/Plant/Lines/line_1/pouch/robot_pouch/Link0/Link1.xformOp:rotateXYZ"
STATE = "/Plant/Lines/line_1/pouch/robot_pouch.twin:kpi:state"
TIMES_S = (630.0, 661.5, 680.0, 700.25)
WINDOW = (600.0, 720.0)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Another run of the same plant, named with a dash."""
    scenario = load_scenario("pilot_shift", horizon_s=900.0, seed=5)
    return simulate(scenario, tmp_path_factory.mktemp("other") / "seed-5")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of another plant."""
    scenario = load_scenario("starter", horizon_s=900.0)
    return simulate(scenario, tmp_path_factory.mktemp("elsewhere") / "starter")


@pytest.fixture(scope="module")
def base(run: Run, tmp_path_factory: pytest.TempPathFactory) -> StageReport:
    return write_stage(run, tmp_path_factory.mktemp("several") / "stage", window=WINDOW)


@pytest.fixture(scope="module")
def compared(run: Run, other: Run, tmp_path_factory: pytest.TempPathFactory) -> StageReport:
    out = tmp_path_factory.mktemp("compared") / "stage"
    return write_comparison([run, other], out, window=WINDOW, usdz=True)


def poses(stage: Usd.Stage) -> np.ndarray:
    joint = stage.GetAttributeAtPath(JOINT)
    return np.array([joint.Get(t * CODES_PER_S) for t in TIMES_S])


def alone(run: Run, folder: Path) -> Usd.Stage:
    return Usd.Stage.Open(str(write_stage(run, folder, window=WINDOW).root))


def text_of(layer: Path) -> str:
    return str(Sdf.Layer.FindOrOpen(str(layer)).ExportToString())


def test_run_over_a_stage_shows_that_run(base: StageReport, other: Run, tmp_path: Path) -> None:
    stage = tmp_path / "copy"
    shutil.copytree(base.root.parent, stage)
    before = {p: p.read_bytes() for p in stage.rglob("*") if p.is_file()}
    added = add_run(other, stage)
    assert added.root == stage / "runs" / "seed_5" / "root.usda"
    assert all(path.read_bytes() == content for path, content in before.items())
    opened, wanted = Usd.Stage.Open(str(added.root)), alone(other, tmp_path / "alone")
    assert opened.GetCompositionErrors() == []
    assert poses(opened).tolist() == poses(wanted).tolist()
    assert poses(opened).tolist() != poses(Usd.Stage.Open(str(stage / "root.usda"))).tolist()
    assert validate(added.root) == []


def test_plant_does_not_depend_on_the_run(base: StageReport, other: Run, tmp_path: Path) -> None:
    mine, theirs = base.root.parent, write_stage(other, tmp_path / "s", window=(50.0, 60.0))
    shared = [p for p in base.files if p.parts[0] in {"assets", "materials", "schema"}]
    shared += [Path(f"layers/{name}.usdc") for name in ("topology", "guides", "annotations")]
    shared += [Path("plant.usda"), Path("layers/physics.usdc")]
    assert len(shared) > 100
    for file in shared:
        assert (mine / file).read_bytes() == (theirs.root.parent / file).read_bytes(), file


def test_swapping_the_run_layer_swaps_the_run(
    base: StageReport, other: Run, tmp_path: Path
) -> None:
    """The way documented for other tools: put another ``run.usda`` into the root's sublayers."""
    stage = tmp_path / "copy"
    shutil.copytree(base.root.parent, stage)
    add_run(other, stage)
    root = Sdf.Layer.FindOrOpen(str(stage / "root.usda"))
    root.subLayerPaths[0] = "./runs/seed_5/run.usda"
    swapped, wanted = Usd.Stage.Open(root), alone(other, tmp_path / "alone")
    assert poses(swapped).tolist() == poses(wanted).tolist()


def test_run_of_another_plant_is_refused(base: StageReport, elsewhere: Run, tmp_path: Path) -> None:
    stage = tmp_path / "copy"
    shutil.copytree(base.root.parent, stage)
    with pytest.raises(CelltwinError, match="another plant"):
        add_run(elsewhere, stage)
    assert not (stage / "runs").exists()


def test_run_is_replaced_only_by_force(base: StageReport, other: Run, tmp_path: Path) -> None:
    stage = tmp_path / "copy"
    shutil.copytree(base.root.parent, stage)
    add_run(other, stage, window=(0.0, 5.0))
    with pytest.raises(CelltwinError, match="already"):
        add_run(other, stage)
    assert add_run(other, stage, window=(0.0, 5.0), force=True).root.is_file()


def test_missing_stage_is_refused(other: Run, tmp_path: Path) -> None:
    with pytest.raises(CelltwinError, match="no USD stage"):
        add_run(other, tmp_path / "nothing")
    assert list(tmp_path.iterdir()) == []


def test_scenarios_are_variants(
    compared: StageReport, run: Run, other: Run, tmp_path: Path
) -> None:
    opened = Usd.Stage.Open(str(compared.root))
    scenarios = opened.GetDefaultPrim().GetVariantSet("scenario")
    first, second = variant_names([run, other])
    assert sorted(scenarios.GetVariantNames()) == sorted([first, second])
    assert scenarios.GetVariantSelection() == first
    for name, one in ((second, other), (first, run)):
        scenarios.SetVariantSelection(name)
        wanted = alone(one, tmp_path / name)
        assert poses(opened).tolist() == poses(wanted).tolist()
        for t in TIMES_S:
            code = t * CODES_PER_S
            assert opened.GetAttributeAtPath(STATE).Get(code) == (
                wanted.GetAttributeAtPath(STATE).Get(code)
            )
    assert opened.GetCompositionErrors() == []
    assert validate(compared.root) == []


def test_equal_plants_are_written_once(compared: StageReport) -> None:
    assert (compared.root.parent / "plant.usda").is_file()
    assert not list((compared.root.parent / "runs").rglob("plant.usda"))
    assert len(list(compared.root.parent.rglob("topology.usdc"))) == 1


def test_package_of_two_scenarios_holds_both(compared: StageReport, run: Run, other: Run) -> None:
    packed = Usd.Stage.Open(str(compared.usdz))
    scenarios = packed.GetDefaultPrim().GetVariantSet("scenario")
    found = []
    for name in variant_names([run, other]):
        scenarios.SetVariantSelection(name)
        found.append(poses(packed).tolist())
    assert found[0] != found[1]


def test_different_plants_stand_side_by_side(other: Run, elsewhere: Run, tmp_path: Path) -> None:
    report = write_comparison([other, elsewhere], tmp_path / "s", window=(0.0, 10.0))
    opened = Usd.Stage.Open(str(report.root))
    scenarios = opened.GetDefaultPrim().GetVariantSet("scenario")
    lines = []
    for name in variant_names([other, elsewhere]):
        scenarios.SetVariantSelection(name)
        below = Usd.PrimRange(opened.GetPrimAtPath("/Plant/Lines"))
        lines.append({str(prim.GetPath()) for prim in below})
        assert opened.GetCompositionErrors() == []
    assert lines[0] - lines[1]
    assert lines[1] - lines[0]


def test_equal_names_get_numbers(run: Run) -> None:
    assert variant_names([run, run, run]) == ["run", "run_2", "run_3"]
